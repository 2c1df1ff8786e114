"""The end of an initiative: asking stops at once, and everyone who was asked is thanked."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
from sqlalchemy import insert, select, update

from bot.domain.endings import Ended, Field, LastWords
from bot.domain.initiatives import Place, Status
from bot.domain.outbox import Claimed, Decision, Drop, Kind, Send
from bot.domain.people import Choice
from bot.domain.pulses import EndReason
from bot.errors import FieldErrors, Refused
from bot.services import cycles, endings, initiatives, people, rounds, stakeholders
from storage import outbox, tables
from storage.database import Database, Tx
from tests import world
from tests.rivals import Rival
from tests.world import MONDAY, World

WORDS = LastWords("Every shelf has a label.", "The font is bigger, because you asked.")


async def end(
    database: Database, w: World, words: LastWords = WORDS, key: str = "k", place: int | None = None
) -> Ended:
    """Dana (or somebody asked) ends the initiative."""
    actor = w.leader if place is None else w.actor(place)
    return await database.write(endings.end, actor, w.initiative_id, words, key, MONDAY)


def rows(tx: Tx) -> dict[tuple[str, str], str]:
    """How the rows of the outbox stand: {(kind, recipient): state}."""
    table = tables.Outbox
    found = tx.execute(select(table.kind, table.recipient, table.state))
    return {(row[0], row[1]): row[2] for row in found}


def queue(tx: Tx, w: World, kind: Kind, subject_id: int) -> None:
    """Queue a message of `kind` to the first person asked."""
    decision = Decision(
        w.workspace_id,
        kind,
        subject_id,
        w.asked[0].slack_user_id,
        MONDAY,
        person_id=w.asked[0].id,
        initiative_id=w.initiative_id,
    )
    outbox.queue(tx, [decision], MONDAY)


def open_ask(tx: Tx, w: World) -> int:
    """The first person asked has an open check-in."""
    keys = {"workspace_id": w.workspace_id, "initiative_id": w.initiative_id}
    cycle_id = tx.scalars(
        insert(tables.Cycle)
        .values(**keys, number=1, opens_at=MONDAY, closes_at=MONDAY + timedelta(days=14))
        .returning(tables.Cycle.id)
    ).one()
    return tx.scalars(
        insert(tables.Ask)
        .values(
            **keys,
            stakeholder_id=w.stakeholder_ids[0],
            person_id=w.asked[0].id,
            cycle_id=cycle_id,
            plan_version_id=w.plan_version_id,
            origin="app",
            visibility="named",
            opened_at=MONDAY,
        )
        .returning(tables.Ask.id)
    ).one()


async def test_the_end_thanks_everyone_who_was_introduced_and_has_not_stopped(
    database: Database,
) -> None:
    w = await database.write(world.build)
    await database.write(people.stop_all, w.actor(0), MONDAY)
    stop = (w.actor(1), w.stakeholder_ids[1], Choice.STOP, MONDAY)
    await database.write(stakeholders.choose, *stop)
    topic = (w.actor(2), w.stakeholder_ids[2], Choice.NOT_MY_TOPIC, MONDAY)
    await database.write(stakeholders.choose, *topic)
    new = update(tables.Stakeholder).where(tables.Stakeholder.id == w.stakeholder_ids[3])
    await database.write(execute, new.values(introduced_at=None))
    outcome = await end(database, w)
    assert outcome.told == 2
    assert outcome.initiative.status is Status.ENDED
    farewells = [who for kind, who in await database.read(rows) if kind == Kind.FAREWELL.value]
    assert sorted(farewells) == ["U5", "U6"]


def execute(tx: Tx, statement: object) -> None:
    """Change rows by hand."""
    tx.execute(statement)  # type: ignore[call-overload]


async def test_what_is_open_closes_and_what_waits_is_dropped(database: Database) -> None:
    w = await database.write(world.build)
    ask_id = await database.write(open_ask, w)
    await database.write(queue, w, Kind.ASK, ask_id)
    await database.write(queue, w, Kind.INPUT_REPLY, 1)
    await end(database, w)
    closed = select(tables.Ask.closed_at, tables.Ask.end_reason)
    ask = await database.read(lambda tx: tuple(tx.execute(closed).one()))
    assert ask == (MONDAY, EndReason.INITIATIVE_ENDED.value)
    assert await database.read(cycles.current, w.initiative_id, MONDAY) is None
    states = await database.read(rows)
    assert states[Kind.ASK.value, "U1"] == "dropped"
    assert states[Kind.INPUT_REPLY.value, "U1"] == "queued"
    assert states[Kind.FAREWELL.value, "U1"] == "queued"
    due = select(tables.Stakeholder.next_due_at).where(tables.Stakeholder.next_due_at.is_not(None))
    assert await database.read(lambda tx: tx.scalars(due).all()) == []


async def test_the_end_twice_is_the_end_once(database: Database) -> None:
    w = await database.write(world.build)
    first, again = await end(database, w), await end(database, w)
    assert first.told == again.told == 6
    assert len(await database.read(rows)) == 6
    with pytest.raises(Refused, match="has ended already"):
        await end(database, w, key="another window")


async def test_only_owners_end_it_and_only_with_words(database: Database) -> None:
    w = await database.write(world.build)
    with pytest.raises(Refused, match="Only the people who lead"):
        await end(database, w, place=0)
    with pytest.raises(FieldErrors) as wrong:
        await end(database, w, LastWords("", "x" * 501))
    assert sorted(wrong.value.errors) == [Field.ACHIEVED, Field.CHANGED]
    kept = await database.read(initiatives.load, w.initiative_id)
    assert kept.status is Status.RUNNING
    assert await database.read(rows) == {}


async def test_a_draft_is_discarded_not_ended(database: Database) -> None:
    w = await database.write(world.build, status=Status.DRAFT)
    with pytest.raises(Refused, match="Discard"):
        await database.read(endings.ending, w.leader, w.initiative_id, MONDAY)


async def test_the_farewell_says_what_came_of_it_and_when_data_goes(database: Database) -> None:
    w = await database.write(world.build)
    await end(database, w)
    last = await database.read(endings.farewell, w.stakeholder_ids[0], MONDAY)
    assert last.words == WORDS
    assert last.deleted_on == date(2025, 4, 2)
    row = Claimed(
        1, w.workspace_id, Kind.FAREWELL, w.stakeholder_ids[0], "U1", "", None, None, "", 0
    )
    assert await database.read(endings.farewell_still_wanted, row, MONDAY) == Send()
    left = update(tables.Stakeholder).values(status=Place.LEFT.value)
    await database.write(execute, left)
    assert await database.read(endings.farewell_still_wanted, row, MONDAY) == Drop("stopped")


async def test_people_are_thanked_in_their_own_hours_and_after_their_snooze(
    database: Database,
) -> None:
    w = await database.write(world.build)
    snooze = (w.actor(0), w.stakeholder_ids[0], Choice.SNOOZE, MONDAY, MONDAY + timedelta(days=3))
    await database.write(stakeholders.choose, *snooze)
    tokyo = update(tables.Person).where(tables.Person.slack_user_id == "U2")
    await database.write(execute, tokyo.values(tz="Asia/Tokyo"))
    await end(database, w)
    when = select(tables.Outbox.recipient, tables.Outbox.not_before)
    times = await database.read(lambda tx: {row[0]: row[1] for row in tx.execute(when)})
    assert times["U1"] == MONDAY + timedelta(days=3)
    assert times["U2"] > MONDAY + timedelta(hours=12)
    assert times["U3"] == MONDAY


async def test_no_round_opens_in_an_initiative_that_ends_at_the_same_moment(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    w = await database.write(world.build)
    later = MONDAY + timedelta(days=7)
    ending = Rival(database, endings.end, w.leader, w.initiative_id, WORDS, "k", later)
    ending.before(monkeypatch, cycles, "catch_up")
    asking = database.write(rounds.ask_now, w.leader, w.initiative_id, "k2", later)
    with suppress(Refused):  # where there is one writer, the round opens first
        await asking
    await ending.ended()
    assert await database.read(cycles.current, w.initiative_id, later) is None
    table = tables.Initiative
    due = select(table.status, table.next_due_at)
    found = await database.read(lambda tx: tuple(tx.execute(due).one()))
    assert found == (Status.ENDED.value, later + timedelta(days=30))


async def test_an_initiative_that_has_ended_is_not_caught_up_with(database: Database) -> None:
    w = await database.write(world.build)
    await end(database, w)
    await database.write(cycles.catch_up, w.initiative_id, MONDAY + timedelta(days=1))
    due = select(tables.Initiative.next_due_at)
    assert await database.read(lambda tx: tx.scalar(due)) == MONDAY + timedelta(days=30)
    assert await database.read(cycles.latest_closed, w.initiative_id) is None


async def test_a_long_snooze_ends_in_time_for_the_thanks_before_the_data_goes(
    database: Database,
) -> None:
    w = await database.write(world.build)
    month = timedelta(days=30)
    snooze = (w.actor(0), w.stakeholder_ids[0], Choice.SNOOZE, MONDAY, MONDAY + month)
    await database.write(stakeholders.choose, *snooze)
    await end(database, w)
    when = select(tables.Outbox.not_before).where(tables.Outbox.recipient == "U1")
    at = await database.read(lambda tx: tx.scalars(when).one())
    assert MONDAY + timedelta(days=21) < at < MONDAY + month - timedelta(days=3)
