"""The introduction: what it says, whether it is still wanted, and what its arrival means."""

from datetime import date, datetime

from bot.domain.calendars import NEVER_DAY, Calendar, add_working_days, day_of, local_date
from bot.domain.commitments import Commitment
from bot.domain.initiatives import Initiative, Place, Stakeholder, Status
from bot.domain.introductions import Introduction
from bot.domain.outbox import Claimed, Drop, Send, Verdict
from bot.domain.people import Actor
from bot.errors import Refused
from bot.services import calendars, commitments, initiatives, stakeholders
from storage import stakeholders as places
from storage.database import Tx


def introduction(tx: Tx, stakeholder_id: int, now: datetime) -> Introduction:
    """Return what the introduction of an initiative says to one person, as of `now`.

    Raises:
        Refused: if there is no such place.
    """
    own = stakeholders.load(tx, stakeholder_id)
    initiative = initiatives.load(tx, own.initiative_id)
    step = _step(commitments.of_owner(tx, own.initiative_id), initiative, now)
    return Introduction(
        stakeholder=own,
        initiative=initiative,
        first_on=_first_on(own, initiative, calendars.of(tx, own.person, now), now),
        step=step.words if step else "",
        step_on=step.due_on if step else None,
    )


def own(tx: Tx, actor: Actor, stakeholder_id: int, now: datetime) -> Introduction:
    """Return the introduction that `actor` got.

    Raises:
        Refused: if it is not theirs.
    """
    intro = introduction(tx, stakeholder_id, now)
    holder = intro.stakeholder.person
    if (holder.workspace_id, holder.slack_user_id) != (actor.workspace_id, actor.slack_user_id):
        raise Refused(stakeholders.NOT_YOURS)
    return intro


def still_wanted(tx: Tx, claimed: Claimed, now: datetime) -> Verdict:
    """Return whether the person is still to be introduced to the initiative."""
    own = places.load(tx, claimed.subject_id)
    if own is None:
        return Drop("gone")
    if own.introduced_at is not None:
        return Drop("introduced")
    if own.place is not Place.ACTIVE or own.person.stopped:
        return Drop("stopped" if own.place is Place.ACTIVE else own.place.value)
    if places.status_of(tx, own.initiative_id) is not Status.RUNNING:
        return Drop("ended")
    if own.snoozed_until is not None and own.snoozed_until > now:
        return Drop("snoozed")
    return Send()


def arrived(tx: Tx, claimed: Claimed, channel: str, ts: str, now: datetime) -> None:
    """Note that the person was introduced; from now on they may be asked."""
    places.change(tx, [claimed.subject_id], introduced_at=now, next_due_at=now)


def _step(promised: list[Commitment], initiative: Initiative, now: datetime) -> Commitment | None:
    today = local_date(now, initiative.tz)
    ahead = [step for step in promised if step.is_open and step.due_on >= today]
    return min(ahead, key=lambda step: step.due_on, default=None)


def _first_on(
    own: Stakeholder, initiative: Initiative, whose: Calendar, now: datetime
) -> date | None:
    """Return the day of the first check-in at the earliest, or None if that is past."""
    earliest = add_working_days(day_of(own.introduced_at or now, whose), 1, whose)
    first = max(earliest, initiative.first_date) if initiative.first_date else earliest
    first = add_working_days(first, 0, whose)
    return first if local_date(now, whose.tz) <= first < NEVER_DAY else None
