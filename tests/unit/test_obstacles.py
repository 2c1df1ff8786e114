"""What owners read of what gets in the way: who is named, and what a number may tell."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain.barriers import (
    SENSITIVE,
    STALE,
    Barrier,
    BarrierFact,
    BarrierReply,
    Event,
    Known,
    ReplyKind,
    Total,
    Totals,
    comes_by_name,
)
from bot.domain.figures import Someone
from bot.domain.initiatives import Place
from bot.domain.obstacles import all_in_the_way, hidden, in_the_way, named, publish
from bot.domain.people import Person

NOW = datetime(2025, 3, 12, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
TZ = "Europe/Berlin"
NO_TIME, LEADERS, HARM = Barrier.NO_TIME, Barrier.LEADERS_NOT_BEHIND, Barrier.WORRIED_ABOUT_HARM


def someone(number: int, *, group_only: bool = False, place: Place = Place.ACTIVE) -> Someone:
    return Someone(number, Person(number, 1, f"U{number}", "", TZ), place, NOW, group_only)


def fact(
    number: int,
    code: Barrier = NO_TIME,
    *,
    by_name: bool = True,
    days: int = 3,
    event: Event = Event.NAMED,
) -> BarrierFact:
    return BarrierFact(number, number, event, code, by_name, NOW - days * DAY)


def reply(kind: ReplyKind, days: int, code: Barrier = NO_TIME) -> dict[Barrier, BarrierReply]:
    return {code: BarrierReply(1, 1, code, kind, NOW - days * DAY)}


PEOPLE = [someone(number) for number in range(1, 25)]


def names(
    known: Known, people: list[Someone] = PEOPLE, since: datetime = NOW - 90 * DAY
) -> set[int]:
    return set(named(people, known, since, TZ))


def test_only_what_was_given_with_the_name_is_read_with_it() -> None:
    facts = (fact(1), fact(2, LEADERS, by_name=False), fact(3, LEADERS), fact(4, days=100))
    people = [*PEOPLE[:2], someone(3, group_only=True), PEOPLE[3]]
    assert names(Known(facts), people) == {1}
    left = [someone(1, place=Place.LEFT), someone(1, place=Place.NOT_MY_TOPIC)]
    assert all(names(Known(facts), [one]) == set() for one in left)
    assert names(Known(facts), [someone(1, place=Place.STOPPED)]) == {1}


def test_what_is_solved_is_in_nobodys_way() -> None:
    facts = (fact(1, event=Event.SOLVED), fact(2, days=5), fact(3, days=1))
    closed = Known(facts, reply(ReplyKind.SOLVED, days=2))
    assert names(closed) == {3}
    still = Known((fact(2, days=1, event=Event.NOT_SOLVED),), reply(ReplyKind.SOLVED, days=2))
    assert names(still) == {2}
    [(_, told)] = named(PEOPLE, still, NOW - 90 * DAY, TZ).values()
    assert told.again


def test_one_answer_is_for_all_who_name_it_until_one_says_not_yet() -> None:
    facts = (fact(1, days=5), fact(2, days=1), fact(3, HARM, days=9))
    answered = Known(facts, reply(ReplyKind.ANSWER, days=3))
    found = all_in_the_way(named(PEOPLE, answered, NOW - 90 * DAY, TZ), answered, TZ)
    assert [(one.code, one.number, one.answered_on is None) for one in found] == [
        (HARM, 1, True),
        (NO_TIME, 2, False),
    ]
    again = replace(answered, facts=(*facts, fact(4, days=2, event=Event.NOT_SOLVED)))
    first, *_ = all_in_the_way(named(PEOPLE, again, NOW - 90 * DAY, TZ), again, TZ)
    assert (first.code, first.answered_on) == (NO_TIME, None)
    assert [one.person.id for one in first.people] == [2, 4, 1]  # the newest first


def test_no_more_than_three_are_named_and_three_things_told() -> None:
    codes = [code for code in Barrier if code not in SENSITIVE][:5]
    facts = [fact(n, codes[n % 5] if n > 10 else codes[0], days=n) for n in range(1, 21)]
    known = Known(facts)
    way = in_the_way(named(PEOPLE, known, NOW - 90 * DAY, TZ), known, TZ)
    assert way is not None
    assert (len(way.obstacles), way.more) == (3, 2)
    assert len(way.obstacles[0].people) == 3
    assert way.obstacles[0].number == 12
    assert in_the_way({}, Known(), TZ) is None


def test_who_may_have_named_it_are_those_whose_pick_nobody_reads() -> None:
    facts = (
        fact(1),
        fact(2, LEADERS, by_name=False),
        fact(3, NO_TIME),  # chose group figures later: owners remember
        fact(4, LEADERS, by_name=False, days=STALE.days + 1),
        fact(5, LEADERS, by_name=False, event=Event.SOLVED),
        fact(6, Barrier.RATHER_NOT_SAY, by_name=False),
    )
    people = [*PEOPLE[:2], someone(3, group_only=True), *PEOPLE[3:8], someone(9, place=Place.OFF)]
    found = hidden(people, Known(facts), {1, 2, 4, 5, 6, 7, 9}, NOW)
    assert found == {2: LEADERS, 4: None, 5: None, 6: None, 7: None}


def published(picks: Mapping[int, Barrier | None], before: Totals | None = None) -> Totals:
    return publish(2, picks, Known(totals=before), NOW)


def test_a_number_is_told_of_five_beside_five_others() -> None:
    def told(leaders: int, others: int) -> dict[Barrier, int]:
        picks = {n: LEADERS if n < leaders else None for n in range(leaders + others)}
        return {code: total.people for code, total in published(picks).told.items()}

    assert told(5, 5) == {LEADERS: 5}
    assert told(9, 5) == {LEADERS: 5}
    assert told(12, 9) == {LEADERS: 10}
    assert told(4, 20) == {}
    assert told(20, 4) == {}


def test_a_number_stays_while_fewer_than_five_changed() -> None:
    before = published({n: LEADERS if n < 5 else None for n in range(12)})
    moved = {n: LEADERS if 2 < n < 8 else None for n in range(12)}
    after = published(moved, before)
    assert (after.told, after.basis) != (before.told, before.basis)
    fewer = {n: LEADERS if n < 3 else None for n in range(12)}
    kept = published(fewer, before)
    assert (kept.told, kept.basis) == (before.told, before.basis)


PICKS = st.lists(st.sampled_from([None, LEADERS, HARM]), min_size=0, max_size=24)


@settings(max_examples=300, deadline=None)
@given(first=PICKS, second=PICKS)
@example(first=[None] * 5 + [LEADERS], second=[None] * 5 + [LEADERS] * 5)
def test_a_new_number_never_hangs_on_fewer_than_five(
    first: list[Barrier | None], second: list[Barrier | None]
) -> None:
    """Whatever a number tells, five people's picks can be put otherwise without changing it."""
    before = published(dict(enumerate(first)))
    after = published(dict(enumerate(second)), before)
    for totals, picks in ((before, first), (after, second)):
        for code, total in totals.told.items():
            if totals is after and after.told == before.told:
                continue  # kept
            number = sum(one is code for one in picks)
            assert total.people % 5 == 0
            assert total.people <= number
            assert 5 <= number <= len(picks) - 5
    if after.told.keys() != before.told.keys():
        now = {one: code for one, code in enumerate(second) if code is not None}
        people = now.keys() | before.basis.keys()  # what the last number was made of
        assert sum(now.get(one) is not before.basis.get(one) for one in people) >= 5


def test_a_number_is_gone_once_it_is_called_solved() -> None:
    told = Totals(1, {LEADERS: Total(5, NOW - 3 * DAY)})
    facts = (fact(1, LEADERS, by_name=False),)
    owed = Known(facts, {}, told)
    assert [one.at_least for one in all_in_the_way({}, owed, TZ)] == [5]
    solved = replace(owed, replies=reply(ReplyKind.SOLVED, 2, LEADERS))
    assert all_in_the_way({}, solved, TZ) == []
    answered = replace(owed, replies=reply(ReplyKind.ANSWER, 2, LEADERS))
    assert all_in_the_way({}, answered, TZ)[0].answered_on is not None
    late = replace(owed, replies=reply(ReplyKind.ANSWER, 4, LEADERS))
    assert all_in_the_way({}, late, TZ)[0].answered_on is None


def test_nobody_in_group_figures_is_ever_by_name() -> None:
    for code in Barrier:
        assert not comes_by_name(code, group_only=True, wants=True)
        plain = code not in SENSITIVE and code is not Barrier.RATHER_NOT_SAY
        assert comes_by_name(code, group_only=False) is plain
