"""Commitments: steps that people choose and owners promise, and what became of them."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from bot.domain.calendars import at_local, local_date
from bot.domain.commitments import (
    ASKED_AT,
    DATE_FIELD,
    LONGEST,
    WORDS_FIELD,
    Commitment,
    DueStep,
    Ending,
)
from bot.domain.initiatives import Place, Stakeholder, Status
from bot.domain.outbox import Claimed, Decision, Drop, Kind, Postpone, Send, State, Verdict
from bot.domain.pauses import Reason
from bot.domain.people import Actor, Person
from bot.domain.steps import MISSES, StepQuestion, missed_in_a_row, silent_from
from bot.domain.words import cleaned
from bot.errors import FieldErrors, Refused
from bot.services import calendars, initiatives, pauses, standings
from storage import audit, commitments, outbox, people, received, stakeholders
from storage import pauses as step_backs
from storage.database import Tx

AHEAD = timedelta(days=2)
"""How far ahead follow-ups are queued, so that every zone's 09:30 is met."""

FURTHEST = timedelta(days=365)

WAITING = (None, State.QUEUED, State.CLAIMED)
"""Where a question stands that is still to be asked; None is that it is not queued yet."""

NOT_YOURS = "Only the person who said it can say how it went. Nothing was changed."
ENDED = "This initiative has ended, so nothing was changed."
MOVED_ONCE = "It already got a new date once. Choose “Done”, “Partly” or “It won't happen”."
NO_WORDS = "Say in one line what you will do."
TOO_LONG = f"Please keep it to {LONGEST} characters."
NO_DATE = "Choose the day by which you'll have done it."
PAST = "That day is over. Choose today or later."
TODAY = "That's today. Choose a later day."
TOO_FAR = "That's more than a year away. Choose an earlier day."


def promise(
    tx: Tx, person_id: int, initiative_id: int, words: str, due_on: date | None, now: datetime
) -> int:
    """Append the step that an owner promises by the local date `due_on`; return its id.

    Raises:
        FieldErrors: on `WORDS_FIELD` or `DATE_FIELD` of the form.
    """
    person = people.by_id(tx, person_id)
    kept = cleaned(words)
    errors = _words_errors(kept) | _date_errors(due_on, person, now)
    if errors or due_on is None:
        raise FieldErrors(errors)
    commitment_id = commitments.add(tx, person, initiative_id, kept, due_on, now)
    who = person.slack_user_id
    audit.record(
        tx, person.workspace_id, who, "commitments.promised", "commitment", commitment_id, now
    )
    return commitment_id


def promised_in_post(
    tx: Tx, owner: Person, initiative_id: int, words: str, due_on: date, now: datetime
) -> None:
    """Append what an owner told the team they do next, with its day, as a step of theirs.

    A day that is over promises nothing, and the same words for the same day are promised once.
    """
    if due_on < local_date(now, owner.tz):
        return
    known = commitments.of_owner(tx, initiative_id)
    if any((one.person.id, one.words, one.due_on) == (owner.id, words, due_on) for one in known):
        return
    step_id = commitments.add(tx, owner, initiative_id, words, due_on, now)
    who, what = owner.slack_user_id, "commitments.promised"
    audit.record(tx, owner.workspace_id, who, what, "commitment", step_id, now)


def of_owner(tx: Tx, initiative_id: int) -> list[Commitment]:
    """Return what the owners of an initiative promised, with the newest outcomes, oldest first."""
    return commitments.of_owner(tx, initiative_id)


def own(tx: Tx, actor: Actor, commitment_id: int) -> DueStep:
    """Return the actor's own commitment, to answer how it went.

    Raises:
        Refused: if it is not there or not theirs, or the initiative ended.
    """
    found = commitments.get(tx, commitment_id)
    holder = found and (found.workspace_id, found.person.slack_user_id)
    if not found or holder != (actor.workspace_id, actor.slack_user_id):
        raise Refused(NOT_YOURS)
    initiative = initiatives.load(tx, found.initiative_id)
    if initiative.status is not Status.RUNNING:
        raise Refused(ENDED)
    return DueStep(initiative, found, place=_place(tx, found))


def _place(tx: Tx, commitment: Commitment) -> Stakeholder | None:
    whose = commitment.stakeholder_id
    return None if whose is None else stakeholders.load(tx, whose)


def tell(
    tx: Tx,
    actor: Actor,
    commitment_id: int,
    ending: Ending,
    new_due_on: date | None,
    key: str,
    now: datetime,
) -> DueStep:
    """Append how the actor's own commitment ended, or its one new date; return it as it is now.

    `new_due_on` (local) is for `moved` alone. What holds already appends nothing.

    Raises:
        Refused: if it is not theirs, the initiative ended, or it was moved before.
        FieldErrors: on `DATE_FIELD`, if the new date does not do.
    """
    step = own(tx, actor, commitment_id)
    before = step.commitment
    same = before.ending is ending and new_due_on in (None, before.due_on)
    if same or not received.first_time(tx, actor.workspace_id, key, now):
        return step
    if ending is Ending.MOVED:
        if before.moved:
            raise Refused(MOVED_ONCE)
        if errors := _new_date_errors(new_due_on, before.person, now):
            raise FieldErrors(errors)
    if step.place and before.ending not in (None, Ending.MOVED):
        standings.reconsider(tx, [step.place], now)
    new_date = new_due_on if ending is Ending.MOVED else None
    commitments.add_outcome(tx, before, ending, new_date, now)
    what = f"commitments.{ending.value}"
    audit.record(tx, before.workspace_id, actor.slack_user_id, what, "commitment", before.id, now)
    return own(tx, actor, commitment_id)


def to_be_asked(tx: Tx, stakeholder_ids: Collection[int]) -> list[StepQuestion]:
    """Return the questions about their steps that people at these places have before them."""
    found = commitments.open_of_places(tx, stakeholder_ids)
    asked = commitments.questions(tx, [one.id for one in found])
    return [
        StepQuestion(one.stakeholder_id, _asked_at(one), state is not None)
        for one in found
        if one.stakeholder_id and (state := asked.get((one.id, _slot(one)))) in WAITING
    ]


def due_step(tx: Tx, now: datetime, limit: int) -> int:
    """Queue the follow-ups of the coming days, each for 09:30 in its person's zone.

    Returns how many were queued, at most `limit`.
    """
    found = commitments.to_follow_up(tx, (now + AHEAD).date(), limit)
    outbox.queue(tx, [_follow_up(commitment) for commitment in found], now)
    return len(found)


def _leads(tx: Tx, commitment: Commitment) -> bool:
    owners = initiatives.load(tx, commitment.initiative_id).owners
    return commitment.person.id in {owner.id for owner in owners}


def wanted(tx: Tx, claimed: Claimed, now: datetime) -> Verdict:
    """Return whether the follow-up is still to be sent, or when."""
    found = commitments.get(tx, claimed.subject_id)
    if found is None:
        return Drop("gone")
    if not found.is_open or claimed.slot != _slot(found):
        return Drop("answered")
    place = _place(tx, found)
    if place is None and not _leads(tx, found):
        return Drop("no_owner")
    if place and place.place is not Place.ACTIVE:
        return Drop(place.place.value)
    if place and place.snoozed_until and place.snoozed_until > now:
        return Postpone(place.snoozed_until, "snoozed")
    if place and (until := initiatives.load(tx, found.initiative_id).halted_until(now)):
        return Postpone(until, "halted")
    at = _asked_at(found)
    return Send() if at <= now else Postpone(at, "not_due")


def arrived(tx: Tx, claimed: Claimed, channel: str, ts: str, now: datetime) -> None:
    """Note until when somebody may say how their step went, now that they were asked.

    What nobody was asked about is never missed.
    """
    found = commitments.get(tx, claimed.subject_id)
    if found is not None and found.is_open and claimed.slot == _slot(found):
        calendar = calendars.of(tx, found.person, now)
        commitments.set_silent_at(tx, found.id, silent_from(now, calendar))


def silent_due(tx: Tx, now: datetime, limit: int) -> int:
    """Append that steps were missed whose people were asked and said nothing; return how many.

    Whoever went away meanwhile has until after their return.
    """
    found = commitments.gone_silent(tx, now, limit)
    for one in found:
        away = one.person.times.away_until
        if away and local_date(now, one.person.tz) < away:
            until = silent_from(now, calendars.of(tx, one.person, now))
            commitments.set_silent_at(tx, one.id, until)
        elif initiatives.load(tx, one.initiative_id).status is Status.RUNNING:
            _missed(tx, one, now)
        else:
            commitments.set_silent_at(tx, one.id, None)
    return len(found)


def _missed(tx: Tx, one: Commitment, now: datetime) -> None:
    commitments.add_outcome(tx, one, Ending.MISSED, None, now)
    audit.record(tx, one.workspace_id, "app", "commitments.missed", "commitment", one.id, now)
    if one.stakeholder_id is None:
        return
    before = step_backs.earlier(tx, one.stakeholder_id, Reason.NOT_DONE)
    if missed_in_a_row(commitments.of_place(tx, one.stakeholder_id), before) >= MISSES:
        pauses.step_back(tx, one.stakeholder_id, Reason.NOT_DONE, now)
        stakeholders.change(tx, [one.stakeholder_id], next_due_at=now)


def due(tx: Tx, commitment_id: int, now: datetime) -> DueStep:
    """Return what the follow-up on the day shows.

    Raises:
        Refused: if the commitment is not there any more.
    """
    found = commitments.get(tx, commitment_id)
    if found is None:
        raise Refused(NOT_YOURS)
    initiative = initiatives.load(tx, found.initiative_id)
    is_today = found.due_on == local_date(now, found.person.tz)
    return DueStep(initiative, found, is_today, _place(tx, found))


def _follow_up(commitment: Commitment) -> Decision:
    return Decision(
        workspace_id=commitment.workspace_id,
        kind=Kind.COMMITMENT_DUE if commitment.stakeholder_id is None else Kind.STEP_DUE,
        subject_id=commitment.id,
        recipient=commitment.person.slack_user_id,
        not_before=_asked_at(commitment),
        slot=_slot(commitment),
        person_id=commitment.person.id,
        initiative_id=commitment.initiative_id,
    )


def _slot(commitment: Commitment) -> str:
    """Return what tells the second follow-up, on the new date, from the first."""
    return Ending.MOVED.value if commitment.moved else ""


def _asked_at(commitment: Commitment) -> datetime:
    return at_local(commitment.due_on, ASKED_AT, commitment.person.tz)


def _words_errors(words: str) -> dict[str, str]:
    if not words:
        return {WORDS_FIELD: NO_WORDS}
    return {WORDS_FIELD: TOO_LONG} if len(words) > LONGEST else {}


def _new_date_errors(due_on: date | None, person: Person, now: datetime) -> dict[str, str]:
    if due_on == local_date(now, person.tz):
        return {DATE_FIELD: TODAY}
    return _date_errors(due_on, person, now)


def _date_errors(due_on: date | None, person: Person, now: datetime) -> dict[str, str]:
    today = local_date(now, person.tz)
    if due_on is None:
        return {DATE_FIELD: NO_DATE}
    if due_on < today:
        return {DATE_FIELD: PAST}
    return {DATE_FIELD: TOO_FAR} if due_on > today + FURTHEST else {}
