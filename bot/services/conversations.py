"""Talks of two: the offer, what its guest answers, and agreeing on a time.

Nothing here calls Slack. Whoever agrees on a time holds both persons' rows meanwhile, so that of
two who tap one time exactly one gets it.
"""

from dataclasses import replace
from datetime import datetime

from bot.domain.conversations import (
    ANSWERS,
    DECLINES,
    MORE_CHOICES,
    UNANSWERED_FOR,
    Call,
    Card,
    Conversation,
    Event,
    Form,
    Offer,
    Origin,
    State,
)
from bot.domain.gives import OF_A_TALK
from bot.domain.initiatives import Stakeholder
from bot.domain.outbox import Claimed, Drop, Send, Verdict
from bot.domain.pauses import Reason
from bot.domain.people import Actor, Person
from bot.domain.pulses import Question
from bot.domain.talk_rules import declined_since
from bot.errors import Refused
from bot.services import (
    initiatives,
    pauses,
    sessions,
    stakeholders,
    talk_endings,
    talk_messages,
    talk_times,
)
from bot.services.talk_messages import GONE
from storage import audit, conversations, gives
from storage import pauses as step_backs
from storage.database import Tx

NOT_YOURS = "That offer is somebody else's, so nothing was changed."
OVER = "That offer is over, so nothing was changed. `/buyin talks` shows what is open."
UNSURE = 3
"""Who answered *Fairly* or less wasn't sure."""

BEGUN = (
    "Its time has come already, so there is nothing to call off. `/buyin talks` takes how it went."
)
AGREED = "You have agreed on a time already. Move it or call it off instead."


def offer(tx: Tx, talk_id: int, now: datetime, give_id: int | None = None) -> Offer:
    """Return an invitation as its guest sees it, with times that are free now.

    Raises:
        Refused: if it is not there any more.
    """
    talk = conversations.get(tx, talk_id)
    own = _place(tx, talk)
    if talk is None or own is None:
        raise Refused(GONE)
    return _offer(tx, talk, own, now, give_id=give_id)


def _place(tx: Tx, talk: Conversation | None) -> Stakeholder | None:
    if talk is None or talk.stakeholder_id is None or talk.host is None:
        return None
    return stakeholders.load(tx, talk.stakeholder_id)


def _offer(
    tx: Tx,
    talk: Conversation,
    own: Stakeholder,
    now: datetime,
    *,
    give_id: int | None = None,
    taken: bool = False,
    count: int | None = None,
) -> Offer:
    is_open = talk.state in (State.OFFERED, State.AGREED)
    return Offer(
        talk=talk,
        own=own,
        initiative=initiatives.load(tx, talk.initiative_id),
        slots=talk_times.propose(tx, talk, now, *([count] if count else [])) if is_open else (),
        give_id=give_id,
        taken=taken,
        unsure=talk.origin is Origin.SUGGESTED and _was_unsure(tx, own.id),
    )


def invitation(
    tx: Tx, talk_id: int, stakeholder_id: int, give_id: int, now: datetime
) -> Offer | Card:
    """Return an invitation to a talk of two, or to a group session, as its reader sees it.

    Raises:
        Refused: if it is not there any more.
    """
    talk = conversations.get(tx, talk_id)
    if talk is not None and talk.form is Form.GROUP:
        return sessions.invitation(tx, talk_id, stakeholder_id, give_id, now)
    return offer(tx, talk_id, now, give_id)


def call(tx: Tx, stakeholder_id: int, give_id: int) -> Call:
    """Return a general offer as one of those who got it reads it."""
    own = stakeholders.load(tx, stakeholder_id)
    return Call(own, initiatives.load(tx, own.initiative_id), give_id)


def _was_unsure(tx: Tx, stakeholder_id: int) -> bool:
    """Return whether their last answer to whether it will work here leaves it open."""
    sure = conversations.last_answer(tx, stakeholder_id, Question.SURE.value)
    return sure is not None and sure <= UNSURE


def own_offer(tx: Tx, actor: Actor, talk_id: int, now: datetime) -> Offer:
    """Return the actor's own open offer with many times to choose from.

    Raises:
        Refused: if it is not theirs or is over.
    """
    talk = _mine(tx, actor, conversations.get(tx, talk_id))
    own = stakeholders.load(tx, talk.stakeholder_id or 0)
    if talk.state is not State.OFFERED:
        raise Refused(AGREED if talk.state is State.AGREED else OVER)
    return _offer(tx, talk, own, now, count=MORE_CHOICES)


def _mine(tx: Tx, actor: Actor, talk: Conversation | None) -> Conversation:
    """Return the talk if the actor is its guest.

    Raises:
        Refused: if they are not.
    """
    if talk is None or talk.guest is None or talk.host is None:
        raise Refused(GONE)
    if (talk.workspace_id, talk.guest.slack_user_id) != (actor.workspace_id, actor.slack_user_id):
        raise Refused(NOT_YOURS)
    return talk


def accept(
    tx: Tx,
    actor: Actor,
    talk_id: int,
    starts_at: datetime,
    now: datetime,
    card_too: bool = False,
) -> Offer | Card:
    """Agree on the time that begins at `starts_at` (aware); the first to ask for it gets it.

    Returns the card of the agreed talk, or the offer with other times if that one is taken. The
    same tap again returns the card. With `card_too` the actor is sent a card as well.

    Raises:
        Refused: if the offer is not the actor's or is over.
    """
    talk = _mine(tx, actor, conversations.locked(tx, talk_id))
    own = stakeholders.load(tx, talk.stakeholder_id or 0)
    guest, host = own.person, talk.host
    if talk.state is State.AGREED and host is not None:
        return talk_messages.card(tx, talk, guest, now)
    if talk.state is not State.OFFERED or host is None:
        raise Refused(OVER)
    slot = talk_times.slot_at(starts_at)
    conversations.lock_people(tx, [host.id, guest.id])
    if not talk_times.suits(tx, talk, slot, now):
        return _offer(tx, talk, own, now, taken=True)
    agreed = replace(talk, state=State.AGREED, starts_at=slot.starts_at, ends_at=slot.ends_at)
    times = {"starts_at": slot.starts_at, "ends_at": slot.ends_at}
    due = slot.ends_at + UNANSWERED_FOR
    conversations.change(tx, talk.id, state=State.AGREED.value, next_due_at=due, **times)
    conversations.say(tx, talk, Event.ACCEPTED, guest.id, now, slot.starts_at)
    talk_messages.agreed(tx, agreed, now, [host, guest] if card_too else [host])
    _note(tx, actor, talk, Event.ACCEPTED, now)
    return talk_messages.card(tx, agreed, guest, now)


def answer(tx: Tx, actor: Actor, talk_id: int, said: Event, now: datetime) -> Offer:
    """Take what the guest answers to an offer instead of a time; the same again changes nothing.

    A "no" is no evidence of anything. After two in a row nobody asks them for a while.

    Raises:
        Refused: if the offer is not the actor's, or is over.
    """
    talk = _mine(tx, actor, conversations.locked(tx, talk_id))
    own = stakeholders.load(tx, talk.stakeholder_id or 0)
    if talk.state is ANSWERS[said]:
        return _offer(tx, talk, own, now)
    if talk.state is not State.OFFERED:
        raise Refused(AGREED if talk.state is State.AGREED else OVER)
    conversations.change(tx, talk.id, state=ANSWERS[said].value, next_due_at=None)
    conversations.say(tx, talk, said, own.person.id, now)
    gives.take_back(tx, OF_A_TALK, [talk.id])
    if said is Event.DECLINED:
        _step_back(tx, own, now)
    _note(tx, actor, talk, said, now)
    return _offer(tx, replace(talk, state=ANSWERS[said]), own, now)


def _step_back(tx: Tx, own: Stakeholder, now: datetime) -> None:
    before = step_backs.earlier(tx, own.id, Reason.DECLINED)
    if declined_since(conversations.answers_to_offers(tx, own.id), before) >= DECLINES:
        pauses.step_back(tx, own.id, Reason.DECLINED, now)


def _note(tx: Tx, actor: Actor, talk: Conversation, event: Event, now: datetime) -> None:
    what = f"conversations.{event.value}"
    who = actor.slack_user_id
    audit.record(tx, talk.workspace_id, who, what, "conversation", talk.id, now)


# --- an agreed talk, from either side ------------------------------------------------------------


def move_form(tx: Tx, actor: Actor, talk_id: int, now: datetime) -> tuple[Card, Offer]:
    """Return the agreed talk as the actor sees it, and the times that it could move to.

    Raises:
        Refused: if it is not theirs, or no time is agreed any more.
    """
    talk, who = _side(tx, actor, conversations.get(tx, talk_id))
    own = stakeholders.load(tx, talk.stakeholder_id or 0)
    return talk_messages.card(tx, talk, who, now), _offer(tx, talk, own, now, count=MORE_CHOICES)


def _side(tx: Tx, actor: Actor, talk: Conversation | None) -> tuple[Conversation, Person]:
    """Return an agreed talk of the actor's, and who of both they are."""
    if talk is None or talk.host is None or talk.guest is None:
        raise Refused(GONE)
    for one in (talk.guest, talk.host):
        if (one.workspace_id, one.slack_user_id) == (actor.workspace_id, actor.slack_user_id):
            if talk.state is not State.AGREED:
                raise Refused(OVER)
            return talk, one
    raise Refused(NOT_YOURS)


def move(tx: Tx, actor: Actor, talk_id: int, starts_at: datetime, now: datetime) -> Offer | Card:
    """Move an agreed talk, from either side; the other one is told.

    Returns the card, or the offer with other times if that one is taken. The same time again
    changes nothing.

    Raises:
        Refused: if it is not theirs, or no time is agreed any more.
    """
    talk, who = _side(tx, actor, conversations.locked(tx, talk_id))
    assert talk.host is not None  # noqa: S101 - `_side` said so
    assert talk.guest is not None  # noqa: S101
    if talk.starts_at == starts_at:
        return talk_messages.card(tx, talk, who, now)
    slot = talk_times.slot_at(starts_at)
    conversations.lock_people(tx, [talk.host.id, talk.guest.id])
    if not talk_times.suits(tx, talk, slot, now):
        own = stakeholders.load(tx, talk.stakeholder_id or 0)
        return _offer(tx, talk, own, now, taken=True, count=MORE_CHOICES)
    sequence = talk.sequence + 1
    moved = replace(talk, starts_at=slot.starts_at, ends_at=slot.ends_at, sequence=sequence)
    times = {"starts_at": slot.starts_at, "ends_at": slot.ends_at}
    due = slot.ends_at + UNANSWERED_FOR
    conversations.change(tx, talk.id, sequence=sequence, next_due_at=due, **times)
    conversations.say(tx, talk, Event.MOVED, who.id, now, slot.starts_at)
    talk_messages.agreed(tx, moved, now, [talk.host, talk.guest])
    _note(tx, actor, talk, Event.MOVED, now)
    return talk_messages.card(tx, moved, who, now)


def cancel(tx: Tx, actor: Actor, talk_id: int, now: datetime) -> Card:
    """Call an agreed talk off, from either side; the other one is told. Nothing follows from it.

    Raises:
        Refused: if it is not theirs, or no time is agreed any more.
    """
    talk, who = _side(tx, actor, conversations.locked(tx, talk_id))
    if talk.starts_at is None or talk.starts_at <= now:
        raise Refused(BEGUN)
    off = talk_endings.call_off(tx, talk, who, now)
    _note(tx, actor, talk, Event.CANCELLED, now)
    return talk_messages.card(tx, off, who, now)


# --- what the clock and the sender ask -----------------------------------------------------------


def offer_wanted(tx: Tx, claimed: Claimed, now: datetime) -> Verdict:
    """Return whether the answer to somebody's wish to talk is still to be sent."""
    return still_open(tx, claimed.subject_id)


def still_open(tx: Tx, talk_id: int) -> Verdict:
    """Return whether an invitation is still to be sent."""
    talk = conversations.get(tx, talk_id)
    if talk is None:
        return Drop("gone")
    if talk.form is Form.GROUP:
        return Send() if sessions.is_open(talk) else Drop("over")
    return Send() if talk.state is State.OFFERED else Drop("over")


def offer_arrived(tx: Tx, talk_id: int, now: datetime) -> None:
    """Note that an invitation is before its guest, who has a while to answer."""
    talk = conversations.locked(tx, talk_id)
    if talk is None or talk.state is not State.OFFERED:
        return
    conversations.change(tx, talk.id, offered_at=now, next_due_at=now + UNANSWERED_FOR)
    conversations.say(tx, talk, Event.OFFERED, None, now)


def lapse_due(tx: Tx, now: datetime, limit: int) -> int:
    """Take back offers that nobody answered, or that found no room; return how many.

    A talk of which nobody says how it went is over as well. Silence is no answer: it counts for
    nothing.
    """
    found = conversations.due(tx, now, limit)
    for talk in found:
        if talk.form is Form.GROUP and talk.starts_at and now < talk.starts_at:
            sessions.settle(tx, talk, now)
        elif talk.state.is_open:
            conversations.change(tx, talk.id, state=State.LAPSED.value, next_due_at=None)
            conversations.say(tx, talk, Event.LAPSED, None, now)
            gives.take_back(tx, OF_A_TALK, [talk.id])
        else:
            conversations.change(tx, talk.id, next_due_at=None)
    return len(found)
