"""`buyin rebuild`: makes every standing anew from the facts, in more processes where there is much.

Much is read fastest in the order in which it was written, and that is not by people. So first two
processes read through everything, and this one sorts it into portions of people, in files without a
name; then they work out portion after portion, and this one writes. The app may run meanwhile.
"""

import asyncio
import multiprocessing
import tempfile
from collections.abc import AsyncIterator, Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Concatenate, ParamSpec, TypeVar

import numpy as np
from numpy.typing import NDArray

from bot.clock import SystemClock
from bot.errors import DatabaseUnavailable
from bot.services import rebuilding
from bot.services.rebuilding import Plan
from storage import bulk, migrate
from storage.database import Database, Tx, open_database
from storage.evidence import FLAGS, WHATS

P = ParamSpec("P")
T = TypeVar("T")
Ints = NDArray[np.int64]

PROCESSES = 2
FEW = 4
"""So many portions take less time than starting other processes."""

AT_ONCE = 100_000
"""How many check-ins, or answers, are read at a time."""

NOT_MIGRATED = "The database is not migrated: run `buyin migrate` first."


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What was made anew."""

    initiatives: int
    people: int

    def line(self) -> str:
        """Return it as one plain sentence."""
        people = "1 person" if self.people == 1 else f"{self.people} people"
        where = "1 initiative" if self.initiatives == 1 else f"{self.initiatives} initiatives"
        return f"Estimates made anew from answers and steps: {people} in {where}."


async def run(url: str, now: datetime | None = None, few: int = FEW) -> Rebuilt:
    """Replace every standing and every week in the database at `url`, as of `now` (aware).

    More than `few` portions are worked on in other processes.

    Raises:
        DatabaseUnavailable: if it cannot be reached, or is not migrated.
    """
    database = open_database(url)
    now = now or SystemClock().now()
    try:
        if not await migrate.is_current(database):
            raise DatabaseUnavailable(NOT_MIGRATED)
        plan = await database.read(rebuilding.plan, now)
        await database.write(rebuilding.forget, plan.without)
        work = _one_by_one if len(plan.portions) <= few else _in_parallel
        people = 0
        async for made in work(database, url, plan):
            people += await database.write(rebuilding.write, made, now)
        return Rebuilt(sum(len(portion) for portion in plan.portions), people)
    finally:
        await database.close()


Portions = AsyncIterator[list[rebuilding.Made]]


async def _one_by_one(database: Database, _: str, plan: Plan) -> Portions:
    for portion in plan.portions:
        yield await database.read(rebuilding.make, portion)


async def _in_parallel(database: Database, url: str, plan: Plan) -> Portions:
    whose = await database.read(rebuilding.whose, plan.portions)
    last_ask, last_answer = await database.read(bulk.last_ids)
    context = multiprocessing.get_context("spawn")
    with (
        ProcessPoolExecutor(PROCESSES, context, initializer=_open, initargs=(url,)) as pool,
        _Sorted(len(plan.portions), bulk.ASK) as asks,
        _Sorted(len(plan.portions), bulk.ANSWER) as told,
    ):
        portion_of = _Numbers(whose)
        of_asks = np.full(last_ask + 1, -1, dtype=np.int32)
        async for records in _ahead(pool, bulk.asks, _ranges(last_ask)):
            portion = portion_of(records[:, 1] // FLAGS)
            of_asks[records[:, 0]] = portion
            asks.add(portion, records)
        async for records in _ahead(pool, bulk.answers, _ranges(last_answer)):
            ask = records[:, 0] // WHATS
            told.add(np.where(ask <= last_ask, of_asks[np.minimum(ask, last_ask)], -1), records)
        jobs = ((one, asks.take(n), told.take(n)) for n, one in enumerate(plan.portions))
        async for made in _ahead(pool, rebuilding.make_of, jobs):
            yield made


def _ranges(last: int) -> Iterable[tuple[int, int]]:
    return ((start, min(start + AT_ONCE, last)) for start in range(0, last, AT_ONCE))


class _Numbers:
    """Finds the portion of a stakeholder; -1 for somebody in none."""

    def __init__(self, portions: dict[int, int]) -> None:
        self._ids = np.array(sorted(portions), dtype=np.int64)
        self._portions = np.array([portions[one] for one in self._ids.tolist()], dtype=np.int32)

    def __call__(self, ids: Ints) -> NDArray[np.int32]:
        place = np.minimum(np.searchsorted(self._ids, ids), len(self._ids) - 1)
        return np.where(self._ids[place] == ids, self._portions[place], np.int32(-1))


class _Sorted:
    """Records by portion, in a file without a name: it is gone with the process."""

    def __init__(self, portions: int, width: int) -> None:
        self._portions = np.arange(portions + 1)
        self._width = width
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed on leaving
        self._ends: list[NDArray[np.int64]] = []

    def __enter__(self) -> "_Sorted":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, portion: NDArray[np.int32], records: Ints) -> None:
        """Keep records, each of its portion; those of none (-1) are left out."""
        order = np.argsort(portion, kind="stable")
        starts = self._file.tell() // (8 * self._width)
        ends = np.searchsorted(portion[order], self._portions)
        self._ends.append(starts + ends - ends[0])
        self._file.write(records[order[ends[0] :]].tobytes())

    def take(self, portion: int) -> Ints:
        """Return the records of one portion."""
        found = [np.zeros((0, self._width), dtype=np.int64)]
        for ends in self._ends:
            self._file.seek(int(ends[portion]) * 8 * self._width)
            raw = self._file.read(int(ends[portion + 1] - ends[portion]) * 8 * self._width)
            found.append(np.frombuffer(raw, dtype=np.int64).reshape(-1, self._width))
        return np.concatenate(found)


# --- the other processes ---------------------------------------------------------------------


async def _ahead(
    pool: ProcessPoolExecutor,
    work: Callable[Concatenate[Tx, P], T],
    jobs: Iterable[tuple[object, ...]],
) -> AsyncIterator[T]:
    """Yield what `work(tx, *job)` returns of each job, in order; few are worked on ahead."""
    loop = asyncio.get_running_loop()
    waiting: list[asyncio.Future[T]] = []
    for job in jobs:
        waiting.append(loop.run_in_executor(pool, _do, work, job))
        if len(waiting) > PROCESSES:
            yield await waiting.pop(0)
    while waiting:
        yield await waiting.pop(0)


class _Here:
    """What a process of its own keeps open until it ends."""

    runner: asyncio.Runner
    database: Database


def _open(url: str) -> None:
    _Here.runner, _Here.database = asyncio.Runner(), open_database(url)


def _do(work: Callable[..., T], job: tuple[object, ...]) -> T:
    return _Here.runner.run(_Here.database.read(work, *job))
