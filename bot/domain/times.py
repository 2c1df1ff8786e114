"""What people set about when they can be written to, checked as they give it."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.domain.calendars import CLOSES, DAY, MONDAY_TO_FRIDAY, OPENS, Calendar

NO_HOLIDAYS = ""
"""Chosen instead of a country: public holidays are days like any other."""

LEAST_HOURS = timedelta(hours=2)
"""Own hours are at least this long, so that what is due fits in."""

OPENS_FIELD, CLOSES_FIELD, DAYS_FIELD = "opens", "closes", "days"
HOLIDAYS_FIELD, AWAY_FIELD = "holidays", "away"

NO_TIME = "Choose a time of day, such as 09:30."
TOO_SHORT = "That's less than two hours. I need at least two hours on a day."
NO_DAY = "Choose at least one day of the week."

CLOCK = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d")


@dataclass(frozen=True, slots=True)
class Times:
    """What one person set, and what Slack says of them; None is what everybody has."""

    opens: time | None = None
    closes: time | None = None
    days: frozenset[int] | None = None
    """Days of the week; 0 is Monday."""
    holidays: str | None = None
    """A country, or country and region (`DE-BY`); `NO_HOLIDAYS` for none."""
    away_until: date | None = None
    """The first day back, in their own zone."""
    quiet: tuple[datetime, datetime] | None = None
    """Slack's next do-not-disturb window."""

    @property
    def has_hours(self) -> bool:
        """Whether they set hours of their own."""
        return self.opens is not None and self.closes is not None

    def calendar(self, tz: str, holidays: frozenset[date]) -> Calendar:
        """Return the calendar that follows, in the zone `tz` with these public holidays."""
        return Calendar(
            tz=tz,
            opens=self.opens or OPENS,
            closes=self.closes or CLOSES,
            days=MONDAY_TO_FRIDAY if self.days is None else self.days,
            holidays=holidays,
            away_until=self.away_until,
            quiet=(self.quiet,) if self.quiet else (),
        )


NOTHING_SET = Times()


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody filled into the form, as it came: `09:30`, `0`…`6`, a place, a local date.

    Hours that end before they begin run through the night.
    """

    opens: str
    closes: str
    days: tuple[str, ...]
    holidays: str = ""
    away_until: date | None = None


def errors_in(given: Given) -> dict[str, str]:
    """Return what is wrong with hours and days, by field, in one sentence each."""
    opens, closes = _clock(given.opens), _clock(given.closes)
    wrong = {}
    if opens is None:
        wrong[OPENS_FIELD] = NO_TIME
    if closes is None:
        wrong[CLOSES_FIELD] = NO_TIME
    if opens and closes and _length(opens, closes) < LEAST_HOURS:
        wrong[CLOSES_FIELD] = TOO_SHORT
    if not _days(given.days):
        wrong[DAYS_FIELD] = NO_DAY
    return wrong


def hours_in(given: Given) -> tuple[time, time] | tuple[None, None]:
    """Return the hours that were given; None twice for those that everybody has."""
    opens, closes = _clock(given.opens), _clock(given.closes)
    if opens is None or closes is None or (opens, closes) == (OPENS, CLOSES):
        return None, None
    return opens, closes


def days_in(given: Given) -> frozenset[int] | None:
    """Return the days of the week that were given; None for those that everybody has."""
    days = _days(given.days)
    return None if days == MONDAY_TO_FRIDAY else days


def _clock(written: str) -> time | None:
    return time.fromisoformat(written) if CLOCK.fullmatch(written) else None


def _length(opens: time, closes: time) -> timedelta:
    """Return how long hours are, over midnight if they end before they begin; 0 if at once."""
    start, end = datetime.combine(date.min, opens), datetime.combine(date.min, closes)
    return end - start if end >= start else end + DAY - start


def _days(written: tuple[str, ...]) -> frozenset[int]:
    return frozenset(int(day) for day in written if re.fullmatch("[0-6]", day))
