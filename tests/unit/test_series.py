"""Many people at once: everything equals the functions for one person, whatever the facts."""

from datetime import UTC, datetime, timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.batches import (
    batch_of,
    columns_of,
    end_of,
    facts_of,
    settle_all,
)
from bot.domain.evidence import (
    Answered,
    AskDelivered,
    AskUnanswered,
    Fact,
    StepEvent,
    Stepped,
    Talked,
    TalkEvent,
    settle,
    week_of,
)
from bot.domain.pulses import Question
from bot.domain.series import STATES, Weekly, judge_all, weekly
from bot.domain.standings import estimate, follow, pass_time, prior
from bot.domain.states import judge, tally
from bot.domain.tallies import tallies

START = datetime(2026, 1, 5, tzinfo=UTC)
NOW = START + timedelta(weeks=11, days=2, hours=3)
SAME = 1e-9
FIRST, LAST = week_of(START), week_of(START) + 12
relaxed = settings(deadline=None, max_examples=60)

Histories = list[list[Fact]]

hours = st.integers(-30, 13 * 7 * 24).map(lambda hour: START + timedelta(hours=hour))
edges = st.builds(
    lambda week, off: START + timedelta(weeks=week, microseconds=off),
    st.integers(-1, 13),
    st.integers(-1, 1),
)
moments = st.one_of(hours, edges)
asks = st.integers(1, 5)
values = st.one_of(st.none(), st.integers(1, 5))
facts = st.one_of(
    st.builds(Answered, asks, st.sampled_from(Question), values, moments),
    st.builds(Answered, asks, st.sampled_from(Question), st.integers(4, 5), moments),
    st.builds(AskDelivered, asks, moments),
    st.builds(AskUnanswered, asks, moments),
    st.builds(Stepped, asks, st.sampled_from(StepEvent), moments),
    st.builds(Talked, asks, st.sampled_from(TalkEvent), moments),
)
histories = st.lists(st.lists(facts, max_size=30), min_size=1, max_size=4)


@relaxed
@given(histories, st.randoms())
def test_settled_like_one_by_one(people: Histories, chance: object) -> None:
    batch = batch_of(people)
    order = list(range(len(batch)))
    chance.shuffle(order)  # type: ignore[attr-defined]
    settled = facts_of(settle_all(batch.where(np.array(order, dtype=np.int64)), NOW), len(people))
    for found, history in zip(settled, people, strict=True):
        expected = settle(history, NOW)
        assert len(found) == len(expected)
        assert set(found) == set(expected)


@relaxed
@given(histories)
def test_tallied_like_one_by_one(people: Histories) -> None:
    found = tallies(batch_of(people), len(people), NOW)
    for person, history in enumerate(people):
        assert found.of(person) == tally(history, NOW)


@relaxed
@given(histories)
def test_judged_like_one_by_one(people: Histories) -> None:
    batch = batch_of(people)
    beliefs = follow(prior(len(people)), columns_of(settle_all(batch, NOW)))
    density = pass_time(beliefs, week_of(NOW)).density
    found = judge_all(density, tallies(batch, len(people), NOW))
    assert found == [judge(estimate(one, NOW), tally(one, NOW)) for one in people]


def assert_week_is_the_scalar_one(found: Weekly, person: int, history: list[Fact]) -> None:
    for number in range(found.verdicts.state.shape[1]):
        at = end_of(found.first_week + number)
        alone, place = estimate(history, at), (person, number)
        judged = judge(alone, tally(history, at))
        assert STATES[found.verdicts.state[place]] is judged.state
        assert found.verdicts.is_silent[place] == judged.is_silent
        assert found.verdicts.worth_a_talk[place] == judged.worth_a_talk
        for name in ("position", "low", "high", "yes_saying", "not_bought_in"):
            there = getattr(found.figures, name)[place]
            assert abs(there - getattr(alone, name)) < SAME, name


@relaxed
@given(histories, st.integers(-2, 3), st.randoms())
def test_every_week_like_one_by_one(people: Histories, first: int, chance: object) -> None:
    shuffled = [list(history) for history in people]
    for history in shuffled:
        chance.shuffle(history)  # type: ignore[attr-defined]
    found = weekly(batch_of(shuffled), len(people), FIRST + first, LAST)
    for person, one in enumerate(people):
        assert_week_is_the_scalar_one(found, person, one)
        alone = estimate(one, end_of(LAST)).density
        assert np.abs(found.beliefs.density[person] - alone).max() < SAME
