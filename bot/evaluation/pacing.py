"""Compare this product's pacing with fixed intervals (`buyin evaluate --pacing`).

Beside the three intervals as they are stand two that cost as much as ours: a fixed one with as
many check-ins, and a fixed one with as many messages of any kind.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bot.domain.states import WORTH_A_TALK
from bot.evaluation.cadences import CADENCES, MONTH, OURS, fixed
from bot.evaluation.compare import FIRST_TEST_SEED, Estimate, Plan, estimate
from bot.evaluation.measures import everybody, measure
from bot.evaluation.paced import Played, Would, play, would
from bot.evaluation.simulate import WEEKS, Floats, History
from bot.evaluation.worlds import WORLDS

AS_MANY_ASKS, AS_MANY_MESSAGES = "fixed, as many check-ins", "fixed, as many messages"
NAMES = (*(one.name for one in CADENCES), AS_MANY_ASKS, AS_MANY_MESSAGES)
SHORTEST, LONGEST, HALVINGS = 1.0, 10.0, 10
MEASURES = {
    "messages": "messages per person and week",
    "most": "95th percentile in 28 days",
    "asks": "check-ins per person and week",
    "response": "response rate",
    "f1": "F1",
    "recall": "recall",
    "drops_caught": "drops caught in 4 weeks",
    "brier": "Brier (less is better)",
}
GAINS = {"f1": 1, "recall": 1, "drops_caught": 1, "brier": -1}
FULL = Plan(WORLDS)
QUICK = Plan(WORLDS, test_seeds=20, people=40)
CAVEAT = (
    "Worlds we made up: people answer by chance and buy-in, tire of being asked in one of them,\n"
    "and are never moved by news, so what news is for is not measured. This compares plans, and\n"
    "proves nothing about people."
)

Figures = Mapping[str, Mapping[str, Mapping[str, Estimate]]]


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """Figures by world, cadence and measure; what ours gains by world, rival and measure."""

    plan: Plan
    figures: Figures
    gains: Figures


def compare(plan: Plan = FULL) -> Comparison:
    """Return how the cadences compare; the same plan gives the same figures."""
    figures, gains = {}, {}
    for world in plan.worlds:
        people = would(
            world, range(FIRST_TEST_SEED, FIRST_TEST_SEED + plan.test_seeds), plan.people
        )
        found = {name: _measured(people, played) for name, played in _played(people)}
        figures[world.name] = {
            name: {key: estimate(values) for key, values in each.items()}
            for name, each in found.items()
        }
        gains[world.name] = {
            name: {
                key: estimate(sign * (found[OURS][key] - each[key])) for key, sign in GAINS.items()
            }
            for name, each in found.items()
            if name != OURS
        }
    return Comparison(plan, figures, gains)


def _played(people: Would) -> Iterator[tuple[str, Played]]:
    played = {cadence.name: play(people, cadence) for cadence in CADENCES}
    yield from played.items()
    ours = played[OURS]
    yield AS_MANY_ASKS, _as_much(people, float(ours.asked.mean()), _asks)
    yield AS_MANY_MESSAGES, _as_much(people, float(ours.messages.mean()), _messages)


def _asks(played: Played) -> float:
    return float(played.asked.mean())


def _messages(played: Played) -> float:
    return float(played.messages.mean())


def _as_much(people: Would, volume: float, of: Callable[[Played], float]) -> Played:
    """Return the fixed interval, found by halving, that costs `volume`."""
    low, high = SHORTEST, LONGEST
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        played = play(people, fixed("", middle))
        low, high = (middle, high) if of(played) > volume else (low, middle)
    return played


def _measured(people: Would, played: Played) -> dict[str, Floats]:
    """Return each figure per seed."""
    answers = np.where(played.answered[:, :, None], people.values, np.nan)
    counts = np.empty((WEEKS, 0, 0))
    history = History(people.seeds, people.theta, people.offset, answers, played.asked, counts)
    flags = np.greater_equal(played.not_bought_in, WORTH_A_TALK)
    found = measure(history, flags, played.not_bought_in, everybody(history))
    months = np.lib.stride_tricks.sliding_window_view(played.messages, MONTH, axis=0).sum(axis=-1)
    return {
        "messages": _by_seed(people, played.messages).mean(axis=(0, 2)),
        "most": np.quantile(_by_seed(people, months), 0.95, axis=(0, 2)),
        "asks": _by_seed(people, played.asked).mean(axis=(0, 2)),
        "response": _by_seed(people, played.answered).sum(axis=(0, 2))
        / _by_seed(people, played.asked).sum(axis=(0, 2)),
        **{key: found[key] for key in GAINS},
    }


def _by_seed(people: Would, values: Any) -> Any:
    return values.reshape(len(values), people.seeds, -1)


def figures(comparison: Comparison) -> dict[str, Any]:
    """Return everything as plain dictionaries, lists and numbers, ready for JSON."""
    return whole(comparison.plan, comparison.figures, comparison.gains)


def whole(plan: Plan, found: Figures, gains: Figures) -> dict[str, Any]:
    """Return what was compared and what was found, ready for JSON."""
    return {
        "worlds": {world.name: world.about for world in plan.worlds},
        "seeds": plan.test_seeds,
        "people": plan.people,
        "figures": plain(found),
        "gains": plain(gains),
    }


def plain(found: Figures) -> dict[str, Any]:
    """Return estimates as [mean, half width of the interval]."""
    return {
        world: {
            name: {key: [one.mean, one.within] for key, one in each.items()}
            for name, each in by_name.items()
        }
        for world, by_name in found.items()
    }


def table(comparison: Comparison) -> str:
    """Return the tables that `buyin evaluate --pacing` prints and docs/method.md shows."""
    plan, worlds = comparison.plan, list(comparison.figures)
    head = (
        f"{len(worlds)} worlds, {plan.people} people, {plan.test_seeds} seeds, {WEEKS} weeks. "
        "Judged every week from the fifth on: everybody, heard\nor not; flagged where a talk is "
        "suggested."
    )
    parts = [
        head,
        "\n".join(_rows(comparison.figures, worlds[:1], f"{worlds[0]} world")),
        "\n".join(_rows(comparison.figures, worlds, "mean of all worlds")),
        "\n".join(_verdict(comparison)),
        CAVEAT,
    ]
    return "\n\n".join(parts)


def _rows(found: Figures, worlds: Sequence[str], title: str) -> Iterator[str]:
    yield f"| **{title}** | {' | '.join(NAMES)} |"
    yield "| --- " * (len(NAMES) + 1) + "|"
    for key, words in MEASURES.items():
        cells = [_mean(found, worlds, name, key) for name in NAMES]
        yield f"| {words} | {' | '.join(cells)} |"


def _mean(found: Figures, worlds: Sequence[str], name: str, key: str) -> str:
    one = [found[world][name][key] for world in worlds]
    if len(one) == 1:
        return f"{one[0].mean:.3f} ± {one[0].within:.3f}"
    return f"{sum(each.mean for each in one) / len(one):.3f}"


def _verdict(comparison: Comparison) -> Iterator[str]:
    number = len(comparison.gains)
    for rival in (AS_MANY_ASKS, AS_MANY_MESSAGES):
        for key in GAINS:
            gains = [comparison.gains[world][rival][key] for world in comparison.gains]
            better = sum(one.mean - one.within > 0 for one in gains)
            worse = sum(one.mean + one.within < 0 for one in gains)
            mean = sum(one.mean for one in gains) / number
            yield (
                f"- {MEASURES[key]}, against {rival}: better in {better} of {number} worlds, "
                f"worse in {worse}, the rest within the interval; {mean:+.4f} on average."
            )
