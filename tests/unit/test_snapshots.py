"""Who was heard week by week, against the same said plainly; and checkpoints against replays."""

import random
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from bot.domain.batches import batch_of, end_of, facts_of, micros
from bot.domain.checkpoints import from_nothing, go_on, judged, nothing
from bot.domain.evidence import Answered, AskDelivered, Fact, settle, week_of
from bot.domain.pulses import FAVOURABLE, Question
from bot.domain.snapshots import Heard, heard
from bot.domain.standings import estimate
from bot.domain.states import judge, tally

START = datetime(2026, 1, 5, tzinfo=UTC)
WEEK = timedelta(weeks=1)
FIRST, LAST = week_of(START), week_of(START) + 11


def history(chance: random.Random, person: int, *, changes: bool = True) -> list[Fact]:
    """Return what one person was asked and said over twelve weeks; with `changes` said anew."""
    facts: list[Fact] = []
    for number in range(chance.randrange(10)):
        ask, at = person * 100 + number, START + chance.random() * 12 * WEEK
        facts.append(AskDelivered(ask, at))
        asked = list(Question) * (2 if changes else 1)
        for question in chance.sample(asked, k=chance.randrange(4)):
            value = chance.choice([None, 1, 2, 3, 4, 5])
            facts.append(Answered(ask, question, value, at + chance.random() * 3 * WEEK))
    chance.shuffle(facts)
    return facts


def said(facts: list[Fact], as_of: datetime) -> Heard:
    """Return the same about one person, as it is told in words."""
    settled = settle(facts, as_of)
    reached = {
        one.ask_id
        for one in settled
        if isinstance(one, AskDelivered) and week_of(one.at) > week_of(as_of) - 4
    }
    values = [
        one.value
        for one in settled
        if isinstance(one, Answered)
        and one.question is Question.USEFUL
        and one.value
        and one.ask_id in reached
    ]
    favourable = bool(values) and values[-1] >= FAVOURABLE
    return Heard(int(bool(reached)), int(bool(values)), int(favourable))


@pytest.mark.parametrize("seed", range(20))
def test_who_was_heard_is_who_answered_a_check_in_of_the_last_four_weeks(seed: int) -> None:
    chance = random.Random(seed)
    people = [history(chance, person) for person in range(8)]
    hidden = np.array([chance.choice([2**31, FIRST + 5]) for _ in people])
    found = heard(batch_of(people), hidden, FIRST, LAST)
    for week, one in enumerate(found, FIRST):
        shown = [facts for facts, since in zip(people, hidden, strict=True) if since > week]
        assert one == sum((said(facts, end_of(week)) for facts in shown), Heard())


def test_nobody_is_heard_where_nobody_is_asked() -> None:
    nobody = np.zeros(0, dtype=np.int64)
    assert heard(batch_of([]), nobody, FIRST, FIRST + 1) == [Heard(), Heard()]
    assert heard(batch_of([]), nobody, FIRST, FIRST - 1) == []
    assert heard(batch_of([]), nobody, FIRST, FIRST - 7) == []


@pytest.mark.parametrize("seed", range(10))
def test_going_on_from_a_checkpoint_is_the_same_as_from_nothing(seed: int) -> None:
    chance = random.Random(seed)  # nothing is changed: a closed round takes no answers
    batch = batch_of([history(chance, person, changes=False) for person in range(8)])
    early, late, now = (START + weeks * WEEK for weeks in (4.3, 7.1, 11.5))
    until = np.full(8, micros(late))
    whole = from_nothing(batch, FIRST, LAST, until)
    first = go_on(nothing(8), batch, early)
    second = go_on(first, batch.where(batch.at > micros(early)), late)
    made = (whole.checkpoints, second)
    density = [one.beliefs.density for one in made]
    assert np.abs(density[0] - density[1]).max() < 1e-9
    assert made[0].kept.pulses.tolist() == made[1].kept.pulses.tolist()
    later = batch.where(batch.at > micros(late))
    alone = [judge(estimate(facts, now), tally(facts, now)) for facts in facts_of(batch, 8)]
    assert [judged(one, later, now) for one in made] == [alone, alone]
    assert whole.records.shape == (8, LAST - FIRST + 1)
