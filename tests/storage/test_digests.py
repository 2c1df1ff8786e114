"""Digests: what an owner reads, and when one is sent."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

import pytest
from sqlalchemy import event, insert, update

from bot.domain.accounts import Group
from bot.domain.digests import Digest
from bot.domain.figures import Part
from bot.domain.held import Read
from bot.domain.initiatives import Place, Status, Visibility
from bot.domain.inputs import Outcome
from bot.domain.outbox import Claimed, Drop, Kind, Send
from bot.domain.people import Actor, Person
from bot.domain.pulses import Explain, Question
from bot.domain.talks import Talk, Wish
from bot.domain.todos import (
    Explanations,
    FaceToFace,
    MilestoneDue,
    PostDue,
    Replies,
    StepDue,
    Talks,
    TeamMeeting,
)
from bot.errors import Refused
from bot.services import commitments, digests, held, inputs, progress
from bot.views.digests import status_message
from bot.views.held import me
from bot.views.standings import talk_line, wish_line
from storage import tables
from storage.database import Database, Tx
from tests import rounds, world
from tests.rounds import OPENS
from tests.world import STARTED, World, rows

DAY = timedelta(days=1)
GROUP = Visibility.GROUP
MONDAY = datetime(2025, 3, 3, 9, 0, tzinfo=UTC)  # 10:00 in Berlin, in round 1
ROUND_2 = datetime(2025, 3, 12, 8, 30, tzinfo=UTC)  # Wednesday 09:30, round 1 closed at midnight
T = TypeVar("T")


def read(tx: Tx, w: World, now: datetime) -> Digest:
    """Return what Dana reads."""
    return digests.status(tx, w.leader, w.initiative_id, now)


def the(kind: type[T], digest: Digest) -> T:
    """Return the one thing of `kind` to do."""
    (found,) = [todo for todo in digest.todos if isinstance(todo, kind)]
    return found


def names(people: Sequence[Person | Talk | Wish]) -> list[str]:
    """Return who is named."""
    named = [one if isinstance(one, Person) else one.person for one in people]
    return [person.slack_user_id for person in named]


def besides_the_post(digest: Digest) -> list[object]:
    """Return what is to do, without the post that two weeks of silence ask for."""
    return [todo for todo in digest.todos if not isinstance(todo, PostDue)]


def sent(tx: Tx) -> list[dict[str, object]]:
    """Return the digests in the outbox."""
    return [row for row in rows(tx, tables.Outbox) if row["kind"] == Kind.DIGEST.value]


def next_look(tx: Tx) -> datetime | None:
    """Return when the clock looks at the owner again."""
    (owner,) = rows(tx, tables.InitiativeOwner)
    at = owner["next_digest_at"]
    assert at is None or isinstance(at, datetime)
    return at


# What it says


async def test_before_the_first_round_closes_it_is_too_early_to_say(database: Database) -> None:
    def work(tx: Tx) -> None:
        w = world.build(tx, asked=8)
        cycle = rounds.open_round(tx, w)
        rounds.answer(tx, w, cycle, {0: [1], 1: [5], 2: "dont_know", 3: []})
        digest = read(tx, w, MONDAY)
        assert digest.closed_round is None
        assert digest.open_part == Part(3, 8)
        assert digest.last_day == date(2025, 3, 11)
        assert (digest.reached, digest.people) == (4, 8)
        assert digest.todos == (FaceToFace(),)
        assert digest.figures == ()
        assert digest.unheard == 0

    await database.write(work)


async def test_the_lowest_last_answers_are_worth_a_talk_at_most_three(database: Database) -> None:
    def work(tx: Tx) -> None:
        w = world.build(tx, asked=8)
        answers = {0: [2, 4], 1: [4, 1], 2: [2, 5], 3: [1, 1], 4: [3, 3], 5: [2, 2], 6: [5, 5]}
        rounds.play(tx, w, 1, answers)
        rounds.play(tx, w, 2, {3: [4, 4], 6: [2, 5]})
        talks = the(Talks, read(tx, w, rounds.opens_at(3) + DAY)).talks
        assert names(talks) == ["U2", "U1", "U3"]  # 3 has come round since
        assert (talks[0].question, talks[0].value) == (Question.SURE, 1)
        assert talks[0].on == date(2025, 2, 26)

    await database.write(work)


async def test_nobody_who_answered_in_the_middle_is_named(database: Database) -> None:
    def work(tx: Tx) -> None:
        w = world.build(tx)
        rounds.play(tx, w, 1, {n: [3, 4] for n in range(6)})
        assert besides_the_post(read(tx, w, ROUND_2)) == []

    await database.write(work)


async def test_group_only_people_are_in_no_list_and_no_number(database: Database) -> None:
    def work(tx: Tx) -> None:
        w = world.build(tx, asked=9)
        cycle = rounds.open_round(tx, w)
        rounds.answer(tx, w, cycle, {0: [1, 1], 1: "two_lines", 2: [2], 3: [4], 4: "two_lines"})
        rounds.hide(tx, w, [0, 1, 7], MONDAY)  # two after they answered by name
        open_part = read(tx, w, MONDAY).open_part
        assert open_part == Part(3, 6, apart=3)
        rounds.close(tx, cycle)
        digest = read(tx, w, ROUND_2)
        assert names(the(Talks, digest).talks) == ["U3"]
        assert names(the(Explanations, digest).wishes) == ["U5"]
        assert the(Explanations, digest).some is False
        assert dict(digest.groups) == dict.fromkeys(Group, 0) | {Group.TOO_EARLY: 6}
        assert digest.part == Part(3, 6, apart=3)

    await database.write(work)


async def test_numbers_of_a_closed_round_stay_when_somebody_leaves_later(
    database: Database,
) -> None:
    def work(tx: Tx) -> None:
        w = world.build(tx, asked=12)
        rounds.hide(tx, w, range(6, 12), STARTED)
        rounds.play(tx, w, 1, {0: [5], 1: [1], 6: [5], 7: [1]})
        assert read(tx, w, ROUND_2).part == Part(4, 12)
        rounds.place(tx, w, 11, status=Place.LEFT.value)
        assert read(tx, w, ROUND_2).part == Part(4, 12)

    await database.write(work)


async def test_who_stopped_is_never_worth_a_talk_and_counts_as_before(database: Database) -> None:
    def work(tx: Tx) -> None:
        w = world.build(tx, asked=4)
        rounds.play(tx, w, 1, {0: [1], 1: [1]})
        rounds.place(tx, w, 0, status=Place.STOPPED.value)
        rounds.place(tx, w, 3, status=Place.STOPPED.value)
        digest = read(tx, w, ROUND_2)
        assert names(the(Talks, digest).talks) == ["U2"]
        assert dict(digest.groups)[Group.TOO_EARLY] == 4

    await database.write(work)


async def test_not_my_topic_is_told_by_name_for_named_people_only(database: Database) -> None:
    def work(tx: Tx) -> None:
        w = world.build(tx, asked=4)
        rounds.open_round(tx, w)
        rounds.hide(tx, w, [1], STARTED)
        for at in (0, 1):
            rounds.place(tx, w, at, status=Place.NOT_MY_TOPIC.value)
        assert names(read(tx, w, MONDAY).not_my_topic) == ["U1"]

    await database.write(work)


async def test_requests_to_explain_are_named_once_and_not_as_a_talk(database: Database) -> None:
    def work(tx: Tx) -> None:
        w = world.build(tx)
        cycle = rounds.open_round(tx, w)
        rounds.answer(tx, w, cycle, {0: [1]})
        rounds.answer(tx, w, cycle, {0: "fifteen_minutes", 1: "no_thanks", 2: "two_lines"})
        assert len(the(Explanations, read(tx, w, MONDAY)).wishes) == 2
        rounds.answer(tx, w, cycle, {2: "no_thanks"})
        rounds.close(tx, cycle)
        digest = read(tx, w, ROUND_2)
        (wish,) = the(Explanations, digest).wishes
        assert (wish.person.slack_user_id, wish.how) == ("U1", Explain.FIFTEEN_MINUTES)
        assert not any(isinstance(todo, Talks) for todo in digest.todos)

    await database.write(work)


async def test_an_owner_added_later_sees_only_answers_given_since(database: Database) -> None:
    def work(tx: Tx) -> None:
        w = world.build(tx)
        rounds.play(tx, w, 1, {0: [1], 1: [1], 2: "two_lines"})
        later = Actor(w.workspace_id, "U6")
        tx.execute(
            insert(tables.InitiativeOwner).values(
                workspace_id=w.workspace_id,
                initiative_id=w.initiative_id,
                person_id=w.asked[5].id,
                since=ROUND_2,
            )
        )
        assert len(the(Talks, read(tx, w, ROUND_2)).talks) == 2
        assert besides_the_post(digests.status(tx, later, w.initiative_id, ROUND_2)) == []
        cycle = rounds.open_round(tx, w, 2)
        rounds.answer(tx, w, cycle, {1: [2]}, at=ROUND_2 + DAY)
        seen = digests.status(tx, later, w.initiative_id, ROUND_2 + 2 * DAY)
        assert names(the(Talks, seen).talks) == ["U2"]

    await database.write(work)


@pytest.mark.parametrize("visibility", list(Visibility))
async def test_nobody_answered(database: Database, visibility: Visibility) -> None:
    def work(tx: Tx) -> None:
        w = world.build(tx, visibility=visibility)
        rounds.play(tx, w, 1, {n: [] for n in range(6)}, visibility=visibility)
        digest = read(tx, w, ROUND_2)
        assert TeamMeeting() in digest.todos
        assert not any(isinstance(todo, Talks) for todo in digest.todos)

    await database.write(work)


async def test_group_figures_show_nothing_live_and_nobody(database: Database) -> None:
    def work(tx: Tx) -> None:
        w = world.build(tx, asked=12, visibility=GROUP)
        cycle = rounds.open_round(tx, w)
        answers = {n: [1 + n % 5, 2] for n in range(6)} | {7: "two_lines"}
        rounds.answer(tx, w, cycle, answers, visibility=GROUP)
        digest = read(tx, w, MONDAY)
        assert (digest.part, digest.open_part, digest.figures) == (None, None, ())
        assert digest.todos == (FaceToFace(),)
        rounds.close(tx, cycle)
        digest = read(tx, w, ROUND_2)
        assert digest.part == Part(7, 12)
        assert besides_the_post(digest) == [Explanations((), some=True)]
        assert digest.unheard == 0

    await database.write(work)


async def test_what_is_due_and_what_waits_comes_first(database: Database) -> None:
    def work(tx: Tx) -> None:
        w = world.build(tx)
        world.add_plan(tx, w.workspace_id, w.initiative_id, w.owner.id, 2, date(2025, 3, 10))
        commitments.promise(
            tx, w.owner.id, w.initiative_id, "Free two people", date(2025, 3, 7), STARTED
        )
        rounds.play(tx, w, 1, {0: [1]})
        inputs.tell(tx, w.actor(1), w.initiative_id, "Too few labels", True, "key", MONDAY)
        digest = read(tx, w, ROUND_2)
        assert [type(todo) for todo in digest.todos] == [
            StepDue,
            Replies,
            Talks,
            MilestoneDue,
            PostDue,
        ]
        assert [type(todo) for todo in digest.first] == [StepDue, Replies, Talks]
        assert digest.later == 2
        progress.nothing_new(tx, w.leader, w.initiative_id, "key 2", ROUND_2)
        assert not any(isinstance(todo, PostDue) for todo in read(tx, w, ROUND_2).todos)

    await database.write(work)


async def test_a_thousand_people_take_hardly_more_statements_than_six(database: Database) -> None:
    def statements(tx: Tx, asked: int) -> int:
        w = world.build(tx, asked=asked, team_id=f"T{asked}")
        rounds.play(tx, w, 1, {n: [1 + n % 5, 3, 4] for n in range(asked)})
        said: list[str] = []
        connection = tx.connection()
        event.listen(connection, "before_cursor_execute", lambda *args: said.append(args[2]))
        digest = read(tx, w, ROUND_2)
        assert len(the(Talks, digest).talks) <= 3
        return len(said)

    few, many = [await database.write(statements, asked) for asked in (6, 1000)]
    assert few <= many < few + 5 < 40  # what standings are made of is read 500 people at a time


# Who may read it


async def test_only_those_who_lead_it_read_it(database: Database) -> None:
    def work(tx: Tx) -> None:
        w = world.build(tx)
        other = world.build(tx, team_id="T0OTHER")
        cases = [w.actor(0), Actor(w.workspace_id, "UNOBODY"), other.leader]
        for actor in cases:
            with pytest.raises(Refused):
                digests.status(tx, actor, w.initiative_id, MONDAY)
            with pytest.raises(Refused):
                digests.status_for(tx, Actor(w.workspace_id, "U1"), "", MONDAY)
        assert read(tx, w, MONDAY).owner.slack_user_id == "UDANA"
        assert digests.status_for(tx, w.leader, "shelf", MONDAY).owner.slack_user_id == "UDANA"

    await database.write(work)


async def test_a_draft_has_nothing_to_tell_and_an_ended_one_asks_for_nothing(
    database: Database,
) -> None:
    def work(tx: Tx) -> None:
        draft = world.build(tx, status=Status.DRAFT)
        with pytest.raises(Refused, match="hasn't started"):
            read(tx, draft, MONDAY)
        w = world.build(tx, team_id="T2")
        rounds.play(tx, w, 1, {0: [1]})
        tx.execute(
            update(tables.Initiative)
            .where(tables.Initiative.id == w.initiative_id)
            .values(status=Status.ENDED.value, ended_at=ROUND_2)
        )
        assert read(tx, w, ROUND_2).todos == ()

    await database.write(work)


# When one is sent


async def test_a_round_that_closes_sends_one_digest_in_the_owners_hours(
    database: Database,
) -> None:
    def work(tx: Tx) -> None:
        w = world.build(tx)
        rounds.play(tx, w, 1, {0: [1]})
        midnight = rounds.opens_at(2)
        assert next_look(tx) == midnight
        assert digests.decide_due(tx, midnight, 100) == 1
        assert sent(tx) == []
        nine = datetime(2025, 3, 12, 8, 0, tzinfo=UTC)
        assert next_look(tx) == nine
        assert digests.decide_due(tx, nine, 100) == 1
        (row,) = sent(tx)
        assert (row["recipient"], row["not_before"]) == ("UDANA", nine)
        digest_id = row["subject_id"]
        assert isinstance(digest_id, int)
        assert names(the(Talks, digests.load(tx, digest_id, nine)).talks) == ["U1"]
        assert digests.decide_due(tx, nine, 100) == 0
        assert next_look(tx) == nine + DAY

    await database.write(work)


async def test_no_digest_when_nothing_happened(database: Database) -> None:
    def work(tx: Tx) -> None:
        w = world.build(tx)
        digests.watch(tx, w.initiative_id, STARTED)
        for day in range(1, 7):
            digests.decide_due(tx, STARTED + DAY * day, 100)
        assert sent(tx) == []

    await database.write(work)


async def test_numbers_alone_are_told_after_a_week_at_the_earliest(database: Database) -> None:
    def work(tx: Tx) -> None:
        w = world.build(tx)
        digests.watch(tx, w.initiative_id, STARTED)
        cycle = rounds.open_round(tx, w)
        days: list[date] = []
        for day in range(12):
            now = datetime(2025, 2, 27, 9, 0, tzinfo=UTC) + DAY * day
            rounds.answer(tx, w, cycle, {day % 6: [4]}, at=now)
            digests.decide_due(tx, now, 100)
            days += [now.date()] * (len(sent(tx)) - len(days))
        assert days == [date(2025, 3, 3), date(2025, 3, 10)]

    await database.write(work)


async def test_news_sends_one_a_day_at_most_and_an_answered_one_sends_none(
    database: Database,
) -> None:
    def work(tx: Tx) -> None:
        w = world.build(tx)
        digests.watch(tx, w.initiative_id, STARTED)
        inputs.tell(tx, w.actor(1), w.initiative_id, "Too few labels", True, "1", MONDAY)
        digests.decide_due(tx, MONDAY, 100)
        assert len(sent(tx)) == 1
        second = inputs.tell(tx, w.actor(2), w.initiative_id, "No time", False, "2", MONDAY)
        digests.watch(tx, w.initiative_id, MONDAY + timedelta(hours=1))
        digests.decide_due(tx, MONDAY + timedelta(hours=1), 100)
        assert len(sent(tx)) == 1
        digests.decide_due(tx, MONDAY + DAY, 100)
        assert len(sent(tx)) == 2
        inputs.reply(tx, w.leader, second.id, Outcome.USED, "", "3", MONDAY + DAY)
        digests.decide_due(tx, MONDAY + 2 * DAY, 100)
        assert len(sent(tx)) == 2

    await database.write(work)


async def test_a_step_a_milestone_and_a_missing_post_are_news_on_their_day(
    database: Database,
) -> None:
    def work(tx: Tx) -> None:
        w = world.build(tx)
        digests.watch(tx, w.initiative_id, STARTED)
        world.add_plan(tx, w.workspace_id, w.initiative_id, w.owner.id, 2, date(2025, 3, 5))
        commitments.promise(tx, w.owner.id, w.initiative_id, "Free us", date(2025, 3, 4), STARTED)
        days: list[date] = []
        for day in range(10):
            now = MONDAY + DAY * day
            digests.decide_due(tx, now, 100)
            days += [now.date()] * (len(sent(tx)) - len(days))
        assert days == [date(2025, 3, 5), date(2025, 3, 10)]

    await database.write(work)


async def test_weekends_and_nights_wait_in_the_owners_zone(database: Database) -> None:
    def work(tx: Tx) -> None:
        w = world.build(tx, tz="America/Los_Angeles")
        inputs.tell(tx, w.actor(1), w.initiative_id, "Too few labels", True, "1", MONDAY)
        friday_evening = datetime(2025, 3, 8, 0, 45, tzinfo=UTC)  # Friday 16:45 there
        digests.watch(tx, w.initiative_id, friday_evening)
        digests.decide_due(tx, friday_evening, 100)
        assert sent(tx) == []
        assert next_look(tx) == datetime(2025, 3, 10, 16, 0, tzinfo=UTC)  # summer time began

    await database.write(work)


async def test_who_stopped_everything_or_leads_no_more_gets_none(database: Database) -> None:
    def work(tx: Tx) -> None:
        w = world.build(tx)
        rounds.play(tx, w, 1, {0: [1]})
        dana = update(tables.Person).where(tables.Person.id == w.owner.id)
        tx.execute(dana.values(stopped_at=ROUND_2))
        digests.decide_due(tx, ROUND_2, 100)
        assert sent(tx) == []
        tx.execute(dana.values(stopped_at=None))
        digests.decide_due(tx, ROUND_2 + DAY, 100)
        (row,) = sent(tx)
        claimed = _claimed(row)
        noon, night = ROUND_2 + DAY, ROUND_2 + timedelta(hours=12)
        assert digests.wanted(tx, claimed, noon) == Send()
        assert digests.wanted(tx, claimed, night) == Drop("overtaken")  # a later day decides anew
        tx.execute(update(tables.InitiativeOwner).values(until=noon))
        assert digests.wanted(tx, claimed, noon) == Drop("no_owner")
        with pytest.raises(Refused):
            digests.load(tx, claimed.subject_id, noon)

    await database.write(work)


async def test_an_ended_initiative_is_not_looked_at_again(database: Database) -> None:
    def work(tx: Tx) -> None:
        w = world.build(tx, status=Status.ENDED)
        digests.watch(tx, w.initiative_id, OPENS)
        assert digests.decide_due(tx, ROUND_2, 100) == 1
        assert (next_look(tx), sent(tx)) == (None, [])

    await database.write(work)


def _claimed(row: dict[str, object]) -> Claimed:
    subject = row["subject_id"]
    assert isinstance(subject, int)
    return Claimed(1, 1, Kind.DIGEST, subject, "UDANA", "", None, None, "lease", 1)


async def test_everybody_reads_in_their_own_words_what_owners_read_about_them(
    database: Database,
) -> None:
    def work(tx: Tx) -> None:
        w = world.build(tx)
        cycle = rounds.open_round(tx, w)
        rounds.answer(tx, w, cycle, {0: [1], 1: "two_lines", 2: [5], 3: [1], 4: "two_lines"})
        rounds.hide(tx, w, [3, 4], MONDAY)
        rounds.close(tx, cycle)
        digest = read(tx, w, ROUND_2)
        owners = {*the(Talks, digest).talks, *the(Explanations, digest).wishes}
        mine = {
            line
            for place in range(6)
            for read in reads(tx, w, place, ROUND_2)
            for line in (read.talk, read.wish)
            if line is not None
        }
        assert owners == mine
        assert len(mine) == 2

    await database.write(work)


async def test_the_dates_are_the_same_on_both_sides_of_the_world(database: Database) -> None:
    def work(tx: Tx) -> None:
        w = world.build(tx)  # Dana and the initiative are in Berlin
        tx.execute(
            update(tables.Person)
            .where(tables.Person.id.in_([one.id for one in w.asked]))
            .values(tz="Pacific/Auckland")
        )
        cycle = rounds.open_round(tx, w)
        evening = datetime(2025, 3, 3, 20, 0, tzinfo=UTC)  # the 4th in Auckland
        rounds.answer(tx, w, cycle, {0: [1], 1: "two_lines"}, at=evening)
        rounds.close(tx, cycle)
        digest = read(tx, w, ROUND_2)
        (talk,) = the(Talks, digest).talks
        (wish,) = the(Explanations, digest).wishes
        shown = str(status_message(digest))
        for place, line in enumerate((talk_line(talk), wish_line(wish))):
            assert "3 March" in line
            assert line in shown
            assert line in str(me(held.about(tx, w.actor(place), ROUND_2)))

    await database.write(work)


def reads(tx: Tx, w: World, place: int, now: datetime) -> list[Read]:
    """Return what somebody learns in `/buyin me` about what owners read."""
    return [read for one in held.about(tx, w.actor(place), now).places for read in one.read]
