"""The clock and the sender without Slack: time moves from due moment to due moment."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Select, func, select

from bot import scheduler
from bot.domain.outbox import COUNTED, Kind, Send
from bot.domain.progress import Written
from bot.services import cycles, outbox, pacing, progress
from storage.database import Database, Tx
from storage.tables import Initiative, Outbox, Stakeholder
from tests import world
from tests.world import World

P = ParamSpec("P")
T = TypeVar("T")

STEP = timedelta(minutes=10)
"""The clock moves on by no less."""


@dataclass(frozen=True, slots=True)
class Went:
    """A message that went out."""

    at: datetime
    kind: Kind
    subject_id: int
    recipient: str
    initiative_id: int | None


async def start(database: Database, **how: object) -> World:
    """Build the small world and have the clock take it over."""
    w = await database.write(world.build, **how)  # type: ignore[arg-type]
    await database.write(pacing.schedule_all, w.initiative_id, world.STARTED)
    return w


async def deliver(database: Database, now: datetime) -> list[Went]:
    """Send what is due as the sender would; return what went out."""
    return await database.write(_deliver, now)


def _deliver(tx: Tx, now: datetime) -> list[Went]:
    """What the sender does in a transaction each; together it costs half."""
    went = []
    while claimed := _done(tx, outbox.claim_due, 100, now):
        for row in claimed:
            if not isinstance(_done(tx, outbox.decide, row, now), Send):
                continue
            _done(tx, outbox.begin_sending, row, now)
            _done(tx, outbox.sent, row, f"D{row.recipient}", f"{row.id}.0", now)
            went.append(Went(now, row.kind, row.subject_id, row.recipient, row.initiative_id))
    return went


def _done(tx: Tx, work: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Do a unit of work inside `tx` that has nothing of the one before in memory."""
    result = work(tx, *args, **kwargs)
    tx.flush()
    tx.expunge_all()
    return result


async def play(
    database: Database, begin: datetime, end: datetime, until: Kind | None = None
) -> list[Went]:
    """Move the clock from `begin` to `end`; return what went out and counts for a person.

    With `until` it stops once a message of that kind went out.
    """
    sent, now = list[Went](), begin
    while now < end and not any(one.kind is until for one in sent):
        went, due = await database.write(moment, now)
        sent += [one for one in went if one.kind in COUNTED]
        now = max(due or end, now + STEP)
    return sent


def moment(tx: Tx, now: datetime) -> tuple[list[Went], datetime | None]:
    """Do what is due at `now` and send it; also return when something is due next."""
    _look(tx, now)
    return _deliver(tx, now), next_due(tx)


async def look(database: Database, now: datetime) -> None:
    """Do what the clock does about rounds and people, and nothing else: no digests."""
    await database.write(_look, now)


def _look(tx: Tx, now: datetime) -> None:
    for step in (cycles.turn_due, pacing.plan_due):
        while _done(tx, step, now, scheduler.BATCH):
            pass


def next_due(tx: Tx) -> datetime | None:
    """Return when rounds, people or the outbox are due next."""
    moments = tx.execute(_earliest()).one()
    return min((moment for moment in moments if moment is not None), default=None)


@functools.cache
def _earliest() -> Select[Any, Any, Any]:
    running, queued = Initiative.status == "running", Outbox.state == "queued"
    return select(
        select(func.min(Initiative.next_due_at)).where(running).scalar_subquery(),
        select(func.min(Stakeholder.next_due_at)).scalar_subquery(),
        select(func.min(Outbox.not_before)).where(queued).scalar_subquery(),
    )


async def share(database: Database, w: World, initiative_id: int, now: datetime) -> None:
    """Have the owner tell the team something."""
    written = Written(changed=f"The labels are bigger since {now:%d %B}.")
    draft = await database.write(progress.preview, w.leader, initiative_id, written, now)
    await database.write(progress.post, w.leader, draft.id, now)
