"""A removed app that comes back: nobody is forgotten, and nothing is decided meanwhile."""

from datetime import timedelta

from sqlalchemy import update

from bot.domain.inputs import Outcome
from bot.domain.outbox import Decision, Kind
from bot.services import cycles, digests, inputs, outbox, pacing, workspaces
from storage import outbox as rows_out
from storage import tables
from storage.database import Database, Tx
from tests import world
from tests.world import MONDAY, World, rows

LATER = MONDAY + timedelta(hours=3)


def _states(tx: Tx) -> dict[str, str]:
    return {str(row["kind"]): str(row["state"]) for row in rows(tx, tables.Outbox)}


def _build(tx: Tx) -> World:
    """A world in which a reply and a digest wait to be sent."""
    w = world.build(tx)
    told = inputs.tell(tx, w.actor(0), w.initiative_id, "Too few labels", True, "k", MONDAY)
    inputs.reply(tx, w.leader, told.id, Outcome.NOT_USED, "No budget", "r", MONDAY)
    digest = Decision(w.workspace_id, Kind.DIGEST, 1, "UDANA", MONDAY)
    rows_out.queue(tx, [digest], MONDAY)
    return w


async def test_after_a_reinstall_everybody_is_decided_about_again(database: Database) -> None:
    w = await database.write(_build)
    await database.write(workspaces.uninstalled, w.workspace_id, MONDAY)
    assert await database.read(_states) == {"input_reply": "dropped", "digest": "dropped"}
    await database.write(workspaces.installed, w.workspace_id, "UBOT", LATER)
    assert await database.read(_states) == {"input_reply": "queued", "digest": "dropped"}
    dues = {row["next_due_at"] for row in await database.read(rows, tables.Stakeholder)}
    assert dues == {LATER}


async def test_the_reply_that_met_the_void_token_goes_out_after_all(database: Database) -> None:
    w = await database.write(_build)
    claimed = next(
        row
        for row in await database.write(outbox.claim_due, 10, LATER)
        if row.kind is Kind.INPUT_REPLY
    )
    await database.write(outbox.begin_sending, claimed, LATER)
    await database.write(outbox.failed, claimed, "invalid_auth", LATER)
    assert (await database.read(_states))["input_reply"] == "failed"
    await database.write(workspaces.installed, w.workspace_id, None, LATER)
    assert (await database.read(_states))["input_reply"] == "queued"


async def test_a_token_that_still_works_wakes_nobody(database: Database) -> None:
    w = await database.write(_build)
    await database.write(workspaces.installed, w.workspace_id, "UBOT", LATER)
    dues = {row["next_due_at"] for row in await database.read(rows, tables.Stakeholder)}
    assert dues == {None}


async def test_nothing_is_decided_while_the_app_is_removed(database: Database) -> None:
    w = await database.write(_build)
    await database.write(pacing.schedule_all, w.initiative_id, MONDAY)
    early = update(tables.Initiative).values(next_due_at=MONDAY)
    await database.write(lambda tx: tx.execute(early))
    await database.write(workspaces.uninstalled, w.workspace_id, MONDAY)
    assert await database.write(cycles.turn_due, LATER, 10) == 0
    assert await database.write(digests.decide_due, LATER, 10) == 0
    await database.write(workspaces.installed, w.workspace_id, None, LATER)
    assert await database.write(cycles.turn_due, LATER, 10) == 1
    assert await database.write(digests.decide_due, LATER, 10) == 1
