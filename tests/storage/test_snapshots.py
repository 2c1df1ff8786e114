"""Standings are kept: checkpoints when rounds close, a record a week, and how initiatives stand."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest

from bot.domain.endings import LastWords
from bot.domain.evidence import week_of
from bot.domain.initiatives import Visibility
from bot.domain.people import Profile
from bot.domain.records import history_of, unpack_densities
from bot.domain.snapshots import Counts, Heard, InitiativeSnapshot
from bot.domain.standings import estimate
from bot.domain.states import State, judge, tally
from bot.services import endings, people, rebuilding, retention, stakeholders, standings
from storage import standings as stored
from storage import tables
from storage.database import Database, Tx
from storage.due import next_due
from storage.standings import Row
from tests import histories, world
from tests.lives import Life, catch_up
from tests.world import MONDAY, STARTED, World, rows

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
NEXT = datetime(2025, 3, 10, tzinfo=MONDAY.tzinfo)
"""The Monday, 00:00 UTC, after MONDAY."""

SAME = 1e-9


@dataclass(frozen=True)
class Kept:
    """All that is kept about an initiative."""

    people: list[Row]
    weeks: list[InitiativeSnapshot]

    def must_equal(self, other: "Kept") -> None:
        """Fail unless both are the same; probabilities and positions may differ in the last digits.

        Histories hold them as float32.
        """
        assert self.weeks == other.weeks
        assert [_plain(row) for row in self.people] == [_plain(row) for row in other.people]
        for mine, theirs in zip(self.people, other.people, strict=True):
            densities = unpack_densities([mine.density, theirs.density])
            assert np.abs(densities[0] - densities[1]).max() < SAME
            for name in ("not_bought_in", "position", "low", "high", "yes_saying"):
                ours, others = history_of(mine.history)[name], history_of(theirs.history)[name]
                assert np.abs(ours - others).max(initial=0) < 1e-6


def _plain(row: Row) -> tuple[Any, ...]:
    known = history_of(row.history)
    states = known["state"].tolist(), known["silent"].tolist()
    where = (row.stakeholder_id, row.round, row.until, row.first_week, row.week)
    return *where, row.facts, row.pulses, row.tail, *states


def kept(tx: Tx, w: World) -> Kept:
    """Return all that is kept about the initiative."""
    people = stored.whole(tx, w.stakeholder_ids)
    return Kept(people, standings.trend(tx, w.initiative_id))


def rebuild(tx: Tx, now: datetime) -> None:
    """Make everything anew from the facts."""
    plan = rebuilding.plan(tx, now)
    rebuilding.forget(tx, plan.without)
    for portion in plan.portions:
        rebuilding.write(tx, rebuilding.make(tx, portion), now)


def begin(tx: Tx) -> World:
    """Make the small world with standings kept from now on."""
    w = world.build(tx)
    standings.begin(tx, w.initiative_id, STARTED)
    return w


async def test_a_week_is_kept_when_it_is_over(database: Database) -> None:
    def work(tx: Tx) -> None:
        w = begin(tx)
        histories.ask(tx, w, 0, MONDAY, [5, 5, 5])
        histories.ask(tx, w, 1, MONDAY, [1, None])
        histories.ask(tx, w, 2, MONDAY)
        first = week_of(STARTED)
        assert catch_up(tx, STARTED + DAY) == 0
        catch_up(tx, MONDAY)  # of the first week, before anybody was asked
        nobody = Counts({State.NEW: 6}, 0)
        assert standings.trend(tx, w.initiative_id) == [InitiativeSnapshot(first, nobody, Heard())]
        assert catch_up(tx, NEXT - HOUR) == 0
        catch_up(tx, NEXT)
        assert standings.trend(tx, w.initiative_id)[1:] == [
            InitiativeSnapshot(first + 1, nobody, Heard(asked=3, answered=2, favourable=1))
        ]
        assert [len(history_of(row.history)) for row in kept(tx, w).people] == [2] * 6

    await database.write(work)


@pytest.mark.parametrize("seed", range(5))
async def test_a_life_week_by_week_equals_a_rebuild(database: Database, seed: int) -> None:
    def work(tx: Tx) -> None:
        life = Life(tx, seed)
        life.live()
        w, now = life.world, life.now
        before = kept(tx, w)
        assert before.people
        assert len(before.weeks) == week_of(now) - week_of(STARTED)
        rebuild(tx, now)
        before.must_equal(kept(tx, w))
        assert catch_up(tx, now) == 0

    await database.write(work)


@pytest.mark.parametrize("seed", range(40, 42))
async def test_what_is_read_on_the_way_equals_one_person_alone(
    database: Database, seed: int
) -> None:
    def work(tx: Tx) -> None:
        life = Life(tx, seed)
        life.live()
        initiative = histories.initiative(tx, life.world)
        for now in (life.now, life.now - 3 * DAY, life.now + 5 * DAY):
            found = standings.of_initiative(tx, initiative, STARTED, now)
            told = standings.explained(tx, initiative, list(found), STARTED, now)
            alone = {
                one: judge(estimate(known.facts, now), tally(known.facts, now))
                for one, known in told.items()
            }
            assert found == alone

    await database.write(work)


def told_twice(tx: Tx, w: World) -> None:
    """Have the first two answer twice, one for and one against, and close the round."""
    for week in range(2):
        histories.ask(tx, w, 0, MONDAY + week * WEEK, [5, 5, 5])
        histories.ask(tx, w, 1, MONDAY + week * WEEK, [1, 1, 1])
    histories.close_round(tx, w, 1, MONDAY + 2 * WEEK)
    standings.close_cycle(tx, w.initiative_id, MONDAY + 2 * WEEK)
    catch_up(tx, MONDAY + 2 * WEEK)


def states(tx: Tx, w: World) -> dict[State, int]:
    """Return how many stand where in the newest week."""
    return standings.trend(tx, w.initiative_id)[-1].counts.states


@pytest.mark.parametrize("kind", ["group_only", "no_estimate", "not_my_topic"])
async def test_a_choice_takes_the_estimate_away_at_once_and_out_of_the_weeks_before(
    database: Database, kind: str
) -> None:
    def work(tx: Tx) -> None:
        w = begin(tx)
        told_twice(tx, w)
        assert states(tx, w) == {State.SUPPORTIVE: 1, State.RESISTANT: 1, State.NEW: 4}
        heard = [one.heard for one in standings.trend(tx, w.initiative_id)]
        own = w.stakeholder_ids[1]
        stakeholders.choose(tx, w.actor(1), own, kind, MONDAY + 15 * DAY)
        assert own not in {row.stakeholder_id for row in kept(tx, w).people}
        assert states(tx, w) == {State.SUPPORTIVE: 1, State.NEW: 4}
        assert [one.heard for one in standings.trend(tx, w.initiative_id)] == heard  # as published
        catch_up(tx, MONDAY + 5 * WEEK)
        assert own not in {row.stakeholder_id for row in kept(tx, w).people}

    await database.write(work)


async def test_group_only_everywhere_takes_every_estimate_away_at_once(database: Database) -> None:
    def work(tx: Tx) -> None:
        w = begin(tx)
        told_twice(tx, w)
        people.go_group_only(tx, w.actor(1), MONDAY + 15 * DAY)
        assert [row.stakeholder_id for row in kept(tx, w).people] == [1, 3, 4, 5, 6]
        assert states(tx, w) == {State.SUPPORTIVE: 1, State.NEW: 4}

    await database.write(work)


async def test_who_wants_an_estimate_again_has_all_of_it_again(database: Database) -> None:
    def work(tx: Tx) -> None:
        w = begin(tx)
        told_twice(tx, w)
        before, own = kept(tx, w), w.stakeholder_ids[1]
        for kind in ("no_estimate", "estimate"):
            stakeholders.choose(tx, w.actor(1), own, kind, MONDAY + 2 * WEEK)
        found = standings.of_initiative(tx, histories.initiative(tx, w), STARTED, MONDAY + 2 * WEEK)
        assert found[own].state is State.RESISTANT
        standings.close_cycle(tx, w.initiative_id, MONDAY + 2 * WEEK)
        catch_up(tx, MONDAY + 2 * WEEK)
        before.must_equal(kept(tx, w))

    await database.write(work)


async def test_who_left_the_workspace_has_no_estimate_any_more(database: Database) -> None:
    def work(tx: Tx) -> None:
        w = begin(tx)
        told_twice(tx, w)
        gone = Profile(w.asked[1].slack_user_id, "Person 2", is_deleted=True)
        people.learn(tx, w.workspace_id, [gone], MONDAY + 15 * DAY)
        assert w.stakeholder_ids[1] not in {row.stakeholder_id for row in kept(tx, w).people}
        catch_up(tx, MONDAY + 15 * DAY)
        assert states(tx, w) == {State.SUPPORTIVE: 1, State.NEW: 4}
        catch_up(tx, MONDAY + 5 * WEEK)
        assert len(kept(tx, w).people) == 5

    await database.write(work)


async def test_switching_estimates_off_deletes_them_and_on_makes_them_again(
    database: Database,
) -> None:
    def work(tx: Tx) -> None:
        w = begin(tx)
        told_twice(tx, w)
        before, now = kept(tx, w), MONDAY + 2 * WEEK
        for on in (True, False, False):  # the second time it is off already
            standings.switch(tx, w.workspace_id, now, on=on)
        assert kept(tx, w) == Kept([], [])
        assert catch_up(tx, now + 10 * WEEK) == 0
        assert kept(tx, w) == Kept([], [])
        standings.switch(tx, w.workspace_id, now, on=True)
        catch_up(tx, now)
        before.must_equal(kept(tx, w))
        done = [row["what"] for row in rows(tx, tables.Audit)]
        assert done == ["standings.off", "standings.on"]

    await database.write(work)


async def test_the_weeks_end_with_the_initiative(database: Database) -> None:
    def work(tx: Tx) -> None:
        w = begin(tx)
        told_twice(tx, w)
        ended = MONDAY + 2 * WEEK + DAY
        endings.end(tx, w.leader, w.initiative_id, LastWords("Done.", "A lot."), "end", ended)
        catch_up(tx, ended)
        assert standings.trend(tx, w.initiative_id)[-1].week == week_of(ended) - 1
        for week in range(1, 6):
            catch_up(tx, ended + week * WEEK)
        assert standings.trend(tx, w.initiative_id)[-1].week == week_of(ended)
        assert retention.forget_due(tx, ended + timedelta(days=30), 10) == 1
        assert kept(tx, w) == Kept([], [])
        rebuild(tx, ended + timedelta(days=31))
        assert kept(tx, w) == Kept([], [])

    await database.write(work)


async def test_group_figures_only_keep_nothing(database: Database) -> None:
    def work(tx: Tx) -> None:
        w = world.build(tx, visibility=Visibility.GROUP)
        standings.begin(tx, w.initiative_id, STARTED)
        histories.ask(tx, w, 0, MONDAY, [5, 5, 5], values={"visibility": "group"})
        assert catch_up(tx, NEXT) == 1
        assert kept(tx, w) == Kept([], [])
        assert catch_up(tx, NEXT + 10 * WEEK) == 0

    await database.write(work)


@pytest.mark.parametrize("asked", [0, 1])
async def test_nobody_or_one_person_asked(database: Database, asked: int) -> None:
    def work(tx: Tx) -> None:
        w = world.build(tx, asked=asked)
        standings.begin(tx, w.initiative_id, STARTED)
        catch_up(tx, NEXT)
        weeks = standings.trend(tx, w.initiative_id)
        nobody = Counts({State.NEW: asked} if asked else {}, 0)
        assert [(one.counts, one.heard) for one in weeks] == [(nobody, Heard())] * 2

    await database.write(work)


async def test_everyone_silent_is_counted_and_nothing_concluded(database: Database) -> None:
    def work(tx: Tx) -> None:
        w = begin(tx)
        for place in range(6):
            for week in range(3):
                histories.silence(tx, w, place, STARTED + week * WEEK)
        catch_up(tx, MONDAY + 4 * WEEK)
        newest = standings.trend(tx, w.initiative_id)[-1]
        assert newest.counts == Counts({State.NEW: 6}, silent=6)
        assert (newest.heard.asked, newest.heard.answered) == (6, 0)

    await database.write(work)


async def test_after_downtime_every_week_is_there(database: Database) -> None:
    def work(tx: Tx) -> None:
        w = begin(tx)
        told_twice(tx, w)
        late = MONDAY + 30 * WEEK
        assert next_due(tx) is not None
        catch_up(tx, late)
        weeks = [one.week for one in standings.trend(tx, w.initiative_id)]
        assert weeks == list(range(week_of(STARTED), week_of(late)))
        before = kept(tx, w)
        rebuild(tx, late)
        before.must_equal(kept(tx, w))

    await database.write(work)


async def test_the_clock_is_told_when_to_look_again(database: Database) -> None:
    def work(tx: Tx) -> None:
        w = begin(tx)
        assert next_due(tx) == MONDAY.replace(hour=0)
        catch_up(tx, MONDAY)
        assert next_due(tx) == NEXT
        histories.close_round(tx, w, 1, MONDAY + DAY)
        standings.close_cycle(tx, w.initiative_id, MONDAY + DAY)
        assert next_due(tx) == MONDAY + DAY
        catch_up(tx, MONDAY + DAY)
        assert next_due(tx) == NEXT

    await database.write(work)


async def test_no_transaction_deals_with_many_people_from_nothing(database: Database) -> None:
    def work(tx: Tx) -> None:
        w = world.build(tx, asked=120)
        standings.begin(tx, w.initiative_id, STARTED)
        assert catch_up(tx, NEXT) == 4  # 50, 50, 20, and the initiative

    await database.write(work)
