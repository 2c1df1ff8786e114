"""In which group somebody is read about, who is named, and which facts are told."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.accounts import NAMED, Agreed, Did, Group, Said, account, group_of, grouped
from bot.domain.evidence import Answered, AskDelivered, Fact, StepEvent, Stepped, Talked, TalkEvent
from bot.domain.explanations import explain
from bot.domain.figures import Someone
from bot.domain.initiatives import Place
from bot.domain.people import Person
from bot.domain.pulses import Question
from bot.domain.states import Judged, State

NOW = datetime(2025, 3, 30, 9, tzinfo=UTC)
DAY = timedelta(days=1)
SAM = Person(2, 1, "USAM", "Sam Sample", "Pacific/Auckland")


def judged(state: State, *, silent: bool = False, talk: bool = False) -> Judged:
    """What the app concludes."""
    return Judged(state, silent, talk)


@pytest.mark.parametrize(
    ("state", "group"),
    [
        (State.RESISTANT, Group.WORTH_A_TALK),
        (State.HESITANT, Group.WORTH_A_TALK),
        (State.NODDING, Group.WORDS_NOT_PRACTICE),
        (State.SUPPORTIVE, Group.WITH_YOU),
        (State.CHAMPION, Group.WITH_YOU),
        (State.NEUTRAL, Group.TOO_EARLY),
        (State.UNCLEAR, Group.TOO_EARLY),
        (State.NEW, Group.TOO_EARLY),
    ],
)
def test_every_state_has_its_group_and_silence_comes_first(state: State, group: Group) -> None:
    assert group_of(judged(state)) is group
    assert group_of(judged(state, silent=True, talk=True), in_doubt=True) is Group.NOT_HEARD


@pytest.mark.parametrize("state", [State.UNCLEAR, State.NEUTRAL])
def test_a_doubt_needs_a_reason_besides_time(state: State) -> None:
    assert group_of(judged(state, talk=True)) is Group.TOO_EARLY
    assert group_of(judged(state), in_doubt=True) is Group.TOO_EARLY
    assert group_of(judged(state, talk=True), in_doubt=True) is Group.WORTH_A_TALK


def someone(number: int, place: Place = Place.ACTIVE, *, hidden: bool = False) -> Someone:
    """One of the people asked."""
    person = replace(SAM, id=number, slack_user_id=f"U{number}")
    return Someone(100 + number, person, place, NOW, hidden)


def test_only_who_may_be_named_is_named() -> None:
    people = [
        someone(1),
        someone(2, hidden=True),
        someone(3, Place.LEFT),
        someone(4, Place.NOT_MY_TOPIC),
        someone(5, Place.STOPPED),
        replace(someone(6), person=replace(someone(6).person, stopped=True)),
        someone(7),
    ]
    known = {one.stakeholder_id: judged(State.RESISTANT) for one in people[:-1]}
    found = grouped(people, known, (), turn=1)
    assert [one.person.id for one in found.named(Group.WORTH_A_TALK)] == [1]
    assert found.named(Group.WORTH_A_TALK, besides=[1]) == []
    assert {group: number for group, number in found.numbers.items() if number} == {
        Group.WORTH_A_TALK: 1,
        Group.TOO_EARLY: 2,  # nobody can tell that they stopped
    }


def test_who_is_surely_not_convinced_gets_their_turn_first() -> None:
    people = [someone(number) for number in range(9)]
    known = {one.stakeholder_id: judged(State.HESITANT) for one in people}
    known[104] = judged(State.RESISTANT)
    turns = []
    for turn in range(30):
        named = grouped(people, known, (), turn).named(Group.WORTH_A_TALK)
        assert len(named) == 3
        assert 4 in {one.person.id for one in named}
        turns.append(tuple(one.person.id for one in named))
    assert set().union(*turns) == set(range(9))
    assert all(list(turn) == sorted(turn) for turn in turns)


def test_nobody_at_all() -> None:
    found = grouped([], {}, (), turn=0)
    assert all(found.named(group) == [] for group in NAMED)
    assert not any(found.numbers.values())


def test_one_answer_given_often_is_one_fact_with_its_last_date() -> None:
    facts = [
        fact
        for number in range(4)
        for at in [NOW - DAY * 14 * number]
        for fact in (AskDelivered(number, at), Answered(number, Question.SURE, 1, at))
    ]
    told = account(SAM, Group.WORTH_A_TALK, NOW.date(), explain(facts, NOW), facts, "UTC")
    assert told.facts == (Said(Question.SURE, 1, 4, date(2025, 3, 30)),)
    assert told.heard_on == date(2025, 3, 30)


def test_dates_are_those_of_the_initiatives_zone() -> None:
    late = datetime(2025, 3, 29, 23, 30, tzinfo=UTC)  # the 30th in Berlin
    facts = [Answered(1, Question.USEFUL, 5, late)]
    why = explain(facts, NOW)
    for tz, day in (("UTC", 29), ("Europe/Berlin", 30)):
        told = account(SAM, Group.WORTH_A_TALK, NOW.date(), why, facts, tz)
        assert told.facts == (Said(Question.USEFUL, 5, 1, date(2025, 3, day)),)
        assert told.heard_on == date(2025, 3, day)


def test_steps_and_talks_are_facts_and_without_facts_there_is_nothing_to_tell() -> None:
    facts: list[Fact] = [
        Stepped(1, StepEvent.MISSED, NOW - 2 * DAY),
        Talked(1, TalkEvent.ACCEPTED, NOW - DAY),
    ]
    told = account(SAM, Group.WORTH_A_TALK, NOW.date(), explain(facts, NOW), facts, "UTC")
    assert set(told.facts) == {
        Did(StepEvent.MISSED, date(2025, 3, 28)),
        Agreed(date(2025, 3, 29)),
    }
    bare = account(SAM, Group.TOO_EARLY, NOW.date(), explain([], NOW), [], "UTC")
    assert (bare.facts, bare.heard_on) == ((), None)


def test_a_talk_that_was_held_lately_is_known() -> None:
    held = [Talked(1, TalkEvent.HELD, NOW - days * DAY) for days in (80, 50, 3)]
    told = [
        account(SAM, Group.WORTH_A_TALK, NOW.date(), explain(facts, NOW), facts, "UTC").talked_on
        for facts in (held, held[:2], held[:1], [Talked(2, TalkEvent.DECLINED, NOW - DAY)])
    ]
    assert told == [date(2025, 3, 27), date(2025, 2, 8), None, None]


def test_what_is_known_of_somebody_shows_in_no_traceback() -> None:
    told = account(SAM, Group.WORTH_A_TALK, NOW.date(), explain([], NOW), [], "UTC")
    assert "worth" not in repr(told)
