"""The next weeks of an initiative, for those who lead it: numbers that tell about nobody."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from math import ceil

from bot.domain import calendars, plans
from bot.domain.calendars import MIDNIGHT, at_local, local_date
from bot.domain.initiatives import Initiative
from bot.domain.outbox import Kind
from bot.domain.pacing import owes
from bot.domain.pacing_facts import Facts
from bot.domain.pacing_settings import PacingSettings
from bot.domain.planned import DAYS, PersonFacts, PlaceFacts, played
from bot.domain.plans import Assumed

LEAST_PEOPLE = 10
"""Among fewer people than this a number would tell about single ones, so owners read none."""

LEAST_RANGE = 5
"""A range that owners read holds at least so many numbers."""


@dataclass(frozen=True, slots=True)
class Week:
    """One week of an initiative: how many people hear from the app, between two numbers."""

    monday: date
    hear: tuple[int, int] | None
    """None where there are too few people for a number."""
    opens: tuple[tuple[int, date], ...] = ()
    """Rounds that open in it: (number, local day)."""


@dataclass(frozen=True, slots=True)
class InitiativePlan:
    """What those who lead an initiative may know of its next weeks."""

    initiative: Initiative
    people: int
    settings: PacingSettings
    weeks: tuple[Week, ...]
    owed: bool
    """Nobody is asked until the owners reply or share back."""
    paused_until: date | None = None
    """Nobody is asked before this day, which is local to the initiative."""


def of_initiative(
    initiative: Initiative,
    settings: PacingSettings,
    people: Sequence[PersonFacts],
    start: datetime,
    days: int = DAYS,
) -> InitiativePlan:
    """Return the weeks of the next `days` days, in numbers that tell about nobody.

    Who answered last time, or was not asked yet, is taken to go on answering; who did not, not.
    """
    last = _monday(local_date(start + timedelta(days=days), initiative.tz))
    end = at_local(last + timedelta(weeks=1), MIDNIGHT, initiative.tz)
    facts = [own.facts for known in people for own in _own(known, initiative)]
    count = len(facts)
    heard: Counter[date] = Counter()
    if count >= LEAST_PEOPLE:
        for known in people:
            heard.update(_weeks_heard(known, initiative, start, end))
    opens = _opens(facts[0], end) if facts else []
    until = initiative.halted_until(start)
    return InitiativePlan(
        initiative=initiative,
        people=count,
        settings=settings,
        weeks=tuple(_weeks(heard, count, opens, (start, end), initiative.tz)),
        owed=any(owes(one, settings, start) for one in facts),
        paused_until=local_date(until, initiative.tz) if until else None,
    )


def coarse(number: int, of: int) -> tuple[int, int]:
    """Return the range that `number` of `of` people is in, as owners read it.

    Ranges are at least `LEAST_RANGE` wide, wider among many people, and the last one ends with
    everybody: what up to four people set never shows in a week in which all others hear.
    """
    width = max(LEAST_RANGE, LEAST_RANGE * ceil(of / 50))
    top = of - width + 1
    starts = [*range(0, max(top - width, 0) + 1, width), top]
    low = max(start for start in starts if start <= number)
    following = [start for start in starts if start > low]
    return low, (following[0] - 1 if following else of)


def _own(known: PersonFacts, initiative: Initiative) -> list[PlaceFacts]:
    return [one for one in known.places if one.initiative.id == initiative.id]


def _weeks_heard(
    known: PersonFacts, initiative: Initiative, start: datetime, end: datetime
) -> set[date]:
    """Return the weeks, by their Mondays, in which one person hears about the initiative."""
    own = _own(known, initiative)
    seeds = {one.facts.seed for one in own}
    found = played(known, start, end, answers=not any(one.facts.misses for one in own))
    days = (local_date(line.at, initiative.tz) for line in found.lines if line.place in seeds)
    return {_monday(day) for day in days}


def _opens(facts: Facts, end: datetime) -> list[tuple[int, date]]:
    return [(one.number, one.opens_on) for one in plans.rounds(facts, end)]


def _weeks(
    heard: Counter[date],
    people: int,
    opens: Iterable[tuple[int, date]],
    span: tuple[datetime, datetime],
    tz: str,
) -> Iterator[Week]:
    monday, rounds = _monday(local_date(span[0], tz)), list(opens)
    while monday <= local_date(span[1] - timedelta(seconds=1), tz):
        inside = tuple(one for one in rounds if _monday(one[1]) == monday)
        hear = coarse(heard[monday], people) if people >= LEAST_PEOPLE else None
        yield Week(monday, hear, inside)
        monday += timedelta(weeks=1)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def check_ins(
    first_date: date, tz: str, cycle_days: int, settings: PacingSettings, days: int = DAYS
) -> tuple[date, ...]:
    """Return when check-ins of an initiative would come to who answers them and sets nothing.

    Local days of the initiative's zone within `days` days from the first one on.
    """
    start = at_local(first_date, calendars.OPENS, tz) - timedelta(days=7)
    facts = Facts(
        seed="",
        tz=tz,
        first_date=first_date,
        initiative_tz=tz,
        cycle_days=cycle_days,
        introduced_at=start,
    )
    exact = replace(settings, jitter_days=0, jitter_minutes=0)
    span = (start, start + timedelta(days=7 + days))
    found = plans.plan([facts], exact, span, Assumed(answers=True))
    return tuple(local_date(line.at, tz) for line in found.lines if line.kind is Kind.ASK)
