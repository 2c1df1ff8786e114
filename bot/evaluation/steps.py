"""What steps add: the same people and answers, judged with what became of steps and without it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from bot.domain.evidence import COLUMN
from bot.domain.explanations import OUTCOMES
from bot.domain.states import RECENT, WORTH_A_TALK
from bot.evaluation.compare import FIRST_TEST_SEED, FULL, Estimate, Plan, estimate
from bot.evaluation.measures import judged, measure, truth
from bot.evaluation.pacing import whole
from bot.evaluation.report import CAVEAT, row
from bot.evaluation.rules import the_filter
from bot.evaluation.simulate import Bools, Floats, History, simulate

WITH, WITHOUT, AS_MANY = "with steps", "without", "without, as many flagged"
NAMES = (WITH, WITHOUT, AS_MANY)
STEPS = [column for kind, column in COLUMN.items() if kind.startswith("step:")]
ENDED = [COLUMN[f"step:{event}"] for event in OUTCOMES]
LATELY = RECENT.days // 7
"""A step that ended so many weeks ago or less is a recent one."""

MEASURES = {
    "nodder_recall": "yes-sayers found",
    "nodders_with": "… with a step in the last 8 weeks",
    "nodders_without": "… without one",
    "recall": "recall",
    "precision": "precision",
    "f1": "F1",
    "wrongly": "supporters flagged",
    "brier": "Brier (less is better)",
}
OF_NODDERS = frozenset({"nodder_recall", "nodders_with", "nodders_without"})
GAINS = ("nodder_recall", "recall", "f1", "brier")
SUPPORTIVE = 0.4

Figures = Mapping[str, Mapping[str, Mapping[str, Estimate]]]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Figures and gains by world, variant and measure."""

    plan: Plan
    figures: Figures
    gains: Figures
    """What steps add to each variant without them; above zero is better, also for Brier."""
    known: Mapping[str, Estimate]
    """By world: of the yes-sayers who are not bought in, the share with a recent step."""


def compare(plan: Plan = FULL) -> Comparison:
    """Return what steps add; the same plan gives the same figures.

    Flagged is who the product would suggest a talk with. Steps also flag more people, so the
    third variant flags as many as the first: those most in doubt without looking at steps.
    """
    figures, gains, known = {}, {}, {}
    for world in plan.worlds:
        seeds = range(FIRST_TEST_SEED, FIRST_TEST_SEED + plan.test_seeds)
        history = simulate(world, seeds, plan.people)
        found = _measured(history)
        figures[world.name] = {
            name: {key: estimate(values) for key, values in each.items()}
            for name, each in found.items()
        }
        gains[world.name] = {name: _gained(found, name) for name in (WITHOUT, AS_MANY)}
        known[world.name] = estimate(_known(history))
    return Comparison(plan, figures, gains, known)


def without_steps(history: History) -> History:
    """Return the same history with nothing known of steps."""
    counts = history.counts.copy()
    counts[:, :, STEPS] = 0
    return replace(history, counts=counts)


def _measured(history: History) -> dict[str, dict[str, Floats]]:
    """Return each figure per seed, by variant."""
    scores = {WITH: the_filter(history), WITHOUT: the_filter(without_steps(history))}
    flags = {name: np.greater_equal(score, WORTH_A_TALK) for name, score in scores.items()}
    flags[AS_MANY] = _as_many(scores[WITHOUT], flags[WITH], history)
    scores[AS_MANY] = scores[WITHOUT]
    return {name: _figures(history, flags[name], scores[name]) for name in NAMES}


def _as_many(scores: Floats, flags: Bools, history: History) -> Bools:
    """Return flags for as many judgements of each seed as `flags` has, the highest scores first."""
    asked, people = judged(history), scores.shape[1] // history.seeds
    found = np.zeros_like(flags)
    for seed in range(history.seeds):
        mine = np.s_[:, seed * people : (seed + 1) * people]
        where = asked[mine]
        number = int((flags[mine] & where).sum())
        order = np.argsort(-scores[mine][where], kind="stable")[:number]
        picked = np.zeros(int(where.sum()), dtype=bool)
        picked[order] = True
        found[mine][where] = picked
    return found


def _figures(history: History, flags: Bools, scores: Floats) -> dict[str, Floats]:
    found = measure(history, flags, scores)
    nods, recent, asked = _nodders(history), _recent(history), judged(history)
    keys = ("nodder_recall", "recall", "precision", "f1", "brier")
    return {
        **{key: found[key] for key in keys},
        "nodders_with": _share(history, flags, nods & recent),
        "nodders_without": _share(history, flags, nods & ~recent),
        "wrongly": _share(history, flags, asked & (history.theta > SUPPORTIVE)),
    }


def _nodders(history: History) -> Bools:
    """Return the yes-sayers who are not bought in, where a rule is asked for its judgement."""
    nods: Bools = judged(history) & truth(history) & (history.offset > 0)
    return nods


def _recent(history: History) -> Bools:
    """Return who has a step that ended in the last weeks."""
    ended = history.counts[:, :, ENDED].sum(axis=2)
    total = np.cumsum(ended, axis=0)
    before = np.zeros_like(total)
    before[LATELY:] = total[:-LATELY]
    recent: Bools = np.greater(total - before, 0)
    return recent


def _known(history: History) -> Floats:
    return _share(history, _recent(history), _nodders(history))


def _share(history: History, part: Bools, whole: Bools) -> Floats:
    """Return per seed how large a part of `whole` is in `part`, nan where there is no case."""
    sums = [
        one.reshape(len(one), history.seeds, -1).sum(axis=(0, 2)).astype(np.float64)
        for one in (part & whole, whole)
    ]
    return np.where(sums[1] > 0, sums[0] / np.maximum(sums[1], 1), np.nan)


def _gained(found: Mapping[str, Mapping[str, Floats]], name: str) -> dict[str, Estimate]:
    signs = {key: -1 if key == "brier" else 1 for key in GAINS}
    ours, theirs = found[WITH], found[name]
    return {key: estimate(sign * (ours[key] - theirs[key])) for key, sign in signs.items()}


# --- as text and as figures ----------------------------------------------------------------------


def figures(comparison: Comparison) -> dict[str, Any]:
    """Return everything as plain dictionaries, lists and numbers, ready for JSON."""
    known = {world: [one.mean, one.within] for world, one in comparison.known.items()}
    return whole(comparison.plan, comparison.figures, comparison.gains) | {"known": known}


def table(comparison: Comparison) -> str:
    """Return the tables that `buyin evaluate --steps` prints and docs/method.md shows."""
    plan, worlds = comparison.plan, list(comparison.figures)
    head = (
        f"{len(worlds)} worlds, {plan.people} people, {plan.test_seeds} seeds. The same people "
        "and answers; flagged where a talk is suggested.\nYes-sayers: those among them who are "
        "not bought in. 95 % intervals over seeds."
    )
    parts = [
        head,
        "\n".join(_rows(comparison, worlds[:1], f"{worlds[0]} world")),
        "\n".join(_rows(comparison, worlds, "mean of all worlds")),
        "\n".join(_by_world(comparison)),
        "\n".join(_verdict(comparison)),
        CAVEAT,
    ]
    return "\n\n".join(parts)


def _rows(comparison: Comparison, worlds: Sequence[str], title: str) -> Iterator[str]:
    yield row([f"**{title}**", *NAMES])
    yield row(["---"] * (len(NAMES) + 1))
    for key, words in MEASURES.items():
        named = [world for world in _with_a_case(comparison, key) if world in worlds]
        cells = (_mean(comparison.figures, named, name, key) for name in NAMES)
        yield row([words, *cells])


def _with_a_case(comparison: Comparison, key: str) -> list[str]:
    """Return the worlds in which a measure means anything: in one nobody yes-says."""
    worlds = comparison.plan.worlds
    return [one.name for one in worlds if key not in OF_NODDERS or any(one.yes_saying[1:])]


def _mean(found: Figures, worlds: Sequence[str], name: str, key: str) -> str:
    each = [found[world][name][key] for world in worlds]
    if len(each) == 1:
        return f"{each[0].mean:.3f} ± {each[0].within:.3f}"
    return f"{sum(one.mean for one in each) / len(each):.3f}"


def _by_world(comparison: Comparison) -> Iterator[str]:
    yield row(
        [
            "**yes-sayers found**",
            "without",
            WITH,
            "gain",
            "gain, as many flagged",
            "with a recent step",
        ]
    )
    yield row(["---"] * 6)
    for world in _with_a_case(comparison, "nodder_recall"):
        found, gains = comparison.figures[world], comparison.gains[world]
        yield row(
            [
                world,
                *(f"{found[name]['nodder_recall'].mean:.3f}" for name in (WITHOUT, WITH)),
                *(_gain(gains[name]["nodder_recall"]) for name in (WITHOUT, AS_MANY)),
                f"{comparison.known[world].mean:.2f}",
            ]
        )


def _gain(gain: Estimate) -> str:
    return f"{gain.mean:+.3f} ± {gain.within:.3f}"


def _verdict(comparison: Comparison) -> Iterator[str]:
    for name in (WITHOUT, AS_MANY):
        for key in GAINS:
            worlds = _with_a_case(comparison, key)
            gains, number = [comparison.gains[world][name][key] for world in worlds], len(worlds)
            better = sum(one.mean - one.within > 0 for one in gains)
            worse = sum(one.mean + one.within < 0 for one in gains)
            mean = sum(one.mean for one in gains) / number
            yield (
                f"- {MEASURES[key]}, against {name}: better in {better} of {number} worlds, worse "
                f"in {worse}, the rest within the interval; {mean:+.4f} on average."
            )
