"""A message that never arrived does not keep its person waiting until the next round."""

from datetime import UTC, datetime, timedelta

from bot import scheduler
from bot.domain.outbox import Claimed
from bot.services import outbox, pacing
from storage import tables
from storage.database import Database, Tx
from tests import world
from tests.world import STARTED, rows

WEDNESDAY = datetime(2025, 2, 26, 11, 30, tzinfo=UTC)  # 12:30 in Berlin, round 1 opened today
DAY = timedelta(days=1)


def _messages(tx: Tx) -> list[tuple[object, object]]:
    found = [(row["kind"], row["state"]) for row in rows(tx, tables.Outbox)]
    return [one for one in found if one[0] != "digest"]


async def _asked(database: Database) -> None:
    """One person is asked."""
    w = await database.write(world.build, asked=1)
    await database.write(pacing.schedule_all, w.initiative_id, STARTED)
    await scheduler.tick(database, WEDNESDAY)


async def _begin(database: Database, now: datetime) -> Claimed:
    due = await database.write(outbox.claim_due, 10, now)
    (claimed,) = [row for row in due if row.recipient == "U1"]
    await database.write(outbox.begin_sending, claimed, now)
    return claimed


async def _fail(database: Database, now: datetime) -> None:
    claimed = await _begin(database, now)
    await database.write(outbox.failed, claimed, "not_prepared_KeyError", now)


async def test_a_check_in_that_failed_is_decided_again_but_not_for_ever(
    database: Database,
) -> None:
    await _asked(database)
    for tries in range(1, 4):
        assert await database.read(_messages) == [("ask", "failed")] * (tries - 1) + [
            ("ask", "queued")
        ]
        await _fail(database, WEDNESDAY)
        await scheduler.tick(database, WEDNESDAY)
    assert await database.read(_messages) == [("ask", "failed")] * 3


async def test_a_check_in_in_doubt_counts_as_arrived_and_is_followed_by_a_reminder(
    database: Database,
) -> None:
    await _asked(database)
    await _begin(database, WEDNESDAY)
    await scheduler.tick(database, WEDNESDAY + timedelta(minutes=5))
    assert await database.read(_messages) == [("ask", "doubt")]
    await scheduler.tick(database, WEDNESDAY + 6 * DAY)
    assert await database.read(_messages) == [("ask", "doubt"), ("reminder", "queued")]


async def test_a_reminder_that_failed_is_sent_again(database: Database) -> None:
    await _asked(database)
    claimed = await _begin(database, WEDNESDAY)
    await database.write(outbox.sent, claimed, "D1", "1.1", WEDNESDAY)
    later = WEDNESDAY + 6 * DAY
    await scheduler.tick(database, later)
    await _fail(database, later)
    await scheduler.tick(database, later)
    assert await database.read(_messages) == [
        ("ask", "sent"),
        ("reminder", "failed"),
        ("reminder", "queued"),
    ]
