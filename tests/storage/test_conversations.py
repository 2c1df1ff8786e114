"""Talks of two: one offer at a time, the first tap gets the time, and nothing follows from a no."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from bot.domain.barriers import Barrier
from bot.domain.conversations import Card, Event, Form, Offer, Origin, State
from bot.domain.evidence import Talked
from bot.domain.gives import GiveKind
from bot.domain.outbox import Kind
from bot.domain.pauses import Reason
from bot.domain.people import Actor, Choice
from bot.errors import FieldErrors, Refused
from bot.services import (
    conversations,
    held,
    initiatives,
    retention,
    stakeholders,
    standings,
    talk_calls,
    talk_lists,
    talk_notes,
    talk_plans,
    talk_sponsors,
    talk_wishes,
)
from bot.views.conversations import host_asked
from bot.views.held import me
from storage import conversations as stored
from storage import pauses as step_backs
from storage import tables
from storage.conversations import NewTalk
from storage.database import Database, Tx
from tests import clockwork, rounds, world
from tests.world import MONDAY, World, rows

DAY = timedelta(days=1)
TEN = datetime(2025, 3, 4, 9, 0, tzinfo=UTC)
"""Tuesday 10:00 in Berlin."""

NOON = rounds.opens_at(2) + timedelta(hours=12)


def offered(
    tx: Tx, w: World, place: int = 0, origin: Origin = Origin.SUGGESTED, at: datetime = MONDAY
) -> int:
    """Have an offer of Dana's before somebody; return its id."""
    new = NewTalk(
        workspace_id=w.workspace_id,
        initiative_id=w.initiative_id,
        form=Form.ONE_ON_ONE,
        origin=origin,
        state=State.OFFERED,
        stakeholder_id=w.stakeholder_ids[place],
        person_id=w.asked[place].id,
        host_id=w.owner.id,
        offered_by_id=w.owner.id,
    )
    talk_id = stored.add(tx, new, at)
    conversations.offer_arrived(tx, talk_id, at)
    return talk_id


async def agreed(database: Database, at: datetime = TEN) -> tuple[World, int]:
    """Return a world with a talk of Dana and the first person agreed on."""
    w = await database.write(world.build)
    talk_id = await database.write(offered, w)
    await database.write(conversations.accept, w.actor(0), talk_id, at, MONDAY)
    return w, talk_id


def kinds(tx: Tx, kind: Kind) -> list[str]:
    """Return who is to get messages of a kind, in order."""
    return [str(row["recipient"]) for row in rows(tx, tables.Outbox) if row["kind"] == kind.value]


async def test_of_a_hundred_who_tap_one_time_exactly_one_gets_it(database: Database) -> None:
    w = await database.write(world.build, asked=100)
    offers = [await database.write(offered, w, place) for place in range(100)]
    quarter = TEN + timedelta(minutes=15)
    taps = [(TEN, quarter)[place % 2] for place in range(100)]  # the two overlap
    results = await asyncio.gather(
        *(
            database.write(conversations.accept, w.actor(place), talk_id, at, MONDAY)
            for place, (talk_id, at) in enumerate(zip(offers, taps, strict=True))
        )
    )
    cards = [one for one in results if isinstance(one, Card)]
    others = [one for one in results if isinstance(one, Offer)]
    assert (len(cards), len(others)) == (1, 99)
    won = cards[0].talk
    for one in others:
        assert one.taken
        assert one.slots
        assert all(
            slot.starts_at >= won.ends_at or slot.ends_at <= won.starts_at
            for slot in one.slots
            if won.starts_at and won.ends_at
        )
    told = await database.read(rows, tables.Conversation)
    assert [row["state"] for row in told].count("agreed") == 1


async def test_one_host_has_no_more_talks_than_fit_into_a_week(database: Database) -> None:
    w = await database.write(world.build, asked=6)
    offers = [await database.write(offered, w, place) for place in range(6)]
    for place, talk_id in enumerate(offers):
        at = TEN + timedelta(minutes=30 * place)
        result = await database.write(conversations.accept, w.actor(place), talk_id, at, MONDAY)
        assert isinstance(result, Card) is (place < 4)
    assert isinstance(result, Offer)
    assert min(slot.starts_at for slot in result.slots) > TEN + 5 * DAY


async def test_a_time_is_agreed_moved_and_called_off(database: Database) -> None:
    w, talk_id = await agreed(database)
    guest, dana = w.actor(0), w.leader
    again = await database.write(conversations.accept, guest, talk_id, TEN, MONDAY)
    assert isinstance(again, Card)  # a second tap changes nothing
    assert await database.read(kinds, Kind.TALK_CARD) == ["UDANA"]
    assert await database.read(kinds, Kind.TALK_REMINDER) == ["U1", "UDANA"]
    later = TEN + DAY
    moved = await database.write(conversations.move, dana, talk_id, later, MONDAY)
    assert isinstance(moved, Card)
    assert (moved.talk.starts_at, moved.talk.sequence, moved.moved) == (later, 1, True)
    night = TEN + timedelta(hours=13)
    refused = await database.write(conversations.move, guest, talk_id, night, MONDAY)
    assert isinstance(refused, Offer)
    with pytest.raises(Refused, match="somebody else's"):
        await database.write(conversations.cancel, w.actor(1), talk_id, MONDAY)
    off = await database.write(conversations.cancel, guest, talk_id, MONDAY)
    assert (off.talk.state, off.talk.sequence) == (State.CANCELLED, 2)
    with pytest.raises(Refused, match="is over"):
        await database.write(conversations.move, guest, talk_id, TEN, MONDAY)
    other = await database.write(offered, w, 1)  # the time is free again
    result = await database.write(conversations.accept, w.actor(1), other, later, MONDAY)
    assert isinstance(result, Card)


async def test_two_in_a_row_declined_and_asking_rests(database: Database) -> None:
    w = await database.write(world.build)
    place = w.stakeholder_ids[0]

    def paused(tx: Tx) -> bool:
        return step_backs.earlier(tx, place, Reason.DECLINED) is not None

    for number in (1, 2):
        talk_id = await database.write(offered, w, at=MONDAY + (number - 0.5) * DAY)
        assert not await database.read(paused)
        for _ in range(2):
            no = await database.write(
                conversations.answer, w.actor(0), talk_id, Event.DECLINED, MONDAY + number * DAY
            )
        assert no.talk.state is State.DECLINED
    assert await database.read(paused)
    found = await database.read(standings.of_one, place, world.STARTED, MONDAY + 3 * DAY)
    told = [one.event.value for one in found.facts if isinstance(one, Talked)] if found else []
    assert told == ["offered", "declined", "offered", "declined"]


@pytest.mark.parametrize(
    ("origin", "counted"),
    [(Origin.SUGGESTED, ["accepted", "offered"]), (Origin.ASKED, ["offered"])],
)
async def test_agreeing_to_a_talk_that_one_asked_for_tells_nothing(
    database: Database, origin: Origin, counted: list[str]
) -> None:
    w = await database.write(world.build)
    talk_id = await database.write(offered, w, 0, origin)
    await database.write(conversations.accept, w.actor(0), talk_id, TEN, MONDAY + DAY / 24)
    place = w.stakeholder_ids[0]
    found = await database.read(standings.of_one, place, world.STARTED, MONDAY + DAY)
    facts = found.facts if found else ()
    assert sorted(one.event.value for one in facts if isinstance(one, Talked)) == counted


async def test_an_offer_that_nobody_answers_is_over_and_tells_nothing(database: Database) -> None:
    w = await database.write(world.build)
    talk_id = await database.write(offered, w)
    assert not await database.write(conversations.lapse_due, MONDAY + 13 * DAY, 10)
    assert await database.write(conversations.lapse_due, MONDAY + 15 * DAY, 10) == 1
    assert not await database.write(conversations.lapse_due, MONDAY + 16 * DAY, 10)
    talk = await database.read(stored.get, talk_id)
    assert talk
    assert talk.state is State.LAPSED
    with pytest.raises(Refused, match="over"):
        await database.write(conversations.accept, w.actor(0), talk_id, TEN, MONDAY)


@pytest.mark.parametrize("choice", [Choice.STOP, Choice.NOT_MY_TOPIC, Choice.GROUP_ONLY])
async def test_an_offer_ends_with_its_reason(database: Database, choice: Choice) -> None:
    w = await database.write(world.build)
    talk_id = await database.write(offered, w)
    place = w.stakeholder_ids[0]
    await database.write(stakeholders.choose, w.actor(0), place, choice, MONDAY)
    talk = await database.read(stored.get, talk_id)
    assert talk
    assert talk.state is State.WITHDRAWN


# --- whom ---------------------------------------------------------------------------------------


async def doubting(database: Database, people: int = 6) -> World:
    """Return a world in which the first five doubt and the last one shows in group figures."""

    def build(tx: Tx) -> World:
        w = world.build(tx, asked=people)
        rounds.play(tx, w, 1, dict.fromkeys(range(people), (1, 1, 1)))
        last = tables.Stakeholder.id == w.stakeholder_ids[-1]
        tx.execute(update(tables.Stakeholder).where(last).values(group_only_at=MONDAY))
        return w

    return await database.write(build)


async def test_an_owner_is_prompted_for_three_and_never_for_group_only_people(
    database: Database,
) -> None:
    w = await doubting(database)
    plan = await database.read(talk_plans.of_owner, w.leader, w.initiative_id, NOON)
    picked = [one.person.slack_user_id for one in plan.picks]
    assert len(picked) == 3
    assert "U6" not in picked
    hidden = w.stakeholder_ids[-1]
    with pytest.raises(Refused, match="can't offer them"):
        await database.write(talk_plans.offer, w.leader, hidden, "k", NOON)
    place = plan.picks[0].candidate.stakeholder_id
    for _ in range(2):  # the same click again offers nothing
        after, _ = await database.write(talk_plans.offer, w.leader, place, "k1", NOON)
    assert [one.talk.state for one in after.under_way] == [State.OFFERED]
    given = await database.read(rows, tables.Give)
    assert [(row["kind"], row["decided_at"]) for row in given] == [(GiveKind.TALK_OFFER, None)]
    with pytest.raises(Refused, match="can't offer them"):
        await database.write(talk_plans.offer, w.leader, place, "k2", NOON)
    back = await database.write(talk_plans.withdraw, w.leader, after.under_way[0].talk.id, NOON)
    assert (back.under_way, await database.read(rows, tables.Give)) == ((), [])
    for number, one in enumerate(back.picks):
        place = one.candidate.stakeholder_id
        await database.write(talk_plans.offer, w.leader, place, f"a{number}", NOON)
    full = await database.read(talk_plans.of_owner, w.leader, w.initiative_id, NOON)
    assert (full.room, len(full.picks)) == (1, 1)


async def test_who_asks_for_a_talk_comes_first_and_gets_times_at_once(database: Database) -> None:
    w = await doubting(database)
    hidden = w.stakeholder_ids[-1]
    for key in "ab":
        words = "I'd like to talk with you about this."
        await database.write(talk_wishes.ask, w.actor(5), hidden, words, key, NOON)
    plan = await database.read(talk_plans.of_owner, w.leader, w.initiative_id, NOON)
    assert plan.picks[0].person.slack_user_id == "U6"  # they gave their name with it
    assert len(await database.read(rows, tables.Input)) == 1
    await database.write(talk_plans.offer, w.leader, hidden, "k", NOON)
    assert await database.read(kinds, Kind.TALK_OFFER) == ["U6"]
    assert await database.read(rows, tables.Give) == []
    assert len(await database.read(rows, tables.InputReply)) == 1
    mine = await database.read(talk_lists.mine, w.actor(5), NOON)
    assert [one.talk.state for one in mine.talks] == [State.OFFERED]
    with pytest.raises(Refused, match="offered to you"):
        await database.write(talk_wishes.ask, w.actor(5), hidden, "x", "c", NOON)


THEN = world.STARTED + 3 * DAY
"""The first check-ins are out."""


async def test_a_general_offer_goes_to_all_group_only_people_and_tells_nothing(
    database: Database,
) -> None:
    w = await clockwork.start(database, asked=8)
    asked = await clockwork.play(database, world.STARTED, THEN)
    assert {one.kind for one in asked} == {Kind.ASK}

    def hide(tx: Tx) -> None:
        hidden = tables.Stakeholder.id.in_(w.stakeholder_ids[3:])
        tx.execute(update(tables.Stakeholder).where(hidden).values(group_only_at=MONDAY))

    await database.write(hide)
    plan = await database.read(talk_plans.of_owner, w.leader, w.initiative_id, THEN)
    assert plan.may_call
    await database.write(talk_calls.call, w.leader, w.initiative_id, THEN)
    given = await database.read(rows, tables.Give)
    assert sorted(int(str(row["stakeholder_id"])) for row in given) == [*w.stakeholder_ids[3:]]
    after = await database.read(talk_plans.of_owner, w.leader, w.initiative_id, THEN)
    assert (after.may_call, after.room, after.under_way) == (False, plan.room, ())
    with pytest.raises(Refused, match="can't offer that"):
        await database.write(talk_calls.call, w.leader, w.initiative_id, THEN + 40 * DAY)
    went = await clockwork.play(database, THEN, THEN + 15 * DAY)
    got = {one.recipient for one in went if one.kind is Kind.GIVE}
    assert got == {one.slack_user_id for one in w.asked[3:]}
    assert not await database.write(conversations.lapse_due, THEN + 27 * DAY, 10)
    assert await database.write(conversations.lapse_due, THEN + 29 * DAY, 10) == 1


async def test_a_sponsor_is_asked_first_and_learns_the_name_last(database: Database) -> None:
    w = await doubting(database)
    plan = await database.read(talk_plans.of_owner, w.leader, w.initiative_id, NOON)
    pick = plan.picks[0]
    place, guest = pick.candidate.stakeholder_id, pick.person.slack_user_id
    for number in (1, 2):  # the first time they can't, and nothing counts as an offer
        offer = (w.leader, place, f"k{number}", NOON, "ULEE")
        await database.write(talk_plans.offer, *offer)
        talk_id = max(int(str(row["id"])) for row in await database.read(rows, tables.Conversation))
        lee = Actor(w.workspace_id, "ULEE")
        with pytest.raises(Refused, match="else was asked"):
            await database.write(talk_sponsors.answer, w.leader, talk_id, True, NOON)
        assert await database.read(rows, tables.Give) == []
        for _ in range(2):
            told = await database.write(talk_sponsors.answer, lee, talk_id, number == 2, NOON)
        assert guest not in str(host_asked(told))
        assert guest not in str(told)
    [given] = await database.read(rows, tables.Give)
    assert given["subject_id"] == talk_id
    assert (await database.read(talk_lists.mine, lee, NOON)).talks == ()
    await database.write(conversations.offer_arrived, talk_id, NOON)
    start = (await database.read(conversations.offer, talk_id, NOON)).slots[0].starts_at
    sam = Actor(w.workspace_id, guest)
    card = await database.write(conversations.accept, sam, talk_id, start, NOON)
    assert isinstance(card, Card)
    assert await database.read(kinds, Kind.TALK_CARD) == ["ULEE"]
    [mine] = (await database.read(talk_lists.mine, lee, NOON)).talks
    assert mine.talk.guest == card.talk.guest
    other = plan.picks[1]
    themselves, where = other.person.slack_user_id, other.candidate.stakeholder_id
    with pytest.raises(FieldErrors):
        await database.write(talk_plans.offer, w.leader, where, "k9", NOON, themselves)


# --- afterwards ---------------------------------------------------------------------------------

AFTER = TEN + timedelta(hours=1)


async def test_both_sides_are_asked_whatever_the_other_one_said(database: Database) -> None:
    w, talk_id = await agreed(database)
    await database.write(talk_notes.tell_how, w.actor(0), talk_id, Event.MET, AFTER)
    went = await clockwork.deliver(database, AFTER)
    assert [one.recipient for one in went if one.kind is Kind.TALK_AFTER] == ["UDANA"]


async def test_both_say_how_it_went_and_the_guest_puts_the_note_right(database: Database) -> None:
    w, talk_id = await agreed(database)
    guest, dana = w.actor(0), w.leader
    await database.write(talk_notes.tell_how, dana, talk_id, Event.BOOKED, AFTER)
    asked_again = await database.read(kinds, Kind.TALK_AFTER)
    assert asked_again == ["U1", "UDANA", "UDANA"]
    said = await database.write(talk_notes.tell_how, guest, talk_id, Event.MET, AFTER)
    assert said.talk.state is State.HELD
    with pytest.raises(Refused):
        await database.read(talk_notes.learned_form, guest, talk_id, AFTER)
    nothing = (dana, talk_id, "", "", ("", None), "k0", AFTER)
    with pytest.raises(FieldErrors):
        await database.write(talk_notes.note, *nothing)
    words = "Mornings are too busy."
    due = (AFTER + 7 * DAY).date()
    kept = (dana, talk_id, words, Barrier.NO_TIME.value, ("Move the start", due), "k1", AFTER)
    for _ in range(2):
        await database.write(talk_notes.note, *kept)
    await database.write(talk_notes.correct, guest, talk_id, "Only Mondays are.", "k2", AFTER)
    about = await database.read(held.about, guest, AFTER)
    [talk] = about.places[0].talks
    [note] = talk.notes
    assert (note.words, note.corrected_by(w.asked[0].id)) == (words, "Only Mondays are.")
    shown = str(me(about).blocks)
    assert all(one in shown for one in ("No time", words, "Only Mondays are."))
    plan = await database.read(talk_plans.of_owner, dana, w.initiative_id, AFTER)
    assert [one.notes for one in plan.over] == [talk.notes]
    [step] = await database.read(rows, tables.Commitment)
    assert step["stakeholder_id"] is None


async def test_what_was_held_about_talks_goes_with_the_initiative(database: Database) -> None:
    w, talk_id = await agreed(database)
    kept = (w.leader, talk_id, "Mornings.", "", ("", None), "k", AFTER)
    await database.write(talk_notes.note, *kept)

    def end(tx: Tx) -> None:
        ended = update(tables.Initiative).values(status="ended", ended_at=AFTER, next_due_at=AFTER)
        tx.execute(ended)

    await database.write(end)
    assert (await database.read(initiatives.load, w.initiative_id)).ended_at == AFTER
    assert await database.write(retention.forget_due, AFTER + 31 * DAY, 10)
    for table in (tables.Conversation, tables.ConversationEvent, tables.ConversationNote):
        assert await database.read(rows, table) == []
