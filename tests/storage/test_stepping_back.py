"""Silence makes asking rarer and then stops it; nobody is told of anybody in group figures."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain import plans
from bot.domain.calendars import local_date
from bot.domain.inputs import Outcome
from bot.domain.outbox import Kind
from bot.domain.people import Choice as Wish
from bot.domain.pulses import Choice
from bot.services import inputs, letting_go, pacing_facts, pauses, pulses, stakeholders
from bot.services.pacing_facts import Picture
from storage import pacing, tables
from storage.database import Database, Tx
from tests import clockwork, rounds
from tests.clockwork import Went
from tests.world import STARTED, World, rows

BERLIN = "Europe/Berlin"
WEEK = timedelta(days=7)
DAY = timedelta(days=1)
END = STARTED + timedelta(days=130)
EVERY = timedelta(days=10)


async def months(database: Database, w: World, until: datetime = END) -> list[Went]:
    """Let months pass in which the owner shares back and nobody asked says a word."""
    went, now = list[Went](), STARTED
    while now < until:
        await clockwork.share(database, w, w.initiative_id, now + timedelta(minutes=1))
        following = min(now + EVERY, until)
        went += await clockwork.play(database, now + timedelta(minutes=2), following)
        now = following
    return went


async def nearly_silent(database: Database, people: int = 6) -> World:
    """People who left two check-ins open before."""
    w = await clockwork.start(database, asked=people)
    for at in range(people):
        await database.write(rounds.place, w, at, misses=2)
    return w


def place_of(tx: Tx, w: World, at: int = 0) -> dict[str, object]:
    return next(row for row in rows(tx, tables.Stakeholder) if row["id"] == w.stakeholder_ids[at])


async def test_what_happens_is_what_was_planned(database: Database) -> None:
    """Four months of silence, planned on the first day and then lived through."""
    w = await clockwork.start(database, asked=2)

    def picture(tx: Tx) -> Picture:
        return pacing_facts.read(tx, pacing.of_initiative(tx, w.initiative_id), STARTED)

    seen = await database.read(picture)
    settings = seen.settings[w.workspace_id]
    planned = {
        place.slack_user_id: [
            (line.at, line.kind)
            for line in plans.plan(
                [pacing_facts.facts_of(place, seen)], settings, (STARTED, END)
            ).lines
        ]
        for place in seen.places
    }
    went = await months(database, w)
    for recipient, lines in planned.items():
        lived = [(one.at, one.kind) for one in went if one.recipient == recipient]
        assert [kind for _, kind in lived] == [kind for _, kind in lines]
        apart = [abs(at - due) for (at, _), (due, _) in zip(lived, lines, strict=True)]
        assert max(apart) <= timedelta(minutes=20)
        assert [kind for _, kind in lived].count(Kind.PAUSE_NOTE) == 1


async def test_after_three_silent_check_ins_asking_stops_for_six_weeks(
    database: Database,
) -> None:
    w = await clockwork.start(database, asked=2)
    await database.write(rounds.place, w, 1, group_only_at=STARTED)
    went = await months(database, w, STARTED + timedelta(days=80))
    notes = [one for one in went if one.kind is Kind.PAUSE_NOTE]
    assert {one.recipient for one in notes} == {"U1", "U2"}
    told = await database.read(pauses.note, notes[0].subject_id)
    place = await database.read(place_of, w)
    assert place["misses"] == 3
    assert place["paused_until"] == told.until
    assert told.until - notes[0].at > timedelta(days=41)
    seen = await database.read(pauses.of_initiative, w.initiative_id, notes[-1].at)
    assert [one.stakeholder_id for one in seen.people] == [w.stakeholder_ids[0]]
    assert not seen.some  # one person in group figures cannot hide
    later = [one for one in went if one.at > notes[-1].at]
    assert not later


async def test_enough_people_in_group_figures_are_told_of_without_names(
    database: Database,
) -> None:
    w = await nearly_silent(database)
    await database.write(rounds.hide, w, range(6), STARTED)
    went = await months(database, w, STARTED + timedelta(days=24))
    noted = [one for one in went if one.kind is Kind.PAUSE_NOTE]
    assert len(noted) == 6
    seen = await database.read(pauses.of_initiative, w.initiative_id, noted[-1].at)
    assert seen.people == ()
    assert seen.some
    assert seen.more_time is None  # nobody in group figures counts


async def test_quiet_people_are_a_reason_to_give_more_time(database: Database) -> None:
    w = await nearly_silent(database)
    await months(database, w, STARTED + timedelta(days=24))
    seen = await database.read(pauses.of_initiative, w.initiative_id, STARTED + 24 * DAY)
    assert len(seen.people) == 6
    assert seen.more_time
    assert (seen.more_time.quiet, seen.more_time.asked) == (6, 6)


async def test_whoever_resumes_is_asked_every_two_weeks_again(database: Database) -> None:
    w = await nearly_silent(database, 1)
    now = STARTED + timedelta(days=24)
    went = await months(database, w, now)
    assert went[-1].kind is Kind.PAUSE_NOTE
    place = w.stakeholder_ids[0]
    chosen = await database.write(stakeholders.choose, w.actor(0), place, Wish.RESUME, now)
    assert chosen.changed
    row = await database.read(place_of, w)
    assert (row["paused_until"], row["misses"]) == (None, 0)
    again = await database.write(stakeholders.choose, w.actor(0), place, Wish.RESUME, now)
    assert not again.changed
    await clockwork.share(database, w, w.initiative_id, now)
    await _asked(database, w, now, now + 3 * WEEK)


async def _asked(database: Database, w: World, begin: datetime, end: datetime) -> Went:
    went = await clockwork.play(database, begin, end, until=Kind.ASK)
    return next(one for one in went if one.kind is Kind.ASK)


async def test_not_now_twice_is_four_weeks_and_then_six(database: Database) -> None:
    w = await clockwork.start(database, asked=1)
    now, gaps = STARTED, []
    for _ in range(4):
        asked = await _asked(database, w, now, now + 9 * WEEK)
        now = asked.at + timedelta(hours=1)
        await clockwork.share(database, w, w.initiative_id, now)
        said = await database.write(pulses.not_now, w.actor(0), asked.subject_id, 1, now)
        assert said.snoozed_until
        gaps.append((local_date(said.snoozed_until, BERLIN) - local_date(now, BERLIN)).days)
    assert gaps == [1, 28, 1, 42]
    row = await database.read(place_of, w)
    assert row["paused_until"] == row["snoozed_until"]


async def test_an_answer_in_between_makes_not_now_the_first_again(database: Database) -> None:
    w = await clockwork.start(database, asked=1)
    now = STARTED
    for turn in range(3):
        asked = await _asked(database, w, now, now + 9 * WEEK)
        now = asked.at + timedelta(hours=1)
        await clockwork.share(database, w, w.initiative_id, now)
        if turn == 1:
            very = Choice("useful", 4)
            await database.write(pulses.tap, w.actor(0), asked.subject_id, very, "k", now)
            continue
        said = await database.write(pulses.not_now, w.actor(0), asked.subject_id, 1, now)
        assert said.snoozed_until == now + DAY


async def test_nobody_is_asked_while_what_they_said_waits_for_a_reply(
    database: Database,
) -> None:
    w = await clockwork.start(database, asked=2)
    asked = await _asked(database, w, STARTED, STARTED + WEEK)
    now = asked.at + timedelta(hours=1)
    tell = (w.initiative_id, "The scanner beeps.", True, "key", now)
    told = await database.write(inputs.tell, w.actor(0), *tell)
    for _ in range(7):  # a post is no reply
        await clockwork.share(database, w, w.initiative_id, now)
        went = await clockwork.play(database, now + timedelta(minutes=1), now + WEEK)
        assert all(one.at <= told.created_at + 2 * WEEK for one in went)
        now += WEEK
    lost = await database.read(letting_go.counts, w.initiative_id, now)
    assert {rule.value for kind, rule in lost if kind is Kind.ASK} == {"listening_debt"}
    reply = (told.id, Outcome.USED, "Fixed.", "r", now)
    await database.write(inputs.reply, w.leader, *reply)
    paid = await clockwork.play(database, now, now + 2 * DAY)
    assert [one.kind for one in paid] == [Kind.ASK] * 2


async def test_two_rounds_without_a_word_from_the_owner_pause_asking(
    database: Database,
) -> None:
    w = await clockwork.start(database, asked=1)
    went = await clockwork.play(database, STARTED, STARTED + 10 * WEEK)
    assert [one.kind for one in went].count(Kind.ASK) == 2
    now = STARTED + 10 * WEEK
    await clockwork.share(database, w, w.initiative_id, now)
    assert Kind.ASK in [one.kind for one in await clockwork.play(database, now, now + WEEK)]


@pytest.mark.parametrize("misses", [1, 2])
async def test_an_answer_ends_the_silence(database: Database, misses: int) -> None:
    w = await clockwork.start(database, asked=1)
    await database.write(rounds.place, w, 0, misses=misses)
    asked = await _asked(database, w, STARTED, STARTED + WEEK)
    very = Choice("useful", 4)
    await database.write(pulses.tap, w.actor(0), asked.subject_id, very, "k", asked.at)
    closes = datetime(2025, 3, 12, 12, tzinfo=UTC)
    await clockwork.play(database, asked.at, closes)
    assert (await database.read(place_of, w))["misses"] == 0
