"""Steps that people choose: offered now and then, asked about on the day, nobody nagged."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import update

from bot.domain import planned
from bot.domain.batches import STEPS
from bot.domain.commitments import DATE_FIELD, WORDS_FIELD, Ending
from bot.domain.evidence import StepEvent
from bot.domain.followups import EVERY
from bot.domain.outbox import Claimed, Drop, Kind, Postpone, Send
from bot.domain.pulses import CheckIn
from bot.domain.steps import Chosen, StepOffer
from bot.errors import FieldErrors, Refused
from bot.services import commitments, followups, held, plans, pulses, stakeholders, steps
from storage import evidence, tables
from storage import retention as forgetting
from storage.database import Database
from storage.digests import undone_since
from tests import histories, rounds, world
from tests.world import MONDAY, World, rows

FRIDAY = date(2025, 3, 7)
ON_THE_DAY = datetime(2025, 3, 7, 8, 30, tzinfo=UTC)  # 09:30 in Berlin
DAY = timedelta(days=1)
KINDLY = (4, 4, 4)


async def asked(
    database: Database, w: World, answers: tuple[int, ...] = KINDLY, place: int = 0
) -> int:
    """A finished check-in in round 1, and an act that Dana offers; return its id."""
    await database.write(steps.set_offered, w.leader, w.initiative_id, "Label a shelf", "k", MONDAY)
    await database.write(rounds.open_round, w)
    return await database.write(histories.ask, w, place, MONDAY, answers)


async def offered(database: Database, ask_id: int, now: datetime = MONDAY) -> CheckIn:
    """What the person sees of it, noted as shown."""
    found = await database.read(pulses.check_in, ask_id, now)
    await database.write(followups.shown, found, now)
    return found


async def take(database: Database, w: World, ask_id: int, on: date = FRIDAY) -> int:
    """The first of the people asked takes the act; return the step."""
    [act] = (await database.read(steps.offered, w.leader, w.initiative_id, MONDAY)).acts
    await offered(database, ask_id)
    given = ask_id, act.id, on, f"take {ask_id}"
    await database.write(steps.take, w.actor(0), *given, MONDAY)
    return int(str((await database.read(rows, tables.Commitment))[-1]["id"]))


def row_of(w: World, step: int, slot: str = "") -> Claimed:
    """The question on the day, about to be sent."""
    kind, who = Kind.STEP_DUE, w.asked[0]
    about = (w.workspace_id, kind, step, who.slack_user_id, slot, who.id, w.initiative_id)
    return Claimed(1, *about, "lease", 0)


async def miss(database: Database, w: World, step: int, at: datetime) -> int:
    """The question arrives at `at`, and nobody says anything."""
    await database.write(commitments.arrived, row_of(w, step), "D1", "1.0", at)
    return await database.write(commitments.silent_due, at + 7 * DAY, 100)


async def test_it_is_offered_after_a_plan_and_not_again_for_four_weeks(database: Database) -> None:
    w = await database.write(world.build, asked=2)
    ask_id = await asked(database, w)
    first = await offered(database, ask_id)
    assert isinstance(first.follow_up, StepOffer)
    assert first.asks_anew
    assert [act.words for act in first.follow_up.acts] == ["Label a shelf"]
    assert first.follow_up.days == (date(2025, 3, 6), date(2025, 3, 10), date(2025, 3, 17))
    again = await offered(database, ask_id)
    assert isinstance(again.follow_up, StepOffer)
    assert not again.asks_anew
    assert len(await database.read(rows, tables.FollowedUp)) == 1

    soon, late = MONDAY + EVERY - DAY, MONDAY + EVERY
    await database.write(histories.tell, w, ask_id, "effort", 1, MONDAY + DAY)
    assert (await offered(database, ask_id)).follow_up is None
    following = await database.write(histories.ask, w, 0, soon, KINDLY)
    assert (await offered(database, following, soon)).follow_up is None
    assert isinstance((await offered(database, following, late)).follow_up, StepOffer)
    nothing = await database.write(histories.ask, w, 1, MONDAY, (5, 5, 2))
    unfinished = await database.write(histories.ask, w, 1, MONDAY, (5, 5))
    for other in (nothing, unfinished):
        found = (await database.read(pulses.check_in, other, MONDAY)).follow_up
        assert not isinstance(found, StepOffer)


async def test_taking_one_is_kept_once_and_shown_where_it_was_offered(database: Database) -> None:
    w = await database.write(world.build, asked=2)
    ask_id = await asked(database, w)
    step = await take(database, w, ask_id)
    await take(database, w, ask_id)
    [row] = await database.read(rows, tables.Commitment)
    assert (row["stakeholder_id"], row["ask_id"], row["due_on"]) == (
        w.stakeholder_ids[0],
        ask_id,
        FRIDAY,
    )
    shown = (await database.read(pulses.check_in, ask_id, MONDAY)).follow_up
    assert isinstance(shown, StepOffer)
    assert shown.taken
    assert (shown.taken.id, shown.taken.words) == (step, "Label a shelf")
    await database.write(steps.plan, w.actor(0), step, "After lunch", "p", MONDAY)
    assert (await database.read(steps.mine, w.actor(0), MONDAY)).steps[0].commitment.plan
    with pytest.raises(Refused):
        await database.write(steps.plan, w.actor(1), step, "Never", "q", MONDAY)
    with pytest.raises(Refused):
        await database.write(steps.take, w.actor(1), ask_id, 1, FRIDAY, "k", MONDAY)
    with pytest.raises(Refused):
        await database.write(steps.decline, w.actor(1), ask_id, MONDAY)
    about = await database.read(held.about, w.actor(0), MONDAY)
    assert [one.words for one in about.places[0].steps] == ["Label a shelf"]
    assert await database.read(commitments.of_owner, w.initiative_id) == []


async def test_owners_read_steps_of_people_who_answer_by_name_from_their_own_start_on(
    database: Database,
) -> None:
    w = await database.write(world.build, asked=2)
    await take(database, w, await asked(database, w))

    async def read() -> list[str]:
        [led] = (await database.read(steps.mine, w.leader, MONDAY)).led
        return [one.words for one in led.steps]

    assert await read() == ["Label a shelf"]
    since = update(tables.InitiativeOwner)
    await database.write(lambda tx: tx.execute(since.values(since=MONDAY + DAY)))
    assert await read() == []
    await database.write(lambda tx: tx.execute(since.values(since=MONDAY - DAY)))
    choice = (w.actor(0), w.stakeholder_ids[0], "group_only", MONDAY)
    await database.write(stakeholders.choose, *choice)
    assert await read() == []
    assert (await database.read(steps.mine, w.actor(0), MONDAY)).steps


async def test_of_steps_chosen_at_once_one_is_kept(database: Database) -> None:
    w = await database.write(world.build, asked=2)
    ask_id = await asked(database, w)
    await offered(database, ask_id)
    [act] = (await database.read(steps.offered, w.leader, w.initiative_id, MONDAY)).acts
    who, place = w.actor(0), w.stakeholder_ids[0]
    tries = [
        *(
            database.write(steps.take, who, ask_id, act.id, FRIDAY + n * DAY, f"t{n}", MONDAY)
            for n in range(3)
        ),
        *(
            database.write(
                steps.choose, who, place, None, Chosen(f"Try {n}", FRIDAY), f"c{n}", MONDAY
            )
            for n in range(3)
        ),
    ]
    ended = await asyncio.gather(*tries, return_exceptions=True)
    assert all(isinstance(one, Refused) for one in ended if isinstance(one, BaseException))
    assert len(await database.read(rows, tables.Commitment)) == 1


async def test_not_now_is_final_for_an_offer_and_a_fact(database: Database) -> None:
    w = await database.write(world.build, asked=2)
    ask_id = await asked(database, w)
    await offered(database, ask_id)
    for _ in range(2):
        await database.write(steps.decline, w.actor(0), ask_id, MONDAY)
    shown = (await database.read(pulses.check_in, ask_id, MONDAY)).follow_up
    assert isinstance(shown, StepOffer)
    assert shown.declined
    about = await database.read(held.about, w.actor(0), MONDAY)
    assert about.places[0].no_steps == (MONDAY,)
    facts = await database.read(evidence.of_people, list(w.stakeholder_ids))
    counts = await database.read(evidence.counted, list(w.stakeholder_ids), 1, MONDAY + DAY)
    assert len(facts.rows.person) == counts[w.stakeholder_ids[0]] == 5
    later = await database.read(
        evidence.after_round, w.initiative_id, list(w.stakeholder_ids), 1, MONDAY - DAY
    )
    assert len(later.facts) == 1


async def test_a_step_of_ones_own_wants_words_and_a_day(database: Database) -> None:
    w = await database.write(world.build, asked=2)
    place, who = w.stakeholder_ids[0], w.actor(0)
    for typed, fields in (
        (Chosen(" ", FRIDAY), {WORDS_FIELD}),
        (Chosen("Try it", None), {DATE_FIELD}),
        (Chosen("Try it", MONDAY.date() - DAY), {DATE_FIELD}),
        (Chosen("Try it", MONDAY.date() + 92 * DAY), {DATE_FIELD}),
        (Chosen("x" * 301, FRIDAY, "y" * 301), {WORDS_FIELD, "plan"}),
    ):
        with pytest.raises(FieldErrors) as error:
            await database.write(steps.choose, who, place, None, typed, "k", MONDAY)
        assert set(error.value.errors) == fields
    typed = Chosen("Try it", FRIDAY, "At my desk")
    with pytest.raises(Refused):
        await database.write(steps.choose, w.actor(1), place, None, typed, "k", MONDAY)
    for _ in range(2):
        await database.write(steps.choose, who, place, None, typed, "k", MONDAY)
    with pytest.raises(Refused):
        await database.write(steps.choose, who, place, None, typed, "other", MONDAY)
    mine = await database.read(steps.mine, who, MONDAY)
    assert [(one.commitment.words, one.commitment.plan) for one in mine.steps] == [
        ("Try it", "At my desk")
    ]
    assert [one.may_choose for one in mine.places] == [False]


async def test_the_day_is_asked_about_as_a_counted_message(database: Database) -> None:
    w = await database.write(world.build, asked=1)
    step = await take(database, w, await asked(database, w))
    assert await database.write(commitments.due_step, ON_THE_DAY - DAY, 100) == 1
    [row] = await database.read(rows, tables.Outbox)
    assert (row["kind"], row["counted"], row["not_before"]) == ("step_due", True, ON_THE_DAY)
    claimed = row_of(w, step)
    assert await database.read(commitments.wanted, claimed, ON_THE_DAY) == Send()
    until = ON_THE_DAY + 3 * DAY
    halt = update(tables.Initiative)
    await database.write(lambda tx: tx.execute(halt.values(halted_at=MONDAY, halted_until=until)))
    found = await database.read(commitments.wanted, claimed, ON_THE_DAY)
    assert found == Postpone(until, "halted")
    await database.write(lambda tx: tx.execute(halt.values(halted_at=None, halted_until=None)))
    choice = (w.actor(0), w.stakeholder_ids[0], "snooze", ON_THE_DAY, until)
    await database.write(stakeholders.choose, *choice)
    found = await database.read(commitments.wanted, claimed, ON_THE_DAY)
    assert found == Postpone(until, "snoozed")
    await database.write(
        stakeholders.choose, w.actor(0), w.stakeholder_ids[0], "not_my_topic", ON_THE_DAY
    )
    found = await database.read(commitments.wanted, claimed, ON_THE_DAY)
    assert found == Drop("not_my_topic")


async def test_the_plan_of_somebody_knows_what_they_will_be_asked(database: Database) -> None:
    w = await database.write(world.build, asked=1)
    saturday = Chosen("Try it", date(2025, 3, 8))
    await database.write(
        steps.choose, w.actor(0), w.stakeholder_ids[0], None, saturday, "k", MONDAY
    )
    monday = datetime(2025, 3, 10, 8, 30, tzinfo=UTC)
    for now in (MONDAY, ON_THE_DAY):
        await database.write(commitments.due_step, now, 100)
        known = await database.read(plans.mine, w.actor(0), now)
        coming = planned.mine(known, now).silent.coming
        told = [(one.kind, one.at) for one in coming if one.kind is Kind.STEP_DUE]
        assert told == [(Kind.STEP_DUE, monday)]
        assert [one.facts.sent_at.count(monday) for one in known.places] == [int(now == MONDAY)]


async def test_only_what_was_asked_about_is_missed_and_after_three_working_days(
    database: Database,
) -> None:
    w = await database.write(world.build, asked=1)
    step = await take(database, w, await asked(database, w))
    assert await database.write(commitments.silent_due, ON_THE_DAY + 30 * DAY, 100) == 0
    await database.write(commitments.arrived, row_of(w, step), "D1", "1.0", ON_THE_DAY)
    wednesday_night = datetime(2025, 3, 12, 23, 0, tzinfo=UTC)  # midnight in Berlin
    just_before = wednesday_night - timedelta(seconds=1)
    assert await database.write(commitments.silent_due, just_before, 100) == 0
    assert await database.write(commitments.silent_due, wednesday_night, 100) == 1
    assert await database.write(commitments.silent_due, wednesday_night, 100) == 0
    [outcome] = await database.read(rows, tables.CommitmentOutcome)
    assert outcome["outcome"] == "missed"
    facts = await database.read(evidence.of_people, list(w.stakeholder_ids))
    assert len(facts.facts) == 3 + 1 + 2  # answers, the check-in, taken and missed
    given = (step, Ending.KEPT, None, "late", wednesday_night + DAY)
    told = await database.write(commitments.tell, w.actor(0), *given)
    assert told.commitment.ending is Ending.KEPT


async def test_whoever_says_anything_has_not_missed_it(database: Database) -> None:
    w = await database.write(world.build, asked=1)
    step = await take(database, w, await asked(database, w))
    await database.write(commitments.arrived, row_of(w, step), "D1", "1.0", ON_THE_DAY)
    later = FRIDAY + 7 * DAY
    moved = (step, Ending.MOVED, later, "m", ON_THE_DAY)
    await database.write(commitments.tell, w.actor(0), *moved)
    assert await database.write(commitments.silent_due, ON_THE_DAY + 6 * DAY, 100) == 0
    again = ON_THE_DAY + 7 * DAY
    await database.write(commitments.arrived, row_of(w, step, "moved"), "D1", "2.0", again)
    done = (step, Ending.KEPT, None, "d", again)
    await database.write(commitments.tell, w.actor(0), *done)
    assert await database.write(commitments.silent_due, again + 30 * DAY, 100) == 0


async def test_what_is_said_last_of_a_step_counts_and_the_estimate_is_made_anew(
    database: Database,
) -> None:
    w = await database.write(world.build, asked=1)
    step = await take(database, w, await asked(database, w))
    sayings = (
        (Ending.MOVED, FRIDAY + DAY),
        (Ending.NOT_KEPT, None),
        (Ending.KEPT, None),
    )
    due = []
    for number, (ending, on) in enumerate(sayings):
        said = (step, ending, on, f"t{number}", ON_THE_DAY)
        await database.write(commitments.tell, w.actor(0), *said)
        [row] = await database.read(rows, tables.Initiative)
        due.append(row["next_snapshot_at"])
    assert due == [None, None, None]  # nothing is kept yet
    facts = await database.read(evidence.of_people, list(w.stakeholder_ids))
    kinds = [STEPS[event] for event in (StepEvent.TAKEN, StepEvent.MOVED, StepEvent.KEPT)]
    assert sorted(facts.facts.kind[-3:].tolist()) == sorted(kinds)
    week = MONDAY - DAY
    assert await database.read(undone_since, w.initiative_id, week) == set()


async def test_two_missed_in_a_row_stop_the_asking_for_four_weeks(database: Database) -> None:
    w = await database.write(world.build, asked=1)
    place, who = w.stakeholder_ids[0], w.actor(0)
    moment = MONDAY
    for number, saying in enumerate((None, Ending.KEPT, None, Ending.NOT_KEPT, None)):
        typed = Chosen(f"Step {number}", moment.date() + DAY)
        await database.write(steps.choose, who, place, None, typed, f"c{number}", moment)
        [*_, row] = await database.read(rows, tables.Commitment)
        step = int(str(row["id"]))
        if saying:
            said = (step, saying, None, f"t{number}", moment)
            await database.write(commitments.tell, who, *said)
        else:
            assert await miss(database, w, step, moment) == 1
        moment += 8 * DAY
        paused = (await database.read(rows, tables.Stakeholder))[0]["paused_until"]
        assert (paused is not None) is (number == 4)
    [back] = await database.read(rows, tables.StepBack)
    assert back["reason"] == "not_done"


async def test_it_is_all_forgotten_with_the_initiative(database: Database) -> None:
    w = await database.write(world.build, asked=2)
    ask_id = await asked(database, w)
    step = await take(database, w, ask_id)
    await database.write(steps.plan, w.actor(0), step, "After lunch", "p", MONDAY)
    other = await database.write(histories.ask, w, 1, MONDAY, KINDLY)
    await offered(database, other)
    await database.write(steps.decline, w.actor(1), other, MONDAY)
    await database.write(forgetting.forget, w.initiative_id)
    gone = (tables.Commitment, tables.CommitmentPlan, tables.FollowedUp, tables.StepDeclined)
    for table in gone:
        assert await database.read(rows, table) == []
    left = {row["words"] for row in await database.read(rows, tables.FreeText)}
    assert "After lunch" not in left


@pytest.mark.parametrize("words", ["a\nb\nc\nd", "x" * 76])
async def test_an_owner_offers_at_most_three_short_acts(database: Database, words: str) -> None:
    w = await database.write(world.build)
    offer = (w.leader, w.initiative_id, words, "k", MONDAY)
    with pytest.raises(FieldErrors):
        await database.write(steps.set_offered, *offer)
    with pytest.raises(Refused):
        await database.write(steps.set_offered, w.actor(0), *offer[1:])
