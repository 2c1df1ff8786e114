"""What standings cost in CPU, without a database: one person, an initiative, two years of weeks."""

import asyncio
import json
import os
import sys
from pathlib import Path

from tests.benchmarks.postgres import Postgres
from tests.benchmarks.processes import ROOT
from tests.benchmarks.table import Line, milliseconds, show

ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
"""Or idle threads would count as work."""


async def run(server: Postgres, place: Path, *, quick: bool) -> None:
    """Measure in a process of its own and print the table."""
    people = 1000 if quick else 5000
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.benchmarks.standing_child", str(people)),
        cwd=ROOT,
        env=os.environ | ONE_THREAD,
        stdout=asyncio.subprocess.PIPE,
    )
    written, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError("standing_child failed; see above")
    found: dict[str, float] = json.loads(written)
    per_thousand = found["weekly"] * 1000 / people
    how = f"104 weeks, 200 facts each; measured with {people:,} people"
    lines = [
        Line("Estimate after an answer", milliseconds(found["update"]), "< 1 ms", "one person"),
        Line("Explanation", milliseconds(found["explain"]), "< 3 ms", "150 answers, two years"),
        Line("States of 1,000 people", milliseconds(found["judge"]), "< 10 ms", "from estimates"),
        Line(
            "Estimates and states of 1,000",
            milliseconds(found["everyone"]),
            "",
            "one new check-in each",
        ),
        Line("Every week of 1,000 people", milliseconds(per_thousand), "< 300 ms", how),
    ]
    show("Standings, CPU of one core", lines)
