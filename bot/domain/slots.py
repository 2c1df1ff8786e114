"""Times for a talk, inside everybody's hours and the host's talk hours, free of what is busy."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.domain import busy
from bot.domain.busy import Window
from bot.domain.calendars import (
    DAY,
    MIDNIGHT,
    Calendar,
    at_local,
    is_working_day,
    is_working_moment,
    local_date,
    zone,
)
from bot.domain.talk_hours import LENGTH, WHENEVER, TalkHours

COUNT = 3
LEAD = timedelta(hours=4)
"""Nothing is proposed for sooner than that: people need time to see it."""

HORIZON = timedelta(days=21)
"""How far ahead times are looked for: three weeks of an hour on Tuesdays give three days."""

APART = timedelta(hours=2)
"""Two proposals on one day are at least so far apart where that is possible."""

STEP = timedelta(minutes=15)
MINUTE = timedelta(minutes=1)
AFTERNOON = time(13)


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """A time for a talk; aware, UTC."""

    starts_at: datetime
    ends_at: datetime

    @property
    def window(self) -> Window:
        """The same as a stretch of time."""
        return self.starts_at, self.ends_at


@dataclass(frozen=True, slots=True)
class Availability:
    """When one person could talk."""

    calendar: Calendar
    busy: tuple[Window, ...] = ()
    """What they have already: from their calendar feed, and talks that were agreed."""
    talk_hours: TalkHours = WHENEVER

    def free(self, start: datetime, end: datetime) -> tuple[Window, ...]:
        """Return their free time between two moments, in order."""
        first = local_date(start, self.calendar.tz) - DAY
        last = local_date(end, self.calendar.tz)
        found = busy.both(((start, end),), _working(self.calendar, first, last))
        if self.talk_hours:
            found = busy.both(found, self.talk_hours.windows(first, last, self.calendar.tz))
        return busy.without(found, busy.merged((*self.busy, *self.calendar.quiet)))


@dataclass(frozen=True, slots=True)
class Shared:
    """A time for a group: `can` are the places of those of the guests who can make it."""

    slot: Slot
    can: tuple[int, ...]


def propose(
    first: Availability,
    second: Availability,
    now: datetime,
    *,
    length: timedelta = LENGTH,
    count: int = COUNT,
    lead: timedelta = LEAD,
    horizon: timedelta = HORIZON,
    but: Collection[Slot] = (),
) -> tuple[Slot, ...]:
    """Return at most `count` times in order when both could talk, on different days if possible.

    `first` is the host, whose day it is that times are spread over. `but` are times not to come
    again. Empty if there is none between `lead` and `horizon` after `now`.
    """
    start, end = now + lead, now + horizon
    shared = busy.both(first.free(start, end), second.free(start, end))
    starts = [one for one in _slots(shared, length) if not busy.overlaps(one.window, _windows(but))]
    people = first.calendar, second.calendar
    return tuple(_spread(starts, people, count))


def propose_group(
    host: Availability,
    guests: Sequence[Availability],
    now: datetime,
    *,
    length: timedelta = LENGTH,
    count: int = 1,
    lead: timedelta = LEAD,
    horizon: timedelta = HORIZON,
    least: int = 2,
    but: Collection[Slot] = (),
) -> tuple[Shared, ...]:
    """Return at most `count` times that most of the guests can make, the best first.

    Each lies on a day of its own and suits the host and at least `least` guests; of equally good
    ones the earliest is taken.
    """
    start, end = now + lead, now + horizon
    free = [guest.free(start, end) for guest in guests]
    found = []
    for slot in _slots(host.free(start, end), length):
        can = tuple(
            place
            for place, windows in enumerate(free)
            if _holds(windows, slot) and _in_hours(slot, guests[place].calendar)
        )
        if len(can) >= least and not busy.overlaps(slot.window, _windows(but)):
            found.append(Shared(slot, can))
    found.sort(key=lambda one: (-len(one.can), one.slot))
    return tuple(_on_days_of_their_own(found, host.calendar, count))


def suits(slot: Slot, everybody: Iterable[Availability]) -> bool:
    """Return whether all of them can still talk then."""
    return all(
        _holds(one.free(slot.starts_at - DAY, slot.ends_at + DAY), slot)
        and _in_hours(slot, one.calendar)
        for one in everybody
    )


def _windows(slots: Iterable[Slot]) -> list[Window]:
    return [slot.window for slot in slots]


def _holds(windows: Iterable[Window], slot: Slot) -> bool:
    return any(start <= slot.starts_at and slot.ends_at <= end for start, end in windows)


def _in_hours(slot: Slot, calendar: Calendar) -> bool:
    """Return whether clocks show working hours all along, also in a night when they change."""
    at = slot.starts_at
    while at < slot.ends_at:
        if not is_working_moment(at, calendar):
            return False
        at += MINUTE
    return True


def _working(calendar: Calendar, first: date, last: date) -> tuple[Window, ...]:
    """Return the working hours that begin on the days from `first` to `last`."""
    found: list[Window] = []
    day = first
    while day <= last:
        if is_working_day(day, calendar):
            found += _hours(calendar, day)
        day += DAY
    return busy.merged(found)


def _hours(calendar: Calendar, day: date) -> list[Window]:
    opens = at_local(day, calendar.opens, calendar.tz)
    if calendar.opens < calendar.closes:
        return [(opens, at_local(day, calendar.closes, calendar.tz))]
    midnight = at_local(day + DAY, MIDNIGHT, calendar.tz)
    closes = at_local(day + DAY, calendar.closes, calendar.tz)
    return [(opens, midnight), (midnight, closes)]


def _slots(windows: Iterable[Window], length: timedelta) -> list[Slot]:
    """Return the times that fit, on the quarter hour where a stretch has one that fits."""
    found = []
    for start, end in windows:
        at = _on_the_quarter(start)
        if at + length > end and start + length <= end:
            at = start
        while at + length <= end:
            found.append(Slot(at, at + length))
            at += STEP
    return found


def _on_the_quarter(moment: datetime) -> datetime:
    """Return `moment` or the next quarter hour, which is one in every zone of today."""
    past = timedelta(
        minutes=moment.minute % 15, seconds=moment.second, microseconds=moment.microsecond
    )
    return moment + (STEP - past if past else past)


def _spread(slots: Sequence[Slot], people: tuple[Calendar, Calendar], count: int) -> list[Slot]:
    """Return `count` of `slots` on different days, in turn early and after noon, in order."""
    days: dict[date, list[Slot]] = {}
    for slot in slots:
        days.setdefault(local_date(slot.starts_at, people[0].tz), []).append(slot)
    chosen: list[Slot] = []
    for held in days.values():
        if len(chosen) == count:
            break
        chosen += _first_good(_preferred(held, people[1], late=len(chosen) % 2 == 1), people)
    for gap in (APART, timedelta(0)):  # fewer days than wanted: more than one on a day
        for slot in slots:
            if len(chosen) == count:
                break
            near = [(one.starts_at - gap, one.ends_at + gap) for one in chosen]
            if not busy.overlaps(slot.window, near):
                chosen += _first_good([slot], people)
    return sorted(chosen)


def _preferred(slots: Sequence[Slot], guest: Calendar, *, late: bool) -> list[Slot]:
    """Return the slots of a day, best first: whole and half hours, mornings or after noon."""

    def rank(slot: Slot) -> tuple[bool, bool, datetime]:
        local = slot.starts_at.astimezone(zone(guest.tz))
        return (local.time() >= AFTERNOON) is not late, bool(local.minute % 30), slot.starts_at

    return sorted(slots, key=rank)


def _first_good(slots: Iterable[Slot], people: Iterable[Calendar]) -> list[Slot]:
    everybody = tuple(people)
    good = (slot for slot in slots if all(_in_hours(slot, one) for one in everybody))
    return [slot for slot in (next(good, None),) if slot]


def _on_days_of_their_own(found: Iterable[Shared], host: Calendar, count: int) -> list[Shared]:
    chosen: dict[date, Shared] = {}
    for one in found:
        day = local_date(one.slot.starts_at, host.tz)
        if len(chosen) < count and day not in chosen and _in_hours(one.slot, host):
            chosen[day] = one
    return list(chosen.values())
