"""Steps that people choose: one concrete act by a date, offered after a finished check-in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.calendars import (
    DAY,
    MIDNIGHT,
    NEVER,
    NEVER_DAY,
    Calendar,
    add_working_days,
    at_local,
    local_date,
)
from bot.domain.commitments import Commitment, DueStep, Ending
from bot.domain.initiatives import Initiative, Stakeholder
from bot.domain.people import Person

PLAN_FIELD, ACTS_FIELD = "plan", "acts"
"""Block ids of form fields, for errors beneath them."""

ACTS = 3
"""How many acts an owner offers at most."""

ACT_LONGEST = 75
"""How many characters an act takes at most: it stands on a button."""

MISSES = 2
"""After so many missed steps in a row asking stops for a while."""

SHOWN = 3
"""How many steps of other people an owner reads at once."""

SPOKEN_WITHIN = 3
"""Working days after the question within which somebody may say how their step went."""

AHEAD = (3, 5, 10)
"""How many working days ahead the dates are that a step can be chosen for."""

FURTHEST = timedelta(weeks=13)
"""How far ahead a step of one's own may be."""


@dataclass(frozen=True, slots=True)
class StepAct:
    """An act that an owner wrote for people to choose; `id` is that of its words."""

    id: int
    words: str


@dataclass(frozen=True, slots=True)
class StepOffer:
    """What somebody sees of the offer of a step in their finished check-in.

    `days` are the dates to choose from, local to the person, the usual one first; `taken` is the
    step they chose, `declined` that they said *not now*.
    """

    ask_id: int
    acts: tuple[StepAct, ...]
    days: tuple[date, ...]
    taken: Commitment | None = None
    declined: bool = False
    group_only: bool = False


@dataclass(frozen=True, slots=True)
class Chosen:
    """What somebody typed into the form for a step of their own."""

    words: str
    due_on: date | None
    plan: str = ""


@dataclass(frozen=True, slots=True)
class StepForm:
    """What the form for a step of one's own shows; `ask_id` is the check-in that offers it."""

    place: Stakeholder
    initiative: Initiative
    day: date | None
    ask_id: int | None = None


@dataclass(frozen=True, slots=True)
class StepPlace:
    """An initiative that asks a person, and whether they may choose a step of their own there."""

    place: Stakeholder
    initiative: Initiative
    may_choose: bool


@dataclass(frozen=True, slots=True)
class Offered:
    """What the owners of an initiative offer people to do."""

    initiative: Initiative
    acts: tuple[StepAct, ...]
    steps: tuple[Commitment, ...] = ()
    """The newest steps that people chose by name, newest first."""
    more: int = 0
    """How many others there are."""


@dataclass(frozen=True, slots=True)
class StepQuestion:
    """That somebody will be asked at `at` how a step went; `queued` if the sender has it."""

    stakeholder_id: int
    at: datetime
    queued: bool


@dataclass(frozen=True, slots=True)
class MySteps:
    """A person's steps: open and past ones, oldest first, and what they may do more."""

    person: Person
    steps: tuple[DueStep, ...] = ()
    places: tuple[StepPlace, ...] = ()
    led: tuple[Offered, ...] = ()


def days_ahead(today: date, calendar: Calendar) -> tuple[date, ...]:
    """Return the dates to choose from, soonest first; none if nobody works within a year."""
    days = [add_working_days(today, count, calendar) for count in AHEAD]
    return tuple(dict.fromkeys(day for day in days if day < NEVER_DAY))


def silent_from(
    asked_at: datetime, calendar: Calendar, working_days: int = SPOKEN_WITHIN
) -> datetime:
    """Return when a step counts as missed that its person was asked about at `asked_at` (aware).

    That is when so many working days of theirs have passed after that day.
    """
    day = add_working_days(local_date(asked_at, calendar.tz), working_days, calendar)
    return NEVER if day >= NEVER_DAY else at_local(day + DAY, MIDNIGHT, calendar.tz)


def missed_in_a_row(steps: Iterable[Commitment], since: datetime | None) -> int:
    """Return how many of somebody's last steps were missed, since `since` if given.

    One that was done, if only in part, begins anew; saying that it won't happen changes nothing.
    """
    told = [one for one in steps if one.told_at and (since is None or one.told_at > since)]
    missed = 0
    for one in sorted(told, key=lambda step: (step.told_at, step.id)):
        if one.ending in (Ending.KEPT, Ending.PARTLY):
            missed = 0
        missed += one.ending is Ending.MISSED
    return missed
