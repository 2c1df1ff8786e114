"""What somebody reads when asking stops for a while."""

from bot.domain.outbox import Kind
from bot.domain.pauses import PauseNote
from bot.views.ids import Act
from bot.views.kit import Message, actions, bold, button, day, local_day, section
from bot.views.reasons import why_button


def note(one: PauseNote) -> Message:
    """Return the one message about a pause: nothing to do."""
    own = one.stakeholder
    until = day(local_day(one.until, own.person.tz))
    words = f"I'll stop asking about {bold(one.initiative.name)} until {until}. Nothing to do."
    row = [
        button("Resume", Act.PLACE_RESUME, own.id),
        button("Stop for good", Act.PLACE_STOP, own.id),
        why_button(Kind.PAUSE_NOTE, one.id),
    ]
    return Message(words, (section(words), actions(row, f"pause.{one.id}")))
