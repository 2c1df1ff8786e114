"""Migrations make exactly the tables that the code knows, on both databases."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Integer, MetaData, inspect, select, text

from bot.errors import DatabaseUnavailable
from storage import migrate
from storage.database import Database, SqliteDatabase, Tx, open_database
from storage.migrate import Schema
from storage.tables import Base, Initiative

KINDS = ("sqlite", "postgres")


@pytest.fixture
async def empty(empty_database_url: str) -> AsyncIterator[Database]:
    """An open database without any table."""
    database = open_database(empty_database_url)
    yield database
    await database.close()


async def test_migrating_makes_what_the_code_knows(
    empty: Database, empty_database_url: str
) -> None:
    assert await empty.read(migrate.schema) is Schema.EMPTY
    await migrate.upgrade(empty_database_url)
    assert await migrate.is_current(empty)
    assert await empty.read(migrate.differences) == []


async def test_migrating_again_changes_nothing(empty: Database) -> None:
    await empty.write(migrate.upgrade_within)
    await empty.write(migrate.upgrade_within)
    assert await migrate.is_current(empty)


@pytest.mark.parametrize(
    ("empty_database_url", "database_url"), [(kind, kind) for kind in KINDS], indirect=True
)
async def test_indexes_and_keys_are_those_of_the_code(empty: Database, database: Database) -> None:
    """Two databases side by side: one migrated, one made from the code."""
    await empty.write(migrate.upgrade_within)
    migrated, made = await empty.read(_inventory), await database.read(_inventory)
    assert migrated.keys() - made.keys() == {"alembic_version"}
    assert {name: migrated[name] for name in made} == made


def _inventory(tx: Tx) -> dict[str, object]:
    inspector = inspect(tx.connection())
    return {
        table: (
            sorted(
                (str(index["name"]), tuple(index["column_names"]), index["unique"])
                for index in inspector.get_indexes(table)
            ),
            sorted(
                (str(key["name"]), tuple(key["column_names"]))
                for key in inspector.get_unique_constraints(table)
            ),
            sorted(
                (tuple(key["constrained_columns"]), key["referred_table"])
                for key in inspector.get_foreign_keys(table)
            ),
        )
        for table in inspector.get_table_names()
    }


async def test_a_changed_table_without_a_migration_is_noticed(
    empty: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await empty.write(migrate.upgrade_within)
    changed = MetaData(naming_convention=Base.metadata.naming_convention)
    for table in Base.metadata.sorted_tables:
        table.to_metadata(changed)
    changed.tables["person"].append_column(Column("shoe_size", Integer))
    monkeypatch.setattr(Base, "metadata", changed)
    assert [change[0] for change in await empty.read(migrate.differences)] == ["add_column"]


async def test_a_database_of_somebody_else_is_left_alone(empty: Database) -> None:
    await empty.write(lambda tx: tx.execute(text("CREATE TABLE cats (name TEXT)")))
    assert await empty.read(migrate.schema) is Schema.UNKNOWN
    with pytest.raises(DatabaseUnavailable, match="does not know"):
        await empty.write(migrate.upgrade_within)


async def test_a_database_of_a_later_release_is_left_alone(empty: Database) -> None:
    await empty.write(migrate.upgrade_within)
    await empty.write(lambda tx: tx.execute(text("UPDATE alembic_version SET version_num = 'x'")))
    assert await empty.read(migrate.schema) is Schema.UNKNOWN
    with pytest.raises(DatabaseUnavailable):
        await empty.write(migrate.upgrade_within)


async def test_a_failing_migration_leaves_nothing_behind(
    empty: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "migrations"
    shutil.copytree(migrate.MIGRATIONS, copy)
    newest = ScriptDirectory(str(copy)).get_current_head()
    broken = (
        f'revision = "9999"\ndown_revision = "{newest}"\n'
        "def upgrade() -> None:\n    raise OSError\n"
    )
    (copy / "versions" / "9999_broken.py").write_text(broken)
    monkeypatch.setattr(migrate, "MIGRATIONS", copy)
    with pytest.raises(DatabaseUnavailable):
        await empty.write(migrate.upgrade_within)
    assert await empty.read(migrate.schema) is Schema.EMPTY


@pytest.mark.parametrize(
    "column",
    [
        "ask.initiative_id",
        "commitment.stakeholder_id",
        "outbox.initiative_id",
        *sorted(
            f"{key.parent.table.name}.{key.parent.name}"
            for table in Base.metadata.sorted_tables
            for key in table.foreign_keys
            if key.target_fullname == "free_text.id"
        ),
    ],
)
def test_deleting_what_is_held_too_long_reads_no_whole_table(column: str) -> None:
    """Each deleted row is looked for in every column that points at it."""
    table, name = column.split(".")
    first = {next(iter(index.columns)).name for index in Base.metadata.tables[table].indexes}
    assert name in first


BEFORE_STANDINGS = """
    INSERT INTO workspace (id, enterprise_id, team_id, app_id, created_at)
        VALUES (1, '', 'T1', 'A1', '2025-02-24 09:00:00.000000');
    INSERT INTO person (id, workspace_id, slack_user_id, name, tz, is_bot, is_deleted, is_guest,
        is_stranger, seen_at) VALUES (1, 1, 'U1', 'Dana Demo', 'UTC', false, false, false, false,
        '2025-02-24 09:00:00.000000');
    INSERT INTO initiative (id, workspace_id, name, tz, visibility, status, cycle_days, picked,
        skipped, revision, created_by_id, created_at, started_at)
        VALUES {initiatives}
"""
INITIATIVES = {1: ("running", "named"), 2: ("running", "group"), 3: ("ended", "named")}


async def test_what_ran_before_there_were_estimates_gets_them(empty: Database) -> None:
    def before(tx: Tx) -> None:
        command.upgrade(migrate._config(tx), "0001")
        at = "'2025-02-24 09:00:00.000000'"
        rows = ", ".join(
            f"({one}, 1, 'Shelf labels', 'UTC', '{seen}', '{status}', 14, '{{}}', '{{}}', 1, 1, "
            f"{at}, {at})"
            for one, (status, seen) in INITIATIVES.items()
        )
        for statement in BEFORE_STANDINGS.format(initiatives=rows).split(";"):
            tx.execute(text(statement.replace("false", "0") if on_sqlite else statement))

    on_sqlite = isinstance(empty, SqliteDatabase)
    await empty.write(before)
    await empty.write(migrate.upgrade_within)
    due = select(Initiative.id).where(Initiative.next_snapshot_at == Initiative.started_at)
    assert await empty.read(lambda tx: list(tx.scalars(due))) == [1]
