"""What people read around a round: what comes next, and that one was started by hand."""

from bot.domain.pulses import AskedNow, Mine
from bot.views.kit import Message, bold, day, section

LEADING = "If you lead something: `/buyin status` shows where it stands, `/buyin new` launches one."


def nothing_open(mine: Mine) -> Message:
    """Return what comes next, because nothing is open now."""
    if not mine.coming:
        words = f"Nothing is open for you, and nobody asks you about anything here. {LEADING}"
        return Message(words, (section(words),))
    lines = ["Nothing is open for you right now."]
    for coming in mine.coming:
        when = f"comes on {day(coming.on)} or a little later" if coming.on else "has no date yet"
        lines.append(f"• {bold(coming.name)}: the next check-in {when}.")
    lines.append(LEADING)
    words = "\n".join(lines)
    return Message(words, (section(words),))


def asked_now(asked: AskedNow) -> Message:
    """Return coarse numbers about a round that an owner just started."""
    words = (
        f"Round {asked.number} of {bold(asked.initiative.name)} is open: {asked.asked} asked,"
        f" {asked.not_this_week} not this week. Everyone gets it in their own working hours."
    )
    return Message(words, (section(words),))
