"""The clock's steps, in the database."""

from datetime import datetime

import pytest

from bot import scheduler
from bot.services import cycles, digests, pacing
from storage.database import Database, Tx
from tests import world
from tests.world import MONDAY, STARTED


async def test_a_step_that_breaks_keeps_no_other_from_its_work(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    reached: list[datetime] = []

    def breaks(tx: Tx, now: datetime, limit: int) -> int:
        raise ValueError("a row that should not be")

    def works(tx: Tx, now: datetime, limit: int) -> int:
        reached.append(now)
        return 0

    monkeypatch.setattr(scheduler, "STEPS", (breaks, works))
    with pytest.raises(ExceptionGroup) as caught:
        await scheduler.tick(database, MONDAY)
    assert reached == [MONDAY]
    assert [type(error) for error in caught.value.exceptions] == [ValueError]


@pytest.mark.parametrize(("things", "dealt_with"), [(12, 12), (10**9, 5 * scheduler.MOST_BATCHES)])
async def test_a_step_that_takes_few_at_once_is_finished_within_the_tick(
    database: Database, monkeypatch: pytest.MonkeyPatch, things: int, dealt_with: int
) -> None:
    left = [things]

    def few(tx: Tx, now: datetime, limit: int) -> int:
        taken = min(left[0], 5)
        left[0] -= taken
        return taken

    monkeypatch.setattr(scheduler, "STEPS", (few,))
    report = await scheduler.tick(database, MONDAY)
    assert report.total == dealt_with


async def test_no_transaction_turns_the_rounds_of_many_initiatives(database: Database) -> None:
    for number in range(7):
        w = await database.write(world.build, asked=1, team_id=f"T{number}")
        await database.write(pacing.schedule_all, w.initiative_id, STARTED)
    assert await database.write(cycles.turn_due, MONDAY, 500) == 5
    assert await database.write(digests.decide_due, MONDAY, 500) == 5
    await scheduler.tick(database, MONDAY)
    assert await database.write(cycles.turn_due, MONDAY, 500) == 0
    assert await database.write(digests.decide_due, MONDAY, 500) == 0
