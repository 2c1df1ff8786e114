"""What people set about when they can be written to, checked as they give it."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.domain.calendars import CLOSES, MONDAY_TO_FRIDAY, OPENS, Calendar

NO_HOLIDAYS = ""
"""Chosen instead of a country: public holidays are days like any other."""

LEAST_HOURS = timedelta(hours=2)
"""Own hours are at least this long, so that what is due fits in."""

OPENS_FIELD, CLOSES_FIELD, DAYS_FIELD = "opens", "closes", "days"
HOLIDAYS_FIELD, AWAY_FIELD = "holidays", "away"


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
