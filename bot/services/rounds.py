"""A round that an owner starts now."""

from datetime import datetime, timedelta

from bot.domain import figures as rules
from bot.domain.calendars import day_words, last_day, local_date
from bot.domain.cycles import Cycle
from bot.domain.initiatives import Initiative, Status
from bot.domain.people import Actor
from bot.domain.pulses import AskedNow
from bot.errors import Refused
from bot.services import cycles, initiatives, pacing
from storage import audit, figures, received, stakeholders
from storage.database import Tx

YOUNGEST = 7
"""Days that a round has been open at least before the next one may be started by hand."""


def ask_now(tx: Tx, actor: Actor, initiative_id: int, key: str, now: datetime) -> AskedNow:
    """Start a round now instead of waiting for its day; return coarse numbers only.

    `key` is what Slack's retry of the same request carries again; it starts no second round.

    Raises:
        Refused: if the actor does not lead it, it does not run, nobody was introduced to it yet,
            or the open round is younger than seven days.
    """
    _running(tx, actor, initiative_id, now)
    newest = cycles.catch_up(tx, initiative_id, now)
    initiative = _running(tx, actor, initiative_id, now)  # it may have ended before the lock
    if not received.first_time(tx, actor.workspace_id, key, now) and newest:
        return _asked(tx, initiative, newest, now)
    if newest is None:
        _introduced(tx, initiative, now)
    elif newest.closed_at is None:
        _old_enough(tx, initiative, newest, now)
    cycle = cycles.turn_now(tx, initiative_id, now)
    who = (actor.workspace_id, actor.slack_user_id)
    audit.record(tx, *who, "pulses.ask_now", "cycle", cycle.id, now)
    return _asked(tx, initiative, cycle, now)


def ask_now_by_name(tx: Tx, actor: Actor, words: str, key: str, now: datetime) -> AskedNow:
    """Start a round of the initiative that `words` name; see `ask_now`."""
    return ask_now(tx, actor, initiatives.choose_led(tx, actor, words, now).id, key, now)


def _running(tx: Tx, actor: Actor, initiative_id: int, now: datetime) -> Initiative:
    initiative = initiatives.led(tx, actor, initiative_id, now)
    if initiative.status is not Status.RUNNING:
        raise Refused(f"{initiatives.named(initiative)} isn't running, so nobody can be asked.")
    until = initiative.halted_until(now)
    if until is not None:
        on = day_words(local_date(until, initiative.tz), local_date(now, initiative.tz))
        raise Refused(
            f"{initiatives.named(initiative)} is paused: nobody is asked before {on}. Press "
            "*Resume asking* in the App Home first."
        )
    return initiative


def _asked(tx: Tx, initiative: Initiative, cycle: Cycle, now: datetime) -> AskedNow:
    asked, rest = pacing.within_a_week(tx, initiative.id, now)
    return AskedNow(initiative, cycle.number, asked, rest)


def _introduced(tx: Tx, initiative: Initiative, now: datetime) -> None:
    """Refuse unless somebody knows already what this is about."""
    places = stakeholders.of_initiative(tx, initiative.id)
    if not any(place.introduced_at for place in places):
        raise Refused(
            f"Nobody has been told about {initiatives.named(initiative)} yet: people first get a"
            " message that says what it is. Once that is out you can start the first round."
        )


def _old_enough(tx: Tx, initiative: Initiative, cycle: Cycle, now: datetime) -> None:
    today = local_date(now, initiative.tz)
    if (today - local_date(cycle.opens_at, initiative.tz)).days >= YOUNGEST:
        return
    until = day_words(last_day(cycle.closes_at, initiative.tz), today)
    opened = local_date(cycle.opens_at, initiative.tz)
    again = day_words(opened + timedelta(days=YOUNGEST), today)
    people, told = figures.people_of(tx, initiative.id), figures.told_in(tx, [cycle.id])
    part = rules.took_part(rules.took(people, told, None), closed=False)
    have = "has" if part.answered == 1 else "have"
    said = f"; {part.answered} of {part.invited} {have} answered" if part.invited else ""
    raise Refused(
        f"Round {cycle.number} is open until {until}{said}, so nobody is asked again now. You can"
        f" start the next round from {again}. Asking more often won't bring more answers; bringing"
        " it up in your next team meeting may."
    )
