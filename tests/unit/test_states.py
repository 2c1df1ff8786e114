"""Inner states: their thresholds, and that too little stays "new" or "unclear"."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from bot.domain.evidence import Answered, AskDelivered, AskUnanswered, Fact, StepEvent, Stepped
from bot.domain.pulses import Question
from bot.domain.standings import OFFSETS, THETA, Standing, estimate, standings
from bot.domain.states import State, Tally, judge, tally

START = datetime(2026, 1, 5, 9, tzinfo=UTC)


def weeks(number: float) -> datetime:
    return START + timedelta(weeks=number)


def around(position: float, sd: float = 0.15, yes_saying: float = 0.0) -> Standing:
    bell = np.exp(-0.5 * ((THETA - position) / sd) ** 2)
    shares = np.array([1 - yes_saying, yes_saying, 0.0])
    assert len(shares) == len(OFFSETS)
    return standings(np.outer(shares, bell / bell.sum()).reshape(1, -1))[0]


HEARD = Tally(pulses=4, mean_answer=3.0)


@pytest.mark.parametrize(
    ("position", "state"),
    [
        (-2.0, State.RESISTANT),
        (-0.65, State.HESITANT),
        (0.05, State.NEUTRAL),
        (0.8, State.SUPPORTIVE),
        (2.0, State.SUPPORTIVE),
    ],
)
def test_states_follow_the_position(position: float, state: State) -> None:
    assert judge(around(position), HEARD).state is state


def test_a_champion_has_kept_two_steps() -> None:
    assert judge(around(2.0), Tally(pulses=4, kept_lately=1)).state is State.SUPPORTIVE
    assert judge(around(2.0), Tally(pulses=4, kept_lately=2)).state is State.CHAMPION


def test_too_little_is_new_and_too_wide_is_unclear() -> None:
    assert judge(around(-2.0), Tally(pulses=1)).state is State.NEW
    assert not judge(around(-2.0), Tally(pulses=1)).worth_a_talk
    assert judge(around(0.0, sd=2.0), HEARD).state is State.UNCLEAR


def test_nodding_needs_kind_words_and_something_not_done() -> None:
    nods = around(-0.6, yes_saying=0.7)
    kind = Tally(pulses=4, mean_answer=4.2, not_done=1)
    assert judge(nods, kind).state is State.NODDING
    assert judge(nods, Tally(pulses=4, mean_answer=4.2)).state is State.HESITANT
    assert judge(nods, Tally(pulses=4, mean_answer=3.4, not_done=1)).state is State.HESITANT
    assert judge(nods, Tally(pulses=4, not_done=1)).state is State.HESITANT
    assert judge(around(0.8, yes_saying=0.7), kind).state is State.SUPPORTIVE


def test_silent_stands_beside_the_last_estimate() -> None:
    silent = Tally(pulses=4, unanswered_in_a_row=3)
    judged = judge(around(0.8), silent)
    assert judged.is_silent
    assert judged.state is State.SUPPORTIVE
    assert not judge(around(0.8), Tally(pulses=4, unanswered_in_a_row=2)).is_silent


def test_a_talk_is_suggested_early() -> None:
    assert judge(around(-0.3, sd=0.8), HEARD).worth_a_talk
    assert not judge(around(0.8), HEARD).worth_a_talk


def asks(*answered: bool) -> list[Fact]:
    facts: list[Fact] = []
    for number, has in enumerate(answered):
        facts.append(AskDelivered(number, weeks(number)))
        end = weeks(number + 0.5)
        facts.append(
            Answered(number, Question.USEFUL, 4, end) if has else AskUnanswered(number, end)
        )
    return facts


def test_unanswered_asks_in_a_row() -> None:
    assert tally(asks(False, False, False), weeks(9)).unanswered_in_a_row == 3
    assert tally(asks(False, False, True), weeks(9)).unanswered_in_a_row == 0
    assert tally(asks(True, False, False), weeks(9)).unanswered_in_a_row == 2
    still_open = [*asks(True, False), AskDelivered(7, weeks(7))]
    assert tally(still_open, weeks(9)).unanswered_in_a_row == 1


def test_dont_know_is_an_answer_but_no_score() -> None:
    facts = [*asks(False, False), AskDelivered(7, weeks(7))]
    facts.append(Answered(7, Question.USEFUL, None, weeks(7)))
    found = tally(facts, weeks(9))
    assert found.unanswered_in_a_row == 0
    assert found.pulses == 0
    assert found.mean_answer is None


def test_the_tally_forgets_what_is_long_ago() -> None:
    facts: list[Fact] = [
        Stepped(1, StepEvent.KEPT, weeks(0)),
        Stepped(2, StepEvent.MISSED, weeks(0)),
        Stepped(3, StepEvent.KEPT, weeks(9)),
        Stepped(4, StepEvent.NOT_NOW, weeks(9)),
        *asks(True, True),
    ]
    found = tally(facts, weeks(10))
    assert (found.kept_lately, found.not_done, found.pulses) == (1, 1, 2)
    assert found.mean_answer is None
    assert tally(facts, weeks(1)).kept_lately == 1
    assert tally([], weeks(1)) == Tally()


def test_a_person_from_facts_to_state() -> None:
    facts: list[Fact] = []
    for number in range(6):
        at = weeks(2 * number)
        facts += [Answered(number, question, 4, at) for question in Question]
        facts.append(Stepped(number, StepEvent.MISSED, at + timedelta(days=3)))
    now = weeks(12)
    assert judge(estimate(facts, now), tally(facts, now)).state is State.NODDING
    low = [Answered(ask, q, 1, weeks(2 * ask)) for ask in range(6) for q in Question]
    assert judge(estimate(low, now), tally(low, now)).state is State.RESISTANT
