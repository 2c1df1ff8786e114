"""Several initiatives, one person: one budget, one open message, and two replicas at it."""

import asyncio
from datetime import timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import insert, update

from bot.domain.endings import LastWords
from bot.domain.outbox import Kind, State
from bot.domain.pacing_facts import Rule
from bot.domain.people import Choice as Wish
from bot.domain.pulses import Choice, Question
from bot.services import (
    cycles,
    endings,
    letting_go,
    pacing,
    pacing_settings,
    pulses,
    retention,
    stakeholders,
)
from storage import tables
from storage.database import Database, Tx, open_database
from tests import clockwork, world
from tests.clockwork import Went
from tests.world import STARTED, World, rows

WEEK = timedelta(days=7)
DAY = timedelta(days=1)
NOON = STARTED + timedelta(days=2, hours=2, minutes=30)
"""Wednesday 12:30 in Berlin: round 1 opened that day and everybody is due."""


def another(tx: Tx, first: World, name: str = "New printers") -> int:
    """Add an initiative that asks the same people, from the same day on; return its id."""
    made = tx.get_one(tables.Initiative, first.initiative_id)
    names = ("workspace_id", "tz", "visibility", "status", "first_date", "created_by_id")
    values = {key: getattr(made, key) for key in (*names, "created_at", "started_at")}
    table = tables.Initiative
    initiative_id = tx.scalars(insert(table).values(name=name, **values).returning(table.id)).one()
    leads = {"workspace_id": first.workspace_id, "initiative_id": initiative_id}
    owner = insert(tables.InitiativeOwner).values(**leads, person_id=first.owner.id, since=STARTED)
    tx.execute(owner)
    world.add_plan(tx, first.workspace_id, initiative_id, first.owner.id, 1, None)
    for person in first.asked:
        world.ask(tx, initiative_id, person)
    pacing.schedule_all(tx, initiative_id, STARTED)
    return initiative_id


async def several(database: Database, number: int, asked: int = 1) -> tuple[World, list[int]]:
    """One person in `number` initiatives."""
    w = await clockwork.start(database, asked=asked)
    others = [await database.write(another, w) for _ in range(number - 1)]
    return w, [w.initiative_id, *others]


def asks(tx: Tx) -> list[dict[str, Any]]:
    return rows(tx, tables.Ask)


async def answer(database: Database, w: World, ask_id: int, went: Went) -> None:
    """Have the first person answer all three questions at once."""
    for question in Question:
        key = f"{ask_id}:{question}"
        given = Choice(question.value, 4)
        await database.write(pulses.tap, w.actor(0), ask_id, given, key, went.at)


async def test_two_check_ins_of_one_day_share_a_message(database: Database) -> None:
    w, (first, second) = await several(database, 2)
    (went,) = await clockwork.play(database, STARTED, NOON)
    host, guest = await database.read(asks)
    assert (went.kind, went.subject_id, went.initiative_id) == (Kind.ASK, host["id"], first)
    assert (guest["initiative_id"], guest["host_id"]) == (second, host["id"])
    assert (guest["delivered_at"], guest["slot"]) == (None, 0)
    before = await database.read(pulses.check_in, host["id"], NOON)
    assert before.one_more is None
    await answer(database, w, host["id"], went)
    done = await database.read(pulses.check_in, host["id"], NOON)
    assert done.one_more
    assert done.one_more.initiative_id == second
    shown = await database.write(pulses.begin, w.actor(0), NOON, second)
    assert shown.check_in
    assert shown.check_in.ask_id == guest["id"]
    assert [row["delivered_at"] is not None for row in await database.read(asks)] == [True, True]


async def test_who_was_offered_last_time_goes_first_next_time(database: Database) -> None:
    w, (first, second) = await several(database, 2)
    (went,) = await clockwork.play(database, STARTED, NOON)
    await answer(database, w, went.subject_id, went)
    for initiative_id in (first, second):
        await clockwork.share(database, w, initiative_id, NOON)
    later = await clockwork.play(database, NOON, NOON + 2 * WEEK)
    assert [(one.kind, one.initiative_id) for one in later] == [(Kind.ASK, second)]
    hosted = [(row["initiative_id"], row["host_id"]) for row in await database.read(asks)]
    assert hosted[2:] == [(second, None), (first, later[0].subject_id)]


async def test_a_third_initiative_waits_until_the_message_is_answered(
    database: Database,
) -> None:
    w, ids = await several(database, 3)
    (went,) = await clockwork.play(database, STARTED, NOON)
    assert len(await database.read(asks)) == 2
    still = await clockwork.play(database, NOON, NOON + 2 * DAY)
    assert still == []
    places = await database.read(rows, tables.Stakeholder)
    assert "one_open" in str(places[2]["due_rules"])
    await answer(database, w, went.subject_id, went)
    later = await clockwork.play(database, NOON + 2 * DAY, NOON + 6 * DAY)
    assert [(one.kind, one.initiative_id) for one in later] == [(Kind.ASK, ids[2])]


async def test_what_was_offered_goes_out_alone_when_its_host_does_not(
    database: Database,
) -> None:
    w, (_, second) = await several(database, 2)
    await clockwork.look(database, NOON)  # decided, and not sent yet
    host, guest = await database.read(asks)
    choice = (w.stakeholder_ids[0], Wish.STOP, NOON)
    await database.write(stakeholders.choose, w.actor(0), *choice)
    went = await clockwork.play(database, NOON, NOON + 3 * DAY)
    assert [(one.kind, one.subject_id) for one in went] == [(Kind.ASK, guest["id"])]
    parted = (await database.read(asks))[1]
    assert (parted["initiative_id"], parted["host_id"]) == (second, None)
    assert host["id"] != guest["id"]


async def test_what_was_offered_outlives_what_its_host_belonged_to(database: Database) -> None:
    w, (_, second) = await several(database, 2)
    await clockwork.play(database, STARTED, NOON)
    last = LastWords("Labelled.", "You chose when.")
    await database.write(endings.end, w.leader, w.initiative_id, last, "end", NOON + DAY)
    gone = await database.write(retention.forget_due, NOON + 40 * DAY, 10)
    assert gone == 1
    (left,) = await database.read(asks)
    assert (left["initiative_id"], left["host_id"]) == (second, None)


async def test_two_replicas_at_once_write_to_nobody_twice(database_url: str) -> None:
    one, two = open_database(database_url), open_database(database_url)
    try:
        w, _ = await several(one, 4, asked=20)
        await one.write(cycles.turn_due, NOON, 10)
        while await one.write(cycles.turn_due, NOON, 10) > 4:
            pass
        await asyncio.gather(
            *(replica.write(pacing.plan_due, NOON, 7) for replica in (one, two) * 8)
        )
        for replica in (one, two):
            while await replica.write(pacing.plan_due, NOON, 500):
                pass
        queued = await one.read(rows, tables.Outbox)
        assert sorted(str(row["recipient"]) for row in queued if row["kind"] == "ask") == sorted(
            person.slack_user_id for person in w.asked
        )
        made = await one.read(asks)
        assert sum(row["host_id"] is not None for row in made) == 20
        assert len(made) == 40
    finally:
        await one.close()
        await two.close()


async def test_a_reminder_gives_way_to_check_ins_and_that_is_noted(database: Database) -> None:
    w, ids = await several(database, 4)
    for initiative_id in ids:
        await clockwork.share(database, w, initiative_id, STARTED)
    went = await clockwork.play(database, STARTED, NOON + 12 * DAY)
    assert [one.kind for one in went] == [Kind.ASK]
    lost = await database.read(letting_go.of_person, w.asked[0].id, NOON + 12 * DAY)
    assert [(one.what.kind, one.what.rule) for one in lost] == [
        (Kind.REMINDER, Rule.CHECK_INS_FIRST)
    ]


async def test_a_gentler_workspace_sends_less(database: Database) -> None:
    w = await clockwork.start(database, asked=1)
    given = {"per_month": "1", "no_reminder_after": "0"}
    await database.write(pacing_settings.change, w.workspace_id, given, STARTED)
    await clockwork.share(database, w, w.initiative_id, STARTED + WEEK)
    went = await clockwork.play(database, STARTED, STARTED + 4 * WEEK)
    assert [one.kind for one in went] == [Kind.ASK]


async def test_a_cap_that_became_gentler_holds_for_what_is_queued(database: Database) -> None:
    w = await clockwork.start(database, asked=1)
    await clockwork.look(database, NOON)

    def written_before(tx: Tx) -> None:
        columns = {"state": State.SENT.value, "sending_at": NOON - 3 * DAY, "counted": True}
        message = {
            "workspace_id": w.workspace_id,
            "kind": "introduction",
            "subject_id": w.stakeholder_ids[0],
            "recipient": "U1",
            "slot": "",
            "person_id": w.asked[0].id,
            "created_at": NOON - 3 * DAY,
            "not_before": NOON - 3 * DAY,
        }
        tx.execute(insert(tables.Outbox).values(**message, **columns))

    await database.write(written_before)
    await database.write(pacing_settings.change, w.workspace_id, {"per_week": "1"}, NOON)
    assert await clockwork.deliver(database, NOON) == []
    held = (await database.read(rows, tables.Outbox))[0]
    assert (held["state"], held["reason"]) == ("queued", "cap")


def last(tx: Tx, days: int) -> None:
    """Have rounds of every initiative last so many days from the next one on."""
    tx.execute(update(tables.Initiative).values(cycle_days=days))


async def test_changing_how_long_rounds_last_loses_and_doubles_nothing(
    database: Database,
) -> None:
    w = await clockwork.start(database, asked=2)
    lengths, now = (14, 28, 14, 21), STARTED
    for days in lengths:
        await database.write(last, days)
        await clockwork.share(database, w, w.initiative_id, now + timedelta(minutes=1))
        for _ in range(3):
            went = await clockwork.play(database, now, now + WEEK)
            for one in [one for one in went if one.kind is Kind.ASK]:
                very = Choice("useful", 4)
                place = int(one.recipient[1:]) - 1
                key = f"{one.subject_id}"
                await database.write(pulses.tap, w.actor(place), one.subject_id, very, key, one.at)
            now += WEEK
    made = await database.read(asks)
    for stakeholder_id in w.stakeholder_ids:
        weeks = [row["slot"] for row in made if row["stakeholder_id"] == stakeholder_id]
        gaps = [after - before for before, after in pairwise(weeks)]
        assert gaps, weeks
        assert set(gaps) <= {2, 3, 4}, weeks
        rounds_of = [row["cycle_id"] for row in made if row["stakeholder_id"] == stakeholder_id]
        assert len(rounds_of) == len(set(rounds_of))
