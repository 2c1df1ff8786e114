"""Dry runs on what the database holds, on both databases."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from bot import dry_run
from bot.domain import planned
from bot.domain.outbox import Kind
from bot.domain.pacing_facts import Dropped, Rule
from bot.domain.planned import PersonFacts
from bot.errors import ConfigurationError, DatabaseUnavailable, Refused
from bot.services import cycles, pacing, plans
from storage import dropped, migrate, tables
from storage.database import Database, Tx, open_database
from tests import world
from tests.world import MONDAY, World


async def known_of(database: Database, who: str, now: datetime = MONDAY) -> PersonFacts:
    [known] = await database.read(plans.of_user, who, now)
    return known


async def test_a_plan_begins_with_what_the_sender_has(database: Database) -> None:
    w = await database.write(world.build)
    await database.write(pacing.schedule_all, w.initiative_id, MONDAY)
    before = planned.mine(await known_of(database, "U1"), MONDAY).silent.coming
    at = before[0].at
    await database.write(cycles.turn_due, at, 500)
    assert await database.write(pacing.plan_due, at, 500)
    assert (await known_of(database, "U1", at)).places[0].under_way == ((Kind.ASK, at),)
    after = planned.mine(await known_of(database, "U1", at), at).silent.coming
    assert (after[0].kind, after[0].at) == (Kind.ASK, at)
    until = MONDAY + timedelta(days=planned.DAYS)
    assert [(one.kind, one.at) for one in after if one.at < until] == [
        (one.kind, one.at) for one in before
    ]


async def test_what_is_concluded_about_somebody_is_in_no_plan(database: Database) -> None:
    w = await database.write(world.build)
    usual = planned.mine(await known_of(database, "U1"), MONDAY)

    def attend(tx: Tx) -> None:
        place = update(tables.Stakeholder).where(tables.Stakeholder.id == w.stakeholder_ids[0])
        tx.execute(place.values(attention_at=MONDAY))

    await database.write(attend)
    assert planned.mine(await known_of(database, "U1"), MONDAY) == usual


async def test_what_was_let_go_lately_is_told_but_for_news(database: Database) -> None:
    w = await database.write(world.build)
    of = dropped.Of(w.workspace_id, w.initiative_id, w.stakeholder_ids[0])
    lost = [(of, Dropped(kind, 1, Rule.CAP)) for kind in (Kind.GIVE, Kind.REMINDER)]
    await database.write(dropped.add, lost, MONDAY)
    for later, kinds in ((1, [Kind.REMINDER]), (29, [])):
        known = await known_of(database, "U1", MONDAY + timedelta(days=later))
        assert [one.kind for one in known.lately] == kinds


async def test_owners_get_the_people_of_what_they_lead(database: Database) -> None:
    w = await database.write(world.build)
    about, ids = await database.read(plans.led, w.leader, "shelf", MONDAY)
    assert (about.id, len(ids)) == (w.initiative_id, 6)
    assert len(await database.read(plans.of_people, ids, MONDAY)) == 6
    with pytest.raises(Refused, match="don't lead"):
        await database.read(plans.led, w.actor(0), "", MONDAY)


async def test_somebody_nobody_asks_has_an_empty_plan(database: Database) -> None:
    await database.write(world.build)
    known = await known_of(database, "UDANA")
    assert known.places == ()
    assert planned.mine(known, MONDAY).silent.coming == ()


async def test_whom_an_operator_mistypes_is_refused_plainly(database: Database) -> None:
    with pytest.raises(Refused, match="in no workspace yet"):
        await database.read(plans.of_user, "U1", MONDAY)
    await database.write(world.build)
    with pytest.raises(Refused, match="Nobody here is called UNOBODY"):
        await database.read(plans.of_user, "UNOBODY", MONDAY)


# --- the operator's command -----------------------------------------------------------------------


async def test_the_command_prints_ids_only(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/buyin.db"
    await migrate.upgrade(url)
    database = open_database(url)
    w: World = await database.write(world.build)
    await database.close()
    words = await dry_run.run(url, "U1", 30, MONDAY)
    assert "Your next 30 days, until Wed 2 April, by the clock in Europe/Berlin" in words
    assert f"initiative {w.initiative_id}: check-in" in words
    assert "clocks go forward" in words
    for name in ("Shelf labels", "Dana", "Person"):
        assert name not in words
    assert await dry_run.run(url, "U1", 30, MONDAY + timedelta(seconds=1)) == words


async def test_the_command_says_what_is_missing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/none.db"
    with pytest.raises(DatabaseUnavailable, match="There is no database"):
        await dry_run.run(url, "U1", 60, MONDAY)
    assert not (tmp_path / "none.db").exists()
    (tmp_path / "none.db").touch()
    with pytest.raises(DatabaseUnavailable, match="buyin migrate"):
        await dry_run.run(url, "U1", 60, MONDAY)
    with pytest.raises(ConfigurationError):
        await dry_run.run("mysql://here/x", "U1", 60, MONDAY)
