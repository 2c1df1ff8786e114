"""`buyin rebuild`: the same whether one process does it or several, beside a running app or not."""

import pytest
from sqlalchemy import delete

from bot import rebuild
from bot.errors import DatabaseUnavailable
from bot.services import rebuilding, stakeholders
from storage import tables
from storage.database import Database, Tx
from tests.lives import Life
from tests.stamp import stamp
from tests.storage.test_snapshots import kept


@pytest.fixture
async def migrated(database: Database) -> Database:
    """A migrated database without any rows; once on SQLite, once on PostgreSQL."""
    await database.write(stamp)
    return database


def lived(tx: Tx) -> Life:
    """Live one initiative."""
    life = Life(tx, seed=7, people=8, rounds=3)
    life.live()
    return life


def lose(tx: Tx) -> None:
    """Delete everything that can be made anew."""
    for table in (tables.Standing, tables.InitiativeSnapshot):
        tx.execute(delete(table))


@pytest.mark.parametrize("few", [rebuild.FEW, 0])
async def test_one_process_and_several_make_the_same(
    migrated: Database, database_url: str, few: int
) -> None:
    life = await migrated.write(lived)
    before = await migrated.read(kept, life.world)
    await migrated.write(lose)
    done = await rebuild.run(database_url, life.now, few)
    assert done == rebuild.Rebuilt(1, len(before.people))
    before.must_equal(await migrated.read(kept, life.world))


async def test_nothing_to_rebuild(migrated: Database, database_url: str) -> None:
    done = await rebuild.run(database_url, few=0)
    assert done.line() == "Estimates made anew from answers and steps: 0 people in 0 initiatives."


async def test_a_database_that_is_not_migrated_is_refused(empty_database_url: str) -> None:
    with pytest.raises(DatabaseUnavailable, match="buyin migrate"):
        await rebuild.run(empty_database_url)


async def test_who_gives_up_their_estimate_meanwhile_gets_none(migrated: Database) -> None:
    def work(tx: Tx) -> None:
        life = lived(tx)
        (portion,) = rebuilding.plan(tx, life.now).portions
        made = rebuilding.make(tx, portion)
        one = made[0].rows[0].stakeholder_id
        place = life.world.stakeholder_ids.index(one)
        stakeholders.choose(tx, life.world.actor(place), one, "no_estimate", life.now)
        rebuilding.write(tx, made, life.now)
        found = kept(tx, life.world)
        assert one not in [row.stakeholder_id for row in found.people]
        assert sum(found.weeks[-1].counts.states.values()) == len(found.people)

    await migrated.write(work)


@pytest.mark.parametrize(
    ("done", "line"),
    [
        (rebuild.Rebuilt(1, 1), "1 person in 1 initiative."),
        (rebuild.Rebuilt(12, 312), "312 people in 12 initiatives."),
    ],
)
def test_it_says_in_one_line_what_it_did(done: rebuild.Rebuilt, line: str) -> None:
    assert done.line() == f"Estimates made anew from answers and steps: {line}"
