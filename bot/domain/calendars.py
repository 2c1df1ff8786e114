"""Wall-clock rules: people's hours, working days and local days, right in every time zone.

Moments are aware and come back in UTC; `tz` is an IANA name such as `Europe/Paris`. Rules about a
person take their `Calendar`; a zone's name alone stands for somebody there who set nothing.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from hashlib import blake2b
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

OPENS, CLOSES = time(9, 30), time(16, 30)
"""Messages go out from half past nine until before half past four, local time."""

DAY = timedelta(days=1)
MIDNIGHT = time(0)
MONDAY_TO_FRIDAY = frozenset(range(5))

HORIZON = 366
"""Days within which a working day is looked for."""

NEVER = datetime(9000, 1, 1, tzinfo=UTC)
"""Stands for "no such moment within a year"; far enough, and safe to calculate with."""

NEVER_DAY = date(9000, 1, 2)
"""The same for days; in every zone it begins after `NEVER`."""


@lru_cache(maxsize=512)
def zone(tz: str) -> ZoneInfo:
    """Return the zone called `tz`; UTC for a name that this machine does not know.

    Slack may name a zone that is newer than our tables; UTC is late at worst, never wrong.
    """
    try:
        return ZoneInfo(tz)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def local_date(moment: datetime, tz: str) -> date:
    """Return the date that `moment` falls on in `tz`."""
    return moment.astimezone(zone(tz)).date()


def at_local(day: date, at: time, tz: str) -> datetime:
    """Return the moment when clocks in `tz` show `at` on `day`.

    A time that daylight saving skips is moved forward by the skipped span; of a time that comes
    twice the first is taken.
    """
    return datetime.combine(day, at.replace(fold=0), zone(tz)).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Calendar:
    """When one person may be written to, in their own time zone.

    Hours that close before they open run through the night and belong to the day on which they
    begin; hours that close when they open are the whole day.
    """

    tz: str = "UTC"
    opens: time = OPENS
    closes: time = CLOSES
    days: frozenset[int] = MONDAY_TO_FRIDAY
    """Days of the week on which they work; 0 is Monday."""
    holidays: frozenset[date] = frozenset()
    away_until: date | None = None
    """The first day back."""
    quiet: tuple[tuple[datetime, datetime], ...] = ()
    """Do-not-disturb: from (included) until (not any more)."""

    @staticmethod
    def of(tz: str) -> "Calendar":
        """Return the calendar of somebody in `tz` who set nothing."""
        return _usual(tz)

    @property
    def day_begins(self) -> time:
        """When one working day ends and the next begins: midnight, or when the night is over."""
        return MIDNIGHT if self.opens < self.closes else self.closes


Whose = Calendar | str
"""Somebody's calendar, or the zone of somebody who set nothing."""


@lru_cache(maxsize=512)
def _usual(tz: str) -> Calendar:
    return Calendar(tz)


USUAL = Calendar()


def calendar_of(whose: Whose) -> Calendar:
    """Return the calendar that `whose` is or stands for."""
    return whose if isinstance(whose, Calendar) else _usual(whose)


def day_of(moment: datetime, whose: Whose) -> date:
    """Return the working day that `moment` belongs to; a night shift is the day it begins on."""
    calendar = calendar_of(whose)
    local = moment.astimezone(zone(calendar.tz))
    return local.date() if local.time() >= calendar.day_begins else local.date() - DAY


def day_after(moment: datetime, whose: Whose) -> datetime:
    """Return when the working day after the one of `moment` begins."""
    calendar = calendar_of(whose)
    day = day_of(moment, calendar)
    while True:  # a whole day may be missing where a zone moved over the date line
        day += DAY
        start = at_local(day, calendar.day_begins, calendar.tz)
        if start > moment:
            return start


def is_working_day(day: date, whose: Whose = USUAL) -> bool:
    """Return whether the person works on `day`; without one: whether people do."""
    calendar = calendar_of(whose)
    return day.weekday() in calendar.days and not _is_off(day, calendar)


def add_working_days(day: date, count: int, whose: Whose = USUAL) -> date:
    """Return the `count`-th working day after `day`; 0 is `day` itself, or else the next.

    `NEVER_DAY` if there is none within a year.
    """
    calendar = calendar_of(whose)
    if count == 0 and not is_working_day(day, calendar):
        count = 1
    for _ in range(count):
        day = _next_day(day + DAY, calendar)
    return day


def working_day_before(day: date, count: int, whose: Whose = USUAL) -> date:
    """Return the `count`-th working day before `day` (`count` at least 1).

    Being away does not matter: how long it has lasted is not known.
    """
    calendar = calendar_of(whose)
    for _ in range(count):
        day -= DAY
        for _ in range(HORIZON):
            if day.weekday() in calendar.days and day not in calendar.holidays:
                break
            day -= DAY
    return day


def _is_off(day: date, calendar: Calendar) -> bool:
    away = calendar.away_until is not None and day < calendar.away_until
    return away or day in calendar.holidays


def _next_day(day: date, calendar: Calendar) -> date:
    """Return the first working day from `day` on, or `NEVER_DAY`."""
    if day >= NEVER_DAY:
        return NEVER_DAY
    if calendar.away_until is not None and day < calendar.away_until:
        day = calendar.away_until
    for _ in range(HORIZON):
        if is_working_day(day, calendar):
            return day
        day += DAY
    return NEVER_DAY


def is_working_moment(moment: datetime, whose: Whose) -> bool:
    """Return whether `moment` is inside the hours of one of the person's working days."""
    calendar = calendar_of(whose)
    return _in_hours(moment, calendar) and not _is_quiet(moment, calendar)


def _in_hours(moment: datetime, calendar: Calendar) -> bool:
    local = moment.astimezone(zone(calendar.tz))
    day, at = local.date(), local.time()
    if calendar.opens < calendar.closes:
        return calendar.opens <= at < calendar.closes and is_working_day(day, calendar)
    if at >= calendar.opens:
        return is_working_day(day, calendar)
    began = day - DAY
    return at < calendar.closes and is_working_day(began, calendar) and not _is_off(day, calendar)


def _is_quiet(moment: datetime, calendar: Calendar) -> bool:
    return any(start <= moment < end for start, end in calendar.quiet)


def _after_quiet(moment: datetime, calendar: Calendar) -> datetime:
    for start, end in sorted(calendar.quiet):
        if start <= moment < end:
            moment = end
    return moment


def next_working_moment(moment: datetime, whose: Whose, late: timedelta = timedelta(0)) -> datetime:
    """Return `moment` if it is inside working hours, else when they next begin plus `late`.

    `late` (at most a few hours) spreads what would otherwise all begin at half past nine; where
    it would lead out of the hours again, it is left out. `NEVER` or later if there are no
    working hours within a year (of the return of somebody who is away).
    """
    calendar = calendar_of(whose)
    found = moment.astimezone(UTC)
    if is_working_moment(found, calendar):
        return found
    while not is_working_moment(found, calendar):
        after = _after_quiet(found, calendar)
        found = after if after > found else _next_opening(found, calendar)
        if found >= NEVER:
            return found
    return found + late if late and is_working_moment(found + late, calendar) else found


def next_opening(moment: datetime, whose: Whose) -> datetime:
    """Return the first moment after `moment` when working hours begin.

    `NEVER` or later as in `next_working_moment`.
    """
    calendar = calendar_of(whose)
    found = next_working_moment(moment, calendar)
    if found > moment:
        return found
    return next_working_moment(_next_opening(found, calendar), calendar)


def _next_opening(moment: datetime, calendar: Calendar) -> datetime:
    """Return when working hours begin next after `moment`, do-not-disturb aside."""
    start = _opening(local_date(moment, calendar.tz), calendar)
    while start <= moment < NEVER:
        start = _opening(local_date(start, calendar.tz) + DAY, calendar)
    return max(start, moment)


@lru_cache(maxsize=8192)
def _opening(day: date, calendar: Calendar) -> datetime:
    """Return when working hours begin on the first working day from `day` on, or `NEVER`."""
    while True:
        day = _next_day(day, calendar)
        start = min(at_local(day, calendar.opens, calendar.tz), NEVER)
        if start == NEVER or _in_hours(start, calendar):  # not if the zone left out that time
            return start
        day += DAY


def jitter(seed: str, minutes: int) -> timedelta:
    """Return between 0 and `minutes` minutes, to the second, always the same for one `seed`."""
    digest = blake2b(seed.encode(), digest_size=8).digest()
    return timedelta(seconds=int.from_bytes(digest) % (minutes * 60 + 1))


def last_day(closes_at: datetime, tz: str) -> date:
    """Return the last date in `tz` on which something that closes at `closes_at` is open."""
    return local_date(closes_at - timedelta(seconds=1), tz)


def day_words(day: date, today: date) -> str:
    """Return how people name `day`: today, tomorrow, Friday or Mon 17 March."""
    ahead = (day - today).days
    if ahead in (0, 1):
        return ("today", "tomorrow")[ahead]
    return f"{day:%A}" if 1 < ahead < 7 else f"{day:%a} {day.day} {day:%B}"
