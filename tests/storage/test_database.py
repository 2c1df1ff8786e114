"""The two databases behave alike."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from storage.database import Database, Tx
from storage.tables import Workspace

NOW = datetime(2025, 3, 4, 9, 30, tzinfo=UTC)


def _add_workspace(tx: Tx, team: str) -> None:
    tx.add(Workspace(team_id=team, created_at=NOW))


def _count(tx: Tx) -> int:
    return tx.scalars(select(func.count()).select_from(Workspace)).one()


@pytest.mark.parametrize("team", ["T1", "T2", "T3"])
async def test_every_test_starts_with_an_empty_database(database: Database, team: str) -> None:
    assert await database.read(_count) == 0
    await database.write(_add_workspace, team)
    assert await database.read(_count) == 1


async def test_times_come_back_aware_in_utc(database: Database) -> None:
    await database.write(_add_workspace, "T1")
    created = await database.read(lambda tx: tx.scalars(select(Workspace.created_at)).one())
    assert created == NOW
    assert created.tzinfo is UTC
