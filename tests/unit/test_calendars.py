"""Wall-clock rules hold in every zone, on every day of the year."""

import timeit
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain import calendars, caps
from bot.domain.calendars import Calendar

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


# --- calendars of people ----------------------------------------------------------------------

EVERY_ZONE = sorted(available_timezones())
SAMOA = ("Pacific/Apia", "Pacific/Fakaofo")
"""Both moved over the date line at the end of 2011."""

any_zone = st.sampled_from(EVERY_ZONE)
SUNDAY_TO_THURSDAY = frozenset({6, 0, 1, 2, 3})
QUIET_MORNING = (
    (datetime(2025, 3, 3, 22, 0, tzinfo=UTC), datetime(2025, 3, 4, 9, 30, tzinfo=UTC)),
)


@st.composite
def calendars_of_people(draw: st.DrawFn) -> Calendar:
    """Somebody's calendar: any zone, hours of two hours and more, days, holidays, absence."""
    begins, minutes = draw(st.integers(0, 24 * 60 - 1)), draw(st.integers(120, 24 * 60 - 1))
    ends = (begins + minutes) % (24 * 60)
    start = YEAR_2011 + timedelta(minutes=draw(st.integers(0, 20 * 365 * 24 * 60)))
    lasts = timedelta(minutes=draw(st.integers(1, 3 * 24 * 60)))
    return Calendar(
        tz=draw(any_zone),
        opens=time(begins // 60, begins % 60),
        closes=time(ends // 60, ends % 60),
        days=draw(st.frozensets(st.integers(0, 6), min_size=1)),
        holidays=draw(st.frozensets(days, max_size=30)),
        away_until=draw(st.none() | days),
        quiet=draw(st.sampled_from([(), ((start, start + lasts),)])),
    )


def obeyed(moment: datetime, whose: Calendar) -> bool:
    """Say in other words whether a person may be written to at `moment`."""
    local = moment.astimezone(ZoneInfo(whose.tz))
    day, at = local.date(), local.time()
    overnight = whose.closes < whose.opens
    shift = day - calendars.DAY if overnight and at < whose.closes else day
    inside = (whose.opens <= at or shift != day) if overnight else whose.opens <= at < whose.closes
    return (
        inside
        and shift.weekday() in whose.days
        and not {day, shift} & whose.holidays
        and (whose.away_until is None or shift >= whose.away_until)
        and not any(start <= moment < end for start, end in whose.quiet)
    )


@settings(max_examples=200)
@given(moments, calendars_of_people(), st.integers(0, 90))
def test_nobody_is_written_to_outside_their_calendar(
    moment: datetime, whose: Calendar, minutes: int
) -> None:
    found = calendars.next_working_moment(moment, whose, timedelta(minutes=minutes))
    assert moment <= found < calendars.NEVER
    assert obeyed(found, whose)
    assert calendars.next_working_moment(found, whose) == found
    assert calendars.is_working_moment(moment, whose) is obeyed(moment, whose)


@settings(max_examples=200)
@given(moments, calendars_of_people(), st.integers(0, 7 * 24 * 12))
def test_no_moment_of_theirs_is_passed_over(moment: datetime, whose: Calendar, steps: int) -> None:
    found = calendars.next_working_moment(moment, whose)
    between = moment + timedelta(minutes=5 * steps)
    local = between.astimezone(ZoneInfo(whose.tz))
    comes_twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    assert between >= found or comes_twice or not obeyed(between, whose)


@settings(max_examples=200)
@given(moments, calendars_of_people())
def test_the_next_opening_lies_ahead(moment: datetime, whose: Calendar) -> None:
    opening = calendars.next_opening(moment, whose)
    assert opening > moment
    assert obeyed(opening, whose)
    if calendars.is_working_moment(moment, whose) and not whose.quiet:
        assert calendars.day_of(opening, whose) > calendars.day_of(moment, whose)


def weeks_that_change(tz: str, year: int) -> Iterator[date]:
    """Yield the Mondays of one week of a year and of those in which a zone's offset changes."""
    monday = date(year, 1, 3) - calendars.DAY * date(year, 1, 3).weekday()
    offsets = {}
    for week in range(53):
        start = monday + timedelta(weeks=week)
        offsets[start] = datetime.combine(start, time(), ZoneInfo(tz)).utcoffset()
    yield monday
    for start, following in pairwise(offsets):
        if offsets[start] != offsets[following]:
            yield start


@pytest.mark.parametrize("year", [2011, 2016, 2018, 2024, 2025, 2026])
def test_around_every_change_of_every_zone_days_open_at_half_past_nine(year: int) -> None:
    for tz in EVERY_ZONE:
        for monday in weeks_that_change(tz, year):
            moment = calendars.at_local(monday - calendars.DAY, time(9, 30), tz)
            opened: list[datetime] = []
            while len(opened) < 6:
                moment = calendars.next_opening(moment, tz)
                opened.append(moment.astimezone(ZoneInfo(tz)).replace(tzinfo=None))
            expected = [monday + calendars.DAY * n for n in (0, 1, 2, 3, 4, 7)]
            if (tz in SAMOA) and monday == date(2011, 12, 26):  # it had no such Friday
                expected[4:] = [date(2012, 1, 2), date(2012, 1, 3)]
            assert opened == [datetime.combine(day, time(9, 30)) for day in expected], (tz, monday)


@pytest.mark.parametrize(
    ("tz", "before", "after"),
    [
        ("Asia/Pyongyang", date(2018, 5, 4), date(2018, 5, 7)),  # + 30 minutes on Friday night
        ("America/Caracas", date(2016, 4, 29), date(2016, 5, 2)),  # + 30 minutes
        ("Asia/Almaty", date(2024, 2, 29), date(2024, 3, 1)),  # - 1 hour
        ("Europe/Volgograd", date(2020, 12, 25), date(2020, 12, 28)),  # - 1 hour
        ("Africa/Casablanca", date(2025, 2, 21), date(2025, 2, 24)),  # for Ramadan
        ("Africa/Juba", date(2021, 1, 29), date(2021, 2, 1)),  # - 1 hour
        ("Pacific/Apia", date(2011, 12, 29), date(2012, 1, 2)),  # over the date line
    ],
)
def test_a_zone_that_changes_keeps_its_mornings(tz: str, before: date, after: date) -> None:
    one = calendars.at_local(before, time(9, 30), tz)
    other = calendars.next_opening(one, tz)
    assert other.astimezone(ZoneInfo(tz)).replace(tzinfo=None) == datetime.combine(
        after, time(9, 30)
    )
    whole_days = (after - before).days * calendars.DAY
    assert other - one != whole_days


def test_the_29_of_february_is_a_day_like_any_other() -> None:
    leap = datetime(2028, 2, 28, 20, 0, tzinfo=UTC)  # a Monday
    assert calendars.next_working_moment(leap, "UTC").date() == date(2028, 2, 29)
    off = Calendar(holidays=frozenset({date(2028, 2, 29)}))
    assert calendars.next_working_moment(leap, off).date() == date(2028, 3, 1)
    assert calendars.add_working_days(date(2028, 2, 28), 1, off) == date(2028, 3, 1)
    assert calendars.working_day_before(date(2028, 3, 1), 1, off) == date(2028, 2, 28)
    back = Calendar(away_until=date(2028, 2, 29))
    assert calendars.next_working_moment(leap, back).date() == date(2028, 2, 29)


def test_weekends_on_friday_and_saturday() -> None:
    cairo = Calendar("Africa/Cairo", days=SUNDAY_TO_THURSDAY)
    thursday = datetime(2025, 3, 6, 20, 0, tzinfo=UTC)
    assert calendars.next_working_moment(thursday, cairo).date() == date(2025, 3, 9)
    assert calendars.add_working_days(date(2025, 3, 6), 1, cairo) == date(2025, 3, 9)
    assert calendars.working_day_before(date(2025, 3, 9), 2, cairo) == date(2025, 3, 5)


@given(days, calendars_of_people(), st.integers(0, 20))
def test_working_days_are_days_they_work(day: date, whose: Calendar, count: int) -> None:
    there = calendars.add_working_days(day, count, whose)
    assert there >= day
    assert calendars.is_working_day(there, whose)
    passed = [day + calendars.DAY * n for n in range(1, (there - day).days + 1)]
    if count:
        assert sum(calendars.is_working_day(each, whose) for each in passed) == count
    here = replace(whose, away_until=None)
    back = calendars.working_day_before(day, count + 1, whose)
    assert calendars.add_working_days(back - calendars.DAY, 1, here) == back < day


@pytest.mark.parametrize(
    "whose",
    [
        Calendar("Europe/Berlin", days=frozenset()),
        Calendar(
            "Asia/Tokyo",
            holidays=frozenset(date(2025, 1, 1) + timedelta(days=n) for n in range(1000)),
        ),
        Calendar(
            "America/New_York",
            quiet=((datetime(2025, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)),),
        ),
        Calendar("Pacific/Kiritimati", away_until=date(9999, 1, 1)),
    ],
)
def test_who_has_no_working_day_within_a_year_is_never_written_to(whose: Calendar) -> None:
    noon = datetime(2025, 3, 4, 12, 0, tzinfo=UTC)
    for found in (
        calendars.next_working_moment(noon, whose),
        calendars.next_opening(noon, whose),
        calendars.next_working_moment(calendars.NEVER, whose),
    ):
        assert found >= calendars.NEVER
    if not whose.quiet:
        assert calendars.add_working_days(noon.date(), 3, whose) == calendars.NEVER_DAY
        assert calendars.at_local(calendars.NEVER_DAY, time(0), whose.tz) > calendars.NEVER
    assert calendars.working_day_before(noon.date(), 1, whose) < noon.date()


def test_who_is_away_for_two_years_is_written_to_on_the_first_day_back() -> None:
    away = Calendar("Europe/Berlin", away_until=date(2027, 3, 6))  # a Saturday
    noon = datetime(2025, 3, 4, 12, 0, tzinfo=UTC)
    assert calendars.next_working_moment(noon, away) == datetime(2027, 3, 8, 8, 30, tzinfo=UTC)


NIGHTS = Calendar("Europe/Berlin", opens=time(22), closes=time(6), days=frozenset({0, 4}))


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2025-03-03T21:00", date(2025, 3, 3)),  # Monday, 22:00 there
        ("2025-03-04T04:59", date(2025, 3, 3)),
        ("2025-03-04T05:00", date(2025, 3, 4)),
    ],
)
def test_a_night_shift_is_one_working_day(moment: str, day: date) -> None:
    at = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    assert calendars.day_of(at, NIGHTS) == day
    assert calendars.is_working_moment(at, NIGHTS) is (day == date(2025, 3, 3))
    assert caps.earliest([at], at, NIGHTS) == calendars.day_after(at, NIGHTS)
    assert calendars.day_of(calendars.day_after(at, NIGHTS), NIGHTS) == day + calendars.DAY


def test_the_night_before_a_holiday_ends_at_midnight() -> None:
    off = replace(NIGHTS, holidays=frozenset({date(2025, 3, 4)}))
    assert calendars.is_working_moment(datetime(2025, 3, 3, 22, 59, tzinfo=UTC), off)
    assert not calendars.is_working_moment(datetime(2025, 3, 3, 23, 0, tzinfo=UTC), off)


def test_what_would_come_late_stays_inside_short_hours() -> None:
    short = Calendar("UTC", opens=time(8), closes=time(10), quiet=QUIET_MORNING)
    found = calendars.next_working_moment(
        datetime(2025, 3, 4, 1, tzinfo=UTC), short, timedelta(minutes=90)
    )
    assert found == datetime(2025, 3, 4, 9, 30, tzinfo=UTC)


def test_do_not_disturb_is_waited_for() -> None:
    whose = Calendar("UTC", quiet=QUIET_MORNING)
    start, end = QUIET_MORNING[0]
    assert calendars.next_working_moment(end - timedelta(minutes=5), whose) == end
    assert calendars.is_working_moment(end, whose)
    before = Calendar("UTC", opens=time(20), closes=time(23))
    assert calendars.is_working_moment(start, before)
    assert not calendars.is_working_moment(start, replace(before, quiet=QUIET_MORNING))


def test_a_moment_is_found_in_microseconds() -> None:
    german = Calendar("Europe/Berlin", holidays=frozenset({date(2025, 4, 18), date(2025, 4, 21)}))
    weekend = datetime(2025, 4, 18, 12, 0, tzinfo=UTC)
    took = min(timeit.repeat(lambda: calendars.next_working_moment(weekend, german), number=1000))
    assert took < 0.2  # seconds for a thousand; ten times what it takes
