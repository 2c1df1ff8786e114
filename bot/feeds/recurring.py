"""When a series of events happens, by its own clock."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from dateutil.rrule import rrulestr

from bot.domain.busy import Problem
from bot.feeds.events import Event, Places, stamp
from bot.feeds.problems import Unread
from bot.feeds.zones import Zones

MOST_STEPS = 500_000
"""Over a whole calendar; a daily event of ten years takes 3,650."""

DAYS_APART = {"DAILY": 1, "WEEKLY": 7}
MONTHS_APART = {"MONTHLY": 1, "YEARLY": 12}
LEAST_DAYS = 28
"""Every month has so many."""

OFTEN = ("HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY")
DAY = timedelta(days=1)


class Steps:
    """Counts how often rules were asked for their next time, over a whole calendar."""

    def __init__(self, most: int = MOST_STEPS) -> None:
        self._left = most

    def take(self) -> None:
        """Take one.

        Raises:
            Unread: if there were too many.
        """
        self._left -= 1
        if self._left < 0:
            raise Unread(Problem.TOO_MUCH)


def moments(
    event: Event, start: datetime, end: datetime, zones: Zones, steps: Steps
) -> list[datetime]:
    """Return when the series begins between two moments, and a day around them, in order.

    Raises:
        ValueError: if its rules cannot be understood.
    """
    first, last = (
        moment.astimezone(event.starts.zone).replace(tzinfo=None, fold=0) + margin
        for moment, margin in ((start, -DAY), (end, DAY))
    )
    found = {event.starts.at, *(event.local(one) for one in event.also)}
    for rule in event.rules:
        found.update(_by_rule(event, rule, (first, last), zones, steps))
    but = Places(event, event.but)
    return sorted(at for at in found if first <= at <= last and at not in but)


def _by_rule(
    event: Event, rule: str, days: tuple[datetime, datetime], zones: Zones, steps: Steps
) -> Iterator[datetime]:
    parts = dict(part.split("=", 1) for part in re.sub(r"\s", "", rule).split(";") if part)
    how, every = parts.get("FREQ", ""), int(parts.get("INTERVAL", 1))
    if how not in OFTEN or every < 1:
        raise ValueError("not a rule for events")
    first, last = days
    if until := parts.pop("UNTIL", ""):
        last = min(last, _until(event, until, zones))
    begins = event.starts.at
    if not parts.keys() & {"COUNT", "BYSETPOS"}:  # these count from the beginning
        begins = _near(begins, first, how, every)
    if "COUNT" not in parts:  # what never happens again is looked for no longer
        parts["UNTIL"] = f"{last:%Y%m%dT%H%M%S}"
    written = ";".join(f"{name}={value}" for name, value in parts.items())
    for at in rrulestr(written, dtstart=begins):
        steps.take()
        if at > last:
            return
        if at >= first:
            yield at


def _near(begins: datetime, first: datetime, how: str, every: int) -> datetime:
    """Return a later beginning of the same series that still lies before `first`, if it can."""
    if how in DAYS_APART:
        step = timedelta(days=DAYS_APART[how]) * every
        return begins + max((first - begins) // step - 1, 0) * step
    if how == "HOURLY" or begins.day > LEAST_DAYS or begins >= first:
        return begins
    months = (first.year - begins.year) * 12 + first.month - begins.month
    step_months = every * MONTHS_APART[how]
    months_on = max(months // step_months - 1, 0) * step_months + begins.month - 1
    return begins.replace(year=begins.year + months_on // 12, month=months_on % 12 + 1)


def _until(event: Event, written: str, zones: Zones) -> datetime:
    until = stamp(written, "", zones)
    if until.is_day:
        return until.at + DAY - timedelta(seconds=1)
    if event.starts.is_day:
        return until.at
    if until.zone is zones.floating and not written.endswith("Z"):
        return until.at  # by the clock of the event
    return event.local(until)
