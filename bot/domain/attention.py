"""Whom attention is due and who is settled: two yes-or-no words that pacing needs of an estimate.

Inner workings, like the estimate they come from: nobody is shown them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.domain.pacing_settings import PacingSettings


@dataclass(frozen=True, slots=True)
class Need:
    """What pacing knows of an estimate."""

    attention: bool = False
    settled: bool = False


def need(
    not_bought_in: float,
    interval: tuple[float, float],
    before: Sequence[float],
    position: float,
    settings: PacingSettings,
) -> Need:
    """Return what somebody needs, from their estimate.

    `interval` is the 80 % interval of `position`; `before` are the positions of the last two
    weekly snapshots. Probabilities are rounded, so that the last digit of a sum decides nothing.
    """
    doubt = round(not_bought_in, 6)
    dropped = any(round(earlier - position, 6) >= settings.fresh_drop for earlier in before[-2:])
    narrow = interval[1] - interval[0] < settings.settled_width
    attention = doubt >= settings.attention_from or dropped
    return Need(attention, settled=not attention and doubt < settings.settled_below and narrow)


def most_in_doubt(not_bought_in: Sequence[float]) -> float:
    """Return how likely it is that more than half of these people are not bought in.

    Each has their own probability, and one says nothing about the other.
    """
    chances = np.zeros(len(not_bought_in) + 1)
    chances[0] = 1.0
    for probability in not_bought_in:
        chances[1:] = chances[1:] * (1 - probability) + chances[:-1] * probability
        chances[0] *= 1 - probability
    return float(chances[len(not_bought_in) // 2 + 1 :].sum())
