"""What both sides of a talk say afterwards, what was noted of it, and what anybody reads of it."""

from collections.abc import Sequence

from bot.domain.barriers import LABELS as BARRIERS
from bot.domain.barriers import Barrier
from bot.domain.commitments import DATE_FIELD
from bot.domain.commitments import LONGEST as STEP_LONGEST
from bot.domain.commitments import WORDS_FIELD as STEP_FIELD
from bot.domain.conversations import (
    NOTE_LONGEST,
    Card,
    Conversation,
    Event,
    HeldTalk,
    Learned,
    Note,
    Origin,
    State,
)
from bot.domain.conversations import Form as TalkForm
from bot.domain.people import Person
from bot.views.conversations import OVER, name_of, notes_read, other_of, others_of
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
    listed,
    mention,
    option,
    plain,
    quoted,
    section,
    text_box,
)
from bot.views.notices import NOTICE

WORDS, BARRIER, ABOUT = "words", "barrier", "about"
"""Block ids of the form fields."""

EVERYBODY, ALONE = "all", "alone"
"""Whom of a group a note is about."""

AFTER = {
    Event.MET: ("We met", Act.TALK_MET),
    Event.BOOKED: ("Booked, not yet", Act.TALK_BOOKED),
    Event.COULD_NOT: ("Could not", Act.TALK_COULD_NOT),
    Event.DONT_WANT: ("Don't want to", Act.TALK_DONT_WANT),
}
TOLD = {
    Event.MET: "You met. Good to know, thank you. It was about {about}, with {other}.",
    Event.BOOKED: "Booked with {other} about {about}, not yet. I ask once more at most, in a week.",
    Event.COULD_NOT: (
        "The talk with {other} about {about} couldn't be. That happens; nothing is concluded "
        "from it."
    ),
    Event.DONT_WANT: (
        "You don't want to talk with {other} about {about}. That's fine; nothing is concluded "
        "from it."
    ),
}


# --- afterwards ----------------------------------------------------------------------------------


def after(one: Card) -> Message:
    """Return the question how it went; every answer is as good."""
    sides = listed(["You", *others_of(one)])
    words = f"{sides} were to talk about {bold(one.initiative.name)}. Did you?"
    asked = "All of you are" if one.talk.form is TalkForm.GROUP else "Both of you are"
    blocks = (
        section(words),
        actions(after_buttons(one.talk.id), f"talk.{one.talk.id}.after"),
        context(f"{asked} asked, and every answer is fine. Others read only whether you talked."),
    )
    return Message(words, blocks)


def after_buttons(talk_id: int) -> list[Block]:
    """Return what anybody may answer to how a talk went."""
    return [button(label, action, talk_id) for label, action in AFTER.values()]


def told_how(one: Card) -> Message:
    """Return what the question turns into once it is answered."""
    told = TOLD[one.said] if one.said else OVER
    words = told.format(other=other_of(one), about=bold(one.initiative.name))
    if one.said is not Event.MET:
        return Message(words, (section(words),))
    if one.is_host:
        row = actions([learned_button(one.talk.id)])
        return Message(words, (section(words), row))
    return Message(words, (section(words), context(notes_read(one))))


def learned_button(talk_id: int) -> Block:
    """Return *Note what you learned*, for who held a talk."""
    return button("Note what you learned", Act.TALK_LEARNED, talk_id)


def learned_form(form: Learned) -> Modal:
    """Return the short form for what was learned; everything in it is optional."""
    one, before = form.card, form.before
    codes = [
        option(label, code.value)
        for code, label in BARRIERS.items()
        if code is not Barrier.RATHER_NOT_SAY
    ]
    chosen = next((one for one in codes if before and one["value"] == before.barrier), None)
    select = {"type": "static_select", "options": codes, "placeholder": plain("Choose one")}
    if chosen:
        select["initial_option"] = chosen
    words = text_box(initial=before.words if before else "", limit=NOTE_LONGEST, lines=True)
    blocks = (
        section(f"About {bold(one.initiative.name)}. {_who_reads(one)}"),
        *_about_whom(form),
        entry(BARRIER, "What gets in the way most?", select, optional=True),
        entry(
            WORDS,
            f"What did {_they(one)} say?",
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


def _who_reads(one: Card) -> str:
    if one.talk.form is TalkForm.GROUP:
        return "Those it is about read this and can put it right."
    other = name_of(one.with_whom)
    if one.talk.by_sponsor:
        return f"{other} and {name_of(one.talk.offered_by)} read this; {other} can put it right."
    return f"{other} reads this and can put it right."


def _they(one: Card) -> str:
    return one.with_whom.name if one.with_whom else "they"


def _about_whom(form: Learned) -> list[Block]:
    """Return the field that says whom of a group a note is about."""
    if form.card.talk.form is not TalkForm.GROUP:
        return []
    everybody = option("Everybody who came", EVERYBODY)
    options = [everybody, *(option(one.name or "Somebody", one.id) for one in form.people)]
    select = {"type": "static_select", "options": options, "initial_option": everybody}
    hint = "What is about one person, only they and those who lead this read; else all who came."
    return [entry(ABOUT, "Whom is it about?", select, hint=hint)]


def learned(form: Learned) -> Modal:
    """Return what the form turns into."""
    one = form.card
    group = one.talk.form is TalkForm.GROUP
    words = (
        "Kept. Those it is about find it in `/buyin me`."
        if group
        else f"Kept. {name_of(one.with_whom)} finds it in `/buyin me`."
    )
    return Modal(NOTICE, "Thank you", (section(words),), close="Close")


def correct_form(one: Card, note: Note) -> Modal:
    """Return the form with which somebody puts right what was noted about them."""
    blocks = (
        section(f"{_noted(note)}\n{note_words(note)}"),
        entry(
            WORDS,
            "How is it really?",
            text_box(initial=note.corrected_by(one.reader.id), limit=NOTE_LONGEST, lines=True),
            hint=(f"{note.by.name or 'Who led the talk'} reads it beside the note."),
        ),
    )
    about = note_value(one.talk.id, note)
    return Modal(Form.TALK_CORRECT, "Put it right", blocks, submit="Keep it", metadata=about)


def note_value(talk_id: int, note: Note) -> str:
    """Return what a button about a note carries: the talk, and whether it is about one of many."""
    return f"{talk_id}:{ALONE}" if note.about else str(talk_id)


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

UNSENT = {
    Origin.SUGGESTED: (
        "The offer of a talk with {host} goes out to {guest} in a week without a check-in."
    ),
    Origin.ASKED: "The offer of a talk with {host} goes out to {guest} in their working hours.",
}
"""What is read before an offer is before its guest: nobody waits for their answer yet."""

TOGETHER = {
    State.AGREED: "A talk together with {host} on {day}. Coming so far: {guests}.",
    State.HELD: "{everybody} talked together on {day}.",
    State.NOT_HELD: "{everybody} were to talk together on {day}; it didn't come about.",
    State.CANCELLED: "A talk together with {host} was called off ({day}).",
}
TOGETHER_OVER = "A talk together with {host} is over; nobody said more about it ({day})."
ANSWERED = {
    True: "Your answer: *I'll come*.",
    False: "Your answer: *No, thanks*. Nothing is concluded from it.",
    None: "You haven't answered. That's fine; nothing is concluded from it.",
}


def line(one: HeldTalk) -> str:
    """Return what is read about one talk, by owners and by its guests alike."""
    talk = one.talk
    host = mention(talk.host.slack_user_id) if talk.host else "who leads it"
    if talk.form is TalkForm.GROUP:
        coming = [mention(each.person.slack_user_id) for each in talk.group if each.comes]
        words = TOGETHER.get(talk.state, TOGETHER_OVER)
        guests, all_of_us = listed(coming) or "nobody yet", listed([host, *coming])
        return words.format(host=host, guests=guests, everybody=all_of_us, day=day(one.on))
    guest = mention(talk.guest.slack_user_id) if talk.guest else "Several people"
    words = UNSENT[talk.origin] if _is_unsent(talk) else LINES[talk.state]
    return words.format(guest=guest, host=host, day=day(one.on))


def _is_unsent(talk: Conversation) -> bool:
    return talk.state is State.OFFERED and talk.offered_at is None


def waiting(one: HeldTalk) -> list[Block]:
    """Return an offer that waits for somebody else, which who made it can take back."""
    back = button("Take it back", Act.TALK_WITHDRAW, one.talk.id)
    return [section(line(one)), actions([back], f"talk.{one.talk.id}.back")]


def note_lines(note: Note) -> str:
    """Return what was noted and put right."""
    told = [f"{_noted(note)}\n{note_words(note)}"]
    for right in note.corrections:
        told.append(f"{mention(right.by.slack_user_id)} put it right:\n{quoted(right.words)}")
    return "\n".join(told)


def _noted(note: Note) -> str:
    about = f" about {mention(note.about.slack_user_id)}" if note.about else ""
    return f"{name_of(note.by)} noted{about} on {day(note.on)}:"


def note_words(note: Note) -> str:
    """Return a note, as its author chose and wrote it."""
    told = [f">What gets in the way: {BARRIERS[Barrier(note.barrier)]}"] if note.barrier else []
    return "\n".join([*told, *([quoted(note.words)] if note.words else [])])


def blocks(one: HeldTalk, *said: str) -> list[Block]:
    """Return a talk and what was noted about it, for owners; `said` comes after its line."""
    first = "\n".join([line(one), *said])
    notes = [note_lines(note) for note in one.notes]
    if len(notes) == 1:
        return [section(f"{first}\n{notes[0]}")]
    return [section(first), *map(section, notes)]


def held_blocks(talks: Sequence[HeldTalk], reader: Person) -> list[Block]:
    """Return somebody's talks about one initiative, for `/buyin me`, newest first."""
    found: list[Block] = []
    for one in talks[:SHOWN]:
        first = "\n".join([line(one), *_own_answer(one, reader)])
        found += with_notes(one, first)
    if found:
        found.insert(0, section("*Talks*"))
    return found


def with_notes(one: HeldTalk, first: str) -> list[Block]:
    """Return a talk, which `first` tells of, and what was noted about its reader to put right."""
    if not one.notes:
        return [section(first)]
    told = [note_lines(note) for note in one.notes]
    told[0] = f"{first}\n{told[0]}"
    found: list[Block] = []
    for words, note in zip(told, one.notes, strict=True):
        right = button("Put it right", Act.TALK_CORRECT, note_value(one.talk.id, note))
        found += [section(words), actions([right])]  # beside it a phone leaves words no room
    return found


def _own_answer(one: HeldTalk, reader: Person) -> list[str]:
    """Return what the reader answered, which nobody else reads but in what became of the talk."""
    mine, told = one.talk.invites(reader.id), []
    if mine:
        told.append(ANSWERED[mine.comes])
    said = [each.event for each in one.said if each.by == reader.id and each.event in AFTER]
    if said:
        told.append(f"How it went, you said: *{AFTER[said[-1]][0]}*.")
    return told
