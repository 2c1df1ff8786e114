"""What became of talks: what both sides say, what was noted, and what people put right about it."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime

from bot.domain.barriers import LABELS, Barrier
from bot.domain.calendars import local_date
from bot.domain.conversations import (
    AFTERWARDS,
    NOTE_LONGEST,
    Card,
    Conversation,
    Correction,
    Event,
    Form,
    HeldTalk,
    Learned,
    Note,
    State,
)
from bot.domain.people import Actor, Person
from bot.domain.talk_rules import outcome, outcome_together
from bot.domain.words import cleaned
from bot.errors import FieldErrors, Refused
from bot.services import commitments, talk_messages
from bot.services.talk_messages import GONE
from storage import audit, conversations, received
from storage import talk_notes as stored
from storage.database import Tx
from storage.talk_notes import NoteRow

WORDS_FIELD, ABOUT_FIELD = "words", "about"
NOT_THERE = "Choose everybody, or somebody who came."
NOTHING = "Write what they said, choose what gets in the way, or say what you will do."
NO_WORDS = "Say in a line what is right."
TOO_LONG = f"Please keep it to {NOTE_LONGEST:,} characters."
NOT_YOURS = "Only those who talked can do that, so nothing was changed."
NOT_MET = "No time was agreed there, so there is nothing to tell."
AFTER = (State.AGREED, State.HELD, State.NOT_HELD, State.LAPSED)
NOTE, CORRECTION = "note", "correction"


def held(
    tx: Tx,
    talks: Sequence[Conversation],
    tz: str,
    reader: Person | None = None,
) -> list[HeldTalk]:
    """Return talks with what was said and noted, in order; dates are local to `tz`.

    A `reader` gets of group sessions what is about them. Without one it is for owners.
    """
    ids = [one.id for one in talks]
    said, notes = conversations.said(tx, ids), stored.notes(tx, ids)
    return [
        HeldTalk(
            talk=one,
            on=local_date(one.starts_at or one.made_at, tz),
            said=tuple(said.get(one.id, ())),
            notes=_notes(one, notes.get(one.id, ()), tz, reader),
        )
        for one in talks
    ]


def without(talk: Conversation, hidden: Collection[int]) -> Conversation:
    """Return a talk as owners read it who did not hold it: without the `hidden` people (ids)."""
    shown = tuple(one for one in talk.group if one.person.id not in hidden)
    return replace(talk, group=shown)


def _notes(
    talk: Conversation, rows: Sequence[NoteRow], tz: str, reader: Person | None
) -> tuple[Note, ...]:
    """Return the newest note about everybody, and about each one alone, that somebody may read.

    In a group what one person put right is between them and the host.
    """
    people = [one.person for one in talk.group]
    about: list[Person | None] = [None, *people]
    heard = people if talk.form is Form.GROUP else None
    if talk.form is Form.GROUP and reader is not None and reader != talk.host:
        about = [None, reader] if reader in talk.coming else []
        heard = [reader]
    found = (_note(rows, one, heard, tz) for one in about)
    return tuple(one for one in found if one)


def _note(
    rows: Sequence[NoteRow], about: Person | None, heard: Collection[Person] | None, tz: str
) -> Note | None:
    """Return the newest note about somebody, with what those `heard` put right (None: anybody)."""
    mine = [one for one in rows if one.about_id == (about.id if about else None)]
    last = next((one for one in reversed(mine) if one.kind == NOTE), None)
    if last is None:
        return None
    right = {one.author.id: one for one in mine if one.kind == CORRECTION}
    ids = None if heard is None else {one.id for one in heard}
    shown = [one for one in right.values() if ids is None or one.author.id in ids]
    corrections = tuple(Correction(one.author, one.words) for one in shown)
    on = local_date(last.noted_at, tz)
    return Note(last.barrier, last.words, last.author, on, corrections, about)


def noted(tx: Tx, talk_ids: Collection[int]) -> set[int]:
    """Return the talks of which their host noted something."""
    return set(stored.notes(tx, talk_ids))


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
    assert talk.host is not None  # noqa: S101 - a time was agreed
    said, host = conversations.said(tx, [talk.id])[talk.id], talk.host.id
    if talk.guest is None:
        people = [one.id for one in talk.coming]
        return outcome_together(said, people, host) or talk.state
    return outcome(said, talk.guest.id, host) or talk.state


def learned_form(tx: Tx, actor: Actor, talk_id: int, now: datetime) -> Learned:
    """Return what the host fills in after a talk, and what was noted before.

    Raises:
        Refused: if they are not who held it.
    """
    card = own(tx, actor, talk_id, now)
    if not card.is_host:
        raise Refused(NOT_YOURS)
    if card.talk.form is Form.GROUP:
        came = tuple(one.person for one in card.talk.group if one.comes)
        return Learned(card, people=came)
    rows = stored.notes(tx, [talk_id]).get(talk_id, ())
    return Learned(card, _note(rows, None, None, card.initiative.tz))


def note(
    tx: Tx,
    actor: Actor,
    talk_id: int,
    words: str,
    barrier: str,
    promise: tuple[str, date | None],
    key: str,
    now: datetime,
    about: str = "",
) -> Learned:
    """Keep what was learned in a talk: words, what gets in the way, what the owner will do by when.

    Those it is about read it in `/buyin me` and can put it right: of a group session everybody who
    came, or the one with the id `about` alone. The same `key` again keeps nothing.

    Raises:
        Refused: if the actor is not who held it.
        FieldErrors: if there is nothing in it, or too much, or it is about somebody else.
    """
    form = learned_form(tx, actor, talk_id, now)
    card, alone = form.card, next((one for one in form.people if str(one.id) == about), None)
    if about and alone is None:
        raise FieldErrors({ABOUT_FIELD: NOT_THERE})
    kept, step = cleaned(words), cleaned(promise[0])
    known = barrier if barrier in LABELS else ""
    if not (kept or known or step):
        raise FieldErrors({WORDS_FIELD: NOTHING})
    if len(kept) > NOTE_LONGEST:
        raise FieldErrors({WORDS_FIELD: TOO_LONG})
    if not received.first_time(tx, actor.workspace_id, key, now):
        return form
    commitment_id = None
    if step:
        whose = (card.reader.id, card.initiative.id)
        commitment_id = commitments.promise(tx, *whose, step, promise[1], now)
    found = Barrier(known).value if known else None
    of = (card.talk, card.reader, NOTE)
    stored.add_note(tx, *of, kept, now, found, commitment_id, alone)
    who, what = actor.slack_user_id, "conversations.noted"
    audit.record(tx, actor.workspace_id, who, what, "conversation", talk_id, now)
    return form


def correct_form(
    tx: Tx, actor: Actor, talk_id: int, now: datetime, alone: bool = False
) -> tuple[Card, Note]:
    """Return what was noted about the actor, who may put it right.

    Of a group session it is what was noted about everybody, or with `alone` about them alone.

    Raises:
        Refused: if nothing was, or it is not about them.
    """
    card = own(tx, actor, talk_id, now)
    rows = stored.notes(tx, [talk_id]).get(talk_id, ())
    known = _notes(card.talk, rows, card.initiative.tz, card.reader)
    found = next((one for one in known if (one.about is not None) is alone), None)
    if card.is_host or found is None:
        raise Refused(NOT_YOURS)
    return card, found


def correct(
    tx: Tx, actor: Actor, talk_id: int, words: str, key: str, now: datetime, alone: bool = False
) -> Card:
    """Keep what somebody puts right about a note; owners read it beside the note.

    Raises:
        Refused: if nothing was noted, or it is not about them.
        FieldErrors: if there are no words, or too many.
    """
    card, found = correct_form(tx, actor, talk_id, now, alone)
    kept = cleaned(words)
    if not kept:
        raise FieldErrors({WORDS_FIELD: NO_WORDS})
    if len(kept) > NOTE_LONGEST:
        raise FieldErrors({WORDS_FIELD: TOO_LONG})
    if received.first_time(tx, actor.workspace_id, key, now):
        of = (card.talk, card.reader, CORRECTION)
        stored.add_note(tx, *of, kept, now, about=found.about)
        who, what = actor.slack_user_id, "conversations.corrected"
        audit.record(tx, actor.workspace_id, who, what, "conversation", talk_id, now)
    return card
