"""The next weeks of one person, for that person alone: what would come, when, and what not.

News between check-ins is in no plan: who gets it follows from what the app concludes.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.domain import plans
from bot.domain.calendars import (
    DAY,
    MIDNIGHT,
    Calendar,
    at_local,
    day_of,
    local_date,
    working_day_before,
)
from bot.domain.initiatives import Initiative, Place
from bot.domain.outbox import Kind
from bot.domain.pacing import owes
from bot.domain.pacing_facts import Facts, Rule
from bot.domain.pacing_settings import PacingSettings
from bot.domain.plans import Assumed, Line, Plan, Unsent

DAYS = 60
"""How far ahead a plan looks."""


class Off(StrEnum):
    """Why a message does not come on some day."""

    AWAY = "away"
    HOLIDAY = "holiday"
    WEEKDAY = "weekday"  # none of their working days
    LIMIT = "limit"  # the caps, or the hours of that day are over


@dataclass(frozen=True, slots=True)
class Moved:
    """A local day on which a message was due and does not come, and why."""

    on: date
    why: Off


@dataclass(frozen=True, slots=True)
class ClockChange:
    """A local day on which clocks go forward (or back, below 0) by so many minutes."""

    on: date
    minutes: int


@dataclass(frozen=True, slots=True)
class Coming:
    """A message that would come."""

    at: datetime
    initiative: Initiative
    kind: Kind
    because: Rule | None = None
    weeks: int | None = None
    """Weeks since the check-in before this one."""
    moved: tuple[Moved, ...] = ()
    beside: Initiative | None = None
    """Whose check-in offers this one in its own message."""


@dataclass(frozen=True, slots=True)
class Missing:
    """Something due that would not come, and why; `at` is None if nothing at all comes."""

    at: datetime | None
    initiative: Initiative
    kind: Kind
    rule: Rule


@dataclass(frozen=True, slots=True)
class Branch:
    """What comes, in order, and what does not."""

    coming: tuple[Coming, ...]
    missing: tuple[Missing, ...]


@dataclass(frozen=True, slots=True)
class MyPlan:
    """What one person would get from `start` until before `end`, for that person alone."""

    calendar: Calendar
    settings: PacingSettings
    start: datetime
    end: datetime
    stopped: bool
    answering: Branch
    """If they answer every check-in."""
    silent: Branch
    """If they answer none."""
    holidays: tuple[date, ...]
    """Public holidays on their working days."""
    changes: tuple[ClockChange, ...]
    lately: tuple[Missing, ...] = ()
    """What did not come in the last weeks, and why."""


@dataclass(frozen=True, slots=True)
class PlaceFacts:
    """One place of a person, as the clock knows it now."""

    initiative: Initiative
    facts: Facts
    under_way: tuple[tuple[Kind, datetime], ...] = ()
    """What the clock has decided and the sender still has, and when it leaves."""
    milestone_on: date | None = None


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """All places of one person in what runs."""

    calendar: Calendar
    settings: PacingSettings
    stopped: bool = False
    places: tuple[PlaceFacts, ...] = ()
    lately: tuple[Missing, ...] = ()
    """What was let go in the last weeks, news aside."""


def mine(known: PersonFacts, start: datetime, days: int = DAYS) -> MyPlan:
    """Return what one person would get in `days` days from `start` on (aware)."""
    end = start + timedelta(days=days)
    last = local_date(end, known.calendar.tz)
    return MyPlan(
        calendar=known.calendar,
        settings=known.settings,
        start=start,
        end=end,
        stopped=known.stopped,
        answering=_branch(known, start, end, answers=True),
        silent=_branch(known, start, end, answers=False),
        holidays=tuple(_holidays(known.calendar, local_date(start, known.calendar.tz), last)),
        changes=tuple(_changes(known.calendar.tz, start, last)),
        lately=known.lately,
    )


def played(known: PersonFacts, start: datetime, end: datetime, *, answers: bool) -> Plan:
    """Return the plan of one person; with `answers` every check-in is answered on arrival."""
    assumed = [_assumed(one, known.settings, start, answers=answers) for one in known.places]
    lines = [line for _, under_way in assumed for line in under_way]
    milestones = [one.milestone_on for one in known.places]
    facts = [one for one, _ in assumed]
    found = plans.plan(facts, known.settings, (start, end), Assumed(answers=answers), milestones)
    return replace(found, lines=(*lines, *found.lines))


def _assumed(
    place: PlaceFacts, settings: PacingSettings, now: datetime, *, answers: bool
) -> tuple[Facts, list[Line]]:
    """Return the facts to start from, and what is on its way already.

    No attention is in them: who gets news would tell what the app concludes about that person.
    """
    facts = replace(place.facts, attention=False, give=None, on_its_way=False)
    if not owes(facts, settings, now):
        facts = replace(facts, waiting_since=None)
    lines = []
    if facts.place is Place.ACTIVE and facts.running and not facts.person_stopped:
        for kind, at in place.under_way:
            lines.append(Line(max(at, now), facts.seed, kind))
            facts = _left(facts, kind, max(at, now))
    asked = facts.asked
    if answers and asked is not None and not asked.again:
        facts = replace(facts, asked=replace(asked, answered=True))
    return facts, lines


def _left(facts: Facts, kind: Kind, at: datetime) -> Facts:
    """Return the facts once what is on its way has arrived, at `at`."""
    if kind is Kind.INTRODUCTION:
        return replace(facts, introduced_at=at)
    if kind is Kind.ASK and facts.asked is not None:
        return replace(facts, asked=replace(facts.asked, delivered_at=at), asked_at=at)
    return facts


def _branch(known: PersonFacts, start: datetime, end: datetime, *, answers: bool) -> Branch:
    found = played(known, start, end, answers=answers)
    places = {one.facts.seed: one for one in known.places}
    coming = tuple(_coming(found, places, known, start, answers=answers))
    return Branch(coming, tuple(_missing(found, places)))


def _coming(
    found: Plan,
    places: dict[str, PlaceFacts],
    known: PersonFacts,
    start: datetime,
    *,
    answers: bool,
) -> Iterator[Coming]:
    """Yield the messages that come, with what is to be said about each."""
    weeks = {seed: one.facts.last_week for seed, one in places.items()}
    unseen: set[str] = set()
    for line in found.lines:
        own, week = places[line.place], places[line.place].facts.week_at(line.at)
        if line.joins:
            beside = places[line.joins].initiative
            yield Coming(line.at, own.initiative, line.kind, beside=beside)
            weeks[line.place] = week if answers else weeks[line.place]
            unseen.add(line.place)
            continue
        before = weeks[line.place]
        apart = week - before if before is not None else None
        due = line.at if line.place in unseen else max(start, _due(line, own, known))
        because = line.due[1] if line.due else None
        moved = tuple(_moved(known.calendar, due, line.at))
        yield Coming(line.at, own.initiative, line.kind, because, apart, moved)
        if line.kind is Kind.ASK:
            weeks[line.place] = week
            unseen.discard(line.place)


def _due(line: Line, own: PlaceFacts, known: PersonFacts) -> datetime:
    """Return when a message would come but for the person's hours and the caps."""
    if line.kind is not Kind.INTRODUCTION:
        return line.due[0] if line.due else line.at
    before = known.settings.introduced_before
    day = working_day_before(own.facts.first_date, before, known.calendar)
    return at_local(day, known.calendar.opens, known.calendar.tz)


def _moved(calendar: Calendar, due: datetime, at: datetime) -> Iterator[Moved]:
    """Yield the days between `due` and `at`, the first one of each reason."""
    day, last, before = day_of(due, calendar), day_of(at, calendar), None
    while day < last:
        why = _off(day, calendar)
        if why is not before:
            yield Moved(day, why)
        day, before = day + DAY, why


def _off(day: date, calendar: Calendar) -> Off:
    if calendar.away_until is not None and day < calendar.away_until:
        return Off.AWAY
    if day.weekday() not in calendar.days:
        return Off.WEEKDAY
    return Off.HOLIDAY if day in calendar.holidays else Off.LIMIT


def _missing(found: Plan, places: dict[str, PlaceFacts]) -> Iterator[Missing]:
    """Yield what does not come, each reason once, and places where nothing comes at all."""
    told: set[tuple[str, Kind, Rule]] = set()
    for one in found.unsent:
        if _reason(one) not in told:
            told.add(_reason(one))
            yield Missing(one.at, places[one.place].initiative, one.what.kind, one.what.rule)
    quiet = places.keys() - {line.place for line in found.lines} - {seed for seed, _, _ in told}
    for seed in sorted(quiet, key=list(places).index):
        last = found.last.get(seed)
        rule = next(iter(reversed(last.rules)), Rule.NO_ROUND) if last else Rule.NO_ROUND
        yield Missing(None, places[seed].initiative, Kind.ASK, rule)


def _reason(one: Unsent) -> tuple[str, Kind, Rule]:
    return one.place, one.what.kind, one.what.rule


def _holidays(calendar: Calendar, first: date, last: date) -> Iterator[date]:
    for day in sorted(calendar.holidays):
        if first <= day <= last and day.weekday() in calendar.days:
            yield day


def _changes(tz: str, start: datetime, last: date) -> Iterator[ClockChange]:
    day = local_date(start, tz)
    while day <= last:
        ahead = DAY - (at_local(day + DAY, MIDNIGHT, tz) - at_local(day, MIDNIGHT, tz))
        if ahead:
            yield ClockChange(day, round(ahead.total_seconds() / 60))
        day += DAY
