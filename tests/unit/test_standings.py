"""The filter: what moves an estimate, what never does, and the same result by every road."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.evidence import (
    COLUMN,
    KINDS,
    Answered,
    AskDelivered,
    AskUnanswered,
    Fact,
    StepEvent,
    Stepped,
    Talked,
    TalkEvent,
    column_of,
    settle,
    week_of,
)
from bot.domain.explanations import Missing, explain
from bot.domain.pulses import Question
from bot.domain.standings import (
    Standing,
    checkpoint,
    columns_of,
    estimate,
    follow,
    needs_replay,
    pass_time,
    prior,
    standings,
)

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
NOW = START + timedelta(weeks=20)
SAME = 1e-9
relaxed = settings(deadline=None, max_examples=30)
"""No deadline: how long an example takes on a busy machine says nothing."""


def weeks(number: float) -> datetime:
    return START + timedelta(weeks=number)


def pulse(ask: int, value: int | None, at: datetime) -> list[Fact]:
    return [Answered(ask, question, value, at) for question in Question]


def history(values: Sequence[int], step: StepEvent | None = None) -> list[Fact]:
    facts: list[Fact] = []
    for number, value in enumerate(values):
        facts += pulse(number, value, weeks(2 * number))
        if step:
            facts.append(Stepped(number, step, weeks(2 * number + 1)))
    return facts


moments = st.integers(0, 20 * 7 * 24).map(lambda hours: START + timedelta(hours=hours))
evidence = st.one_of(
    st.builds(Answered, st.integers(0, 9), st.sampled_from(Question), st.integers(1, 5), moments),
    st.builds(Stepped, st.integers(0, 9), st.sampled_from(StepEvent), moments),
    st.builds(Talked, st.integers(0, 9), st.sampled_from(TalkEvent), moments),
)
no_evidence = st.one_of(
    st.builds(AskDelivered, st.integers(0, 99), moments),
    st.builds(AskUnanswered, st.integers(0, 99), moments),
    st.builds(Answered, st.integers(50, 99), st.sampled_from(Question), st.none(), moments),
    st.builds(Stepped, st.integers(50, 99), st.just(StepEvent.OFFERED), moments),
    st.builds(
        Talked,
        st.integers(50, 99),
        st.sampled_from([TalkEvent.OFFERED, TalkEvent.DECLINED, TalkEvent.HELD]),
        moments,
    ),
)


def same(one: Standing, other: Standing) -> bool:
    return bool(np.abs(one.density - other.density).max() < SAME)


@relaxed
@given(st.lists(evidence, max_size=25), st.randoms())
def test_the_order_of_arrival_does_not_matter(facts: list[Fact], chance: object) -> None:
    shuffled = list(facts)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert same(estimate(facts, NOW), estimate(shuffled, NOW))


@relaxed
@given(st.lists(evidence, max_size=20))
def test_facts_told_twice_count_once(facts: list[Fact]) -> None:
    assert same(estimate(facts, NOW), estimate([*facts, *facts], NOW))


@relaxed
@given(st.lists(evidence, max_size=15), st.lists(no_evidence, max_size=15))
def test_what_is_never_evidence_moves_nothing(facts: list[Fact], others: list[Fact]) -> None:
    assert same(estimate(facts, NOW), estimate([*facts, *others], NOW))


@relaxed
@given(st.lists(evidence, max_size=15), st.integers(0, 23))
def test_the_time_of_day_moves_nothing(facts: list[Fact], hour: int) -> None:
    days: dict[tuple[object, ...], Fact] = {}
    for fact in settle(facts, NOW):
        days.setdefault((fact.at.date(), column_of(fact)), fact)
    once = list(days.values())
    moved = [replace(fact, at=fact.at.replace(hour=hour)) for fact in once]
    changed = {(one.ask_id, one.question) for one in once if isinstance(one, Answered)}
    if len(changed) == sum(isinstance(one, Answered) for one in once):
        later = NOW + timedelta(days=1)
        assert same(estimate(once, later), estimate(moved, later))


@relaxed
@given(st.lists(evidence, max_size=25), st.integers(1, 20))
def test_going_on_from_a_checkpoint_is_a_full_run(facts: list[Fact], closed: int) -> None:
    # An ask closes with its cycle, so no answer is changed across it; events come once.
    settled = settle(facts, NOW)
    kept = checkpoint(settled, weeks(closed))
    again = checkpoint(settled, NOW, since=kept)
    whole = estimate(settled, NOW)
    assert same(estimate(settled, NOW, since=kept), whole)
    assert same(estimate([], NOW, since=again), whole)


def test_silence_only_widens() -> None:
    facts = history([4, 4, 4, 4])
    then, later = estimate(facts, weeks(7)), estimate(facts, weeks(12))
    assert later.high - later.low > then.high - then.low
    silent = [AskDelivered(ask, weeks(ask)) for ask in range(8, 12)]
    ended = [AskUnanswered(ask, weeks(ask + 1)) for ask in range(8, 12)]
    assert same(later, estimate([*facts, *silent, *ended], weeks(12)))


def test_no_column_exists_for_what_is_never_evidence() -> None:
    assert len(KINDS) == len(COLUMN) == 3 * 5 + 7 + 1
    assert column_of(AskUnanswered(1, START)) is None
    assert column_of(Talked(1, TalkEvent.DECLINED, START)) is None
    assert column_of(Stepped(1, StepEvent.OFFERED, START)) is None
    assert column_of(Answered(1, Question.EFFORT, None, START)) is None


def test_kind_words_without_acts_look_like_yes_saying() -> None:
    acts = estimate(history([4] * 5, StepEvent.KEPT), weeks(10))
    words = estimate(history([4] * 5, StepEvent.MISSED), weeks(10))
    assert words.yes_saying > 0.6 > acts.yes_saying
    assert words.position < acts.position
    assert words.not_bought_in > acts.not_bought_in


def test_honesty_weighs_less_than_a_missed_date() -> None:
    def after(event: StepEvent) -> float:
        return estimate(history([3, 3, 3], event), weeks(6)).position

    assert after(StepEvent.MISSED) < after(StepEvent.NOT_KEPT) < after(StepEvent.MOVED)
    assert after(StepEvent.MOVED) < after(StepEvent.KEPT)


def test_low_answers_lower_and_high_answers_lift() -> None:
    low, high = estimate(history([1] * 4), weeks(7)), estimate(history([5] * 4), weeks(7))
    assert low.not_bought_in > 0.9
    assert high.not_bought_in < 0.1
    assert low.low < low.position < low.high < high.position


def test_one_and_many_are_the_same_function() -> None:
    people = [history([1, 2, 3]), [], history([5, 5], StepEvent.MISSED), history([4])]
    settled = [settle(facts, NOW) for facts in people]
    beliefs = pass_time(follow(prior(4), columns_of(settled)), week_of(NOW))
    for together, facts in zip(standings(beliefs.density), people, strict=True):
        assert same(together, estimate(facts, NOW))


def test_nothing_known_is_the_start() -> None:
    nothing = estimate([], NOW)
    assert same(nothing, standings(prior(1).density)[0])
    assert same(nothing, estimate(history([1]), START - timedelta(days=1)))
    assert standings(prior(0).density) == []


def test_the_future_waits_for_its_time() -> None:
    facts = history([5, 5, 1])
    assert same(estimate(facts, weeks(3)), estimate(facts[:6], weeks(3)))


def test_a_clock_that_steps_back_keeps_the_checkpoint() -> None:
    facts = history([5, 5, 1])
    kept = checkpoint(facts, weeks(6))
    back = estimate(facts, weeks(1), since=kept)
    assert np.allclose(back.density, kept.density, atol=SAME)
    assert checkpoint(facts, weeks(1), since=kept) is kept


def test_a_late_fact_asks_for_a_replay() -> None:
    kept = checkpoint(history([5, 5]), weeks(4))
    assert needs_replay(pulse(9, 2, weeks(3)), kept)
    assert not needs_replay(pulse(9, 2, weeks(5)), kept)
    assert not needs_replay([AskUnanswered(9, weeks(3))], kept)


def test_the_last_answer_to_a_question_holds() -> None:
    changed = [*pulse(1, 1, weeks(0)), *pulse(1, 5, weeks(0.1))]
    assert same(estimate(changed, NOW), estimate(pulse(1, 5, weeks(0.1)), NOW))


def test_a_flood_of_contrary_facts_divides_by_nothing() -> None:
    facts = [one for ask in range(3000) for one in pulse(ask, 1 + 4 * (ask % 2), START)]
    found = estimate(facts, NOW)
    assert np.isfinite(found.density).all()
    assert found.low <= found.position <= found.high
    assert explain(facts[:300], NOW).strongest


def test_leaving_out_is_what_it_says() -> None:
    facts = [*history([4, 4, 2, 5], StepEvent.KEPT), Stepped(9, StepEvent.MISSED, weeks(9))]
    facts.append(Talked(1, TalkEvent.ACCEPTED, weeks(8)))
    whole = estimate(facts, NOW).position
    strongest = explain(facts, NOW).strongest
    assert len(strongest) == 3
    moved = {
        fact: whole - estimate([one for one in facts if one is not fact], NOW).position
        for fact in facts
    }
    sizes = sorted((abs(one) for one in moved.values()), reverse=True)
    for influence, size in zip(strongest, sizes, strict=False):
        assert influence.moved == pytest.approx(moved[influence.fact], abs=1e-9)
        assert abs(influence.moved) == pytest.approx(size, abs=1e-8)


@relaxed
@given(st.lists(evidence, max_size=20), st.randoms())
def test_the_explanation_does_not_depend_on_arrival(facts: list[Fact], chance: object) -> None:
    shuffled = list(facts)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = explain(facts, NOW), explain(shuffled, NOW)
    assert [each.fact for each in one.strongest] == [each.fact for each in other.strongest]
    assert one.missing == other.missing


def test_what_is_missing() -> None:
    assert explain([], NOW).missing == tuple(Missing)
    assert explain([], NOW).heard_at is None
    facts = [*history([4, 4], StepEvent.KEPT), Talked(1, TalkEvent.HELD, weeks(2))]
    assert explain(facts, weeks(4)).missing == ()
    assert explain(facts, weeks(7)).missing == (Missing.RECENT_ANSWER,)
    assert explain(facts, NOW).heard_at == weeks(2)


def test_printing_a_standing_tells_nothing(caplog: pytest.LogCaptureFixture) -> None:
    facts = history([1, 1])
    found, kept = estimate(facts, NOW), checkpoint(facts, NOW)
    influence = explain(facts, NOW).strongest[0]
    with caplog.at_level(logging.INFO):
        logging.getLogger("test").info("%s %r %s %s", found, found, kept, influence)
    assert f"{found.position:.2f}" not in caplog.text
    assert "not_bought_in" not in caplog.text
    assert "moved" not in caplog.text
