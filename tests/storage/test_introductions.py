"""What an introduction says, to whom, and when it is not wanted any more."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import update

from bot.domain.initiatives import Status
from bot.domain.outbox import Claimed, Drop, Kind, Send
from bot.domain.people import Actor
from bot.errors import Refused
from bot.services import commitments, introductions, people, stakeholders
from storage import tables
from storage.database import Database
from tests import world
from tests.world import MONDAY, World, rows

NEXT = MONDAY + timedelta(days=1)


def claimed(w: World, place: int = 0) -> Claimed:
    """The row of the outbox that introduces one of those asked."""
    person = w.asked[place]
    return Claimed(
        1,
        w.workspace_id,
        Kind.INTRODUCTION,
        w.stakeholder_ids[place],
        person.slack_user_id,
        "",
        person.id,
        w.initiative_id,
        "lease",
        0,
    )


async def not_introduced(database: Database, **initiative: object) -> World:
    """A world in which nobody was introduced yet."""
    w = await database.write(world.build)
    fresh = update(tables.Stakeholder).values(introduced_at=None)
    await database.write(lambda tx: tx.execute(fresh).close())
    if initiative:
        changed = update(tables.Initiative).values(**initiative)
        await database.write(lambda tx: tx.execute(changed).close())
    return w


async def test_it_names_the_first_day_and_the_owners_step(database: Database) -> None:
    w = await not_introduced(database, first_date=date(2025, 3, 6))
    await database.write(
        commitments.promise, w.owner.id, w.initiative_id, "Free 2 people", date(2025, 3, 7), MONDAY
    )
    intro = await database.read(introductions.introduction, w.stakeholder_ids[0], MONDAY)
    assert intro.first_on == date(2025, 3, 6)
    assert (intro.step, intro.step_on) == ("Free 2 people", date(2025, 3, 7))


async def test_a_late_introduction_names_the_next_working_day(database: Database) -> None:
    w = await not_introduced(database)
    friday = MONDAY + timedelta(days=4)
    intro = await database.read(introductions.introduction, w.stakeholder_ids[0], friday)
    assert intro.first_on == date(2025, 3, 10)


async def test_a_first_day_that_is_past_is_not_named(database: Database) -> None:
    w = await database.write(world.build)
    intro = await database.read(introductions.introduction, w.stakeholder_ids[0], MONDAY)
    assert intro.first_on is None


async def test_only_its_reader_may_have_it_drawn_again(database: Database) -> None:
    w = await not_introduced(database)
    place_id = w.stakeholder_ids[0]
    own = await database.read(introductions.own, w.actor(0), place_id, MONDAY)
    assert own.stakeholder.person == w.asked[0]
    for actor in (w.actor(1), w.leader, Actor(w.workspace_id + 1, "U1")):
        with pytest.raises(Refused):
            await database.read(introductions.own, actor, place_id, MONDAY)


async def test_it_is_wanted_until_it_arrived(database: Database) -> None:
    w = await not_introduced(database)
    row = claimed(w)
    assert await database.write(introductions.still_wanted, row, MONDAY) == Send()
    await database.write(introductions.arrived, row, "D1", "1.2", MONDAY)
    assert await database.write(introductions.still_wanted, row, MONDAY) == Drop("introduced")
    (place, *others) = await database.read(rows, tables.Stakeholder)
    assert (place["introduced_at"], place["next_due_at"]) == (MONDAY, MONDAY)
    assert {other["introduced_at"] for other in others} == {None}


async def test_a_choice_takes_the_reason_away(database: Database) -> None:
    w = await not_introduced(database)
    await database.write(
        stakeholders.choose, w.actor(0), w.stakeholder_ids[0], "not_my_topic", MONDAY
    )
    await database.write(people.stop_all, w.actor(1), MONDAY)
    await database.write(
        stakeholders.choose, w.actor(2), w.stakeholder_ids[2], "snooze", MONDAY, NEXT
    )
    reasons = [
        await database.write(introductions.still_wanted, claimed(w, place), MONDAY)
        for place in range(3)
    ]
    assert reasons == [Drop("not_my_topic"), Drop("stopped"), Drop("snoozed")]
    assert await database.write(introductions.still_wanted, claimed(w, 2), NEXT) == Send()
    gone = replace(claimed(w), subject_id=999)
    assert await database.write(introductions.still_wanted, gone, MONDAY) == Drop("gone")


async def test_after_the_end_nobody_is_introduced(database: Database) -> None:
    w = await not_introduced(database, status=Status.ENDED.value)
    assert await database.write(introductions.still_wanted, claimed(w), MONDAY) == Drop("ended")
