"""What somebody asked chooses about one initiative, and that nobody else can."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.domain.initiatives import Place, Status, Visibility
from bot.domain.outbox import Kind
from bot.domain.people import Actor
from bot.errors import Refused
from bot.services import people, stakeholders
from storage import tables
from storage.database import Database
from tests import world
from tests.storage.test_people import due, open_ask, queue, states
from tests.world import MONDAY, World, rows

LATER = MONDAY + timedelta(hours=1)
WEEK = MONDAY + timedelta(days=7)


def strangers(w: World) -> list[Actor]:
    """Everybody who may not choose for the first of those asked."""
    return [
        w.actor(1),  # another person asked
        w.leader,
        Actor(w.workspace_id, "UNOBODY"),
        Actor(w.workspace_id + 1, w.asked[0].slack_user_id),  # same id, other workspace
    ]


KINDS = ["group_only", "not_my_topic", "stop", "resume", "no_estimate", "estimate"]


@pytest.mark.parametrize("kind", KINDS)
async def test_nobody_chooses_for_somebody_else(database: Database, kind: str) -> None:
    w = await database.write(world.build)
    for actor in strangers(w):
        with pytest.raises(Refused, match="belongs to somebody else"):
            await database.write(stakeholders.choose, actor, w.stakeholder_ids[0], kind, MONDAY)
    assert await database.read(rows, tables.StakeholderChoice) == []
    assert await database.read(rows, tables.Audit) == []


async def test_a_place_that_does_not_exist_is_refused(database: Database) -> None:
    w = await database.write(world.build)
    with pytest.raises(Refused):
        await database.write(stakeholders.choose, w.actor(0), 999, "stop", MONDAY)


@pytest.mark.parametrize(
    ("kind", "place", "reason"),
    [("not_my_topic", Place.NOT_MY_TOPIC, "not_my_topic"), ("stop", Place.STOPPED, "stopped")],
)
async def test_ending_it_holds_at_once(
    database: Database, kind: str, place: Place, reason: str
) -> None:
    w = await database.write(world.build)
    await database.write(queue, w, Kind.REMINDER)
    await database.write(open_ask, w)
    own = w.stakeholder_ids[0]
    chosen = await database.write(stakeholders.choose, w.actor(0), own, kind, LATER)
    assert (chosen.changed, chosen.stakeholder.place) == (True, place)
    assert await states(database) == [
        ("reminder", "dropped", reason),
        ("ask_redraw", "queued", None),
    ]
    (ask,) = await database.read(rows, tables.Ask)
    assert (ask["closed_at"], ask["end_reason"], ask["revision"]) == (LATER, reason, 1)
    again = await database.write(stakeholders.choose, w.actor(0), own, kind, LATER)
    assert not again.changed
    assert [row["kind"] for row in await database.read(rows, tables.StakeholderChoice)] == [kind]


async def test_other_initiatives_go_on(database: Database) -> None:
    w = await database.write(world.build)
    await database.write(queue, w, Kind.REMINDER, place=1)
    await database.write(
        stakeholders.choose, w.actor(0), w.stakeholder_ids[0], "not_my_topic", LATER
    )
    assert await states(database) == [("reminder", "queued", None)]


async def test_group_only_keeps_asking_and_draws_the_check_in_anew(database: Database) -> None:
    w = await database.write(world.build)
    await database.write(queue, w, Kind.REMINDER)
    await database.write(open_ask, w)
    own = w.stakeholder_ids[0]
    chosen = await database.write(stakeholders.choose, w.actor(0), own, "group_only", LATER)
    assert chosen.stakeholder.group_only
    assert [state for _, state, _ in await states(database)] == ["queued", "queued"]
    (ask,) = await database.read(rows, tables.Ask)
    assert (ask["closed_at"], ask["revision"]) == (None, 1)
    assert not (
        await database.write(stakeholders.choose, w.actor(0), own, "group_only", LATER)
    ).changed


async def test_where_everybody_is_group_only_there_is_nothing_to_choose(
    database: Database,
) -> None:
    w = await database.write(world.build, visibility=Visibility.GROUP)
    own = w.stakeholder_ids[0]
    chosen = await database.write(stakeholders.choose, w.actor(0), own, "group_only", LATER)
    assert (chosen.changed, chosen.stakeholder.group_only) == (False, True)


async def test_not_now_waits_until_its_date(database: Database) -> None:
    w = await database.write(world.build, asked=1)
    await database.write(open_ask, w)
    own = w.stakeholder_ids[0]
    chosen = await database.write(stakeholders.choose, w.actor(0), own, "snooze", LATER, WEEK)
    assert chosen.stakeholder.snoozed_until == WEEK
    assert await due(database) == [LATER]
    (ask,) = await database.read(rows, tables.Ask)
    assert ask["end_reason"] == "not_now"
    with pytest.raises(ValueError, match="snooze"):
        await database.write(stakeholders.choose, w.actor(0), own, "snooze", LATER)


async def test_asking_after_all_brings_it_back(database: Database) -> None:
    w = await database.write(world.build, asked=1)
    own = w.stakeholder_ids[0]
    await database.write(stakeholders.choose, w.actor(0), own, "not_my_topic", MONDAY)
    chosen = await database.write(stakeholders.choose, w.actor(0), own, "resume", LATER)
    assert chosen.stakeholder.place is Place.ACTIVE
    assert await due(database) == [LATER]


async def test_after_the_end_only_group_only_still_holds(database: Database) -> None:
    w = await database.write(world.build)
    ended = update(tables.Initiative).values(status=Status.ENDED.value)
    await database.write(lambda tx: tx.execute(ended).close())
    own = w.stakeholder_ids[0]
    for kind in ("not_my_topic", "stop", "resume"):
        with pytest.raises(Refused, match="has ended"):
            await database.write(stakeholders.choose, w.actor(0), own, kind, LATER)
    assert (await database.write(stakeholders.choose, w.actor(0), own, "group_only", LATER)).changed


async def test_places_are_found(database: Database) -> None:
    w = await database.write(world.build, asked=3)
    everyone = await database.read(stakeholders.of_initiative, w.initiative_id)
    assert [one.person.name for one in everyone] == ["Person 1", "Person 2", "Person 3"]
    found = await database.read(stakeholders.find, w.initiative_id, w.asked[1].id)
    assert found == everyone[1]
    assert await database.read(stakeholders.find, w.initiative_id, w.owner.id) is None
    assert (await database.write(people.person, w.actor(0), MONDAY)).id == everyone[0].person.id


async def test_who_wants_no_estimate_has_none_until_they_want_one_again(
    database: Database,
) -> None:
    w = await database.write(world.build)
    own = w.stakeholder_ids[0]
    for kind, off in (("no_estimate", True), ("estimate", False)):
        chosen = await database.write(stakeholders.choose, w.actor(0), own, kind, LATER)
        assert (chosen.changed, chosen.stakeholder.no_estimate) == (True, off)
        again = await database.write(stakeholders.choose, w.actor(0), own, kind, LATER)
        assert not again.changed
    made = [row["kind"] for row in await database.read(rows, tables.StakeholderChoice)]
    assert made == ["no_estimate", "estimate"]
    done = [row["what"] for row in await database.read(rows, tables.Audit)]
    assert done == ["stakeholders.no_estimate", "stakeholders.estimate"]
