"""When somebody has talks, in words, and the form in which they change it."""

from collections.abc import Iterable
from datetime import datetime, time
from zoneinfo import ZoneInfo

from bot.domain.busy import AHEAD, LONGEST_ADDRESS, Feed, Problem
from bot.domain.talk_hours import DAY_NAMES, MyTalks, TalkHours
from bot.views.ids import Act, Form
from bot.views.kit import (
    Block,
    Message,
    Modal,
    actions,
    button,
    confirm,
    context,
    count,
    day,
    entry,
    section,
    text_box,
)
from bot.views.settings import days_words

HOURS_FIELD, FEED_FIELD = "hours", "feed"
LONGEST_HOURS = 300
TITLE = "Hours for talks"
WHENEVER = "whenever you work"
EXAMPLE = "Tue 9-11, Thu 14:00-16:30"
SAVED = "Saved. It holds for the times I offer from now on."
READING = "Saved. I'm reading your calendar: a few seconds…"
CONNECTED = "Connected: I keep free what your calendar has."
FORGOTTEN = "Your calendar's address and everything read from it are deleted."
NO_CALENDAR = "No calendar connected: I know your hours, and the talks agreed here."
WHERE = (
    "Google Calendar: Settings, your calendar, “Secret address in iCal format”. Outlook: Settings, "
    "Shared calendars, Publish a calendar, ICS. I keep when you're busy and nothing else, no "
    "titles. The address is stored encrypted and never shown again."
)
PROBLEMS = {
    Problem.NOT_AN_ADDRESS: (
        "That isn't the address of a calendar: copy all of it, from https or webcal on."
    ),
    Problem.NOT_SECURE: (
        "That address isn't encrypted, so others could read your calendar on the way: take the one "
        "that begins with https."
    ),
    Problem.NOT_PUBLIC: (
        "That address leads into a private network, and I only read calendars on the public "
        "internet."
    ),
    Problem.UNREACHABLE: "I couldn't reach the server that has the calendar.",
    Problem.REFUSED: "The calendar's server doesn't let me read that address: copy it anew.",
    Problem.TOO_MANY_REDIRECTS: "That address sends me from one place to the next without end.",
    Problem.TOO_SLOW: "The calendar took too long to come.",
    Problem.TOO_BIG: "That calendar is larger than 5 MB, which is more than I read.",
    Problem.NOT_A_CALENDAR: (
        "What is at that address isn't a calendar: take the address in iCal format (.ics)."
    ),
    Problem.BROKEN: "That calendar is damaged or cut off, so I can't tell when you're busy.",
    Problem.TOO_MUCH: "That calendar repeats things so often that I can't work it out.",
    Problem.KEY_CHANGED: "I can't decrypt the calendar's address any more: paste it again.",
}
"""One sentence for each."""


def open_button() -> Block:
    """Return the button that opens the form."""
    return button(TITLE, Act.TALK_HOURS)


def form(mine: MyTalks) -> Modal:
    """Return the form; the hours that hold are filled in, the calendar's address never is."""
    blocks = (
        context(f"Times I offer are always in your own hours, too: {_own(mine)}."),
        entry(
            HOURS_FIELD,
            "Offer talks with me on",
            text_box(initial=written(mine.hours), limit=LONGEST_HOURS, placeholder=EXAMPLE),
            hint=f"Days and hours in your time zone. Empty: {WHENEVER}.",
            optional=True,
        ),
        section(feed_line(mine)),
        *_forget(mine),
        entry(
            FEED_FIELD,
            "Connect another calendar" if mine.feed else "Private address of your calendar",
            text_box(limit=LONGEST_ADDRESS, placeholder="https://…/basic.ics"),
            hint=WHERE,
            optional=True,
        ),
    )
    return Modal(Form.TALK_HOURS, TITLE, blocks, submit="Save")


def saved(mine: MyTalks) -> Modal:
    """Return what the form turns into once the hours are saved."""
    return _ended(SAVED, mine)


def reading(mine: MyTalks) -> Modal:
    """Return what the form turns into while a calendar is read for the first time."""
    return _closing(section(READING), section(hours_line(mine)))


def connected(mine: MyTalks) -> Modal:
    """Return what the form turns into once the calendar was read."""
    return _ended(CONNECTED, mine)


def not_connected(mine: MyTalks, problem: Problem) -> Modal:
    """Return what the form turns into if the calendar could not be read."""
    return _ended(f"{PROBLEMS[problem]} The calendar wasn't connected.", mine)


def forgotten(mine: MyTalks) -> Modal:
    """Return the form again once the calendar is forgotten."""
    shown = form(mine)
    return Modal(
        shown.callback_id,
        shown.title,
        (section(FORGOTTEN), *shown.blocks),
        submit=shown.submit,
    )


def told(mine: MyTalks) -> Message:
    """Return the answer to `/buyin hours` and what was written after it."""
    words = f"{SAVED}\n{lines(mine)}"
    return Message(words, (section(words), actions([open_button()], "talk_hours")))


def as_message(modal: Modal) -> Message:
    """Return what a form turned into as a message, for somebody who closed it."""
    words = next(block["text"]["text"] for block in modal.blocks if block["type"] == "section")
    return Message(words, modal.blocks)


def lines(mine: MyTalks) -> str:
    """Return when somebody has talks and how their calendar is doing, a line each."""
    return f"{hours_line(mine)}\n{feed_line(mine)}"


def hours_line(mine: MyTalks) -> str:
    """Return when somebody has talks."""
    words = f"*{TITLE}:* {_in_words(mine.hours)}, in your hours ({_own(mine)})"
    outside = mine.hours.outside(mine.calendar)
    if outside:  # their hours were changed since
        words += f". Not in your hours, so never offered: {_in_words(TalkHours(outside))}"
    return words


def feed_line(mine: MyTalks) -> str:
    """Return how the calendar of somebody is doing, and what is kept free by it."""
    feed = mine.feed
    if feed is None:
        return f"*Calendar:* {NO_CALENDAR}"
    words = f"*Calendar:* {_worked(mine, feed)}"
    if feed.problem and feed.tried_at:
        tried = _when(feed.tried_at, mine)
        words = f"*Calendar:* couldn't be read on {tried}. {PROBLEMS[feed.problem]} {_old(mine)}"
    if feed.unread:
        events, they = (
            count(feed.unread, "event"),
            "it isn't" if feed.unread == 1 else "they aren't",
        )
        words = f"{words} I didn't understand {events}, so {they} kept free."
    return words


def written(hours: TalkHours) -> str:
    """Return hours as somebody would write them: `Tue 9:00-11:00, Thu 14:00-16:30`."""
    return ", ".join(
        f"{DAY_NAMES[one.day][:3].capitalize()} {_clock(one.opens)}-{_clock(one.closes)}"
        for one in hours.weekly
    )


def _ended(words: str, mine: MyTalks) -> Modal:
    return _closing(section(words), section(lines(mine)))


def _closing(*blocks: Block) -> Modal:
    return Modal(Form.TALK_HOURS_SAVED, TITLE, blocks, close="Close")


def _forget(mine: MyTalks) -> list[Block]:
    if mine.feed is None:
        return []
    sure = confirm(
        "Forget your calendar?", "Its address and all busy times are deleted at once.", "Forget it"
    )
    return [
        actions([button("Forget this calendar", Act.FEED_FORGET, confirm=sure)], "talk_hours.feed")
    ]


def _worked(mine: MyTalks, feed: Feed) -> str:
    times = count(len(feed.busy), "busy time")
    read = f"last read on {_when(feed.worked_at, mine)}; " if feed.worked_at else ""
    return f"{read}{times} in the next {AHEAD.days} days kept free."


def _old(mine: MyTalks) -> str:
    feed = mine.feed
    if feed is None or feed.worked_at is None:
        return ""
    return f"I still keep free what I read on {_when(feed.worked_at, mine)}."


def _when(moment: datetime, mine: MyTalks) -> str:
    local = moment.astimezone(ZoneInfo(mine.calendar.tz))
    return f"{day(local)}, {local:%H:%M}"


def _own(mine: MyTalks) -> str:
    own = mine.calendar
    hours = f"{_clock(own.opens)}–{_clock(own.closes)}"
    return f"{days_words(own.days)}, {hours}, in {own.tz}"


def _in_words(hours: TalkHours) -> str:
    if not hours:
        return WHENEVER
    found: dict[tuple[time, time], list[int]] = {}
    for one in hours.weekly:
        found.setdefault((one.opens, one.closes), []).append(one.day)
    return "; ".join(_stretch(days, *clocks) for clocks, days in _in_order(found.items()))


def _in_order(
    items: Iterable[tuple[tuple[time, time], list[int]]],
) -> list[tuple[tuple[time, time], list[int]]]:
    return sorted(items, key=lambda item: (item[1], item[0]))


def _stretch(days: list[int], opens: time, closes: time) -> str:
    return f"{days_words(days)}, {_clock(opens)}–{_clock(closes)}"


def _clock(at: time) -> str:
    return f"{at.hour}:{at.minute:02}"
