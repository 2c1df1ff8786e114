"""When somebody is written to, in words, and the form in which they change it."""

from collections.abc import Collection
from datetime import date, time

from bot.domain.calendars import CLOSES, MONDAY_TO_FRIDAY, OPENS
from bot.domain.settings import MySettings, Saved
from bot.domain.times import (
    AWAY_FIELD,
    CLOSES_FIELD,
    DAYS_FIELD,
    HOLIDAYS_FIELD,
    NO_HOLIDAYS,
    OPENS_FIELD,
)
from bot.views import people
from bot.views.ids import Act, Form
from bot.views.kit import (
    Block,
    Message,
    Modal,
    actions,
    button,
    checkboxes,
    context,
    date_picker,
    day,
    divider,
    entry,
    listed,
    option,
    section,
    text_box,
    time_picker,
    weekday,
)

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
HOW_AWAY = (
    "`/buyin away until Friday`, `until 12 May` or `for 2 weeks` keeps me quiet until then; "
    "`/buyin away off` ends it."
)
NOT_AWAY = "You aren't away, as far as I know."
BACK = "Welcome back: I write again in your hours."
WAS_BACK = "You weren't away, as far as I know, so nothing changed."
STOPPED = "You had stopped my messages; `/buyin resume` brings them back."
SAVED = "Saved. It holds from now on, for everything I send you."
SAME = "Nothing was different, so nothing changed."


def open_button() -> Block:
    """Return the button that opens the form."""
    return button("Hours, days and away", Act.SETTINGS_OPEN)


def lines(mine: MySettings) -> str:
    """Return when somebody is written to, in two or three lines."""
    return f"*When I write:* {_days(mine)}, {_hours(mine)}, in {mine.person.tz}\n{_off(mine)}"


def form(mine: MySettings) -> Modal:
    """Return the form; what holds now is filled in."""
    times = mine.person.times
    chosen = MONDAY_TO_FRIDAY if times.days is None else times.days
    options = [option(name, place) for place, name in enumerate(DAYS)]
    blocks = (
        context(
            f"Your time zone comes from Slack: {mine.person.tz}. While Slack says you're not to be "
            "disturbed, I wait, too."
        ),
        entry(OPENS_FIELD, "Messages from", time_picker(times.opens or OPENS)),
        entry(
            CLOSES_FIELD,
            "Until",
            time_picker(times.closes or CLOSES),
            hint="Earlier than the start means the next morning. At least two hours.",
        ),
        entry(DAYS_FIELD, "On", checkboxes(options, [options[day] for day in sorted(chosen)])),
        entry(
            HOLIDAYS_FIELD,
            "Not on public holidays in",
            text_box(initial=_place(mine), limit=100, placeholder="DE, DE-BY, US-CA or France"),
            hint=_usual(mine),
            optional=True,
        ),
        entry(
            AWAY_FIELD,
            "Away until (the day you're back)",
            date_picker(mine.away_until),
            hint="Nothing comes before that day. Leave it empty while you're here.",
            optional=True,
        ),
        divider(),
        section(people.settings_line(mine.person)),
        actions(people.settings_buttons(mine.person), "settings.people"),
    )
    return Modal(Form.SETTINGS, "Your settings", blocks, submit="Save")


def saved(done: Saved) -> Modal:
    """Return what the form turns into once it is saved."""
    words = SAVED if done.changed else SAME
    if done.mine.person.stopped:
        words = f"{words} {STOPPED}"
    blocks = (section(words), section(lines(done.mine)))
    return Modal(Form.SETTINGS_SAVED, "Your settings", blocks, close="Close")


def away(mine: MySettings) -> Message:
    """Return the answer to `/buyin away` alone."""
    words = _away_until(mine.away_until, mine.today) if mine.away_until else NOT_AWAY
    return _told(f"{words}\n{HOW_AWAY}")


def went_away(done: Saved) -> Message:
    """Return the answer to `/buyin away until …` and `/buyin away off`: what was understood."""
    until, stopped = done.mine.away_until, done.mine.person.stopped
    if until is None:
        words = BACK if done.changed else WAS_BACK
    else:
        words = f"{_away_until(until, done.mine.today)} `/buyin away off` ends it earlier."
    return _told(f"{words} {STOPPED}" if stopped else words)


def _told(words: str) -> Message:
    return Message(words, (section(words),))


def _away_until(until: date, today: date) -> str:
    return (
        f"Away until {weekday(until)} {_dated(until, today)}: I write again on that day at the "
        "earliest."
    )


def _dated(on: date, today: date) -> str:
    year = f" {on.year}" if on.year != today.year else ""
    return f"{on.day} {on:%B}{year}"


def _days(mine: MySettings) -> str:
    days = mine.person.times.days
    return days_words(MONDAY_TO_FRIDAY if days is None else days)


def days_words(days: Collection[int]) -> str:
    """Return `Monday to Friday`, `Sunday to Thursday` or `Monday, Tuesday and Friday`."""
    if len(days) == 7:
        return "every day"
    first = next((one for one in sorted(days) if (one - 1) % 7 not in days), 0)
    inside = [(first + n) % 7 for n in range(len(days))]
    if len(days) > 2 and set(inside) == set(days):
        return f"{DAYS[inside[0]]} to {DAYS[inside[-1]]}"
    return listed([DAYS[one] for one in sorted(days)])


def _hours(mine: MySettings) -> str:
    opens, closes = mine.person.times.opens or OPENS, mine.person.times.closes or CLOSES
    overnight = " the next morning" if closes < opens else ""
    return f"{_clock(opens)}–{_clock(closes)}{overnight}"


def _clock(at: time) -> str:
    return f"{at.hour}:{at.minute:02}"


def _off(mine: MySettings) -> str:
    parts = [f"*Public holidays:* {_holidays(mine)}"]
    if mine.away_until:
        parts.append(f"*Away:* until {day(mine.away_until)}")
    return " · ".join(parts)


def _holidays(mine: MySettings) -> str:
    if not mine.holidays:
        return "none set" if mine.person.times.holidays is None else "days like any other"
    chosen = mine.person.times.holidays is not None
    return mine.holidays if chosen else f"{mine.holidays}, as your workspace"


def _place(mine: MySettings) -> str:
    own = mine.person.times.holidays
    return "none" if own == NO_HOLIDAYS else own or ""


def _usual(mine: MySettings) -> str:
    usual = mine.workspace_holidays or "none are set"
    return f"Empty: as your workspace ({usual}). “none”: holidays are days like any other."
