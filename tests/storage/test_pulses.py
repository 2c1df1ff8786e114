"""Rounds, check-ins and taps in the database, one after the other and at the same time."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import func, select, update

from bot import scheduler
from bot.domain.initiatives import Place, Visibility
from bot.domain.outbox import Claimed, Drop, Kind, State
from bot.domain.people import Actor
from bot.domain.pulses import Choice, Explain, Given, Mine, Question, TapStatus
from bot.errors import Refused
from bot.services import cycles, outbox, pacing, pulses, rounds
from storage import pulses as stored_pulses
from storage import tables
from storage.database import Database, Tx, open_database
from tests import clockwork, world
from tests.world import MONDAY, World, rows

OPENING = datetime(2025, 2, 25, 23, 0, tzinfo=UTC)
"""Midnight of the first date, Wed 26 February, in Berlin."""

WEDNESDAY = OPENING + timedelta(hours=12, minutes=30)
DAY = timedelta(days=1)
OURS = {Kind.INTRODUCTION, Kind.ASK, Kind.REMINDER, Kind.ROUND_RESULT}
VERY = Choice("useful", 4)


async def opened(database: Database, now: datetime = WEDNESDAY, **how: Any) -> World:
    """Build the world and let its first round open and everyone be asked by `now`."""
    w = await database.write(world.build, **how)
    await database.write(pacing.schedule_all, w.initiative_id, world.STARTED)
    await turn(database, now)
    return w


async def turn(database: Database, now: datetime) -> None:
    """Do what the clock does."""
    await scheduler.tick(database, now)


async def deliver(database: Database, now: datetime) -> list[Kind]:
    """Send what is due as the sender would; return the kinds that went out."""
    went = []
    while claimed := await database.write(outbox.claim_due, 100, now):
        for row in claimed:
            verdict = await database.write(outbox.decide, row, now)
            if type(verdict).__name__ != "Send":
                continue
            await database.write(outbox.begin_sending, row, now)
            await database.write(outbox.sent, row, f"D{row.recipient}", f"{row.id}.0", now)
            went.append(row.kind)
    return went


async def play(database: Database, start: datetime, end: datetime) -> list[tuple[datetime, Kind]]:
    """Move the clock of rounds and people; return what went to those asked, and when."""
    sent, now = list[tuple[datetime, Kind]](), start
    while now <= end:
        went, due = await database.write(clockwork.moment, now)
        sent += [(now, one.kind) for one in went if one.kind in OURS]
        now = max(due or end, now + timedelta(minutes=10))
    return sent


async def live(database: Database, start: datetime, end: datetime) -> list[tuple[datetime, Kind]]:
    """Do the same with everything that the clock does, digests and estimates, too."""
    sent, now = [], start
    while now <= end:
        await turn(database, now)
        sent += [(now, kind) for kind in await deliver(database, now) if kind in OURS]
        due = await database.read(scheduler.next_due)
        now = max(due or end, now + timedelta(minutes=10))
    return sent


def asks(tx: Tx) -> list[dict[str, Any]]:
    return rows(tx, tables.Ask)


def answers(tx: Tx) -> list[tuple[Any, ...]]:
    return [
        (row["ask_id"], row["question"], row["value"], row["choice"])
        for row in rows(tx, tables.Answer)
    ]


def queued(tx: Tx) -> list[tuple[str, int, str]]:
    return [
        (str(row["kind"]), int(str(row["subject_id"])), str(row["state"]))
        for row in rows(tx, tables.Outbox)
    ]


async def ask_of(database: Database, w: World, place: int) -> int:
    """Return the ask of one of the people asked."""
    own = w.stakeholder_ids[place]
    made = await database.read(asks)
    return int(next(row["id"] for row in made if row["stakeholder_id"] == own))


# --- rounds -----------------------------------------------------------------------------------


async def test_the_first_round_opens_on_its_day_and_everyone_is_asked(database: Database) -> None:
    w = await opened(database, OPENING - timedelta(minutes=1))
    assert await database.read(cycles.current, w.initiative_id, MONDAY) is None
    await turn(database, WEDNESDAY)
    cycle = await database.read(cycles.current, w.initiative_id, WEDNESDAY)
    assert cycle
    assert (cycle.number, cycle.opens_at) == (1, OPENING)
    assert cycle.closes_at == OPENING + 14 * DAY
    made = await database.read(asks)
    assert [row["stakeholder_id"] for row in made] == list(w.stakeholder_ids)
    assert {(row["origin"], row["slot"], row["visibility"]) for row in made} == {
        ("app", 0, "named")
    }
    assert {row["plan_version_id"] for row in made} == {w.plan_version_id}
    assert await database.read(queued) == [("ask", row["id"], "queued") for row in made]
    again = await database.write(pacing.plan_due, WEDNESDAY, 500)
    assert again == 0


async def test_everyone_is_asked_in_their_own_morning(database: Database) -> None:
    await opened(database, OPENING)
    dues = {row["next_due_at"] for row in await database.read(rows, tables.Stakeholder)}
    assert len(dues) == 6
    nine_thirty = OPENING + timedelta(hours=9, minutes=30)
    assert all(nine_thirty <= due <= nine_thirty + timedelta(minutes=90) for due in dues)  # type: ignore[operator]


async def test_a_month_goes_by_rounds_follow_and_silence_gets_one_reminder_each(
    database: Database,
) -> None:
    await opened(database, OPENING)
    sent = await live(database, OPENING, OPENING + 30 * DAY)
    per_kind = {kind: sum(one is kind for _, one in sent) for kind in Kind}
    assert per_kind[Kind.ASK] == 2 * 6  # two weeks became three, then four: nobody answers
    assert per_kind[Kind.REMINDER] == 6 + 4  # for two it is too late: they were asked a day later
    closed = await database.read(rows, tables.Cycle)
    assert [row["number"] for row in closed] == [1, 2, 3]
    assert [row["closed_at"] is not None for row in closed] == [True, True, False]
    assert per_kind[Kind.ROUND_RESULT] == 2 * 6
    reasons = {row["end_reason"] for row in await database.read(asks) if row["closed_at"]}
    assert reasons == {"round_closed"}
    assert len(await database.read(rows, tables.GroupFigure)) == 8
    assert await database.read(pulses.participation, 1) == (6, 0)


async def test_downtime_piles_nothing_up(database: Database) -> None:
    await opened(database)
    back = OPENING + 47 * DAY + timedelta(hours=12)  # three rounds were missed
    await turn(database, back)
    made = await database.read(rows, tables.Cycle)
    assert [row["number"] for row in made] == [1, 2, 3, 4]
    assert [row["opens_at"] for row in made[1:]] == [row["closes_at"] for row in made[:-1]]
    assert [row["closed_at"] for row in made] == [back, back, back, None]
    new = [row for row in await database.read(asks) if row["cycle_id"] == made[3]["id"]]
    old = [row for row in await database.read(asks) if row["cycle_id"] == made[0]["id"]]
    assert len(old) == 6
    assert all(row["cycle_id"] != made[1]["id"] for row in await database.read(asks))
    assert len(new) <= 6
    sent = await deliver(database, back)
    assert sent.count(Kind.ASK) == len(new)  # those of round 1 never went out and never will
    lost = [(row["number"], row["rule"]) for row in await database.read(rows, tables.Dropped)]
    assert Counter(lost) == {(2, "down"): 6, (3, "down"): 6}  # no round is just missing


async def test_a_check_in_not_sent_before_its_round_closed_is_dropped(database: Database) -> None:
    await opened(database)
    await database.write(cycles.turn_due, OPENING + 14 * DAY, 10)
    morning = OPENING + 14 * DAY + timedelta(hours=12)
    assert Kind.ASK not in await deliver(database, morning)
    states = {row["reason"] for row in await database.read(rows, tables.Outbox)}
    assert states == {"round_closed"}


async def test_whoever_answered_is_not_reminded(database: Database) -> None:
    w = await opened(database)
    await deliver(database, WEDNESDAY)
    ask_id = await ask_of(database, w, 0)
    await database.write(pulses.tap, w.actor(0), ask_id, VERY, "k", WEDNESDAY)
    sent = await play(database, WEDNESDAY, OPENING + 8 * DAY)
    assert [kind for _, kind in sent] == [Kind.REMINDER] * 5
    local = {(when + timedelta(hours=1)).date() for when, _ in sent}
    assert {str(day) for day in local} == {"2025-03-03"}  # the third working day


async def test_two_clocks_at_once_double_nothing(database_url: str) -> None:
    one, two = open_database(database_url), open_database(database_url)
    try:
        w = await one.write(world.build, asked=30)
        await one.write(pacing.schedule_all, w.initiative_id, world.STARTED)
        await asyncio.gather(
            *(each.write(cycles.turn_due, WEDNESDAY, 10) for each in (one, two, one, two))
        )
        for _ in range(3):
            await asyncio.gather(
                *(each.write(pacing.plan_due, WEDNESDAY, 7) for each in (one, two) * 4)
            )
        assert len(await one.read(rows, tables.Cycle)) == 1
        assert len(await one.read(asks)) == 30
        assert len(await one.read(queued)) == 30
    finally:
        await one.close()
        await two.close()


async def test_an_ending_closes_the_round(database: Database) -> None:
    w = await opened(database)
    await database.write(cycles.end, w.initiative_id, WEDNESDAY)
    assert await database.read(cycles.current, w.initiative_id, WEDNESDAY) is None
    assert {row["end_reason"] for row in await database.read(asks)} == {"initiative_ended"}
    tapped = await database.write(
        pulses.tap, w.actor(0), await ask_of(database, w, 0), VERY, "k", WEDNESDAY
    )
    assert tapped.status is TapStatus.CLOSED


# --- taps -------------------------------------------------------------------------------------


async def test_a_tap_is_kept_and_the_same_again_writes_nothing(database: Database) -> None:
    w = await opened(database)
    ask_id = await ask_of(database, w, 0)

    async def tap(value: int, key: str) -> tuple[TapStatus, int]:
        given = Choice("useful", value)
        tapped = await database.write(pulses.tap, w.actor(0), ask_id, given, key, WEDNESDAY)
        return tapped.status, tapped.revision

    assert await tap(4, "a") == (TapStatus.SAVED, 1)
    assert await tap(4, "a") == (TapStatus.REPEATED, 1)
    assert await tap(4, "b") == (TapStatus.SAME, 1)
    assert await tap(2, "c") == (TapStatus.SAVED, 2)
    assert await tap(4, "d") == (TapStatus.SAVED, 3)  # all are kept, the last one holds
    assert await database.read(answers) == [
        (ask_id, "useful", 4, None),
        (ask_id, "useful", 2, None),
        (ask_id, "useful", 4, None),
    ]
    [fact] = await database.read(pulses.answers_of, w.initiative_id)
    assert (fact.question, fact.value, fact.cycle_number) == ("useful", 4, 1)


async def test_recorded_choices_are_told_apart_from_values(database: Database) -> None:
    w = await opened(database)
    ask_id = await ask_of(database, w, 0)
    nothing = Choice("effort", None, "nothing_needed")
    for key, given in enumerate([nothing, nothing, Choice("effort", 1)]):
        await database.write(pulses.tap, w.actor(0), ask_id, given, str(key), WEDNESDAY)
    assert await database.read(answers) == [
        (ask_id, "effort", None, "nothing_needed"),
        (ask_id, "effort", 1, None),
    ]


async def test_a_check_in_that_its_round_left_open_takes_no_answers(database: Database) -> None:
    w = await opened(database)
    ask_id = await ask_of(database, w, 0)
    closed = update(tables.Cycle).values(closed_at=WEDNESDAY)  # as it closed, the ask was added
    await database.write(lambda tx: tx.execute(closed))
    tapped = await database.write(pulses.tap, w.actor(0), ask_id, VERY, "k", WEDNESDAY)
    assert tapped.status is TapStatus.CLOSED
    assert (await database.read(pulses.check_in, ask_id, WEDNESDAY)).closed
    assert await database.read(answers) == []


async def test_an_answer_takes_i_do_not_know_back(database: Database) -> None:
    w = await opened(database)
    ask_id = await ask_of(database, w, 0)

    async def done() -> bool:
        [one] = await database.read(stored_pulses.open_for, w.asked[0].id, WEDNESDAY)
        return one.is_done

    await database.write(
        pulses.tap, w.actor(0), ask_id, Choice("know", None, "dont_know"), "1", WEDNESDAY
    )
    assert await done()
    await database.write(pulses.tap, w.actor(0), ask_id, VERY, "2", WEDNESDAY)
    assert not await done()


async def test_a_tap_that_may_not_be_writes_nothing(database: Database) -> None:
    w = await opened(database)
    ask_id = await ask_of(database, w, 0)

    async def status(actor: Actor, ask: int = ask_id) -> TapStatus:
        key = f"{actor}{ask}"
        return (await database.write(pulses.tap, actor, ask, VERY, key, WEDNESDAY)).status

    async def set_all(table: type[tables.Base], **values: object) -> None:
        await database.write(lambda tx: tx.execute(update(table).values(**values)))

    other_workspace = Actor(w.workspace_id + 1, w.asked[0].slack_user_id)
    for nobody in (w.actor(1), w.leader, Actor(w.workspace_id, "UX"), other_workspace):
        assert await status(nobody) is TapStatus.NOT_YOURS
    assert await status(w.actor(0), 999) is TapStatus.NOT_YOURS
    await set_all(tables.Ask, closed_at=WEDNESDAY)
    assert await status(w.actor(0)) is TapStatus.CLOSED
    await set_all(tables.Initiative, status="ended")
    assert await status(w.actor(0)) is TapStatus.ENDED
    await set_all(tables.Person, is_deleted=True)
    assert await status(w.actor(0)) is TapStatus.LEFT
    assert await database.read(answers) == []
    assert await database.read(rows, tables.ReceivedKey) == []


async def test_taps_at_the_same_moment_are_all_kept_in_one_order(database_url: str) -> None:
    one, two = open_database(database_url), open_database(database_url)
    try:
        w = await opened(one)
        ask_id = await ask_of(one, w, 0)
        taps = [
            each.write(
                pulses.tap, w.actor(0), ask_id, Choice("useful", 1 + n % 5), f"k{n}", WEDNESDAY
            )
            for n, each in enumerate((one, two) * 10)
        ]
        tapped = await asyncio.gather(*taps)
        saved = [each for each in tapped if each.status is TapStatus.SAVED]
        kept = await one.read(answers)
        assert len(kept) == len(saved)
        assert sorted(each.revision for each in saved) == list(range(1, len(saved) + 1))
        assert all(before[2] != after[2] for before, after in pairwise(kept))
        shown = await one.read(pulses.check_in, ask_id, WEDNESDAY)
        assert shown.answers[Question.USEFUL].value == kept[-1][2]
    finally:
        await one.close()
        await two.close()


async def test_a_double_click_in_two_processes_is_one_answer(database_url: str) -> None:
    one, two = open_database(database_url), open_database(database_url)
    try:
        w = await opened(one)
        ask_id = await ask_of(one, w, 0)
        same = [
            each.write(pulses.tap, w.actor(0), ask_id, VERY, key, WEDNESDAY)
            for each, key in ((one, "a"), (two, "a"), (one, "b"), (two, "b"))
        ]
        await asyncio.gather(*same)
        assert len(await one.read(answers)) == 1
    finally:
        await one.close()
        await two.close()


# --- what people see --------------------------------------------------------------------------


async def test_a_check_in_shows_what_the_store_has(database: Database) -> None:
    w = await opened(database)
    ask_id = await ask_of(database, w, 0)
    await database.write(pulses.tap, w.actor(0), ask_id, VERY, "a", WEDNESDAY)
    unsure = Choice("know", None, "dont_know")
    await database.write(pulses.tap, w.actor(0), ask_id, unsure, "b", WEDNESDAY)
    lines = Choice("explain", None, "two_lines")
    await database.write(pulses.tap, w.actor(0), ask_id, lines, "c", WEDNESDAY)
    shown = await database.read(pulses.check_in, ask_id, WEDNESDAY)
    assert shown.answers == {Question.USEFUL: Given(4, None, WEDNESDAY)}
    assert (shown.dont_know, shown.explain) == (True, Explain.TWO_LINES)
    assert (shown.is_first, shown.closed, shown.revision) == (True, False, 3)
    await database.write(pulses.tap, w.actor(0), ask_id, Choice("sure", 2), "d", WEDNESDAY)
    assert not (await database.read(pulses.check_in, ask_id, WEDNESDAY)).dont_know


async def test_group_only_counts_from_the_choice_on(database: Database) -> None:
    w = await opened(database, visibility=Visibility.GROUP)
    shown = await database.read(pulses.check_in, await ask_of(database, w, 0), WEDNESDAY)
    assert shown.visibility is Visibility.GROUP


# --- not now, not my topic, stop --------------------------------------------------------------


async def test_not_now_asks_again_after_the_pause_in_the_same_round(database: Database) -> None:
    w = await opened(database, asked=1)
    await deliver(database, WEDNESDAY)
    ask_id = await ask_of(database, w, 0)
    shown = await database.write(pulses.not_now, w.actor(0), ask_id, 1, WEDNESDAY)
    assert shown.closed
    assert shown.snoozed_until == WEDNESDAY + DAY
    shown = await database.write(pulses.not_now, w.actor(0), ask_id, 7, WEDNESDAY)
    assert shown.snoozed_until == WEDNESDAY + 7 * DAY
    sent = await play(database, WEDNESDAY, OPENING + 14 * DAY - DAY / 24)
    assert [(kind, when - WEDNESDAY >= 7 * DAY) for when, kind in sent if kind is Kind.ASK] == [
        (Kind.ASK, True)
    ]
    [row] = await database.read(asks)
    assert row["id"] == ask_id
    assert row["closed_at"] is None


async def test_skipping_a_round_lasts_until_it_closes(database: Database) -> None:
    w = await opened(database, asked=1)
    await deliver(database, WEDNESDAY)
    ask_id = await ask_of(database, w, 0)
    await database.write(pulses.skip_round, w.actor(0), ask_id, WEDNESDAY)
    sent = await play(database, WEDNESDAY, OPENING + 15 * DAY)
    asked = [when for when, kind in sent if kind is Kind.ASK]
    assert len(asked) == 1
    assert asked[0] >= OPENING + 14 * DAY


async def test_not_now_can_be_taken_back(database: Database) -> None:
    w = await opened(database, asked=1)
    await deliver(database, WEDNESDAY)
    ask_id = await ask_of(database, w, 0)
    await database.write(pulses.not_now, w.actor(0), ask_id, 30, WEDNESDAY)
    shown = await database.write(pulses.answer_after_all, w.actor(0), ask_id, WEDNESDAY)
    assert not shown.closed
    tapped = await database.write(pulses.tap, w.actor(0), ask_id, VERY, "k", WEDNESDAY)
    assert tapped.status is TapStatus.SAVED


@pytest.mark.parametrize("wish", [pulses.not_my_topic, pulses.stop])
async def test_stop_means_stop(database: Database, wish: Any) -> None:
    w = await opened(database, asked=1)
    ask_id = await ask_of(database, w, 0)
    shown = await database.write(wish, w.actor(0), ask_id, WEDNESDAY)
    assert shown.closed
    assert await play(database, WEDNESDAY, OPENING + 35 * DAY) == []


async def test_nobody_pauses_for_somebody_else(database: Database) -> None:
    w = await opened(database, asked=2)
    ask_id = await ask_of(database, w, 0)
    for wish in (pulses.skip_round, pulses.not_my_topic, pulses.stop, pulses.answer_after_all):
        with pytest.raises(Refused):
            await database.write(wish, w.actor(1), ask_id, WEDNESDAY)
    assert all(row["closed_at"] is None for row in await database.read(asks))


# --- /buyin -----------------------------------------------------------------------------------


async def test_a_person_may_answer_before_being_asked_and_is_not_asked_again(
    database: Database,
) -> None:
    w = await opened(database, OPENING + timedelta(hours=6), asked=2)
    early = OPENING + timedelta(hours=7)
    begun = await database.write(pulses.begin, w.actor(0), early)
    assert begun.check_in
    again = await database.write(pulses.begin, w.actor(0), early)
    assert again.check_in
    assert again.check_in.ask_id == begun.check_in.ask_id
    [row] = await database.read(asks)
    assert (row["origin"], row["slot"]) == ("self", None)
    await database.write(pulses.tap, w.actor(0), row["id"], VERY, "k", early)
    sent = await play(database, early, OPENING + 13 * DAY)
    assert [kind for _, kind in sent] == [Kind.ASK, Kind.REMINDER]  # the other person's
    counted = [row for row in await database.read(rows, tables.Outbox) if row["counted"]]
    assert {row["person_id"] for row in counted} == {w.asked[1].id}


async def test_an_unanswered_start_is_the_same_ask_when_the_message_comes(
    database: Database,
) -> None:
    w = await opened(database, OPENING + timedelta(hours=6), asked=1)
    begun = await database.write(pulses.begin, w.actor(0), OPENING + timedelta(hours=7))
    assert begun.check_in
    await turn(database, WEDNESDAY)
    assert await database.read(queued) == [("ask", begun.check_in.ask_id, "queued")]
    assert await deliver(database, WEDNESDAY) == [Kind.ASK]
    assert len(await database.read(asks)) == 1


async def test_the_clock_and_the_person_start_at_the_same_time(database_url: str) -> None:
    one, two = open_database(database_url), open_database(database_url)
    try:
        w = await one.write(world.build, asked=8)
        await one.write(pacing.schedule_all, w.initiative_id, world.STARTED)
        await one.write(cycles.turn_due, WEDNESDAY, 10)
        await asyncio.gather(
            two.write(pacing.plan_due, WEDNESDAY, 500),
            *(one.write(pulses.begin, w.actor(n), WEDNESDAY) for n in range(8)),
            *(two.write(pulses.begin, w.actor(n), WEDNESDAY) for n in range(8)),
        )
        await turn(one, WEDNESDAY)
        per_place = select(func.count(tables.Ask.id)).group_by(tables.Ask.stakeholder_id)
        assert await one.read(lambda tx: set(tx.scalars(per_place))) == {1}
    finally:
        await one.close()
        await two.close()


async def test_between_rounds_it_says_what_is_next(database: Database) -> None:
    w = await opened(database, world.STARTED)
    begun = await database.write(pulses.begin, w.actor(0), world.STARTED)
    assert begun.check_in is None
    [coming] = begun.coming
    assert (coming.name, str(coming.on)) == ("Shelf labels", "2025-02-26")
    assert await database.write(pulses.begin, w.leader, world.STARTED) == Mine(None)


# --- /buyin ask -------------------------------------------------------------------------------


async def test_an_owner_starts_the_next_round_after_a_week(database: Database) -> None:
    w = await opened(database)
    await deliver(database, WEDNESDAY)
    with pytest.raises(Refused, match=r"Round 1 is open until .*; 0 of 6 have answered"):
        await database.write(rounds.ask_now, w.leader, w.initiative_id, "k1", WEDNESDAY + DAY)
    for place in range(5):  # the sixth stays silent, and is asked more rarely from then on
        ask_id = await ask_of(database, w, place)
        await database.write(pulses.tap, w.actor(place), ask_id, VERY, str(place), WEDNESDAY)
    friday = WEDNESDAY + 9 * DAY
    asked = await database.write(rounds.ask_now, w.leader, w.initiative_id, "k2", friday)
    assert (asked.number, asked.asked, asked.not_this_week) == (2, 5, 1)
    repeated = await database.write(rounds.ask_now, w.leader, w.initiative_id, "k2", friday)
    assert repeated.number == 2
    await turn(database, friday)
    made = await database.read(rows, tables.Cycle)
    assert [row["number"] for row in made] == [1, 2]
    assert made[0]["closes_at"] == made[1]["opens_at"] == OPENING + 9 * DAY
    assert (await deliver(database, friday)).count(Kind.ASK) == 5


async def test_only_owners_start_rounds(database: Database) -> None:
    w = await opened(database)
    with pytest.raises(Refused, match="Only the people who lead"):
        await database.write(rounds.ask_now, w.actor(0), w.initiative_id, "k", WEDNESDAY)
    with pytest.raises(Refused):
        await database.write(rounds.ask_now_by_name, w.actor(0), "", "k", WEDNESDAY)


async def test_the_first_round_may_start_early_once_people_were_told(database: Database) -> None:
    w = await opened(database, world.STARTED)
    early = world.STARTED + DAY
    asked = await database.write(rounds.ask_now, w.leader, w.initiative_id, "k", early)
    assert (asked.number, asked.asked) == (1, 6)
    assert await database.read(lambda tx: tx.scalars(select(tables.Cycle.number)).all()) == [1]


async def test_nobody_told_means_nobody_asked(database: Database) -> None:
    w = await opened(database, world.STARTED)
    forgotten = update(tables.Stakeholder).values(introduced_at=None)
    await database.write(lambda tx: tx.execute(forgotten))
    with pytest.raises(Refused, match="Nobody has been told"):
        await database.write(rounds.ask_now, w.leader, w.initiative_id, "k", WEDNESDAY - DAY)


async def test_numbers_are_coarse_and_leave_out_who_said_no(database: Database) -> None:
    w = await opened(database, world.STARTED)
    gone = update(tables.Stakeholder).where(tables.Stakeholder.id.in_(w.stakeholder_ids[:2]))
    stopped = gone.values(status=Place.STOPPED.value)
    await database.write(lambda tx: tx.execute(stopped))
    later = WEDNESDAY - DAY
    asked = await database.write(rounds.ask_now, w.leader, w.initiative_id, "k", later)
    assert (asked.asked, asked.not_this_week) == (4, 2)


# --- caps over initiatives --------------------------------------------------------------------


async def test_caps_hold_over_all_initiatives_together(database: Database) -> None:
    first = await opened(database, asked=1)
    for _ in range(3):
        await database.write(another, first)
    await play(database, WEDNESDAY, OPENING + 60 * DAY)
    moments = await database.read(
        lambda tx: [
            row.sending_at
            for row in tx.scalars(select(tables.Outbox).order_by(tables.Outbox.sending_at))
            if row.counted and row.state == State.SENT and row.sending_at
        ]
    )
    assert len(moments) >= 5  # nobody answers, so each message stays open until its rounds close
    assert all(c - a >= 7 * DAY for a, c in zip(moments, moments[2:], strict=False))
    assert all(f - a >= 28 * DAY for a, f in zip(moments, moments[5:], strict=False))


def another(tx: Tx, first: World) -> None:
    """Add an initiative that asks the same people."""
    made = tx.get_one(tables.Initiative, first.initiative_id)
    copy = tables.Initiative(
        workspace_id=made.workspace_id,
        name="Another",
        tz=made.tz,
        visibility=made.visibility,
        status=made.status,
        first_date=made.first_date,
        created_by_id=made.created_by_id,
        created_at=made.created_at,
        started_at=made.started_at,
    )
    tx.add(copy)
    tx.flush()
    world.add_plan(tx, first.workspace_id, copy.id, first.owner.id, 1, None)
    for person in first.asked:
        world.ask(tx, copy.id, person)
    pacing.schedule_all(tx, copy.id, WEDNESDAY)


async def test_a_message_about_a_check_in_that_is_gone_is_dropped(database: Database) -> None:
    w = await database.write(world.build)
    row = Claimed(1, w.workspace_id, Kind.ASK, 404, "U1", "", None, None, "lease", 0)
    for wanted in (pulses.ask_wanted, pulses.redraw_wanted):
        assert await database.read(wanted, row, MONDAY) == Drop("gone")
