"""Standings are kept: checkpoints when rounds close, a record a week, and how initiatives stand."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest

from bot.domain.evidence import week_of
from bot.domain.records import history_of, unpack_densities
from bot.domain.snapshots import Counts, Heard, InitiativeSnapshot
from bot.domain.standings import estimate
from bot.domain.states import State, judge, tally
from bot.services import rebuilding, standings
from storage import standings as stored
from storage.database import Database, Tx
from storage.standings import Row
from tests import histories, world
from tests.lives import Life, catch_up
from tests.world import MONDAY, STARTED, World

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
