"""`buyin pacing`: what an operator reads and changes."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot import pace
from bot.errors import DatabaseUnavailable, Refused
from bot.services import pacing, pacing_settings
from storage import migrate, tables
from storage.database import Database, open_database
from tests import world
from tests.world import MONDAY, STARTED, rows


async def test_everybody_is_decided_about_anew_when_the_numbers_change(
    database: Database,
) -> None:
    w = await database.write(world.build, asked=2)
    await database.write(pacing.schedule_all, w.initiative_id, STARTED)
    await database.write(pacing.plan_due, STARTED, 10)
    change = (w.workspace_id, {"base_interval": "28"}, MONDAY)
    assert (await database.write(pacing_settings.change, *change)).base_interval == 28
    dues = [row["next_due_at"] for row in await database.read(rows, tables.Stakeholder)]
    assert dues == [MONDAY, MONDAY]
    whats = [row["what"] for row in await database.read(rows, tables.Audit)]
    assert whats == ["pacing.changed:base_interval"]
    await database.write(pacing_settings.change, *change)
    assert len(await database.read(rows, tables.Audit)) == 1


async def test_the_command_shows_and_changes(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/buyin.db"
    await migrate.upgrade(url)
    with pytest.raises(Refused, match="in no workspace yet"):
        await pace.run(url, [], MONDAY)
    database = open_database(url)
    await database.write(world.build)
    await database.close()
    before = await pace.run(url, [], MONDAY)
    assert " ".join(before.split()).startswith("now from to per_week 2 1 2 messages to one person")
    after = await pace.run(url, ["base_interval=21"], MONDAY + timedelta(seconds=1))
    assert "base_interval * 21 14 84 days between check-ins" in " ".join(after.split())
    assert await pace.run(url, [], MONDAY) == after
    for wrong in (["base_interval"], ["base_interval=7"], ["speed=9"]):
        with pytest.raises(Refused):
            await pace.run(url, wrong, MONDAY)


async def test_the_command_needs_a_database(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnavailable, match="no database"):
        await pace.run(f"sqlite:///{tmp_path}/none.db", [])
