"""Why a message came, for whoever got it alone; and the ways to get less, kept at once."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import insert, select, update

from bot.domain.conversations import RATHER_TALK
from bot.domain.gives import GiveKind
from bot.domain.initiatives import Place
from bot.domain.inputs import Outcome
from bot.domain.outbox import Decision, Kind
from bot.domain.pauses import Pause, Reason
from bot.domain.people import Actor, Choice
from bot.domain.reasons import Reasons
from bot.errors import Refused
from bot.services import inputs, less, reasons, stakeholders
from storage import gives, outbox, pauses, tables
from storage.database import Database, Tx
from tests import rounds, world
from tests.world import MONDAY, World, rows

SPRING = datetime(2025, 3, 12, 9, 0, tzinfo=UTC)


async def build(database: Database) -> World:
    return await database.write(world.build)


def ask(tx: Tx, w: World, number: int = 1) -> int:
    """Insert an open check-in of the app in round `number` for the first person."""
    cycle = rounds.open_round(tx, w, number)
    values = {
        "workspace_id": w.workspace_id,
        "initiative_id": w.initiative_id,
        "stakeholder_id": w.stakeholder_ids[0],
        "person_id": w.asked[0].id,
        "cycle_id": cycle.id,
        "plan_version_id": w.plan_version_id,
        "origin": "app",
        "slot": 2 * (number - 1),
        "visibility": "named",
        "opened_at": cycle.opens_at + timedelta(hours=10),
    }
    added = insert(tables.Ask).values(**values)
    return tx.scalars(added.returning(tables.Ask.id)).one()


def one_give(tx: Tx, w: World, kind: GiveKind, subject_id: int) -> int:
    new = gives.NewGive(
        w.workspace_id, w.initiative_id, w.stakeholder_ids[0], w.asked[0].id, kind, subject_id
    )
    return gives.add(tx, [new], MONDAY, None)[w.stakeholder_ids[0]]


def decision(w: World, kind: Kind, subject_id: int, now: datetime) -> Decision:
    """Return the decision to send the first person a message."""
    return Decision(
        workspace_id=w.workspace_id,
        kind=kind,
        subject_id=subject_id,
        recipient="U1",
        not_before=now,
        person_id=w.asked[0].id,
        initiative_id=w.initiative_id,
    )


async def why(database: Database, w: World, kind: Kind, subject_id: int, place: int = 0) -> Reasons:
    return await database.read(reasons.why, w.actor(place), kind, subject_id, MONDAY)


async def test_a_check_in_tells_when_the_last_one_was_and_the_next_may_be(
    database: Database,
) -> None:
    w = await build(database)
    first = await database.write(ask, w)
    about = await why(database, w, Kind.ASK, first)
    assert (about.added_by, about.messages, about.most) == ("Dana Demo", 0, 5)
    assert about.check_in is not None
    assert (about.check_in.on, about.check_in.before) == (date(2025, 2, 26), None)
    assert about.next_on == date(2025, 3, 12)

    second = await database.write(ask, w, 2)
    about = await database.read(reasons.why, w.actor(0), Kind.ASK, second, SPRING)
    assert about.check_in is not None
    assert (about.check_in.on, about.check_in.before) == (date(2025, 3, 12), date(2025, 2, 26))
    assert about.next_on == date(2025, 3, 26)


async def test_messages_of_all_initiatives_count_and_none_is_named(database: Database) -> None:
    w = await build(database)
    ask_id = await database.write(ask, w)

    def elsewhere(tx: Tx) -> None:
        other = Decision(w.workspace_id, Kind.GIVE, 77, "U1", MONDAY, person_id=w.asked[0].id)
        outbox.queue(tx, [other], MONDAY)
        gone = update(tables.Outbox).values(state="sent", sending_at=MONDAY)
        tx.execute(gone)

    await database.write(elsewhere)
    assert (await why(database, w, Kind.REMINDER, ask_id)).messages == 1


async def test_a_give_says_what_they_told_the_owner(database: Database) -> None:
    w = await build(database)
    told = await database.write(
        inputs.tell, w.actor(0), w.initiative_id, "Labels fall off.", False, "a", MONDAY
    )
    give_id = await database.write(one_give, w, GiveKind.INPUT_CHANGE, 3)
    assert (await why(database, w, Kind.GIVE, give_id)).told == ""
    await database.write(inputs.reply, w.leader, told.id, Outcome.USED, "", "b", MONDAY)
    about = await why(database, w, Kind.GIVE, give_id)
    assert (about.give, about.told) == (GiveKind.INPUT_CHANGE, "Labels fall off.")


async def test_only_whoever_got_it_reads_why(database: Database) -> None:
    w = await build(database)
    ask_id = await database.write(ask, w)
    give_id = await database.write(one_give, w, GiveKind.PROGRESS_LINE, 3)
    await database.write(pause_first, w)
    [pause] = await database.read(rows, tables.StepBack)
    place_id = w.stakeholder_ids[0]
    subjects: list[tuple[Kind, int]] = [
        (Kind.INTRODUCTION, place_id),
        (Kind.ASK, ask_id),
        (Kind.REMINDER, ask_id),
        (Kind.GIVE, give_id),
        (Kind.PAUSE_NOTE, int(str(pause["id"]))),
        (Kind.FAREWELL, place_id),
    ]
    for kind, subject_id in subjects:
        assert (await why(database, w, kind, subject_id)).kind is kind
        with pytest.raises(Refused):
            await why(database, w, kind, subject_id, place=1)
        with pytest.raises(Refused):
            await database.read(reasons.why, w.leader, kind, subject_id, MONDAY)
        with pytest.raises(Refused):
            await why(database, w, kind, 99_999)
    with pytest.raises(Refused):
        await why(database, w, Kind.DIGEST, place_id)


def pause_first(tx: Tx, w: World) -> None:
    place = pauses.place(tx, w.stakeholder_ids[0])
    until = MONDAY + timedelta(days=42)
    pauses.add(tx, [(place, Pause(Reason.MISSED, MONDAY, until, note=True))])


# --- less ---------------------------------------------------------------------------------------


async def choices(database: Database) -> list[str]:
    found = select(tables.StakeholderChoice.kind).order_by(tables.StakeholderChoice.id)
    return list(await database.read(lambda tx: tx.scalars(found).all()))


async def test_fewer_is_a_dated_choice_that_drops_what_waits_in_between(
    database: Database,
) -> None:
    w = await build(database)
    place_id = w.stakeholder_ids[0]

    def waiting(tx: Tx) -> None:
        for kind in (Kind.REMINDER, Kind.GIVE, Kind.ASK):
            outbox.queue(tx, [decision(w, kind, 1, MONDAY)], MONDAY)

    await database.write(waiting)
    own, _ = await database.write(less.choose, w.actor(0), place_id, Choice.FEWER, MONDAY)
    assert own.fewer
    again, _ = await database.write(less.choose, w.actor(0), place_id, Choice.FEWER, SPRING)
    assert again.fewer
    assert await choices(database) == ["fewer"]
    left = [(row["kind"], row["state"]) for row in await database.read(rows, tables.Outbox)]
    assert left == [("reminder", "dropped"), ("give", "dropped"), ("ask", "queued")]
    own, _ = await database.write(less.choose, w.actor(0), place_id, Choice.USUAL, SPRING)
    assert not own.fewer
    assert await choices(database) == ["fewer", "usual"]


async def test_pause_and_talk_once_are_once(database: Database) -> None:
    w = await build(database)
    place_id = w.stakeholder_ids[0]
    for key in ("a", "a", "b"):
        own, _ = await database.write(less.talk_instead, w.actor(0), place_id, key, MONDAY)
    own, _ = await database.write(less.pause, w.actor(0), place_id, MONDAY + timedelta(hours=1))
    assert own.snoozed_until == datetime(2025, 3, 30, 22, 0, tzinfo=UTC)  # after the clocks change
    assert await choices(database) == ["snooze"]
    [told] = await database.read(inputs.open_for, w.initiative_id, w.owner)
    assert (told.words, told.giver) == (RATHER_TALK, w.asked[0])
    await database.write(inputs.reply, w.leader, told.id, Outcome.USED, "Tuesday?", "c", MONDAY)
    await database.write(less.talk_instead, w.actor(0), place_id, "d", SPRING)
    assert len(await database.read(inputs.open_for, w.initiative_id, w.owner)) == 1


async def test_whoever_asks_for_a_talk_gives_their_name_and_nothing_else(
    database: Database,
) -> None:
    w = await build(database)
    actor, place_id = w.actor(0), w.stakeholder_ids[0]
    await database.write(stakeholders.choose, actor, place_id, Choice.GROUP_ONLY, MONDAY)
    later = MONDAY + timedelta(minutes=5)
    await database.write(less.talk_instead, actor, place_id, "a", later)
    [told] = await database.read(inputs.open_for, w.initiative_id, w.owner)
    assert told.giver == w.asked[0]


async def test_nobody_chooses_for_somebody_else_or_after_the_end(database: Database) -> None:
    w = await build(database)
    place_id = w.stakeholder_ids[0]
    stranger = Actor(w.workspace_id, "USTRANGER")
    ended = update(tables.Initiative).values(status="ended", ended_at=MONDAY)
    for who in (w.actor(1), w.leader, stranger):
        with pytest.raises(Refused):
            await database.write(less.choose, who, place_id, Choice.FEWER, MONDAY)
        with pytest.raises(Refused):
            await database.write(less.pause, who, place_id, MONDAY)
        with pytest.raises(Refused):
            await database.write(less.talk_instead, who, place_id, "k", MONDAY)
    await database.write(lambda tx: tx.execute(ended).close())
    with pytest.raises(Refused):
        await database.write(less.choose, w.actor(0), place_id, Choice.FEWER, MONDAY)
    with pytest.raises(Refused):
        await database.write(less.talk_instead, w.actor(0), place_id, "k", MONDAY)


async def test_taken_off_is_asked_no_more_and_may_come_back(database: Database) -> None:
    w = await build(database)
    ask_id = await database.write(ask, w)
    own = await database.read(stakeholders.load, w.stakeholder_ids[0])
    await database.write(stakeholders.take_off, own, w.leader, MONDAY)
    gone = await database.read(stakeholders.load, own.id)
    assert (gone.place, gone.place.is_gone) == (Place.OFF, True)
    [closed] = [one for one in await database.read(rows, tables.Ask) if one["id"] == ask_id]
    assert closed["end_reason"] == "off"
    told = await why(database, w, Kind.ASK, ask_id)
    assert (told.next_on, told.stakeholder.place) == (None, Place.OFF)
    await database.write(stakeholders.choose, w.actor(0), own.id, Choice.RESUME, SPRING)
    assert (await database.read(stakeholders.load, own.id)).place is Place.ACTIVE
