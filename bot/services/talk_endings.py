"""How talks end: taken back, called off, or because somebody is to get no messages any more."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.conversations import Conversation, Event, Form, Origin, State
from bot.domain.gives import OF_A_TALK
from bot.domain.people import Person
from bot.services import talk_messages
from storage import conversations, gives, talk_people
from storage.database import Tx

UNANSWERED = (State.ASKED, State.HOST_ASKED, State.OFFERED)
"""What is taken back; a time agreed on stays until somebody stops or calls it off."""


def end(
    tx: Tx, talks: Iterable[Conversation], state: State, by: Person | None, now: datetime
) -> None:
    """End offers that are still open; what was not sent yet is not sent any more."""
    for talk in talks:
        conversations.change(tx, talk.id, state=state.value, next_due_at=None)
        event = Event.WITHDRAWN if state is State.WITHDRAWN else Event.LAPSED
        conversations.say(tx, talk, event, by.id if by else None, now)
        gives.take_back(tx, OF_A_TALK, [talk.id])


def withdraw(
    tx: Tx, stakeholder_ids: Sequence[int], now: datetime, *, unless_asked: bool = False
) -> None:
    """Take back what waits for an answer at these places: nobody is to be asked there any more.

    With `unless_asked` not what they asked for themselves.
    """
    if stakeholder_ids:
        found = conversations.waiting_at(tx, stakeholder_ids, UNANSWERED)
        kept = Origin.ASKED if unless_asked else None
        _withdraw(tx, [one for one in found if one.origin is not kept], now)


def withdraw_all(tx: Tx, initiative_id: int, now: datetime) -> None:
    """Take back everything of an initiative that waits for an answer: it ended."""
    _withdraw(tx, conversations.of_initiative(tx, initiative_id, UNANSWERED), now)


def _withdraw(tx: Tx, talks: Iterable[Conversation], now: datetime) -> None:
    end(tx, talks, State.WITHDRAWN, None, now)


# --- a time that was agreed on -------------------------------------------------------------------


def call_off(tx: Tx, talk: Conversation, by: Person | None, now: datetime) -> Conversation:
    """Call a talk off that has a time; None: the app. Everybody else is told, and the time free."""
    off = replace(talk, state=State.CANCELLED, sequence=talk.sequence + 1)
    values = {"state": off.state.value, "sequence": off.sequence, "next_due_at": None}
    conversations.change(tx, talk.id, starts_at=None, **values)  # the end says which time it was
    conversations.say(tx, talk, Event.CANCELLED, by.id if by else None, now, talk.starts_at)
    gives.take_back(tx, OF_A_TALK, [talk.id])
    talk_messages.called_off(tx, off, by, now)
    return off


def is_settled(talk: Conversation) -> bool:
    """Return whether it is settled that a group session takes place: nobody is invited any more."""
    due, starts = talk.next_due_at, talk.starts_at
    return due is None or starts is None or due > starts


def stay_away(tx: Tx, talk: Conversation, who: Person, now: datetime) -> Conversation:
    """Note that somebody does not come to a group session; with nobody left it is called off."""
    talk_people.set_coming(tx, talk, who.id, False, now)
    conversations.say(tx, talk, Event.DECLINED, who.id, now)
    known = conversations.get(tx, talk.id) or talk
    if is_settled(known) and not any(one.comes for one in known.group):
        return call_off(tx, known, None, now)
    return known


def stop(tx: Tx, people: Iterable[Person], now: datetime, initiative_id: int | None = None) -> None:
    """End every talk of people who are to get no messages any more, in one initiative or in all.

    Offers are taken back. Whoever agreed on a time with them is told that the talk is off, as if
    they had called it off themselves, so that nobody waits in vain and nobody learns why.
    """
    gone = {one.id: one for one in people}
    if gone:
        for talk in talk_people.open_with(tx, list(gone), initiative_id):
            _stop(tx, talk, gone, now)


def _stop(tx: Tx, talk: Conversation, gone: dict[int, Person], now: datetime) -> None:
    if talk.state is not State.AGREED:
        _withdraw(tx, [talk], now)
        return
    if talk.starts_at is None or talk.starts_at <= now:
        return
    sides = [one for one in (talk.host, talk.guest) if one and one.id in gone]
    if sides:
        call_off(tx, talk, sides[0], now)
    elif talk.form is Form.GROUP:
        for one in talk.group:
            if one.comes and one.person.id in gone and talk.state is State.AGREED:
                talk = stay_away(tx, talk, one.person, now)


def hosts_left(tx: Tx, workspace_id: int, now: datetime) -> None:
    """End the talks of those who left the workspace and were to hold them."""
    stop(tx, talk_people.hosts_gone(tx, workspace_id), now)
