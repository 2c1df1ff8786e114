"""Rounds: numbered windows of whole local days that follow one another without a gap."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.calendars import MIDNIGHT, at_local, local_date


@dataclass(frozen=True, slots=True)
class Cycle:
    """A round of one initiative; open until `closed_at`, which may come after `closes_at`."""

    id: int
    initiative_id: int
    number: int
    opens_at: datetime
    closes_at: datetime
    closed_at: datetime | None = None


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


def slot_of(first_date: date, moment: datetime, tz: str) -> int:
    """Return the week `moment` is in, counted from the Monday of the week of `first_date`."""
    return (local_date(moment, tz) - _monday(first_date)).days // 7


def slot_ends(first_date: date, slot: int, tz: str) -> datetime:
    """Return when the week `slot` ends: the Monday after it at midnight in the zone."""
    return at_local(_monday(first_date) + timedelta(weeks=slot + 1), MIDNIGHT, tz)


def _window(number: int, opens_at: datetime, days: int, tz: str) -> Window:
    last = local_date(opens_at, tz) + timedelta(days=days)
    return Window(number, opens_at, at_local(last, MIDNIGHT, tz))


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
