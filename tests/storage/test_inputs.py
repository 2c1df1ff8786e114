"""What people tell the owners, who may, who sees a name, and how they learn what came of it."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update

from bot.domain.initiatives import Place, Status, Visibility
from bot.domain.inputs import About, Input, OpenInput, Outcome, Replied
from bot.domain.outbox import Claimed, Drop, Kind, Send, State
from bot.domain.people import Actor
from bot.errors import FieldErrors, Refused
from bot.services import inputs, people, stakeholders
from storage import tables
from storage.database import Database, Tx
from tests import world
from tests.world import MONDAY, World, rows

HOUR = timedelta(hours=1)
MEAN = "<!channel> <@U1> *bold* & مرحبا 🙂"


async def tell(
    database: Database, w: World, place: int = 0, words: str = "Too few labels", **how: object
) -> Input:
    """Have somebody asked tell the owner something."""
    named, key = bool(how.get("named", True)), str(how.get("key", f"{place}{words[:40]}"))
    return await database.write(
        inputs.tell, w.actor(place), w.initiative_id, words, named, key, MONDAY
    )


async def reply(
    database: Database, w: World, told: Input, outcome: Outcome, words: str = "", key: str = "r"
) -> Replied:
    """Have Dana reply."""
    return await database.write(inputs.reply, w.leader, told.id, outcome, words, key, MONDAY)


async def waiting(database: Database, w: World) -> list[OpenInput]:
    """What waits for Dana."""
    return await database.read(inputs.open_for, w.initiative_id, w.owner)


async def test_what_is_told_waits_for_the_owner_with_the_name(database: Database) -> None:
    w = await database.write(world.build)
    told = await tell(database, w, words=f"  {MEAN}\n")
    assert told.words == MEAN
    assert await waiting(database, w) == [OpenInput(told.id, w.initiative_id, MEAN, w.asked[0])]
    mine = await database.read(inputs.of_giver, w.asked[0].id)
    assert [one.words for one in mine] == [MEAN]
    assert await database.read(inputs.of_giver, w.asked[1].id) == []


async def test_the_same_submission_again_keeps_one(database: Database) -> None:
    w = await database.write(world.build)
    first = await tell(database, w, key="k")
    again = await tell(database, w, key="k")
    assert (again.id, again.words) == (first.id, first.words)
    assert len(await waiting(database, w)) == 1


async def test_no_trace_of_who_told_without_a_name(database: Database) -> None:
    w = await database.write(world.build)
    told = await tell(database, w, place=2, named=False)
    assert (await waiting(database, w))[0].giver is None
    assert w.asked[2].slack_user_id not in repr(told)
    audit = await database.read(rows, tables.Audit)
    assert [(line["who"], line["subject_id"]) for line in audit] == [("app", told.id)]
    keys = await database.read(lambda tx: tx.scalars(select(tables.ReceivedKey.key)).all())
    assert not any(w.asked[2].slack_user_id in key for key in keys)


async def test_the_order_says_nothing_about_when_it_was_told(database: Database) -> None:
    w = await database.write(world.build, asked=30)
    ids = [(await tell(database, w, place, named=False)).id for place in range(20)]
    shown = [one.id for one in await waiting(database, w)]
    assert sorted(shown) == ids
    assert shown != ids
    assert shown != ids[::-1]
    assert shown == [one.id for one in await waiting(database, w)]


async def test_with_few_people_a_name_cannot_be_left_out(database: Database) -> None:
    w = await database.write(world.build, asked=4)
    assert not (await database.read(inputs.form, w.actor(0), w.initiative_id)).may_be_nameless
    with pytest.raises(FieldErrors) as error:
        await tell(database, w, named=False)
    assert set(error.value.errors) == {"named"}
    assert await waiting(database, w) == []


async def test_leaving_the_name_out_is_the_default_for_group_figures(database: Database) -> None:
    named = await database.write(world.build)
    group = await database.write(world.build, visibility=Visibility.GROUP, team_id="T2")
    form = await database.read(inputs.form, named.actor(0), named.initiative_id)
    assert (form.may_be_nameless, form.nameless_first) == (True, False)
    form = await database.read(inputs.form, group.actor(0), group.initiative_id)
    assert (form.may_be_nameless, form.nameless_first) == (True, True)
    await database.write(
        stakeholders.choose, named.actor(0), named.stakeholder_ids[0], "group_only", MONDAY
    )
    form = await database.read(inputs.form, named.actor(0), named.initiative_id)
    assert form.nameless_first


async def test_going_group_only_hides_the_name_of_what_was_told_before(
    database: Database,
) -> None:
    w = await database.write(world.build)
    for place in (0, 1):
        await tell(database, w, place)
    place = w.stakeholder_ids[0]
    await database.write(stakeholders.choose, w.actor(0), place, "group_only", MONDAY + HOUR)
    await database.write(people.go_group_only, w.actor(1), MONDAY + HOUR)
    assert {one.giver for one in await waiting(database, w)} == {None}
    later = MONDAY + 2 * HOUR
    await database.write(
        inputs.tell, w.actor(0), w.initiative_id, "With my name", True, "later", later
    )
    assert {one.giver for one in await waiting(database, w)} == {None, w.asked[0]}


async def test_an_owner_added_later_sees_no_earlier_names(database: Database) -> None:
    w = await database.write(world.build)
    await tell(database, w)
    values = {
        "workspace_id": w.workspace_id,
        "initiative_id": w.initiative_id,
        "person_id": w.asked[5].id,
        "since": MONDAY + HOUR,
    }
    await database.write(lambda tx: tx.execute(insert(tables.InitiativeOwner).values(values)))
    new = await database.read(inputs.open_for, w.initiative_id, w.asked[5])
    assert [one.giver for one in new] == [None]


@pytest.mark.parametrize("words", ["", "   \n\t ", "\u200b\u200b", "\x00", "x" * 3001])
async def test_no_words_or_too_many_are_told_at_the_field(database: Database, words: str) -> None:
    w = await database.write(world.build)
    with pytest.raises(FieldErrors) as error:
        await tell(database, w, words=words, key="k")
    assert set(error.value.errors) == {"words"}
    await tell(database, w, words="Now some", key="k")  # the key was not spent


async def test_three_thousand_characters_are_kept_as_they_are(database: Database) -> None:
    w = await database.write(world.build)
    words = "🙂&<>" * 750
    await tell(database, w, words=words)
    assert (await waiting(database, w))[0].words == words


async def test_only_who_is_asked_in_a_running_initiative_may_tell(database: Database) -> None:
    w = await database.write(world.build)
    other = await database.write(world.build, team_id="T2")
    strangers = [w.leader, Actor(w.workspace_id, "UNOBODY"), other.actor(0)]
    for actor in strangers:
        with pytest.raises(Refused):
            await database.write(
                inputs.tell, actor, w.initiative_id, "Hello", True, f"{actor}", MONDAY
            )
        with pytest.raises(Refused):
            await database.read(inputs.form, actor, w.initiative_id)

    def change(tx: Tx, place: Place, status: Status) -> None:
        tx.execute(update(tables.Stakeholder).values(status=place.value))
        tx.execute(update(tables.Initiative).values(status=status.value))

    await database.write(change, Place.NOT_MY_TOPIC, Status.RUNNING)
    await tell(database, w, words="Not mine, but listen")
    await database.write(change, Place.STOPPED, Status.RUNNING)
    await tell(database, w, words="Stopped, but listen")
    for place, status in [
        (Place.LEFT, Status.RUNNING),
        (Place.ACTIVE, Status.ENDED),
        (Place.ACTIVE, Status.DRAFT),
    ]:
        await database.write(change, place, status)
        with pytest.raises(Refused):
            await tell(database, w, words=f"{place} {status}")
    assert len(await waiting(database, w)) == 2


async def test_the_giver_is_told_at_the_next_full_hour(database: Database) -> None:
    w = await database.write(world.build)
    told = await tell(database, w, place=3, named=False)
    at = MONDAY + timedelta(minutes=17)
    done = await database.write(
        inputs.reply, w.leader, told.id, Outcome.NOT_USED, "No budget", "r", at
    )
    assert (done.told_at, done.changed) == (MONDAY + HOUR, True)
    [row] = await database.read(rows, tables.Outbox)
    assert (row["kind"], row["recipient"]) == (Kind.INPUT_REPLY, w.asked[3].slack_user_id)
    assert (row["not_before"], row["counted"]) == (MONDAY + HOUR, False)
    shown = await database.read(inputs.reply_told, done.reply.id, at)
    assert (shown.words, shown.reply.words, shown.named) == ("Too few labels", "No budget", False)
    assert shown.replied_by == w.owner
    assert await waiting(database, w) == []
    audit = await database.read(rows, tables.Audit)
    assert w.asked[3].slack_user_id not in {line["who"] for line in audit}


async def test_not_now_needs_a_reason(database: Database) -> None:
    w = await database.write(world.build)
    told = await tell(database, w)
    with pytest.raises(FieldErrors) as error:
        await reply(database, w, told, Outcome.NOT_USED, " \n ")
    assert set(error.value.errors) == {"words"}
    assert len(await waiting(database, w)) == 1
    assert await database.read(rows, tables.Outbox) == []


async def test_a_later_reply_is_told_again_only_if_it_differs(database: Database) -> None:
    w = await database.write(world.build)
    told = await tell(database, w)
    first = await database.write(inputs.tap, w.leader, told.id, Outcome.USED, "1", MONDAY)
    for key in ("1", "2"):
        same = await database.write(inputs.tap, w.leader, told.id, Outcome.USED, key, MONDAY)
        assert (same.changed, same.reply.id) == (False, first.reply.id)
    worded = await reply(database, w, told, Outcome.USED, "In May", "3")
    assert worded.changed
    kept = await database.write(inputs.tap, w.leader, told.id, Outcome.USED, "4", MONDAY)
    assert (kept.changed, kept.reply.words) == (False, "In May")
    assert len(await database.read(rows, tables.InputReply)) == 2
    verdicts = [
        await database.read(inputs.wanted, claimed(w, done.reply.id), MONDAY)
        for done in (first, worded)
    ]
    assert verdicts == [Drop("replaced"), Send()]


async def test_who_stopped_is_not_written_to_and_finds_it_in_what_is_held(
    database: Database,
) -> None:
    w = await database.write(world.build)
    told = await tell(database, w)
    done = await reply(database, w, told, Outcome.PARTLY)
    await database.write(stakeholders.choose, w.actor(0), w.stakeholder_ids[0], "stop", MONDAY)
    [row] = await database.read(rows, tables.Outbox)
    assert row["state"] == State.DROPPED
    verdict = await database.read(inputs.wanted, claimed(w, done.reply.id), MONDAY)
    assert verdict == Drop("stopped")
    [mine] = await database.read(inputs.of_giver, w.asked[0].id)
    assert mine.reply == done.reply


async def test_only_owners_reply_and_only_while_it_runs(database: Database) -> None:
    w = await database.write(world.build)
    other = await database.write(world.build, team_id="T2")
    told = await tell(database, w)
    for actor in (w.actor(0), w.actor(1), other.leader):
        with pytest.raises(Refused):
            await database.write(inputs.reply, actor, told.id, Outcome.USED, "", f"{actor}", MONDAY)
        with pytest.raises(Refused):
            await database.read(inputs.for_owner, actor, told.id, MONDAY)
    with pytest.raises(Refused):
        await database.write(inputs.tap, w.leader, told.id + 99, Outcome.USED, "k", MONDAY)
    ended = update(tables.Initiative).values(status=Status.ENDED.value)
    await database.write(lambda tx: tx.execute(ended))
    with pytest.raises(Refused):
        await reply(database, w, told, Outcome.USED)
    assert await database.read(rows, tables.Outbox) == []


def claimed(w: World, reply_id: int) -> Claimed:
    """A row that tells the first person asked about a reply."""
    person = w.asked[0]
    return Claimed(
        1,
        w.workspace_id,
        Kind.INPUT_REPLY,
        reply_id,
        person.slack_user_id,
        "",
        person.id,
        w.initiative_id,
        "lease",
        0,
    )


# That's wrong: what owners read about somebody


async def wrong(
    database: Database, w: World, place: int = 0, words: str = "", **how: object
) -> Input:
    """Have somebody say that what Dana reads about them is wrong."""
    named, key = bool(how.get("named", True)), str(how.get("key", f"wrong {place}"))
    return await database.write(
        inputs.tell_wrong, w.actor(place), w.stakeholder_ids[place], words, named, key, MONDAY
    )


async def test_that_it_is_wrong_needs_no_words_and_is_answered_like_any_input(
    database: Database,
) -> None:
    w = await database.write(world.build)
    form = await database.read(inputs.wrong_form, w.actor(0), w.stakeholder_ids[0])
    assert (form.stakeholder_id, form.may_be_nameless) == (w.stakeholder_ids[0], True)
    told = await wrong(database, w)
    assert await wrong(database, w) == told  # the same submission again
    [open_input] = await waiting(database, w)
    assert (open_input.about, open_input.words) == (About.STANDING, "")
    assert open_input.giver == w.asked[0]
    done = await reply(database, w, told, Outcome.PARTLY)
    shown = await database.read(inputs.reply_told, done.reply.id, MONDAY)
    assert (shown.about, shown.words) == (About.STANDING, "")
    [mine] = await database.read(inputs.of_giver, w.asked[0].id)
    assert mine.about is About.STANDING
    assert mine.reply


async def test_without_a_name_nobody_learns_whom_it_was_wrong_about(database: Database) -> None:
    w = await database.write(world.build)
    told = await wrong(database, w, place=2, words="It isn't so", named=False)
    [open_input] = await waiting(database, w)
    assert (open_input.giver, open_input.about) == (None, About.STANDING)
    assert w.asked[2].slack_user_id not in repr(told)
    audit = await database.read(rows, tables.Audit)
    assert [(line["who"], line["what"]) for line in audit] == [("app", "inputs.told")]
    few = await database.write(world.build, asked=4, team_id="T2")
    with pytest.raises(FieldErrors):
        await wrong(database, few, named=False)


async def test_only_the_person_themselves_says_that_it_is_wrong(database: Database) -> None:
    w = await database.write(world.build)
    other = await database.write(world.build, team_id="T2")
    mine = w.stakeholder_ids[0]
    strangers = [w.leader, w.actor(1), Actor(w.workspace_id, "UNOBODY"), other.actor(0)]
    for actor in strangers:
        with pytest.raises(Refused, match="belongs to somebody else"):
            await database.read(inputs.wrong_form, actor, mine)
        with pytest.raises(Refused, match="belongs to somebody else"):
            await database.write(inputs.tell_wrong, actor, mine, "", True, f"{actor}", MONDAY)
    with pytest.raises(Refused):
        await database.write(inputs.tell_wrong, w.actor(0), 4711, "", True, "none", MONDAY)
    assert await waiting(database, w) == []


async def test_after_the_end_nothing_is_wrong_any_more(database: Database) -> None:
    w = await database.write(world.build)
    ended = update(tables.Initiative).values(status=Status.ENDED.value)
    await database.write(lambda tx: tx.execute(ended).close())
    with pytest.raises(Refused, match="nothing was sent"):
        await wrong(database, w)


async def test_too_many_words_about_it_are_told_at_the_field(database: Database) -> None:
    w = await database.write(world.build)
    with pytest.raises(FieldErrors) as error:
        await wrong(database, w, words="x" * 3001)
    assert set(error.value.errors) == {"words"}
    await wrong(database, w, words="\u200b\n")  # as good as none
    assert [one.words for one in await waiting(database, w)] == [""]
