"""Whom to offer a talk, when to remind and to ask, and what follows from what both sides say."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.calendars import (
    DAY,
    NEVER,
    Calendar,
    is_working_moment,
    local_date,
    next_working_moment,
)
from bot.domain.commitments import Commitment, Ending
from bot.domain.conversations import (
    AFTERWARDS,
    APART,
    ASKED_AFTER,
    LEAST_BEFORE,
    PER_WEEK,
    REMINDED_BEFORE,
    Event,
    Said,
    State,
)

# --- whom ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who could be offered a talk; `waits_since` is since when there is reason to."""

    stakeholder_id: int
    person_id: int
    waits_since: datetime
    asked: bool = False
    """Whether they asked for it themselves."""


@dataclass(frozen=True, slots=True)
class Lately:
    """What is known of somebody's talks."""

    has_open: bool = False
    """An offer or an agreed talk, in any initiative."""
    offered_at: datetime | None = None
    """The last offer about this initiative."""


NOTHING_LATELY = Lately()


def may_offer(candidate: Candidate, lately: Lately, now: datetime) -> bool:
    """Return whether somebody may be offered a talk: one open over all, one in six weeks here.

    Who asked for it since the last one need not wait.
    """
    if lately.has_open:
        return False
    if lately.offered_at is None or lately.offered_at + APART <= now:
        return True
    return candidate.asked and candidate.waits_since > lately.offered_at


DONE = (Ending.KEPT, Ending.PARTLY)


def who_did(steps: Iterable[Commitment]) -> dict[int, Commitment]:
    """Return the last step that is over of each person (by id) who did it, in part at least.

    Not of who left their last one undone, whatever they did before. `steps` are oldest first.
    """
    last = {one.person.id: one for one in steps if not one.is_open}
    return {person: one for person, one in last.items() if one.ending in DONE}


def turn(one: Candidate) -> tuple[bool, datetime, int]:
    """Return the key that puts those who asked first, then those who wait longest."""
    return not one.asked, one.waits_since, one.stakeholder_id


def room_for(open_offers: int, agreed: Collection[datetime], now: datetime) -> int:
    """Return how many more talks a host can be asked to offer now.

    `open_offers` wait for an answer; `agreed` are the starts of talks agreed on.
    """
    week = sum(now <= start < now + 7 * DAY for start in agreed)
    return max(0, PER_WEEK - open_offers - week)


def full_weeks(agreed: Iterable[datetime], tz: str) -> frozenset[date]:
    """Return the Mondays of the weeks, local to the host in `tz`, that hold enough talks."""
    counts: dict[date, int] = {}
    for start in agreed:
        monday = monday_of(start, tz)
        counts[monday] = counts.get(monday, 0) + 1
    return frozenset(monday for monday, count in counts.items() if count >= PER_WEEK)


def monday_of(moment: datetime, tz: str) -> date:
    """Return the Monday of the week that `moment` falls in, local to `tz`."""
    day = local_date(moment, tz)
    return day - timedelta(days=day.weekday())


# --- when ----------------------------------------------------------------------------------------


def remind_at(starts_at: datetime, calendar: Calendar, now: datetime) -> datetime | None:
    """Return when to remind somebody: an hour before, or when their hours begin that day.

    Where that leaves too little time it is the day before, or the last one on which they work.
    None if there is no such moment after `now`.
    """
    moment = next_working_moment(starts_at - REMINDED_BEFORE, calendar)
    if moment > starts_at - LEAST_BEFORE:
        days = (starts_at - days * DAY for days in range(1, 8))
        moment = next((day for day in days if is_working_moment(day, calendar)), now)
    return moment if moment > now else None


def asks_at(ends_at: datetime, calendar: Calendar) -> datetime:
    """Return when somebody is asked how it went: soon after, in their own hours."""
    found = next_working_moment(ends_at + ASKED_AFTER, calendar)
    return ends_at + ASKED_AFTER if found >= NEVER else found


# --- afterwards ----------------------------------------------------------------------------------


def outcome(said: Sequence[Said], guest_id: int, host_id: int) -> State | None:
    """Return what both sides' last answers come to, None while that is open.

    That they met holds as soon as the guest says so, or the host does and the guest nothing
    else; that it did not come about, once one side says so and the other does not say they met.
    """
    last: dict[int, Event] = {}
    for one in said:
        if one.event in AFTERWARDS and one.by is not None:
            last[one.by] = one.event
    guest, host = last.get(guest_id), last.get(host_id)
    if Event.MET in (guest, host) and guest in (Event.MET, None):
        return State.HELD
    not_held = (Event.COULD_NOT, Event.DONT_WANT)
    if guest in not_held or (host in not_held and guest is None):
        return State.NOT_HELD
    return None


def outcome_together(said: Sequence[Said], people: Collection[int], host_id: int) -> State | None:
    """Return what the last answers of those who came to a group session come to, None while open.

    It took place if anybody says that they met; not if its host, or everybody else, says so.
    """
    last = {one.by: one.event for one in said if one.event in AFTERWARDS and one.by is not None}
    if Event.MET in last.values():
        return State.HELD
    not_held = {by for by, event in last.items() if event in (Event.COULD_NOT, Event.DONT_WANT)}
    guests = {one for one in people if one != host_id}
    return State.NOT_HELD if host_id in not_held or (guests and guests <= not_held) else None


def declined_since(said: Iterable[tuple[Event, datetime]], since: datetime | None) -> int:
    """Return how many offers in a row somebody declined, after `since`; an accepted one ends it."""
    count = 0
    for event, at in sorted(said, key=lambda one: one[1]):
        if since is not None and at <= since:
            continue
        if event is Event.ACCEPTED:
            count = 0
        elif event is Event.DECLINED:
            count += 1
    return count
