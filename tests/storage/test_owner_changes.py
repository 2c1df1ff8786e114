"""What one change by an owner means for the round that is open, and for who reads what."""

from datetime import date, timedelta
from typing import Any

import pytest

from bot.domain.calendars import local_date
from bot.domain.endings import LastWords
from bot.domain.initiatives import Visibility
from bot.domain.outbox import Kind
from bot.domain.people import Actor, Choice, Profile
from bot.domain.pulses import Choice as Tap
from bot.domain.pulses import EndReason
from bot.domain.questions import Question
from bot.errors import FieldErrors, Refused
from bot.services import (
    digests,
    endings,
    held,
    home,
    inputs,
    on_the_list,
    owner_settings,
    owners,
    people,
    pulses,
    reasons,
    stakeholders,
)
from storage import tables
from storage.database import Database
from tests import clockwork
from tests.clockwork import Went
from tests.storage.test_sharing import another
from tests.world import STARTED, World, rows

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
NOON = STARTED + timedelta(days=2, hours=2, minutes=30)
"""Wednesday 12:30 in Berlin: round 1 opened that day and everybody was asked."""

CHANGED = (tables.Stakeholder, tables.InitiativeOwner, tables.InitiativeSetting)
TWO = (Question.USEFUL, Question.SURE)
BERLIN = "Europe/Berlin"


async def asked(database: Database, number: int = 2) -> tuple[World, list[Went]]:
    """Have people asked in round 1."""
    w = await clockwork.start(database, asked=number)
    went = await clockwork.play(database, STARTED, NOON)
    assert [one.kind for one in went] == [Kind.ASK] * number
    return w, sorted(went, key=lambda one: one.recipient)


async def tap(
    database: Database, w: World, one: Went, place: int, *values: int, at: Any = None
) -> None:
    """Answer a check-in from its first question on."""
    for question, value in zip(Question, values, strict=False):
        given, key = Tap(question.value, value), f"{one.subject_id}:{question}"
        await database.write(pulses.tap, w.actor(place), one.subject_id, given, key, at or one.at)


async def test_another_length_and_fewer_questions_begin_with_the_next_round(
    database: Database,
) -> None:
    w, (first, _) = await asked(database)
    await tap(database, w, first, 0, 5, 4)
    args = (w.leader, w.initiative_id, 28, TWO)
    assert (await database.write(owner_settings.set_rounds, *args, NOON)).changed
    now_open = await database.read(pulses.check_in, first.subject_id, NOON)
    assert (len(now_open.questions), now_open.is_complete) == (3, False)
    why = await database.read(reasons.why, w.actor(0), Kind.ASK, first.subject_id, NOON)
    assert why.next_on == date(2025, 3, 12)  # two weeks on, as before
    went = await clockwork.play(database, NOON, NOON + 3 * WEEK)
    again = next(one for one in went if one.kind is Kind.ASK and one.recipient == "U1")
    assert timedelta(0) <= again.at.date() - date(2025, 3, 12) <= DAY
    await tap(database, w, again, 0, 5, 4)
    then = await database.read(pulses.check_in, again.subject_id, again.at)
    assert (then.questions, then.is_complete) == (TWO, True)
    assert (await database.read(home.tab, w.actor(0), again.at)).open == ()
    await clockwork.share(database, w, w.initiative_id, NOON + 3 * WEEK)
    went = await clockwork.play(database, NOON + 3 * WEEK, NOON + 7 * WEEK)
    third = next(one for one in went if one.kind is Kind.ASK and one.recipient == "U1")
    assert timedelta(0) <= third.at.date() - date(2025, 4, 9) <= DAY  # four weeks apart
    cycles = await database.read(rows, tables.Cycle)
    opens = [local_date(row["opens_at"], BERLIN) for row in cycles]  # type: ignore[arg-type]
    assert opens[:3] == [date(2025, 2, 26), date(2025, 3, 12), date(2025, 4, 9)]
    assert [row["days_before"] for row in cycles[:3]] == [None, 14, None]
    figures = [row["question"] for row in await database.read(rows, tables.GroupFigure)]
    assert figures == ["took_part", *map(str, Question), "took_part", *map(str, TWO)]


async def test_a_pause_holds_back_what_waits_and_counts_no_silence(database: Database) -> None:
    w = await clockwork.start(database)
    early = STARTED + timedelta(days=2)  # 10:00 in Berlin: some are asked already
    went = await clockwork.play(database, STARTED, early)
    await clockwork.look(database, early)
    until = date(2025, 3, 6)
    await database.write(owner_settings.pause, w.leader, w.initiative_id, until, early)
    assert not (
        await database.write(owner_settings.pause, w.leader, w.initiative_id, until, early)
    ).changed
    assert await clockwork.play(database, early, early + WEEK) == []
    later = await clockwork.play(database, early + WEEK, early + 9 * DAY)
    asked_now = {one.recipient for one in later if one.kind is Kind.ASK}
    assert asked_now | {one.recipient for one in went} == {f"U{n}" for n in range(1, 7)}
    assert not asked_now & {one.recipient for one in went}
    assert min(one.at for one in later).date() == until
    await clockwork.play(database, early + 9 * DAY, early + 15 * DAY)
    ends = {row["end_reason"] for row in await database.read(rows, tables.Ask) if row["closed_at"]}
    assert ends == {EndReason.HALTED.value}
    assert {row["misses"] for row in await database.read(rows, tables.Stakeholder)} == {0}


async def test_what_waits_in_the_message_of_another_comes_by_itself_after_a_pause(
    database: Database,
) -> None:
    w = await clockwork.start(database, asked=1)
    other = await database.write(another, w)
    (host,) = await clockwork.play(database, STARTED, NOON)
    assert host.initiative_id == w.initiative_id
    await database.write(owner_settings.pause, w.leader, other, date(2025, 3, 4), NOON)
    await tap(database, w, host, 0, 4, 4, 4)
    shown = await database.read(pulses.check_in, host.subject_id, NOON)
    assert (shown.is_complete, shown.one_more) == (True, None)
    went = await clockwork.play(database, NOON, NOON + WEEK)
    assert [(one.kind, one.initiative_id) for one in went] == [(Kind.ASK, other)]
    assert went[0].at.date() >= date(2025, 3, 4)


async def test_who_is_put_back_keeps_their_own_no(database: Database) -> None:
    w, _ = await asked(database, 3)
    about = w.initiative_id
    await database.write(stakeholders.choose, w.actor(0), w.stakeholder_ids[0], Choice.STOP, NOON)
    no = Choice.NOT_MY_TOPIC
    await database.write(stakeholders.choose, w.actor(1), w.stakeholder_ids[1], no, NOON)
    gone = ("U1", "U2", "U3")
    with pytest.raises(FieldErrors):  # somebody has to be left
        await database.write(on_the_list.change, w.leader, about, [], gone, NOON)
    new = [Profile("U9", "Nine", BERLIN), Profile("UBOT", "Robot", BERLIN, is_bot=True)]
    await database.write(people.learn, w.workspace_id, new, NOON)
    done = await database.write(on_the_list.change, w.leader, about, ["U9", "UBOT"], gone, NOON)
    assert ([one.name for one in done.added], len(done.removed)) == (["Nine"], 3)
    assert done.skipped == (("bot", "Robot"),)
    assert {row["status"] for row in await database.read(rows, tables.Stakeholder)} == {
        "off",
        "active",
    }
    back = await database.write(on_the_list.change, w.leader, about, gone, [], NOON + HOUR)
    assert len(back.back) == 3
    places = await database.read(rows, tables.Stakeholder)
    assert [row["status"] for row in places] == ["stopped", "not_my_topic", "active", "active"]
    again = await database.write(on_the_list.change, w.leader, about, gone, [], NOON + HOUR)
    assert (again.already, again.back, again.added) == (3, (), ())
    went = await clockwork.play(database, NOON + HOUR, NOON + 3 * DAY)
    assert {(one.recipient, one.kind) for one in went} == {
        ("U3", Kind.ASK),
        ("U9", Kind.INTRODUCTION),
        ("U9", Kind.ASK),
    }
    nine = Actor(w.workspace_id, "U9")
    intro = next(one for one in went if one.kind is Kind.INTRODUCTION)
    why = await database.read(reasons.why, nine, Kind.INTRODUCTION, intro.subject_id, intro.at)
    assert (why.added_by, local_date(why.stakeholder.added_at, BERLIN)) == (
        "Dana Demo",
        NOON.date(),
    )


async def test_a_new_owner_reads_what_was_said_to_them_and_an_old_one_nothing(
    database: Database,
) -> None:
    w, (first, second, *_) = await asked(database, 3)
    about, lee = w.initiative_id, Actor(w.workspace_id, "ULEE")
    await database.write(people.learn, w.workspace_id, [Profile("ULEE", "Lee Demo", BERLIN)], NOON)
    await tap(database, w, first, 0, 1, 1, 1)
    told = (w.actor(0), about, "Mornings are bad.", True)
    await database.write(inputs.tell, *told, "told", NOON)
    with pytest.raises(FieldErrors):
        await database.write(owners.change, w.leader, about, ["UDANA"], [], NOON)
    with pytest.raises(Refused, match="only one who leads"):
        await database.write(owners.leave, w.leader, about, NOON)
    done = await database.write(owners.change, w.leader, about, ["UDANA"], ["UDANA", "ULEE"], NOON)
    assert done.reads_from == date(2025, 3, 12)  # when round 1 has closed
    for early in (  # nobody would read what people say with their names until then
        (owners.change, w.leader, about, ["UDANA", "ULEE"], ["ULEE"], NOON),
        (owners.leave, w.leader, about, NOON),
    ):
        with pytest.raises((FieldErrors, Refused)) as refused:
            await database.write(*early)
        assert "until Wed 12 March" in str(getattr(refused.value, "errors", refused.value))
    await tap(database, w, second, 1, 1, 1, 1, at=NOON + HOUR)  # shown before Lee led it
    shown = await database.read(pulses.check_in, second.subject_id, NOON + HOUR)
    assert [one.name for one in shown.initiative.owners] == ["Dana Demo"]
    went = await clockwork.play(database, NOON, NOON + 15 * DAY)
    closed = NOON + 15 * DAY
    dana, new = [await database.read(digests.status, who, about, closed) for who in (w.leader, lee)]
    assert _named(dana)
    assert _named(new) == set()
    [own] = (await database.read(held.about, w.actor(0), closed)).places
    assert [[one.name for one in part.owners] for part in own.read] == [["Dana Demo"], ["Lee Demo"]]
    later = [one for one in went if one.kind is Kind.ASK and one.recipient == "U1"][-1]
    next_one = await database.read(pulses.check_in, later.subject_id, later.at)
    assert [one.name for one in next_one.new_owners] == ["Lee Demo"]
    assert len(next_one.initiative.owners) == 2

    await database.write(owners.change, lee, about, ["UDANA", "ULEE"], ["ULEE"], closed)
    for call in (digests.status, owners.form, owner_settings.form, on_the_list.form):
        with pytest.raises(Refused, match="Only the people who lead"):
            await database.read(call, w.leader, about, closed)
    row = (await database.read(rows, tables.Outbox))[-1]
    assert (row["kind"], row["recipient"], row["slot"]) == ("owner_changed", "UDANA", "removed")
    same = await database.write(owners.change, lee, about, ["UDANA", "ULEE"], ["ULEE"], closed)
    assert (same.added, same.removed) == ((), ())
    back = await database.write(owners.change, lee, about, ["ULEE"], ["ULEE", "UDANA"], closed)
    assert [one.name for one in back.added] == ["Dana Demo"]
    assert _named(await database.read(digests.status, w.leader, about, closed)) == set()


def _named(digest: Any) -> set[str]:
    return {
        one.person.name
        for todo in digest.todos
        for one in (*getattr(todo, "accounts", ()), *getattr(todo, "talks", ()))
    }


async def test_in_group_figures_nobody_waits_and_too_few_are_refused(database: Database) -> None:
    w = await clockwork.start(database, asked=5, visibility=Visibility.GROUP)
    await clockwork.play(database, STARTED, NOON)
    await database.write(people.learn, w.workspace_id, [Profile("ULEE", "Lee Demo", BERLIN)], NOON)
    args = (w.leader, w.initiative_id)
    done = await database.write(owners.change, *args, ["UDANA"], ["UDANA", "ULEE"], NOON)
    assert not done.by_name
    with pytest.raises(FieldErrors) as refused:
        await database.write(on_the_list.change, *args, [], ["U1"], NOON)
    assert "at least 5" in str(refused.value.errors)


async def test_nobody_else_changes_anything_and_nothing_once_it_has_ended(
    database: Database,
) -> None:
    w = await clockwork.start(database)
    about, day = w.initiative_id, date(2025, 3, 10)
    await database.write(owners.change, w.leader, about, ["UDANA"], ["UDANA", "U6"], STARTED)
    await database.write(owners.change, w.leader, about, ["U6"], [], STARTED)
    former, foreign = w.actor(5), Actor(w.workspace_id + 1, "UDANA")
    changes: tuple[Any, ...] = (
        (owner_settings.set_rounds, 28, TWO),
        (owner_settings.pause, day),
        (owner_settings.resume,),
        (on_the_list.change, ["U9"], ["U1"]),
        (owners.change, ["UDANA"], ["U1"]),
        (owners.leave,),
    )
    before = [await database.read(rows, table) for table in CHANGED]
    for work, *values in changes:
        for who, why in (
            (w.actor(0), "Only the people who lead “Shelf labels” can do that."),
            (former, "Only the people who lead “Shelf labels” can do that."),
            (foreign, "That initiative isn't there any more."),
        ):
            with pytest.raises(Refused, match=why):
                await database.write(lambda tx: work(tx, who, about, *values, NOON))  # noqa: B023
    assert [await database.read(rows, table) for table in CHANGED] == before
    words = LastWords("Labels stay on.", "A later start.")
    await database.write(endings.end, w.leader, about, words, "end", NOON)
    for work, *values in changes:
        with pytest.raises(Refused, match="has ended"):
            await database.write(lambda tx: work(tx, w.leader, about, *values, NOON))  # noqa: B023
    assert [await database.read(rows, table) for table in CHANGED[1:]] == before[1:]
