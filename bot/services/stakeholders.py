"""Places in initiatives: who is asked, and what each chose about one initiative."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.initiatives import Place, Stakeholder, Status
from bot.domain.outbox import Decision, Kind
from bot.domain.people import Actor, Choice, Person
from bot.domain.pulses import EndReason
from bot.errors import Refused
from bot.services import pauses, standings, talk_endings
from storage import audit, outbox, stakeholders
from storage.database import Tx

ASKING = (
    Kind.INTRODUCTION.value,
    Kind.ASK.value,
    Kind.PAUSE_NOTE.value,
    Kind.GIVE.value,
    Kind.REMINDER.value,
)
IN_BETWEEN = (Kind.GIVE.value, Kind.REMINDER.value)
"""What comes between check-ins."""

UNASKED = (
    *ASKING,
    Kind.FAREWELL.value,
    Kind.INPUT_REPLY.value,
    Kind.TALK_OFFER.value,
    Kind.TALK_REMINDER.value,
    Kind.TALK_AFTER.value,
    Kind.DIGEST.value,
    Kind.COMMITMENT_DUE.value,
    Kind.STEP_DUE.value,
)
"""Everything the app writes to a person of its own accord; answers to a request are left out."""

OFF = tuple(set(UNASKED) - {Kind.TALK_REMINDER.value, Kind.TALK_AFTER.value})
"""What is not sent any more about something that one is not asked about; an agreed talk stays."""

NOT_YOURS = (
    "That belongs to somebody else, so nothing was changed. `/buyin me` shows what is yours."
)
ENDED = "This initiative has ended, so nothing was changed: nobody is asked about it any more."
GONE = "Slack says this account was deactivated, so nothing was changed."


@dataclass(frozen=True, slots=True)
class Chosen:
    """How a choice ended; `changed` is False when it held already."""

    stakeholder: Stakeholder
    changed: bool


def load(tx: Tx, stakeholder_id: int) -> Stakeholder:
    """Return one place.

    Raises:
        Refused: if there is none with this id.
    """
    found = stakeholders.load(tx, stakeholder_id)
    if found is None:
        raise Refused(NOT_YOURS)
    return found


def of_initiative(tx: Tx, initiative_id: int) -> list[Stakeholder]:
    """Return every place in an initiative, in the order they were added."""
    return stakeholders.of_initiative(tx, initiative_id)


def find(tx: Tx, initiative_id: int, person_id: int) -> Stakeholder | None:
    """Return a person's place in an initiative, or None if they were not asked."""
    return stakeholders.find(tx, initiative_id, person_id)


def choose(
    tx: Tx,
    actor: Actor,
    stakeholder_id: int,
    kind: Choice | str,
    now: datetime,
    until: datetime | None = None,
) -> Chosen:
    """Take a person's choice about one initiative; it holds at once.

    `until` (aware) is for `snooze` alone. A choice that holds already changes nothing.

    Raises:
        Refused: if the place is not the actor's own, the actor left the workspace, or the
            initiative ended (group-only and no-estimate still hold then).
    """
    choice = Choice(kind)
    own = own_place(tx, actor, stakeholder_id)
    if choice in ENDS or choice in WHILE_IT_RUNS:
        _must_run(tx, own)
    changes = _changes(own, choice, until, now)
    if changes is None:
        return Chosen(own, changed=False)
    if choice in UNESTIMATED:
        standings.forget(tx, [own])  # first of all: it locks the initiative
    if choice in ENDS:
        _quiet(tx, own, choice, now)
    if choice is Choice.GROUP_ONLY:
        redraw(tx, [own], now)
        talk_endings.withdraw(tx, [own.id], now, unless_asked=True)
    stakeholders.change(tx, [own.id], **changes)
    stakeholders.add_choices(tx, [own], choice, now, until)
    _pace(tx, own, choice, until, now)
    what = f"stakeholders.{choice.value}"
    audit.record(tx, own.workspace_id, actor.slack_user_id, what, "stakeholder", own.id, now)
    return Chosen(load(tx, own.id), changed=True)


def _pace(tx: Tx, own: Stakeholder, choice: Choice, until: datetime | None, now: datetime) -> None:
    """Let asking step back, or go on, as the choice has it."""
    if choice is Choice.RESUME:
        pauses.end(tx, [own.id], "resumed", now)
    elif choice is Choice.FEWER:
        of_here = (IN_BETWEEN, choice.value, now, own.initiative_id)
        stakeholders.drop_rows(tx, [own.person.id], *of_here)
    elif choice in UNESTIMATED:
        stakeholders.change(tx, [own.id], attention_at=None, settled=False)
    elif choice is Choice.SNOOZE and until is not None:
        paused = pauses.not_now(tx, own.id, now)
        if paused is not None and paused > until:  # the person reads when I ask again
            stakeholders.change(tx, [own.id], snoozed_until=paused)


ENDS = {
    Choice.NOT_MY_TOPIC: EndReason.NOT_MY_TOPIC,
    Choice.STOP: EndReason.STOPPED,
    Choice.SNOOZE: EndReason.NOT_NOW,
}
"""Choices that end what is open, and the reason noted on it."""

WHILE_IT_RUNS = frozenset({Choice.RESUME, Choice.ESTIMATE, Choice.FEWER, Choice.USUAL})
"""Choices that mean nothing once the initiative has ended."""

UNESTIMATED = frozenset({Choice.GROUP_ONLY, Choice.NO_ESTIMATE, Choice.NOT_MY_TOPIC})
"""Choices after which nothing is concluded about somebody any more."""


def own_place(tx: Tx, actor: Actor, stakeholder_id: int) -> Stakeholder:
    """Return the place if it is the actor's own.

    Raises:
        Refused: if it is somebody else's, or the actor left the workspace.
    """
    own = load(tx, stakeholder_id)
    holder = (own.workspace_id, own.person.slack_user_id)
    if holder != (actor.workspace_id, actor.slack_user_id):
        raise Refused(NOT_YOURS)
    if own.person.is_deleted:
        raise Refused(GONE)
    return own


def _must_run(tx: Tx, own: Stakeholder) -> None:
    if stakeholders.status_of(tx, own.initiative_id) is Status.ENDED:
        raise Refused(ENDED)


def _changes(
    own: Stakeholder, choice: Choice, until: datetime | None, now: datetime
) -> dict[str, object] | None:
    """Return the columns that `choice` sets, or None if it holds already."""
    match choice:
        case Choice.GROUP_ONLY:
            return None if own.group_only else {"group_only_at": now}
        case Choice.NO_ESTIMATE:
            return None if own.no_estimate else {"no_estimate_at": now}
        case Choice.ESTIMATE:
            return {"no_estimate_at": None} if own.no_estimate else None
        case Choice.FEWER:
            return None if own.fewer else {"fewer_at": now, "next_due_at": now}
        case Choice.USUAL:
            return {"fewer_at": None, "next_due_at": now} if own.fewer else None
        case Choice.NOT_MY_TOPIC | Choice.STOP:
            place = Place.STOPPED if choice is Choice.STOP else Place.NOT_MY_TOPIC
            return None if own.place is place else {"status": place.value, "next_due_at": None}
        case Choice.RESUME:
            if own.place is Place.ACTIVE and not own.snoozed_until and not own.paused_until:
                return None
            return {"status": Place.ACTIVE.value, "snoozed_until": None, "next_due_at": now}
        case Choice.SNOOZE if until is not None:
            return (
                None if own.snoozed_until == until else {"snoozed_until": until, "next_due_at": now}
            )
    raise ValueError(f"{choice} cannot be chosen here")


def _quiet(tx: Tx, own: Stakeholder, choice: Choice, now: datetime) -> None:
    """Drop what waits to be sent for this place, and close what is open."""
    reason = ENDS[choice]
    kinds = UNASKED if choice is Choice.STOP else ASKING
    if choice is Choice.STOP:
        talk_endings.stop(tx, [own.person], now, own.initiative_id)
    elif choice is not Choice.SNOOZE:
        talk_endings.withdraw(tx, [own.id], now)
    stakeholders.drop_rows(tx, [own.person.id], kinds, reason.value, now, own.initiative_id)
    _redraw(tx, [own], stakeholders.end_asks(tx, [own.id], reason, own.person.id, now), now)


def redraw(tx: Tx, held: Sequence[Stakeholder], now: datetime) -> None:
    """Have the open check-ins of these places drawn again where they stand."""
    _redraw(tx, held, stakeholders.touch_asks(tx, [place.id for place in held]), now)


def _redraw(
    tx: Tx, held: Sequence[Stakeholder], moved: Sequence[stakeholders.Moved], now: datetime
) -> None:
    by_id = {place.id: place for place in held}
    decisions = [
        Decision(
            workspace_id=by_id[one.stakeholder_id].workspace_id,
            kind=Kind.ASK_REDRAW,
            subject_id=one.ask_id,
            recipient=by_id[one.stakeholder_id].person.slack_user_id,
            not_before=now,
            slot=str(one.revision),
            person_id=by_id[one.stakeholder_id].person.id,
            initiative_id=by_id[one.stakeholder_id].initiative_id,
        )
        for one in moved
    ]
    outbox.queue(tx, decisions, now)


def silence(
    tx: Tx, people: Sequence[Person], held: Sequence[Stakeholder], reason: EndReason, now: datetime
) -> None:
    """Drop everything that waits to be sent to `people` and close what is open at `held`."""
    ids = [place.id for place in held]
    stakeholders.drop_rows(tx, [person.id for person in people], UNASKED, reason.value, now)
    ended_by = people[0].id if reason is EndReason.STOPPED else None
    _redraw(tx, held, stakeholders.end_asks(tx, ids, reason, ended_by, now), now)
    talk_endings.stop(tx, people, now)
    stakeholders.change(tx, ids, next_due_at=None)


def left(tx: Tx, workspace_id: int, now: datetime) -> int:
    """Take everyone who left the workspace out of every initiative; return how many places."""
    talk_endings.hosts_left(tx, workspace_id, now)
    return _leave(tx, workspace_id, stakeholders.gone(tx, workspace_id), now)


def unreachable(tx: Tx, person: Person, now: datetime) -> int:
    """Take somebody to whom Slack delivers nothing out of everything; return how many places."""
    talk_endings.stop(tx, [person], now)
    held = stakeholders.of_person(tx, person.id, list(Status))
    remaining = [place for place in held if not place.place.is_gone]
    return _leave(tx, person.workspace_id, remaining, now)


def _leave(tx: Tx, workspace_id: int, gone: list[Stakeholder], now: datetime) -> int:
    if gone:
        ids = [place.id for place in gone]
        people = list({place.person.id: place.person for place in gone}.values())
        standings.leave(tx, gone, now)
        silence(tx, people, gone, EndReason.LEFT, now)
        stakeholders.change(tx, ids, status=Place.LEFT.value)
        stakeholders.add_choices(tx, gone, Choice.LEFT, now)
        audit.record(tx, workspace_id, "app", "stakeholders.left", "workspace", workspace_id, now)
    return len(gone)


def take_off(tx: Tx, own: Stakeholder, by: Actor, now: datetime) -> None:
    """Take somebody off the list at an owner's word: asked no more, counted no more.

    They are sent nothing about it; `/buyin me` tells them, and lets them come back.
    """
    take_many_off(tx, [own], by, now)


def take_many_off(tx: Tx, held: Sequence[Stakeholder], by: Actor, now: datetime) -> None:
    """Do the same with several people of one initiative.

    What other initiatives have for them is decided again: there is more room for it now.
    """
    if not held:
        return
    one, ids, people = held[0], [own.id for own in held], [own.person.id for own in held]
    standings.leave(tx, held, now)
    stakeholders.drop_rows(tx, people, OFF, Choice.OFF.value, now, one.initiative_id)
    _redraw(tx, held, stakeholders.end_asks(tx, ids, EndReason.OFF, None, now), now)
    pauses.end(tx, ids, Choice.OFF.value, now)
    talk_endings.withdraw(tx, ids, now)
    stakeholders.change(tx, ids, status=Place.OFF.value, next_due_at=None)
    stakeholders.add_choices(tx, held, Choice.OFF, now)
    stakeholders.decide_again(tx, people, now)
    who, what = by.slack_user_id, "stakeholders.off"
    audit.record_each(tx, one.workspace_id, who, what, "stakeholder", ids, now)


def revive(tx: Tx, person: Person, now: datetime) -> int:
    """Ask `person` again wherever they had stopped, snoozed or left; return how many places.

    What they called "not my topic" stays so.
    """
    asleep = [
        place
        for place in stakeholders.of_person(tx, person.id, [Status.RUNNING])
        if place.place in (Place.STOPPED, Place.LEFT)
        or (place.place is Place.ACTIVE and (place.snoozed_until or place.paused_until))
    ]
    ids = [place.id for place in asleep]
    stakeholders.change(tx, ids, status=Place.ACTIVE.value, snoozed_until=None)
    pauses.end(tx, ids, "resumed", now)
    stakeholders.add_choices(tx, asleep, Choice.RESUME, now)
    return len(asleep)
