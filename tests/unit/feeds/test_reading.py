"""Awkward calendars give the right busy times, or say what is wrong."""

import asyncio
import contextlib
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.busy import Problem, Reading, merged, overlaps
from bot.domain.calendars import Calendar, at_local
from bot.domain.slots import Availability, propose
from bot.feeds import apart
from bot.feeds.problems import Unread
from bot.feeds.reading import busy_times

CALENDARS = Path(__file__).parent / "calendars"
START, END = datetime(2025, 3, 3, tzinfo=UTC), datetime(2025, 5, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)

RIGHT: dict[str, tuple[Sequence[str], int]] = {
    "against_the_rules": (["03-04 09:00 1", "03-05 08:00 1", "03-06 09:00 1", "03-06 23:00 24"], 0),
    "all_day": (["03-04 23:00 24", "03-11 23:00 24", "03-13 23:00 24", "03-28 23:00 47"], 0),
    "awkward_rules": (
        [
            "03-03 07:00 0.5",
            "03-04 06:00 0.1667",
            "03-04 18:00 0.1667",
            "03-05 06:00 0.1667",
            "03-28 14:00 1",
            "04-01 06:00 0.5",
            "04-11 05:00 0.5",
            "04-25 13:00 1",
            "05-01 06:00 0.5",
        ],
        0,
    ),
    "changed_without_series": (
        ["03-05 09:00 1", "03-06 13:00 1", "03-10 09:00 1", "03-11 09:00 1"],
        0,
    ),
    "clocks_change": (["03-06 14:00 1", "03-13 13:00 1", "03-23 01:30 1", "03-29 22:00 6"], 0),
    "durations": (["03-03 00:00 3", "03-04 09:00 1.5", "03-05 23:00 48"], 2),
    "empty_calendar": ([], 0),
    "far_dates": (["03-28 06:00 0.08333", "03-31 22:00 24", "04-27 06:00 0.08333"], 2),
    "floating": (["03-04 08:00 1", "03-31 07:00 1"], 0),
    "folded_and_odd": (["03-04 08:00 1"], 0),
    "free_and_cancelled": (["03-04 15:00 1", "03-06 09:00 1"], 0),
    "free_busy_only": (["03-04 09:00 1", "03-05 09:00 2", "03-07 09:00 1"], 1),
    "more_dates_and_fewer": (
        ["03-04 08:00 0.5", "03-09 08:00 0.5", "03-20 14:00 0.5", "03-21 14:00 0.5"],
        0,
    ),
    "more_dates_with_lengths": (
        ["03-04 08:00 0.5", "03-11 08:00 2", "03-13 13:00 1", "03-18 08:00 1", "03-20 08:00 0.5"],
        1,
    ),
    "old_mac_lines": (["03-04 09:00 1"], 0),
    "rules_that_are_refused": (["03-05 12:00 1"], 7),
    "this_and_future": (
        ["03-03 08:00 1", "03-10 08:00 1", "03-18 12:00 0.5", "03-25 12:00 0.5", "04-01 11:00 0.5"],
        0,
    ),
    "two_calendars": (["03-04 09:00 2"], 0),
    "unknown_zone": (["03-04 12:00 1"], 1),
    "until_and_count": (
        [
            "03-03 08:00 0.5",
            "03-04 08:00 0.5",
            "03-05 08:00 0.5",
            "03-10 08:00 0.5",
            "03-11 08:00 0.5",
            "03-12 08:00 0.5",
            "03-12 12:00 0.5",
            "03-17 08:00 0.5",
            "03-18 08:00 0.5",
            "03-23 23:00 48",
        ],
        0,
    ),
    "utf_16": (["03-04 09:00 1"], 0),
    "weekly_with_exceptions": (
        [
            "03-03 09:00 1",
            "03-18 13:00 1",
            "03-31 08:00 1",
            "04-07 08:00 1",
            "04-14 08:00 1",
            "04-21 08:00 1",
            "04-28 08:00 1",
        ],
        0,
    ),
    "windows_zones": (["03-04 08:00 1", "03-05 14:00 1", "03-06 00:00 1"], 0),
    "zone_defined_in_the_file": (["03-04 06:30 1", "03-27 11:00 1", "04-03 10:00 1"], 0),
    "zones_with_paths": (
        ["03-04 09:00 0.5", "03-04 12:00 0.5", "03-05 08:00 0.5", "03-06 03:30 0.5"],
        0,
    ),
}
"""By file: when its owner in Berlin is busy (UTC, hours), and how many events are not understood.

Worked out by hand.
"""

WRONG = {
    "cut_off": Problem.BROKEN,
    "empty": Problem.NOT_A_CALENDAR,
    "not_a_calendar": Problem.NOT_A_CALENDAR,
    "wrongly_nested": Problem.BROKEN,
}


def test_every_calendar_is_expected_to_give_something() -> None:
    assert {path.stem for path in CALENDARS.glob("*.ics")} == RIGHT.keys() | WRONG.keys()


@pytest.mark.parametrize("name", RIGHT)
def test_an_awkward_calendar_gives_the_right_busy_times(name: str) -> None:
    found = _read((CALENDARS / f"{name}.ics").read_bytes())
    written = [f"{begun:%m-%d %H:%M} {(over - begun) / HOUR:.4g}" for begun, over in found.busy]
    assert (written, found.unread) == RIGHT[name]


@pytest.mark.parametrize("name", WRONG)
def test_a_broken_calendar_is_refused(name: str) -> None:
    with pytest.raises(Unread) as refused:
        _read((CALENDARS / f"{name}.ics").read_bytes())
    assert refused.value.problem is WRONG[name]


def _read(content: bytes, tz: str = "Europe/Berlin") -> Reading:
    return busy_times(content, tz, START, END)


def _calendar(*events: str) -> bytes:
    inside = "".join(f"BEGIN:VEVENT\r\n{event}\r\nEND:VEVENT\r\n" for event in events)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{inside}END:VCALENDAR\r\n".encode()


def test_a_large_calendar_of_many_years_is_read() -> None:
    begins = datetime(2010, 1, 1)  # noqa: DTZ001 - written without a zone
    at = [begins + timedelta(hours=7 * n) for n in range(19_600)]
    content = _calendar(
        *(
            f"UID:{n}\r\nSUMMARY:Demo {'x' * 160}\r\nDTSTART:{one:%Y%m%dT%H%M%SZ}\r\n"
            f"DTEND:{one + HOUR:%Y%m%dT%H%M%SZ}"
            for n, one in enumerate(at)
        )
    )
    assert len(content) > 4_500_000
    whole = [(one.replace(tzinfo=UTC), one.replace(tzinfo=UTC) + HOUR) for one in at]
    expected = [pair for pair in whole if START <= pair[0] < END]
    assert _read(content).busy == tuple(expected)


@pytest.mark.parametrize(
    "lines",
    ["DTSTART:", "DTSTART:20250304T090000Z\r\nDTEND:", "DTSTART;TZID=:2025", 'DTSTART;A="x:1'],
)
def test_an_event_without_a_time_is_counted_and_left_out(lines: str) -> None:
    assert _read(_calendar(f"UID:1\r\n{lines}")) == Reading((), 1)


def test_nothing_but_times_leaves_the_reader() -> None:
    content = _calendar(
        "UID:secret-uid\r\nSUMMARY:Secret\r\nLOCATION:Secret\r\nATTENDEE:mailto:secret@demo.invalid"
        "\r\nDTSTART:20250304T090000Z\r\nDTEND:20250304T100000Z"
    )
    found = _read(content)
    assert len(found.busy) == 1
    assert "secret" not in repr(found).lower()


zones = st.sampled_from(
    ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Pacific/Chatham"]
)


@settings(max_examples=60, deadline=None)
@given(
    zones,
    st.dates(date(2024, 10, 1), date(2025, 4, 20)),
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    st.integers(1, 3),
    st.sets(st.integers(0, 6), min_size=1, max_size=3),
    st.sets(st.integers(0, 60), max_size=5),
)
def test_weeks_repeat_by_the_wall_clock_in_every_zone(
    tz: str, first: date, at: time, every: int, days: set[int], skipped: set[int]
) -> None:
    """A series is the same as if each of its days were written down one by one."""
    first += timedelta(days=(min(days) - first.weekday()) % 7)
    monday = first - timedelta(days=first.weekday())
    names = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
    but = sorted(monday + timedelta(days=n) for n in skipped)
    exceptions = "".join(f"\r\nEXDATE;TZID={tz}:{day:%Y%m%d}T{at:%H%M%S}" for day in but)
    content = _calendar(
        f"UID:1\r\nDTSTART;TZID={tz}:{first:%Y%m%d}T{at:%H%M%S}\r\nDURATION:PT45M\r\n"
        f"RRULE:FREQ=WEEKLY;INTERVAL={every};BYDAY={','.join(names[day] for day in sorted(days))}"
        f"{exceptions}"
    )
    expected = []
    for n in range(365):
        day = first + timedelta(days=n)
        on = day.weekday() in days and (day - monday).days // 7 % every == 0
        if on and day not in but:
            begun = at_local(day, at, tz)
            over = begun + timedelta(minutes=45)
            if begun < END and over > START:
                expected.append((max(begun, START), min(over, END)))
    assert _read(content).busy == merged(expected)


@settings(max_examples=40, deadline=None)
@given(zones, st.dates(date(2025, 3, 5), date(2025, 4, 25)), st.integers(1, 4))
def test_whole_days_are_those_of_the_owners_zone(tz: str, day: date, length: int) -> None:
    ends = day + timedelta(days=length)
    content = _calendar(
        f"UID:1\r\nDTSTART;VALUE=DATE:{day:%Y%m%d}\r\nDTEND;VALUE=DATE:{ends:%Y%m%d}"
    )
    [(begun, over)] = _read(content, tz).busy
    assert begun.astimezone(ZoneInfo(tz)).date() == day
    assert (over - timedelta(seconds=1)).astimezone(ZoneInfo(tz)).date() == ends - timedelta(days=1)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300), st.integers(0, 400))
def test_whatever_comes_gives_busy_times_or_a_refusal(noise: bytes, place: int) -> None:
    content = (CALENDARS / "weekly_with_exceptions.ics").read_bytes()
    with contextlib.suppress(Unread):
        found = _read(content[:place] + noise + content[place:])
        assert all(START <= begun < over <= END for begun, over in found.busy)


async def test_a_process_of_its_own_gives_the_same() -> None:
    content = (CALENDARS / "weekly_with_exceptions.ics").read_bytes()
    assert await apart.read(content, "Europe/Berlin", START, END) == _read(content)
    with pytest.raises(Unread) as refused:
        await apart.read(b"<html>", "Europe/Berlin", START, END)
    assert refused.value.problem is Problem.NOT_A_CALENDAR


async def test_a_calendar_that_takes_for_ever_is_given_up() -> None:
    rule = "RRULE:FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30;COUNT=2"
    content = _calendar(f"UID:1\r\nDTSTART:20250304T090000Z\r\nDURATION:PT1H\r\n{rule}")
    with pytest.raises(Unread) as refused:
        await asyncio.wait_for(apart.read(content, "UTC", START, END, seconds=1.5), 10)
    assert refused.value.problem is Problem.TOO_MUCH


@settings(max_examples=30, deadline=None)
@given(
    zones,
    st.lists(st.tuples(st.integers(0, 21 * 96), st.integers(1, 30), st.booleans()), max_size=40),
)
def test_no_time_is_proposed_while_a_calendar_is_busy(
    tz: str, drawn: list[tuple[int, int, bool]]
) -> None:
    quarter = timedelta(minutes=15)
    whole = [(START + n * quarter, START + (n + long) * quarter, each) for n, long, each in drawn]
    content = _calendar(
        *(
            f"UID:{n}\r\nDTSTART:{begun:%Y%m%dT%H%M%SZ}\r\nDTEND:{over:%Y%m%dT%H%M%SZ}\r\n"
            f"TRANSP:{'OPAQUE' if is_busy else 'TRANSPARENT'}"
            for n, (begun, over, is_busy) in enumerate(whole)
        )
    )
    host = Availability(Calendar(tz), _read(content, tz).busy)
    free = Availability(Calendar(tz))
    found = propose(host, Availability(Calendar("Europe/Lisbon")), START)
    taken = [(begun, over) for begun, over, is_busy in whole if is_busy]
    assert not any(overlaps(slot.window, taken) for slot in found)
    if not taken:
        assert found == propose(free, Availability(Calendar("Europe/Lisbon")), START)
