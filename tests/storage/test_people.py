"""The directory, and what people choose over all initiatives at once."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update

from bot.domain.initiatives import Place
from bot.domain.outbox import Decision, Kind, State
from bot.domain.people import Actor, Profile
from bot.errors import Refused
from bot.services import people, stakeholders
from storage import outbox, tables
from storage.database import Database, Tx
from tests import world
from tests.world import MONDAY, World, rows

LATER = MONDAY + timedelta(hours=1)


def queue(tx: Tx, w: World, kind: Kind, place: int = 0, slot: str = "") -> None:
    """Have a message wait for one of those asked."""
    person = w.asked[place]
    decision = Decision(
        w.workspace_id,
        kind,
        w.stakeholder_ids[place],
        person.slack_user_id,
        LATER,
        slot,
        person.id,
        w.initiative_id,
    )
    outbox.queue(tx, [decision], MONDAY)


def open_ask(tx: Tx, w: World, place: int = 0) -> int:
    """Open a check-in for one of those asked; return its id."""
    cycle_id = tx.scalars(select(tables.Cycle.id)).first()
    if cycle_id is None:
        cycle_id = tx.scalars(
            insert(tables.Cycle)
            .values(
                workspace_id=w.workspace_id,
                initiative_id=w.initiative_id,
                number=1,
                opens_at=MONDAY,
                closes_at=MONDAY + timedelta(days=14),
            )
            .returning(tables.Cycle.id)
        ).one()
    return tx.scalars(
        insert(tables.Ask)
        .values(
            workspace_id=w.workspace_id,
            initiative_id=w.initiative_id,
            stakeholder_id=w.stakeholder_ids[place],
            person_id=w.asked[place].id,
            cycle_id=cycle_id,
            plan_version_id=w.plan_version_id,
            origin="app",
            visibility="named",
            opened_at=MONDAY,
        )
        .returning(tables.Ask.id)
    ).one()


async def states(database: Database) -> list[tuple[str, str, str | None]]:
    """Return kind, state and reason of every row in the outbox."""
    found = await database.read(rows, tables.Outbox)
    return [(str(row["kind"]), str(row["state"]), row["reason"]) for row in found]  # type: ignore[misc]


async def due(database: Database) -> list[object]:
    """Return when the clock looks at each place again."""
    return [row["next_due_at"] for row in await database.read(rows, tables.Stakeholder)]


async def test_somebody_unknown_is_added_once(database: Database) -> None:
    w = await database.write(world.build)
    actor = Actor(w.workspace_id, "UNEW")
    first = await database.write(people.person, actor, MONDAY)
    again = await database.write(people.person, actor, LATER)
    assert first == again
    assert (first.name, first.tz) == ("", "UTC")
    assert await database.read(people.by_id, first.id) == first


async def test_the_directory_is_taken_over_in_bulk(database: Database) -> None:
    w = await database.write(world.build, asked=0)
    profiles = [Profile(f"U{n}", f"Person {n}", "Asia/Tokyo") for n in range(12_000)]
    await database.write(people.learn, w.workspace_id, profiles, MONDAY)
    guests = [Profile("U1", "One", is_guest=True), Profile("U2", "Two", "Mars/Base")]
    await database.write(people.learn, w.workspace_id, guests, LATER)
    ids = [profile.slack_user_id for profile in profiles]
    known = await database.read(people.by_slack_ids, w.workspace_id, ids)
    assert len(known) == 12_000
    assert known["U1"].is_guest
    assert (known["U2"].tz, known["U3"].tz) == ("UTC", "Asia/Tokyo")


async def test_a_name_that_is_too_long_is_cut(database: Database) -> None:
    w = await database.write(world.build)
    await database.write(people.learn, w.workspace_id, [Profile("U1", "a" * 900)], MONDAY)
    known = await database.read(people.by_slack_ids, w.workspace_id, ["U1"])
    assert len(known["U1"].name) == 255


async def test_whoever_moves_is_planned_anew(database: Database) -> None:
    w = await database.write(world.build, asked=2)
    moved = [Profile("U1", "Person 1", "America/Lima"), Profile("U2", "P. 2", "Europe/Berlin")]
    await database.write(people.learn, w.workspace_id, moved, LATER)
    assert await due(database) == [LATER, None]


async def test_whoever_leaves_the_workspace_is_asked_nothing_any_more(database: Database) -> None:
    w = await database.write(world.build, asked=2)
    await database.write(queue, w, Kind.REMINDER)
    await database.write(queue, w, Kind.REMINDER, place=1)
    await database.write(open_ask, w)
    gone = [Profile("U1", "Person 1", "Europe/Berlin", is_deleted=True)]
    await database.write(people.learn, w.workspace_id, gone, LATER)
    await database.write(people.learn, w.workspace_id, gone, LATER)
    places = await database.read(stakeholders.of_initiative, w.initiative_id)
    assert [one.place for one in places] == [Place.LEFT, Place.ACTIVE]
    assert (await states(database))[:2] == [
        ("reminder", "dropped", "left"),
        ("reminder", "queued", None),
    ]
    (ask,) = await database.read(rows, tables.Ask)
    assert (ask["closed_at"], ask["end_reason"], ask["ended_by_id"]) == (LATER, "left", None)
    assert len(await database.read(rows, tables.StakeholderChoice)) == 1


async def test_somebody_who_left_changes_nothing(database: Database) -> None:
    w = await database.write(world.build, asked=1)
    gone = [Profile("U1", "Person 1", is_deleted=True)]
    await database.write(people.learn, w.workspace_id, gone, MONDAY)
    for change in (people.stop_all, people.resume_all, people.go_group_only):
        with pytest.raises(Refused, match="deactivated"):
            await database.write(change, w.actor(0), LATER)
    with pytest.raises(Refused, match="deactivated"):
        await database.write(
            stakeholders.choose, w.actor(0), w.stakeholder_ids[0], "group_only", LATER
        )
    assert await database.read(rows, tables.PersonSetting) == []


async def test_stop_holds_at_once_over_everything(database: Database) -> None:
    w = await database.write(world.build, asked=2)
    await database.write(queue, w, Kind.ASK)
    await database.write(queue, w, Kind.INPUT_REPLY)
    await database.write(queue, w, Kind.ASK, place=1)
    await database.write(open_ask, w)
    settled = await database.write(people.stop_all, w.actor(0), LATER)
    assert settled.changed
    assert settled.person.stopped
    assert await states(database) == [
        ("ask", "dropped", "stopped"),
        ("input_reply", "dropped", "stopped"),
        ("ask", "queued", None),
        ("ask_redraw", "queued", None),
    ]
    (ask,) = await database.read(rows, tables.Ask)
    assert (ask["end_reason"], ask["ended_by_id"]) == ("stopped", w.asked[0].id)


async def test_stop_again_changes_nothing(database: Database) -> None:
    w = await database.write(world.build)
    await database.write(people.stop_all, w.actor(0), MONDAY)
    settled = await database.write(people.stop_all, w.actor(0), LATER)
    assert not settled.changed
    assert len(await database.read(rows, tables.PersonSetting)) == 1
    assert [line["what"] for line in await database.read(rows, tables.Audit)] == ["people.stop_all"]


async def test_resume_asks_again_wherever_it_was_stopped(database: Database) -> None:
    w = await database.write(world.build, asked=2)
    await database.write(stakeholders.choose, w.actor(0), w.stakeholder_ids[0], "stop", MONDAY)
    await database.write(people.stop_all, w.actor(0), MONDAY)
    settled = await database.write(people.resume_all, w.actor(0), LATER)
    assert settled.changed
    assert not settled.person.stopped
    place = await database.read(stakeholders.load, w.stakeholder_ids[0])
    assert place.place is Place.ACTIVE
    assert await due(database) == [LATER, None]
    assert not (await database.write(people.resume_all, w.actor(0), LATER)).changed


async def test_resume_leaves_not_my_topic_alone(database: Database) -> None:
    w = await database.write(world.build, asked=1)
    place_id = w.stakeholder_ids[0]
    await database.write(stakeholders.choose, w.actor(0), place_id, "not_my_topic", MONDAY)
    await database.write(people.stop_all, w.actor(0), MONDAY)
    await database.write(people.resume_all, w.actor(0), LATER)
    assert (await database.read(stakeholders.load, place_id)).place is Place.NOT_MY_TOPIC


async def test_group_only_everywhere_only_gets_stricter(database: Database) -> None:
    w = await database.write(world.build)
    settled = await database.write(people.go_group_only, w.actor(0), MONDAY)
    assert settled.changed
    assert settled.person.group_only
    assert not (await database.write(people.go_group_only, w.actor(0), LATER)).changed
    assert (await database.read(stakeholders.load, w.stakeholder_ids[0])).group_only
    assert not (await database.read(stakeholders.load, w.stakeholder_ids[1])).group_only


async def test_what_was_sent_stays_sent(database: Database) -> None:
    w = await database.write(world.build)
    await database.write(queue, w, Kind.ASK)
    sent = update(tables.Outbox).values(state=State.SENT.value)
    await database.write(lambda tx: tx.execute(sent).close())
    await database.write(people.stop_all, w.actor(0), LATER)
    assert await states(database) == [("ask", "sent", None)]


async def test_whom_slack_delivers_nothing_to_is_asked_nothing(database: Database) -> None:
    w = await database.write(world.build, asked=1)
    await database.write(queue, w, Kind.ASK)
    await database.write(people.cannot_be_reached, w.asked[0].id, "user_disabled", LATER)
    assert (await database.read(stakeholders.load, w.stakeholder_ids[0])).place is Place.LEFT
    assert await states(database) == [("ask", "dropped", "left")]
