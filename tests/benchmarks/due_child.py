"""Decide about everyone who is due, in a fresh process: `python -m … DATABASE_URL MOMENT`.

Prints one line of JSON: seconds, memory and rows.
"""

import asyncio
import json
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import psutil
from sqlalchemy import func, select

from bot.services import pacing
from storage import tables
from storage.database import Database, Tx, open_database

BATCH = 500


async def main(url: str, now: datetime) -> None:
    """Measure on the prepared database at `url`."""
    database = open_database(url)
    await database.read(counted, now)  # connects
    before = psutil.Process().memory_info().rss
    started = time.perf_counter()
    cpu = time.process_time()
    decided = await _decide_all(database, now)
    result = {
        "seconds": time.perf_counter() - started,
        "cpu": time.process_time() - cpu,
        "decided": decided,
        "extra_mb": (peak() - before) / 1e6,
        "peak_mb": peak() / 1e6,
        **await database.read(counted, now),
    }
    await database.close()
    print(json.dumps(result))


async def _decide_all(database: Database, now: datetime) -> int:
    decided = 0
    while done := await database.write(pacing.plan_due, now, BATCH):
        decided += done
    return decided


def counted(tx: Tx, now: datetime) -> dict[str, int]:
    """Return how many asks were added, queued and for how many people, and who is still due."""
    outbox, place = tables.Outbox, tables.Stakeholder
    queued = select(func.count(), func.count(outbox.recipient.distinct())).where(
        outbox.kind == "ask", outbox.state == "queued"
    )
    rows, people = tx.execute(queued).one()
    asks = tx.scalars(select(func.count()).select_from(tables.Ask)).one()
    due = select(func.count()).select_from(place).where(place.next_due_at <= now)
    return {"queued": rows, "people": people, "asks": asks, "still_due": tx.scalars(due).one()}


def peak() -> float:
    """Return the most memory this process ever held, in bytes."""
    # getrusage would count the parent's memory of before exec as well
    return next(_high_water()) * 1024


def _high_water() -> Iterator[int]:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            yield int(line.split()[1])


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], datetime.fromisoformat(sys.argv[2])))
