"""What somebody reads that asks nothing of them: what changed, or a line from an owner."""

from bot.domain.gives import GiveKind, Given
from bot.views import people
from bot.views.inputs import tell_button
from bot.views.kit import Message, actions, bold, context, quoted, section, shortened

LONGEST = 700

OPENING = {
    GiveKind.INPUT_CHANGE: "You told {owner} something. This has changed since, in their words:",
    GiveKind.PROGRESS_LINE: "{owner} wrote what changed because of people:",
    GiveKind.OWNER_LINE: "{owner} wrote you a line:",
    GiveKind.BARRIER_ANSWER: "{owner} answered what you said gets in the way:",
    GiveKind.TALK_OFFER: "{owner} offers you a talk:",
}


def give(one: Given) -> Message:
    """Return the message; nothing in it asks anything."""
    owner = people.owners(one.initiative)
    opening = f"{bold(one.initiative.name)}: {OPENING[one.kind].format(owner=owner)}"
    small = "Nothing to answer. `/buyin me` shows all I hold about you; `/buyin stop` ends it."
    blocks = (
        section(opening),
        section(quoted(shortened(one.words, LONGEST))),
        actions([tell_button(one.initiative), people.stop_button()], f"give.{one.id}"),
        context(small),
    )
    return Message(opening, blocks)
