"""The rules that compete: each makes a score (weeks, N), higher for "probably not bought in".

All see the same asks, answers and steps, and none may use silence: not even by letting old
answers fade, except towards "we don't know". `filter_with_silence` breaks that on purpose, to
publish what the promise costs; it is no candidate.
"""

from collections.abc import Callable

import numpy as np

from bot.domain.evidence import COLUMN, StepEvent, TalkEvent
from bot.domain.standings import (
    DEFAULTS,
    NOT_BOUGHT_IN,
    OFFSETS,
    THETA,
    Beliefs,
    Constants,
    absorb,
    below,
    pass_time,
    prior,
    table,
)
from bot.evaluation.simulate import Bools, Floats, History

Rule = Callable[[History], Floats]

FADES_SAID, FADES_DONE = 0.5 ** (1 / 3), 0.5 ** (1 / 6)
STATED_WEIGHT = 3.0
POINTS_OF = {
    f"step:{StepEvent.KEPT}": 1.0,
    f"step:{StepEvent.PARTLY}": 0.0,
    f"step:{StepEvent.MOVED}": -0.25,
    f"step:{StepEvent.NOT_KEPT}": -0.5,
    f"step:{StepEvent.MISSED}": -1.0,
    f"step:{StepEvent.TAKEN}": 0.25,
    f"step:{StepEvent.NOT_NOW}": -0.25,
    f"talk:{TalkEvent.ACCEPTED}": 0.25,
}
SILENCE_LINE, SILENCE_WEIGHT = (1.2, 0.4), 0.7


def last_answer(history: History) -> Floats:
    """Score by the mean of the last answered check-in."""
    return -_mean_of_last(history, 1)


def mean_of_three(history: History) -> Floats:
    """Score by the mean of the last three answered check-ins."""
    return -_mean_of_last(history, 3)


def ledger(done_weight: float, doubt: float) -> Rule:
    """Return a points ledger: what was said x 3 and done x `done_weight`, fading.

    Half-lives are 3 and 6 weeks; `doubt` is how many check-ins' worth of "don't know" is mixed in.
    """

    def score(history: History) -> Floats:
        value, has = _pulse_means(history)
        stated = _faded(np.where(has, value - 3, 0), has, FADES_SAID, doubt)
        points = np.zeros(history.counts.shape[2])
        for kind, worth in POINTS_OF.items():
            points[COLUMN[kind]] = worth
        acts = history.counts[:, :, [COLUMN[kind] for kind in POINTS_OF]].sum(axis=2)
        done = _faded(history.counts @ points, acts, FADES_DONE, doubt)
        return -(STATED_WEIGHT * stated + done_weight * done)

    return score


LEDGERS = [ledger(done, doubt) for done in (0.75, 1.5, 3.0) for doubt in (0.1, 0.5, 1.5)]


def the_filter(history: History, constants: Constants = DEFAULTS) -> Floats:
    """Score by the filter's probability of not being bought in."""
    return _filtered(history.counts, table(constants), constants)


def filter_with_silence(history: History) -> Floats:
    """Score as the filter would if silence were evidence."""
    answered = ~np.isnan(history.answers).all(axis=2)
    more = np.stack([answered, history.asked & ~answered], axis=2).astype(np.float64)
    logit = np.tile(SILENCE_LINE[0] + SILENCE_LINE[1] * THETA, len(OFFSETS))
    rows = np.stack([-np.logaddexp(0, -logit), -np.logaddexp(0, logit)]) * SILENCE_WEIGHT
    counts = np.concatenate([history.counts, more], axis=2)
    return _filtered(counts, np.vstack([table(DEFAULTS), rows]), DEFAULTS)


def _filtered(counts: Floats, likelihood: Floats, constants: Constants) -> Floats:
    weeks, people, _ = counts.shape
    beliefs = Beliefs(prior(people, constants).density, np.zeros(people, dtype=np.int64))
    scores = np.empty((weeks, people))
    for week in range(weeks):
        beliefs = pass_time(beliefs, week, constants)
        beliefs = Beliefs(absorb(beliefs.density, counts[week], likelihood), beliefs.week)
        scores[week] = below(beliefs.density, NOT_BOUGHT_IN)
    return scores


def _pulse_means(history: History) -> tuple[Floats, Bools]:
    given = ~np.isnan(history.answers)
    number = given.sum(axis=2)
    total = np.where(given, history.answers, 0).sum(axis=2)
    return total / np.maximum(number, 1), number > 0


def _mean_of_last(history: History, number: int) -> Floats:
    value, has = _pulse_means(history)
    people = value.shape[1]
    last = np.full((number, people), np.nan)
    scores = np.full(value.shape, 3.0)
    for week in range(len(value)):
        new = has[week]
        last[:, new] = np.vstack([value[week, new], last[:-1, new]])
        known = ~np.isnan(last)
        total = np.where(known, last, 0).sum(axis=0)
        scores[week] = np.where(known.any(axis=0), total / np.maximum(known.sum(axis=0), 1), 3.0)
    return scores


def _faded(values: Floats, weights: Floats | Bools, fades: float, doubt: float) -> Floats:
    total, weight = np.zeros(values.shape[1]), np.zeros(values.shape[1])
    scores = np.empty(values.shape)
    for week in range(len(values)):
        total = total * fades + values[week]
        weight = weight * fades + weights[week]
        scores[week] = total / (weight + doubt)
    return scores
