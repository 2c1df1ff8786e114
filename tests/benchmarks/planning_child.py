"""Plan on a prepared database, in a fresh process: `python -m … DATABASE_URL MOMENT`.

Prints one line of JSON: seconds, memory and counts.
"""

import asyncio
import json
import statistics
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update

from bot.services import pacing as service
from storage import pacing, tables
from storage.database import Database, Tx, open_database
from tests.benchmarks.due_child import BATCH, peak

LOOKS = 30
ONE_IN = 100
AWAY = timedelta(days=3)


async def main(url: str, now: datetime) -> None:
    """Measure on the database at `url`, in which everybody is due at `now`."""
    database = open_database(url)
    await database.write(_only_some_due, now)
    due, people = await database.read(_due, now), await database.read(_people)
    result: dict[str, Any] = {"due": due, "people": people, "looks": LOOKS}
    early = now - timedelta(days=30)
    result["idle"] = statistics.median([await _timed(_look, database, early) for _ in range(LOOKS)])
    result["claim"] = await _timed(_claim_all, database, now)
    await database.write(_only_some_due, now)
    result["decide"] = await _timed(_decide_all, database, now)
    await database.write(_all_due, now)
    result["all"] = await _timed(_decide_all, database, now)
    result |= {"lost": await database.read(_lost, now), "peak_mb": peak() / 1e6}
    await database.close()
    print(json.dumps(result))


async def _timed(
    work: Callable[[Database, datetime], Awaitable[object]], database: Database, now: datetime
) -> float:
    started = time.perf_counter()
    await work(database, now)
    return time.perf_counter() - started


async def _look(database: Database, now: datetime) -> None:
    await database.write(service.plan_due, now, BATCH)


async def _decide_all(database: Database, now: datetime) -> None:
    while await database.write(service.plan_due, now, BATCH):
        pass


async def _claim_all(database: Database, now: datetime) -> None:
    while await database.write(_claim, now):
        pass


def _claim(tx: Tx, now: datetime) -> int:
    """Find and lock a batch, and give each a later time: what a job store does, and no more."""
    found = pacing.due(tx, now, BATCH)
    pacing.set_due(tx, {place.id: pacing.Due(now + AWAY) for place in found})
    return len(found)


def _only_some_due(tx: Tx, now: datetime) -> None:
    place = tables.Stakeholder
    some = place.id % ONE_IN == 0
    tx.execute(update(place).where(~some).values(next_due_at=now + AWAY))
    tx.execute(update(place).where(some).values(next_due_at=now - timedelta(hours=1)))


def _all_due(tx: Tx, now: datetime) -> None:
    tx.execute(update(tables.Stakeholder).values(next_due_at=now - timedelta(hours=1)))


def _due(tx: Tx, now: datetime) -> int:
    place = tables.Stakeholder
    return tx.scalars(select(func.count()).where(place.next_due_at <= now)).one()


def _people(tx: Tx) -> int:
    return tx.scalars(select(func.count()).select_from(tables.Stakeholder)).one()


def _lost(tx: Tx, now: datetime) -> int:
    """Return how many neither got a check-in nor will be looked at again."""
    place, ask = tables.Stakeholder, tables.Ask
    asked = select(ask.id).where(ask.stakeholder_id == place.id).exists()
    return tx.scalars(select(func.count()).where(place.next_due_at.is_(None), ~asked)).one()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], datetime.fromisoformat(sys.argv[2])))
