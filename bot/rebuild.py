"""`buyin rebuild`: makes every standing anew from the facts, in two processes where it is worth it.

The processes read and work out, this one writes. The app may run meanwhile.
"""

import asyncio
import multiprocessing
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime

from bot.clock import SystemClock
from bot.errors import DatabaseUnavailable
from bot.services import rebuilding
from bot.services.rebuilding import Made, Portion
from storage import migrate
from storage.database import Database, open_database

PROCESSES = 2
ONE_IS_ENOUGH = 4
"""So many portions take less time than starting other processes."""

NOT_MIGRATED = "The database is not migrated: run `buyin migrate` first."


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What was made anew."""

    initiatives: int
    people: int

    def line(self) -> str:
        """Return it as one plain sentence."""
        return (
            f"Estimates made anew from the answers and steps: {self.people} people in "
            f"{self.initiatives} initiatives."
        )


async def run(url: str, now: datetime | None = None, processes: int = PROCESSES) -> Rebuilt:
    """Replace every standing and every week in the database at `url`, as of `now` (aware).

    Raises:
        DatabaseUnavailable: if it cannot be reached, or is not migrated.
    """
    database = open_database(url)
    try:
        if not await migrate.is_current(database):
            raise DatabaseUnavailable(NOT_MIGRATED)
        return await _rebuild(database, url, now or SystemClock().now(), processes)
    finally:
        await database.close()


async def _rebuild(database: Database, url: str, now: datetime, processes: int) -> Rebuilt:
    plan = await database.read(rebuilding.plan, now)
    await database.write(rebuilding.forget, plan.without)
    people = 0
    if len(plan.portions) <= ONE_IS_ENOUGH:
        for portion in plan.portions:
            made = await database.read(rebuilding.make, portion)
            people += await database.write(rebuilding.write, made, now)
    else:
        async for made in _made(url, plan.portions, processes):
            people += await database.write(rebuilding.write, made, now)
    return Rebuilt(sum(len(portion) for portion in plan.portions), people)


async def _made(url: str, portions: Sequence[Portion], processes: int) -> AsyncIterator[list[Made]]:
    """Yield what other processes made of each portion, in order; they are little ahead."""
    loop = asyncio.get_running_loop()
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, context, initializer=_open, initargs=(url,)) as pool:
        waiting: list[asyncio.Future[list[Made]]] = []
        for portion in portions:
            waiting.append(loop.run_in_executor(pool, _make, portion))
            if len(waiting) > processes:
                yield await waiting.pop(0)
        while waiting:
            yield await waiting.pop(0)


_here: "asyncio.Runner | None" = None
_database: Database | None = None


def _open(url: str) -> None:
    """Open the database in a process of its own; it stays open until the process ends."""
    global _here, _database
    _here, _database = asyncio.Runner(), open_database(url)


def _make(portion: Portion) -> list[Made]:
    assert _here is not None  # noqa: S101 - `_open` ran
    assert _database is not None  # noqa: S101
    return _here.run(_database.read(rebuilding.make, portion))
