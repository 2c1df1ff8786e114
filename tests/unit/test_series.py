"""Many people at once: everything equals the functions for one person, whatever the facts."""

from datetime import UTC, datetime, timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.batches import (
    CODES,
    DELIVERED,
    STEPS,
    TALKS,
    UNANSWERED,
    answers,
    batch_of,
    columns_of,
    end_of,
    events,
    facts_of,
    micros,
    settle_all,
    together,
    weeks_of,
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
from bot.domain.records import (
    WEEK_RECORD,
    history_of,
    pack_densities,
    pack_facts,
    records,
    unpack_densities,
    unpack_facts,
)
from bot.domain.series import STATES, Weekly, figures_of, judge_all, verdicts, weekly
from bot.domain.standings import NOT_STARTED, estimate, follow, pass_time, prior
from bot.domain.states import State, judge, tally
from bot.domain.tallies import Kept, keep, tallies

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


def life(ends: list[tuple[str, int, int]], steps: list[tuple[StepEvent, datetime]]) -> list[Fact]:
    """Return the facts of asks that come every week and end in one of three ways, and of steps."""
    found: list[Fact] = [Stepped(id_, event, at) for id_, (event, at) in enumerate(steps)]
    for ask, (how, after, value) in enumerate(ends):
        at = START + timedelta(weeks=ask)
        found.append(AskDelivered(ask, at))
        end = at + timedelta(hours=after)
        if how == "answered":
            found += [Answered(ask, one, value or None, end) for one in Question]
        elif how == "unanswered":
            found.append(AskUnanswered(ask, end))
    return found


ways = st.sampled_from(["answered", "unanswered", "unanswered", "open"])
lives = st.builds(
    life,
    st.lists(st.tuples(ways, st.integers(0, 500), st.integers(0, 5)), max_size=12),
    st.lists(st.tuples(st.sampled_from(StepEvent), hours), max_size=8),
)


@relaxed
@given(st.lists(lives, min_size=1, max_size=3), st.integers(0, 11 * 7 * 24))
def test_kept_tallies_go_on_as_if_all_facts_were_read(people: Histories, closed: int) -> None:
    until, number = START + timedelta(hours=closed), len(people)
    batch = batch_of(people)
    kept = keep(batch, number, until)
    stored = Kept(kept.pulses, unpack_facts(pack_facts(kept.tail, number)))
    later = batch.where(batch.at > micros(until))
    found = tallies(later, number, NOW, stored)
    further = keep(later, number, NOW, stored)
    again = tallies(later.where(later.at > micros(NOW)), number, NOW, further)
    for person, history in enumerate(people):
        assert found.of(person) == again.of(person) == tally(history, NOW)


def test_columns_of_a_table_are_the_facts() -> None:
    at = micros(NOW)
    batch = together(
        [
            answers([0, 1, 1], [at] * 3, [0, 1, 2], [5, -1, 9], [7, 8, 9]),
            events(DELIVERED, [0, 1], [at, at], [7, 8]),
            events(UNANSWERED, [1], [at], [6]),
            events([STEPS[StepEvent.KEPT], TALKS[TalkEvent.HELD]], [0, 0], [at, at], [3, 4]),
        ]
    )
    expected: Histories = [
        [
            Answered(7, Question.USEFUL, 5, NOW),
            AskDelivered(7, NOW),
            Stepped(3, StepEvent.KEPT, NOW),
            Talked(4, TalkEvent.HELD, NOW),
        ],
        [
            Answered(8, Question.SURE, None, NOW),
            Answered(9, Question.EFFORT, None, NOW),
            AskDelivered(8, NOW),
            AskUnanswered(6, NOW),
        ],
    ]
    assert facts_of(batch, 2) == expected
    assert facts_of(batch_of(expected), 2) == expected
    assert weeks_of(batch.at).tolist() == [week_of(NOW)] * len(batch)


def test_large_ids_are_told_apart() -> None:
    huge = 2**61
    people: Histories = [
        [Answered(ask, Question.USEFUL, 4, NOW - timedelta(hours=1)) for ask in (1, huge, huge + 1)]
    ] * 3
    batch = batch_of([*people, [*people[0], *people[0]]])
    assert len(settle_all(batch, NOW)) == 12
    assert tallies(batch, 4, NOW).pulses.tolist() == [3] * 4


def test_nobody_and_nothing() -> None:
    nothing = batch_of([])
    assert len(settle_all(nothing, NOW)) == 0
    assert judge_all(prior(0).density, tallies(nothing, 0, NOW)) == []
    assert weekly(nothing, 0, FIRST, LAST).figures.position.shape == (0, 13)
    empty = weekly(nothing, 2, FIRST, LAST)
    assert {STATES[code] for code in empty.verdicts.state.ravel()} == {State.NEW}
    assert not empty.verdicts.is_silent.any()
    assert not empty.verdicts.worth_a_talk.any()


def test_before_the_first_week_ends_there_is_only_the_estimate() -> None:
    batch = batch_of([life([("answered", 3, 5)], []), []])
    found = weekly(batch, 2, FIRST + 1, FIRST)
    assert found.verdicts.state.shape == (2, 0)
    assert found.beliefs.week.tolist() == [FIRST, NOT_STARTED]
    assert np.allclose(found.beliefs.density, weekly(batch, 2, FIRST, FIRST).beliefs.density)


changes = st.lists(
    st.builds(Answered, st.integers(1, 2), st.sampled_from(Question), values, hours), max_size=25
)


@relaxed
@given(st.lists(changes, min_size=1, max_size=3), st.lists(facts, max_size=10))
def test_changed_answers_leave_earlier_weeks_as_they_were(
    people: Histories, others: list[Fact]
) -> None:
    found = weekly(batch_of([*people, others]), len(people) + 1, FIRST, LAST)
    for person, one in enumerate([*people, others]):
        assert_week_is_the_scalar_one(found, person, one)


def test_what_is_kept_comes_back() -> None:
    people: Histories = [
        life([("answered", 3, 4), ("answered", 3, 1), ("unanswered", 9, 0)], []),
        [],
    ]
    found = weekly(batch_of(people), 2, FIRST, LAST)
    rows = records(found.verdicts, found.figures)
    kept = rows[0].tobytes()
    assert len(kept) == 13 * WEEK_RECORD.itemsize
    assert (history_of(kept) == rows[0]).all()
    now = figures_of(found.beliefs.density), tallies(batch_of(people), 2, end_of(LAST))
    latest = records(verdicts(*now), now[0])
    assert latest[0].tobytes() == kept[-WEEK_RECORD.itemsize :]
    density = unpack_densities(pack_densities(found.beliefs.density))
    assert (density == found.beliefs.density).all()
    assert unpack_densities([]).shape == (0, 93)
    assert len(unpack_facts([])) == 0


def test_stored_codes_never_change_their_meaning() -> None:
    assert [state.value for state in STATES] == [
        "new",
        "unclear",
        "resistant",
        "hesitant",
        "neutral",
        "supportive",
        "champion",
        "nodding",
    ]
    assert (DELIVERED, UNANSWERED, len(CODES)) == (0, 1, 2 + 18 + 8 + 4)
    assert CODES[2] == (2, "effort", 0)
    assert CODES[STEPS[StepEvent.KEPT]] == (3, "kept", 0)
    assert min(STEPS.values()) == 20
    assert min(TALKS.values()) == 28


def test_printing_tells_nothing() -> None:
    found = weekly(batch_of([[]]), 1, FIRST, LAST)
    for one in (found, found.figures, found.verdicts, found.beliefs, batch_of([[]])):
        assert "array" not in repr(one)
