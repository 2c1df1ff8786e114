"""`buyin rebuild` at full size, and what reading and keeping standings costs beside so much."""

import asyncio
import os
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil

from bot.services import initiatives, snapshots, standings
from storage.database import Database, Tx, open_database
from tests.benchmarks import years
from tests.benchmarks.postgres import Postgres
from tests.benchmarks.processes import ROOT
from tests.benchmarks.table import Line, milliseconds, show
from tests.benchmarks.world import Size

ASKED = 1000
"""How many people each initiative asks."""

EVERY = 0.05
"""Seconds between two looks at the memory."""

READS = 9


@dataclass(slots=True)
class Cost:
    """What a command took; memory is that of all its processes together."""

    seconds: float
    cpu: float
    peak: float
    said: str


async def run(server: Postgres, place: Path, *, quick: bool) -> None:
    """Measure on both databases and print the table."""
    people = 10_000 if quick else 100_000
    now = datetime.now(UTC)
    urls = {
        "SQLite": f"sqlite:///{place / 'rebuild.db'}",
        "PostgreSQL": await server.new_database("bench_rebuild"),
    }
    lines = []
    for name, url in urls.items():
        started = time.perf_counter()
        await years.prepare(url, Size(people, people // ASKED, asked=False), now)
        print(f"  {name}: filled in {time.perf_counter() - started:.0f} s", flush=True)
        before = server.processes.cpu()
        cost = await _rebuild(url)
        served = server.processes.cpu() - before
        lines += _lines(name, cost, people, served if name == "PostgreSQL" else 0.0)
        lines += await _reading(name, url, now)
    show(f"Estimates of {people:,} people from {years.FACTS} facts each", lines)


async def _rebuild(url: str) -> Cost:
    started = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "rebuild"),
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url},
        stdout=asyncio.subprocess.PIPE,
    )
    watching = asyncio.create_task(_watch(process.pid))
    said, _ = await process.communicate()
    seconds = time.perf_counter() - started
    cpu, peak = await watching
    if process.returncode:
        raise RuntimeError("rebuilding failed; see above")
    return Cost(seconds, cpu, peak, said.decode().strip())


async def _watch(pid: int) -> tuple[float, float]:
    """Return the CPU (s) and the peak memory (MB) of a process and its children until it ends."""
    root, cpu, peak = psutil.Process(pid), {pid: 0.0}, 0.0
    while True:
        memory = 0.0
        try:
            for one in [root, *root.children(recursive=True)]:
                times = one.cpu_times()
                cpu[one.pid] = times.user + times.system
                memory += one.memory_info().rss / 1e6
        except psutil.NoSuchProcess:
            pass
        peak = max(peak, memory)
        if not psutil.pid_exists(pid) or root.status() == psutil.STATUS_ZOMBIE:
            return sum(cpu.values()), peak
        await asyncio.sleep(EVERY)


def _lines(name: str, cost: Cost, people: int, served: float) -> list[Line]:
    whole = f"{people:,} people" in cost.said.replace(str(people), f"{people:,}")
    aim = 60 * people / 100_000
    server = f", the server {served:.1f} s" if served else ""
    return [
        Line(
            f"{name}: rebuild",
            f"{cost.seconds:.1f} s",
            f"< {aim:.0f} s",
            f"`buyin rebuild`, start to end; {cost.cpu:.1f} s of CPU{server}"
            + ("" if whole else f" NOT ALL: {cost.said}"),
        ),
        Line(
            f"{name}: memory",
            f"{cost.peak:.0f} MB",
            "< 1000 MB",
            "peak of all its processes together, shared pages counted twice",
        ),
    ]


async def _reading(name: str, url: str, now: datetime) -> list[Line]:
    database = open_database(url)
    reading = [await database.read(_read, now) for _ in range(READS)]
    monday = now + timedelta(days=7)
    keeping = await _portions(database, monday)
    await database.close()
    return [
        Line(
            f"{name}: standings of one initiative",
            milliseconds(sorted(reading)[READS // 2]),
            "≤ 30 ms",
            f"{ASKED:,} people; median of {READS}, slowest {milliseconds(max(reading))}; "
            "of CPU alone, without the server",
        ),
        Line(
            f"{name}: one portion of a Monday's work",
            milliseconds(sorted(keeping)[len(keeping) // 2]),
            "≤ 50 ms",
            f"median CPU of {len(keeping)} transactions; longest {milliseconds(max(keeping))}",
        ),
    ]


def _read(tx: Tx, now: datetime) -> float:
    initiative = initiatives.load(tx, 1)
    since = initiative.started_at or now
    started = time.thread_time()
    found = standings.of_initiative(tx, initiative, since, now)
    assert len(found) == ASKED
    return time.thread_time() - started


async def _portions(database: Database, monday: datetime) -> list[float]:
    """Return how long each transaction took until the first initiative was done."""
    found: list[float] = []
    for _ in range(20):
        found.append(await database.write(_portion, monday))
    return found


def _portion(tx: Tx, now: datetime) -> float:
    started = time.thread_time()
    snapshots.snapshot_due(tx, now, 500)
    return time.thread_time() - started
