"""Why an estimate is what it is: leave each fact out and see what moves it most.

Values only: which facts, with their dates, and what is missing. Views make sentences of them about
what was said and done; how far a fact moved the estimate stays inside.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import numpy as np

from bot.domain.evidence import (
    Answered,
    Fact,
    StepEvent,
    Stepped,
    Talked,
    column_of,
    settle,
    week_of,
)
from bot.domain.standings import (
    CELLS,
    DEFAULTS,
    OFFSETS,
    POINTS,
    THETA,
    TINY,
    Columns,
    Constants,
    Floats,
    Ints,
    columns_of,
    follow,
    passing,
    prior,
    table,
)
from bot.domain.states import ENOUGH_PULSES, RECENT

SHOWN = 3
HEARD_LATELY = timedelta(weeks=4)
OUTCOMES = frozenset(
    {StepEvent.KEPT, StepEvent.PARTLY, StepEvent.NOT_KEPT, StepEvent.MISSED, StepEvent.MOVED}
)


class Missing(StrEnum):
    """What would make the estimate surer."""

    ANSWERS = "answers"  # fewer than two check-ins answered
    RECENT_ANSWER = "recent_answer"  # none in four weeks
    STEP = "step"  # nothing done or left undone in eight weeks
    TALK = "talk"  # no conversation so far


@dataclass(frozen=True, slots=True, repr=False)
class Influence:
    """A fact and how far it moved the position: up, or down below zero. Never shown."""

    fact: Fact
    moved: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """The three facts that move the estimate most, strongest first, and what is missing."""

    strongest: tuple[Influence, ...]
    missing: tuple[Missing, ...]
    heard_at: datetime | None
    """The last scored answer, None if there is none."""


def explain(facts: Iterable[Fact], as_of: datetime, constants: Constants = DEFAULTS) -> Explanation:
    """Return why one person's estimate at `as_of` (aware) is what it is."""
    settled = settle(facts, as_of)
    evident = [fact for fact in settled if column_of(fact) is not None]
    moved = _moves(evident, as_of, constants)
    order = sorted(range(len(evident)), key=lambda one: (-round(abs(float(moved[one])), 9), one))
    strongest = tuple(Influence(evident[one], float(moved[one])) for one in order[:SHOWN])
    heard = [one.at for one in settled if isinstance(one, Answered) and one.value is not None]
    return Explanation(strongest, _missing(settled, as_of), max(heard, default=None))


def _moves(evident: Sequence[Fact], as_of: datetime, constants: Constants) -> Floats:
    """Return how far each fact moved the position: with all facts, less without it.

    One pass forward and one backward: what came before a week and what came after it together tell
    what the estimate is without a fact of that week, at the cost of two estimates and not of F.
    """
    moved = np.zeros(len(evident))
    likelihood = table(constants)
    columns = columns_of([evident])
    weeks, place = np.unique(columns.week, return_inverse=True)
    before = _forward(columns, weeks, constants)
    after = np.vstack([np.tile(THETA, len(OFFSETS)), np.ones(CELLS)])
    ends = np.append(weeks, week_of(as_of))[1:] if len(weeks) else weeks
    for number in reversed(range(len(weeks))):
        gap = int(ends[number] - weeks[number])
        onward = passing(constants, gap).T
        after = (after.reshape(-1, len(OFFSETS), POINTS) @ onward).reshape(2, CELLS)
        rows = np.flatnonzero(place == number)
        logs = likelihood[columns.kind[rows]]
        left = before[number] * np.exp(logs.max(axis=1, keepdims=True) - logs)
        moved[rows] = _mean(before[number][None, :], after) - _mean(left, after)
        evidence = logs.sum(axis=0)
        after = after * np.exp(evidence - evidence.max())
        after /= after[1].max()
    return moved


def _forward(columns: Columns, weeks: Ints, constants: Constants) -> list[Floats]:
    """Return the belief right after the evidence of each week."""
    beliefs, found = prior(1, constants), []
    for week in weeks.tolist():
        rows = columns.week == week
        now = Columns(columns.person[rows], columns.week[rows], columns.kind[rows])
        beliefs = follow(beliefs, now, constants)
        found.append(beliefs.density[0])
    return found


def _mean(density: Floats, after: Floats) -> Floats:
    mean: Floats = (density @ after[0]) / np.maximum(density @ after[1], TINY)
    return mean


def _missing(settled: Sequence[Fact], as_of: datetime) -> tuple[Missing, ...]:
    scored = [one for one in settled if isinstance(one, Answered) and one.value is not None]
    steps = [one for one in settled if isinstance(one, Stepped) and one.event in OUTCOMES]
    wanted = (
        (Missing.ANSWERS, len({one.ask_id for one in scored}) < ENOUGH_PULSES),
        (Missing.RECENT_ANSWER, not any(as_of - one.at <= HEARD_LATELY for one in scored)),
        (Missing.STEP, not any(as_of - one.at <= RECENT for one in steps)),
        (Missing.TALK, not any(isinstance(one, Talked) and one.event == "held" for one in settled)),
    )
    return tuple(missing for missing, holds in wanted if holds)
