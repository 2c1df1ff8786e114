"""From the first form to the start: what is checked, what is kept, and that nobody hears early."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select

from bot.domain.drafts import (
    Draft,
    Field,
    Launch,
    LeftOut,
    Members,
    OwnStep,
    Picks,
    Problem,
    Reference,
    Skip,
    What,
    Who,
)
from bot.domain.initiatives import Place, Status, Visibility
from bot.domain.outbox import Claimed, Drop, Kind, Send
from bot.domain.people import Actor, Profile
from bot.errors import FieldErrors, Refused, StaleForm
from bot.services import commitments, drafts, initiatives, people, stakeholders
from storage import drafts as kept_drafts
from storage import tables
from storage.database import Database, Tx
from tests import world
from tests.rivals import Rival
from tests.world import MONDAY, World

MEAN = "<!channel> <@U1> *bold* & مرحبا 🙂"
WHAT = What("New printers", "Warehouse leads asked for it.", "Less walking.")
WHO = Who(Picks(("U1", "U2")), "C0SHELVES", Visibility.NAMED, date(2025, 3, 6), fair=True)
EVERYONE = Members(by_hand=("U1", "U2", "UDANA"), from_lists=("U3",))


async def make(database: Database, w: World, what: What = WHAT, key: str = "k1") -> Draft:
    """Dana fills in step one."""
    return await database.write(drafts.save_what, w.leader, None, what, "V1", key, MONDAY)


async def pick(database: Database, w: World, who: Who = WHO, key: str = "k2") -> Draft:
    """Dana fills in both steps."""
    draft = await make(database, w)
    saved = await database.write(drafts.save_who, w.leader, draft.reference, who, key, MONDAY)
    return saved.draft


async def ready(database: Database, w: World, members: Members = EVERYONE, who: Who = WHO) -> Draft:
    """Dana's draft was looked up."""
    draft = await pick(database, w, who)
    assert await database.write(drafts.expanded, draft.reference, members, MONDAY)
    return await database.read(drafts.open_draft, w.leader, draft.initiative.id, MONDAY)


async def start(
    database: Database, w: World, seen: Reference, step: OwnStep | None = None, key: str = "k3"
) -> Launch:
    """Dana presses Start."""
    return await database.write(drafts.start, w.leader, seen, step or OwnStep(), key, MONDAY)


def count(tx: Tx, table: type[tables.Base], *conditions: object) -> int:
    """How many rows there are."""
    return tx.scalars(select(func.count()).select_from(table).where(*conditions)).one()  # type: ignore[arg-type]


def queued(tx: Tx) -> list[tuple[str, str]]:
    """What the outbox holds: (kind, recipient)."""
    found = tx.execute(select(tables.Outbox.kind, tables.Outbox.recipient))
    return [(row[0], row[1]) for row in found]


async def test_what_was_typed_comes_back_as_it_was(database: Database) -> None:
    w = await database.write(world.build)
    typed = What(MEAN, MEAN * 20, MEAN, MEAN, date(2025, 4, 1), MEAN)
    draft = await make(database, w, typed)
    plan = draft.initiative.plan
    assert (draft.initiative.name, plan.why, plan.benefit) == (MEAN, MEAN * 20, MEAN)
    assert (plan.milestone, plan.milestone_on, plan.needed) == (MEAN, date(2025, 4, 1), MEAN)
    assert draft.initiative.status is Status.DRAFT
    assert draft.initiative.tz == "Europe/Berlin"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, Field.NAME),
        ({"name": "n" * 81}, Field.NAME),
        ({"why": ""}, Field.WHY),
        ({"benefit": "b" * 3000}, Field.BENEFIT),
        ({"milestone": "Go-live"}, Field.MILESTONE_ON),
        ({"milestone_on": date(2025, 4, 1)}, Field.MILESTONE),
        ({"milestone": "Go-live", "milestone_on": date(2025, 3, 2)}, Field.MILESTONE_ON),
    ],
)
async def test_step_one_says_what_to_mend(
    database: Database, changes: dict[str, object], field: str
) -> None:
    w = await database.write(world.build)
    with pytest.raises(FieldErrors) as wrong:
        await make(database, w, replace(WHAT, **changes))  # type: ignore[arg-type]
    assert list(wrong.value.errors) == [field]
    assert await database.read(count, tables.Initiative) == 1


async def test_the_same_form_twice_makes_one_draft(database: Database) -> None:
    w = await database.write(world.build)
    first, again = await make(database, w), await make(database, w)
    assert first == again
    assert await database.read(count, tables.Initiative) == 2


async def test_a_form_of_an_older_revision_changes_nothing(database: Database) -> None:
    w = await database.write(world.build)
    seen = (await make(database, w)).reference
    edit = replace(WHAT, name="Other printers")
    newer = await database.write(drafts.save_what, w.leader, seen, edit, "V2", "k5", MONDAY)
    with pytest.raises(StaleForm):
        await database.write(drafts.save_what, w.leader, seen, WHAT, "V3", "k6", MONDAY)
    with pytest.raises(StaleForm):
        await database.write(drafts.save_who, w.leader, seen, WHO, "k7", MONDAY)
    kept = await database.read(drafts.open_draft, w.leader, seen.id, MONDAY)
    assert kept == newer
    saved = await database.write(
        drafts.save_what, w.leader, kept.reference, WHAT, "V3", "k6", MONDAY
    )
    assert saved.initiative.name == "New printers"


async def test_editing_keeps_no_words_that_are_not_shown_any_more(database: Database) -> None:
    w = await database.write(world.build)
    seen = (await make(database, w)).reference
    before = await database.read(count, tables.FreeText)
    await database.write(drafts.save_what, w.leader, seen, WHAT, "V2", "k5", MONDAY)
    assert await database.read(count, tables.FreeText) == before


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"picks": Picks()}, Field.PEOPLE, "Pick people, or a channel"),
        ({"picks": Picks(("UDANA", "UBOT"))}, Field.PEOPLE, "Nobody is left to ask: you lead it"),
        (
            {"visibility": Visibility.GROUP},
            Field.PEOPLE,
            "Group figures need at least 5 answers; you've listed 2 people. "
            "Add people or choose 'with names'.",
        ),
        (
            {"picks": Picks(tuple(f"UX{n}" for n in range(1001)))},
            Field.PEOPLE,
            "I can ask at most 1,000 people; you've listed 1,001.",
        ),
        ({"visibility": None}, Field.VISIBILITY, "Choose how answers show"),
        ({"channel_id": None}, Field.CHANNEL, "Pick the channel"),
        ({"fair": False}, Field.FAIR, "Please tick this"),
        ({"first_on": None}, Field.FIRST_ON, "Tuesday 4 March or later"),
        ({"first_on": date(2025, 3, 3)}, Field.FIRST_ON, "one working day before"),
        ({"first_on": date(2025, 3, 8)}, Field.FIRST_ON, "weekend"),
    ],
)
async def test_step_two_says_what_to_mend(
    database: Database, changes: dict[str, object], field: str, words: str
) -> None:
    w = await database.write(world.build)
    bot = Profile("UBOT", "Helper", is_bot=True)
    await database.write(people.learn, w.workspace_id, [bot], MONDAY)
    with pytest.raises(FieldErrors) as wrong:
        await pick(database, w, replace(WHO, **changes))  # type: ignore[arg-type]
    assert list(wrong.value.errors) == [field]
    assert words in wrong.value.errors[field]


async def test_a_channel_may_bring_enough_for_group_figures(database: Database) -> None:
    w = await database.write(world.build)
    picks = Picks(("U1",), channels=("C1",))
    draft = await pick(database, w, replace(WHO, picks=picks, visibility=Visibility.GROUP))
    assert draft.picks == picks
    assert draft.expansion is None


async def test_nobody_is_written_to_before_the_start(database: Database) -> None:
    w = await database.write(world.build)
    draft = await ready(database, w)
    assert await database.read(queued) == [(Kind.DRAFT_SAVED.value, "UDANA")]
    assert await database.read(stakeholders.of_initiative, draft.initiative.id) == []


async def test_the_owner_reads_who_would_hear_when_and_who_is_left_out(
    database: Database,
) -> None:
    w = await database.write(world.build)
    profiles = [
        Profile("UBOT", "Helper", is_bot=True),
        Profile("ULEFT", "Lou Demo", is_deleted=True),
        Profile("UG1", "Guest in a channel", is_guest=True),
        Profile("UG2", "Guest by hand", "Europe/Berlin", is_guest=True),
        Profile("UFAR", "Far Away", "Asia/Tokyo", is_stranger=True),
    ]
    await database.write(people.learn, w.workspace_id, profiles, MONDAY)
    members = Members(
        by_hand=("U1", "UDANA", "UG2"),
        from_lists=("U1", "U2", "UBOT", "ULEFT", "UG1", "UFAR", "UNKNOWN", "UDANA"),
        unreadable=("C9",),
        failed=1,
    )
    draft = await ready(database, w, members)
    saved = await database.read(drafts.draft_saved, draft.initiative.id, MONDAY)
    assert saved.count == 3
    assert sum(many for _, many in saved.dates) == 3
    assert (saved.unreadable, saved.failed, saved.problem) == (("C9",), 1, None)
    assert set(saved.left_out) == {
        LeftOut(Skip.OWNER, (("UDANA", "Dana Demo"),), 1),
        LeftOut(Skip.BOT, (("UBOT", "Helper"),), 1),
        LeftOut(Skip.LEFT, (("ULEFT", "Lou Demo"),), 1),
        LeftOut(Skip.GUEST, (("UG1", "Guest in a channel"),), 1),
        LeftOut(Skip.STRANGER, (("UFAR", "Far Away"),), 1),
        LeftOut(Skip.UNKNOWN, (("UNKNOWN", ""),), 1),
    }


async def test_that_somebody_stopped_is_theirs_alone_to_know(database: Database) -> None:
    w = await database.write(world.build)
    await database.write(people.stop_all, w.actor(0), MONDAY)
    draft = await ready(database, w)
    saved = await database.read(drafts.draft_saved, draft.initiative.id, MONDAY)
    assert saved.count == sum(many for _, many in saved.dates) == 3


@pytest.mark.parametrize(
    ("members", "visibility", "problem"),
    [
        (Members(by_hand=("UDANA",)), Visibility.NAMED, Problem.NOBODY),
        (Members(from_lists=("U1", "U2", "U3", "U4")), Visibility.GROUP, Problem.TOO_FEW),
    ],
)
async def test_a_draft_that_cannot_start_stays_editable(
    database: Database, members: Members, visibility: Visibility, problem: Problem
) -> None:
    w = await database.write(world.build)
    who = replace(WHO, picks=Picks(channels=("C1",)), visibility=visibility)
    draft = await ready(database, w, members, who)
    saved = await database.read(drafts.draft_saved, draft.initiative.id, MONDAY)
    assert saved.problem is problem
    with pytest.raises(Refused, match="Edit"):
        await start(database, w, draft.reference)
    await database.write(drafts.save_what, w.leader, draft.reference, WHAT, "V2", "again", MONDAY)


async def test_more_than_a_thousand_are_too_many(database: Database) -> None:
    w = await database.write(world.build, asked=1001)
    ids = tuple(person.slack_user_id for person in w.asked)
    who = replace(WHO, picks=Picks(channels=("C1",)))
    draft = await ready(database, w, Members(from_lists=ids), who)
    saved = await database.read(drafts.draft_saved, draft.initiative.id, MONDAY)
    assert (saved.problem, saved.count) == (Problem.TOO_MANY, 1001)
    fewer = Members(from_lists=ids[:1000])
    assert await database.write(drafts.expanded, draft.reference, fewer, MONDAY)
    await start(database, w, draft.reference)
    assert len(await database.read(stakeholders.of_initiative, draft.initiative.id)) == 1000


async def test_what_was_looked_up_for_an_older_revision_is_dropped(database: Database) -> None:
    w = await database.write(world.build)
    draft = await pick(database, w)
    await database.write(drafts.save_what, w.leader, draft.reference, WHAT, "V2", "k9", MONDAY)
    assert not await database.write(drafts.expanded, draft.reference, EVERYONE, MONDAY)
    assert await database.read(queued) == []


async def test_a_newer_edit_makes_the_older_message_pointless(database: Database) -> None:
    w = await database.write(world.build)
    draft = await ready(database, w)
    row = Claimed(
        1, w.workspace_id, Kind.DRAFT_SAVED, draft.initiative.id, "UDANA", "3", None, None, "", 0
    )
    current = replace(row, slot=str(draft.initiative.revision))
    assert await database.read(drafts.saved_still_wanted, current, MONDAY) == Send()
    await database.write(drafts.save_what, w.leader, draft.reference, WHAT, "V2", "k9", MONDAY)
    assert await database.read(drafts.saved_still_wanted, current, MONDAY) == Drop("changed")


async def test_the_start_is_once_and_for_all(database: Database) -> None:
    w = await database.write(world.build)
    draft = await ready(database, w)
    step = OwnStep("Print the first twenty myself", date(2025, 3, 7))
    launch = await start(database, w, draft.reference, step)
    again = await start(database, w, draft.reference, step)
    assert (launch.count, again.count) == (3, 3)
    running = await database.read(initiatives.load, draft.initiative.id)
    assert (running.status, running.started_at) == (Status.RUNNING, MONDAY)
    assert running.first_date == date(2025, 3, 6)
    places = await database.read(stakeholders.of_initiative, running.id)
    assert {place.person.slack_user_id for place in places} == {"U1", "U2", "U3"}
    assert all(place.place is Place.ACTIVE and not place.introduced_at for place in places)
    promised = await database.read(commitments.of_owner, running.id)
    assert [one.words for one in promised] == ["Print the first twenty myself"]
    waiting = select(func.count()).where(
        tables.Stakeholder.initiative_id == running.id,
        tables.Stakeholder.next_due_at.is_not(None),
    )
    assert await database.read(lambda tx: tx.scalars(waiting).one()) == 3
    with pytest.raises(Refused, match="has started"):
        await start(database, w, draft.reference, key="other window")


async def test_a_step_needs_words_and_a_day(database: Database) -> None:
    w = await database.write(world.build)
    draft = await ready(database, w)
    with pytest.raises(FieldErrors):
        await start(database, w, draft.reference, OwnStep("Only words"))
    with pytest.raises(FieldErrors):
        await start(database, w, draft.reference, OwnStep("", date(2025, 3, 7)))
    kept = await database.read(initiatives.load, draft.initiative.id)
    assert kept.status is Status.DRAFT


async def test_a_first_date_that_went_by_moves_on(database: Database) -> None:
    w = await database.write(world.build)
    draft = await ready(database, w)
    later = MONDAY.replace(day=14)  # a Friday: introductions today, check-ins from Monday on
    launch = await database.write(drafts.start, w.leader, draft.reference, OwnStep(), "k3", later)
    assert launch.first_on == date(2025, 3, 17)


async def test_a_preview_shows_nobodys_own_choices(database: Database) -> None:
    w = await database.write(world.build)
    draft = await ready(database, w)
    await database.write(people.go_group_only, w.leader, MONDAY)
    shown = await database.read(drafts.preview, w.leader, draft.initiative.id, MONDAY)
    assert shown.seen == draft.reference
    assert not shown.introduction.stakeholder.group_only
    assert shown.check_in.visibility is Visibility.NAMED
    assert (shown.launch.count, shown.launch.first_on) == (3, date(2025, 3, 6))


async def test_a_preview_waits_until_everyone_was_looked_up(database: Database) -> None:
    w = await database.write(world.build)
    draft = await pick(database, w)
    with pytest.raises(Refused, match="still looking up"):
        await database.read(drafts.preview, w.leader, draft.initiative.id, MONDAY)


async def test_a_discarded_draft_is_gone_with_its_words(database: Database) -> None:
    w = await database.write(world.build)
    draft = await ready(database, w)
    await database.write(drafts.discard, w.leader, draft.initiative.id, MONDAY)
    assert await database.write(drafts.unfinished, w.leader, MONDAY) == ()
    words = select(tables.FreeText.words).where(tables.FreeText.words == WHAT.why)
    assert await database.read(lambda tx: tx.scalars(words).all()) == []
    with pytest.raises(Refused, match="discarded"):
        await start(database, w, draft.reference)


async def test_a_draft_is_its_owners_alone(database: Database) -> None:
    w = await database.write(world.build)
    draft = await ready(database, w)
    other = Actor(w.workspace_id, "U1")
    for attempt in (drafts.open_draft, drafts.preview, drafts.discard):
        with pytest.raises(Refused) as refusal:
            await database.write(attempt, other, draft.initiative.id, MONDAY)
        assert "printers" not in str(refusal.value)
    with pytest.raises(Refused):
        await database.write(drafts.start, other, draft.reference, OwnStep(), "x", MONDAY)


async def test_an_edit_during_the_lookup_is_neither_lost_nor_met_by_the_old_people(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    w = await database.write(world.build)
    seen = (await pick(database, w)).reference
    other = replace(WHO, picks=Picks(("U4",)))
    edit = Rival(database, drafts.save_who, w.leader, seen, other, "k8", MONDAY)
    edit.before(monkeypatch, kept_drafts, "set_expansion")
    assert await database.write(drafts.expanded, seen, EVERYONE, MONDAY)
    assert (await edit.ended()).first_time
    kept = await database.read(drafts.open_draft, w.leader, seen.id, MONDAY)
    assert kept.picks == other.picks
    assert kept.expansion is None


async def test_a_draft_that_changes_while_it_is_discarded_is_kept(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    w = await database.write(world.build)
    seen = (await make(database, w)).reference
    monkeypatch.setattr(kept_drafts, "advance", lambda *_, **__: False)
    with pytest.raises(Refused, match="another window"):
        await database.write(drafts.discard, w.leader, seen.id, MONDAY)
