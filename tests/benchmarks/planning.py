"""The clock's work at full size, and beside it one APScheduler job per stakeholder."""

import asyncio
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from storage.database import open_database
from tests.benchmarks import world
from tests.benchmarks.postgres import Postgres
from tests.benchmarks.processes import ROOT
from tests.benchmarks.table import Line, milliseconds, show
from tests.benchmarks.world import Size

MOMENT = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
"""A Wednesday noon: within working hours in every zone of the made-up people."""

ONE_PERCENT = 100


async def run(server: Postgres, place: Path, *, quick: bool) -> None:
    """Measure on both databases, then the job store, and print the table."""
    size = Size(10_000 if quick else 100_000, 50 if quick else 500, asked=False)
    urls = {
        "SQLite": f"sqlite:///{place / 'planning.db'}",
        "PostgreSQL": await server.new_database("bench_planning"),
    }
    jobs = await _child("jobs_child", str(place / "jobs.db"), str(size.people))
    lines = []
    for name, url in urls.items():
        await _prepare(url, size)
        ours = await _child("planning_child", url, MOMENT.isoformat())
        lines += _ours(name, ours) + _beside(name, ours, jobs)
    lines += _jobs(jobs)
    show(f"{size.people:,} people in {size.initiatives} initiatives", lines)


async def _prepare(url: str, size: Size) -> None:
    database = open_database(url)
    await database.write(world.fill, size, MOMENT)
    await database.close()


async def _child(module: str, *arguments: str) -> dict[str, Any]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", f"tests.benchmarks.{module}", *arguments),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    written, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError(f"{module} failed; see above")
    result: dict[str, Any] = json.loads(written)
    return result


def _ours(name: str, ours: dict[str, Any]) -> list[Line]:
    due, people = ours["due"], ours["people"]
    lost = "none lost" if ours["lost"] == 0 else f"{ours['lost']:,} LOST"
    return [
        Line(
            f"{name}: nothing due",
            milliseconds(ours["idle"]),
            "< 10 ms",
            f"one wake-up of plan_due, median of {ours['looks']}",
        ),
        Line(
            f"{name}: {due:,} due",
            f"{ours['decide']:.2f} s",
            "< 2 s",
            f"decided, queued, committed; {lost}",
        ),
        Line(
            f"{name}: everybody anew",
            f"{ours['all']:.1f} s",
            "< 60 s",
            f"{people:,} decided about; peak {ours['peak_mb']:.0f} MB",
        ),
    ]


def _beside(name: str, ours: dict[str, Any], jobs: dict[str, Any]) -> list[Line]:
    store = jobs["store"] / jobs["due"]
    claim, decide = ours["claim"] / ours["due"], ours["decide"] / ours["due"]
    per = "per due stakeholder"
    return [
        Line(
            f"{name}: find and claim",
            f"{store / claim:.1f} × less",
            "≥ 20 ×",
            f"{claim * 1e6:.0f} µs against {store * 1e6:.0f} µs of the job store {per}",
        ),
        Line(
            f"{name}: the whole decision",
            f"{store / decide:.1f} × less",
            "≥ 2 ×",
            f"{decide * 1e6:.0f} µs against {store * 1e6:.0f} µs of the job store alone {per}",
        ),
    ]


def _jobs(jobs: dict[str, Any]) -> list[Line]:
    return [
        Line(
            "APScheduler: due at once",
            f"{jobs['executed']:,} ran",
            "",
            f"{jobs['dropped']:,} of {jobs['due']:,} dropped in {jobs['seconds']:.1f} s with its "
            f"default settings, jobs of 50 ms; peak {jobs['peak_mb']:.0f} MB (SQLite)",
        )
    ]
