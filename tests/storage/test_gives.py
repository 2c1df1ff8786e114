"""Messages that ask nothing: to whom, when, never twice the same, and what there is to give."""

from datetime import datetime, timedelta

import numpy as np
from sqlalchemy import insert, update

from bot.domain.gives import GiveKind
from bot.domain.inputs import Outcome
from bot.domain.outbox import Kind
from bot.domain.pacing_facts import Rule
from bot.domain.people import Choice as Wish
from bot.domain.pulses import Choice, Question
from bot.domain.records import WEEK_RECORD
from bot.domain.series import STATES
from bot.domain.states import State
from bot.services import gives, inputs, letting_go, needs, outbox, pauses, pulses, stakeholders
from storage import gives as stored
from storage import tables, texts
from storage.database import Database, Tx
from storage.gives import NewGive
from tests import clockwork, rounds
from tests.clockwork import Went
from tests.world import STARTED, World, rows

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
NOON = STARTED + timedelta(days=2, hours=2, minutes=30)
"""Wednesday 12:30 in Berlin: the first check-ins are out."""

NEXT = NOON + WEEK
"""The Wednesday in between; check-ins follow a week later."""


async def asked(database: Database, people: int = 1) -> World:
    """People who were asked, answered, and to whom attention is due."""
    w = await clockwork.start(database, asked=people)
    went = await clockwork.play(database, STARTED, NOON)
    for place, one in enumerate(sorted(went, key=lambda one: one.recipient)):
        for question in Question:
            given, key = Choice(question.value, 2), f"{place}{question}"
            await database.write(pulses.tap, w.actor(place), one.subject_id, given, key, one.at)
        await database.write(rounds.place, w, place, attention_at=NOON)
    return w


async def between(database: Database, begin: datetime = NOON) -> list[Went]:
    """Let the week in between pass."""
    return await clockwork.play(database, begin, NEXT + 4 * DAY)


async def test_a_post_is_given_in_the_week_between_and_not_told_again(
    database: Database,
) -> None:
    w = await asked(database)
    await clockwork.share(database, w, w.initiative_id, NOON + DAY)
    (went,) = await between(database, NOON + 2 * DAY)
    assert went.kind is Kind.GIVE
    assert NEXT - timedelta(hours=5) <= went.at <= NEXT + 2 * DAY
    given = await database.read(gives.given, went.subject_id)
    assert given.kind is GiveKind.PROGRESS_LINE
    assert "The labels are bigger" in given.words
    later = await clockwork.play(database, NEXT + 4 * DAY, NOON + 3 * WEEK)
    (check_in,) = [one for one in later if one.kind is Kind.ASK]
    assert Kind.GIVE not in [one.kind for one in later]  # there is nothing new to give
    told = await database.read(pulses.check_in, check_in.subject_id, check_in.at)
    assert "bigger" not in " ".join(told.since)


async def test_what_changed_since_they_told_something_is_said_so(database: Database) -> None:
    w = await asked(database)
    tell = (w.initiative_id, "The scanner beeps.", True, "key", NOON)
    told = await database.write(inputs.tell, w.actor(0), *tell)
    await database.write(inputs.reply, w.leader, told.id, Outcome.USED, "", "r", NOON + DAY)
    await clockwork.share(database, w, w.initiative_id, NOON + 2 * DAY)
    (went,) = await between(database, NOON + 3 * DAY)
    assert (await database.read(gives.given, went.subject_id)).kind is GiveKind.INPUT_CHANGE


async def test_with_nothing_to_give_nothing_is_sent_and_that_is_noted(
    database: Database,
) -> None:
    w = await asked(database)
    assert await between(database) == []
    (lost,) = await database.read(letting_go.of_person, w.asked[0].id, NEXT + 4 * DAY)
    assert (lost.what.kind, lost.what.number) == (Kind.GIVE, 1)
    assert lost.what.rule.value == "nothing_to_give"


async def test_nobody_in_group_figures_is_given_anything(database: Database) -> None:
    w = await asked(database, people=2)
    choice = (w.stakeholder_ids[0], Wish.GROUP_ONLY, NOON)
    await database.write(stakeholders.choose, w.actor(0), *choice)
    await clockwork.share(database, w, w.initiative_id, NOON + DAY)
    went = await between(database, NOON + 2 * DAY)
    assert [(one.kind, one.recipient) for one in went] == [(Kind.GIVE, "U2")]
    place = (await database.read(rows, tables.Stakeholder))[0]
    assert place["attention_at"] is None


async def test_a_line_that_an_owner_wrote_goes_before_a_post(database: Database) -> None:
    w = await asked(database)
    await clockwork.share(database, w, w.initiative_id, NOON + DAY)

    def write_line(tx: Tx) -> None:
        words = "Your ladder is ordered."
        words_id = texts.keep(tx, w.workspace_id, w.owner.id, words, NOON)
        ids = (w.workspace_id, w.initiative_id, w.stakeholder_ids[0], w.asked[0].id)
        stored.add(tx, [NewGive(*ids, GiveKind.OWNER_LINE, words_id)], NOON, None)

    await database.write(write_line)
    (went,) = await between(database, NOON + 2 * DAY)
    given = await database.read(gives.given, went.subject_id)
    assert (given.kind, given.words) == (GiveKind.OWNER_LINE, "Your ladder is ordered.")


async def test_what_is_given_hides_no_reason_to_hold_a_check_in_back(
    database: Database,
) -> None:
    w = await asked(database)
    tell = (w.initiative_id, "The scanner beeps.", True, "key", NOON - 20 * DAY)
    told = await database.write(inputs.tell, w.actor(0), *tell)
    await clockwork.share(database, w, w.initiative_id, NOON + DAY)
    await clockwork.look(database, NOON + 2 * DAY)
    (place,) = await database.read(rows, tables.Stakeholder)
    assert place["next_due_at"] > NOON + 2 * DAY  # type: ignore[operator]
    await clockwork.play(database, NOON + 2 * DAY, NOON + 5 * WEEK)
    lost = await database.read(letting_go.counts, w.initiative_id, NOON + 5 * WEEK)
    assert (Kind.ASK, Rule.LISTENING_DEBT) in lost
    reply = (told.id, Outcome.USED, "", "r", NOON + 5 * WEEK)
    await database.write(inputs.reply, w.leader, *reply)
    paid = await clockwork.play(database, NOON + 5 * WEEK, NOON + 5 * WEEK + 3 * DAY)
    assert Kind.ASK in [one.kind for one in paid]


async def test_a_give_that_failed_is_tried_again_and_stays_one(database: Database) -> None:
    w = await asked(database)
    await clockwork.share(database, w, w.initiative_id, NOON + DAY)
    await clockwork.look(database, NEXT + DAY)
    (claimed,) = [
        row
        for row in await database.write(outbox.claim_due, 10, NEXT + DAY)
        if row.kind is Kind.GIVE
    ]
    await database.write(outbox.begin_sending, claimed, NEXT + DAY)
    await database.write(outbox.failed, claimed, "internal", NEXT + DAY)
    went = await between(database, NEXT + DAY)
    assert [one.kind for one in went] == [Kind.GIVE]
    assert len(await database.read(rows, tables.Give)) == 1
    assert w.asked


# --- what pacing takes from the estimates -------------------------------------------------------


def history(*weeks: tuple[State, float, float]) -> bytes:
    """Return week records: state, probability of not being bought in, position."""
    records = np.zeros(len(weeks), dtype=WEEK_RECORD)
    for place, (state, doubt, position) in enumerate(weeks):
        records[place]["state"] = STATES.index(state)
        records[place]["not_bought_in"] = doubt
        records[place]["position"] = position
        records[place]["low"], records[place]["high"] = position - 0.9, position + 0.9
    return records.tobytes()


HISTORIES = (
    history((State.NEW, 0.5, -0.1)),
    history((State.UNCLEAR, 0.4, -0.1)),
    history((State.SUPPORTIVE, 0.05, 1.0)),
    history((State.SUPPORTIVE, 0.05, 1.0), (State.UNCLEAR, 0.2, 0.4)),
    history((State.NEUTRAL, 0.2, 0.3)),
    history((State.HESITANT, 0.9, -0.9)),
)


def keep(tx: Tx, w: World) -> None:
    values = {
        "workspace_id": w.workspace_id,
        "initiative_id": w.initiative_id,
        "density": b"",
        "week": 1,
        "cycle": 1,
        "until": NOON,
        "facts": 1,
        "pulses": 2,
        "tail": b"",
        "first_week": 1,
    }
    rows_of = [
        values | {"stakeholder_id": one, "history": kept}
        for one, kept in zip(w.stakeholder_ids, HISTORIES, strict=True)
    ]
    tx.execute(insert(tables.Standing), rows_of)


async def test_attention_is_due_to_who_is_in_doubt_or_fell(database: Database) -> None:
    w = await clockwork.start(database)
    await database.write(keep, w)
    await database.write(needs.note, w.workspace_id, w.initiative_id, 1, NOON)
    places = await database.read(rows, tables.Stakeholder)
    assert [row["attention_at"] is not None for row in places] == [
        False,  # two check-ins at least have to be heard
        True,
        False,
        True,  # fell by more than half a point
        False,
        True,
    ]
    assert [row["settled"] for row in places] == [False, False, True, False, False, False]
    later = NOON + WEEK
    await database.write(needs.note, w.workspace_id, w.initiative_id, 1, later)
    again = await database.read(rows, tables.Stakeholder)
    assert [row["attention_at"] for row in again] == [row["attention_at"] for row in places]
    await database.write(needs.forget, w.initiative_id)
    gone = await database.read(rows, tables.Stakeholder)
    assert not any(row["attention_at"] or row["settled"] for row in gone)


def all_in_doubt(tx: Tx) -> None:
    tx.execute(update(tables.Standing).values(history=HISTORIES[5]))


async def test_doubt_about_most_people_for_two_rounds_is_a_reason_for_more_time(
    database: Database,
) -> None:
    w = await clockwork.start(database)
    await database.write(keep, w)
    await database.write(all_in_doubt)
    for number, expected in ((1, 1), (1, 1), (2, 2)):
        await database.write(needs.note, w.workspace_id, w.initiative_id, number, NOON)
        (initiative,) = await database.read(rows, tables.Initiative)
        assert initiative["doubted"] == expected
    await clockwork.play(database, STARTED, STARTED + 17 * DAY)
    seen = await database.read(pauses.of_initiative, w.initiative_id, STARTED + 17 * DAY)
    assert seen.more_time
    assert (seen.more_time.quiet, seen.more_time.asked) == (0, 6)
