"""When there is reason to send a digest, and when digests may arrive."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from bot.domain import calendars
from bot.domain.barriers import InTheWay
from bot.domain.calendars import Calendar, Whose, day_of, is_working_moment
from bot.domain.digests import Digest
from bot.domain.todos import (
    Explanations,
    ListeningDebt,
    MilestoneDue,
    MoreTimeNeeded,
    OneLine,
    PostDue,
    Replies,
    StepBack,
    StepDue,
    TalksAsked,
    Todo,
)

OPENS, CLOSES = time(9), time(16, 30)
"""Digests arrive from nine until before half past four of a working day, owner's time; owners who
set hours of their own read them then."""

NUMBERS_EVERY = timedelta(days=7)
"""How often a digest comes when nothing but numbers moved."""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What there is to say: the things that may have happened, and the numbers."""

    things: frozenset[str]
    numbers: str = ""

    def written(self) -> str:
        """Return the text that `read_fingerprint` reads."""
        return " ".join((self.numbers or "-", *sorted(self.things)))


@dataclass(frozen=True, slots=True)
class Before:
    """What the last digest said, by its fingerprint, and when it was decided."""

    fingerprint: Fingerprint
    decided_at: datetime


def read_fingerprint(written: str) -> Fingerprint:
    """Return the fingerprint that `written` is the text of."""
    numbers, *things = written.split()
    return Fingerprint(frozenset(things), "" if numbers == "-" else numbers)


def is_news(
    current: Fingerprint, before: Before | None, started_at: datetime, now: datetime, whose: Whose
) -> bool:
    """Return whether there is reason to send a digest now.

    Something happened that the last one did not say; or, after a week, numbers moved. Never two
    on one working day of `whose` calendar or zone.
    """
    known = before.fingerprint if before else Fingerprint(frozenset())
    last = before.decided_at if before else started_at
    if before and day_of(last, whose) == day_of(now, whose):
        return False
    if current.things - known.things:
        return True
    return current.numbers != known.numbers and now - last >= NUMBERS_EVERY


def is_open(moment: datetime, whose: Whose) -> bool:
    """Return whether digests may arrive at `moment` by `whose` calendar, or in their zone."""
    return is_working_moment(moment, _hours(whose))


def next_opening(after: datetime, whose: Whose) -> datetime:
    """Return the first moment after `after` when digests begin to arrive (see `NEVER`)."""
    return calendars.next_opening(after, _hours(whose))


def reading(calendar: Calendar) -> Calendar:
    """Return when digests may arrive for somebody with `calendar` who set no hours."""
    return replace(calendar, opens=OPENS, closes=CLOSES)


def _hours(whose: Whose) -> Calendar:
    return whose if isinstance(whose, Calendar) else reading(Calendar.of(whose))


def fingerprint(digest: Digest) -> Fingerprint:
    """Return the things that happened and the numbers that a digest tells; ids, no content."""
    things = {f"topic:{person.id}" for person in digest.not_my_topic}
    if digest.closed_round:
        things.add(f"round:{digest.closed_round}")
    for todo in digest.todos:
        things.update(_things(todo, digest))
    return Fingerprint(frozenset(things), _numbers(digest))


def _things(todo: Todo, digest: Digest) -> Iterable[str]:
    match todo:
        case StepDue(step):
            return [f"step:{step.id}:{step.due_on}"]
        case Replies(inputs):
            return [f"input:{one.id}" for one in inputs]
        case Explanations(asked, some):
            named = [f"explain:{one.stakeholder_id}:{one.cycle_id}" for one in asked]
            return [*named, *([f"explain:round:{digest.closed_round}"] if some else [])]
        case ListeningDebt(inputs, days, way):
            return [
                f"debt:{'inputs' if days else digest.closed_round}",
                *(f"input:{one.id}" for one in inputs),
                *(_in_the_way(way) if way else ()),
            ]
        case InTheWay():
            return _in_the_way(todo)
        case MilestoneDue(_, on):
            return [f"milestone:{on}"]
        case PostDue(since):
            return [f"post:{since}"]
        case _:
            return _about_asking(todo, digest)


def _about_asking(todo: Todo, digest: Digest) -> list[str]:
    match todo:
        case StepBack(quiet):
            return [f"pause:{quiet.id}"]
        case TalksAsked(people):
            return [f"talk:{one.id}" for one in people]
        case MoreTimeNeeded(advice):
            return [f"more_time:{advice.id}"]
        case OneLine():
            return [f"line:{digest.closed_round}"]
        case _:
            return []  # moves with the numbers, or with the round


def _in_the_way(way: InTheWay) -> list[str]:
    return [f"way:{one.code.value}:{one.mark}" for one in way.obstacles if one.answered_on is None]


def _numbers(digest: Digest) -> str:
    """Return how many answered. Groups are no news: people move between them by time alone."""
    parts = [part for part in (digest.part, digest.open_part) if part]
    moved = [f"{part.answered}/{part.invited}" for part in parts]
    return ",".join([*moved, str(digest.unheard)]) if parts else ""
