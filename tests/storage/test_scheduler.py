"""The clock's steps, in the database."""

from datetime import datetime

import pytest

from bot import scheduler
from storage.database import Database, Tx
from tests.world import MONDAY


async def test_a_step_that_breaks_keeps_no_other_from_its_work(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    reached: list[datetime] = []

    def breaks(tx: Tx, now: datetime, limit: int) -> int:
        raise ValueError("a row that should not be")

    def works(tx: Tx, now: datetime, limit: int) -> int:
        reached.append(now)
        return 1

    monkeypatch.setattr(scheduler, "STEPS", (breaks, works))
    with pytest.raises(ExceptionGroup) as caught:
        await scheduler.tick(database, MONDAY)
    assert reached == [MONDAY]
    assert [type(error) for error in caught.value.exceptions] == [ValueError]
