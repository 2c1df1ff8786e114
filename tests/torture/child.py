"""The real app in a process of its own, on a clock that stands at a chosen moment and runs on.

    python -m tests.torture.child run SECONDS PER_SECOND AT_ONCE     the app, till killed or SIGTERM
    python -m tests.torture.child tick SECONDS PER_SECOND AT_ONCE    one tick, when told to

`SECONDS` are what its clock is ahead of the machine's (behind, if negative): so that it is a
working day, and that the two minutes' leases of a process killed before have run out.
"""

import asyncio
import json
import os
import signal
import sys
from datetime import datetime, timedelta

from bot import app, config, logs, scheduler
from bot.clock import SystemClock
from bot.delivery.sender import Sender
from storage.database import open_database


class ShiftedClock(SystemClock):
    """The machine's clock, so many seconds ahead."""

    def __init__(self, seconds: float) -> None:
        self._ahead = timedelta(seconds=seconds)

    def now(self) -> datetime:
        """Return the machine's time and then some."""
        return super().now() + self._ahead


async def run(clock: ShiftedClock, per_second: float, at_once: int) -> None:
    """Run the app as `buyin run` does; at the end print how many rows ended how."""
    application = await app.build(config.read(os.environ), clock)
    sender = Sender(
        application.database, application.gateway, clock, per_second=per_second, at_once=at_once
    )
    application.sender = sender
    application.context.wake_sender = sender.wake
    asked_to_stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, asked_to_stop.set)
    await application.start()
    await scheduler.tick(application.database, clock.now())  # the first one comes in 5 seconds
    sender.wake()
    await asked_to_stop.wait()
    await application.stop()
    print(json.dumps(sender.counts))


async def tick(clock: ShiftedClock) -> None:
    """Tick once as soon as a line comes; print how much there was to do."""
    database = open_database(os.environ["DATABASE_URL"])
    print("ready", flush=True)
    sys.stdin.readline()
    report = await scheduler.tick(database, clock.now())
    await database.close()
    print(json.dumps(report.done))


def main() -> None:
    """Do what the arguments say."""
    logs.set_up("ERROR")
    clock = ShiftedClock(float(sys.argv[2]))
    per_second, at_once = float(sys.argv[3]), int(sys.argv[4])
    asyncio.run(tick(clock) if sys.argv[1] == "tick" else run(clock, per_second, at_once))


if __name__ == "__main__":
    main()
