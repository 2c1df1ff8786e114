"""The clock and the sender without Slack: time moves from due moment to due moment."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from bot import scheduler
from bot.domain.outbox import COUNTED, Kind, Send
from bot.domain.progress import Written
from bot.services import cycles, outbox, pacing, progress
from storage.database import Database, Tx
from storage.tables import Initiative, Outbox, Stakeholder
from tests import world
from tests.world import World

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
    went = []
    while claimed := await database.write(outbox.claim_due, 100, now):
        for row in claimed:
            if not isinstance(await database.write(outbox.decide, row, now), Send):
                continue
            await database.write(outbox.begin_sending, row, now)
            await database.write(outbox.sent, row, f"D{row.recipient}", f"{row.id}.0", now)
            went.append(Went(now, row.kind, row.subject_id, row.recipient, row.initiative_id))
    return went


async def play(
    database: Database, begin: datetime, end: datetime, until: Kind | None = None
) -> list[Went]:
    """Move the clock from `begin` to `end`; return what went out and counts for a person.

    With `until` it stops once a message of that kind went out.
    """
    sent, now = list[Went](), begin
    while now < end and not any(one.kind is until for one in sent):
        await look(database, now)
        sent += [one for one in await deliver(database, now) if one.kind in COUNTED]
        due = await database.read(next_due)
        now = max(due or end, now + STEP)
    return sent


async def look(database: Database, now: datetime) -> None:
    """Do what the clock does about rounds and people, and nothing else: no digests."""
    for step in (cycles.turn_due, pacing.plan_due):
        while await database.write(step, now, scheduler.BATCH):
            pass


def next_due(tx: Tx) -> datetime | None:
    """Return when rounds, people or the outbox are due next."""
    moments = [
        tx.scalars(select(func.min(column)).where(*which)).one()
        for column, which in (
            (Initiative.next_due_at, [Initiative.status == "running"]),
            (Stakeholder.next_due_at, []),
            (Outbox.not_before, [Outbox.state == "queued"]),
        )
    ]
    return min((moment for moment in moments if moment is not None), default=None)


async def share(database: Database, w: World, initiative_id: int, now: datetime) -> None:
    """Have the owner tell the team something."""
    written = Written(changed=f"The labels are bigger since {now:%d %B}.")
    draft = await database.write(progress.preview, w.leader, initiative_id, written, now)
    await database.write(progress.post, w.leader, draft.id, now)
