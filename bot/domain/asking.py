"""What an owner reads about asking that stopped: whom to talk to, and what people wait for."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from bot.domain.initiatives import Plan
from bot.domain.pauses import Quiet, Stillness
from bot.domain.todos import MoreTimeNeeded, OneLine, SomeQuiet, StepBack, Todo


@dataclass(frozen=True, slots=True)
class Owed:
    """The owners owe so much listening that nobody is asked.

    What people told them has waited for more than `days`; None: they told nobody anything.
    """

    days: int | None = None


@dataclass(frozen=True, slots=True)
class Asking:
    """What is known about asking that stopped, before anybody decides what to tell of it."""

    stillness: Stillness = field(default_factory=Stillness)
    owed: Owed | None = None
    lacking: int = 0
    """For how many people, whom attention is due, there is nothing to give."""


def named(asking: Asking, since: datetime) -> tuple[Quiet, ...]:
    """Return the pauses that somebody may read of who leads since `since`."""
    return tuple(one for one in asking.stillness.people if one.since >= since)


def about_one(asking: Asking, since: datetime) -> Iterator[StepBack]:
    """Yield the one person to talk to next; the others come when that is dealt with."""
    people = named(asking, since)
    if people:
        yield StepBack(people[0], more=len(people) - 1)


def about_date(asking: Asking, plan: Plan, today: date) -> Iterator[Todo]:
    """Yield the advice to give people more time; without a date ahead there is none to move."""
    advice, on = asking.stillness.more_time, plan.milestone_on
    if advice and on and on > today:
        yield MoreTimeNeeded(advice, plan.milestone, on)
    elif advice:
        yield MoreTimeNeeded(advice)


def about_line(asking: Asking) -> Iterator[Todo]:
    """Yield the wish for a line, if there is nothing else to give."""
    if asking.lacking:
        yield OneLine(asking.lacking)


def about_some(asking: Asking, *, news: bool) -> Iterator[Todo]:
    """Yield that some have gone quiet whom nobody may name, while their round is `news`."""
    if asking.stillness.some and news:
        yield SomeQuiet()
