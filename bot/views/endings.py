"""What people see when an initiative ends."""

from bot.domain.endings import LONGEST, Ended, Farewell, Field
from bot.domain.initiatives import KEPT_AFTER_END, Initiative
from bot.domain.outbox import Kind
from bot.views.ids import Act, Form
from bot.views.kit import (
    Block,
    Message,
    Modal,
    actions,
    bold,
    button,
    context,
    count,
    day,
    entry,
    quoted,
    section,
    text_box,
)
from bot.views.notices import NOTICE
from bot.views.people import owners
from bot.views.reasons import why_button


def end_button(initiative: Initiative) -> Block:
    """Return the button that asks an owner to end a running initiative."""
    return button("End it", Act.INITIATIVE_END, initiative.id)


def end_form(initiative: Initiative) -> Modal:
    """Return the form that thanks everyone and ends the initiative."""
    opening = (
        f"Ending {bold(initiative.name)} stops every check-in at once and can't be undone. "
        "Everyone who was introduced to it is thanked with what you write here."
    )
    return Modal(
        Form.INITIATIVE_END,
        "End this initiative?",
        (
            section(opening),
            entry(Field.ACHIEVED, "What was achieved?", text_box(limit=LONGEST, lines=True)),
            entry(
                Field.CHANGED,
                "What changed because of them?",
                text_box(limit=LONGEST, lines=True),
                hint="“Nothing, because…” is an answer too.",
            ),
            context(
                "They also read when what is held about them is deleted: "
                f"{KEPT_AFTER_END.days} days after today."
            ),
        ),
        submit="End it",
        metadata=str(initiative.id),
    )


def ended(outcome: Ended) -> Modal:
    """Return what the form turns into once the initiative has ended."""
    name = bold(outcome.initiative.name)
    thanked = f"{count(outcome.told, 'person gets', 'people get')} your thanks"
    words = f"{name} has ended. {thanked} in their own working hours; nobody is asked any more."
    return Modal(NOTICE, "It has ended", (section(words),), close="Close")


def farewell(last: Farewell) -> Message:
    """Return the last message about an initiative: thanks, in three lines."""
    name = bold(last.initiative.name)
    opening = f"{name} has ended. Thank you for taking part. {owners(last.initiative)} writes:"
    return Message(
        opening,
        (
            section(opening),
            section(f"*What was achieved*\n{quoted(last.words.achieved)}"),
            section(f"*What changed because of you*\n{quoted(last.words.changed)}"),
            section(
                f"*What I hold about you* in this initiative is deleted on {day(last.deleted_on)}. "
                "Until then `/buyin me` shows it."
            ),
            actions([why_button(Kind.FAREWELL, last.stakeholder.id)]),
            context("You get this because you were asked about it. It is the last message."),
        ),
    )
