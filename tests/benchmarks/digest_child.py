"""Read one owner's digest again and again: `python -m … DATABASE_URL MOMENT TIMES`; prints JSON."""

import asyncio
import gc
import json
import sys
import time
from datetime import datetime

from bot.domain.people import Actor
from bot.services import digests
from bot.views.digests import digest_message
from storage.database import open_database
from tests.benchmarks.world import OWNER

NAMED = 6
"""At least so many made-up people are named: two groups are full, so that all of it is measured."""


async def main(url: str, now: datetime, times: int) -> None:
    """Measure the first initiative on the prepared database at `url`."""
    database = open_database(url)
    actor = Actor(1, OWNER)
    digest = await database.read(digests.status, actor, 1, now)  # connects and compiles
    assert str(digest_message(digest).blocks).count("• <@U") >= NAMED
    gc.collect()
    gc.freeze()  # as the app does once it has started
    taken, cpu = [], time.process_time()
    for _ in range(times):
        started = time.perf_counter()
        await database.read(digests.status, actor, 1, now)
        taken.append(time.perf_counter() - started)
    cpu = (time.process_time() - cpu) / times
    await database.close()
    print(json.dumps({"taken": taken, "cpu": cpu}))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], datetime.fromisoformat(sys.argv[2]), int(sys.argv[3])))
