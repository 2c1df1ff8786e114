"""The calendar of one person: what they set, public holidays and do-not-disturb together."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache

from bot import holidays
from bot.domain import news
from bot.domain.calendars import Calendar
from bot.domain.people import Person
from bot.domain.times import NOTHING_SET, Times
from storage import digests, outbox, stakeholders, workspaces
from storage.database import Tx


def build(tz: str, times: Times, country: str | None, now: datetime) -> Calendar:
    """Return the calendar of somebody in `tz`, good for a year from `now` on.

    `country` is the workspace's, for those who chose none of their own.
    """
    if times is NOTHING_SET and not country:
        return Calendar.of(tz)
    return _built(tz, times, country, now.year)


def of(tx: Tx, person: Person, now: datetime) -> Calendar:
    """Return a person's calendar, good for a year from `now` on."""
    return build(person.tz, person.times, workspaces.get(tx, person.workspace_id).holidays, now)


def of_many(tx: Tx, people: Iterable[Person], now: datetime) -> dict[int, Calendar]:
    """Return the calendars of people of one workspace, by their id."""
    everybody = list(people)
    if not everybody:
        return {}
    country = workspaces.get(tx, everybody[0].workspace_id).holidays
    return {one.id: build(one.tz, one.times, country, now) for one in everybody}


def for_digests(tx: Tx, person: Person, now: datetime) -> Calendar:
    """Return when digests may arrive: from nine on, or in the hours that the owner set."""
    calendar = of(tx, person, now)
    return calendar if person.times.has_hours else news.reading(calendar)


def changed(tx: Tx, person_ids: Sequence[int], now: datetime) -> None:
    """Have everything decided anew that rests on when these people can be written to."""
    if person_ids:
        stakeholders.decide_again(tx, person_ids, now)
        digests.look_at_people(tx, person_ids, now)
        outbox.look_again(tx, person_ids, now)


def changed_everywhere(tx: Tx, workspace_id: int, now: datetime) -> None:
    """Have everything of a workspace decided anew that rests on public holidays."""
    stakeholders.decide_again_all(tx, workspace_id, now)


@lru_cache(maxsize=4096)
def _built(tz: str, times: Times, country: str | None, year: int) -> Calendar:
    code = country if times.holidays is None else times.holidays
    off: frozenset[date] = holidays.dates(code, year) if code else frozenset()
    return times.calendar(tz, off)
