"""Asking that stopped: what owners read of it, and what they answer."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import insert, update

from bot.domain.asking import Asking, Owed
from bot.domain.gives import GiveKind
from bot.domain.initiatives import Place
from bot.domain.inputs import Outcome
from bot.domain.milestones import Decided
from bot.domain.pauses import Answer, Pause, Reason
from bot.domain.people import Actor, Choice
from bot.domain.progress import Written
from bot.domain.todos import ListeningDebt, OneLine, StepBack
from bot.errors import FieldErrors, Refused
from bot.services import (
    asking,
    digests,
    held,
    initiatives,
    inputs,
    milestones,
    owner_lines,
    people,
    progress,
    stakeholders,
)
from bot.views import held as held_views
from bot.views import pauses as views
from storage import gives, pauses, tables
from storage.database import Database, Tx
from tests import rounds, world
from tests.world import MONDAY, STARTED, World, rows

LATER = datetime(2025, 3, 19, 9, 0, tzinfo=UTC)
"""The Wednesday on which round 1 of the small world has been over for a week."""

ANSWERS = dict.fromkeys(range(2, 6), (4, 4, 3))


def pause(tx: Tx, w: World, place: int, since: datetime, reason: Reason = Reason.MISSED) -> int:
    """Pause asking one of the people asked; return the id of the pause."""
    until = since + timedelta(days=42)
    one = pauses.place(tx, w.stakeholder_ids[place])
    pauses.add(tx, [(one, Pause(reason, since, until, note=True))])
    return int(str(rows(tx, tables.StepBack)[-1]["id"]))


async def paused(database: Database, places: int = 1) -> tuple[World, list[int]]:
    """Build the world with a closed round, and pause so many people after it."""

    def build(tx: Tx) -> tuple[World, list[int]]:
        w = world.build(tx, asked=7)
        rounds.play(tx, w, 1, ANSWERS)
        since = rounds.opens_at(2)
        return w, [pause(tx, w, place, since) for place in range(places)]

    return await database.write(build)


async def told(database: Database, w: World, now: datetime = LATER) -> Asking:
    def read(tx: Tx) -> Asking:
        return asking.of_initiative(tx, initiatives.load(tx, w.initiative_id), now)

    return await database.read(read)


async def todos(database: Database, w: World, now: datetime = LATER) -> list[object]:
    digest = await database.read(digests.status, w.leader, w.initiative_id, now)
    return list(digest.todos)


# --- one person ----------------------------------------------------------------------------------


async def test_the_owner_is_asked_for_a_word_and_the_pause_goes_on(database: Database) -> None:
    w, [first, second] = await paused(database, 2)
    [shown] = [one for one in await todos(database, w) if isinstance(one, StepBack)]
    assert (shown.quiet.id, shown.more) == (second, 1)
    for changed in (True, False):  # a double click
        done = await database.write(asking.answer, w.leader, second, Answer.TALK, LATER)
        assert (done.answer, done.changed) == (Answer.TALK, changed)
    [shown] = [one for one in await todos(database, w) if isinstance(one, StepBack)]
    assert (shown.quiet.id, shown.more) == (first, 0)
    own = await database.read(stakeholders.load, w.stakeholder_ids[1])
    assert own.paused_until == rounds.opens_at(2) + timedelta(days=42)


async def test_off_the_list_is_off_and_nobody_is_told(database: Database) -> None:
    w, [step_back] = await paused(database)
    await database.write(asking.answer, w.leader, step_back, Answer.OFF, LATER)
    own = await database.read(stakeholders.load, w.stakeholder_ids[0])
    assert (own.place, own.paused_until) == (Place.OFF, None)
    assert [row["kind"] for row in await database.read(rows, tables.Outbox)] == []
    again = await database.write(asking.answer, w.leader, step_back, Answer.TALK, LATER)
    assert (again.answer, again.changed) == (Answer.OFF, False)
    about = await database.read(held.about, w.actor(0), LATER)
    assert "took you off the list" in str(held_views.me(about).blocks)


async def test_only_its_owners_answer_and_only_while_it_runs(database: Database) -> None:
    w, [step_back] = await paused(database)
    stranger = Actor(w.workspace_id, "USTRANGER")
    for who in (w.actor(0), w.actor(1), stranger):
        with pytest.raises(Refused):
            await database.write(asking.answer, who, step_back, Answer.OFF, LATER)
    for other in (0, 99_999):
        with pytest.raises(Refused):
            await database.write(asking.answer, w.leader, other, Answer.OFF, LATER)
    ended = update(tables.Initiative).values(status="ended")
    await database.write(lambda tx: tx.execute(ended).close())
    with pytest.raises(Refused):
        await database.write(asking.answer, w.leader, step_back, Answer.OFF, LATER)


async def test_nothing_is_told_of_who_chose_group_figures_or_stopped(database: Database) -> None:
    w, ids = await paused(database, 3)
    await database.write(
        stakeholders.choose, w.actor(0), w.stakeholder_ids[0], Choice.GROUP_ONLY, LATER
    )
    await database.write(people.stop_all, w.actor(1), LATER)
    await database.write(stakeholders.choose, w.actor(2), w.stakeholder_ids[2], "stop", LATER)
    assert (await told(database, w)).stillness.people == ()
    with pytest.raises(Refused):
        await database.write(asking.answer, w.leader, ids[0], Answer.OFF, LATER)


async def test_an_owner_added_later_reads_nothing_of_before(database: Database) -> None:
    w, [step_back] = await paused(database)

    def lead(tx: Tx) -> None:
        values = {"workspace_id": w.workspace_id, "initiative_id": w.initiative_id}
        new = insert(tables.InitiativeOwner).values(**values, person_id=w.asked[6].id, since=LATER)
        tx.execute(new)

    await database.write(lead)
    with pytest.raises(Refused):
        await database.write(asking.answer, w.actor(6), step_back, Answer.TALK, LATER)
    digest = await database.read(digests.status, w.actor(6), w.initiative_id, LATER)
    assert not any(isinstance(one, StepBack) for one in digest.todos)


@pytest.mark.parametrize("reason", [Reason.MISSED, Reason.NOT_NOW])
async def test_whoever_is_paused_reads_what_the_owner_reads(
    database: Database, reason: Reason
) -> None:
    def build(tx: Tx) -> World:
        w = world.build(tx)
        rounds.play(tx, w, 1, ANSWERS)
        pause(tx, w, 0, rounds.opens_at(2), reason)
        return w

    w = await database.write(build)
    [shown] = [one for one in await todos(database, w) if isinstance(one, StepBack)]
    about = await database.read(held.about, w.actor(0), LATER)
    assert views.line(shown.quiet) in str(held_views.me(about).blocks)


async def test_the_nameless_are_told_of_only_where_five_can_hide(database: Database) -> None:
    w, _ = await paused(database, 1)

    await database.write(rounds.hide, w, range(4), STARTED)
    assert not (await told(database, w)).stillness.some
    await database.write(rounds.hide, w, range(5), STARTED)
    assert (await told(database, w)).stillness.some


# --- what people wait for ------------------------------------------------------------------------


async def test_what_waits_too_long_stops_asking_until_it_is_answered(database: Database) -> None:
    w, _ = await paused(database, 0)
    waits = await database.write(
        inputs.tell, w.actor(0), w.initiative_id, "Mornings are bad.", False, "a", MONDAY
    )
    in_time = MONDAY + timedelta(days=14)
    assert (await told(database, w, in_time)).owed is None
    late = in_time + timedelta(minutes=1)
    assert (await told(database, w, late)).owed == Owed(14)
    [debt] = [one for one in await todos(database, w, late) if isinstance(one, ListeningDebt)]
    assert ([one.id for one in debt.inputs], debt.days) == ([waits.id], 14)
    owed = update(tables.Stakeholder).values(due_rules="listening_debt", next_due_at=None)
    await database.write(lambda tx: tx.execute(owed).close())
    await database.write(inputs.reply, w.leader, waits.id, Outcome.USED, "", "b", late)
    assert (await told(database, w, late)).owed is None
    due = {row["next_due_at"] for row in await database.read(rows, tables.Stakeholder)}
    assert due == {late}


async def test_rounds_without_a_word_stop_asking_until_the_team_hears(database: Database) -> None:
    def build(tx: Tx) -> World:
        w = world.build(tx)
        for number in (1, 2):
            rounds.play(tx, w, number, ANSWERS)
        tx.execute(update(tables.Ask).values(delivered_at=tables.Ask.opened_at))
        return w

    w = await database.write(build)
    now = rounds.opens_at(3) + timedelta(hours=10)
    assert (await told(database, w, now)).owed == Owed()
    assert ListeningDebt(()) in await todos(database, w, now)

    def post(tx: Tx) -> None:
        made = progress.preview(tx, w.leader, w.initiative_id, Written(changed="Labels."), now)
        progress.post(tx, w.leader, made.id, now)

    await database.write(post)
    assert (await told(database, w, now)).owed is None


# --- a line --------------------------------------------------------------------------------------


def attend(tx: Tx, w: World, *places: int) -> None:
    for place in places:
        rounds.place(tx, w, place, attention_at=STARTED, asked_at=STARTED)


async def test_a_line_goes_once_to_each_of_those_it_concerns(database: Database) -> None:
    w, _ = await paused(database, 0)
    await database.write(attend, w, 0, 1, 2)
    await database.write(rounds.hide, w, [2], STARTED)
    form = await database.read(owner_lines.form, w.leader, w.initiative_id, LATER)
    assert form.people == 2
    assert OneLine(2) in await todos(database, w)
    for key in ("a", "a", "b"):
        kept = await database.write(
            owner_lines.write, w.leader, w.initiative_id, "I heard you.", key, LATER
        )
        assert kept.people == 2
    found = await database.read(rows, tables.Give)
    assert [row["stakeholder_id"] for row in found] == list(w.stakeholder_ids[:2])
    assert {row["kind"] for row in found} == {GiveKind.OWNER_LINE.value}
    assert OneLine(2) not in await todos(database, w)
    with pytest.raises(Refused):
        await database.write(owner_lines.write, w.leader, w.initiative_id, "More.", "c", LATER)


async def test_only_who_would_get_it_now_counts(database: Database) -> None:
    w, _ = await paused(database, 1)

    def build(tx: Tx) -> None:
        attend(tx, w, 0, 1, 2, 3, 4, 5)  # the first is paused
        rounds.place(tx, w, 1, fewer_at=STARTED)
        rounds.place(tx, w, 2, snoozed_until=LATER + timedelta(days=7))
        rounds.place(tx, w, 3, asked_at=None)
        new = gives.NewGive(
            w.workspace_id,
            w.initiative_id,
            w.stakeholder_ids[4],
            w.asked[4].id,
            GiveKind.PROGRESS_LINE,
            1,
        )
        gives.add(tx, [new], LATER - timedelta(days=3), LATER - timedelta(days=3))

    await database.write(build)
    assert (await told(database, w)).lacking == 1


async def test_a_line_is_the_owners_and_short(database: Database) -> None:
    w, _ = await paused(database, 0)
    await database.write(attend, w, 0)
    for who in (w.actor(0), Actor(w.workspace_id, "USTRANGER")):
        with pytest.raises(Refused):
            await database.read(owner_lines.form, who, w.initiative_id, LATER)
        with pytest.raises(Refused):
            await database.write(owner_lines.write, who, w.initiative_id, "Hi", "k", LATER)
    for words in ("", " \n", "x" * 301):
        with pytest.raises(FieldErrors):
            await database.write(owner_lines.write, w.leader, w.initiative_id, words, "k", LATER)


# --- the date ------------------------------------------------------------------------------------


async def advised(database: Database, on: date | None = date(2025, 4, 28)) -> tuple[World, int]:
    def build(tx: Tx) -> tuple[World, int]:
        w = world.build(tx)
        world.add_plan(tx, w.workspace_id, w.initiative_id, w.owner.id, 2, on)
        facts = {"quiet": 3, "asked": 6, "round": 1}
        pauses.add_for_initiative(tx, w.workspace_id, w.initiative_id, facts, MONDAY)
        return w, int(str(rows(tx, tables.StepBack)[-1]["id"]))

    return await database.write(build)


async def news(database: Database, w: World, after: datetime) -> tuple[str, ...]:
    def read(tx: Tx) -> tuple[str, ...]:
        return progress.news(tx, initiatives.load(tx, w.initiative_id), w.asked[0].id, after)

    return await database.read(read)


async def test_a_moved_date_is_a_new_plan_and_everybody_reads_why(database: Database) -> None:
    w, advice = await advised(database)
    form = await database.write(milestones.form, w.leader, advice, MONDAY)
    assert (form.on, form.advice.quiet, form.advice.asked) == (date(2025, 4, 28), 3, 6)
    on = date(2025, 5, 12)
    for changed in (True, False):
        done = await database.write(milestones.move, w.leader, advice, on, "No time.", MONDAY)
        assert (done.on, done.decided, done.changed) == (on, Decided.MOVED, changed)
    plan = (await database.read(initiatives.load, w.initiative_id)).plan
    assert (plan.number, plan.milestone_on, plan.why) == (3, on, "Labels fall off.")
    assert await news(database, w, MONDAY - timedelta(days=1)) == (
        "The go-live moved from 28 April to 12 May: “No time.”",
    )
    assert await news(database, w, MONDAY + timedelta(days=1)) == ()
    assert (await told(database, w, MONDAY)).stillness.more_time is None
    with pytest.raises(Refused):
        await database.write(milestones.form, w.leader, advice, MONDAY)


async def test_a_kept_date_is_kept_with_its_reason(database: Database) -> None:
    w, advice = await advised(database)
    await database.write(milestones.keep, w.leader, advice, "The old one is off.", MONDAY)
    done = await database.write(
        milestones.move, w.leader, advice, date(2025, 5, 12), "No time.", MONDAY
    )
    assert (done.decided, done.changed) == (Decided.KEPT, False)
    plan = (await database.read(initiatives.load, w.initiative_id)).plan
    assert (plan.number, plan.milestone_on) == (2, date(2025, 4, 28))
    assert await news(database, w, MONDAY - timedelta(days=1)) == (
        "The go-live stays on 28 April: “The old one is off.”",
    )


async def test_only_owners_decide_about_a_date_ahead(database: Database) -> None:
    w, advice = await advised(database)
    when = date(2025, 5, 12)
    for who in (w.actor(0), Actor(w.workspace_id, "USTRANGER")):
        with pytest.raises(Refused):
            await database.write(milestones.form, who, advice, MONDAY)
        with pytest.raises(Refused):
            await database.write(milestones.move, who, advice, when, "x", MONDAY)
        with pytest.raises(Refused):
            await database.write(milestones.keep, who, advice, "x", MONDAY)
    with pytest.raises(FieldErrors):
        await database.write(milestones.move, w.leader, advice, date(2025, 4, 28), "x", MONDAY)
    with pytest.raises(FieldErrors):
        await database.write(milestones.keep, w.leader, advice, " ", MONDAY)
    with pytest.raises(Refused):
        await database.write(milestones.form, w.leader, 99_999, MONDAY)
    for at in (datetime(2025, 4, 28, 9, 0, tzinfo=UTC), datetime(2025, 6, 1, tzinfo=UTC)):
        with pytest.raises(Refused):
            await database.write(milestones.form, w.leader, advice, at)


async def test_a_pause_of_somebody_is_no_advice_about_the_date(database: Database) -> None:
    w, [step_back] = await paused(database)
    with pytest.raises(Refused):
        await database.write(milestones.form, w.leader, step_back, LATER)
    facts = {"quiet": 3, "asked": 6}

    def advise(tx: Tx) -> int:
        pauses.add_for_initiative(tx, w.workspace_id, w.initiative_id, facts, LATER)
        return int(str(rows(tx, tables.StepBack)[-1]["id"]))

    advice = await database.write(advise)
    with pytest.raises(Refused):
        await database.write(asking.answer, w.leader, advice, Answer.OFF, LATER)
