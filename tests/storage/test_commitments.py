"""The owner's own step: promised, asked about on the day, and how it ended."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import update

from bot.domain.commitments import DATE_FIELD, WORDS_FIELD, Ending
from bot.domain.initiatives import Status
from bot.domain.outbox import Claimed, Drop, Kind, Postpone, Send
from bot.domain.people import Actor
from bot.errors import FieldErrors, Refused
from bot.services import commitments
from storage import tables
from storage.database import Database
from tests import world
from tests.world import MONDAY, World, rows

FRIDAY = date(2025, 3, 7)
ON_THE_DAY = datetime(2025, 3, 7, 8, 30, tzinfo=UTC)  # 09:30 in Berlin
DAY = timedelta(days=1)


async def promise(
    database: Database, w: World, words: str = "Free two people", on: date | None = FRIDAY
) -> int:
    """Dana promises a step."""
    return await database.write(commitments.promise, w.owner.id, w.initiative_id, words, on, MONDAY)


async def tell(
    database: Database,
    w: World,
    promised: int,
    ending: Ending,
    on: date | None = None,
    key: str = "",
) -> None:
    """Dana says how it went, on the day."""
    key = key or f"{ending}{on}"
    await database.write(commitments.tell, w.leader, promised, ending, on, key, ON_THE_DAY)


def row_of(w: World, promised: int, slot: str = "") -> Claimed:
    """A follow-up that is about to be sent."""
    return Claimed(
        1,
        w.workspace_id,
        Kind.COMMITMENT_DUE,
        promised,
        "UDANA",
        slot,
        w.owner.id,
        w.initiative_id,
        "lease",
        0,
    )


async def test_a_promise_is_open_until_its_day(database: Database) -> None:
    w = await database.write(world.build)
    promised = await promise(database, w)
    [step] = await database.read(commitments.of_owner, w.initiative_id)
    assert (step.id, step.words, step.due_on) == (promised, "Free two people", FRIDAY)
    assert (step.person, step.ending, step.is_open) == (w.owner, None, True)


@pytest.mark.parametrize(
    ("words", "on", "fields"),
    [
        (" ", FRIDAY, {WORDS_FIELD}),
        ("x" * 301, FRIDAY, {WORDS_FIELD}),
        ("Do it", None, {DATE_FIELD}),
        ("Do it", MONDAY.date() - DAY, {DATE_FIELD}),
        ("Do it", MONDAY.date() + 366 * DAY, {DATE_FIELD}),
        ("", None, {WORDS_FIELD, DATE_FIELD}),
    ],
)
async def test_what_does_not_do_is_told_at_the_field(
    database: Database, words: str, on: date | None, fields: set[str]
) -> None:
    w = await database.write(world.build)
    with pytest.raises(FieldErrors) as error:
        await promise(database, w, words, on)
    assert set(error.value.errors) == fields
    assert await database.read(commitments.of_owner, w.initiative_id) == []


@pytest.mark.parametrize(
    ("tz", "at"),
    [
        ("Pacific/Auckland", datetime(2025, 3, 6, 20, 30, tzinfo=UTC)),
        ("Europe/Berlin", ON_THE_DAY),
        ("America/Los_Angeles", datetime(2025, 3, 7, 17, 30, tzinfo=UTC)),
    ],
)
async def test_it_is_asked_about_on_the_day_at_half_past_nine(
    database: Database, tz: str, at: datetime
) -> None:
    w = await database.write(world.build, tz=tz)
    promised = await promise(database, w)
    assert await database.write(commitments.due_step, at - 4 * DAY, 100) == 0
    assert await database.write(commitments.due_step, at - DAY, 100) == 1
    assert await database.write(commitments.due_step, at, 100) == 0
    [row] = await database.read(rows, tables.Outbox)
    assert (row["not_before"], row["recipient"], row["counted"]) == (at, "UDANA", False)
    row_id = row_of(w, promised)
    before = await database.read(commitments.wanted, row_id, at - timedelta(minutes=1))
    assert before == Postpone(at, "not_due")
    assert await database.read(commitments.wanted, row_id, at) == Send()
    assert (await database.read(commitments.due, promised, at)).is_today
    assert not (await database.read(commitments.due, promised, at + 2 * DAY)).is_today


async def test_after_downtime_it_is_still_asked_about(database: Database) -> None:
    w = await database.write(world.build)
    await promise(database, w)
    assert await database.write(commitments.due_step, ON_THE_DAY + 20 * DAY, 100) == 1


async def test_the_limit_is_kept_and_the_rest_comes_next(database: Database) -> None:
    w = await database.write(world.build)
    for number in range(5):
        await promise(database, w, f"Step {number}")
    taken = [await database.write(commitments.due_step, ON_THE_DAY, 2) for _ in range(4)]
    assert taken == [2, 2, 1, 0]
    assert len(await database.read(rows, tables.Outbox)) == 5


@pytest.mark.parametrize("ending", [Ending.KEPT, Ending.PARTLY, Ending.NOT_KEPT])
async def test_how_it_went_is_kept_and_may_be_corrected(database: Database, ending: Ending) -> None:
    w = await database.write(world.build)
    promised = await promise(database, w)
    await tell(database, w, promised, ending)
    await tell(database, w, promised, ending, key="a second click")
    [step] = await database.read(commitments.of_owner, w.initiative_id)
    assert (step.ending, step.is_open, step.told_at) == (ending, False, ON_THE_DAY)
    assert len(await database.read(rows, tables.CommitmentOutcome)) == 1
    assert await database.write(commitments.due_step, ON_THE_DAY, 100) == 0
    verdict = await database.read(commitments.wanted, row_of(w, promised), ON_THE_DAY)
    assert verdict == Drop("answered")
    other = Ending.KEPT if ending is not Ending.KEPT else Ending.PARTLY
    await tell(database, w, promised, other)
    [step] = await database.read(commitments.of_owner, w.initiative_id)
    assert step.ending is other
    assert len(await database.read(rows, tables.CommitmentOutcome)) == 2


async def test_it_gets_one_new_date_and_is_asked_about_again(database: Database) -> None:
    w = await database.write(world.build)
    promised = await promise(database, w)
    await database.write(commitments.due_step, ON_THE_DAY, 100)
    for bad in (None, FRIDAY, FRIDAY - DAY):
        with pytest.raises(FieldErrors):
            await tell(database, w, promised, Ending.MOVED, bad)
    later = FRIDAY + 7 * DAY
    await tell(database, w, promised, Ending.MOVED, later)
    [step] = await database.read(commitments.of_owner, w.initiative_id)
    assert (step.due_on, step.ending, step.is_open) == (later, Ending.MOVED, True)
    first = await database.read(commitments.wanted, row_of(w, promised), ON_THE_DAY)
    assert first == Drop("answered")
    assert await database.write(commitments.due_step, ON_THE_DAY, 100) == 0
    assert await database.write(commitments.due_step, ON_THE_DAY + 6 * DAY, 100) == 1
    [_, row] = await database.read(rows, tables.Outbox)
    assert (row["slot"], row["not_before"]) == ("moved", ON_THE_DAY + 7 * DAY)
    second = row_of(w, promised, "moved")
    assert await database.read(commitments.wanted, second, ON_THE_DAY + 7 * DAY) == Send()
    with pytest.raises(Refused):
        await tell(database, w, promised, Ending.MOVED, later + DAY)


async def test_only_who_promised_says_how_it_went_and_only_while_it_runs(
    database: Database,
) -> None:
    w = await database.write(world.build)
    other = await database.write(world.build, team_id="T2")
    promised = await promise(database, w)
    for actor in (w.actor(0), other.leader, Actor(w.workspace_id, "UNOBODY")):
        with pytest.raises(Refused):
            await database.write(
                commitments.tell, actor, promised, Ending.KEPT, None, "k", ON_THE_DAY
            )
    ended = update(tables.Initiative).values(status=Status.ENDED.value)
    await database.write(lambda tx: tx.execute(ended))
    with pytest.raises(Refused):
        await tell(database, w, promised, Ending.KEPT)
    assert await database.write(commitments.due_step, ON_THE_DAY, 100) == 0
    assert await database.read(rows, tables.CommitmentOutcome) == []
