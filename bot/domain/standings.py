"""Where somebody stands: a discrete Bayes filter over buy-in and yes-saying (method.md section 2).

Position runs over 31 points from -3 to 3, yes-saying over three offsets that lift what is said and
not what is done. Evidence multiplies within a week, time passes between weeks. The same function
serves one person and 100,000: everything is an array with a row per person. All of it is inner
workings; no view, message, export or log shows any of it about one person.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from math import erf, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.domain.evidence import (
    COLUMN,
    KINDS,
    Fact,
    StepEvent,
    TalkEvent,
    column_of,
    settle,
    week_of,
)
from bot.domain.pulses import Question

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

POINTS = 31
HALF_STEP = 0.1
THETA: Floats = np.linspace(-3.0, 3.0, POINTS)
OFFSETS = (0.0, 0.7, 1.4)
CELLS = POINTS * len(OFFSETS)
NOT_STARTED = -1
TINY = 1e-250
"""No cell is ever quite impossible, so that no sum is ever zero."""

NOT_BOUGHT_IN = -0.3
"""Below this position somebody counts as not bought in."""


@dataclass(frozen=True, slots=True)
class Constants:
    """What the filter takes for granted: starting values, checked by `buyin evaluate`."""

    mean: float = 0.0  # the middle: nobody is taken for a supporter unheard (was .3)
    sd: float = 1.0  # and people differ a lot (was .9)
    yes_saying: tuple[float, float, float] = (0.70, 0.15, 0.15)  # most mean what they say
    drift: float = 0.12  # weekly sd: opinions move slowly
    jump: float = 0.025  # weekly chance that something happened: a change point for free
    broad: float = 1.2  # sd after a jump: we know little then
    cuts: tuple[float, float, float, float] = (-1.5, -0.5, 0.5, 1.5)  # between answers 1…5
    noise: tuple[float, float, float] = (1.0, 1.0, 1.0)  # sd of useful, sure, effort
    answer_weight: float = 0.6  # three answers of one minute are not three witnesses
    kept: tuple[float, float] = (0.2, 1.2)  # logit of keeping a step; no yes-saying in it
    taken: tuple[float, float] = (0.2, 0.6)  # logit of taking one; saying yes is part of it
    taken_weight: float = 0.5  # a yes is half said, half done
    partly_weight: float = 0.5  # half kept, half not
    moved_weight: float = 0.25  # a new date says little
    honest_weight: float = 0.5  # "it won't happen" weighs less than a missed date
    accepted: tuple[float, float] = (0.3, 0.4)  # logit of accepting a talk; declining is free
    accepted_weight: float = 0.7


DEFAULTS = Constants()


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Beliefs:
    """What is believed of N people: a density (N, 93) each, at a week each (or NOT_STARTED)."""

    density: Floats
    week: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Evidence as three arrays of one length: whose (0…N-1), in which week, of which kind."""

    person: Ints
    week: Ints
    kind: Ints


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Checkpoint:
    """One person's belief at the close of a cycle, with everything up to `until` in it.

    Later facts continue from it; a fact that comes late (at or before `until`) needs a replay.
    """

    density: Floats
    week: int
    until: datetime


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Standing:
    """The estimate for one person: inner workings, never shown."""

    not_bought_in: float
    position: float
    low: float
    high: float
    yes_saying: float
    density: Floats

    def below(self, position: float) -> float:
        """Return the probability that the person is below `position`."""
        return float(below(self.density[None, :], position)[0])


def prior(people: int, constants: Constants = DEFAULTS) -> Beliefs:
    """Return the beliefs about `people` people of whom nothing is known."""
    density = np.tile(_prior(constants), (people, 1))
    return Beliefs(density, np.full(people, NOT_STARTED, dtype=np.int64))


def follow(beliefs: Beliefs, columns: Columns, constants: Constants = DEFAULTS) -> Beliefs:
    """Return the beliefs after the evidence, each person at the week of their last evidence.

    Evidence of a week before a person's own counts as of that week: replay to have it right.
    """
    density, week = beliefs.density.copy(), beliefs.week.copy()
    order = np.argsort(columns.week, kind="stable")
    weeks, starts = np.unique(columns.week[order], return_index=True)
    ends = np.append(starts, len(order))[1:]
    for now, start, end in zip(weeks.tolist(), starts, ends, strict=True):
        rows = order[start:end]
        people, place = np.unique(columns.person[rows], return_inverse=True)
        cells = place * len(KINDS) + columns.kind[rows]
        counts = np.bincount(cells, minlength=len(people) * len(KINDS))
        at_hand = pass_time(Beliefs(density[people], week[people]), now, constants)
        evidence = counts.reshape(len(people), -1).astype(np.float64)
        density[people] = absorb(at_hand.density, evidence, table(constants))
        week[people] = np.maximum(week[people], now)
    return Beliefs(density, week)


def pass_time(beliefs: Beliefs, week: int, constants: Constants = DEFAULTS) -> Beliefs:
    """Return the beliefs at `week`. Who has not started stays as is; time never runs backwards."""
    gaps = np.where(beliefs.week == NOT_STARTED, 0, np.maximum(week - beliefs.week, 0))
    density = beliefs.density.copy()
    for gap in np.unique(gaps[gaps > 0]).tolist():
        rows = gaps == gap
        shaped = density[rows].reshape(-1, len(OFFSETS), POINTS)
        density[rows] = (shaped @ passing(constants, gap)).reshape(-1, CELLS)
    return Beliefs(density, np.where(gaps > 0, week, beliefs.week))


def absorb(density: Floats, counts: Floats, likelihood: Floats) -> Floats:
    """Return `density` (N, 93) after `counts` (N, K) of evidence, `likelihood` being (K, 93)."""
    weighed = counts @ likelihood
    weighed -= weighed.max(axis=1, keepdims=True)
    np.exp(weighed, out=weighed)
    weighed *= density
    weighed *= 1 / weighed.sum(axis=1, keepdims=True)
    return np.maximum(weighed, TINY, out=weighed)


def columns_of(histories: Iterable[Sequence[Fact]]) -> Columns:
    """Return the evidence among the settled facts of each person."""
    rows = [
        (person, week_of(fact.at), column)
        for person, facts in enumerate(histories)
        for fact in facts
        if (column := column_of(fact)) is not None
    ]
    person, week, kind = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    return Columns(person, week, kind)


def estimate(
    facts: Iterable[Fact],
    as_of: datetime,
    *,
    since: Checkpoint | None = None,
    constants: Constants = DEFAULTS,
) -> Standing:
    """Return where one person stands at `as_of` (aware).

    With a checkpoint, only facts after it are used. A clock that stepped back behind the
    checkpoint gets the checkpoint's estimate.
    """
    beliefs = _after(facts, as_of, since, constants)
    return standings(pass_time(beliefs, week_of(as_of), constants).density)[0]


def checkpoint(
    facts: Iterable[Fact],
    until: datetime,
    *,
    since: Checkpoint | None = None,
    constants: Constants = DEFAULTS,
) -> Checkpoint:
    """Return what to keep when a cycle closes at `until`, so that only later facts are read."""
    if since is not None and until <= since.until:
        return since
    beliefs = _after(facts, until, since, constants)
    return Checkpoint(beliefs.density[0], int(beliefs.week[0]), until)


def needs_replay(facts: Iterable[Fact], since: Checkpoint) -> bool:
    """Return whether any of the newly arrived `facts` belongs before the checkpoint."""
    return any(column_of(fact) is not None and fact.at <= since.until for fact in facts)


def _after(
    facts: Iterable[Fact], as_of: datetime, since: Checkpoint | None, constants: Constants
) -> Beliefs:
    if since is None:
        return follow(prior(1, constants), columns_of([settle(facts, as_of)]), constants)
    later = settle((fact for fact in facts if fact.at > since.until), as_of)
    start = Beliefs(since.density[None, :], np.array([since.week], dtype=np.int64))
    return follow(start, columns_of([later]), constants)


def standings(density: Floats) -> list[Standing]:
    """Return the standing of each row of `density` (N, 93)."""
    columns = zip(
        below(density, NOT_BOUGHT_IN).tolist(),
        position(density).tolist(),
        quantile(density, 0.1).tolist(),
        quantile(density, 0.9).tolist(),
        yes_saying(density).tolist(),
        density,
        strict=True,
    )
    return [Standing(*column) for column in columns]


def position(density: Floats) -> Floats:
    """Return the mean position of each row."""
    mean: Floats = _over_theta(density) @ THETA
    return mean


def below(density: Floats, limit: float) -> Floats:
    """Return the probability of a position below `limit` of each row; points are 0.2 wide."""
    share = np.clip((limit - (THETA - HALF_STEP)) / (2 * HALF_STEP), 0.0, 1.0)
    probability: Floats = np.clip(_over_theta(density) @ share, 0.0, 1.0)
    return probability


def yes_saying(density: Floats) -> Floats:
    """Return the probability of any yes-saying of each row."""
    said: Floats = np.clip(density[:, POINTS:].sum(axis=1), 0.0, 1.0)
    return said


def quantile(density: Floats, share: float) -> Floats:
    """Return the position that `share` of each row's probability lies below."""
    theta = _over_theta(density)
    until = np.cumsum(theta, axis=1)
    cell = np.minimum((until < share).sum(axis=1), POINTS - 1)
    rows = np.arange(len(theta))
    before = until[rows, cell] - theta[rows, cell]
    inside = np.clip((share - before) / np.maximum(theta[rows, cell], TINY), 0.0, 1.0)
    found: Floats = THETA[cell] - HALF_STEP + inside * 2 * HALF_STEP
    return found


def _over_theta(density: Floats) -> Floats:
    summed: Floats = density.reshape(-1, len(OFFSETS), POINTS).sum(axis=1)
    return summed


@lru_cache(maxsize=64)
def table(constants: Constants = DEFAULTS) -> Floats:
    """Return the log-likelihood of each of `KINDS` in each cell, (K, 93)."""
    theta = np.tile(THETA, len(OFFSETS))
    said = theta + np.repeat(OFFSETS, POINTS)
    found = np.zeros((len(KINDS), CELLS))
    for number, question in enumerate(Question):
        for value in range(1, 6):
            log = _log_answer(said, value, constants.noise[number], constants.cuts)
            found[COLUMN[f"{question}:{value}"]] = constants.answer_weight * log
    for kind, log in _doing(theta, said, constants).items():
        found[COLUMN[kind]] = log
    return _read_only(found)


def _doing(theta: Floats, said: Floats, constants: Constants) -> dict[str, Floats]:
    kept, missed = _log_odds(theta, constants.kept)
    taken, left = _log_odds(said, constants.taken)
    accepted, _ = _log_odds(theta, constants.accepted)
    half = constants.partly_weight
    return {
        f"step:{StepEvent.KEPT}": kept,
        f"step:{StepEvent.MISSED}": missed,
        f"step:{StepEvent.NOT_KEPT}": constants.honest_weight * missed,
        f"step:{StepEvent.MOVED}": constants.moved_weight * missed,
        f"step:{StepEvent.PARTLY}": half * kept + (1 - half) * missed,
        f"step:{StepEvent.TAKEN}": constants.taken_weight * taken,
        f"step:{StepEvent.NOT_NOW}": constants.taken_weight * left,
        f"talk:{TalkEvent.ACCEPTED}": constants.accepted_weight * accepted,
    }


def _log_odds(at: Floats, line: tuple[float, float]) -> tuple[Floats, Floats]:
    logit = line[0] + line[1] * at
    return -np.logaddexp(0.0, -logit), -np.logaddexp(0.0, logit)


def _log_answer(said: Floats, value: int, noise: float, cuts: Sequence[float]) -> Floats:
    edges = (-np.inf, *cuts, np.inf)
    share = _normal((edges[value] - said) / noise) - _normal((edges[value - 1] - said) / noise)
    log: Floats = np.log(np.maximum(share, 1e-12))
    return log


def _normal(at: Floats) -> Floats:
    return np.array([0.5 * (1 + erf(one / sqrt(2))) for one in at.tolist()])


def _bell(mean: float, sd: float) -> Floats:
    height: Floats = np.exp(-0.5 * ((THETA - mean) / sd) ** 2)
    shared: Floats = height / height.sum()
    return shared


@lru_cache(maxsize=64)
def _prior(constants: Constants) -> Floats:
    return _read_only(np.outer(constants.yes_saying, _bell(constants.mean, constants.sd)).ravel())


@lru_cache(maxsize=1024)
def passing(constants: Constants, weeks: int) -> Floats:
    """Return the chances (31, 31) to get from a position to another in `weeks` weeks."""
    side = constants.drift**2 / (2 * (2 * HALF_STEP) ** 2)
    near = np.eye(POINTS) * (1 - 2 * side)
    near += np.eye(POINTS, k=1) * side + np.eye(POINTS, k=-1) * side
    near[0, 0] += side
    near[-1, -1] += side
    week = (1 - constants.jump) * near + constants.jump * _bell(constants.mean, constants.broad)
    return _read_only(np.linalg.matrix_power(week, weeks))


def _read_only(array: NDArray[Any]) -> Floats:
    array.setflags(write=False)
    return array
