"""The trend of each question, made of published figures alone."""

from datetime import UTC, datetime

import pytest

from bot.domain.figures import Figure, Measure, Shown
from bot.domain.trends import Bounds, points

CLOSED = {1: datetime(2025, 3, 11, 23, tzinfo=UTC), 2: datetime(2025, 3, 25, 23, tzinfo=UTC)}


def test_a_round_tells_a_point_for_each_question() -> None:
    figures = [
        Figure(Measure.TOOK_PART, Shown.COUNTS, 14, invited=23, round=1),
        Figure(Measure.USEFUL, Shown.COUNTS, 14, 8, invited=23, round=1),
        Figure(Measure.SURE, Shown.ANSWERED_ONLY, 14, round=1),
        Figure(Measure.EFFORT, Shown.TOO_FEW, round=1),
        Figure(Measure.USEFUL, Shown.KEPT, 14, 8, round=2),
    ]
    useful, sure, effort, kept = points(figures, CLOSED, {(1, Measure.USEFUL): 23})
    assert (useful.round, useful.closed_at, useful.is_fresh) == (1, CLOSED[1], True)
    assert (useful.low, useful.high) == pytest.approx((0.403, 0.727), abs=0.001)
    assert useful.share == 8 / 14
    assert useful.bounds == Bounds(8, 17, 23, 9)
    assert (sure.is_fresh, sure.answered, sure.share, sure.low) == (True, 14, None, None)
    assert (effort.is_fresh, effort.share, effort.bounds) == (False, None, None)
    assert (kept.is_fresh, kept.share, kept.bounds) == (False, 8 / 14, None)


def test_no_round_has_closed() -> None:
    assert points([], {}, {}) == ()
