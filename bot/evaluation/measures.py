"""What a rule's flags and probabilities are worth against the truth, per seed."""

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.domain.standings import NOT_BOUGHT_IN
from bot.evaluation.simulate import Bools, Floats, History

FIRST_WEEK = 4
ENOUGH_PULSES = 2
SUPPORTIVE = 0.4
CAUGHT_WITHIN = 4
SILENT_ASKS = 3
BANDS = (0.0, 0.1, 0.2, 0.35, 0.6, 1.0)


def judged(history: History) -> Bools:
    """Return where a rule is asked for its judgement: at least two check-ins answered by then."""
    answered: Bools = np.any(~np.isnan(history.answers), axis=2)
    enough = np.cumsum(answered, axis=0) >= ENOUGH_PULSES
    enough[:FIRST_WEEK] = False
    return enough


def truth(history: History) -> Bools:
    """Return who is not bought in, and when."""
    below: Bools = np.less(history.theta, NOT_BOUGHT_IN)
    return below


def everybody(history: History) -> Bools:
    """Return everybody from the fifth week on, heard or not."""
    where = np.ones(history.theta.shape, dtype=bool)
    where[:FIRST_WEEK] = False
    return where


def measure(
    history: History, flags: Bools, probability: Floats, asked: Bools | None = None
) -> dict[str, Floats]:
    """Return each figure per seed; nan where a seed has no such case.

    `asked` is where a rule is asked for its judgement: where it is `judged` unless said.
    """
    asked, real = judged(history) if asked is None else asked, truth(history)
    flags = flags & asked
    nods = asked & real & (history.offset > 0)
    silent = asked & _silent(history) & (history.theta > SUPPORTIVE)
    dropped, caught = _drops(history, flags, asked)
    hit = flags & real
    error = np.where(asked, (probability - real) ** 2, 0.0)
    return {
        "precision": _share(history, hit, flags),
        "recall": _share(history, hit, asked & real),
        "f1": _ratio(
            2 * _total(history, hit), _total(history, flags), _total(history, asked & real)
        ),
        "nodder_recall": _share(history, flags & nods, nods),
        "drops_caught": _share(history, caught, dropped),
        "brier": _total(history, error) / _total(history, asked),
        "false_flags_silent": _share(history, flags & silent, silent),
    }


def calibration(history: History, probability: Floats) -> list[dict[str, float]]:
    """Return, per band of probability, what was said and what was true; error is said - true."""
    asked, real = judged(history), truth(history)
    rows = []
    for low, high in pairwise(BANDS):
        inside = asked & (probability >= low) & ((probability < high) | (high == BANDS[-1]))
        number = int(inside.sum())
        said = float(probability[inside].mean()) if number else 0.0
        came = float(real[inside].mean()) if number else 0.0
        rows.append({"from": low, "to": high, "n": number, "said": said, "true": came})
    return rows


def _silent(history: History) -> Bools:
    answered: Bools = np.any(~np.isnan(history.answers), axis=2)
    run = np.zeros(answered.shape[1])
    silent = np.zeros(answered.shape, dtype=bool)
    for week in range(len(answered)):
        run = np.where(answered[week], 0, run + history.asked[week])
        silent[week] = run >= SILENT_ASKS
    return silent


def _drops(history: History, flags: Bools, asked: Bools) -> tuple[Bools, Bools]:
    """Return drops from supportive to not bought in within four weeks, and which were caught.

    Caught: flagged in the week of the drop or one of the four that follow.
    """
    real = truth(history)
    above: Bools = np.greater_equal(history.theta, -NOT_BOUGHT_IN)
    dropped = np.zeros(real.shape, dtype=bool)
    caught = np.zeros(real.shape, dtype=bool)
    for week in range(FIRST_WEEK, len(real) - CAUGHT_WITHIN):
        crossed = real[week] & ~real[week - 1] & above[week - CAUGHT_WITHIN : week].any(axis=0)
        dropped[week] = crossed & asked[week]
        caught[week] = dropped[week] & flags[week : week + CAUGHT_WITHIN + 1].any(axis=0)
    return dropped, caught


def _total(history: History, cases: NDArray[Any]) -> Floats:
    by_seed = cases.reshape(len(cases), history.seeds, -1)
    total: Floats = by_seed.sum(axis=(0, 2)).astype(np.float64)
    return total


def _share(history: History, part: Bools, whole: Bools) -> Floats:
    return _ratio(_total(history, part), _total(history, whole))


def _ratio(part: Floats, *wholes: Floats) -> Floats:
    whole = np.sum(wholes, axis=0)
    return np.where(whole > 0, part / np.maximum(whole, 1), np.nan)
