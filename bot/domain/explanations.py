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
    KINDS,
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
    Constants,
    Floats,
    Ints,
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
    return explain_settled(settle(facts, as_of), as_of, constants)


def explain_settled(
    settled: Sequence[Fact], as_of: datetime, constants: Constants = DEFAULTS
) -> Explanation:
    """Return the same from facts that are settled at `as_of` (aware) already."""
    evident = [(fact, column) for fact in settled if (column := column_of(fact)) is not None]
    weeks = np.array([week_of(fact.at) for fact, _ in evident], dtype=np.int64)
    kinds = np.array([column for _, column in evident], dtype=np.int64)
    moved = _moves(weeks, kinds, week_of(as_of), constants)
    order = np.argsort(-np.round(np.abs(moved), 9), kind="stable")
    strongest = tuple(Influence(evident[one][0], float(moved[one])) for one in order[:SHOWN])
    heard = [one.at for one in settled if isinstance(one, Answered) and one.value is not None]
    return Explanation(strongest, _missing(settled, as_of), max(heard, default=None))


def _moves(weeks: Ints, kinds: Ints, now: int, constants: Constants) -> Floats:
    """Return how far each fact moved the position at week `now`: with all, less without it.

    One pass forward and one backward: what came before a week and what came after it together tell
    what the estimate is without a fact of that week, at the cost of two estimates and not of F.
    """
    if not len(weeks):
        return np.zeros(0)
    logs = table(constants)[kinds]
    new = np.append(True, weeks[1:] != weeks[:-1])  # settled facts come week by week
    each, place = weeks[new], np.cumsum(new) - 1
    counts = np.bincount(place * len(KINDS) + kinds, minlength=len(each) * len(KINDS))
    evidence = counts.reshape(-1, len(KINDS)).astype(np.float64) @ table(constants)
    weights = np.exp(evidence - evidence.max(axis=1, keepdims=True))
    gaps = np.diff(each, append=now).tolist()
    kernels = {gap: passing(constants, gap) for gap in set(gaps)}
    onward = [kernels[gap] for gap in gaps]
    before = _forward(weights, onward, prior(1, constants).density[0])
    after = _backward(weights, onward)
    left = before[place] * np.exp(logs.max(axis=1, keepdims=True) - logs)
    moved: Floats = _mean(before, after)[place] - _mean(left, after[place])
    return moved


def _forward(weights: Floats, onward: Sequence[Floats], start: Floats) -> Floats:
    """Return the belief right after the evidence of each week, (W, 93)."""
    found = np.empty((len(weights), len(OFFSETS), POINTS))
    now = start.reshape(len(OFFSETS), POINTS)
    for number, weight in enumerate(weights.reshape(found.shape)):
        now = now * weight
        now *= 1 / np.add.reduce(now, axis=None)
        found[number] = now = np.maximum(now, TINY)
        now = now @ onward[number]
    return found.reshape(-1, CELLS)


def _backward(weights: Floats, onward: Sequence[Floats]) -> Floats:
    """Return what a belief right after each week's evidence has to be weighed by, (W, 2, 93).

    Summed with the first it gives the position at the end, times what the second gives.
    """
    found = np.empty((len(weights), 2 * len(OFFSETS), POINTS))
    twice = np.tile(weights, 2).reshape(found.shape)
    after = np.vstack([*(THETA for _ in OFFSETS), *(np.ones(POINTS) for _ in OFFSETS)])
    for number in reversed(range(len(weights))):
        found[number] = after = after @ onward[number].T
        after = after * twice[number]
        after *= 1 / np.maximum.reduce(after[len(OFFSETS) :], axis=None)
    return found.reshape(-1, 2, CELLS)


def _mean(density: Floats, after: Floats) -> Floats:
    weighed = np.einsum("nc,nmc->nm", density, after)
    mean: Floats = weighed[:, 0] / np.maximum(weighed[:, 1], TINY)
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
