"""What became of talks: what both sides say, what was noted, and what the guest puts right."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from bot.domain.barriers import LABELS, Barrier
from bot.domain.calendars import local_date
from bot.domain.conversations import (
    AFTERWARDS,
    NOTE_LONGEST,
    Card,
    Conversation,
    Event,
    Form,
    HeldTalk,
    Note,
    State,
)
from bot.domain.people import Actor, Person
from bot.domain.talk_rules import outcome
from bot.domain.words import cleaned
from bot.errors import FieldErrors, Refused
from bot.services import commitments, talk_messages
from bot.services.talk_messages import GONE
from storage import audit, conversations, received
from storage import talk_notes as stored
from storage.database import Tx
from storage.talk_notes import NoteRow

WORDS_FIELD, BARRIER_FIELD = "words", "barrier"
NOTHING = "Write what they said, choose what gets in the way, or say what you will do."
NO_WORDS = "Say in a line what is right."
TOO_LONG = f"Please keep it to {NOTE_LONGEST:,} characters."
NOT_YOURS = "Only the two who talked can do that, so nothing was changed."
NOT_MET = "No time was agreed there, so there is nothing to tell."
AFTER = (State.AGREED, State.HELD, State.NOT_HELD, State.LAPSED)
NOTE, CORRECTION = "note", "correction"


def held(tx: Tx, talks: Sequence[Conversation], tz: str) -> list[HeldTalk]:
    """Return talks with what was said and noted, in order; dates are local to `tz`."""
    ids = [one.id for one in talks]
    said, notes = conversations.said(tx, ids), stored.notes(tx, ids)
    return [
        HeldTalk(
            talk=one,
            on=local_date(one.starts_at or one.made_at, tz),
            said=tuple(said.get(one.id, ())),
            note=_note(notes.get(one.id, ()), tz),
        )
        for one in talks
    ]


def _note(rows: Sequence[NoteRow], tz: str) -> Note | None:
    """Return the newest note with the newest correction of it."""
    last = next((one for one in reversed(rows) if one.kind == NOTE), None)
    if last is None:
        return None
    right = next((one for one in reversed(rows) if one.kind == CORRECTION), None)
    on = local_date(last.noted_at, tz)
    return Note(last.barrier, last.words, last.author, on, right.words if right else "")


def own(tx: Tx, actor: Actor, talk_id: int, now: datetime) -> Card:
    """Return the talk that the actor had, as they see it.

    Raises:
        Refused: if it is not theirs, or no time was agreed.
    """
    talk, who = _side(tx, actor, conversations.get(tx, talk_id))
    return talk_messages.card(tx, talk, who, now)


def _side(tx: Tx, actor: Actor, talk: Conversation | None) -> tuple[Conversation, Person]:
    if talk is None:
        raise Refused(GONE)
    sides = talk.coming
    mine = (actor.workspace_id, actor.slack_user_id)
    who = next((one for one in sides if (one.workspace_id, one.slack_user_id) == mine), None)
    if who is None:
        raise Refused(NOT_YOURS)
    if talk.state not in AFTER or talk.starts_at is None:
        raise Refused(NOT_MET)
    return talk, who


def tell_how(tx: Tx, actor: Actor, talk_id: int, said: Event, now: datetime) -> Card:
    """Take what one side says about how a talk went; the same again changes nothing.

    Raises:
        Refused: if it is not theirs, or no time was agreed.
    """
    if said not in AFTERWARDS:
        raise Refused(GONE)
    talk, who = _side(tx, actor, conversations.locked(tx, talk_id))
    known = conversations.said(tx, [talk.id])[talk.id]
    mine = [one.event for one in known if one.by == who.id and one.event in AFTERWARDS]
    if mine and mine[-1] is said:
        return replace(talk_messages.card(tx, talk, who, now), said=said)
    conversations.say(tx, talk, said, who.id, now)
    state = _state(tx, talk)
    due = talk.next_due_at if state is State.AGREED else None
    conversations.change(tx, talk.id, state=state.value, next_due_at=due)
    if said is Event.BOOKED and not mine:
        talk_messages.ask_again(tx, talk, who, now)
    what = f"conversations.{said.value}"
    audit.record(tx, talk.workspace_id, who.slack_user_id, what, "conversation", talk.id, now)
    card = talk_messages.card(tx, replace(talk, state=state), who, now)
    return replace(card, said=said)


def _state(tx: Tx, talk: Conversation) -> State:
    if talk.form is Form.GROUP:
        told = conversations.said(tx, [talk.id])[talk.id]
        return State.HELD if any(one.event is Event.MET for one in told) else talk.state
    assert talk.guest is not None  # noqa: S101 - a time was agreed by two
    assert talk.host is not None  # noqa: S101
    said = conversations.said(tx, [talk.id])[talk.id]
    return outcome(said, talk.guest.id, talk.host.id) or talk.state


def learned_form(tx: Tx, actor: Actor, talk_id: int, now: datetime) -> tuple[Card, Note | None]:
    """Return what the owner fills in after a talk, and what was noted before.

    Raises:
        Refused: if they are not who held it.
    """
    card = own(tx, actor, talk_id, now)
    if not card.is_host or card.talk.form is not Form.ONE_ON_ONE:
        raise Refused(NOT_YOURS)
    return card, _note(stored.notes(tx, [talk_id]).get(talk_id, ()), card.initiative.tz)


def note(
    tx: Tx,
    actor: Actor,
    talk_id: int,
    words: str,
    barrier: str,
    promise: tuple[str, date | None],
    key: str,
    now: datetime,
) -> Card:
    """Keep what was learned in a talk: words, what gets in the way, what the owner will do by when.

    The guest reads it in `/buyin me` and can put it right. The same `key` again keeps nothing.

    Raises:
        Refused: if the actor is not who held it.
        FieldErrors: if there is nothing in it, or too much.
    """
    card, _ = learned_form(tx, actor, talk_id, now)
    kept, step = cleaned(words), cleaned(promise[0])
    known = barrier if barrier in LABELS else ""
    if not (kept or known or step):
        raise FieldErrors({WORDS_FIELD: NOTHING})
    if len(kept) > NOTE_LONGEST:
        raise FieldErrors({WORDS_FIELD: TOO_LONG})
    if not received.first_time(tx, actor.workspace_id, key, now):
        return card
    commitment_id = None
    if step:
        about = (card.reader.id, card.initiative.id)
        commitment_id = commitments.promise(tx, *about, step, promise[1], now)
    found = Barrier(known).value if known else None
    stored.add_note(tx, card.talk, card.reader, NOTE, kept, now, found, commitment_id)
    who, what = actor.slack_user_id, "conversations.noted"
    audit.record(tx, actor.workspace_id, who, what, "conversation", talk_id, now)
    return card


def correct_form(tx: Tx, actor: Actor, talk_id: int, now: datetime) -> tuple[Card, Note]:
    """Return what was noted about the actor, who may put it right.

    Raises:
        Refused: if nothing was, or it is not about them.
    """
    card = own(tx, actor, talk_id, now)
    known = _note(stored.notes(tx, [talk_id]).get(talk_id, ()), card.initiative.tz)
    if card.is_host or known is None:
        raise Refused(NOT_YOURS)
    return card, known


def correct(tx: Tx, actor: Actor, talk_id: int, words: str, key: str, now: datetime) -> Card:
    """Keep what the guest puts right about a note; owners read it beside the note.

    Raises:
        Refused: if nothing was noted, or it is not about them.
        FieldErrors: if there are no words, or too many.
    """
    card, _ = correct_form(tx, actor, talk_id, now)
    kept = cleaned(words)
    if not kept:
        raise FieldErrors({WORDS_FIELD: NO_WORDS})
    if len(kept) > NOTE_LONGEST:
        raise FieldErrors({WORDS_FIELD: TOO_LONG})
    if received.first_time(tx, actor.workspace_id, key, now):
        stored.add_note(tx, card.talk, card.reader, CORRECTION, kept, now)
        who, what = actor.slack_user_id, "conversations.corrected"
        audit.record(tx, actor.workspace_id, who, what, "conversation", talk_id, now)
    return card
