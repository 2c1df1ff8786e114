"""Asking for a talk, and what somebody agreed to or had."""

from datetime import datetime

from bot.domain.conversations import WISHES, Conversation, Form, HeldTalk, Origin, State
from bot.domain.initiatives import Initiative, Place, Stakeholder, Status
from bot.domain.people import Actor, Appointment, Person
from bot.errors import Refused
from bot.services import initiatives, inputs, people, stakeholders, talk_notes
from storage import audit, conversations, talk_people
from storage import inputs as told_inputs
from storage.conversations import NewTalk
from storage.database import Tx

OPEN_ALREADY = (
    "A talk is offered to you or agreed on already, so nothing was changed. `/buyin talks` "
    "shows it."
)
NOT_RUNNING = "That initiative isn't running, so nobody would read it here. Nothing was changed."


def agreed(
    tx: Tx, actor: Actor, now: datetime, initiative_id: int | None = None
) -> tuple[Appointment, ...]:
    """Return the talks the actor is to have, from either side, the next first.

    With `initiative_id` only those about that one.
    """
    who = people.person(tx, actor, now)
    found = [
        Appointment(_other(one, who), one.starts_at, one.form is Form.GROUP and one.host != who)
        for one in talk_people.with_person(tx, who.id, [State.AGREED])
        if one.starts_at and one.starts_at > now and who in one.coming
        if initiative_id in (None, one.initiative_id)
    ]
    return tuple(sorted(found, key=lambda one: one.starts_at))


def _other(talk: Conversation, who: Person) -> Person | None:
    """Return whom somebody talks with, None if that is several people."""
    if talk.form is Form.ONE_ON_ONE:
        return talk.other(who.id)
    return None if talk.host == who else talk.host


def held_at(tx: Tx, own: Stakeholder, initiative: Initiative) -> tuple[HeldTalk, ...]:
    """Return all talks of somebody at one place, newest first, with what was noted about them."""
    who = own.person
    found = [*talk_people.of_guest(tx, who.id), *talk_people.of_invited(tx, who.id, State)]
    talks = [
        one
        for one in sorted(found, key=lambda one: one.id)
        if one.initiative_id == own.initiative_id and one.form is not Form.EVERYONE
    ]
    return tuple(reversed(talk_notes.held(tx, talks, initiative.tz, who)))


def ask(
    tx: Tx, actor: Actor, stakeholder_id: int, words: str, key: str, now: datetime
) -> tuple[Stakeholder, Initiative]:
    """Tell the owners, with the actor's name, that they would like to talk.

    While that waits nothing is told again.

    Raises:
        Refused: if the place is not the actor's own, the initiative is not running, or a talk is
            offered to them already.
    """
    own = stakeholders.own_place(tx, actor, stakeholder_id)
    initiative = initiatives.load(tx, own.initiative_id)
    if initiative.status is not Status.RUNNING or own.place in (Place.LEFT, Place.OFF):
        raise Refused(NOT_RUNNING)
    if conversations.open_of(tx, own.person.id):
        raise Refused(OPEN_ALREADY)
    told = told_inputs.of_giver(tx, own.person.id, own.initiative_id)
    if not any(one.words in WISHES and one.reply is None for one in told):
        inputs.tell(tx, actor, own.initiative_id, words, True, key, now)
    if conversations.asked_for(tx, own.id) is None:
        _add(tx, own, now)
    return own, initiative


def _add(tx: Tx, own: Stakeholder, now: datetime) -> None:
    new = NewTalk(
        workspace_id=own.workspace_id,
        initiative_id=own.initiative_id,
        form=Form.ONE_ON_ONE,
        origin=Origin.ASKED,
        state=State.ASKED,
        stakeholder_id=own.id,
        person_id=own.person.id,
    )
    talk_id = conversations.add(tx, new, now)
    who = own.person.slack_user_id
    audit.record(tx, own.workspace_id, who, "conversations.asked", "conversation", talk_id, now)
