"""What somebody reads that asks nothing of them: what changed, or a line from an owner."""

from bot.domain.barriers import LABELS
from bot.domain.gives import LINE_LONGEST, GiveKind, Given, LineForm
from bot.domain.initiatives import Initiative
from bot.domain.outbox import Kind
from bot.domain.todos import OneLine
from bot.views import barriers, people
from bot.views.ids import Act, Form
from bot.views.inputs import tell_button
from bot.views.kit import (
    Block,
    Message,
    Modal,
    actions,
    bold,
    button,
    context,
    count,
    entry,
    quoted,
    section,
    shortened,
    text_box,
)
from bot.views.notices import NOTICE
from bot.views.reasons import why_button

LONGEST = 700
WORDS = "words"

OPENING = {
    GiveKind.INPUT_CHANGE: "{owner} used something you told them. What changed, in their words:",
    GiveKind.PROGRESS_LINE: "what changed because of people, in the words of {owner}:",
    GiveKind.OWNER_LINE: "a line from {owner}:",
    GiveKind.BARRIER_ANSWER: "you said what gets in the way: *{what}*. {owner} answered:",
    GiveKind.TALK_OFFER: "{owner} would like to talk with you:",
}


def give(one: Given) -> Message:
    """Return the message; nothing in it asks anything, but whether something is solved."""
    if one.kind is GiveKind.BARRIER_SOLVED:
        return barriers.solved_question(one)
    about = one.initiative
    words = OPENING[one.kind].format(
        owner=people.owners(about), what=LABELS[one.barrier] if one.barrier else ""
    )
    opening = f"{bold(about.name)}: {words}"
    said = shortened(one.words, LONGEST)
    row = [tell_button(about), why_button(Kind.GIVE, one.id)]
    blocks = (
        section(f"{opening}\n{quoted(said)}"),
        actions(row, f"give.{one.id}"),
        context("Nothing to answer."),
    )
    return Message(f"{opening}\n{quoted(said)}", blocks)


# --- what an owner reads and writes --------------------------------------------------------------


def one_line_blocks(todo: OneLine, initiative: Initiative) -> list[Block]:
    """Return the wish for a line; a number of people and nobody's name."""
    who = count(todo.people, "person", "people")
    words = (
        "*One line from you does more than another question from me.* I have no news for "
        f"{who} who could use some. Write a line, and I'll pass it on."
    )
    return [section(words), actions([button("Write a line", Act.LINE_WRITE, initiative.id)])]


def line_form(form: LineForm) -> Modal:
    """Return the form for a line."""
    who = count(form.people, "person gets", "people get")
    words = (
        f"About {bold(form.initiative.name)}. {who} it once, as yours, in their own hours. I don't "
        "show who."
    )
    return Modal(
        Form.LINE_WRITE,
        "One line from you",
        (
            section(words),
            entry(
                WORDS,
                "What would you tell them?",
                text_box(limit=LINE_LONGEST, lines=True),
                hint="What changed, what you heard, or what you don't know yet.",
            ),
        ),
        submit="Send",
        metadata=str(form.initiative.id),
    )


def line_written(form: LineForm) -> Modal:
    """Return what the form turns into once the line is kept."""
    who = count(form.people, "person gets", "people get")
    words = f"Kept: {who} it once, in their own hours, between check-ins."
    return Modal(NOTICE, "Thank you", (section(words),), close="Close")
