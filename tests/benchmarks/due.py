"""Everyone due at once: how long deciding and queueing takes, and that nobody is lost."""

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
from tests.benchmarks.table import Line, show
from tests.benchmarks.world import Size

MOMENT = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
"""A Wednesday noon: within working hours in every zone of the made-up people."""


async def run(server: Postgres, place: Path, *, quick: bool) -> None:
    """Measure on both databases and print the table."""
    people = 2_000 if quick else 10_000
    urls = {
        "SQLite": f"sqlite:///{place / 'due.db'}",
        "PostgreSQL": await server.new_database("bench_due"),
    }
    lines = []
    for name, url in urls.items():
        await _prepare(url, people)
        result = await _measured(url)
        lines += _lines(name, result, people)
    show(f"{people:,} people due at once", lines)


async def _prepare(url: str, people: int) -> None:
    database = open_database(url)
    await database.write(world.fill, Size(people, asked=False), MOMENT)
    await database.close()


async def _measured(url: str) -> dict[str, Any]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.benchmarks.due_child", url, MOMENT.isoformat()),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    written, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError("deciding failed; see above")
    result: dict[str, Any] = json.loads(written)
    return result


def _lines(name: str, result: dict[str, Any], people: int) -> list[Line]:
    exact = result["queued"] == result["people"] == result["asks"] == people
    lost = "none lost" if exact and not result["still_due"] else f"NOT EXACT: {result}"
    return [
        Line(
            f"{name}: decided and queued",
            f"{result['seconds']:.2f} s",
            "≤ 10 s",
            f"plan_due in batches until none is due; {result['cpu']:.2f} s of CPU",
        ),
        Line(
            f"{name}: memory",
            f"+{result['extra_mb']:.0f} MB",
            "< 200 MB",
            f"peak of a fresh process ({result['peak_mb']:.0f} MB) less what it held before",
        ),
        Line(f"{name}: rows", f"{result['queued']:,}", f"{people:,}", f"asks queued: {lost}"),
    ]
