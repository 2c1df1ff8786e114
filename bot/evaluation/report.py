"""The comparison as a table of text (Markdown) and as plain figures."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from typing import Any

from bot.evaluation.compare import BESIDE, CANDIDATES, FILTER, Comparison, Estimate

RIVALS = [name for name in CANDIDATES if name not in (FILTER, BESIDE)]
MEASURES = {
    "precision": "precision",
    "recall": "recall",
    "f1": "F1",
    "nodder_recall": "recall among yes-sayers",
    "drops_caught": "drops caught in 4 weeks",
    "brier": "Brier (less is better)",
    "false_flags_silent": "false flags, silent supporters",
}
CAVEAT = (
    "Worlds we made up, with constants chosen on other seeds of the same worlds: this compares\n"
    "rules, and proves nothing about people."
)


def figures(comparison: Comparison) -> dict[str, Any]:
    """Return everything as plain dictionaries, lists and numbers, ready for JSON."""
    found = asdict(comparison)
    plan = found.pop("plan")
    plan["worlds"] = {world["name"]: world["about"] for world in plan["worlds"]}
    return {"plan": plan, **found}


def table(comparison: Comparison) -> str:
    """Return the tables that `buyin evaluate` prints and docs/method.md shows."""
    parts = [
        _headline(comparison),
        "\n".join(_by_world(comparison, "f1", lambda value: f"{value:.3f}")),
        "\n".join(_by_world(comparison, "brier", lambda value: f"{value:.4f}")),
        "\n".join(_over_all(comparison)),
        "\n".join(_bands(comparison)),
        "\n".join(_verdict(comparison)),
        CAVEAT,
    ]
    return "\n\n".join(parts)


def _headline(comparison: Comparison) -> str:
    plan = comparison.plan
    return (
        f"{len(plan.worlds)} worlds, {plan.people} people, {plan.test_seeds} test seeds, "
        f"{plan.tuning_seeds} other seeds to tune on. Means; 95 % intervals over test seeds."
    )


def _by_world(comparison: Comparison, key: str, shown: Callable[[float], str]) -> Iterator[str]:
    rules = list(CANDIDATES)
    yield row([f"**{MEASURES[key]}**", *rules, "gain on mean of three", "gain on ledger"])
    yield row(["---"] * (len(rules) + 3))
    for world, found in comparison.figures.items():
        cells = [shown(found[rule][key].mean) for rule in rules]
        gains = comparison.gains[world]
        yield row([world, *cells, *(_gain(gains[rival][key]) for rival in RIVALS[1:])])


def _gain(gain: Estimate) -> str:
    loses = " (loss)" if gain.mean + gain.within < 0 else ""
    return f"{gain.mean:+.4f} ± {gain.within:.4f}{loses}"


def _over_all(comparison: Comparison) -> Iterator[str]:
    rules = list(CANDIDATES)
    worlds = list(comparison.figures)
    for title, chosen in ((f"{worlds[0]} world", worlds[:1]), ("mean of all worlds", worlds)):
        if chosen is worlds:
            yield ""
        yield row([f"**{title}**", *rules])
        yield row(["---"] * (len(rules) + 1))
        for key, words in MEASURES.items():
            cells = [_mean_over(comparison, chosen, rule, key) for rule in rules]
            yield row([words, *cells])


def _mean_over(comparison: Comparison, worlds: Sequence[str], rule: str, key: str) -> str:
    found = [
        comparison.figures[world][rule][key] for world in worlds if world in comparison.figures
    ]
    if len(found) == 1:
        return f"{found[0].mean:.3f} ± {found[0].within:.3f}"
    return f"{sum(one.mean for one in found) / max(len(found), 1):.3f}"


def _bands(comparison: Comparison) -> Iterator[str]:
    yield row(["**calibration of the filter**: said - true", *_band_names(comparison)])
    yield row(["---"] * (1 + len(_band_names(comparison))))
    for world, rows in comparison.bands.items():
        yield row([world, *(f"{band['said'] - band['true']:+.3f}" for band in rows)])


def _band_names(comparison: Comparison) -> list[str]:
    rows = next(iter(comparison.bands.values()))
    return [f"{band['from']:.2f} to {band['to']:.2f}" for band in rows]


def _verdict(comparison: Comparison) -> Iterator[str]:
    number = len(comparison.figures)
    for rival in RIVALS:
        for key in ("f1", "brier"):
            gains = [comparison.gains[world][rival][key] for world in comparison.gains]
            better = sum(one.mean - one.within > 0 for one in gains)
            worse = sum(one.mean + one.within < 0 for one in gains)
            words = f"{better} of {number} worlds, worse in {worse}, the rest within the interval"
            yield f"- {MEASURES[key]}: filter better than {rival} in {words}."
    for key in ("f1", "brier"):
        costs = [-comparison.gains[world][BESIDE][key].mean for world in comparison.gains]
        yield (
            f"- {MEASURES[key]}: leaving silence out costs {sum(costs) / number:.4f} on average, "
            f"{max(costs):.4f} in the worst world."
        )


def row(cells: Sequence[str]) -> str:
    """Return one row of a table."""
    return f"| {' | '.join(cells)} |"
