"""One event of a calendar file: when it is, by which clock, and whether it keeps somebody busy."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

from icalendar import vDuration
from icalendar.parser import Contentline

from bot.domain.busy import Window
from bot.feeds.zones import Zones

DAY = timedelta(days=1)
FREE = ("FREE", "WORKINGELSEWHERE")
LONGEST = timedelta(days=3660)
WRITTEN = re.compile(r"(\d{8})(?:T(\d{4})(\d{2})?(Z|[+-]\d{4})?)?", re.IGNORECASE)
EXTENDED = re.compile(r"^(\d{4})-(\d{2})-(\d{2})")
"""As some programs write days, against the rules."""
PLAIN = re.compile(r"([A-Za-z0-9-]+):(.*)")
"""A line without parameters."""

Part = tuple[Mapping[str, str], str]
"""The parameters and the value of a line."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """A day, or a moment by the clock of `zone`."""

    at: datetime
    zone: tzinfo
    is_day: bool = False

    @property
    def moment(self) -> datetime:
        """When that is; of a time that comes twice the first."""
        return self.at.replace(tzinfo=self.zone, fold=0).astimezone(UTC)


class Places:
    """Those of a series that are left out or replaced: moments by its clock, or whole days."""

    def __init__(self, event: "Event", stamps: Iterable[Stamp]) -> None:
        known = list(stamps)
        whole = [one for one in known if one.is_day or event.starts.is_day]
        self._days: set[date] = {event.local(one).date() for one in whole}
        self._moments = {event.local(one) for one in known}

    def __contains__(self, at: datetime) -> bool:
        return at in self._moments or at.date() in self._days


@dataclass(frozen=True, slots=True)
class Event:
    """An event or a series of them."""

    uid: str
    sequence: int
    starts: Stamp
    length: timedelta
    is_free: bool = False
    instead_of: Stamp | None = None
    and_later: bool = False
    rules: tuple[str, ...] = ()
    also: tuple[Stamp, ...] = ()
    also_for: tuple[tuple[Stamp, timedelta], ...] = ()
    """Further ones that take longer or shorter than the others."""
    but: tuple[Stamp, ...] = ()

    @property
    def window(self) -> Window:
        """When the event is, or the first of its series."""
        return self.placed(self.starts.at)

    def placed(self, at: datetime) -> Window:
        """Return when the event is that begins at `at` by the series' own clock."""
        begun = Stamp(at, self.starts.zone).moment
        if self.starts.is_day:  # whole days, also those on which clocks change
            return begun, Stamp(at + self.length, self.starts.zone).moment
        return begun, begun + self.length

    def local(self, stamp: Stamp) -> datetime:
        """Return `stamp` by the series' own clock, without its zone."""
        if stamp.is_day or self.starts.is_day or stamp.zone == self.starts.zone:
            return stamp.at
        return stamp.moment.astimezone(self.starts.zone).replace(tzinfo=None, fold=0)


def parsed(lines: Iterable[str], zones: Zones) -> Event:
    """Return the event that `lines` describe.

    Raises:
        ValueError: if its times cannot be understood.
        OverflowError: if they are beyond what a calendar shows.
    """
    held = _held(lines)
    if "DTSTART" not in held:
        raise ValueError("no start")
    starts = _stamp(held, "DTSTART", zones)
    instead = "RECURRENCE-ID" in held
    later = held["RECURRENCE-ID"][0][0].get("RANGE", "") if instead else ""
    further = held.get("RDATE", [])
    return Event(
        uid=_value(held, "UID"),
        sequence=int(_value(held, "SEQUENCE") or 0),
        starts=starts,
        length=_length(held, starts, zones),
        is_free=_is_free(held),
        instead_of=_stamp(held, "RECURRENCE-ID", zones) if instead else None,
        and_later=str(later).upper() == "THISANDFUTURE",
        rules=tuple(value.strip().upper() for _, value in held.get("RRULE", [])),
        also=tuple(_stamps(further, zones)),
        also_for=tuple(_spans(further, zones)),
        but=tuple(_stamps(held.get("EXDATE", []), zones)),
    )


def periods(lines: Iterable[str], zones: Zones) -> tuple[list[Window], int]:
    """Return the busy times that are listed without events, and how many lines are unclear."""
    found, unread = [], 0
    for line in lines:
        try:
            [(parameters, values)] = _held([line])["FREEBUSY"]
            if str(parameters.get("FBTYPE", "BUSY")).upper() != "FREE":
                found += [_period(value, zones) for value in values.split(",")]
        except (ValueError, OverflowError):
            unread += 1
    return found, unread


def stamp(value: str, name: str, zones: Zones) -> Stamp:
    """Return the day or moment that `value` writes, in the zone called `name` ("" = none).

    Raises:
        ValueError: if it is neither, or nobody knows the zone.
    """
    match = WRITTEN.fullmatch(EXTENDED.sub(r"\1\2\3", value.strip()).replace(":", ""))
    if match is None:
        raise ValueError("neither a day nor a moment")
    day, clock, seconds, where = match.groups()
    date_ = int(day[:4]), int(day[4:6]), int(day[6:])
    if clock is None:
        return Stamp(datetime(*date_, 0, 0), zones.floating, is_day=True)  # noqa: DTZ001
    second = min(int(seconds or 0), 59)  # 60 is a leap second
    at = datetime(*date_, int(clock[:2]), int(clock[2:]), second)  # noqa: DTZ001
    return Stamp(at, _zone(where, name, zones))


def _zone(where: str | None, name: str, zones: Zones) -> tzinfo:
    if where and where.upper() == "Z":
        return UTC
    if where:
        east = timedelta(hours=int(where[1:3]), minutes=int(where[3:]))
        return timezone(-east if where[0] == "-" else east)
    known = zones.of(name) if name else zones.floating
    if known is None:
        raise ValueError("a time zone that nobody knows")
    return known


def _held(lines: Iterable[str]) -> dict[str, list[Part]]:
    held: dict[str, list[Part]] = {}
    parameters: Mapping[str, str]
    for line in lines:
        plain = PLAIN.fullmatch(line)  # most lines; the library takes ten times as long
        if plain:
            name, parameters, value = plain[1], {}, plain[2]
        else:
            name, parameters, value = Contentline(line).parts()  # type: ignore[no-untyped-call]
        held.setdefault(str(name).upper(), []).append((parameters, str(value)))
    return held


def _stamp(held: Mapping[str, list[Part]], name: str, zones: Zones) -> Stamp:
    parameters, value = held[name][0]
    return stamp(value, str(parameters.get("TZID", "")), zones)


def _stamps(parts: Iterable[Part], zones: Zones) -> list[Stamp]:
    return [
        stamp(value, str(parameters.get("TZID", "")), zones)
        for parameters, values in parts
        for value in values.split(",")
        if value.strip() and "/" not in value
    ]


def _spans(parts: Iterable[Part], zones: Zones) -> list[tuple[Stamp, timedelta]]:
    return [
        _span(value, str(parameters.get("TZID", "")), zones)
        for parameters, values in parts
        for value in values.split(",")
        if "/" in value
    ]


def _span(value: str, name: str, zones: Zones) -> tuple[Stamp, timedelta]:
    """Return when a period begins and how long it is; it is written with its end or its length."""
    begins, _, ends = value.strip().partition("/")
    start = stamp(begins, name, zones)
    if ends[:1].upper() == "P" or ends[:2].upper() == "+P":
        return start, _sound(_duration(ends))
    return start, _sound(stamp(ends, name, zones).moment - start.moment)


def _period(value: str, zones: Zones) -> Window:
    start, length = _span(value, "", zones)
    return start.moment, start.moment + length


def _length(held: Mapping[str, list[Part]], starts: Stamp, zones: Zones) -> timedelta:
    if "DTEND" in held:
        ends = _stamp(held, "DTEND", zones)
        whole = starts.is_day or ends.is_day
        length = ends.at - starts.at if whole else ends.moment - starts.moment
    elif "DURATION" in held:
        length = _duration(_value(held, "DURATION"))
    else:
        length = timedelta(0)
    if starts.is_day:
        length = max(length, DAY)
    return _sound(length)


def _sound(length: timedelta) -> timedelta:
    if not timedelta(0) <= length <= LONGEST:
        raise ValueError("it ends before it begins, or never")
    return length


def _duration(value: str) -> timedelta:
    found = vDuration.from_ical(value.strip().upper())  # type: ignore[no-untyped-call]
    if not isinstance(found, timedelta):
        raise ValueError("not a duration")
    return found


def _is_free(held: Mapping[str, list[Part]]) -> bool:
    return (
        _value(held, "STATUS").upper() == "CANCELLED"
        or _value(held, "TRANSP").upper() == "TRANSPARENT"
        or _value(held, "X-MICROSOFT-CDO-BUSYSTATUS").upper() in FREE
    )


def _value(held: Mapping[str, list[Part]], name: str) -> str:
    return held[name][0][1].strip() if name in held else ""
