"""One APScheduler job per stakeholder in its SQLAlchemy job store: `python -m … FILE PEOPLE`.

One in a hundred is due at once. Prints one line of JSON: what its store alone takes to find them
and to move them on, and what its scheduler makes of them with the settings it comes with.
"""

import json
import logging
import pickle
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

from apscheduler.events import EVENT_JOB_EXECUTED, EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED
from apscheduler.job import Job
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy import insert

from tests.benchmarks.due_child import peak
from tests.benchmarks.planning_child import ONE_IN

WEEK = timedelta(weeks=1)
SECONDS_TO_ADD = 3e-4
LONGEST = 60.0
"""Seconds after which the scheduler is not waited for any more."""


def ask() -> None:
    """Take as long as a call to Slack."""
    time.sleep(0.05)


def main(file: str, people: int) -> None:
    """Measure with `people` jobs in the SQLite database `file`."""
    due = people // ONE_IN
    store = SQLAlchemyJobStore(url=f"sqlite:///{file}")
    store.start(BackgroundScheduler(timezone="UTC"), "default")
    seconds = _store_alone(store, due, _fill(store, people))
    store.remove_all_jobs()
    print(json.dumps({"due": due, "store": seconds, **_scheduled(store, due, people)}))


def _fill(store: Any, people: int) -> datetime:
    """Add the jobs; return when one in a hundred is due, some seconds after the last is there."""
    at = datetime.now(UTC) + timedelta(seconds=2 + people * SECONDS_TO_ADD)
    scheduler = BackgroundScheduler(timezone="UTC")
    rows = [_row(scheduler, number, at) for number in range(people)]
    with store.engine.begin() as connection:
        connection.execute(insert(store.jobs_t), rows)
    return at


def _row(scheduler: Any, number: int, due_at: datetime) -> dict[str, Any]:
    at = due_at if number % ONE_IN == 0 else due_at + WEEK
    job = Job(
        scheduler,
        id=str(number),
        func=ask,
        trigger=IntervalTrigger(weeks=2, start_date=at, timezone="UTC"),
        args=(),
        kwargs={},
        executor="default",
        name="ask",
        misfire_grace_time=1,
        coalesce=True,
        max_instances=1,
        next_run_time=at,
    )
    state = pickle.dumps(job.__getstate__(), pickle.HIGHEST_PROTOCOL)
    return {"id": job.id, "next_run_time": at.timestamp(), "job_state": state}


def _store_alone(store: Any, due: int, at: datetime) -> float:
    """Return how long it takes to find what is due and to store when each comes next."""
    started = time.perf_counter()
    jobs = store.get_due_jobs(at)
    for job in jobs:
        job._modify(next_run_time=at + WEEK)
        store.update_job(job)
    if len(jobs) != due:
        raise RuntimeError(f"{len(jobs)} were due instead of {due}")
    return time.perf_counter() - started


def _scheduled(store: Any, due: int, people: int) -> dict[str, Any]:
    ended: Counter[int] = Counter()
    scheduler = BackgroundScheduler({"apscheduler.timezone": "UTC"}, jobstores={"default": store})
    dropped = EVENT_JOB_MISSED | EVENT_JOB_MAX_INSTANCES
    scheduler.add_listener(lambda event: ended.update([event.code]), EVENT_JOB_EXECUTED | dropped)
    at = _fill(store, people)
    scheduler.start()
    while ended.total() < due and (datetime.now(UTC) - at).total_seconds() < LONGEST:
        time.sleep(0.05)
    seconds = (datetime.now(UTC) - at).total_seconds()
    scheduler.shutdown(wait=False)
    executed = ended[EVENT_JOB_EXECUTED]
    return {
        "executed": executed,
        "dropped": ended.total() - executed,
        "seconds": seconds,
        "peak_mb": peak() / 1e6,
    }


if __name__ == "__main__":
    logging.disable()  # it warns of every job it drops
    main(sys.argv[1], int(sys.argv[2]))
