"""What somebody reads that asks nothing of them: what changed, or a line from an owner."""

from bot.domain.gives import GiveKind, Given
from bot.domain.outbox import Kind
from bot.views import people
from bot.views.inputs import tell_button
from bot.views.kit import Message, actions, bold, context, quoted, section, shortened
from bot.views.reasons import why_button

LONGEST = 700

OPENING = {
    GiveKind.INPUT_CHANGE: "{owner} used something you told them. What changed, in their words:",
    GiveKind.PROGRESS_LINE: "what changed because of people, in the words of {owner}:",
    GiveKind.OWNER_LINE: "a line from {owner}:",
    GiveKind.BARRIER_ANSWER: "you said what gets in the way. {owner} answered:",
    GiveKind.TALK_OFFER: "{owner} would like to talk with you:",
}


def give(one: Given) -> Message:
    """Return the message; nothing in it asks anything."""
    about = one.initiative
    words = OPENING[one.kind].format(owner=people.owners(about))
    opening = f"{bold(about.name)}: {words}"
    said = shortened(one.words, LONGEST)
    row = [tell_button(about), why_button(Kind.GIVE, one.id)]
    blocks = (
        section(f"{opening}\n{quoted(said)}"),
        actions(row, f"give.{one.id}"),
        context("Nothing to answer."),
    )
    return Message(f"{opening}\n{quoted(said)}", blocks)
