"""Stepping back: silence is counted when a round closes, and asking stops for a while."""

from datetime import datetime, timedelta

from bot.domain import pauses as rules
from bot.domain.cycles import Cycle
from bot.domain.initiatives import Place
from bot.domain.outbox import Claimed, Drop, Send, Verdict
from bot.domain.pauses import PauseNote, Reason, Stillness
from bot.errors import Refused
from bot.services import pacing_settings
from storage import audit, initiatives, pauses
from storage import stakeholders as places
from storage.database import Tx

GONE = "That pause is over, so nothing was changed."
ADVISED_FOR = timedelta(days=28)
"""For how long the advice to give more time stands, and how long until it may come again."""


def round_closed(tx: Tx, cycle: Cycle, now: datetime) -> None:
    """Count the silence of a round that closed, and pause asking where there is too much of it."""
    silent = pauses.count_silence(tx, cycle.id)
    if not silent:
        return
    settings = pacing_settings.of(tx, silent[0].workspace_id)
    milestone_on = pauses.milestone(tx, cycle.initiative_id)
    decided = [
        (one, rules.after_misses(one.misses, now, one.tz, milestone_on, settings)) for one in silent
    ]
    pauses.add(tx, [(one, pause) for one, pause in decided if pause is not None])


def advise(tx: Tx, workspace_id: int, cycle: Cycle, now: datetime) -> None:
    """Advise the owners to give more time if too many are quiet, at most every four weeks."""
    workspace_id = initiatives.load_many(tx, [cycle.initiative_id])[
        cycle.initiative_id
    ].workspace_id
    settings = pacing_settings.of(tx, workspace_id)
    if pauses.has_advice(tx, cycle.initiative_id, now - ADVISED_FOR):
        return
    part = pauses.participation(tx, cycle.initiative_id, settings.pause_after_misses, now)
    doubted = pauses.doubted(tx, cycle.initiative_id)
    if rules.more_time(part.asked, part.quiet, doubted, settings):
        facts = {"quiet": part.quiet, "asked": part.asked, "round": cycle.number}
        pauses.add_for_initiative(tx, workspace_id, cycle.initiative_id, facts, now)
        what = "pauses.more_time"
        audit.record(tx, workspace_id, "app", what, "initiative", cycle.initiative_id, now)


def not_now(tx: Tx, stakeholder_id: int, now: datetime) -> datetime | None:
    """Step back if somebody said *not now* again; return until when nobody is asked, if so."""
    before = pauses.earlier(tx, stakeholder_id, Reason.NOT_NOW)
    heard = pauses.heard_at(tx, stakeholder_id)
    since = max((at for at in (before, heard) if at is not None), default=None)
    said = rules.in_a_row(pauses.snoozes(tx, stakeholder_id, since), None)
    place = pauses.place(tx, stakeholder_id)
    if said < pacing_settings.of(tx, place.workspace_id).not_nows:
        return None
    return step_back(tx, stakeholder_id, Reason.NOT_NOW, now)


def step_back(tx: Tx, stakeholder_id: int, reason: Reason, now: datetime) -> datetime:
    """Ask somebody nothing for a while; return until when (aware)."""
    place = pauses.place(tx, stakeholder_id)
    settings = pacing_settings.of(tx, place.workspace_id)
    earlier = pauses.earlier(tx, stakeholder_id, reason)
    pause = rules.of_a_reason(reason, int(earlier is not None), now, place.tz, settings)
    pauses.add(tx, [(place, pause)])
    return pause.until


def end(tx: Tx, stakeholder_ids: list[int], outcome: str, now: datetime) -> None:
    """End what holds asking back at these places; whoever calls has them decided about again."""
    held = pauses.holding(tx, stakeholder_ids, now)
    pauses.end(tx, list(held), outcome, now)


def of_initiative(tx: Tx, initiative_id: int, now: datetime) -> Stillness:
    """Return what owners may know of people whom nobody asks for a while."""
    hidden, paused = pauses.hidden_quiet(tx, initiative_id, now)
    return Stillness(
        people=tuple(pauses.quiet(tx, initiative_id, now)),
        some=paused > 0 and rules.may_tell_some(hidden),
        more_time=pauses.advice(tx, initiative_id, now - ADVISED_FOR),
    )


def note(tx: Tx, step_back_id: int) -> PauseNote:
    """Return what the person reads about a pause.

    Raises:
        Refused: if it was ended.
    """
    row = pauses.get(tx, step_back_id)
    own = places.load(tx, row.stakeholder_id) if row else None
    if row is None or own is None:
        raise Refused(GONE)
    initiative = initiatives.load_many(tx, [own.initiative_id])[own.initiative_id]
    return PauseNote(row.id, own, initiative, row.until)


def note_wanted(tx: Tx, claimed: Claimed, now: datetime) -> Verdict:
    """Return whether the person is still to be told that asking stopped."""
    row = pauses.get(tx, claimed.subject_id)
    own = places.load(tx, row.stakeholder_id) if row else None
    if row is None or own is None or row.until <= now:
        return Drop("over")
    if own.place is not Place.ACTIVE:
        return Drop(own.place.value)
    snoozed = own.snoozed_until is not None and own.snoozed_until > now
    return Drop("snoozed") if snoozed else Send()
