"""Whatever owners and people change in whatever order; see tests/torture for many more lives."""

from storage.database import Database
from tests.changes import Life


async def test_nobody_is_asked_twice_or_forgotten(database: Database) -> None:
    life = Life(database, seed=109, weeks=8)
    await life.live()
    assert len(life.went) > 10, "too little happened to say anything"
    assert len(life.done) > 8, life.done
