"""Another transaction that comes between two steps of one, as with a second process."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.util import await_only

from storage.database import Database, PostgresDatabase

LOCKED_OUT = text(
    "SELECT count(*) FROM pg_stat_activity "
    "WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


class Rival:
    """Writes on its own as soon as another transaction calls a certain function.

    On SQLite there is one writer, so that the rival always comes after the other one.
    """

    def __init__(self, database: Database, work: Callable[..., Any], *args: Any) -> None:
        self._database = database
        self._work = (work, *args)
        self._loop = asyncio.get_running_loop()
        self._begun: asyncio.Future[Any] | None = None

    def before(self, monkeypatch: pytest.MonkeyPatch, owner: object, name: str) -> None:
        """Begin when `owner.name` is called for the first time, just before it runs."""
        run = getattr(owner, name)

        def run_after(*args: Any, **kwargs: Any) -> Any:
            monkeypatch.setattr(owner, name, run)
            self._begin()
            return run(*args, **kwargs)

        monkeypatch.setattr(owner, name, run_after)

    def _begin(self) -> None:
        writing = self._database.write(*self._work)
        begun = asyncio.run_coroutine_threadsafe(writing, self._loop)
        self._begun = asyncio.wrap_future(begun, loop=self._loop)
        if isinstance(self._database, PostgresDatabase):
            await_only(self._done_or_locked_out(self._database.engine))

    async def _done_or_locked_out(self, engine: AsyncEngine) -> None:
        assert self._begun is not None
        fresh = engine.execution_options(isolation_level="AUTOCOMMIT")  # one look each time
        async with fresh.connect() as watching:
            while not self._begun.done():
                if (await watching.execute(LOCKED_OUT)).scalar_one():
                    return  # it goes on after the other's end
                await asyncio.wait([self._begun], timeout=0.01)

    async def ended(self) -> Any:
        """Return what the rival's work returned, once it is done."""
        assert self._begun is not None, "nothing called the function"
        return await self._begun
