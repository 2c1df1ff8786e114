"""How sure a share of few answers is: Jeffreys' interval, and whether one share is above another.

After `yes` of `of` answers the share is Beta(yes + 1/2, of - yes + 1/2). With share = sin²(angle)
its density over the angle is sin(angle)^(2 yes) * cos(angle)^(2 no): smooth up to the ends, so a
plain sum over an even grid is exact to more digits than anybody reads.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

WITHIN = 0.8
"""How likely the share lies in the interval."""

_CELLS = 4096
_EDGES: Floats = np.linspace(0, np.pi / 2, _CELLS + 1)
_MIDDLES: Floats = (_EDGES[:-1] + _EDGES[1:]) / 2
_LOG_SIN: Floats = np.log(np.sin(_MIDDLES))
_LOG_COS: Floats = np.log(np.cos(_MIDDLES))


@lru_cache(maxsize=1024)
def interval(yes: int, of: int) -> tuple[float, float]:
    """Return between what shares (0…1) the true one lies, as far as `yes` of `of` answers tell.

    Where all say the same, the interval reaches to that end.
    """
    below = np.concatenate(([0.0], np.cumsum(_weights(yes, of))))
    low, high = np.sin(np.interp([(1 - WITHIN) / 2, (1 + WITHIN) / 2], below, _EDGES)) ** 2
    return (0.0 if yes == 0 else float(low)), (1.0 if yes == of else float(high))


def chance_of_rise(before: tuple[int, int], after: tuple[int, int]) -> float:
    """Return how likely the share behind `after` is above that behind `before` (yes, of)."""
    first, second = _weights(*before), _weights(*after)
    below = np.cumsum(first) - first / 2
    return float(below @ second)


def _weights(yes: int, of: int) -> Floats:
    """Return how likely the share is in each cell of the grid."""
    if not 0 <= yes <= of:
        raise ValueError(f"{yes} of {of} is no share")
    log = 2 * yes * _LOG_SIN + 2 * (of - yes) * _LOG_COS
    weights = np.exp(log - log.max())
    shares: Floats = weights / weights.sum()
    return shares
