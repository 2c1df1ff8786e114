"""What every test may ask for: a fresh database on SQLite and on a real PostgreSQL."""

import os
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from storage.database import Database, open_database
from storage.tables import Base
from tests import postgres, thrift
from tests.postgres import Server

WORKING_DATABASE = f"buyin_test_{os.getpid()}"


def pytest_collection_finish() -> None:
    """Called by pytest before the first test."""
    thrift.spare_garbage_collection()


@pytest.fixture(scope="session", autouse=True)
def _thrift() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        thrift.compile_statements_once(patch)
        thrift.leave_files_to_the_cache(patch)
        yield


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
    server: Server = request.getfixturevalue("postgres_server")
    name = f"{WORKING_DATABASE}_empty"
    server.execute(f"CREATE DATABASE {name}")
    yield server.named(name)
    server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def sqlite_url(tmp_path: Path, _sqlite_template: Path) -> str:
    """The address of an empty SQLite file with every table."""
    shutil.copy(_sqlite_template, tmp_path / "test.db")
    return f"sqlite:///{tmp_path / 'test.db'}"


@pytest.fixture
def postgres_url(_postgres_with_tables: Server) -> str:
    """The address of an empty PostgreSQL database with every table."""
    _postgres_with_tables.execute(postgres.emptying())
    return _postgres_with_tables.address


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    engine = create_engine(f"sqlite:///{path}")
    Base.metadata.create_all(engine)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def _postgres_with_tables(postgres_server: Server) -> Iterator[Server]:
    postgres_server.execute(f"CREATE DATABASE {WORKING_DATABASE}")
    with postgres.connected(postgres_server.named(WORKING_DATABASE)) as working:
        working.execute(*postgres.definitions())
        yield working
    postgres_server.execute(f"DROP DATABASE {WORKING_DATABASE} WITH (FORCE)")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """A PostgreSQL server: TEST_POSTGRES_URL, or one of our own."""
    given = os.environ.get("TEST_POSTGRES_URL")
    running = nullcontext(given) if given else postgres.own_server()
    with running as address, postgres.connected(address) as server:
        yield server
