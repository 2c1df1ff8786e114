"""What an owner sees of the step they promised, and what everyone asked reads of it."""

from datetime import timedelta

from bot.domain.commitments import DATE_FIELD, LONGEST, WORDS_FIELD, Commitment, DueStep, Ending
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
    quoted,
    said,
    section,
    text_box,
)

LATER = timedelta(weeks=1)
"""How much later a new date is unless another is picked; the day of the week suits then, too."""

SEEN = "Everyone asked reads how it went with their next check-in."

ENDINGS = {
    Ending.KEPT: "Done. Thank you for doing it.",
    Ending.PARTLY: "Partly done. Thank you for saying so.",
    Ending.NOT_KEPT: "It won't happen. Thank you for saying so.",
    Ending.MISSED: "Its day has passed.",
}


def promise_fields() -> tuple[Block, ...]:
    """Return the two form fields with which an owner may promise one step; both optional."""
    return (
        entry(
            WORDS_FIELD,
            "One thing you will do yourself",
            text_box(limit=LONGEST),
            hint="It stands in the introduction, and I'll ask you on the day how it went.",
            optional=True,
        ),
        entry(DATE_FIELD, "By when", date_picker(), optional=True),
    )


def promise_line(commitment: Commitment) -> str:
    """Return the step and its date in one line of mrkdwn, as everyone asked reads it."""
    who = said(commitment.person.name)
    return f"{who} will: {said(commitment.words)} (by {day(commitment.due_on)})"


def due_message(step: DueStep) -> Message:
    """Return the question on the day how it went."""
    when = "today" if step.is_today else f"by {day(step.commitment.due_on)}"
    words = f"You said you would, {when}:"
    text = f"You said you would, {when}: {said(step.commitment.words)}"
    return Message(
        text,
        (
            section(f"{words}\n{quoted(step.commitment.words)}"),
            actions(answers(step.commitment)),
            context(f"You promised it for {bold(step.initiative.name)}. {SEEN}"),
        ),
    )


def told_message(step: DueStep) -> Message:
    """Return what the question turns into once it is answered, with a way back."""
    how = f"New date: {day(step.commitment.due_on)}. I'll ask you again then."
    if step.commitment.ending:
        how = ENDINGS.get(step.commitment.ending, how)
    change = button("Change", Act.COMMITMENT_CHANGE, step.commitment.id)
    return Message(
        f"Saved. {how}",
        (
            section(f"You said you would:\n{quoted(step.commitment.words)}\n*{how}*"),
            actions([change]),
            context(SEEN),
        ),
    )


def date_form(step: DueStep, metadata: str) -> Modal:
    """Return the form for the one new date; `metadata` comes back with it."""
    return Modal(
        Form.COMMITMENT_MOVED,
        "A new date",
        (
            section(quoted(step.commitment.words)),
            entry(
                DATE_FIELD,
                "You'll have done it by",
                date_picker(step.commitment.due_on + LATER),
                hint="You can move it once.",
            ),
        ),
        submit="Save",
        metadata=metadata,
    )


def answers(step: Commitment) -> list[Block]:
    """Return the buttons that say how a step went; a new date is offered once."""
    choices = [
        ("Done", Act.COMMITMENT_KEPT),
        ("Partly", Act.COMMITMENT_PARTLY),
        ("New date", Act.COMMITMENT_MOVED),
        ("It won't happen", Act.COMMITMENT_NOT_KEPT),
    ]
    return [
        button(label, action, step.id)
        for label, action in choices
        if not (step.moved and action == Act.COMMITMENT_MOVED)
    ]
