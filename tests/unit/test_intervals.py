"""Jeffreys intervals and chances of a rise, against values computed with scipy.stats.beta."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.intervals import chance_of_rise, interval


@pytest.mark.parametrize(
    ("yes", "of", "low", "high"),
    [
        (6, 10, 0.4003156, 0.7734832),  # "60 % of 10" is 40 to 77 %
        (1, 5, 0.0598087, 0.4839032),
        (3, 5, 0.3268474, 0.8250237),
        (9, 14, 0.4720195, 0.7862971),
        (17, 23, 0.6101693, 0.8395008),
        (20, 200, 0.0756494, 0.1300375),
        (970, 1000, 0.9623995, 0.9762594),
    ],
)
def test_the_interval_is_that_of_jeffreys(yes: int, of: int, low: float, high: float) -> None:
    assert interval(yes, of) == pytest.approx((low, high), abs=1e-6)


@pytest.mark.parametrize(
    ("before", "after", "chance"),
    [
        ((6, 10), (6, 10), 0.5),
        ((4, 10), (7, 10), 0.9116765),
        ((9, 14), (6, 14), 0.1277870),
        ((12, 30), (15, 29), 0.8168141),
        ((300, 1000), (330, 1000), 0.9256635),
        ((2, 5), (3, 5), 0.7342217),
    ],
)
def test_the_chance_of_a_rise(
    before: tuple[int, int], after: tuple[int, int], chance: float
) -> None:
    assert chance_of_rise(before, after) == pytest.approx(chance, abs=1e-5)
    assert chance_of_rise(after, before) == pytest.approx(1 - chance, abs=1e-5)


def test_answers_that_all_say_the_same_reach_to_that_end() -> None:
    assert interval(0, 5)[0] == 0
    assert interval(5, 5)[1] == 1
    assert interval(0, 0) == (0, 1)


def test_more_yes_than_answers_is_no_share() -> None:
    with pytest.raises(ValueError, match="6 of 5"):
        interval(6, 5)


@given(st.integers(0, 1000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_an_interval_holds_its_share_and_mirrors(counts: tuple[int, int]) -> None:
    yes, of = counts
    low, high = interval(yes, of)
    assert 0 <= low < high <= 1
    assert not of or low <= yes / of <= high
    assert (1 - high, 1 - low) == pytest.approx(interval(of - yes, of))
