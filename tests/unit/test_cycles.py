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


def test_a_pause_ends_on_the_first_day_with_working_hours_left() -> None:
    until = datetime(2025, 3, 19, 23, 0, tzinfo=UTC)  # midnight in Berlin
    halt = cycles.Halt(until - timedelta(days=9), until)
    for tz, day in (
        ("Europe/Berlin", 20),
        ("Europe/Lisbon", 20),  # 23:00 on the 19th
        ("America/New_York", 20),  # 19:00
        ("Pacific/Honolulu", 19),  # 13:00
        ("Pacific/Auckland", 20),  # noon
    ):
        assert halt.ends_on(tz) == date(2025, 3, day), tz
    assert (halt.holds(until), halt.holds(until - timedelta(seconds=1))) == (False, True)
    opens, closes = until - timedelta(days=14), until - timedelta(days=9)
    assert not halt.touches(opens, closes)
    assert halt.touches(opens, closes + timedelta(seconds=1))
