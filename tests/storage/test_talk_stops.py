"""Stop means stop, also about talks; and whoever agreed on a time with them does not wait."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.domain.conversations import Event, State
from bot.domain.outbox import EDITS, Kind
from bot.domain.people import Choice, Profile
from bot.services import (
    conversations,
    less,
    people,
    session_plans,
    sessions,
    stakeholders,
    talk_messages,
    talk_notes,
    talk_wishes,
)
from bot.views.conversations import card
from storage import conversations as stored
from storage import tables
from storage.database import Database, Tx
from tests import clockwork, world
from tests.storage.test_conversations import TEN, agreed, offered
from tests.storage.test_sessions import LATER, together
from tests.world import MONDAY, World, rows

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
TILL_LATER = [MONDAY + HOUR, TEN - HOUR, TEN - HOUR / 2, *(TEN + n * HOUR for n in range(1, 8))]


def leaves(tx: Tx, w: World, who: str) -> None:
    gone = Profile(who, who, "Europe/Berlin", is_deleted=True)
    people.learn(tx, w.workspace_id, [gone], MONDAY)


STOPS: dict[str, tuple[str, str, Callable[[Tx, World], object]]] = {
    "stops it": (
        "U1",
        "UDANA",
        lambda tx, w: less.stop(tx, w.actor(0), w.stakeholder_ids[0], MONDAY),
    ),
    "stops everything": ("U1", "UDANA", lambda tx, w: people.stop_all(tx, w.actor(0), MONDAY)),
    "leaves": ("U1", "UDANA", lambda tx, w: leaves(tx, w, "U1")),
    "is out of reach": (
        "U1",
        "UDANA",
        lambda tx, w: people.cannot_be_reached(tx, w.asked[0].id, "user_disabled", MONDAY),
    ),
    "held it and stops": ("UDANA", "U1", lambda tx, w: people.stop_all(tx, w.leader, MONDAY)),
    "held it and leaves": ("UDANA", "U1", lambda tx, w: leaves(tx, w, "UDANA")),
}


@pytest.mark.parametrize("name", STOPS)
async def test_whoever_stops_gets_nothing_more_and_the_other_side_does_not_wait(
    database: Database, name: str
) -> None:
    stopper, other, stop = STOPS[name]
    w, talk_id = await agreed(database)
    await clockwork.deliver(database, MONDAY)
    await database.write(stop, w)
    went = [one for at in TILL_LATER for one in await clockwork.deliver(database, at)]
    written = [(one.kind, one.recipient) for one in went if one.kind not in EDITS]
    assert written == [(Kind.TALK_CARD, other)]
    talk = await database.read(stored.get, talk_id)
    assert talk
    assert (talk.state, talk.starts_at) == (State.CANCELLED, None)
    assert stopper != other


async def test_of_a_stop_and_a_tap_at_once_nobody_keeps_the_time(database: Database) -> None:
    w = await database.write(world.build)
    talk_id = await database.write(offered, w)
    tap = database.write(conversations.accept, w.actor(0), talk_id, TEN, MONDAY)
    stop = database.write(people.stop_all, w.actor(0), MONDAY)
    await asyncio.gather(tap, stop, return_exceptions=True)
    talk = await database.read(stored.get, talk_id)
    assert talk
    assert talk.state in (State.CANCELLED, State.WITHDRAWN)
    assert talk.starts_at is None


async def test_nobody_reads_why_a_talk_is_off(database: Database) -> None:
    w, first = await agreed(database)
    await database.write(conversations.cancel, w.actor(0), first, MONDAY)
    second = await database.write(offered, w)
    await database.write(conversations.accept, w.actor(0), second, TEN, MONDAY)
    told, off = await database.write(less.stop_all, w.actor(0), MONDAY)
    assert told.changed
    assert [(one.other, one.starts_at) for one in off] == [(w.owner, TEN)]
    by_hand, by_stop = [await database.read(read_by_dana, w, one) for one in (first, second)]
    assert by_hand == by_stop
    assert "is off" in by_hand
    again = await database.write(less.stop_all, w.actor(0), MONDAY)
    assert again[1] == ()


def read_by_dana(tx: Tx, w: World, talk_id: int) -> str:
    talk = stored.get(tx, talk_id)
    assert talk
    return card(talk_messages.card(tx, talk, w.owner, MONDAY)).text


@pytest.mark.parametrize("pause", [Choice.SNOOZE, Choice.NOT_MY_TOPIC, Choice.GROUP_ONLY])
async def test_a_pause_keeps_what_was_agreed(database: Database, pause: Choice) -> None:
    w, talk_id = await agreed(database)
    until = MONDAY + 7 * DAY if pause is Choice.SNOOZE else None
    place = w.stakeholder_ids[0]
    await database.write(stakeholders.choose, w.actor(0), place, pause, MONDAY, until)
    [kept] = await database.read(talk_wishes.agreed, w.actor(0), MONDAY, w.initiative_id)
    assert (kept.other, kept.starts_at) == (w.owner, TEN)
    went = [one for at in TILL_LATER for one in await clockwork.deliver(database, at)]
    mine = [one.kind for one in went if one.recipient == "U1"]
    assert mine == [Kind.TALK_REMINDER, Kind.TALK_AFTER]
    talk = await database.read(stored.get, talk_id)
    assert talk
    assert talk.state is State.AGREED


async def test_an_owner_who_takes_somebody_off_the_list_still_talks_with_them(
    database: Database,
) -> None:
    w, _ = await agreed(database)
    own = await database.read(stakeholders.load, w.stakeholder_ids[0])
    await database.write(stakeholders.take_off, own, w.leader, MONDAY)
    went = [one for at in TILL_LATER for one in await clockwork.deliver(database, at)]
    mine = [one.kind for one in went if one.recipient == "U1"]
    assert mine == [Kind.TALK_REMINDER, Kind.TALK_AFTER]


async def test_after_a_stop_nobody_is_asked_how_a_talk_went(database: Database) -> None:
    w, talk_id = await agreed(database)
    over = TEN + HOUR / 2
    await database.write(people.stop_all, w.actor(0), over)
    went = [one for at in TILL_LATER[4:] for one in await clockwork.deliver(database, at)]
    asked = [one.recipient for one in went if one.kind is Kind.TALK_AFTER]
    assert (asked, "U1" in {one.recipient for one in went}) == (["UDANA"], False)
    told = await database.write(talk_notes.tell_how, w.leader, talk_id, Event.MET, over)
    assert told.talk.state is State.HELD


async def test_who_stops_comes_to_no_session_and_the_host_stops_it_for_all(
    database: Database,
) -> None:
    w = await together(database)
    told = await database.write(session_plans.invite, w.leader, w.initiative_id, "k", LATER)
    [row] = await database.read(rows, tables.Conversation)
    talk_id = int(str(row["id"]))
    for place in range(3):
        await database.write(sessions.answer, w.actor(place), talk_id, True, LATER)
    await database.write(less.stop, w.actor(0), w.stakeholder_ids[0], LATER)
    talk = await database.read(stored.get, talk_id)
    assert talk
    assert [one.slack_user_id for one in talk.coming] == ["UDANA", "U2", "U3"]
    eve = told.slot.starts_at - DAY
    await database.write(conversations.lapse_due, eve, 10)
    await clockwork.deliver(database, eve)
    for place in (1, 2):  # the last one to stop leaves the host alone with it
        await database.write(people.stop_all, w.actor(place), eve)
    talk = await database.read(stored.get, talk_id)
    assert talk
    assert talk.state is State.CANCELLED
    went = await clockwork.deliver(database, eve)
    assert [one.recipient for one in went if one.kind is Kind.TALK_CARD] == ["UDANA"]
    assert not [one for one in went if one.kind is Kind.TALK_REMINDER]
