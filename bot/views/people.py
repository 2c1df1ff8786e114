"""Settings over all initiatives, and everything the app holds about a person."""

from collections.abc import Sequence

from bot.domain import caps
from bot.domain.initiatives import GROUP_MINIMUM, Initiative
from bot.domain.people import Appointment, Person, Settled
from bot.views import talk_lines
from bot.views.ids import Act
from bot.views.inputs import leads
from bot.views.kit import (
    Block,
    Message,
    actions,
    bold,
    button,
    confirm,
    said,
    section,
)

MOST = caps.WINDOWS[-1][1]
"""How many messages a person gets in 28 days at most."""

STOPPED = "Done: no more messages from me. `/buyin resume` brings me back."
ALREADY_STOPPED = (
    "You had stopped me before, so I send you nothing. `/buyin resume` brings me back."
)
RESUMED = (
    f"Done: you hear from me again, at most {MOST} times in 28 days. "
    "`/buyin stop` ends that at any time."
)
NEVER_STOPPED = f"Nothing was stopped, so nothing changed: at most {MOST} messages in 28 days."
GROUPED = (
    "Done: from now on you show up in group figures only, everywhere, also with what you "
    "answered before."
)
ALREADY_GROUPED = "You show up in group figures only already, so nothing changed."
NAMELESS = f"only in totals of at least {GROUP_MINIMUM} people"


def owners(initiative: Initiative) -> str:
    """Return who leads an initiative, safe inside mrkdwn."""
    return said(leads(initiative))


def does(initiative: Initiative, verb: str) -> str:
    """Return `verb` as it follows the owners: `Dana leads`, `Dana and Kim lead`."""
    return verb if len(initiative.owners) > 1 else f"{verb}s"


def taps(number: int) -> str:
    """Return how many taps a check-in is, as a word."""
    return {2: "two", 3: "three"}.get(number, str(number))


def often(initiative: Initiative) -> str:
    """Return how often an initiative asks: `about every two weeks`."""
    weeks = round(initiative.cycle_days / 7)
    words = {2: "two", 3: "three", 4: "four", 6: "six"}.get(weeks, str(weeks))
    return "about every week" if weeks == 1 else f"about every {words} weeks"


def stop_button() -> Block:
    """Return *No messages, please*: it stops everything, from every initiative."""
    return button("No messages, please", Act.PEOPLE_STOP)


def resume_button() -> Block:
    """Return the way back after *No messages, please*."""
    return button("Resume", Act.PEOPLE_RESUME)


def group_only_button() -> Block:
    """Return the button that shows a person in group figures only, everywhere."""
    words = (
        f"From then on your answers count {NAMELESS}, also the earlier ones. It can't be undone."
    )
    asked = confirm("Everywhere, for good?", words, "Only group figures")
    return button("Only group figures, everywhere", Act.PEOPLE_GROUP_ONLY, confirm=asked)


def confirm_group_only(initiative: Initiative) -> Block:
    """Return the question before going group-only in one initiative: it cannot be undone."""
    words = (
        f"From then on {leads(initiative)} {does(initiative, 'see')} none of your answers with "
        "your name, also not the earlier ones. It can't be undone."
    )
    return confirm("Only in group figures?", words, "Only group figures")


def stopped(settled: Settled, off: Sequence[Appointment] = ()) -> Message:
    """Return the answer to `/buyin stop`; `off` are the talks that it called off."""
    words = STOPPED if settled.changed else ALREADY_STOPPED
    words += talk_lines.off_too(off, settled.person.tz)
    return Message(words, (section(words), actions([resume_button()])))


def resumed(settled: Settled) -> Message:
    """Return the answer to `/buyin resume`."""
    words = RESUMED if settled.changed else NEVER_STOPPED
    return Message(words, (section(words),))


def grouped(settled: Settled) -> Message:
    """Return the answer to going group-only everywhere."""
    words = GROUPED if settled.changed else ALREADY_GROUPED
    return Message(words, (section(words),))


def grouped_here(initiative: Initiative, changed: bool) -> str:
    """Return the answer to going group-only in one initiative."""
    if not changed:
        return ALREADY_GROUPED
    return (
        f"Done: {owners(initiative)} {does(initiative, 'see')} your answers {NAMELESS} from now "
        "on, also what you answered before."
    )


def no_estimate(initiative: Initiative, changed: bool) -> str:
    """Return the answer to *Don't estimate me*."""
    who = owners(initiative)
    if not changed:
        return f"Nothing is estimated about you already: {who} {does(initiative, 'read')} answers."
    return (
        f"Done: nothing is estimated about you any more, and what was is gone. {who} still "
        f"{does(initiative, 'see')} your answers."
    )


def estimate(initiative: Initiative, changed: bool) -> str:
    """Return the answer to *Estimate me again*."""
    done = "Done" if changed else "That was so already"
    return f"{done}: `/buyin me` shows what {owners(initiative)} may read about you."


def not_my_topic(initiative: Initiative) -> str:
    """Return the answer to *Not my topic*."""
    return f"Got it. I'll tell {owners(initiative)} and won't ask you about this again."


def asked_again(initiative: Initiative) -> str:
    """Return the answer to *Ask me after all*."""
    return f"Done: I may ask you about {bold(initiative.name)} again, for {owners(initiative)}."


def month(held: int) -> str:
    """Return `2 of at most 5 messages this month`."""
    return f"{held} of at most {MOST} messages this month"


def settings_line(person: Person) -> str:
    """Return a person's settings in a line."""
    messages = "none, you stopped them" if person.stopped else "on"
    shown = "only in group figures, everywhere" if person.group_only else "as each initiative says"
    return f"*Messages:* {messages} · *Your answers:* {shown}"


def settings_buttons(person: Person) -> list[Block]:
    """Return the buttons that change a person's settings."""
    buttons = [resume_button() if person.stopped else stop_button()]
    if not person.group_only:
        buttons.append(group_only_button())
    return buttons
