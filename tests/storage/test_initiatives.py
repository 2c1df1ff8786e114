"""Who leads what, and which initiative a command is about."""

from datetime import timedelta

import pytest
from sqlalchemy import Update, insert, update

from bot.domain.initiatives import Status
from bot.errors import Refused
from bot.services import digests, initiatives
from storage import tables
from storage.database import Database, Tx
from tests import world
from tests.world import MONDAY, STARTED, World


def another(tx: Tx, w: World, name: str, status: Status = Status.RUNNING) -> int:
    """Dana leads one more."""
    initiative_id = tx.scalars(
        insert(tables.Initiative)
        .values(
            workspace_id=w.workspace_id,
            name=name,
            tz="Europe/Berlin",
            visibility="named",
            status=status.value,
            created_by_id=w.owner.id,
            created_at=STARTED,
            started_at=None if status is Status.DRAFT else STARTED,
        )
        .returning(tables.Initiative.id)
    ).one()
    tx.execute(
        insert(tables.InitiativeOwner).values(
            workspace_id=w.workspace_id,
            initiative_id=initiative_id,
            person_id=w.owner.id,
            since=STARTED,
        )
    )
    world.add_plan(tx, w.workspace_id, initiative_id, w.owner.id, 1, None)
    return initiative_id


def execute(tx: Tx, statement: Update) -> None:
    """Change rows by hand."""
    tx.execute(statement)


async def test_an_initiative_comes_with_its_newest_plan_and_present_owners(
    database: Database,
) -> None:
    w = await database.write(world.build)
    await database.write(
        world.add_plan, w.workspace_id, w.initiative_id, w.owner.id, 2, MONDAY.date()
    )
    found = await database.read(initiatives.load, w.initiative_id)
    assert (found.name, found.plan.number, found.plan.why) == (
        "Shelf labels",
        2,
        "Labels fall off.",
    )
    assert (found.plan.milestone, found.plan.milestone_on) == ("The go-live", MONDAY.date())
    assert [owner.slack_user_id for owner in found.owners] == ["UDANA"]


async def test_only_its_owners_may_act_for_it(database: Database) -> None:
    w = await database.write(world.build)
    mine = await database.read(initiatives.led, w.leader, w.initiative_id, MONDAY)
    assert mine.id == w.initiative_id
    with pytest.raises(Refused, match="Only the people who lead “Shelf labels” can do that"):
        await database.read(initiatives.led, w.actor(0), w.initiative_id, MONDAY)
    with pytest.raises(Refused, match="isn't there any more"):
        await database.read(initiatives.led, w.leader, 999, MONDAY)


async def test_another_workspace_learns_nothing(database: Database) -> None:
    w = await database.write(world.build)
    other = await database.write(world.build, team_id="T0OTHER")
    with pytest.raises(Refused) as refusal:
        await database.read(initiatives.led, other.leader, w.initiative_id, MONDAY)
    assert "Shelf" not in str(refusal.value)


async def test_an_owner_who_handed_over_leads_it_no_more(database: Database) -> None:
    w = await database.write(world.build)
    gone = update(tables.InitiativeOwner).values(until=MONDAY)
    await database.write(execute, gone)
    with pytest.raises(Refused):
        await database.read(initiatives.led, w.leader, w.initiative_id, MONDAY)


async def test_a_command_is_about_the_only_running_one(database: Database) -> None:
    w = await database.write(world.build)
    await database.write(another, w, "Not yet", Status.DRAFT)
    chosen = await database.read(initiatives.choose_led, w.leader, "", MONDAY)
    assert chosen.id == w.initiative_id


@pytest.mark.parametrize("words", ["printers", "  NEW   printers ", "new"])
async def test_a_command_names_it_by_a_part_of_the_name(database: Database, words: str) -> None:
    w = await database.write(world.build)
    printers = await database.write(another, w, "New printers")
    chosen = await database.read(initiatives.choose_led, w.leader, words, MONDAY)
    assert chosen.id == printers


async def test_a_whole_name_wins_over_a_part(database: Database) -> None:
    w = await database.write(world.build)
    await database.write(another, w, "Shelf labels, phase two")
    chosen = await database.read(initiatives.choose_led, w.leader, "shelf labels", MONDAY)
    assert chosen.id == w.initiative_id


@pytest.mark.parametrize("words", ["", "cafeteria"])
async def test_when_it_is_not_clear_which_the_names_are_listed(
    database: Database, words: str
) -> None:
    w = await database.write(world.build)
    await database.write(another, w, "<!channel> & more")
    with pytest.raises(Refused) as refusal:
        await database.read(initiatives.choose_led, w.leader, words, MONDAY)
    assert "“Shelf labels”" in str(refusal.value)
    assert "“&lt;!channel&gt; &amp; more”" in str(refusal.value)


async def test_who_leads_nothing_is_told_how_to_begin(database: Database) -> None:
    w = await database.write(world.build)
    with pytest.raises(Refused, match="/buyin new"):
        await database.read(initiatives.choose_led, w.actor(0), "", MONDAY)


async def test_the_last_numbers_of_an_ended_one_are_there_for_30_days(database: Database) -> None:
    def work(tx: Tx) -> None:
        w = world.build(tx)
        gone = update(tables.Initiative).where(tables.Initiative.id == w.initiative_id)
        tx.execute(gone.values(status="ended", ended_at=MONDAY))
        soon, late = MONDAY + timedelta(days=29), MONDAY + timedelta(days=30)
        assert digests.status_for(tx, w.leader, "", soon).initiative.id == w.initiative_id
        with pytest.raises(Refused, match="has ended"):
            initiatives.choose_led(tx, w.leader, "", soon)
        with pytest.raises(Refused, match="has ended"):
            digests.status_for(tx, w.leader, "", late)
        running = another(tx, w, "Shelf labels, phase two")
        for words, chosen in [("", running), ("shelf", running), ("shelf labels", w.initiative_id)]:
            assert digests.status_for(tx, w.leader, words, soon).initiative.id == chosen

    await database.write(work)


async def test_drafts_come_first_and_discarded_ones_not_at_all(database: Database) -> None:
    w = await database.write(world.build)
    draft = await database.write(another, w, "Draft", Status.DRAFT)
    gone = await database.write(another, w, "Gone", Status.DRAFT)
    ended = update(tables.Initiative).where(tables.Initiative.id == gone).values(status="ended")
    await database.write(execute, ended)
    mine = await database.read(initiatives.led_by, w.owner.id)
    assert [one.id for one in mine] == [draft, w.initiative_id]
