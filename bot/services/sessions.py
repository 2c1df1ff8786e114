"""Group sessions: who took steps talks about what comes next; a yes, a no, and what follows."""

from dataclasses import replace
from datetime import datetime

from bot.domain.conversations import (
    COMING,
    UNANSWERED_FOR,
    Card,
    Conversation,
    Event,
    Invited,
    State,
)
from bot.domain.gives import OF_A_TALK
from bot.domain.people import Actor, Person
from bot.errors import Refused
from bot.services import talk_endings, talk_messages
from storage import audit, conversations, gives, talk_people
from storage.database import Tx

NOT_YOURS = "You aren't invited to that, so nothing was changed."
OVER = "That session is settled or over, so nothing was changed. `/buyin talks` shows what is open."
BUSY = "You have agreed on another talk at that time, so nothing was changed."


def is_open(talk: Conversation) -> bool:
    """Return whether people may still say that they come to a group session."""
    return talk.state is State.AGREED and not talk_endings.is_settled(talk)


def invitation(tx: Tx, talk_id: int, stakeholder_id: int, give_id: int, now: datetime) -> Card:
    """Return an invitation to a group session as one of those invited reads it.

    Raises:
        Refused: if it is not there any more.
    """
    talk = conversations.get(tx, talk_id)
    mine = _of(talk, stakeholder_id) if talk else None
    if talk is None or mine is None:
        raise Refused(talk_messages.GONE)
    return replace(talk_messages.card(tx, talk, mine.person, now), give_id=give_id)


def _of(talk: Conversation, stakeholder_id: int) -> Invited | None:
    return next((one for one in talk.group if one.stakeholder_id == stakeholder_id), None)


def answer(
    tx: Tx, actor: Actor, talk_id: int, comes: bool, now: datetime, card_too: bool = False
) -> Card:
    """Take whether the actor comes to a group session; nothing is concluded from either.

    With `card_too` who comes is sent a card as well.

    Raises:
        Refused: if they are not invited, it is settled, or they have another talk then.
    """
    talk = conversations.locked(tx, talk_id)
    mine = next((one for one in talk.group if _is(one.person, actor)), None) if talk else None
    if talk is None or mine is None or talk.starts_at is None or talk.ends_at is None:
        raise Refused(NOT_YOURS)
    if mine.comes is comes:
        return talk_messages.card(tx, talk, mine.person, now)
    if talk.state is not State.AGREED or now >= talk.starts_at or (comes and not is_open(talk)):
        raise Refused(OVER)
    if comes:
        _check_free(tx, mine.person, talk, talk.starts_at, talk.ends_at)
        known = _come(tx, talk, mine.person, now, card_too)
    else:
        known = talk_endings.stay_away(tx, talk, mine.person, now)
    event = Event.ACCEPTED if comes else Event.DECLINED
    what = f"conversations.{event.value}"
    who = actor.slack_user_id
    audit.record(tx, talk.workspace_id, who, what, "conversation", talk.id, now)
    return talk_messages.card(tx, known, mine.person, now)


def _check_free(
    tx: Tx, who: Person, talk: Conversation, starts_at: datetime, ends_at: datetime
) -> None:
    conversations.lock_people(tx, [who.id])
    taken = conversations.taken(tx, [who.id], starts_at)
    if any(one.starts_at < ends_at for one in taken if one.talk_id != talk.id):
        raise Refused(BUSY)


def _come(tx: Tx, talk: Conversation, who: Person, now: datetime, card_too: bool) -> Conversation:
    talk_people.set_coming(tx, talk, who.id, True, now)
    conversations.say(tx, talk, Event.ACCEPTED, who.id, now)
    known = conversations.get(tx, talk.id) or talk
    talk_messages.agreed(tx, known, now, [who] if card_too else [], [who])
    return known


def _is(person: Person, actor: Actor) -> bool:
    return (person.workspace_id, person.slack_user_id) == (actor.workspace_id, actor.slack_user_id)


def settle(tx: Tx, talk: Conversation, now: datetime) -> None:
    """Call a group session off the day before if too few come; nobody is invited any more."""
    gives.take_back(tx, OF_A_TALK, [talk.id])
    if sum(one.comes is True for one in talk.group) >= COMING:
        due = talk.ends_at + UNANSWERED_FOR if talk.ends_at else None
        conversations.change(tx, talk.id, next_due_at=due)
        talk_messages.open_together(tx, talk, now)
        return
    talk_endings.call_off(tx, talk, None, now)


def cancel(tx: Tx, actor: Actor, talk_id: int, now: datetime) -> Card:
    """Call a group session off, as its host; those who come are told.

    Raises:
        Refused: if the actor does not hold it, or it is over.
    """
    talk = conversations.locked(tx, talk_id)
    if talk is None or talk.host is None or not _is(talk.host, actor):
        raise Refused(NOT_YOURS)
    if talk.state is not State.AGREED or talk.starts_at is None or now >= talk.starts_at:
        raise Refused(OVER)
    host = talk.host
    return talk_messages.card(tx, talk_endings.call_off(tx, talk, host, now), host, now)
