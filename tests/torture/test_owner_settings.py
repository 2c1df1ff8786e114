"""Many lives of initiatives whose owners and people change everything all the time."""

import pytest

from storage.database import open_database
from tests.changes import Life


@pytest.mark.timeout(300)
@pytest.mark.parametrize("seed", range(60))
async def test_nobody_is_asked_twice_or_forgotten(sqlite_url: str, seed: int) -> None:
    database = open_database(sqlite_url)
    life = Life(database, seed, weeks=10)
    await life.live()
    await database.close()
