"""Progress posts: written, previewed, posted once; and what people read of them later."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import insert, update

from bot.domain.commitments import Ending
from bot.domain.initiatives import Status
from bot.domain.inputs import Outcome
from bot.domain.outbox import Claimed, Drop, Kind, Send
from bot.domain.progress import Post, Written
from bot.errors import FieldErrors, Refused
from bot.services import commitments, inputs, progress
from storage import progress as kept
from storage import tables, texts
from storage.database import Database, PostgresDatabase
from tests import world
from tests.rivals import Rival
from tests.world import MONDAY, STARTED, World, rows

DAY = timedelta(days=1)
WRITTEN = Written("Shelf 1 is done", "Two more people, because you said so", "Shelf 2", None)
MEAN = "<!channel> <@U1> *bold* & مرحبا 🙂"


async def preview(database: Database, w: World, written: Written = WRITTEN) -> Post:
    """Dana writes a post."""
    return await database.write(progress.preview, w.leader, w.initiative_id, written, MONDAY)


async def post(database: Database, w: World, written: Written = WRITTEN) -> Post:
    """Dana writes a post and posts it."""
    draft = await preview(database, w, written)
    return await database.write(progress.post, w.leader, draft.id, MONDAY)


async def lines(database: Database, w: World, place: int = 0) -> tuple[str, ...]:
    """What somebody reads in the next check-in."""
    person = w.asked[place]
    return await database.read(
        progress.since, w.initiative_id, person.id, MONDAY - DAY, MONDAY + DAY
    )


async def test_a_preview_posts_nothing_and_keeps_the_words(database: Database) -> None:
    w = await database.write(world.build)
    draft = await preview(database, w, Written("", f" {MEAN} ", "", date(2025, 3, 10)))
    assert draft.written == Written("", MEAN, "", date(2025, 3, 10))
    assert draft.posted_at is None
    assert await database.read(rows, tables.Outbox) == []
    form = await database.read(progress.form, w.leader, w.initiative_id, MONDAY)
    assert form.written == draft.written
    form = await database.read(progress.edit, w.leader, draft.id, MONDAY)
    assert form.written == draft.written
    assert await lines(database, w) == ()


async def test_posting_twice_sends_one_message_to_the_channel(database: Database) -> None:
    w = await database.write(world.build)
    draft = await preview(database, w)
    for _ in range(2):
        done = await database.write(progress.post, w.leader, draft.id, MONDAY)
        assert done.posted_at == MONDAY
    [row] = await database.read(rows, tables.Outbox)
    assert (row["kind"], row["recipient"], row["subject_id"]) == (
        Kind.PROGRESS_POST,
        "C0SHELVES",
        draft.id,
    )
    shown = await database.read(progress.load, draft.id, MONDAY)
    assert (shown.written, shown.author, shown.part) == (WRITTEN, w.owner, None)
    form = await database.read(progress.form, w.leader, w.initiative_id, MONDAY)
    assert form.written == Written()


async def test_without_a_channel_people_still_read_it(database: Database) -> None:
    w = await database.write(world.build, channel_id=None)
    await post(database, w)
    assert await database.read(rows, tables.Outbox) == []
    assert await lines(database, w) == (WRITTEN.changed, WRITTEN.moved)


async def test_an_old_preview_posts_nothing(database: Database) -> None:
    w = await database.write(world.build)
    old = await preview(database, w)
    new = await preview(database, w, Written(changed="Newer words"))
    assert new.id != old.id
    for use in (progress.post, progress.edit):
        with pytest.raises(Refused):
            await database.write(use, w.leader, old.id, MONDAY)
    assert len(await database.read(rows, tables.ProgressPost)) == 1
    words = {row["words"] for row in await database.read(rows, tables.FreeText)}
    assert "Newer words" in words
    assert WRITTEN.changed not in words


@pytest.mark.parametrize(
    ("written", "fields"),
    [
        (Written("moved", " \n", "next"), {"changed"}),
        (Written("x" * 1001, "y" * 1001, "z" * 501), {"moved", "changed", "next"}),
    ],
)
async def test_what_is_missing_or_too_long_is_told_at_the_field(
    database: Database, written: Written, fields: set[str]
) -> None:
    w = await database.write(world.build)
    with pytest.raises(FieldErrors) as error:
        await preview(database, w, written)
    assert set(error.value.errors) == fields
    assert await database.read(rows, tables.ProgressPost) == []


async def test_only_owners_of_a_running_initiative_post(database: Database) -> None:
    w = await database.write(world.build)
    other = await database.write(world.build, team_id="T2")
    draft = await preview(database, w)
    for actor in (w.actor(0), other.leader):
        with pytest.raises(Refused):
            await database.write(progress.post, actor, draft.id, MONDAY)
        with pytest.raises(Refused):
            await database.read(progress.form, actor, w.initiative_id, MONDAY)
        with pytest.raises(Refused):
            await database.write(progress.nothing_new, actor, w.initiative_id, "k", MONDAY)
    with pytest.raises(Refused):
        await database.read(progress.form_for, w.actor(0), "", MONDAY)
    form = await database.read(progress.form_for, w.leader, "shelf", MONDAY)
    assert form.initiative.id == w.initiative_id
    ended = update(tables.Initiative).values(status=Status.ENDED.value)
    await database.write(lambda tx: tx.execute(ended))
    with pytest.raises(Refused):
        await database.write(progress.post, w.leader, draft.id, MONDAY)
    assert await database.read(rows, tables.Outbox) == []


async def test_a_post_that_was_erased_is_not_sent(database: Database) -> None:
    w = await database.write(world.build)
    done = await post(database, w)
    row = Claimed(
        1, w.workspace_id, Kind.PROGRESS_POST, done.id, "C0SHELVES", "", None, None, "lease", 0
    )
    assert await database.read(progress.wanted, row, MONDAY) == Send()
    await database.write(lambda tx: tx.delete(tx.get_one(tables.ProgressPost, done.id)))
    assert await database.read(progress.wanted, row, MONDAY) == Drop("gone")


async def test_after_two_weeks_without_a_word_one_is_due(database: Database) -> None:
    w = await database.write(world.build)

    async def overdue(days: float) -> bool:
        moment = STARTED + days * DAY
        return await database.read(progress.overdue, w.initiative_id, moment)

    assert [await overdue(days) for days in (13.9, 14)] == [False, True]
    fifteenth = STARTED + 15 * DAY
    for key in ("k", "k", "another click"):
        await database.write(progress.nothing_new, w.leader, w.initiative_id, key, fifteenth)
    assert len(await database.read(rows, tables.ProgressPost)) == 1
    assert [await overdue(days) for days in (15, 28.9, 29)] == [False, False, True]
    draft = await preview(database, w)
    assert await overdue(29)
    await database.write(progress.post, w.leader, draft.id, fifteenth + 2 * DAY)
    assert not await overdue(30)


async def test_a_draft_of_an_initiative_is_never_overdue(database: Database) -> None:
    w = await database.write(world.build, status=Status.DRAFT)
    assert not await database.read(progress.overdue, w.initiative_id, MONDAY + 90 * DAY)


async def test_people_read_what_happened_since_they_were_asked(database: Database) -> None:
    w = await database.write(world.build)
    await post(database, w, Written("Shelf 1\nis done", f"{MEAN}\nand more", "Shelf 2"))
    assert await lines(database, w) == (MEAN, "Shelf 1")
    before = await database.read(
        progress.since, w.initiative_id, w.asked[0].id, MONDAY, MONDAY + DAY
    )
    never = await database.read(progress.since, w.initiative_id, w.asked[0].id, None, MONDAY)
    assert (before, never) == ((), ())


async def test_people_read_replies_to_their_own_words_only(database: Database) -> None:
    w = await database.write(world.build)
    told = await database.write(
        inputs.tell, w.actor(0), w.initiative_id, "Too few labels", False, "k", MONDAY
    )
    await database.write(
        inputs.reply, w.leader, told.id, Outcome.NOT_USED, "No budget", "r", MONDAY
    )
    assert await lines(database, w) == ("You said: “Too few labels”: not now. “No budget”",)
    assert await lines(database, w, 1) == ()


async def test_people_read_what_became_of_the_owners_step(database: Database) -> None:
    w = await database.write(world.build)
    promised = await database.write(
        commitments.promise,
        w.owner.id,
        w.initiative_id,
        "Free two people",
        MONDAY.date(),
        MONDAY,
    )
    assert await lines(database, w) == ()
    said = "Dana Demo said: “Free two people”. "
    for ending, on, line in [
        (Ending.MOVED, date(2025, 3, 12), "New date: 12 March."),
        (Ending.PARTLY, None, "It's partly done."),
        (Ending.NOT_KEPT, None, "It didn't happen."),
        (Ending.KEPT, None, "It's done."),
    ]:
        await database.write(commitments.tell, w.leader, promised, ending, on, ending.value, MONDAY)
        assert await lines(database, w) == (said + line,)


async def test_people_read_that_the_milestone_moved(database: Database) -> None:
    w = await database.write(world.build)

    async def plan(number: int, on: date, days: int) -> None:
        at = (w.workspace_id, w.initiative_id, w.owner.id, number, on, MONDAY + days * DAY)
        await database.write(world.add_plan, *at)

    await plan(2, date(2025, 5, 5), -2)
    assert await lines(database, w) == ()
    await plan(3, date(2025, 5, 12), 0)
    assert await lines(database, w) == ("The go-live moved from 5 May to 12 May",)


async def test_ten_invited_or_more_are_thanked_with_a_number(database: Database) -> None:
    w = await database.write(world.build, asked=12)
    draft = await preview(database, w)
    assert draft.part is None  # no round has closed yet
    cycle = {
        "workspace_id": w.workspace_id,
        "initiative_id": w.initiative_id,
        "number": 1,
        "opens_at": STARTED,
        "closes_at": MONDAY,
        "closed_at": MONDAY,
    }
    figure = {
        "workspace_id": w.workspace_id,
        "initiative_id": w.initiative_id,
        "cycle_id": 1,
        "question": "took_part",
        "shown": "counts",
        "figure": {"answered": 7, "invited": 12},
        "basis": {},
        "published_at": MONDAY,
    }
    await database.write(lambda tx: tx.execute(insert(tables.Cycle).values(cycle)))
    await database.write(lambda tx: tx.execute(insert(tables.GroupFigure).values(figure)))
    shown = await database.read(progress.load, draft.id, MONDAY)
    assert shown.part
    assert (shown.part.answered, shown.part.invited) == (7, 12)


async def test_newer_words_never_delete_what_is_posted_at_the_same_moment(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    w = await database.write(world.build)
    draft = await preview(database, w)
    posting = Rival(database, progress.post, w.leader, draft.id, MONDAY)
    posting.before(monkeypatch, texts, "keep")
    await preview(database, w, Written(changed="Newer words"))
    words = {row["words"] for row in await database.read(rows, tables.FreeText)}
    try:
        await posting.ended()
    except Refused:  # the newer words came first
        assert WRITTEN.changed not in words
        assert await database.read(rows, tables.Outbox) == []
    else:
        assert WRITTEN.changed in words
        assert (await database.read(progress.load, draft.id, MONDAY)).written == WRITTEN


async def test_a_draft_that_goes_while_it_is_posted_is_not_said_to_be_posted(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    w = await database.write(world.build)
    draft = await preview(database, w)
    writing = Rival(
        database, progress.preview, w.leader, w.initiative_id, Written(changed="Newer"), MONDAY
    )
    writing.before(monkeypatch, kept, "mark_posted")
    if isinstance(database, PostgresDatabase):
        with pytest.raises(Refused):
            await database.write(progress.post, w.leader, draft.id, MONDAY)
        assert await database.read(rows, tables.Outbox) == []
    else:
        await database.write(progress.post, w.leader, draft.id, MONDAY)
    await writing.ended()


async def test_what_comes_next_by_a_day_is_a_promise_that_everyone_sees_kept_or_not(
    database: Database,
) -> None:
    w = await database.write(world.build, asked=1)
    friday = date(2025, 3, 7)
    with pytest.raises(FieldErrors) as error:
        await preview(database, w, Written("", "Nothing", "Free two", date(2025, 3, 2)))
    assert set(error.value.errors) == {"next_on"}
    for changed in ("Two more people", "And a third"):
        await post(database, w, Written("", changed, "Free two people", friday))
    await post(database, w, Written("", "No day", "Free others"))
    [promised] = await database.read(commitments.of_owner, w.initiative_id)
    assert (promised.words, promised.due_on, promised.person) == (
        "Free two people",
        friday,
        w.owner,
    )

    async def told(now: datetime) -> str:
        asked = w.initiative_id, w.asked[0].id, MONDAY + DAY
        return " ".join(await database.read(progress.since, *asked, now))

    assert "Free two" not in await told(MONDAY + 6 * DAY)
    assert "by 7 March. No word on it yet." in await told(MONDAY + 8 * DAY)
    kept = (promised.id, Ending.KEPT, None, "k", MONDAY + 9 * DAY)
    await database.write(commitments.tell, w.leader, *kept)
    assert "said: “Free two people”. It's done." in await told(MONDAY + 10 * DAY)
