"""People in groups: what owners read about them by name, and that each reads the same."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert, update

from bot.domain.accounts import Estimating, Group
from bot.domain.digests import Digest
from bot.domain.evidence import StepEvent
from bot.domain.initiatives import Place, Status, Visibility
from bot.domain.people import Actor, Choice
from bot.domain.todos import Explanations, Listed, Talks, TeamMeeting
from bot.services import digests, held, people, stakeholders
from bot.views import standings
from bot.views.digests import digest_message, status_message
from bot.views.held import me
from storage import tables, texts
from storage.database import Database, Tx
from tests import rounds, world
from tests.rounds import Answers
from tests.world import STARTED, World

DAY = timedelta(days=1)
DOUBTS, MIDDLE, YES, KIND = (2, 1, 1), (3, 3, 3), (5, 5, 5), (4, 4, 4)


def after(number: int) -> datetime:
    """Return Wednesday 09:30 in Berlin, the morning after round `number` closed."""
    return rounds.opens_at(number + 1) + timedelta(hours=9, minutes=30)


def silent(tx: Tx, w: World, number: int, *places: int) -> None:
    """Have the app ask somebody in round `number`, and nobody answer."""
    opens = rounds.opens_at(number)
    cycle = tx.scalars(
        tables.Cycle.__table__.select()
        .with_only_columns(tables.Cycle.id)
        .where(tables.Cycle.initiative_id == w.initiative_id, tables.Cycle.number == number)
    ).one()
    for place in places:
        tx.execute(
            insert(tables.Ask).values(
                workspace_id=w.workspace_id,
                initiative_id=w.initiative_id,
                stakeholder_id=w.stakeholder_ids[place],
                person_id=w.asked[place].id,
                cycle_id=cycle,
                plan_version_id=w.plan_version_id,
                origin="app",
                slot=number,
                visibility="named",
                opened_at=opens + DAY,
                delivered_at=opens + DAY,
                closed_at=rounds.opens_at(number + 1),
                end_reason="round_closed",
            )
        )


def undone(tx: Tx, w: World, place: int, told_at: datetime) -> None:
    """Have somebody take a step and say a week later that it won't happen."""
    common = {"workspace_id": w.workspace_id}
    added = insert(tables.Commitment).values(
        **common,
        initiative_id=w.initiative_id,
        person_id=w.asked[place].id,
        stakeholder_id=w.stakeholder_ids[place],
        words_id=texts.keep(tx, w.workspace_id, w.asked[place].id, "Label 3", told_at - 7 * DAY),
        due_on=told_at.date(),
        created_at=told_at - 7 * DAY,
    )
    step = tx.scalars(added.returning(tables.Commitment.id)).one()
    tx.execute(
        insert(tables.CommitmentOutcome).values(
            **common, commitment_id=step, outcome=StepEvent.NOT_KEPT.value, told_at=told_at
        )
    )


def play(tx: Tx, w: World, last: int, answers: Answers, *quiet: int) -> datetime:
    """Play rounds 1 to `last`, the same answers in each; return the morning after."""
    for number in range(1, last + 1):
        rounds.play(tx, w, number, answers)
        silent(tx, w, number, *quiet)
    return after(last)


def read(tx: Tx, w: World, now: datetime) -> Digest:
    """Return what Dana reads."""
    return digests.status(tx, w.leader, w.initiative_id, now)


def listed(digest: Digest) -> dict[Group, list[str]]:
    """Return who is named in which group."""
    return {
        todo.group: [account.person.slack_user_id for account in todo.accounts]
        for todo in digest.todos
        if isinstance(todo, Listed)
    }


def numbers(digest: Digest) -> Mapping[Group, int]:
    """Return how many are in each group, without those in which there is nobody."""
    return {group: number for group, number in digest.groups if number}


def of_people(digest: Digest) -> Digest:
    """Return the digest without what is to do about other things, which would push people out."""
    kinds = Listed | Talks | Explanations | TeamMeeting
    return replace(digest, todos=tuple(todo for todo in digest.todos if isinstance(todo, kinds)))


def shown(digest: Digest) -> str:
    """Return everything that an owner reads about people."""
    told = of_people(digest)
    return str(status_message(told).blocks) + str(digest_message(told).text)


def mine(tx: Tx, w: World, place: int, now: datetime) -> str:
    """Return everything that somebody reads about themselves."""
    return str(me(held.about(tx, w.actor(place), now)).blocks)


async def test_people_are_read_about_in_groups(database: Database) -> None:
    def work(tx: Tx) -> None:
        w = world.build(tx, asked=7)
        answers = {0: DOUBTS, 1: KIND, 3: MIDDLE, 4: YES, 5: YES}
        now = play(tx, w, 3, answers, 2)
        for number in (1, 2, 3):
            for hour in range(2):
                told = rounds.opens_at(number) + timedelta(days=9, hours=hour)
                undone(tx, w, 1, told)
        digest = read(tx, w, now)
        assert listed(digest) == {
            Group.WORTH_A_TALK: ["U1"],
            Group.WORDS_NOT_PRACTICE: ["U2"],
            Group.NOT_HEARD: ["U3"],
        }
        assert numbers(digest) == {
            Group.WORTH_A_TALK: 1,
            Group.WORDS_NOT_PRACTICE: 1,
            Group.NOT_HEARD: 1,
            Group.TOO_EARLY: 2,
            Group.WITH_YOU: 2,
        }
        words = shown(digest)
        assert "<@U1>: Said *Not at all* to “will it work here” and *Nothing* to" in words
        assert "both 3 times, last on Wed 26 March." in words
        assert "Said on Fri 4 April that a step won't happen." in words
        assert "<@U3>: 3 check-ins open, no answer so far." in words
        assert not re.search("<@U[4567]>", words)

    await database.write(work)


async def test_everybody_reads_the_very_lines_that_the_owner_reads(database: Database) -> None:
    def work(tx: Tx) -> None:
        w = world.build(tx, asked=8)
        now = play(tx, w, 3, {0: DOUBTS, 1: DOUBTS, 4: YES, 5: MIDDLE}, 2, 3)
        rounds.answer(tx, w, rounds.open_round(tx, w, 4), {6: [1], 7: "two_lines"})
        digest = read(tx, w, now)
        blocks = digest_message(of_people(digest)).blocks
        sections = [one for one in blocks if one["type"] == "section"]
        words = "\n".join(one["text"]["text"] for one in sections)
        lines = re.findall(r"<@U\d>.*\.", words)
        assert len(lines) == 5
        for line in lines:
            found = re.match(r"<@U(\d)>", line)
            assert found
            assert line in mine(tx, w, int(found.group(1)) - 1, now)
        assert "Your answers suggest this isn't working for you yet" in mine(tx, w, 0, now)
        assert "You've left 3 check-ins open." in mine(tx, w, 2, now)
        assert "Your answers are positive." in mine(tx, w, 4, now)
        assert "the app concludes nothing" in mine(tx, w, 5, now)

    await database.write(work)


async def test_nobody_is_named_before_the_first_round_closes_or_after_the_end(
    database: Database,
) -> None:
    def work(tx: Tx) -> None:
        w = world.build(tx)
        cycle = rounds.open_round(tx, w)
        for hour in (1, 2, 3):
            at = cycle.opens_at + timedelta(hours=hour)
            rounds.answer(tx, w, cycle, {0: DOUBTS}, at=at)
        during = cycle.opens_at + DAY
        assert (listed(read(tx, w, during)), numbers(read(tx, w, during))) == ({}, {})
        assert "the app concludes nothing" in mine(tx, w, 0, during)
        rounds.close(tx, cycle)
        assert listed(read(tx, w, after(1))) == {Group.WORTH_A_TALK: ["U1"]}
        tx.execute(update(tables.Initiative).values(status=Status.ENDED.value, ended_at=after(1)))
        assert (listed(read(tx, w, after(1))), numbers(read(tx, w, after(1)))) == ({}, {})
        assert "U1>" not in shown(read(tx, w, after(1)))
        assert "may read" not in mine(tx, w, 0, after(1))

    await database.write(work)


HIDE: dict[str, Callable[[Tx, World, datetime], object]] = {
    "group-only here": lambda tx, w, now: stakeholders.choose(
        tx, w.actor(0), w.stakeholder_ids[0], Choice.GROUP_ONLY, now
    ),
    "group-only everywhere": lambda tx, w, now: people.go_group_only(tx, w.actor(0), now),
    "don't estimate me": lambda tx, w, now: stakeholders.choose(
        tx, w.actor(0), w.stakeholder_ids[0], Choice.NO_ESTIMATE, now
    ),
    "stop here": lambda tx, w, now: stakeholders.choose(
        tx, w.actor(0), w.stakeholder_ids[0], Choice.STOP, now
    ),
    "stop everywhere": lambda tx, w, now: people.stop_all(tx, w.actor(0), now),
    "left": lambda tx, w, now: rounds.place(tx, w, 0, status=Place.LEFT.value),
}


@pytest.mark.parametrize("how", HIDE)
@pytest.mark.parametrize("answers", [(2, 3, 1), "silent"])
async def test_who_hides_leaves_no_trace_of_an_estimate(
    database: Database, how: str, answers: tuple[int, ...] | str
) -> None:
    def work(tx: Tx) -> None:
        w = world.build(tx, asked=6)
        quiet = (0,) if answers == "silent" else ()
        given = {} if quiet else {0: answers}
        now = play(tx, w, 3, {1: YES, 2: MIDDLE, **given}, *quiet)
        assert "<@U1>" in shown(read(tx, w, now))
        HIDE[how](tx, w, now)
        words = shown(read(tx, w, now))
        assert "<@U1>: " not in words
        answered = how == "don't estimate me" and not quiet
        assert ("<@U1> answered *Nothing* to" in words) is answered
        assert ("<@U1>" in words) is answered

    await database.write(work)


async def test_of_who_stopped_the_numbers_tell_nothing(database: Database) -> None:
    def work(tx: Tx) -> None:
        w = world.build(tx, asked=6)
        now = play(tx, w, 2, {0: DOUBTS, 1: DOUBTS, 2: YES})
        before = numbers(read(tx, w, now))
        people.stop_all(tx, w.actor(0), now)
        after_stop = numbers(read(tx, w, now))
        assert sum(before.values()) == sum(after_stop.values())
        assert after_stop[Group.TOO_EARLY] == before[Group.TOO_EARLY] + 1

    await database.write(work)


async def test_who_wants_no_estimate_reads_so_and_may_come_back(database: Database) -> None:
    def work(tx: Tx) -> None:
        w = world.build(tx, asked=6)
        now = play(tx, w, 2, {0: DOUBTS})
        mine_id = w.stakeholder_ids[0]
        assert stakeholders.choose(tx, w.actor(0), mine_id, Choice.NO_ESTIMATE, now).changed
        assert not stakeholders.choose(tx, w.actor(0), mine_id, Choice.NO_ESTIMATE, now).changed
        [place] = held.about(tx, w.actor(0), now).places
        assert place.estimating is Estimating.NOT_ME
        assert place.read[0].account is None
        assert "You asked not to be estimated" in mine(tx, w, 0, now)
        assert "<@U1> answered *Not at all* to" in mine(tx, w, 0, now)
        stakeholders.choose(tx, w.actor(0), mine_id, Choice.ESTIMATE, now)
        assert listed(read(tx, w, now)) == {Group.WORTH_A_TALK: ["U1"]}

    await database.write(work)


async def test_with_estimates_off_answers_stand_alone_and_it_says_so(database: Database) -> None:
    def work(tx: Tx) -> None:
        w = world.build(tx, asked=6)
        now = play(tx, w, 3, {0: DOUBTS, 1: YES}, 2)
        tx.execute(update(tables.Workspace).values(estimates_off_at=now))
        digest = read(tx, w, now)
        assert (listed(digest), numbers(digest), digest.estimated) == ({}, {}, False)
        assert digest.unheard == 4
        (talks,) = [todo for todo in digest.todos if isinstance(todo, Talks)]
        assert [talk.person.slack_user_id for talk in talks.talks] == ["U1"]
        assert "Nothing is estimated about single people here" in shown(digest)
        assert "We haven't heard from 4 people lately" in shown(digest)
        assert "<@U3>" not in shown(digest)
        [place] = held.about(tx, w.actor(0), now).places
        assert place.estimating is Estimating.NOT_HERE
        assert "Nothing is estimated about single people here" in mine(tx, w, 0, now)
        assert "Don't estimate me" not in mine(tx, w, 0, now)

    await database.write(work)


async def test_an_owner_who_came_later_reads_what_came_later_and_each_person_knows(
    database: Database,
) -> None:
    def work(tx: Tx) -> None:
        w = world.build(tx, asked=6)
        now = play(tx, w, 3, {0: DOUBTS, 1: YES})
        lee = Actor(w.workspace_id, "U6")
        tx.execute(
            insert(tables.InitiativeOwner).values(
                workspace_id=w.workspace_id,
                initiative_id=w.initiative_id,
                person_id=w.asked[5].id,
                since=after(2),
            )
        )
        seen = digests.status(tx, lee, w.initiative_id, now)
        assert listed(seen) == {}
        assert listed(read(tx, w, now)) == {Group.WORTH_A_TALK: ["U1"]}
        [place] = held.about(tx, w.actor(0), now).places
        assert [[one.name for one in read.owners] for read in place.read] == [
            ["Dana Demo"],
            ["Person 6"],
        ]
        groups = [one.account.group for one in place.read if one.account]
        assert groups == [Group.WORTH_A_TALK, Group.TOO_EARLY]
        for line in standings.lines_about(place.read[1]):
            assert line in shown(seen)

    await database.write(work)


async def test_of_many_three_are_named_and_others_get_their_turn(database: Database) -> None:
    def work(tx: Tx) -> None:
        w = world.build(tx, asked=12)
        play(tx, w, 2, dict.fromkeys(range(12), DOUBTS))
        named = []
        for number in (3, 4, 5):
            now = after(number)
            rounds.play(tx, w, number, {})
            digest = read(tx, w, now)
            (todo,) = [one for one in digest.todos if isinstance(one, Listed)]
            assert todo.number == 12
            people_named = [one.person.id for one in todo.accounts]
            assert len(people_named) == 3
            assert people_named == sorted(people_named)
            assert "• and 9 more" in shown(digest)
            named.append(people_named)
        assert named[0] != named[1] != named[2]
        assert named[2] == [
            one.person.id
            for todo in read(tx, w, after(5) + DAY).todos
            if isinstance(todo, Listed)
            for one in todo.accounts
        ]

    await database.write(work)


async def test_everybody_silent_is_named_nowhere(database: Database) -> None:
    def work(tx: Tx) -> None:
        w = world.build(tx, asked=6)
        now = play(tx, w, 3, {}, *range(6))
        digest = read(tx, w, now)
        assert TeamMeeting() in digest.todos
        assert listed(digest) == {}
        assert numbers(digest) == {Group.NOT_HEARD: 6}
        assert "Nobody answered. Asking again won't fix that." in shown(digest)
        assert not re.search(r"<@U\d>", shown(digest))

    await database.write(work)


async def test_one_person_and_nobody_with_a_name(database: Database) -> None:
    def work(tx: Tx) -> None:
        alone = world.build(tx, asked=1)
        now = play(tx, alone, 3, {0: DOUBTS})
        assert listed(read(tx, alone, now)) == {Group.WORTH_A_TALK: ["U1"]}
        hidden = world.build(tx, asked=6, team_id="T2")
        rounds.hide(tx, hidden, range(6), STARTED)
        play(tx, hidden, 3, dict.fromkeys(range(6), DOUBTS))
        assert (listed(read(tx, hidden, now)), numbers(read(tx, hidden, now))) == ({}, {})
        group = world.build(tx, asked=6, team_id="T3", visibility=Visibility.GROUP)
        for number in (1, 2):
            given = dict.fromkeys(range(6), DOUBTS)
            rounds.play(tx, group, number, given, visibility=Visibility.GROUP)
        assert (listed(read(tx, group, now)), numbers(read(tx, group, now))) == ({}, {})
        assert "single people" not in shown(read(tx, group, now))
        assert "may read" not in mine(tx, group, 0, now)

    await database.write(work)


async def test_time_alone_makes_nobody_worth_a_talk(database: Database) -> None:
    def work(tx: Tx) -> None:
        w = world.build(tx, asked=6)
        play(tx, w, 2, {0: YES, 1: KIND, 2: MIDDLE, 3: (2, 3, 3), 4: (3, 3, 2)})
        assert listed(read(tx, w, after(2))) == {Group.WORTH_A_TALK: ["U4"]}  # said something low
        later = after(2) + timedelta(weeks=52)
        named = listed(read(tx, w, later)).get(Group.WORTH_A_TALK, [])
        assert not {"U1", "U2", "U3", "U5"} & set(named)

    await database.write(work)


async def test_moving_between_groups_is_no_news(database: Database) -> None:
    def work(tx: Tx) -> None:
        w = world.build(tx, asked=6)
        digests.watch(tx, w.initiative_id, STARTED)
        now = play(tx, w, 2, {0: YES, 1: (3, 2, 2)})
        digests.decide_due(tx, now, 100)
        sent = len(world.rows(tx, tables.Digest))
        first = listed(read(tx, w, now))
        later = now + timedelta(weeks=40)
        tx.execute(update(tables.InitiativeOwner).values(next_digest_at=later))
        tx.execute(
            insert(tables.ProgressPost).values(
                workspace_id=w.workspace_id,
                initiative_id=w.initiative_id,
                author_id=w.owner.id,
                kind="post",
                created_at=later - DAY,
                posted_at=later - DAY,
            )
        )
        digests.decide_due(tx, later, 100)
        assert first == {Group.WORTH_A_TALK: ["U2"]}
        assert numbers(read(tx, w, later)) != numbers(read(tx, w, now))
        assert len(world.rows(tx, tables.Digest)) == sent

    await database.write(work)
