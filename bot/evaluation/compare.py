"""Tune every rule on its own seeds, then compare all on others (`buyin evaluate`)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

from bot.evaluation.measures import calibration, judged, measure, truth
from bot.evaluation.rules import (
    LEDGERS,
    Rule,
    filter_with_silence,
    last_answer,
    mean_of_three,
    the_filter,
)
from bot.evaluation.simulate import Bools, Floats, History, simulate
from bot.evaluation.worlds import WORLDS, World

FILTER, BESIDE = "filter", "filter with silence"
CANDIDATES: dict[str, Sequence[Rule]] = {
    "last answer": [last_answer],
    "mean of three": [mean_of_three],
    "ledger": LEDGERS,
    FILTER: [the_filter],
    BESIDE: [filter_with_silence],
}
FIRST_TEST_SEED = 3000
"""Fresh ones: move it on whenever a constant was changed after a look at the results."""
PIECES = 25
"""Of the map from a baseline's points to a probability."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How much to draw: seeds per world to tune on and to test on, people per seed."""

    worlds: tuple[World, ...] = WORLDS
    tuning_seeds: int = 8
    test_seeds: int = 24
    people: int = 100


FULL = Plan()
QUICK = Plan(tuning_seeds=4, test_seeds=20, people=40)


@dataclass(frozen=True, slots=True, eq=False)
class Tuned:
    """A rule with its threshold, and its map to a probability (none for one that is a filter)."""

    score: Rule
    threshold: float
    knots: tuple[Floats, Floats] | None

    def probability(self, scores: Floats) -> Floats:
        """Return the probability of not being bought in that the scores stand for."""
        if self.knots is None:
            return scores
        return np.interp(scores, *self.knots)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over seeds with the half width of its 95 % interval; seeds without a case left out."""

    mean: float
    within: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """Figures by world, rule and measure; what the filter gains by world, rival and measure."""

    plan: Plan
    figures: Mapping[str, Mapping[str, Mapping[str, Estimate]]]
    gains: Mapping[str, Mapping[str, Mapping[str, Estimate]]]
    """Paired over seeds; above zero is better for the filter, also for Brier."""
    bands: Mapping[str, Sequence[Mapping[str, float]]]
    """The filter's calibration by world."""


def compare(plan: Plan = FULL) -> Comparison:
    """Return how the rules compare; the same plan gives the same figures."""
    tuning = range(plan.tuning_seeds)
    tuned = tune([simulate(world, tuning, plan.people) for world in plan.worlds])
    figures, gains, bands = {}, {}, {}
    for world in plan.worlds:
        seeds = range(FIRST_TEST_SEED, FIRST_TEST_SEED + plan.test_seeds)
        history = simulate(world, seeds, plan.people)
        scores = {name: rule.score(history) for name, rule in tuned.items()}
        per_seed = {
            name: measure(history, scores[name] >= rule.threshold, rule.probability(scores[name]))
            for name, rule in tuned.items()
        }
        figures[world.name] = {
            name: {key: estimate(values) for key, values in found.items()}
            for name, found in per_seed.items()
        }
        gains[world.name] = _gains(per_seed)
        bands[world.name] = calibration(history, scores[FILTER])
    return Comparison(plan, figures, gains, bands)


def tune(histories: Sequence[History]) -> dict[str, Tuned]:
    """Return every rule with what is best for it over all worlds together: nobody knows theirs."""
    asked = [judged(history) for history in histories]
    real = np.concatenate([truth(one)[where] for one, where in zip(histories, asked, strict=True)])
    found = {}
    for name, variants in CANDIDATES.items():
        best = max(
            (_tuned(rule, histories, asked, real, name) for rule in variants),
            key=lambda pair: pair[0],
        )
        found[name] = best[1]
    return found


def _tuned(
    rule: Rule, histories: Sequence[History], asked: Sequence[Bools], real: Bools, name: str
) -> tuple[float, Tuned]:
    scores = np.concatenate(
        [rule(history)[where] for history, where in zip(histories, asked, strict=True)]
    )
    f1, threshold = _best_threshold(scores, real)
    knots = None if name in (FILTER, BESIDE) else _knots(scores, real)
    return f1, Tuned(rule, threshold, knots)


def _best_threshold(scores: Floats, real: Bools) -> tuple[float, float]:
    tried = np.unique(np.quantile(scores, np.linspace(0.02, 0.98, 97)))
    f1 = [
        2 * float((real & (scores >= one)).sum()) / float((scores >= one).sum() + real.sum())
        for one in tried
    ]
    best = int(np.argmax(f1))
    return f1[best], float(tried[best])


def _knots(scores: Floats, real: Bools) -> tuple[Floats, Floats]:
    order = np.argsort(scores, kind="stable")
    pieces = np.array_split(order, PIECES)
    at = np.array([scores[piece].mean() for piece in pieces])
    share = np.maximum.accumulate([real[piece].mean() for piece in pieces])
    keep = np.append(True, np.diff(at) > 1e-9)
    return at[keep], share[keep]


def _gains(per_seed: Mapping[str, Mapping[str, Floats]]) -> dict[str, dict[str, Estimate]]:
    ours = per_seed[FILTER]
    signs = {"f1": 1, "brier": -1}
    return {
        rival: {key: estimate(sign * (ours[key] - theirs[key])) for key, sign in signs.items()}
        for rival, theirs in per_seed.items()
        if rival != FILTER
    }


def estimate(values: Floats) -> Estimate:
    """Return the mean of a figure over seeds with its 95 % interval."""
    known = values[~np.isnan(values)]
    if len(known) == 0:
        return Estimate(0.0, 0.0)
    spread = float(known.std(ddof=1)) if len(known) > 1 else 0.0
    return Estimate(float(known.mean()), 1.96 * spread / sqrt(len(known)))
