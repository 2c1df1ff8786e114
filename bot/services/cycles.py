"""Rounds: they open and close by the clock, and what follows from their closing."""

from datetime import datetime

from bot.domain.calendars import MIDNIGHT, at_local, local_date
from bot.domain.cycles import Cycle, first_window, next_window, windows_until
from bot.domain.outbox import Decision, Kind
from bot.domain.pulses import EndReason
from bot.services import digests, figures, letting_go, obstacles, pauses, standings
from storage import cycles, outbox
from storage.cycles import Shown, Turning
from storage.database import Tx

AT_ONCE = 5
"""How many initiatives one transaction deals with: each may have a thousand people."""


def current(tx: Tx, initiative_id: int, now: datetime) -> Cycle | None:
    """Return the round that is open at `now`."""
    return cycles.current(tx, initiative_id, now)


def latest_closed(tx: Tx, initiative_id: int) -> Cycle | None:
    """Return the last round that closed."""
    return cycles.latest_closed(tx, initiative_id)


def schedule(tx: Tx, initiative_id: int, now: datetime) -> None:
    """Have the clock look at a started initiative: its rounds and everyone's next message."""
    turning = cycles.lock(tx, initiative_id)
    opens = first_window(turning.first_date, turning.cycle_days, turning.tz).opens_at
    cycles.set_due(tx, initiative_id, opens)
    cycles.wake(tx, initiative_id, now)
    digests.watch(tx, initiative_id, now)
    standings.begin(tx, initiative_id, now)


def turn_due(tx: Tx, now: datetime, limit: int) -> int:
    """Open and close rounds whose time has come; return how many initiatives, at most `limit`.

    After downtime the rounds that passed unseen are noted as opened and closed, and nobody is
    asked for them.
    """
    due = cycles.due(tx, now, min(limit, AT_ONCE))
    for turning in due:
        _turn(tx, turning, now)
    return len(due)


def catch_up(tx: Tx, initiative_id: int, now: datetime) -> Cycle | None:
    """Do what the clock is late with, and return the newest round; the initiative stays locked.

    Nothing is done about one that has ended.
    """
    turning = cycles.lock(tx, initiative_id)
    if turning.is_running:
        _turn(tx, turning, now)
    return cycles.newest(tx, initiative_id)


def turn_now(tx: Tx, initiative_id: int, now: datetime) -> Cycle:
    """Close the open round, if any, and open the next one, from this local day on."""
    last = catch_up(tx, initiative_id, now)
    turning = cycles.lock(tx, initiative_id)
    today = at_local(local_date(now, turning.tz), MIDNIGHT, turning.tz)
    if last and last.closed_at is None:
        _close(tx, turning, last, max(today, last.opens_at), now)
    number = last.number + 1 if last else 1
    window = next_window(number, today, turning.cycle_days, turning.tz)
    cycles.add(tx, turning, window, None, by_hand=True, days_before=last.days if last else None)
    cycles.set_due(tx, initiative_id, window.closes_at)
    cycles.wake(tx, initiative_id, now)
    opened = cycles.newest(tx, initiative_id)
    assert opened is not None  # noqa: S101 - just added
    return opened


def end(tx: Tx, initiative_id: int, now: datetime) -> None:
    """Close the open round because the initiative ends: nobody is asked any more."""
    cycles.set_due(tx, initiative_id, None)
    last = cycles.current(tx, initiative_id, now)
    if last is None or not cycles.close(tx, last.id, min(last.closes_at, now), now):
        return
    standings.close_cycle(tx, initiative_id, now)
    turning, shown = cycles.lock(tx, initiative_id), cycles.shown(tx, last.id)
    cycles.end_asks(tx, last.id, EndReason.INITIATIVE_ENDED, now)
    outbox.queue(tx, [_result(turning, one, now) for one in shown], now)
    if cycles.has_asks(tx, last.id):
        figures.publish(tx, cycles.get(tx, last.id), now)


def _turn(tx: Tx, turning: Turning, now: datetime) -> None:
    last = cycles.newest(tx, turning.id)
    days, tz = turning.cycle_days, turning.tz
    if last is None:
        window = first_window(turning.first_date, days, tz)
    else:
        if last.closed_at is None:
            if last.closes_at > now:
                cycles.set_due(tx, turning.id, last.closes_at)
                return
            _close(tx, turning, last, last.closes_at, now)
        window = next_window(last.number + 1, last.closes_at, days, tz)
    opened = list(windows_until(window, now, days, tz))
    before = last.days if last else None
    for each in opened:
        closed_at = now if each.closes_at <= now else None
        if closed_at:
            letting_go.round_unseen(tx, turning.id, each.number, each.closes_at, now)
        cycles.add(tx, turning, each, closed_at, days_before=before)
        before = days
    cycles.set_due(tx, turning.id, opened[-1].closes_at if opened else window.opens_at)
    if opened:
        cycles.wake(tx, turning.id, now)


def _close(tx: Tx, turning: Turning, cycle: Cycle, closes_at: datetime, now: datetime) -> None:
    if not cycles.close(tx, cycle.id, closes_at, now):
        return
    standings.close_cycle(tx, cycle.initiative_id, now)
    shown = cycles.shown(tx, cycle.id)
    halted = turning.halt and turning.halt.touches(cycle.opens_at, closes_at)
    silence = EndReason.HALTED if halted else EndReason.ROUND_CLOSED
    cycles.end_asks(tx, cycle.id, silence, now)
    letting_go.round_closed(tx, cycle, now)
    if not cycles.has_asks(tx, cycle.id):
        return  # nobody was asked, so there is nothing to tell
    closed = cycles.get(tx, cycle.id)
    pauses.round_closed(tx, closed, now)
    pauses.advise(tx, turning.workspace_id, closed, now)
    figures.publish(tx, closed, now)
    obstacles.round_closed(tx, turning.workspace_id, closed, now)
    digests.round_closed(tx, closed, now)
    outbox.queue(tx, [_result(turning, one, now) for one in shown], now)


def _result(turning: Turning, shown: Shown, now: datetime) -> Decision:
    return Decision(
        workspace_id=turning.workspace_id,
        kind=Kind.ROUND_RESULT,
        subject_id=shown.ask_id,
        recipient=shown.slack_user_id,
        not_before=now,
        person_id=shown.person_id,
        initiative_id=turning.id,
    )
