"""Rounds are whole local days that follow one another without a gap."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.domain import cycles
from tests.unit.test_calendars import days, zones


@given(days, st.integers(7, 30), zones, st.integers(1, 400))
def test_rounds_are_contiguous_and_numbered(first: date, length: int, tz: str, later: int) -> None:
    opening = cycles.first_window(first, length, tz)
    now = opening.opens_at + timedelta(days=later)
    windows = list(cycles.windows_until(opening, now, length, tz))
    assert [window.number for window in windows] == list(range(1, len(windows) + 1))
    for before, after in pairwise(windows):
        assert before.closes_at == after.opens_at
    assert windows[-1].opens_at <= now < windows[-1].closes_at


@given(days, zones)
def test_a_round_begins_when_its_day_does(first: date, tz: str) -> None:
    window = cycles.first_window(first, 14, tz)
    local = window.opens_at.astimezone(ZoneInfo(tz))
    skipped_day = local.date() > first
    assert skipped_day or local.date() == first
    before = (window.opens_at - timedelta(seconds=1)).astimezone(ZoneInfo(tz))
    assert before.date() < first


def test_a_round_over_a_clock_change_still_ends_at_midnight() -> None:
    window = cycles.first_window(date(2025, 3, 24), 14, "Europe/Berlin")
    assert window.opens_at == datetime(2025, 3, 23, 23, 0, tzinfo=UTC)
    assert window.closes_at == datetime(2025, 4, 6, 22, 0, tzinfo=UTC)


def test_a_round_that_has_not_opened_yields_nothing() -> None:
    window = cycles.first_window(date(2025, 3, 24), 14, "UTC")
    assert not list(cycles.windows_until(window, datetime(2025, 3, 23, tzinfo=UTC), 14, "UTC"))


@given(days, st.integers(-300, 300))
def test_weeks_begin_on_monday_and_each_has_the_day_of_the_first(first: date, later: int) -> None:
    day = first + timedelta(days=later)
    week = cycles.week_of(first, day)
    begins = cycles.first_day_of(first, week)
    assert begins.weekday() == 0
    assert begins <= day < begins + timedelta(weeks=1)
    assert cycles.week_of(first, cycles.day_in(first, week)) == week
    assert cycles.week_of(first, first) == 0
