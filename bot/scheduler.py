"""The clock: a handful of static jobs that call `tick`, never one per person."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.clock import Clock
from bot.errors import DatabaseUnavailable
from bot.services import (
    commitments,
    conversations,
    cycles,
    digests,
    outbox,
    pacing,
    received,
    retention,
    snapshots,
)
from storage import due
from storage.database import Database, Tx

log = structlog.get_logger()

Step = Callable[[Tx, datetime, int], int]

STEPS: tuple[Step, ...] = (
    outbox.settle_expired,
    cycles.turn_due,
    pacing.plan_due,
    commitments.due_step,
    conversations.lapse_due,
    commitments.silent_due,
    digests.decide_due,
    snapshots.snapshot_due,
    received.forget_old,
    retention.forget_due,
)
"""What is done at every tick, in this order: rounds turn before anybody is asked for them."""

BATCH = 500
"""How many of a kind one transaction deals with at most, so that answers get in between; a step
whose things take longer deals with fewer."""

MOST_BATCHES = 1000
"""How many transactions a step gets in one tick; what is left then waits for the next tick."""

EVERY = 5.0
"""Seconds between two ticks."""

next_due = due.next_due


@dataclass(frozen=True, slots=True)
class TickReport:
    """How many things each step dealt with, by the step's name; steps without work are left out."""

    done: dict[str, int]

    @property
    def total(self) -> int:
        """How many things were dealt with in all."""
        return sum(self.done.values())


@dataclass(frozen=True, slots=True)
class Job:
    """Work that is done again and again: every `seconds`, for the first time after `seconds`."""

    name: str
    seconds: float
    work: Callable[[], Awaitable[None]]


async def tick(database: Database, now: datetime) -> TickReport:
    """Do all that is due at `now`; calling it again for the same moment changes nothing.

    Raises:
        DatabaseUnavailable: at once.
        ExceptionGroup: of what broke in single steps, after all the others were done.
    """
    done: dict[str, int] = {}
    broken: list[Exception] = []
    for step in STEPS:
        name = f"{step.__module__.rpartition('.')[2]}.{step.__name__}"
        try:
            if count := await _all_due(database, step, now):
                done[name] = count
        except DatabaseUnavailable:
            raise
        except Exception as error:  # what one row breaks must not keep everybody else waiting
            error.add_note(f"in the step {name}")
            broken.append(error)
    if broken:
        raise ExceptionGroup("steps of the clock broke", broken)
    return TickReport(done)


async def _all_due(database: Database, step: Step, now: datetime) -> int:
    count = 0
    for _ in range(MOST_BATCHES):
        found = await database.write(step, now, BATCH)
        count += found
        if not found:
            break
    return count


class Scheduler:
    """Calls `tick` every few seconds and `after_tick` when it did something."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        after_tick: Callable[[], None],
        jobs: tuple[Job, ...] = (),
    ) -> None:
        self._database = database
        self._clock = clock
        self._after_tick = after_tick
        self._scheduler = AsyncIOScheduler(
            timezone="UTC",
            job_defaults={"max_instances": 1, "coalesce": True, "misfire_grace_time": None},
        )
        for job in (Job("tick", EVERY, self._tick), *jobs):
            self._scheduler.add_job(job.work, "interval", seconds=job.seconds, id=job.name)

    def start(self) -> None:
        """Start ticking; what was due while we were down is due at the first tick."""
        self._scheduler.start()

    def stop(self) -> None:
        """Tick no more."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    async def _tick(self) -> None:
        try:
            report = await tick(self._database, self._clock.now())
        except DatabaseUnavailable as error:
            log.error("tick_failed", error=str(error))
            return
        if report.total:
            log.info("tick", **report.done)
            self._after_tick()
