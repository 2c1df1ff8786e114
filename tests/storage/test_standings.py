"""Standings: who has one, from which facts, and what is never evidence."""

from datetime import timedelta
from typing import Any

import pytest

from bot.domain.evidence import Answered, AskDelivered, AskUnanswered, StepEvent, Stepped
from bot.domain.pulses import Question
from bot.domain.states import Judged, State
from bot.services import standings
from storage import tables
from storage.database import Database, Tx
from tests import histories, world
from tests.histories import HOUR
from tests.world import MONDAY, STARTED, World

WEEK = timedelta(weeks=1)
NOW = MONDAY + 4 * WEEK
NOTHING = Judged(State.NEW, is_silent=False, worth_a_talk=False)


def judged(tx: Tx, w: World, since: Any = STARTED, now: Any = NOW) -> dict[int, Judged]:
    """Return what is concluded about everyone, by place in `World.asked`."""
    found = standings.of_initiative(tx, histories.initiative(tx, w), since, now)
    return {place: found[one] for place, one in enumerate(w.stakeholder_ids) if one in found}


def told(tx: Tx, w: World, place: int = 0, since: Any = STARTED) -> standings.Explained:
    """Return one person's standing with its reasons."""
    found = standings.of_one(tx, w.stakeholder_ids[place], since, NOW)
    assert found is not None
    return found


async def test_people_of_whom_nothing_is_known_are_new(database: Database) -> None:
    w = await database.write(world.build)
    assert await database.read(judged, w) == dict.fromkeys(range(6), NOTHING)


async def test_an_initiative_that_asks_nobody_has_no_standings(database: Database) -> None:
    w = await database.write(lambda tx: world.build(tx, asked=0))
    assert await database.read(judged, w) == {}


async def test_what_people_say_and_do_decides(database: Database) -> None:
    def work(tx: Tx) -> None:
        w = world.build(tx)
        for week in range(3):
            at = MONDAY + week * WEEK
            histories.ask(tx, w, 0, at, [5, 5, 5])
            histories.ask(tx, w, 1, at, [1, 1, 1])
            histories.silence(tx, w, 2, at)
        found = judged(tx, w)
        assert found[0] == Judged(State.SUPPORTIVE, is_silent=False, worth_a_talk=False)
        assert (found[1].state, found[1].worth_a_talk) == (State.RESISTANT, True)
        assert found[2] == Judged(State.NEW, is_silent=True, worth_a_talk=False)
        assert told(tx, w, 2).open_asks == 3

    await database.write(work)


@pytest.mark.parametrize(
    "who",
    ["place_group_only", "person_group_only", "no_estimate", "left", "not_my_topic", "unasked"],
)
async def test_who_does_not_answer_by_name_or_is_not_asked_has_none(
    database: Database, who: str
) -> None:
    def work(tx: Tx) -> None:
        w = world.build(tx)
        histories.ask(tx, w, 0, MONDAY, [1, 1, 1])
        changes: dict[str, dict[str, Any]] = {
            "place_group_only": {"group_only_at": MONDAY},
            "no_estimate": {"no_estimate_at": MONDAY},
            "left": {"status": "left"},
            "not_my_topic": {"status": "not_my_topic"},
            "unasked": {"introduced_at": None},
        }
        if who in changes:
            histories.change(tx, tables.Stakeholder, w.stakeholder_ids[0], **changes[who])
        else:
            histories.change(tx, tables.Person, w.asked[0].id, group_only_at=MONDAY)
        assert set(judged(tx, w)) == {1, 2, 3, 4, 5}
        assert standings.of_one(tx, w.stakeholder_ids[0], STARTED, NOW) is None

    await database.write(work)


async def test_nobody_has_one_where_estimates_are_off_or_answers_are_in_group_figures(
    database: Database,
) -> None:
    def work(tx: Tx) -> None:
        w = world.build(tx)
        histories.change(tx, tables.Initiative, w.initiative_id, visibility="group")
        assert judged(tx, w) == {}
        histories.change(tx, tables.Initiative, w.initiative_id, visibility="named")
        assert standings.are_on(tx, w.workspace_id)
        histories.change(tx, tables.Workspace, w.workspace_id, estimates_off_at=MONDAY)
        assert not standings.are_on(tx, w.workspace_id)
        assert judged(tx, w) == {}

    await database.write(work)


async def test_a_place_that_is_not_there_has_none(database: Database) -> None:
    assert await database.read(standings.of_one, 7, STARTED, NOW) is None


async def test_a_stop_changes_nothing(database: Database) -> None:
    def work(tx: Tx) -> None:
        w = world.build(tx)
        for week in range(2):
            histories.ask(tx, w, 0, MONDAY + week * WEEK, [2, 2, 2])
        before = told(tx, w)
        histories.change(tx, tables.Stakeholder, w.stakeholder_ids[0], status="stopped")
        histories.change(tx, tables.Person, w.asked[0].id, stopped_at=MONDAY)
        assert told(tx, w) == before

    await database.write(work)


async def test_every_fact_is_told_with_its_date(database: Database) -> None:
    def work(tx: Tx) -> None:
        w = world.build(tx)
        first = histories.ask(tx, w, 0, MONDAY, [4, None])
        second = histories.silence(tx, w, 0, MONDAY + WEEK)
        step = histories.step(tx, w, 0, MONDAY + HOUR, {MONDAY + WEEK + HOUR: "not_kept"})
        assert told(tx, w).facts == (
            AskDelivered(first, MONDAY),
            Answered(first, Question.SURE, None, MONDAY + HOUR),
            Answered(first, Question.USEFUL, 4, MONDAY + HOUR),
            Stepped(step, StepEvent.TAKEN, MONDAY + HOUR),
            AskDelivered(second, MONDAY + WEEK),
            Stepped(step, StepEvent.NOT_KEPT, MONDAY + WEEK + HOUR),
            AskUnanswered(second, MONDAY + 2 * WEEK),
        )
        moved = [one.fact for one in told(tx, w).explanation.strongest]
        assert Answered(first, Question.USEFUL, 4, MONDAY + HOUR) in moved

    await database.write(work)


@pytest.mark.parametrize(
    "values",
    [
        {"end_reason": "not_now"},
        {"end_reason": "stopped"},
        {"end_reason": "initiative_ended"},
        {"origin": "self"},
        {"delivered_at": None},
        {"delivered_at": MONDAY + 2 * WEEK},  # its message arrived after it had closed
        {"visibility": "group"},
    ],
)
async def test_what_was_not_left_open_by_name_is_no_silence(
    database: Database, values: dict[str, Any]
) -> None:
    def work(tx: Tx) -> None:
        w = world.build(tx)
        histories.silence(tx, w, 0, MONDAY, values)
        assert told(tx, w).open_asks == 0

    await database.write(work)


async def test_any_answer_ends_a_silence(database: Database) -> None:
    def work(tx: Tx) -> None:
        w = world.build(tx)
        for place in range(3):
            for week in range(3):
                histories.silence(tx, w, place, STARTED + week * WEEK)
        knows_not = histories.silence(tx, w, 1, MONDAY + 2 * WEEK)
        histories.tell(tx, w, knows_not, "know", None, MONDAY + 2 * WEEK + HOUR)
        of_their_own = {"origin": "self", "delivered_at": None}
        histories.ask(tx, w, 2, MONDAY + 2 * WEEK, [None, 3], values=of_their_own)
        found = judged(tx, w)
        assert [found[place].is_silent for place in range(3)] == [True, False, False]

    await database.write(work)


async def test_an_answer_taken_back_by_i_do_not_know_is_not_scored(database: Database) -> None:
    def work(tx: Tx) -> None:
        w = world.build(tx)
        taken_back = histories.ask(tx, w, 0, MONDAY, [5])
        histories.tell(tx, w, taken_back, "know", None, MONDAY + 2 * HOUR)
        again = histories.ask(tx, w, 0, MONDAY + WEEK)
        histories.tell(tx, w, again, "know", None, MONDAY + WEEK + HOUR)
        histories.tell(tx, w, again, "useful", 4, MONDAY + WEEK + 2 * HOUR)
        facts = told(tx, w).facts
        assert [one.value for one in facts if isinstance(one, Answered)] == [None, 4]

    await database.write(work)


async def test_an_owner_who_came_later_knows_only_what_came_later(database: Database) -> None:
    def work(tx: Tx) -> None:
        w = world.build(tx)
        for week in range(4):
            histories.ask(tx, w, 0, MONDAY + week * WEEK, [1, 1, 1] if week < 2 else [5, 5, 5])
        later = MONDAY + 3 * WEEK
        assert judged(tx, w)[0].state is not State.NEW
        assert judged(tx, w, since=later)[0] == NOTHING  # one check-in only
        facts = told(tx, w, since=later).facts
        assert len(facts) == 4
        assert all(fact.at >= later for fact in facts)

    await database.write(work)


async def test_facts_in_the_future_wait_for_their_time(database: Database) -> None:
    def work(tx: Tx) -> None:
        w = world.build(tx)
        for week in range(3):
            histories.ask(tx, w, 0, NOW + week * WEEK, [1, 1, 1])
        assert judged(tx, w)[0] == NOTHING
        assert judged(tx, w, now=NOW + 3 * WEEK)[0].state is State.RESISTANT

    await database.write(work)
