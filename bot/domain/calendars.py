"""Wall-clock rules: working hours, working days and local days, right in every time zone.

Moments are aware and come back in UTC; `tz` is an IANA name such as `Europe/Paris`. Public
holidays are not known here yet: a working day is Monday to Friday.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from hashlib import blake2b
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

OPENS, CLOSES = time(9, 30), time(16, 30)
"""Messages go out from half past nine until before half past four, local time."""

DAY = timedelta(days=1)
FRIDAY = 4
MIDNIGHT = time(0)


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


def is_working_day(day: date) -> bool:
    """Return whether people work on `day`."""
    return day.weekday() <= FRIDAY


def add_working_days(day: date, count: int) -> date:
    """Return the `count`-th working day after `day`; 0 is `day` itself, or else the next."""
    if count == 0 and not is_working_day(day):
        count = 1
    for _ in range(count):
        day = _step(day, 1)
    return day


def working_day_before(day: date, count: int) -> date:
    """Return the `count`-th working day before `day` (`count` at least 1)."""
    for _ in range(count):
        day = _step(day, -1)
    return day


def _step(day: date, direction: int) -> date:
    day += direction * DAY
    while not is_working_day(day):
        day += direction * DAY
    return day


def is_working_moment(moment: datetime, tz: str) -> bool:
    """Return whether `moment` is inside the hours of a working day in `tz`."""
    local = moment.astimezone(zone(tz))
    return is_working_day(local.date()) and OPENS <= local.time() < CLOSES


def next_working_moment(moment: datetime, tz: str, late: timedelta = timedelta(0)) -> datetime:
    """Return `moment` if it is inside working hours, else when they next begin plus `late`.

    `late` (at most a few hours) spreads what would otherwise all begin at half past nine.
    """
    if is_working_moment(moment, tz):
        return moment.astimezone(UTC)
    day = local_date(moment, tz)
    while True:
        start = at_local(day, OPENS, tz)
        if start >= moment and is_working_moment(start, tz):
            return start + late
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
