"""When two people could talk: their hours, the host's talk hours, and what they have already."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain import slots
from bot.domain.busy import Window
from bot.domain.calendars import MIDNIGHT, at_local
from bot.domain.conversations import CHOICES, Conversation
from bot.domain.people import Person
from bot.domain.slots import Availability, Slot
from bot.domain.talk_hours import LENGTH
from bot.domain.talk_rules import full_weeks
from bot.services import talk_hours
from storage import conversations
from storage.conversations import Taken
from storage.database import Tx

WEEK = timedelta(weeks=1)
LEAD = timedelta(hours=20)
"""Nothing is offered for sooner: both read of it in their hours first."""

LEAST_AHEAD = timedelta(hours=1)
"""A time that was offered can be taken until so long before."""


def propose(tx: Tx, talk: Conversation, now: datetime, count: int = CHOICES) -> tuple[Slot, ...]:
    """Return at most `count` times at which both sides of a talk are free, in order."""
    if talk.host is None or talk.guest is None:
        return ()
    host, guest = both(tx, talk, talk.host, talk.guest, now)
    return slots.propose(host, guest, now, count=count, lead=LEAD)


def suits(tx: Tx, talk: Conversation, slot: Slot, now: datetime) -> bool:
    """Return whether both sides of a talk still are free then; lock both before, to rely on it."""
    if talk.host is None or talk.guest is None or slot.starts_at < now + LEAST_AHEAD:
        return False
    return slots.suits(slot, both(tx, talk, talk.host, talk.guest, now))


def slot_at(starts_at: datetime) -> Slot:
    """Return the time that begins at `starts_at` (aware) and is as long as a talk."""
    return Slot(starts_at, starts_at + LENGTH)


def both(
    tx: Tx, talk: Conversation, host: Person, guest: Person, now: datetime
) -> tuple[Availability, Availability]:
    """Return when the host and the guest of a talk could talk; its own time counts as free."""
    taken = conversations.taken(tx, [host.id, guest.id], now - WEEK)
    taken = [one for one in taken if one.talk_id != talk.id]
    whose = talk_hours.availability(tx, [host, guest], now)
    mine, theirs = whose[host.id], whose[guest.id]
    full = _full(taken, host)
    return (
        replace(mine, busy=(*mine.busy, *_of(taken, host), *full)),
        replace(theirs, busy=(*theirs.busy, *_of(taken, guest))),
    )


def _of(taken: list[Taken], person: Person) -> tuple[Window, ...]:
    return tuple((one.starts_at, one.ends_at) for one in taken if one.person_id == person.id)


def _full(taken: list[Taken], host: Person) -> tuple[Window, ...]:
    """Return the weeks, as stretches of time, in which the host talks often enough already."""
    agreed = [one.starts_at for one in taken if one.person_id == host.id]
    return tuple(
        (at_local(monday, MIDNIGHT, host.tz), at_local(monday + WEEK, MIDNIGHT, host.tz))
        for monday in full_weeks(agreed, host.tz)
    )
