"""Rounds: numbered windows of whole local days that follow one another without a gap."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.calendars import CLOSES, DAY, MIDNIGHT, at_local, local_date, zone
from bot.domain.questions import EVERY, Questions


@dataclass(frozen=True, slots=True)
class Cycle:
    """A round of one initiative; open until `closed_at`, which may come after `closes_at`."""

    id: int
    initiative_id: int
    number: int
    opens_at: datetime
    closes_at: datetime
    closed_at: datetime | None = None
    by_hand: bool = False
    """An owner started it before its day."""
    questions: Questions = EVERY
    days: int | None = None
    """How long it was to last when it opened, None if nobody noted it."""
    days_before: int | None = None
    """The same of the round before it, where that was another length."""


@dataclass(frozen=True, slots=True)
class Halt:
    """A time in which nobody is asked at an owner's wish (aware); over if `until` is past."""

    since: datetime
    until: datetime

    def holds(self, now: datetime) -> bool:
        """Return whether nobody is asked at `now`."""
        return self.until > now

    def ends_on(self, tz: str) -> date:
        """Return the first local day of the zone `tz` on which somebody may be asked again."""
        local = self.until.astimezone(zone(tz))
        return local.date() + (DAY if local.time() >= CLOSES else timedelta(0))

    def touches(self, opens_at: datetime, closes_at: datetime) -> bool:
        """Return whether any of it lies between two moments, so that silence means nothing."""
        return self.since < closes_at and self.until > opens_at


@dataclass(frozen=True, slots=True)
class Window:
    """When a round opens and is due to close."""

    number: int
    opens_at: datetime
    closes_at: datetime


def first_window(first_date: date, days: int, tz: str) -> Window:
    """Return round 1: it opens on `first_date` at midnight in the initiative's zone."""
    return _window(1, at_local(first_date, MIDNIGHT, tz), days, tz)


def next_window(number: int, opens_at: datetime, days: int, tz: str) -> Window:
    """Return round `number` that opens at `opens_at`, the moment the one before it closes."""
    return _window(number, opens_at, days, tz)


def windows_until(window: Window, now: datetime, days: int, tz: str) -> Iterator[Window]:
    """Yield `window` and those after it that have opened by `now`; the last one may be running."""
    while window.opens_at <= now:
        yield window
        window = _window(window.number + 1, window.closes_at, days, tz)


def week_of(first_date: date, day: date) -> int:
    """Return the week `day` is in, counted from the Monday of the week of `first_date`."""
    return (day - _monday(first_date)).days // 7


def first_day_of(first_date: date, week: int) -> date:
    """Return the Monday on which a week begins."""
    return _monday(first_date) + timedelta(weeks=week)


def day_in(first_date: date, week: int) -> date:
    """Return the day of a week on which check-ins are due: the weekday of `first_date`."""
    return first_date + timedelta(weeks=week)


def _window(number: int, opens_at: datetime, days: int, tz: str) -> Window:
    last = local_date(opens_at, tz) + timedelta(days=days)
    return Window(number, opens_at, at_local(last, MIDNIGHT, tz))


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
