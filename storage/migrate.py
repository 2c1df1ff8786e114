"""Migrations: bring a database to the schema of this release, and say whether it has it."""

import functools
from enum import StrEnum
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from bot.errors import DatabaseUnavailable
from storage.database import Database, Tx, open_database
from storage.tables import Base

MIGRATIONS = Path(__file__).with_name("migrations")
MIGRATION_LOCK = 0x6275_796A
"""The advisory lock that lets one process migrate at a time."""


class Schema(StrEnum):
    """Where a database stands."""

    EMPTY = "empty"  # brand-new
    CURRENT = "current"
    BEHIND = "behind"  # an earlier release made it
    UNKNOWN = "unknown"  # a later release made it, or it is not ours


async def upgrade(url: str) -> None:
    """Migrate the database at `url`; one that is up to date is left alone.

    Raises:
        DatabaseUnavailable: if it cannot be reached, or is not one we may migrate.
    """
    database = open_database(url)
    try:
        await database.write(upgrade_within)
    finally:
        await database.close()


def upgrade_within(tx: Tx) -> None:
    """Migrate inside the transaction `tx`: all of it or nothing."""
    if tx.get_bind().dialect.name == "postgresql":
        tx.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATION_LOCK})
    if schema(tx) is Schema.UNKNOWN:
        raise DatabaseUnavailable(FOREIGN)
    command.upgrade(_config(tx), "head")


def schema(tx: Tx) -> Schema:
    """Return where the database stands."""
    connection = tx.connection()
    heads = MigrationContext.configure(connection).get_current_heads()
    if heads == (_newest(),):
        return Schema.CURRENT
    if not heads:
        return Schema.UNKNOWN if inspect(connection).get_table_names() else Schema.EMPTY
    known = {script.revision for script in _scripts().walk_revisions()}
    return Schema.BEHIND if set(heads) <= known else Schema.UNKNOWN


async def is_current(database: Database) -> bool:
    """Return whether the database has the schema of this release."""
    return await database.read(schema) is Schema.CURRENT


def differences(tx: Tx) -> list[Any]:
    """Return what the tables in the code and in the database do not share."""
    context = MigrationContext.configure(tx.connection(), opts={"compare_type": True})
    found: list[Any] = compare_metadata(context, Base.metadata)
    return found


def draft(tx: Tx, message: str, revision: str) -> None:
    """Write a migration for what changed in the tables; read and mend it before it is used."""
    command.revision(_config(tx), message, autogenerate=True, rev_id=revision)


FOREIGN = (
    "The database holds tables that this release does not know. Use the release that made them, "
    "or point DATABASE_URL to another database."
)


def _config(tx: Tx) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = tx.connection()
    return config


@functools.cache
def _scripts() -> ScriptDirectory:
    return ScriptDirectory(str(MIGRATIONS))


@functools.cache
def _newest() -> str:
    newest = _scripts().get_current_head()
    assert newest is not None  # noqa: S101 - the repository holds at least one
    return newest
