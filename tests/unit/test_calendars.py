"""Wall-clock rules hold in every zone, on every day of the year."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import calendars

ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "America/Sao_Paulo",
    "Asia/Kolkata",
    "Asia/Beirut",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Pacific/Chatham",
    "UTC",
)
zones = st.sampled_from(ZONES)
YEAR_2011 = datetime(2011, 1, 1, tzinfo=UTC)
moments = st.integers(0, 20 * 366 * 24 * 60).map(lambda n: YEAR_2011 + timedelta(minutes=n))
days = st.dates(date(2011, 1, 1), date(2031, 1, 1))


@given(moments, zones)
def test_the_next_working_moment_is_in_hours_and_not_before(moment: datetime, tz: str) -> None:
    found = calendars.next_working_moment(moment, tz)
    local = found.astimezone(ZoneInfo(tz))
    assert found >= moment
    assert local.weekday() <= 4
    assert time(9, 30) <= local.time() < time(16, 30)
    assert calendars.next_working_moment(found, tz) == found


@given(moments, zones, st.integers(0, 6 * 24 * 12))
def test_no_earlier_working_moment_is_passed_over(moment: datetime, tz: str, steps: int) -> None:
    found = calendars.next_working_moment(moment, tz)
    between = moment + timedelta(minutes=5 * steps)
    assert between >= found or not calendars.is_working_moment(between, tz)


@given(moments, zones, st.integers(0, 90))
def test_whoever_waits_for_the_morning_may_come_a_little_later(
    moment: datetime, tz: str, minutes: int
) -> None:
    late = timedelta(minutes=minutes)
    found = calendars.next_working_moment(moment, tz, late)
    assert calendars.is_working_moment(found, tz)
    assert found - calendars.next_working_moment(moment, tz) in (late, timedelta(0))


@given(days, st.integers(0, 40))
def test_working_days_count_there_and_back(day: date, count: int) -> None:
    there = calendars.add_working_days(day, count)
    assert there.weekday() <= 4
    passed = [day + timedelta(days=n) for n in range(1, (there - day).days + 1)]
    if count:
        assert sum(each.weekday() <= 4 for each in passed) == count
        assert calendars.working_day_before(there + timedelta(days=1), 1) == there


@given(days, st.times(), zones)
def test_a_local_time_that_exists_is_kept(day: date, at: time, tz: str) -> None:
    at = at.replace(second=0, microsecond=0, fold=0)
    local = calendars.at_local(day, at, tz).astimezone(ZoneInfo(tz))
    exists = (local.date(), local.time()) == (day, at)
    skipped = datetime.combine(day, at, ZoneInfo(tz)).astimezone(UTC).astimezone(ZoneInfo(tz))
    assert exists or skipped.replace(tzinfo=None) > datetime.combine(day, at)


@pytest.mark.parametrize(
    ("day", "at", "tz", "utc"),
    [
        # spring forward: 02:30 does not exist and becomes 03:30
        (date(2025, 3, 30), time(2, 30), "Europe/Berlin", datetime(2025, 3, 30, 1, 30, tzinfo=UTC)),
        # fall back: 02:30 comes twice, the first counts
        (
            date(2025, 10, 26),
            time(2, 30),
            "Europe/Berlin",
            datetime(2025, 10, 26, 0, 30, tzinfo=UTC),
        ),
        # the day before and after a change begin at half past nine all the same
        (date(2025, 3, 28), time(9, 30), "Europe/Berlin", datetime(2025, 3, 28, 8, 30, tzinfo=UTC)),
        (date(2025, 3, 31), time(9, 30), "Europe/Berlin", datetime(2025, 3, 31, 7, 30, tzinfo=UTC)),
        # a midnight that daylight saving skips: the day begins at one
        (date(2018, 11, 4), time(0), "America/Sao_Paulo", datetime(2018, 11, 4, 3, 0, tzinfo=UTC)),
    ],
)
def test_daylight_saving(day: date, at: time, tz: str, utc: datetime) -> None:
    assert calendars.at_local(day, at, tz) == utc


def test_a_weekend_is_skipped() -> None:
    saturday = datetime(2025, 3, 8, 12, 0, tzinfo=UTC)
    assert calendars.next_working_moment(saturday, "Europe/Berlin") == datetime(
        2025, 3, 10, 8, 30, tzinfo=UTC
    )


def test_half_past_four_is_too_late() -> None:
    end = datetime(2025, 3, 4, 15, 30, tzinfo=UTC)
    assert calendars.next_working_moment(end, "Europe/Berlin").day == 5
    before = end - timedelta(seconds=1)
    assert calendars.next_working_moment(before, "Europe/Berlin") == before


@given(st.text(), st.integers(0, 600))
def test_jitter_is_stable_and_bounded(seed: str, minutes: int) -> None:
    late = calendars.jitter(seed, minutes)
    assert late == calendars.jitter(seed, minutes)
    assert timedelta(0) <= late <= timedelta(minutes=minutes)


def test_jitter_spreads() -> None:
    spread = {calendars.jitter(str(seed), 90) for seed in range(200)}
    assert len(spread) > 150
    assert max(spread) > timedelta(minutes=75)
    assert min(spread) < timedelta(minutes=15)


def test_a_zone_nobody_knows_is_utc() -> None:
    noon = datetime(2025, 3, 4, 12, 0, tzinfo=UTC)
    assert calendars.next_working_moment(noon, "Mars/Olympus") == noon


@pytest.mark.parametrize(
    ("ahead", "words"), [(0, "today"), (1, "tomorrow"), (3, "Friday"), (7, "Tue 11 March")]
)
def test_days_are_named_as_people_do(ahead: int, words: str) -> None:
    today = date(2025, 3, 4)
    assert calendars.day_words(today + timedelta(days=ahead), today) == words
