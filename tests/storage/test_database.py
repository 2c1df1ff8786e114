"""The two databases behave alike."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import DBAPIError

from bot.errors import DatabaseUnavailable
from storage.database import Database, PostgresDatabase, Tx, _prepare_sqlite, open_database
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


async def test_errors_tell_nothing_that_was_typed(database: Database) -> None:
    def ask(tx: Tx) -> None:
        tx.execute(text("SELECT :words FROM nowhere"), {"words": "typed in confidence"})

    with pytest.raises(DBAPIError) as caught:
        await database.write(ask)
    assert "typed in confidence" not in str(caught.value)


async def test_of_two_that_wait_for_one_another_both_end(postgres_url: str) -> None:
    one, two = open_database(postgres_url), open_database(postgres_url)
    await asyncio.gather(*(one.write(_add_workspace, team) for team in ("T1", "T2")))

    def rename(tx: Tx, first: str, second: str) -> None:
        for team in (first, second):
            tx.execute(update(Workspace).where(Workspace.team_id == team).values(name=first))
            tx.execute(text("SELECT pg_sleep(0.1)"))

    try:
        await asyncio.gather(one.write(rename, "T1", "T2"), two.write(rename, "T2", "T1"))
        assert await one.read(_count) == 2
    finally:
        await one.close()
        await two.close()


async def test_a_server_that_is_starting_cannot_be_reached(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def starting(*_: object, **__: object) -> None:
        raise asyncpg.CannotConnectNowError("the database system is starting up")

    monkeypatch.setattr(asyncpg, "connect", starting)
    database = open_database(postgres_url)
    try:
        with pytest.raises(DatabaseUnavailable):
            await database.read(_count)
    finally:
        await database.close()


async def test_a_read_sees_one_moment(database: Database) -> None:
    if not isinstance(database, PostgresDatabase):
        pytest.skip("SQLite knows nothing less")
    level = "SHOW transaction_isolation"
    assert await database.read(lambda tx: tx.scalar(text(level))) == "repeatable read"
    assert await database.write(lambda tx: tx.scalar(text(level))) == "read committed"


def test_what_sqlite_said_is_written_is_on_the_disk(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "test.db")) as connection:
        _prepare_sqlite(connection, None)  # as imported; for the tests it waits for no disk
        told = {
            name: connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert told == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
