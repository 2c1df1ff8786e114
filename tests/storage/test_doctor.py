"""What the doctor finds in a database that works."""

from sqlalchemy import update

from bot import doctor
from bot.domain.outbox import Decision, Kind, State
from storage import migrate, outbox, tables
from storage.database import open_database
from tests import world
from tests.world import MONDAY


async def test_messages_in_doubt_are_told(empty_database_url: str) -> None:
    await migrate.upgrade(empty_database_url)
    assert [one.subject for one in await doctor.database(empty_database_url)] == ["database"]
    opened = open_database(empty_database_url)
    w = await opened.write(world.build)
    asked = [Decision(w.workspace_id, Kind.DIGEST, n, "UDANA", MONDAY) for n in (1, 2)]
    await opened.write(outbox.queue, asked, MONDAY)
    await opened.write(lambda tx: tx.execute(update(tables.Outbox).values(state=State.DOUBT.value)))
    await opened.close()
    found = await doctor.database(empty_database_url)
    assert "messages: 2 messages are in doubt: " in found[-1].line()
    assert not found[-1].is_broken
