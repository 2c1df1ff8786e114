"""Everything held about one person, and nothing about anybody else."""

from datetime import date, timedelta

from sqlalchemy import insert, update

from bot.domain.accounts import Group
from bot.domain.inputs import Outcome
from bot.domain.outbox import Kind
from bot.domain.people import Actor, Choice, Setting
from bot.domain.pulses import Explain, Question
from bot.services import commitments, held, inputs, people, stakeholders
from storage import tables
from storage.database import Database, Tx
from tests import world
from tests.storage.test_people import open_ask, queue
from tests.world import MONDAY, World

LATER = MONDAY + timedelta(hours=1)


def answer(
    tx: Tx, w: World, ask_id: int, question: str, value: int | None, choice: str | None = None
) -> None:
    """Append an answer."""
    tx.execute(
        insert(tables.Answer).values(
            workspace_id=w.workspace_id,
            ask_id=ask_id,
            question=question,
            value=value,
            choice=choice,
            answered_at=LATER,
        )
    )


async def test_every_kind_of_fact_is_there(database: Database) -> None:
    w = await database.write(world.build)
    mine = await database.write(open_ask, w)
    theirs = await database.write(open_ask, w, 1)
    await database.write(answer, w, mine, "sure", 5)
    await database.write(answer, w, mine, "sure", 2)
    await database.write(answer, w, mine, "effort", None, "nothing_needed")
    await database.write(answer, w, mine, "know", None, "dont_know")
    await database.write(answer, w, mine, "explain", None, "two_lines")
    await database.write(answer, w, theirs, "sure", 1)
    told = await database.write(
        inputs.tell, w.actor(0), w.initiative_id, "Too few", False, "k", MONDAY
    )
    await database.write(inputs.tell, w.actor(1), w.initiative_id, "Not mine", True, "l", MONDAY)
    await database.write(inputs.reply, w.leader, told.id, Outcome.USED, "Yes", "m", MONDAY)
    await database.write(people.stop_all, w.actor(0), MONDAY)
    await database.write(people.resume_all, w.actor(0), LATER)

    about = await database.read(held.about, w.actor(0), LATER)
    assert [setting for setting, _ in about.settings] == [Setting.RESUME_ALL, Setting.STOP_ALL]
    [place] = about.places
    [check_in] = place.check_ins
    assert check_in.answers[Question.SURE].value == 2
    assert check_in.answers[Question.EFFORT].choice == "nothing_needed"
    assert (check_in.dont_know, check_in.explain) == (True, Explain.TWO_LINES)
    [said] = place.inputs
    assert said.words == "Too few"
    assert said.reply
    assert said.reply.outcome is Outcome.USED
    [read] = place.read
    assert read.talk is None  # nobody reads that before a round has closed
    assert read.account
    assert read.account.group is Group.TOO_EARLY
    assert read.wish
    assert read.wish.how is Explain.TWO_LINES


async def test_group_only_people_are_in_nothing_that_owners_read(database: Database) -> None:
    w = await database.write(world.build)
    ask_id = await database.write(open_ask, w)
    await database.write(answer, w, ask_id, "sure", 1)
    await database.write(answer, w, ask_id, "explain", None, "two_lines")
    await database.write(stakeholders.choose, w.actor(0), w.stakeholder_ids[0], "group_only", LATER)
    [place] = (await database.read(held.about, w.actor(0), LATER)).places
    assert place.read == ()
    assert len(place.check_ins) == 1
    assert [choice for choice, _ in place.choices] == [Choice.GROUP_ONLY]


async def test_messages_that_count_are_listed_for_28_days(database: Database) -> None:
    w = await database.write(world.build)
    await database.write(queue, w, Kind.INTRODUCTION)
    await database.write(queue, w, Kind.INPUT_REPLY)
    await database.write(queue, w, Kind.REMINDER)
    sent = update(tables.Outbox).values(state="sent", sending_at=MONDAY)
    await database.write(lambda tx: tx.execute(sent).close())
    await database.write(queue, w, Kind.ASK)
    about = await database.read(held.about, w.actor(0), LATER)
    assert [message.kind for message in about.messages] == [Kind.INTRODUCTION, Kind.REMINDER]
    month = await database.read(held.about, w.actor(0), MONDAY + timedelta(days=29))
    assert month.messages == ()


async def test_what_an_owner_did_is_held_as_well(database: Database) -> None:
    w = await database.write(world.build)
    await database.write(
        commitments.promise, w.owner.id, w.initiative_id, "Free 2", date(2025, 3, 7), MONDAY
    )

    def more(tx: Tx) -> None:
        common = {"workspace_id": w.workspace_id, "initiative_id": w.initiative_id}
        tx.execute(
            insert(tables.ProgressPost).values(
                **common, author_id=w.owner.id, kind="post", created_at=MONDAY, posted_at=MONDAY
            )
        )
        tx.execute(
            insert(tables.OwnerGuess).values(
                **common, person_id=w.owner.id, useful_count=4, guessed_at=MONDAY
            )
        )

    await database.write(more)
    about = await database.read(held.about, w.leader, LATER)
    assert about.places == ()
    [lead] = about.leads
    assert (lead.posts, lead.guess) == (1, 4)
    assert [step.words for step in lead.steps] == ["Free 2"]


async def test_somebody_of_whom_nothing_is_held(database: Database) -> None:
    w = await database.write(world.build)
    about = await database.write(held.about, Actor(w.workspace_id, "UNEW"), LATER)
    assert (about.places, about.leads, about.messages) == ((), (), ())
