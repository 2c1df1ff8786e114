"""One door to the database: `read` and `write` run a plain function in one transaction.

A unit of work is a synchronous function that takes the transaction first. It cannot await, so
nothing can call Slack inside a transaction, and it costs one hand-over per transaction instead
of one per statement. Errors hide what a statement was given: people may have typed it.
"""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.orm import Session

from bot.errors import ConfigurationError, DatabaseUnavailable

P = ParamSpec("P")
T = TypeVar("T")

Tx = Session
"""An open transaction; services pass it on to the queries of `storage`."""

LARGEST_BATCH = 64
"""How many waiting units of work share one commit at most."""

TRIES = 3
"""How often a unit of work is run that the database gave up in favour of another one."""

LOST_TO_ANOTHER = ("40001", "40P01")
"""SQLSTATEs of a serialization failure and a deadlock: nothing happened, so run it again."""

AWAY = ("08", "53300", "57P")
"""SQLSTATEs, or how they begin, of a server that is gone, full, stopping or starting."""


@dataclass(slots=True)
class _Pending:
    work: Callable[[Tx], Any]
    done: "asyncio.Future[Any]"


class Database(ABC):
    """Runs units of work; concurrent writes share a commit (group commit)."""

    def __init__(self, lanes: int) -> None:
        self._lanes = asyncio.Semaphore(lanes)
        self._pending: list[_Pending] = []
        self._runners: set[asyncio.Task[None]] = set()

    @abstractmethod
    async def _run(self, work: Callable[[Tx], T], *, writing: bool) -> T:
        """Run `work` in a transaction of its own: commit on return, roll back on error."""

    @abstractmethod
    async def close(self) -> None:
        """Release every connection."""

    async def read(
        self, work: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `work(tx, ...)` on a consistent snapshot and return what it returns."""
        return await self._guarded(lambda tx: work(tx, *args, **kwargs), writing=False)

    async def write(
        self, work: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `work(tx, ...)` and return once its changes are durable.

        `work` may run more than once (a neighbour in the same batch failed, or a deadlock was
        broken), so it must have no effects outside the transaction.

        Raises:
            Whatever `work` raises; its changes are then rolled back, nobody else's.
            DatabaseUnavailable: if the database cannot be reached.
        """
        pending = _Pending(
            lambda tx: work(tx, *args, **kwargs), asyncio.get_running_loop().create_future()
        )
        self._pending.append(pending)
        runner = asyncio.create_task(self._drain())
        self._runners.add(runner)
        runner.add_done_callback(self._runners.discard)
        result: T = await pending.done
        return result

    async def _drain(self) -> None:
        async with self._lanes:
            batch, self._pending = self._pending[:LARGEST_BATCH], self._pending[LARGEST_BATCH:]
            batch = [pending for pending in batch if not pending.done.cancelled()]
            if batch:
                await self._commit_together(batch)

    async def _commit_together(self, batch: list[_Pending], tries: int = TRIES) -> None:
        try:
            results = await self._guarded(lambda tx: _run_all(tx, batch), writing=True)
        except BaseException as error:
            if len(batch) == 1 and tries > 1 and _state(error) in LOST_TO_ANOTHER:
                await self._commit_together(batch, tries - 1)
                return
            if len(batch) == 1 or isinstance(error, DatabaseUnavailable | asyncio.CancelledError):
                _fail(batch, error)
                return
            for pending in batch:
                await self._commit_together([pending])
            return
        for pending, result in zip(batch, results, strict=True):
            if not pending.done.done():
                pending.done.set_result(result)

    async def _guarded(self, work: Callable[[Tx], T], *, writing: bool) -> T:
        try:
            return await self._run(work, writing=writing)
        except Exception as error:
            if _is_away(error):
                raise DatabaseUnavailable(_unreachable(error)) from error
            raise


def _run_all(tx: Tx, batch: list[_Pending]) -> list[Any]:
    results = []
    for pending in batch:
        results.append(pending.work(tx))
        tx.flush()
        if tx.identity_map:  # emptying costs, and the hot paths load no objects
            tx.expunge_all()
    return results


def _fail(batch: list[_Pending], error: BaseException) -> None:
    for pending in batch:
        if not pending.done.done():
            pending.done.set_exception(error)


def _is_away(error: Exception) -> bool:
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    return isinstance(error, OSError) or _state(error).startswith(AWAY)


def _state(error: BaseException) -> str:
    """Return the SQLSTATE; the driver raises errors of its own while it connects."""
    driver = error.orig if isinstance(error, DBAPIError) else error
    return str(getattr(driver, "sqlstate", None) or "")


def _unreachable(error: Exception) -> str:
    return (
        f"The database cannot be reached ({type(error).__name__}). "
        "Check DATABASE_URL and that the server runs; `buyin doctor` tells more."
    )


class SqliteDatabase(Database):
    """The embedded default: one writer thread, a few readers, write-ahead log, full durability."""

    def __init__(self, url: URL) -> None:
        super().__init__(lanes=1)
        self.engine = create_engine(url, hide_parameters=True)
        event.listen(self.engine, "connect", _prepare_sqlite)
        event.listen(self.engine, "begin", _begin_sqlite)
        self._writing = self.engine.execution_options(writing=True)
        self._reading = self.engine.execution_options(writing=False)
        self._writer = ThreadPoolExecutor(1, "sqlite-writer")
        self._readers = ThreadPoolExecutor(2, "sqlite-reader")

    async def _run(self, work: Callable[[Tx], T], *, writing: bool) -> T:
        threads = self._writer if writing else self._readers
        engine = self._writing if writing else self._reading
        return await asyncio.get_running_loop().run_in_executor(
            threads, _in_transaction, engine, work
        )

    async def close(self) -> None:
        """Finish what is under way, then release the file."""
        await asyncio.gather(*self._runners, return_exceptions=True)
        self._writer.shutdown()
        self._readers.shutdown()
        self.engine.dispose()


class PostgresDatabase(Database):
    """PostgreSQL through asyncpg: several processes may share one database."""

    def __init__(self, url: URL, lanes: int = 4) -> None:
        super().__init__(lanes)
        self.engine: AsyncEngine = create_async_engine(url, pool_size=10, hide_parameters=True)
        event.listen(self.engine.sync_engine, "connect", _prepare_postgres)
        self._reading = self.engine.execution_options(isolation_level="REPEATABLE READ")

    async def _run(self, work: Callable[[Tx], T], *, writing: bool) -> T:
        async with (self.engine if writing else self._reading).begin() as connection:
            return await connection.run_sync(_in_session, work)

    async def close(self) -> None:
        """Finish what is under way, then close every connection."""
        await asyncio.gather(*self._runners, return_exceptions=True)
        await self.engine.dispose()


def _in_transaction(engine: Engine, work: Callable[[Tx], T]) -> T:
    with engine.begin() as connection:  # a session's own transaction would be rolled back on close
        return _in_session(connection, work)


def _in_session(connection: Connection, work: Callable[[Tx], T]) -> T:
    with Session(connection, join_transaction_mode="rollback_only", autoflush=False) as session:
        result = work(session)
        session.flush()
        return result


def _prepare_postgres(connection: Any, record: object) -> None:
    """Have statements planned as the short ones they are.

    Other processes and a compiler take longer to start than ours take to run, and reading a whole
    table in parallel looks cheap beside them where an index would do.
    """
    settings = "SET jit = off; SET max_parallel_workers_per_gather = 0"
    connection.run_async(lambda driver: driver.execute(settings))


def _prepare_sqlite(connection: Any, _: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, see _begin_sqlite
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writing = connection.get_execution_options().get("writing", True)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def database_url(url: str) -> URL:
    """Return `url` with the driver we use for it.

    Raises:
        ConfigurationError: if it names a database other than SQLite or PostgreSQL.
    """
    parsed = make_url(url)
    kind = parsed.get_backend_name()
    if kind == "sqlite":
        return parsed.set(drivername="sqlite+pysqlite")
    if kind in ("postgresql", "postgres"):
        return parsed.set(drivername="postgresql+asyncpg")
    raise ConfigurationError(
        [f"DATABASE_URL names {kind!r}; use sqlite:///file.db or postgresql://user@host/name"]
    )


def open_database(url: str) -> Database:
    """Open the database that `url` names; connects on first use, not here."""
    parsed = database_url(url)
    if parsed.get_backend_name() == "sqlite":
        return SqliteDatabase(parsed)
    return PostgresDatabase(parsed)
