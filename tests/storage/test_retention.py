"""Thirty days after its end an initiative holds nothing about the people who were asked."""

from datetime import timedelta

from sqlalchemy import func, insert, select

from bot.domain.endings import LastWords
from bot.services import endings, inputs, retention
from storage import tables
from storage.database import Database, Tx
from tests import world
from tests.world import MONDAY

ABOUT_PEOPLE = (
    tables.Stakeholder,
    tables.StakeholderChoice,
    tables.Ask,
    tables.Answer,
    tables.Input,
    tables.InputReply,
    tables.NudgeAsk,
)
LAST = LastWords("Everything is labelled.", "You chose when to label.")


def _held(tx: Tx) -> int:
    counts = [tx.scalars(select(func.count()).select_from(table)).one() for table in ABOUT_PEOPLE]
    return sum(counts)


def _words(tx: Tx) -> list[str]:
    return list(tx.scalars(select(tables.FreeText.words)))


async def test_everything_about_people_goes_when_its_time_is_over(database: Database) -> None:
    made = await database.write(world.build)
    told = ("The batteries are dead by noon.", True, "key", MONDAY)
    await database.write(inputs.tell, made.actor(0), made.initiative_id, *told)
    await database.write(endings.end, made.leader, made.initiative_id, LAST, "end", MONDAY)

    early = MONDAY + timedelta(days=30) - timedelta(seconds=1)
    assert await database.write(retention.forget_due, early, 10) == 0
    assert await database.read(_held) > 0

    assert await database.write(retention.forget_due, MONDAY + timedelta(days=30), 10) == 1
    assert await database.read(_held) == 0
    words = await database.read(_words)
    assert "The batteries are dead by noon." not in words
    assert LAST.achieved in words


async def test_it_is_done_once(database: Database) -> None:
    made = await database.write(world.build)
    await database.write(endings.end, made.leader, made.initiative_id, LAST, "end", MONDAY)
    late = MONDAY + timedelta(days=31)
    assert await database.write(retention.forget_due, late, 10) == 1
    assert await database.write(retention.forget_due, late, 10) == 0


async def test_other_initiatives_keep_what_they_hold(database: Database) -> None:
    ended = await database.write(world.build)
    running = await database.write(lambda tx: world.build(tx, team_id="T0OTHER"))
    await database.write(endings.end, ended.leader, ended.initiative_id, LAST, "end", MONDAY)
    await database.write(retention.forget_due, MONDAY + timedelta(days=31), 10)
    left = await database.read(lambda tx: set(tx.scalars(select(tables.Stakeholder.initiative_id))))
    assert left == {running.initiative_id}


async def test_digests_forget_whom_they_were_about(database: Database) -> None:
    made = await database.write(world.build)
    digest = {
        "workspace_id": made.workspace_id,
        "initiative_id": made.initiative_id,
        "person_id": made.owner.id,
        "fingerprint": f"- topic:{made.asked[0].id}",
        "decided_at": MONDAY,
    }
    await database.write(lambda tx: tx.execute(insert(tables.Digest).values(digest)))
    await database.write(endings.end, made.leader, made.initiative_id, LAST, "end", MONDAY)
    await database.write(retention.forget_due, MONDAY + timedelta(days=31), 10)
    assert await database.read(lambda tx: list(tx.scalars(select(tables.Digest.fingerprint)))) == [
        "-"
    ]
