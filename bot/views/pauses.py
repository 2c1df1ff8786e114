"""What somebody reads when asking stops for a while."""

from bot.domain.pauses import PauseNote
from bot.views import people
from bot.views.ids import Act
from bot.views.kit import Message, actions, bold, button, day, local_day, section


def note(one: PauseNote) -> Message:
    """Return the one message about a pause: nothing to do."""
    until = day(local_day(one.until, one.stakeholder.person.tz))
    words = f"I'll stop asking about {bold(one.initiative.name)} until {until}. Nothing to do."
    resume = button("Resume", Act.PLACE_RESUME, one.stakeholder.id)
    row = actions([resume, people.stop_button()], f"pause.{one.id}")
    return Message(words, (section(words), row))
