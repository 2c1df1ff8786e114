"""Standings of many people, at one moment or week by week, as arrays.

Equal to `standings.estimate`, `states.tally` and `states.judge` of each person alone; a week is
seen as of its last microsecond. All of it is inner workings, as in `standings`.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.domain.batches import Batch, columns_of, end_of, settle_all
from bot.domain.standings import (
    DEFAULTS,
    HALF_STEP,
    NOT_BOUGHT_IN,
    POINTS,
    THETA,
    TINY,
    Beliefs,
    Constants,
    follow,
    pass_time,
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
from bot.domain.tallies import Tallies, tallies

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Codes = NDArray[np.uint8]

STATES = tuple(State)
"""A state's code is its place here."""

LIMITS = (-1.0, NOT_BOUGHT_IN, 0.0, 0.4, 1.3)
"""The positions that the states are told apart by."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Figures:
    """What a standing says, of many people: arrays of one shape, `below` one axis longer."""

    below: Floats
    """The probability of a position below each of `LIMITS`."""
    position: Floats
    low: Floats
    high: Floats
    yes_saying: Floats

    @property
    def not_bought_in(self) -> Floats:
        """The probability of not being bought in."""
        found: Floats = self.below[..., LIMITS.index(NOT_BOUGHT_IN)]
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


def figures_of(density: Floats) -> Figures:
    """Return what the standings of each row of `density` (N, 93) say."""
    theta = density[:, :POINTS] + density[:, POINTS : 2 * POINTS] + density[:, 2 * POINTS :]
    shares = theta @ _SHARES
    until = _CUMULATIVE @ theta.T
    return Figures(
        below=np.clip(shares[:, 1:], 0.0, 1.0),
        position=shares[:, 0],
        low=_quantile(theta, until, 0.1),
        high=_quantile(theta, until, 0.9),
        yes_saying=np.clip(density[:, POINTS:].sum(axis=1), 0.0, 1.0),
    )


def _quantile(theta: Floats, until: Floats, share: float) -> Floats:
    """Return the position that `share` of each person's probability lies below."""
    cell = np.minimum((until < share).sum(axis=0), POINTS - 1)
    people = np.arange(len(theta))
    inside = theta[people, cell]
    part = np.clip((share - until[cell, people] + inside) / np.maximum(inside, TINY), 0.0, 1.0)
    found: Floats = THETA[cell] + HALF_STEP * (2 * part - 1)
    return found


def judge_all(density: Floats, counts: Tallies) -> list[Judged]:
    """Return `states.judge` of each row of `density` (N, 93)."""
    found = verdicts(figures_of(density), counts)
    columns = (found.state, found.is_silent, found.worth_a_talk)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    return [Judged(STATES[state], silent, talk) for state, silent, talk in rows]


def verdicts(figures: Figures, counts: Tallies) -> Verdicts:
    """Return `states.judge` of people (or people and weeks)."""
    state = _states(figures, counts)
    heard = state != STATES.index(State.NEW)
    talk = heard & (np.round(figures.not_bought_in, 6) >= WORTH_A_TALK)
    return Verdicts(state, counts.is_silent, talk)


def _states(figures: Figures, counts: Tallies) -> Codes:
    resistant, hesitant, doubtful, lukewarm, warm = np.moveaxis(figures.below, -1, 0)
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
    moments = [end_of(week) for week in range(first_week, last_week + 1)]
    density = []
    for week, moment in enumerate(moments, first_week):
        settled = settle_all(batch, moment)
        beliefs = follow(prior(people, constants), columns_of(settled), constants)
        beliefs = pass_time(beliefs, week, constants)
        density.append(beliefs.density)
    counts = [tallies(batch, people, moment) for moment in moments]
    figures = [figures_of(one) for one in density]
    whole = _stacked_figures(figures)
    return Weekly(first_week, verdicts(whole, _stacked_tallies(counts)), whole, beliefs)


def _stacked_figures(weeks: list[Figures]) -> Figures:
    return Figures(
        below=np.stack([week.below for week in weeks], axis=1),
        position=np.stack([week.position for week in weeks], axis=1),
        low=np.stack([week.low for week in weeks], axis=1),
        high=np.stack([week.high for week in weeks], axis=1),
        yes_saying=np.stack([week.yes_saying for week in weeks], axis=1),
    )


def _stacked_tallies(weeks: list[Tallies]) -> Tallies:
    return Tallies(
        pulses=np.stack([week.pulses for week in weeks], axis=1),
        mean_answer=np.stack([week.mean_answer for week in weeks], axis=1),
        kept_lately=np.stack([week.kept_lately for week in weeks], axis=1),
        not_done=np.stack([week.not_done for week in weeks], axis=1),
        unanswered_in_a_row=np.stack([week.unanswered_in_a_row for week in weeks], axis=1),
    )


def _share_below(limit: float) -> Floats:
    share: Floats = np.clip((limit - (THETA - HALF_STEP)) / (2 * HALF_STEP), 0.0, 1.0)
    return share


_SHARES = np.stack([THETA, *(_share_below(limit) for limit in LIMITS)], axis=1)
_CUMULATIVE = np.tril(np.ones((POINTS, POINTS)))
