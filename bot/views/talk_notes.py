"""What both sides of a talk say afterwards, what was noted of it, and what anybody reads of it."""

from collections.abc import Sequence

from bot.domain.barriers import LABELS as BARRIERS
from bot.domain.barriers import Barrier
from bot.domain.commitments import DATE_FIELD
from bot.domain.commitments import LONGEST as STEP_LONGEST
from bot.domain.commitments import WORDS_FIELD as STEP_FIELD
from bot.domain.conversations import NOTE_LONGEST, Card, Event, HeldTalk, Note, State
from bot.domain.conversations import Form as TalkForm
from bot.views.conversations import OVER, name_of, other_of
from bot.views.ids import Act, Form
from bot.views.kit import (
    Block,
    Message,
    Modal,
    actions,
    bold,
    button,
    context,
    date_picker,
    day,
    entry,
    mention,
    option,
    plain,
    quoted,
    section,
    text_box,
)
from bot.views.notices import NOTICE

WORDS, BARRIER = "words", "barrier"
"""Block ids of the form fields."""

AFTER = {
    Event.MET: ("We met", Act.TALK_MET),
    Event.BOOKED: ("Booked, not yet", Act.TALK_BOOKED),
    Event.COULD_NOT: ("Could not", Act.TALK_COULD_NOT),
    Event.DONT_WANT: ("Don't want to", Act.TALK_DONT_WANT),
}
TOLD = {
    Event.MET: "You met. Good to know, thank you.",
    Event.BOOKED: "Booked, not yet. I'll ask once more in a week.",
    Event.COULD_NOT: "It couldn't be. That happens; nothing is concluded from it.",
    Event.DONT_WANT: "You don't want to. That's fine; nothing is concluded from it.",
}


# --- afterwards ----------------------------------------------------------------------------------


def after(one: Card) -> Message:
    """Return the question how it went; every answer is as good."""
    words = f"You and {other_of(one)} were to talk about {bold(one.initiative.name)}. Did you?"
    row = [button(label, action, one.talk.id) for label, action in AFTER.values()]
    blocks = (
        section(words),
        actions(row, f"talk.{one.talk.id}.after"),
        context("Both of you are asked. Every answer is fine; none is held against anybody."),
    )
    return Message(words, blocks)


def told_how(one: Card) -> Message:
    """Return what the question turns into once it is answered."""
    words = f"About {bold(one.initiative.name)}, with {other_of(one)}: " + (
        TOLD[one.said] if one.said else OVER
    )
    if one.said is not Event.MET:
        return Message(words, (section(words),))
    if one.is_host and one.talk.form is TalkForm.ONE_ON_ONE:
        row = actions([button("Note what you learned", Act.TALK_LEARNED, one.talk.id)])
        return Message(words, (section(words), row))
    if one.talk.form is not TalkForm.ONE_ON_ONE:
        return Message(words, (section(words),))
    host = name_of(one.talk.host)
    note = f"If {host} notes something about it, `/buyin me` shows it and you can put it right."
    return Message(words, (section(words), context(note)))


def learned_form(one: Card, before: Note | None) -> Modal:
    """Return the short form for what was learned; everything in it is optional."""
    other = name_of(one.with_whom)
    codes = [option(label, code.value) for code, label in BARRIERS.items()]
    chosen = next((one for one in codes if before and one["value"] == before.barrier), None)
    select = {"type": "static_select", "options": codes, "placeholder": plain("Choose one")}
    if chosen:
        select["initial_option"] = chosen
    words = text_box(initial=before.words if before else "", limit=NOTE_LONGEST, lines=True)
    blocks = (
        section(f"About {bold(one.initiative.name)}. {other} reads this and can put it right."),
        entry(BARRIER, "What gets in the way most?", select, optional=True),
        entry(
            WORDS,
            f"What did {one.with_whom.name if one.with_whom else 'they'} say?",
            words,
            hint="What you heard, not what you think of it.",
            optional=True,
        ),
        entry(
            STEP_FIELD,
            "What will you do about it?",
            text_box(limit=STEP_LONGEST),
            hint="I ask you on the day, and everyone asked reads how it went.",
            optional=True,
        ),
        entry(DATE_FIELD, "By when?", date_picker(), optional=True),
    )
    about = str(one.talk.id)
    return Modal(Form.TALK_LEARNED, "What you learned", blocks, submit="Keep it", metadata=about)


def learned(one: Card) -> Modal:
    """Return what the form turns into."""
    words = f"Kept. {name_of(one.with_whom)} finds it in `/buyin me`."
    return Modal(NOTICE, "Thank you", (section(words),), close="Close")


def correct_form(one: Card, note: Note) -> Modal:
    """Return the form with which a guest puts a note right."""
    who = name_of(note.by)
    blocks = (
        section(f"{who} noted:\n{note_words(note)}"),
        entry(
            WORDS,
            "How is it really?",
            text_box(initial=note.correction, limit=NOTE_LONGEST, lines=True),
            hint=(f"{note.by.name or 'Who led the talk'} reads it beside the note."),
        ),
    )
    about = str(one.talk.id)
    return Modal(Form.TALK_CORRECT, "Put it right", blocks, submit="Keep it", metadata=about)


def corrected(one: Card) -> Modal:
    """Return what the form turns into."""
    words = f"Kept. {name_of(one.talk.host)} reads it beside the note."
    return Modal(NOTICE, "Thank you", (section(words),), close="Close")


# --- what owners and the person alike read -------------------------------------------------------

SHOWN = 3
"""How many talks `/buyin me` lists about one initiative, the newest first."""

LINES = {
    State.HOST_ASKED: "{guest}: {host} is asked whether they could talk with them ({day}).",
    State.OFFERED: "{guest} was offered a talk with {host} ({day}); no answer yet.",
    State.AGREED: "{guest} and {host} agreed to talk on {day}.",
    State.HELD: "{guest} and {host} talked on {day}.",
    State.NOT_HELD: "{guest} and {host} were to talk on {day}; it didn't come about.",
    State.DECLINED: "{guest} said no to a talk with {host} ({day}). Nothing follows from it.",
    State.NOT_NOW: "{guest} said *not now* to a talk with {host} ({day}).",
    State.BY_MESSAGE: "{guest} would rather write to {host} than talk ({day}).",
    State.CANCELLED: "A talk of {guest} and {host} was called off ({day}).",
    State.WITHDRAWN: "An offer of a talk to {guest} is over ({day}).",
    State.LAPSED: "A talk offered to {guest} is over; nobody said more about it ({day}).",
    State.ASKED: "{guest} would like to talk ({day}).",
}


def line(one: HeldTalk) -> str:
    """Return what is read about one talk, by owners and by its guest alike."""
    talk = one.talk
    guest = mention(talk.guest.slack_user_id) if talk.guest else "Several people"
    host = mention(talk.host.slack_user_id) if talk.host else "who leads it"
    return LINES[talk.state].format(guest=guest, host=host, day=day(one.on))


def lines(one: HeldTalk) -> str:
    """Return the line about a talk with what was noted about it and put right."""
    told = [line(one)]
    if one.note:
        told.append(f"{name_of(one.note.by)} noted on {day(one.note.on)}:\n{note_words(one.note)}")
        if one.note.correction:
            who = mention(one.talk.guest.slack_user_id) if one.talk.guest else "The other side"
            told.append(f"{who} put it right:\n{quoted(one.note.correction)}")
    return "\n".join(told)


def note_words(note: Note) -> str:
    """Return a note, as its author chose and wrote it."""
    told = [f">What gets in the way: {BARRIERS[Barrier(note.barrier)]}"] if note.barrier else []
    return "\n".join([*told, *([quoted(note.words)] if note.words else [])])


def held_blocks(talks: Sequence[HeldTalk]) -> list[Block]:
    """Return somebody's talks about one initiative, for `/buyin me`, newest first."""
    found: list[Block] = []
    for one in talks[:SHOWN]:
        put_right = button("Put it right", Act.TALK_CORRECT, one.talk.id) if one.note else None
        found.append(section(lines(one), put_right))
    if found:
        found.insert(0, section("*Talks*"))
    return found
