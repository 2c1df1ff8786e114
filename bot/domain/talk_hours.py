"""When in the week somebody wants to have talks, in their own zone, and how they write it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from bot.domain.busy import Feed, Window, merged
from bot.domain.calendars import DAY, MIDNIGHT, MONDAY_TO_FRIDAY, Calendar, at_local
from bot.domain.people import Person

LENGTH = timedelta(minutes=20)
"""How long a talk is."""

DAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SEVERAL = {
    "weekdays": MONDAY_TO_FRIDAY,
    "workdays": MONDAY_TO_FRIDAY,
    "daily": frozenset(range(7)),
    "every day": frozenset(range(7)),
    "weekends": frozenset({5, 6}),
}
ANY_TIME = ("", "any", "any time", "anytime", "always", "off", "none")
"""What people write who want talks whenever they work."""

MOST_WINDOWS = 21


@dataclass(frozen=True, slots=True, order=True)
class Weekly:
    """A stretch of one day of the week (0 is Monday), local; it ends on the same day."""

    day: int
    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class TalkHours:
    """When somebody wants to have talks; no stretch at all means whenever they work."""

    weekly: tuple[Weekly, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.weekly)

    def windows(self, first: date, last: date, tz: str) -> tuple[Window, ...]:
        """Return the stretches of the local days `first` to `last` in `tz`, in order."""
        found = []
        day = first
        while day <= last:
            found += [
                (at_local(day, one.opens, tz), at_local(day, one.closes, tz))
                for one in self.weekly
                if one.day == day.weekday()
            ]
            day += DAY
        return merged(found)

    def outside(self, calendar: Calendar) -> tuple[Weekly, ...]:
        """Return the stretches that share no talk's length with somebody's hours."""
        return tuple(one for one in self.weekly if not _reaches(one, calendar))

    def stored(self) -> dict[str, Any]:
        """Return the hours as they are kept."""
        rows = [[one.day, f"{one.opens:%H:%M}", f"{one.closes:%H:%M}"] for one in self.weekly]
        return {"weekly": rows} if rows else {}


WHENEVER = TalkHours()


def from_stored(value: dict[str, Any]) -> TalkHours:
    """Return the hours that were kept."""
    return TalkHours(
        tuple(
            Weekly(day, time.fromisoformat(opens), time.fromisoformat(closes))
            for day, opens, closes in value.get("weekly", ())
        )
    )


class NotUnderstood(ValueError):
    """The text says which words were not understood, or what is wrong with them."""


def understood(words: str) -> TalkHours:
    """Return the hours that somebody wrote: `Tue 9-11, Thu 14:00–16:30`, `weekdays 2pm-4pm`.

    Days without hours take those that follow: `Mon, Wed 9-11`. Overlapping stretches become one.

    Raises:
        NotUnderstood: with a sentence for the person.
    """
    plain = " ".join(words.lower().replace("–", "-").replace("—", "-").split()).strip(" .")
    if plain in ANY_TIME:
        return WHENEVER
    found: list[Weekly] = []
    waiting: set[int] = set()  # days that were named without hours so far
    named: set[int] = set()  # days that further hours belong to: Tue 9-11, 14-16
    for part in _parts(plain):
        days, hours = _split(part)
        waiting |= days
        if hours is None:
            continue
        named, waiting = waiting or named, set()
        if not named:
            raise NotUnderstood(f"“{part}” names no day. Write it like this: Tue 9-11.")
        found += [Weekly(day, *hours) for day in named]
    if waiting:
        raise NotUnderstood("Say from when until when, too, like this: Tue 9-11.")
    return _joined(found)


DAYS = "|".join(DAY_NAMES) + "|mon|tues|tue|wed|thurs|thur|thu|fri|sat|sun|" + "|".join(SEVERAL)
ONE_DAY = re.compile(rf"(?P<first>{DAYS})s?\.?(?:\s*(?:-|to)\s*(?P<last>{DAYS})s?\.?)?")
CLOCK = r"(?P<{0}h>\d{{1,2}})(?:[:.](?P<{0}m>\d{{2}}))?\s*(?P<{0}half>am|pm)?"
HOURS = re.compile(CLOCK.format("a") + r"\s*(?:-|to|until|till)\s*" + CLOCK.format("b"))


def _parts(plain: str) -> Iterator[str]:
    for part in re.split(r"[,;&+\n]|\band\b", plain):
        if part.strip():
            yield part.strip()


def _split(part: str) -> tuple[set[int], tuple[time, time] | None]:
    """Return the days that `part` begins with and the hours that it ends with."""
    rest, days = part, set[int]()
    while match := ONE_DAY.match(rest):
        days |= _days(match["first"], match["last"])
        rest = rest[match.end() :].strip(" :,")
    rest = rest.removeprefix("from ").strip()
    if not rest:
        return days, None
    hours = HOURS.fullmatch(rest)
    if hours is None:
        raise NotUnderstood(
            f"I don't understand “{part[:40]}”. Write days and hours like this: "
            "Tue 9-11, Thu 14:00-16:30."
        )
    return days, _hours(part, hours)


def _days(first: str, last: str | None) -> set[int]:
    if first in SEVERAL:
        return set(SEVERAL[first])
    start = _number(first)
    if last is None or last in SEVERAL:
        return {start}
    return {(start + n) % 7 for n in range((_number(last) - start) % 7 + 1)}


def _number(name: str) -> int:
    return next(place for place, day in enumerate(DAY_NAMES) if day.startswith(name[:3]))


def _hours(part: str, match: re.Match[str]) -> tuple[time, time]:
    half = match["ahalf"] or (match["bhalf"] if _same_half(match) else None)
    opens = _time(part, match["ah"], match["am"], half)
    closes = _time(part, match["bh"], match["bm"], match["bhalf"])
    if _length(opens, closes) < LENGTH:
        raise NotUnderstood(
            f"“{part[:40]}” is too short for a talk of {LENGTH.seconds // 60} minutes, or ends "
            "before it begins."
        )
    return opens, closes


def _same_half(match: re.Match[str]) -> bool:
    """`2-4pm` begins in the afternoon, `11-1pm` in the morning."""
    return int(match["ah"]) % 12 < int(match["bh"]) % 12


def _time(part: str, hour: str, minute: str | None, half: str | None) -> time:
    number = int(hour)
    if half and 1 <= number <= 12:
        number = number % 12 + (12 if half == "pm" else 0)
    try:
        if number == 24 and not int(minute or 0):
            return time(23, 59)
        return time(number, int(minute or 0))
    except ValueError:
        raise NotUnderstood(f"“{part[:40]}” has a time that no clock shows.") from None


def _length(opens: time, closes: time) -> timedelta:
    return datetime.combine(date.min, closes) - datetime.combine(date.min, opens)


def _joined(found: list[Weekly]) -> TalkHours:
    joined: list[Weekly] = []
    for one in sorted(set(found)):
        last = joined[-1] if joined else None
        if last and last.day == one.day and one.opens <= last.closes:
            joined[-1] = Weekly(one.day, last.opens, max(last.closes, one.closes))
        else:
            joined.append(one)
    if len(joined) > MOST_WINDOWS:
        raise NotUnderstood(f"Please keep it to {MOST_WINDOWS} stretches in a week.")
    return TalkHours(tuple(joined))


def not_in_hours(found: Sequence[Weekly], calendar: Calendar) -> str:
    """Return why nobody would be offered a talk in the stretches `found`."""
    first = found[0]
    when = f"{DAY_NAMES[first.day].capitalize()} {first.opens:%H:%M}–{first.closes:%H:%M}"
    return (
        f"{when} isn't in your hours ({calendar.opens:%H:%M}–{calendar.closes:%H:%M} on the days "
        "you work), so no talk could be offered then. `/buyin settings` changes your hours."
    )


def _reaches(weekly: Weekly, calendar: Calendar) -> bool:
    """Return whether a talk fits into what the stretch shares with somebody's hours."""
    return any(
        _length(max(weekly.opens, opens), min(weekly.closes, closes)) >= LENGTH
        for day, opens, closes in _week(calendar)
        if day == weekly.day
    )


def _week(calendar: Calendar) -> Iterator[tuple[int, time, time]]:
    for day in calendar.days:
        if calendar.opens < calendar.closes:
            yield day, calendar.opens, calendar.closes
        else:  # through the night
            yield day, calendar.opens, time.max
            yield (day + 1) % 7, MIDNIGHT, calendar.closes


@dataclass(frozen=True, slots=True)
class MyTalks:
    """When one person has talks; for their eyes only."""

    person: Person
    calendar: Calendar
    now: datetime
    hours: TalkHours = WHENEVER
    feed: Feed | None = None
