"""Times for talks lie in everybody's hours, in every zone, on every day, around what is busy."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import combinations, pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain import busy, slots
from bot.domain.busy import Window
from bot.domain.calendars import Calendar, is_working_moment, local_date
from bot.domain.slots import Availability, Shared, Slot, propose, propose_group, suits
from bot.domain.talk_hours import LENGTH, TalkHours, Weekly, understood

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
MONDAY = datetime(2025, 3, 3, 9, 0, tzinfo=UTC)  # ten o'clock in Berlin
ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "America/Sao_Paulo",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Pacific/Chatham",
    "UTC",
)
YEAR = datetime(2025, 1, 1, tzinfo=UTC)
moments = st.integers(0, 2 * 365 * 24 * 60).map(lambda n: YEAR + n * MINUTE)
clocks = st.integers(0, 24 * 12 - 1).map(lambda n: time(n // 12, n % 12 * 5))
windows = st.tuples(st.integers(-2 * 96, 25 * 96), st.integers(1, 60)).map(
    lambda drawn: (drawn[0] * 15 * MINUTE, (drawn[0] * 15 + drawn[1] * 10) * MINUTE)
)
offsets = st.lists(windows, max_size=12)


@st.composite
def hours(draw: st.DrawFn) -> tuple[time, time]:
    """Hours of at least two hours, as settings allow; some run through the night."""
    opens = draw(clocks)
    long = draw(st.integers(2 * 12, 14 * 12)) * 5
    closes = (opens.hour * 60 + opens.minute + long) % (24 * 60)
    return opens, time(closes // 60, closes % 60)


@st.composite
def weeks(draw: st.DrawFn) -> TalkHours:
    """Hours for talks: a few stretches on some days, or none."""
    found = []
    for day in draw(st.sets(st.integers(0, 6), max_size=4)):
        begins = draw(st.integers(0, 23 * 12 - 4))
        ends = min(begins + draw(st.integers(4, 60)), 24 * 12 - 1)
        opens, closes = (time(n // 12, n % 12 * 5) for n in (begins, ends))
        found.append(Weekly(day, opens, closes))
    return TalkHours(tuple(sorted(found)))


@st.composite
def people(draw: st.DrawFn, now: datetime, *, host: bool = False) -> Availability:
    """Somebody somewhere, with holidays, days off, do-not-disturb and things to do."""
    opens, closes = draw(hours()) if draw(st.booleans()) else (time(9, 30), time(16, 30))
    off = draw(st.sets(st.integers(0, 22), max_size=5))
    tz = draw(st.sampled_from(ZONES))
    today = local_date(now, tz)
    away = draw(st.none() | st.integers(1, 20))
    quiet = draw(st.lists(windows, max_size=1))
    calendar = Calendar(
        tz=tz,
        opens=opens,
        closes=closes,
        days=frozenset(draw(st.sets(st.integers(0, 6), min_size=3))),
        holidays=frozenset(today + n * DAY for n in off),
        away_until=None if away is None else today + away * DAY,
        quiet=tuple((now + a, now + b) for a, b in quiet),
    )
    taken = tuple((now + a, now + b) for a, b in draw(offsets))
    return Availability(calendar, taken, draw(weeks()) if host else TalkHours())


@st.composite
def pairs(draw: st.DrawFn) -> tuple[datetime, Availability, Availability]:
    """A moment, a host and a guest."""
    now = draw(moments)
    return now, draw(people(now, host=True)), draw(people(now))


def _good(slot: Slot, one: Availability) -> bool:
    """Return whether somebody could talk then; minute by minute, another way than the code's."""
    return all(_free(slot.starts_at + n * MINUTE, one) for n in range(20))


def _free(at: datetime, one: Availability) -> bool:
    local = at.astimezone(ZoneInfo(one.calendar.tz))
    wanted = not one.talk_hours or any(
        each.day == local.weekday() and each.opens <= local.time() < each.closes
        for each in one.talk_hours.weekly
    )
    return (
        wanted
        and is_working_moment(at, one.calendar)
        and not any(start <= at < end for start, end in one.busy)
    )


@settings(max_examples=100, deadline=None)
@given(pairs())
def test_proposals_are_in_everybodys_hours_and_on_different_days(
    drawn: tuple[datetime, Availability, Availability],
) -> None:
    now, host, guest = drawn
    found = propose(host, guest, now)
    assert len(found) <= 3
    assert list(found) == sorted(found)
    for slot in found:
        assert slot.ends_at - slot.starts_at == LENGTH
        assert now + slots.LEAD <= slot.starts_at <= now + slots.HORIZON
        assert _good(slot, host)
        assert _good(slot, guest)
        assert suits(slot, (host, guest))
    assert not any(busy.overlaps(a.window, [b.window]) for a, b in combinations(found, 2))
    again = propose(host, guest, now, but=found)
    assert not any(busy.overlaps(slot.window, [one.window for one in found]) for slot in again)


@settings(max_examples=80, deadline=None)
@given(pairs(), st.integers(0, 21 * 96))
def test_where_nothing_is_proposed_nothing_fits(
    drawn: tuple[datetime, Availability, Availability], place: int
) -> None:
    now, host, guest = drawn
    found = propose(host, guest, now)
    begins = slots._on_the_quarter(now + slots.LEAD) + place * 15 * MINUTE
    any_ = Slot(begins, begins + LENGTH)
    possible = any_.ends_at <= now + slots.HORIZON and _good(any_, host) and _good(any_, guest)
    assert found or not possible
    if possible and len(found) < 3:  # fewer than wanted: then nothing else fits beside them
        assert busy.overlaps(any_.window, [one.window for one in found])


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_a_group_meets_when_most_can(data: st.DataObject) -> None:
    now = data.draw(moments)
    host = data.draw(people(now, host=True))
    guests = data.draw(st.lists(people(now), min_size=2, max_size=4))
    found = propose_group(host, guests, now, count=2)
    for one in found:
        assert _good(one.slot, host)
        assert one.can == tuple(
            place for place, guest in enumerate(guests) if _good(one.slot, guest)
        )
        assert len(one.can) >= 2
    assert [len(one.can) for one in found] == sorted((len(one.can) for one in found), reverse=True)


def _person(tz: str = "Europe/Berlin", *taken: Window, hours: str = "") -> Availability:
    return Availability(Calendar(tz), taken, understood(hours))


def _shown(found: Sequence[Slot]) -> list[str]:
    return [f"{one.starts_at.astimezone(ZoneInfo('Europe/Berlin')):%a %d %H:%M}" for one in found]


def test_three_days_early_late_and_early_again() -> None:
    found = propose(_person(), _person(), MONDAY)
    assert _shown(found) == ["Mon 03 14:00", "Tue 04 13:00", "Wed 05 09:30"]


def test_talk_hours_of_one_day_are_looked_for_in_three_weeks() -> None:
    found = propose(_person(hours="Thu 14-16"), _person(), MONDAY)
    assert _shown(found) == ["Thu 06 14:00", "Thu 13 14:00", "Thu 20 14:00"]


def test_one_possible_day_gives_times_apart() -> None:
    found = propose(_person(hours="Thu 10-16"), _person(), MONDAY, horizon=5 * DAY)
    assert _shown(found) == ["Thu 06 10:00", "Thu 06 12:30", "Thu 06 15:00"]


def test_people_far_apart_meet_where_their_days_do() -> None:
    found = propose(_person(), _person("America/New_York"), MONDAY)
    assert _shown(found) == ["Mon 03 15:30", "Tue 04 15:30", "Wed 05 15:30"]
    assert propose(_person(), _person("Pacific/Auckland"), MONDAY) == ()


def test_clocks_that_change_on_one_side_only() -> None:
    """From 9 to 30 March New York is five hours behind Berlin, not six."""
    tuesdays = "Tue 9:30-16:30"
    found = propose(_person(hours=tuesdays), _person("America/New_York"), MONDAY, horizon=35 * DAY)
    assert _shown(found) == ["Tue 04 15:30", "Tue 11 14:30", "Tue 18 14:30"]


def test_what_fits_nowhere_on_the_quarter_still_fits() -> None:
    found = propose(_person(hours="Tue 10:05-10:25"), _person(), MONDAY, count=1)
    assert _shown(found) == ["Tue 04 10:05"]


def test_the_group_meets_when_most_can() -> None:
    tuesday = datetime(2025, 3, 4, 8, 0, tzinfo=UTC)
    host = _person(hours="Tue 10-12, Wed 10-12")
    taken = (tuesday, tuesday + 4 * HOUR)
    guests = [_person(), _person("Europe/Berlin", taken), _person()]
    wednesday = Slot(tuesday + 25 * HOUR, tuesday + 25 * HOUR + LENGTH)
    assert propose_group(host, guests, MONDAY) == (Shared(wednesday, (0, 1, 2)),)
    both = propose_group(host, guests, MONDAY, count=2, horizon=4 * DAY)
    assert [one.can for one in both] == [(0, 1, 2), (0, 2)]
    assert propose_group(host, guests[:1], MONDAY) == ()


def test_a_slot_that_was_taken_meanwhile_suits_no_more() -> None:
    slot = propose(_person(), _person(), MONDAY)[0]
    assert suits(slot, [_person(), _person()])
    assert not suits(slot, [_person(), _person("Europe/Berlin", slot.window)])


stretches = st.lists(st.tuples(st.integers(0, 50), st.integers(0, 9)), max_size=12)


@given(stretches, stretches)
def test_time_is_added_shared_and_cut(
    first: list[tuple[int, int]], second: list[tuple[int, int]]
) -> None:
    def made(drawn: list[tuple[int, int]]) -> tuple[Window, ...]:
        return busy.merged((YEAR + a * HOUR, YEAR + (a + b) * HOUR) for a, b in drawn)

    def held(found: Sequence[Window]) -> set[int]:
        assert all(a < b for a, b in found)
        assert all(one[1] < two[0] for one, two in pairwise(found)) or found is not one_
        return {n for n in range(80) for a, b in found if a <= YEAR + n * HOUR < b}

    one_, two_ = made(first), made(second)
    hours_ = [{n for a, b in drawn for n in range(a, a + b)} for drawn in (first, second)]
    assert [held(one_), held(two_)] == hours_
    assert held(busy.both(one_, two_)) == hours_[0] & hours_[1]
    assert held(busy.without(one_, two_)) == hours_[0] - hours_[1]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Tue 9-11, Thu 14:00–16:30", "1 09:00-11:00, 3 14:00-16:30"),
        ("Mon, Wed 9-11, Fri 2-4pm", "0 09:00-11:00, 2 09:00-11:00, 4 14:00-16:00"),
        ("tuesdays: 9-10, 14-16", "1 09:00-10:00, 1 14:00-16:00"),
        ("Mon-Wed 13.00 to 15.00", "0 13:00-15:00, 1 13:00-15:00, 2 13:00-15:00"),
        ("Fri–Mon 9-10", "0 09:00-10:00, 4 09:00-10:00, 5 09:00-10:00, 6 09:00-10:00"),
        ("weekdays 11-1pm", ", ".join(f"{day} 11:00-13:00" for day in range(5))),
        ("Tue 9-11 and Tue 10-12", "1 09:00-12:00"),
        ("Tue from 20 until 24", "1 20:00-23:59"),
        ("any time", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_hours_are_understood_as_people_write_them(written: str, read: str) -> None:
    found = understood(written)
    assert (
        ", ".join(f"{one.day} {one.opens:%H:%M}-{one.closes:%H:%M}" for one in found.weekly) == read
    )


@pytest.mark.parametrize("written", ["9-11", "Tue", "Tue 9-9:10", "Tue 11-9", "Tue 25-26", "soon"])
def test_what_is_not_understood_is_said(written: str) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        understood(written)


def test_stretches_are_placed_on_each_day_also_when_clocks_change() -> None:
    placed = understood("Sun 2:15-3:15").windows(
        date(2025, 3, 23), date(2025, 3, 30), "Europe/Berlin"
    )
    assert [f"{a:%d %H:%M}-{b:%H:%M}" for a, b in placed] == ["23 01:15-02:15"]
