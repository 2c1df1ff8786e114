"""Standings of many people, at one moment or week by week, as arrays.

Equal to `standings.estimate`, `states.tally` and `states.judge` of each person alone; a week is
seen as of its last microsecond. All of it is inner workings, as in `standings`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bot.domain.batches import COLUMN, Batch
from bot.domain.replays import replay
from bot.domain.spans import Spans, spans_of, tallies_by_week
from bot.domain.standings import (
    CELLS,
    DEFAULTS,
    HALF_STEP,
    NOT_BOUGHT_IN,
    POINTS,
    THETA,
    TINY,
    Beliefs,
    Constants,
    prior,
)
from bot.domain.states import (
    ENOUGH_PULSES,
    KEPT_BY_CHAMPION,
    KIND_WORDS,
    SURE_ENOUGH,
    WORTH_A_TALK,
    Judged,
    State,
)
from bot.domain.tallies import Tallies

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Codes = NDArray[np.uint8]

STATES = tuple(State)
"""A state's code is its place here; codes are kept in the store, so new states go to the end."""

LIMITS = (-1.0, NOT_BOUGHT_IN, 0.0, 0.4, 1.3)
"""The positions that the states are told apart by."""

AT_ONCE = 512
"""People whose weeks are run together: their estimates fit into a core's cache."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Figures:
    """What a standing says, of many people: arrays of one shape."""

    below: Floats
    """The probability of a position below each of `LIMITS`, along one more axis: the first."""
    position: Floats
    low: Floats
    high: Floats
    yes_saying: Floats

    @property
    def not_bought_in(self) -> Floats:
        """The probability of not being bought in."""
        found: Floats = self.below[LIMITS.index(NOT_BOUGHT_IN)]
        return found


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Verdicts:
    """`states.Judged` of many people: arrays of one shape."""

    state: Codes
    is_silent: Bools
    worth_a_talk: Bools


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Weekly:
    """Each person's standing at the end of each week from `first_week` on: arrays (N, W)."""

    first_week: int
    verdicts: Verdicts
    figures: Figures
    beliefs: Beliefs
    """At the end of the last week, to go on from."""


_CONCLUSIONS = tuple(
    Judged(state, silent, talk)
    for state in STATES
    for silent in (False, True)
    for talk in (False, True)
)
"""All that can be concluded, made once: a digest reads it of a thousand people."""


def figures_of(density: Floats) -> Figures:
    """Return what the standings of each row of `density` (N, 93) say."""
    return _named(_lines(density))


def _named(lines: Floats) -> Figures:
    position, low, high, yes_saying = lines[len(LIMITS) :]
    below = np.clip(lines[: len(LIMITS)], 0.0, 1.0)
    return Figures(below, position, low, high, np.clip(yes_saying, 0.0, 1.0))


def _lines(density: Floats) -> Floats:
    """Return the figures of each row of `density` (N, 93) as lines, (9, N)."""
    said = density[:, POINTS : 2 * POINTS] + density[:, 2 * POINTS :]
    theta = density[:, :POINTS] + said
    sums = _SUMS @ theta.T
    lines = np.empty((len(LIMITS) + 4, len(density)))
    lines[:-3] = sums[POINTS:]
    lines[-3:-1] = _quantiles(theta, sums[:POINTS])
    lines[-1] = said.sum(axis=1)
    return lines


def _quantiles(theta: Floats, until: Floats) -> Floats:
    """Return the positions that a tenth and nine tenths of each probability lie below, (2, N)."""
    people = np.arange(len(theta))
    passed = (until < _TENTHS[:, None]).sum(axis=1, dtype=np.uint8).astype(np.int64)
    cell = np.minimum(passed, POINTS - 1)
    inside = theta.take(people * POINTS + cell)
    before = until.take(cell * len(theta) + people) - inside
    part = (_TENTHS - before) / np.maximum(inside, TINY)
    found: Floats = THETA.take(cell) + HALF_STEP * (2 * np.minimum(np.maximum(part, 0), 1) - 1)
    return found


def judge_all(density: Floats, counts: Tallies) -> list[Judged]:
    """Return `states.judge` of each row of `density` (N, 93)."""
    found = verdicts(figures_of(density), counts)
    which = 4 * found.state.astype(np.int64) + 2 * found.is_silent + found.worth_a_talk
    return [_CONCLUSIONS[one] for one in which.tolist()]


def verdicts(figures: Figures, counts: Tallies) -> Verdicts:
    """Return `states.judge` of people (or people and weeks)."""
    state = _states(figures, counts)
    heard = state != STATES.index(State.NEW)
    talk = heard & (np.round(figures.not_bought_in, 6) >= WORTH_A_TALK)
    return Verdicts(state, counts.is_silent, talk)


def _states(figures: Figures, counts: Tallies) -> Codes:
    resistant, hesitant, doubtful, lukewarm, warm = figures.below
    kind_words = np.round(counts.mean_answer, 6) >= KIND_WORDS  # nan is not
    half_doubted = np.round(doubtful, 6) >= 0.5
    nods = kind_words & (counts.not_done > 0) & half_doubted & _sure(figures.yes_saying)
    found = (
        (State.NEW, counts.pulses < ENOUGH_PULSES),
        (State.NODDING, nods),
        (State.RESISTANT, _sure(resistant)),
        (State.HESITANT, _sure(hesitant)),
        (State.CHAMPION, (counts.kept_lately >= KEPT_BY_CHAMPION) & _sure(1 - warm)),
        (State.SUPPORTIVE, _sure(1 - lukewarm)),
        (State.NEUTRAL, _sure(lukewarm - hesitant)),
    )
    codes = [STATES.index(state) for state, _ in found]
    chosen = np.select([holds for _, holds in found], codes, STATES.index(State.UNCLEAR))
    return chosen.astype(np.uint8)


def _sure(probability: Floats) -> Bools:
    sure: Bools = np.round(probability, 6) >= SURE_ENOUGH
    return sure


def weekly(
    batch: Batch, people: int, first_week: int, last_week: int, constants: Constants = DEFAULTS
) -> Weekly:
    """Return the standing of each of `people` people at the end of each week, first to last.

    Facts before `first_week` count, facts after `last_week` are left out.
    """
    spans = spans_of(batch, last_week)
    counts = tallies_by_week(spans, people, first_week, last_week)
    lines = np.empty((len(LIMITS) + 4, people, last_week - first_week + 1))
    ends = []
    evident = spans.where(COLUMN[spans.facts.kind] >= 0)
    for start in range(0, people, AT_ONCE):
        number = min(AT_ONCE, people - start)
        part = _of_people(evident, start, number)
        ends.append(_fill(lines[:, start : start + number], part, first_week, last_week, constants))
    figures = _named(lines)
    return Weekly(first_week, verdicts(figures, counts), figures, _joined(ends))


def _fill(
    lines: Floats, evident: Spans, first_week: int, last_week: int, constants: Constants
) -> Beliefs:
    """Write the figures of some people (9, N, W), week by week; return their last beliefs."""
    kinds, people, weeks = lines.shape
    by_week = np.empty((weeks, kinds, people))
    beliefs = prior(people, constants)
    for week, beliefs in replay(evident, people, first_week, last_week, constants):
        if week >= first_week:
            by_week[week - first_week] = _lines(beliefs.density)
    lines[:] = np.moveaxis(by_week, 0, -1)
    return beliefs


def _of_people(spans: Spans, first: int, number: int) -> Spans:
    """Return the spans of `number` people from `first` on, counted from 0."""
    begin, end = np.searchsorted(spans.facts.person, [first, first + number]).tolist()
    found = spans.where(slice(begin, end))
    return replace(found, facts=replace(found.facts, person=found.facts.person - first))


def _joined(parts: Sequence[Beliefs]) -> Beliefs:
    return Beliefs(
        np.concatenate([np.empty((0, CELLS)), *(part.density for part in parts)]),
        np.concatenate([np.empty(0, dtype=np.int64), *(part.week for part in parts)]),
    )


def _share_below(limit: float) -> Floats:
    share: Floats = np.clip((limit - (THETA - HALF_STEP)) / (2 * HALF_STEP), 0.0, 1.0)
    return share


_TENTHS = np.array([[0.1], [0.9]])
_SUMS = np.vstack([np.tri(POINTS), [_share_below(limit) for limit in LIMITS], THETA])
"""What to sum the probabilities of positions by: up to each, below each limit, and the mean."""
