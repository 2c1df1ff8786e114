"""From a calendar file to busy times.

Wall-clock times repeat by the wall clock, so they are counted without a zone and placed in theirs
afterwards: ten o'clock stays ten o'clock when clocks change.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.domain.busy import Problem, Reading, Window, merged
from bot.domain.calendars import zone
from bot.feeds.events import Event, Places, parsed, periods
from bot.feeds.lines import sift
from bot.feeds.problems import Unread
from bot.feeds.recurring import Steps, moments
from bot.feeds.zones import Zones

MOST_WINDOWS = 5000


@dataclass(frozen=True, slots=True)
class Asked:
    """Between which moments one reading looks for busy times, and what it may use."""

    start: datetime
    end: datetime
    zones: Zones
    steps: Steps


def busy_times(content: bytes, tz: str, start: datetime, end: datetime) -> Reading:
    """Return when the calendar's owner, who is in `tz`, is busy between two moments.

    Raises:
        Unread: if the file is no calendar, damaged, or takes too much to work out.
    """
    lines = sift(content, start, end)
    asked = Asked(start, end, Zones(lines.zones, zone(tz)), Steps())
    groups, unread = _events(lines.events, asked.zones)
    found: list[Window] = []
    for group in groups:
        try:
            found += _group(group, asked)
        except (ValueError, OverflowError):
            unread += len(group)
    taken, odd = periods(lines.busy, asked.zones)
    whole = merged(_inside([*found, *taken], start, end))
    if len(whole) > MOST_WINDOWS:
        raise Unread(Problem.TOO_MUCH)
    return Reading(whole, unread + odd)


def _events(all_lines: Iterable[list[str]], zones: Zones) -> tuple[list[list[Event]], int]:
    """Return the events that could be understood, those with one id together, and the rest."""
    groups: dict[Hashable, list[Event]] = defaultdict(list)
    unread = 0
    for place, lines in enumerate(all_lines):
        try:
            event = parsed(lines, zones)
        except (ValueError, OverflowError):
            unread += 1
        else:
            groups[event.uid or place].append(event)
    return list(groups.values()), unread


def _group(events: list[Event], asked: Asked) -> Iterator[Window]:
    """Yield the busy times of events with one id: a series and what differs from it."""
    newest = max((event.sequence for event in events if event.instead_of is None), default=0)
    series = [one for one in events if one.instead_of is None and one.sequence == newest]
    others = _newest(one for one in events if one.instead_of is not None)
    for event in series:
        if event.rules or event.also or event.also_for or event.but or others:
            yield from _series(event, others, asked)
        elif not event.is_free:
            yield event.window
    yield from (event.window for event in others if not event.is_free)


def _newest(events: Iterable[Event]) -> list[Event]:
    kept: dict[Hashable, Event] = {}
    for event in events:
        known = kept.get(event.instead_of)
        if known is None or event.sequence >= known.sequence:
            kept[event.instead_of] = event
    return list(kept.values())


def _series(event: Event, others: list[Event], asked: Asked) -> Iterator[Window]:
    instead = [(event.local(one.instead_of), one) for one in others if one.instead_of]
    replaced = Places(event, (one.instead_of for one in others if one.instead_of))
    later = sorted(((at, one) for at, one in instead if one.and_later), key=lambda pair: pair[0])
    room = max(one.length for one in (event, *others))
    for at in moments(event, asked.start - room, asked.end, asked.zones, asked.steps):
        if at in replaced:
            continue
        since, one = next((pair for pair in reversed(later) if pair[0] <= at), (at, event))
        if not one.is_free:
            yield one.placed(one.starts.at + (at - since) if one is not event else at)
    yield from _further(event, replaced)


def _further(event: Event, replaced: Places) -> Iterator[Window]:
    """Yield those of a series that have a length of their own."""
    but = Places(event, event.but)
    for begun, length in event.also_for:
        at = event.local(begun)
        if at not in but and at not in replaced and not event.is_free:
            yield begun.moment, begun.moment + length


def _inside(windows: Iterable[Window], start: datetime, end: datetime) -> Iterator[Window]:
    for begun, over in windows:
        yield max(begun, start), min(over, end)
