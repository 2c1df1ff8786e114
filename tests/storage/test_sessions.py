"""Group sessions: people who took steps, together, and what is noted about them afterwards."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from bot.domain.conversations import Event, HeldTalk, State
from bot.domain.outbox import Kind
from bot.domain.people import Actor, Choice, Person
from bot.errors import FieldErrors, Refused
from bot.services import (
    conversations,
    held,
    session_plans,
    sessions,
    stakeholders,
    talk_notes,
    talk_plans,
)
from bot.views.conversations import session
from bot.views.held import me
from storage import conversations as stored
from storage import tables
from storage.database import Database, Tx
from tests import clockwork, histories, rounds, world
from tests.storage.test_conversations import DAY, kinds
from tests.world import MONDAY, World, rows

DONE_ON = MONDAY + 11 * DAY


async def together(database: Database) -> World:
    """Return a world in which five did a step and mean it, one doubts, and two are hidden.

    The last one took a step as well, and it won't happen.
    """

    def build(tx: Tx) -> World:
        w = world.build(tx, asked=9)
        for number in (1, 2, 3):
            rounds.play(tx, w, number, {n: (1, 1, 1) if n == 5 else (5, 5, 5) for n in range(9)})
        for place in range(7):
            histories.step(tx, w, place, MONDAY + place * DAY / 24, {DONE_ON: "kept"})
        histories.step(tx, w, 8, MONDAY + DAY, {DONE_ON: "not_kept"})
        hidden = tables.Stakeholder.id.in_(w.stakeholder_ids[6:8])
        tx.execute(update(tables.Stakeholder).where(hidden).values(group_only_at=MONDAY))
        return w

    return await database.write(build)


LATER = rounds.opens_at(4) + timedelta(hours=12)


async def test_who_did_their_step_is_invited_together_and_never_a_doubter(
    database: Database,
) -> None:
    w = await together(database)
    plan = await database.read(talk_plans.of_owner, w.leader, w.initiative_id, LATER)
    assert plan.may_invite
    for _ in range(2):
        told = await database.write(session_plans.invite, w.leader, w.initiative_id, "k", LATER)
        assert {one.slack_user_id for one in told.people} == {f"U{n}" for n in range(1, 6)}
    assert told.slot.starts_at > LATER + 10 * DAY
    [row] = await database.read(rows, tables.Conversation)
    talk_id = int(str(row["id"]))
    assert len(await database.read(rows, tables.Give)) == 5
    with pytest.raises(Refused, match="aren't invited"):
        await database.write(sessions.answer, w.actor(5), talk_id, True, LATER)
    for place, comes in ((0, True), (1, True), (2, False), (2, True)):
        card = await database.write(sessions.answer, w.actor(place), talk_id, comes, LATER)
    assert [one.slack_user_id for one in card.talk.coming] == ["UDANA", "U1", "U2", "U3"]
    shown = str(session(card).blocks)
    assert all(f"<@U{n}>" in shown for n in (1, 2))
    card = await database.write(sessions.answer, w.actor(2), talk_id, False, LATER)
    assert not (
        await database.read(talk_plans.of_owner, w.leader, w.initiative_id, LATER)
    ).may_invite
    eve = told.slot.starts_at - DAY
    assert await database.write(conversations.lapse_due, eve, 10) == 1
    talk = await database.read(stored.get, talk_id)
    assert talk
    assert talk.state is State.AGREED
    assert await database.read(rows, tables.Give) == []  # nobody else is invited any more
    with pytest.raises(Refused, match="settled"):
        await database.write(sessions.answer, w.actor(3), talk_id, True, eve)
    after = told.slot.ends_at + timedelta(hours=1)
    met = await database.write(talk_notes.tell_how, w.actor(0), talk_id, Event.MET, after)
    assert met.talk.state is State.HELD


async def test_a_session_that_hardly_anybody_comes_to_is_called_off(database: Database) -> None:
    w = await together(database)
    told = await database.write(session_plans.invite, w.leader, w.initiative_id, "k", LATER)
    [row] = await database.read(rows, tables.Conversation)
    await database.write(sessions.answer, w.actor(0), int(str(row["id"])), True, LATER)
    eve = told.slot.starts_at - DAY
    assert await database.write(conversations.lapse_due, eve, 10) == 1
    [row] = await database.read(rows, tables.Conversation)
    assert (row["state"], row["starts_at"]) == ("cancelled", None)
    assert sorted(await database.read(kinds, Kind.TALK_CARD)) == ["U1", "UDANA", "UDANA"]


async def held_session(database: Database) -> tuple[World, int, datetime]:
    """Return a world in which three came to a session, which is over; and when that was asked."""
    w = await together(database)
    told = await database.write(session_plans.invite, w.leader, w.initiative_id, "k", LATER)
    [row] = await database.read(rows, tables.Conversation)
    talk_id = int(str(row["id"]))
    for place, comes in ((0, True), (1, True), (2, True), (3, False)):
        await database.write(sessions.answer, w.actor(place), talk_id, comes, LATER)
    await database.write(conversations.lapse_due, told.slot.starts_at - DAY, 10)
    return w, talk_id, told.slot.ends_at + timedelta(hours=1)


async def read_in_me(database: Database, actor: Actor, now: datetime) -> str:
    return str(me(await database.read(held.about, actor, now)).blocks)


def notes(talk: HeldTalk) -> list[tuple[Person | None, list[str]]]:
    """Return about whom there are notes, with what those put right."""
    return [(one.about, [each.words for each in one.corrections]) for one in talk.notes]


async def read_by_dana(
    database: Database, w: World, now: datetime
) -> list[tuple[Person | None, list[str]]]:
    plan = await database.read(talk_plans.of_owner, w.leader, w.initiative_id, now)
    [talk] = [*plan.under_way, *plan.over]
    return notes(talk)


async def test_a_note_of_a_session_is_read_by_those_it_is_about(database: Database) -> None:
    w, talk_id, after = await held_session(database)
    dana, keep = w.leader, talk_notes.note
    none = ("", ("", None))
    with pytest.raises(Refused):
        await database.read(talk_notes.learned_form, w.actor(0), talk_id, after)
    form = await database.read(talk_notes.learned_form, dana, talk_id, after)
    assert form.people == w.asked[:3]
    to_nobody = (dana, talk_id, "No.", *none, "k0", after, str(w.asked[3].id))
    with pytest.raises(FieldErrors):  # they did not come
        await database.write(keep, *to_nobody)
    await database.write(keep, dana, talk_id, "Show it in the yard.", *none, "k1", after)
    about_one = (dana, talk_id, "Will show it.", *none, "k2", after, str(w.asked[0].id))
    await database.write(keep, *about_one)
    shown = [await read_in_me(database, w.actor(place), after) for place in range(4)]
    assert ["Show it in the yard." in one for one in shown] == [True, True, True, False]
    assert ["Will show it." in one for one in shown] == [True, False, False, False]
    with pytest.raises(Refused):
        await database.write(talk_notes.correct, w.actor(1), talk_id, "x", "k3", after, True)
    await database.write(talk_notes.correct, w.actor(0), talk_id, "I may.", "k4", after, True)
    await database.write(talk_notes.correct, w.actor(1), talk_id, "Not in mine.", "k5", after)
    shown = [await read_in_me(database, w.actor(place), after) for place in range(3)]
    assert ["I may." in one for one in shown] == [True, False, False]
    assert ["Not in mine." in one for one in shown] == [False, True, False]
    both = [(None, ["Not in mine."]), (w.asked[0], ["I may."])]
    assert await read_by_dana(database, w, after) == both
    group_only = (w.stakeholder_ids[0], Choice.GROUP_ONLY, after)
    await database.write(stakeholders.choose, w.actor(0), *group_only)
    assert await read_by_dana(database, w, after) == both  # who met them and wrote it
    talk = await database.read(stored.get, talk_id)
    assert talk
    without = talk_notes.without(talk, {w.asked[0].id})
    told = await database.read(talk_notes.held, [without], "Europe/Berlin")
    assert notes(told[0]) == both[:1]  # others who lead it
    assert w.asked[0] not in told[0].talk.coming


async def test_everybody_is_asked_how_a_session_went(database: Database) -> None:
    w, talk_id, after = await held_session(database)
    say = talk_notes.tell_how
    not_held = await database.write(say, w.actor(0), talk_id, Event.COULD_NOT, after)
    assert not_held.talk.state is State.AGREED  # the others may have met
    held_ = await database.write(say, w.actor(1), talk_id, Event.MET, after)
    assert held_.talk.state is State.HELD
    went = await clockwork.deliver(database, after + DAY / 24)
    asked = [one.recipient for one in went if one.kind is Kind.TALK_AFTER]
    assert sorted(asked) == ["U3", "UDANA"]  # who told it already is not asked
    with pytest.raises(Refused):
        await database.write(say, w.actor(3), talk_id, Event.MET, after)
