"""Short answers that belong to no subject: refusals, unknown commands, help."""

from bot.views.kit import Message, Modal, context, said, section

NOT_SAVED = "I couldn't save that just now, so nothing was changed. Please try again in a minute."
NOT_SHOWN = "Slack didn't let me show that in time. Please try once more."
UNKNOWN = "That belongs to another version of Buy-in. Type `/buyin` to see what is open for you."

NOTICE = "notice"
"""The callback id of a dialog that only tells something."""

COMMANDS = (
    ("/buyin", "what is open for you, and your check-in"),
    ("/buyin me", "everything this app holds about you"),
    ("/buyin steps", "steps you chose, and what people could do for what you lead"),
    ("/buyin talks", "talks offered to you or agreed on; ask for one"),
    ("/buyin settings", "your hours, days, holidays, and who sees your answers"),
    ("/buyin away until Friday", "nothing before that day; `/buyin away off` ends it"),
    ("/buyin stop · /buyin resume", "no more messages · messages again"),
    ("/buyin new", "launch an initiative"),
    ("/buyin status", "where your initiative stands"),
    ("/buyin plan", "how many hear from me in the next 60 days; `/buyin plan me`: what you get"),
    ("/buyin ask", "start a round now"),
    ("/buyin post", "tell the team what moved"),
    ("/buyin edit", "rounds, questions, a pause, who is asked and who leads it"),
    ("/buyin hours", "when people may have a talk with you, and your calendar"),
    ("/buyin end", "end your initiative and thank everyone"),
)


def refused(words: str) -> Message:
    """Return the answer to something that cannot be done; `words` say what to do."""
    return Message(words, (section(words),))


def refused_modal(words: str) -> Modal:
    """Return what a dialog turns into when its submission cannot be taken."""
    return Modal(NOTICE, "Nothing was changed", (section(words),), close="Close")


def dialog(message: Message) -> Modal:
    """Return a message as a dialog, for places that have no room for messages."""
    return Modal(NOTICE, "Buy-in", message.blocks, close="Close")


def help_text() -> Message:
    """Return the list of commands."""
    lines = "\n".join(f"`{command}`: {what}" for command, what in COMMANDS)
    return Message(f"What Buy-in can do:\n{lines}", (section(lines),))


def unknown_command(subcommand: str) -> Message:
    """Return the answer to a subcommand that does not exist."""
    words = f"I don't know `/buyin {said(subcommand[:40])}`. Nothing was changed. What I know:"
    listing = help_text()
    return Message(f"{words}\n{listing.text}", (section(words), *listing.blocks))


def unknown_click() -> Message:
    """Return the answer to a button that this version does not know."""
    return Message(UNKNOWN, (context(UNKNOWN),))
