"""What gets in the way: asked, named, answered, called solved, and what it means for pacing."""

import random
from datetime import datetime, timedelta

import pytest

from bot.domain.barriers import (
    Barrier,
    BarrierQuestion,
    Event,
    InTheWay,
    ReplyKind,
    is_answered,
)
from bot.domain.cycles import Cycle
from bot.domain.digests import Digest
from bot.domain.endings import LastWords
from bot.domain.followups import FollowUp
from bot.domain.gives import GiveKind
from bot.domain.obstacles import named
from bot.domain.outbox import Kind
from bot.domain.people import Choice as Wish
from bot.domain.pulses import Choice, Question
from bot.domain.todos import ListeningDebt
from bot.errors import FieldErrors, Refused
from bot.services import (
    barriers,
    digests,
    endings,
    followups,
    gives,
    held,
    obstacles,
    pulses,
    retention,
    stakeholders,
)
from bot.views.digests import status_message
from bot.views.held import me
from storage import barriers as stored
from storage import figures, pacing_known, tables
from storage import followups as followed
from storage import stakeholders as places
from storage.database import Database, Tx
from tests import clockwork, rounds, world
from tests.world import STARTED, World, rows

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
NOON = STARTED + timedelta(days=2, hours=2, minutes=30)
"""Wednesday 12:30 in Berlin: the first check-ins are out."""

NEXT = NOON + WEEK
NO_TIME, LEADERS = Barrier.NO_TIME, Barrier.LEADERS_NOT_BEHIND


async def answered(database: Database, people: int = 1, value: int = 2) -> tuple[World, list[int]]:
    """People who were asked and answered `value` three times; return their asks, too."""
    w = await clockwork.start(database, asked=people)
    went = await clockwork.play(database, STARTED, NOON)
    asks = [one.subject_id for one in sorted(went, key=lambda one: int(one.recipient[1:]))]
    for place, ask_id in enumerate(asks):
        await tap(database, w, place, ask_id, NOON, value)
    return w, asks


async def at_once(
    database: Database, people: int = 1, value: int = 2
) -> tuple[World, list[int], Cycle]:
    """The same without the clock, which most of this does not need; the round, too."""

    def build(tx: Tx) -> tuple[World, Cycle]:
        w = world.build(tx, asked=people)
        cycle = rounds.open_round(tx, w)
        rounds.answer(tx, w, cycle, dict.fromkeys(range(people), (value,) * 3), at=NOON)
        return w, cycle

    w, cycle = await database.write(build)
    asks = await database.read(rows, tables.Ask)
    return w, [int(str(row["id"])) for row in asks], cycle


async def tap(
    database: Database, w: World, place: int, ask_id: int, at: datetime, value: int = 2
) -> BarrierQuestion | None:
    for question in Question:
        given, key = Choice(question.value, value), f"{place}{question}{ask_id}"
        await database.write(pulses.tap, w.actor(place), ask_id, given, key, at)
    one = await database.read(pulses.check_in, ask_id, at)
    await database.write(followups.shown, one, at)
    return one.follow_up if isinstance(one.follow_up, BarrierQuestion) else None


async def pick(
    database: Database, w: World, place: int, ask_id: int, code: Barrier, at: datetime = NOON
) -> None:
    await database.write(barriers.pick, w.actor(place), ask_id, code, f"{place}{code}{at}", at)


async def read(database: Database, w: World, now: datetime) -> Digest:
    return await database.read(digests.status, w.leader, w.initiative_id, now)


def way(digest: Digest) -> dict[Barrier, tuple[list[str], int, bool]]:
    """What an owner reads: who is named, how many more without a name, and if it is answered."""
    found = [todo for todo in digest.todos if isinstance(todo, InTheWay)]
    found += [
        todo.in_the_way
        for todo in digest.todos
        if isinstance(todo, ListeningDebt) and todo.in_the_way
    ]
    return {
        one.code: (
            [named.person.slack_user_id for named in one.people],
            one.at_least,
            one.answered_on is not None,
        )
        for todo in found
        for one in todo.obstacles
    }


async def test_it_is_asked_after_a_low_answer_and_not_again_for_four_weeks(
    database: Database,
) -> None:
    w, asks = await answered(database)
    again = await database.read(pulses.check_in, asks[0], NOON)
    assert isinstance(again.follow_up, BarrierQuestion)
    assert not again.asks_anew
    shown, now = list[bool](), NOON + DAY
    for number in (2, 3):
        await clockwork.share(database, w, w.initiative_id, now)  # or nobody would be asked
        went = await clockwork.play(database, now, NOON + number * 2 * WEEK, Kind.ASK)
        now = went[-1].at
        shown.append(await tap(database, w, 0, went[-1].subject_id, now) is not None)
    assert shown == [False, True]


async def test_it_is_not_asked_of_who_has_no_low_answer(database: Database) -> None:
    w, asks, _ = await at_once(database, value=5)
    one = await database.read(pulses.check_in, asks[0], NOON)
    assert not isinstance(one.follow_up, BarrierQuestion)
    assert w.asked


async def test_what_is_named_with_the_name_is_read_with_it_by_both(database: Database) -> None:
    w, asks, _ = await at_once(database, 2)
    await pick(database, w, 0, asks[0], NO_TIME)
    words = ("Mornings are full", "w", NOON)
    await database.write(barriers.add_words, w.actor(0), asks[0], *words)
    digest = await read(database, w, NOON + DAY)
    assert way(digest) == {NO_TIME: (["U1"], 0, False)}
    about = await database.read(held.about, w.actor(0), NOON + DAY)
    owner, mine = str(status_message(digest).blocks), str(me(about).blocks)
    for shown in (owner, mine):
        assert "<@U1> named *No time* on Wed 26 February" in shown
        assert "Mornings are full" in shown
    assert "U2" not in owner
    other = await database.read(held.about, w.actor(1), NOON + DAY)
    assert "No time" not in str(me(other).blocks)


async def test_what_touches_leaders_shows_no_name_unless_they_say_so(database: Database) -> None:
    w, asks, _ = await at_once(database, 2)
    await pick(database, w, 0, asks[0], LEADERS)
    assert way(await read(database, w, NOON + DAY)) == {}
    audited = await database.read(rows, tables.Audit)
    named = [row for row in audited if row["what"] == "barriers.named"]
    assert [row["who"] for row in named] == ["app"]
    place, _ = await database.read(rows, tables.Stakeholder)
    assert place["barrier_at"] is None
    with pytest.raises(Refused):  # owners read nothing of it, so they cannot find out by asking
        await database.read(obstacles.form, w.leader, w.initiative_id, LEADERS, NOON)
    with pytest.raises(Refused):
        await database.read(barriers.words_form, w.actor(0), asks[0])
    await database.write(barriers.give_name, w.actor(0), asks[0], "n", NOON)
    assert way(await read(database, w, NOON + DAY)) == {LEADERS: (["U1"], 0, False)}


async def test_somebody_in_group_figures_is_named_nowhere(database: Database) -> None:
    w, asks, _ = await at_once(database, 2)
    await pick(database, w, 0, asks[0], NO_TIME)
    choose = (w.stakeholder_ids[0], Wish.GROUP_ONLY, NOON)
    await database.write(stakeholders.choose, w.actor(0), *choose)
    assert way(await read(database, w, NOON + DAY)) == {}
    debts = await database.read(pacing_known.debts, [w.initiative_id])
    assert debts[w.initiative_id].waiting_since is None
    await pick(database, w, 0, asks[0], Barrier.TRIED_BEFORE, NOON + DAY)
    with pytest.raises(Refused):
        await database.write(barriers.give_name, w.actor(0), asks[0], "n", NOON + DAY)
    assert way(await read(database, w, NOON + DAY)) == {}


async def test_an_owner_answers_once_and_each_who_named_it_gets_it(database: Database) -> None:
    w, asks = await answered(database, 4)
    await pick(database, w, 0, asks[0], NO_TIME)
    await pick(database, w, 1, asks[1], NO_TIME)
    await pick(database, w, 2, asks[2], Barrier.TRIED_BEFORE)
    about = (w.initiative_id, NO_TIME)
    with pytest.raises(FieldErrors):
        await database.write(obstacles.answer, w.leader, about, "  ", "k", NOON)
    for _ in range(2):  # a form sent twice
        await database.write(obstacles.answer, w.leader, about, "Tuesdays are free.", "k", NOON)
    await pick(database, w, 3, asks[3], NO_TIME, NOON + DAY)  # names it later
    digest = await read(database, w, NOON + DAY)
    assert way(digest)[NO_TIME] == (["U4", "U2", "U1"], 0, True)
    went = await clockwork.play(database, NOON + DAY, NEXT + 4 * DAY)
    given = [one for one in went if one.kind is Kind.GIVE]
    assert sorted(one.recipient for one in given) == ["U1", "U2", "U4"]
    assert len(given) == 3
    shown = await database.read(gives.given, given[0].subject_id)
    assert (shown.kind, shown.words, shown.barrier) == (
        GiveKind.BARRIER_ANSWER,
        "Tuesdays are free.",
        NO_TIME,
    )


async def test_who_called_it_solved_asks_whether_it_is(database: Database) -> None:
    w, asks = await answered(database, 2)
    for place in (0, 1):
        await pick(database, w, place, asks[place], NO_TIME)
    about = (w.initiative_id, NO_TIME)
    await database.write(obstacles.close, w.leader, about, "Shifts moved.", "c", NOON)
    assert way(await read(database, w, NOON + DAY)) == {}
    went = await clockwork.play(database, NOON + DAY, NEXT + 4 * DAY)
    asked = {one.recipient: one for one in went if one.kind is Kind.GIVE}
    assert sorted(asked) == ["U1", "U2"]
    at = asked["U1"].at
    said = (w.actor(0), asked["U1"].subject_id)
    with pytest.raises(Refused):
        await database.write(barriers.verdict, w.actor(1), said[1], True, at)
    await database.write(barriers.verdict, *said, False, at)
    await database.write(barriers.verdict, *said, False, at)
    assert (
        await database.write(barriers.verdict, w.actor(1), asked["U2"].subject_id, True, at)
    ).solved
    digest = await read(database, w, at + DAY)
    assert way(digest) == {NO_TIME: (["U1"], 0, False)}
    assert "isn't solved yet" in str(status_message(digest).blocks)
    places = await database.read(rows, tables.Stakeholder)
    assert [place["barrier_at"] is not None for place in places] == [True, False]
    facts = await database.read(rows, tables.BarrierFact)
    assert [row["event"] for row in facts] == ["named", "named", "not_solved", "solved"]
    await database.write(barriers.gone, w.actor(0), w.stakeholder_ids[0], at + DAY)
    assert way(await read(database, w, at + DAY)) == {}


async def test_an_answer_that_came_too_late_is_not_given(database: Database) -> None:
    w, asks = await answered(database, 1)
    await pick(database, w, 0, asks[0], NO_TIME)
    about = (w.initiative_id, NO_TIME)
    await database.write(obstacles.answer, w.leader, about, "Tuesdays are free.", "k", NOON)
    await pick(database, w, 0, asks[0], Barrier.TRIED_BEFORE, NOON + DAY)
    went = await clockwork.play(database, NOON + DAY, NEXT + 4 * DAY)
    assert [one for one in went if one.kind is Kind.GIVE] == []


async def test_what_has_no_answer_for_two_weeks_stops_the_asking(database: Database) -> None:
    w, asks = await answered(database, 2)
    await pick(database, w, 0, asks[0], NO_TIME)
    await clockwork.share(database, w, w.initiative_id, NOON + 10 * DAY)
    late = await clockwork.play(database, NOON + 10 * DAY, NOON + 5 * WEEK)
    assert [one.kind for one in late if one.at > NOON + 15 * DAY and one.kind is Kind.ASK] == []
    digest = await read(database, w, NOON + 5 * WEEK)
    [debt] = [todo for todo in digest.todos if isinstance(todo, ListeningDebt)]
    assert debt.in_the_way is not None
    about = (w.initiative_id, NO_TIME)
    await database.write(obstacles.answer, w.leader, about, "Soon.", "k", NOON + 5 * WEEK)
    await clockwork.share(database, w, w.initiative_id, NOON + 5 * WEEK)
    paid = await clockwork.play(database, NOON + 5 * WEEK, NOON + 5 * WEEK + 8 * DAY)
    assert Kind.ASK in [one.kind for one in paid]


async def test_five_without_a_name_are_a_number_when_the_round_closes(database: Database) -> None:
    w, asks, cycle = await at_once(database, 11)
    for place in range(6):
        await pick(database, w, place, asks[place], LEADERS)
    assert way(await read(database, w, NOON + DAY)) == {}
    for place, ask_id in enumerate(asks):  # as the clock has it noted
        stakeholder_id = w.stakeholder_ids[place]
        await database.write(followed.add, stakeholder_id, ask_id, FollowUp.BARRIER, NOON)
    close = rounds.opens_at(2)
    closed = await database.write(rounds.close, cycle)
    await database.write(obstacles.round_closed, w.workspace_id, closed, close)
    digest = await read(database, w, close + DAY)
    assert way(digest) == {LEADERS: ([], 5, False)}
    assert "at least 5 people, without their names" in str(status_message(digest).blocks)
    about = (w.initiative_id, LEADERS)
    await database.write(obstacles.answer, w.leader, about, "Ada speaks.", "k", close + DAY)
    given = await database.read(rows, tables.Give)
    mine = [row for row in given if row["kind"] == GiveKind.BARRIER_ANSWER.value]
    assert {row["stakeholder_id"] for row in mine} == set(w.stakeholder_ids[:6])
    assert way(await read(database, w, close + 2 * DAY))[LEADERS][2]
    debts = await database.read(pacing_known.debts, [w.initiative_id])
    assert debts[w.initiative_id].waiting_since is None


async def test_nothing_is_picked_for_somebody_else_or_too_late(database: Database) -> None:
    w, asks = await answered(database, 2)
    with pytest.raises(Refused):
        await pick(database, w, 1, asks[0], NO_TIME)
    await pick(database, w, 0, asks[0], NO_TIME)
    await pick(database, w, 0, asks[0], NO_TIME, NOON + DAY)  # the same again writes nothing
    assert len(await database.read(rows, tables.BarrierFact)) == 1
    late = rounds.opens_at(2) + DAY
    await clockwork.play(database, NOON + DAY, late)
    with pytest.raises(Refused):
        await pick(database, w, 0, asks[0], Barrier.TRIED_BEFORE, late)


async def test_it_can_be_said_without_being_asked(database: Database) -> None:
    w = await database.write(world.build, asked=2)
    own = w.stakeholder_ids[0]
    with pytest.raises(FieldErrors):
        await database.write(barriers.say, w.actor(0), own, ("", "", False), "0", NOON)
    quietly = (LEADERS.value, "Ada never comes", False)
    kept = await database.write(barriers.say, w.actor(0), own, quietly, "1", NOON)
    assert (kept.chosen, kept.named) == (LEADERS, False)
    assert way(await read(database, w, NOON)) == {}
    words = [row["words"] for row in await database.read(rows, tables.FreeText)]
    assert "Ada never comes" not in words  # words need a name
    by_name = (NO_TIME.value, "Mornings are full", False)
    for _ in range(2):
        kept = await database.write(barriers.say, w.actor(0), own, by_name, "2", NOON)
        assert kept.named
    assert len(await database.read(rows, tables.BarrierFact)) == 2
    assert way(await read(database, w, NOON)) == {NO_TIME: (["U1"], 0, False)}
    with pytest.raises(Refused):
        await database.read(barriers.say_form, w.actor(1), own)
    await database.write(stakeholders.choose, w.actor(0), own, Wish.STOP, NOON)
    with pytest.raises(Refused):
        await database.read(barriers.say_form, w.actor(0), own)


async def test_thirty_days_after_the_end_nothing_of_it_is_left(database: Database) -> None:
    w, asks, _ = await at_once(database)
    await pick(database, w, 0, asks[0], NO_TIME)
    await database.write(barriers.add_words, w.actor(0), asks[0], "Mornings", "w", NOON)
    about = (w.initiative_id, NO_TIME)
    await database.write(obstacles.answer, w.leader, about, "Tuesdays are free.", "k", NOON)
    last = LastWords("Everything is labelled.", "You chose when.")
    await database.write(endings.end, w.leader, w.initiative_id, last, "end", NOON)
    assert await database.write(retention.forget_due, NOON + 31 * DAY, 10) == 1
    for table in (tables.BarrierFact, tables.BarrierReply, tables.BarrierTotals):
        assert await database.read(rows, table) == []
    words = [row["words"] for row in await database.read(rows, tables.FreeText)]
    assert "Mornings" not in words
    assert "Tuesdays are free." not in words


async def test_what_owners_owe_is_the_same_in_the_database_and_in_the_rules(
    database: Database,
) -> None:
    """One statement finds what has no answer; the digest finds it with the rules in Python."""
    draw = random.Random(7)
    w = await database.write(world.build, asked=5)
    codes = [NO_TIME, LEADERS, Barrier.RATHER_NOT_SAY]

    def live(tx: Tx, number: int) -> None:
        at = STARTED + number * timedelta(hours=3)
        if draw.random() < 0.3:
            kind = draw.choice(list(ReplyKind))
            to = (w.initiative_id, draw.choice(codes))
            stored.add_reply(tx, w.workspace_id, to, kind, None, w.owner.id, at)
            return
        place = places.load(tx, draw.choice(w.stakeholder_ids))
        assert place is not None
        said = (draw.choice(list(Event)), draw.choice(codes), draw.random() < 0.7)
        stored.add(tx, place, said, at)

    def check(tx: Tx) -> None:
        known, people = stored.known(tx, w.initiative_id), figures.people_of(tx, w.initiative_id)
        by_name = named(people, known, STARTED, "Europe/Berlin")
        owed = [
            fact.at
            for fact, _ in by_name.values()
            if not is_answered(fact, known.replies.get(fact.code))
        ]
        debt = pacing_known.debts(tx, [w.initiative_id])[w.initiative_id]
        assert debt.waiting_since == min(owed, default=None)

    for number in range(60):
        await database.write(live, number)
        await database.read(check)
