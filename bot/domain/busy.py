"""Stretches of time: merged, cut and compared; nothing of what somebody does in them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

Window = tuple[datetime, datetime]
"""From (included) until (not any more); aware, UTC."""

AHEAD = timedelta(days=60)
"""How far ahead a calendar is read; talks are proposed for less."""

READ_EVERY = timedelta(hours=4)
AGAIN_AFTER = timedelta(hours=1)
"""After a calendar could not be read."""

FRESH = timedelta(minutes=15)
"""A calendar that was read so recently is not read again before times are proposed."""

LONGEST_ADDRESS = 2000
"""How many characters an address has at most; Slack's text field takes 3,000."""


class Problem(StrEnum):
    """Why a calendar could not be read."""

    NOT_AN_ADDRESS = "not_an_address"
    NOT_SECURE = "not_secure"
    NOT_PUBLIC = "not_public"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    TOO_MANY_REDIRECTS = "too_many_redirects"
    TOO_SLOW = "too_slow"
    TOO_BIG = "too_big"
    NOT_A_CALENDAR = "not_a_calendar"
    BROKEN = "broken"
    TOO_MUCH = "too_much"
    KEY_CHANGED = "key_changed"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a calendar holds about when its owner is busy, and nothing else of it."""

    busy: tuple[Window, ...] = ()
    unread: int = 0
    """How many events could not be understood, so that their times are not kept free."""


@dataclass(frozen=True, slots=True)
class Feed:
    """How somebody's calendar feed is doing; its address is a secret and not in here."""

    since: datetime
    worked_at: datetime | None = None
    problem: Problem | None = None
    """Why the last try did not work; None if it did."""
    tried_at: datetime | None = None
    busy: tuple[Window, ...] = ()
    """From when it last worked."""
    unread: int = 0


def merged(windows: Iterable[Window]) -> tuple[Window, ...]:
    """Return the same time in order, without overlaps and without empty stretches."""
    found: list[Window] = []
    for start, end in sorted(window for window in windows if window[0] < window[1]):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], end)
        else:
            found.append((start, end))
    return tuple(found)


def both(first: Sequence[Window], second: Sequence[Window]) -> tuple[Window, ...]:
    """Return the time that is in both; each comes `merged`, and so does the answer."""
    found, here, there = [], 0, 0
    while here < len(first) and there < len(second):
        start = max(first[here][0], second[there][0])
        end = min(first[here][1], second[there][1])
        if start < end:
            found.append((start, end))
        if first[here][1] < second[there][1]:
            here += 1
        else:
            there += 1
    return tuple(found)


def without(windows: Sequence[Window], taken: Sequence[Window]) -> tuple[Window, ...]:
    """Return the time of `windows` that is not in `taken`; each comes `merged`."""
    found, place = [], 0
    for start, end in windows:
        while place < len(taken) and taken[place][1] <= start:
            place += 1
        at = place
        while at < len(taken) and taken[at][0] < end:
            if start < taken[at][0]:
                found.append((start, taken[at][0]))
            start = max(start, taken[at][1])
            at += 1
        if start < end:
            found.append((start, end))
    return tuple(found)


def overlaps(window: Window, taken: Iterable[Window]) -> bool:
    """Return whether any of `taken` has time in common with `window`."""
    start, end = window
    return any(begun < end and start < over for begun, over in taken)
