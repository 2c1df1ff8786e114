"""From `/buyin new` to a running initiative and its end, as an owner does it in Slack."""

from datetime import date

from sqlalchemy import delete, select, update

from bot.domain.initiatives import Initiative, Status
from bot.domain.people import Actor
from bot.services import initiatives, stakeholders
from handlers.drafts import look_up_waiting, read_ahead
from handlers.picks import UserGroups
from storage import tables
from storage.database import Tx
from tests.handlers.conftest import Office

WHAT = {"name": "New printers", "why": "The warehouse asked for it.", "benefit": "Less walking."}
WHO = {
    "people": ["U1", "U2", "UDANA"],
    "channel": "C0SHELVES",
    "shown": "named",
    "first_on": date(2025, 3, 6),
    "fair": ["yes"],
}
MEAN = "<!channel> <@U1> *bold* & مرحبا 🙂"


async def step_one(office: Office, **changes: object) -> None:
    """Dana types `/buyin new` and fills in what it is."""
    await office.dana.slash("/buyin", "new")
    await office.settle()
    await office.dana.submit({**WHAT, **changes})
    await office.settle()


async def step_two(office: Office, **changes: object) -> None:
    """Dana fills in who is asked."""
    await office.dana.submit({**WHO, **changes})
    await office.settle()
    await office.deliver()


async def led(office: Office, name: str = "New printers") -> Initiative:
    """What Dana leads under that name."""
    mine = await office.database.read(initiatives.led_by, office.world.owner.id)
    return next(one for one in mine if one.name == name)


def shown(office: Office) -> str:
    """The modal Dana has open, as text."""
    assert office.dana.view
    return readable(office.dana.read(office.dana.view))


def readable(words: str) -> str:
    """Words without the marks that keep typed text apart from ours."""
    return "".join(sign for sign in words if sign not in "\u2060\u2068\u2069*")


async def test_from_the_command_to_the_introductions(office: Office) -> None:
    await step_one(office)
    assert "Do any of these people report to you?" in shown(office)
    await step_two(office)
    [saved] = office.dana.dm
    words = readable(office.dana.read(saved))
    assert "2 people would hear from you on Tue 4 March." in words
    assert "You, because you lead this" in words
    assert office.person(1).dm == []

    await office.dana.click(saved, text="Preview and start")
    await office.settle()
    preview = shown(office)
    assert "Introduction, from Tue 4 March" in preview
    assert "Not my topic" in preview
    assert "Less walking." in preview
    step = {"promise": "Print the first twenty", "promise_on": date(2025, 3, 7)}
    await office.dana.submit(step)
    await office.settle()
    assert "is running. 2 people will be introduced" in shown(office)
    assert "is running" in office.dana.read(office.dana.dm[0])

    running = await led(office)
    assert running.status is Status.RUNNING
    assert len(await office.database.read(stakeholders.of_initiative, running.id)) == 2


async def test_what_is_missing_is_said_under_the_field(office: Office) -> None:
    await office.dana.slash("/buyin", "new")
    await office.settle()
    await office.dana.submit({**WHAT, "milestone": "Go-live"})
    assert list(office.dana.view_errors) == ["milestone_on"]
    await office.dana.submit({"milestone_on": date(2025, 4, 1)})
    assert office.dana.view_errors == {}
    await step_two(office, shown="group", first_on=date(2025, 3, 8), people=["U1"])
    assert set(office.dana.view_errors) == {"people", "first_on"}
    assert "you've listed 1 person" in office.dana.view_errors["people"]
    assert office.dana.dm == []


async def test_a_channel_is_expanded_and_one_we_cannot_see_is_said(office: Office) -> None:
    office.workspace.add_user("UBOT", "helper", is_bot=True)
    office.workspace.add_user("UNEW", "newcomer", tz="Asia/Tokyo")
    office.workspace.invite("C0SHELVES", "UBOT")
    office.workspace.invite("C0SHELVES", "UNEW")
    office.workspace.add_channel("C0SECRET", "secret", members=["UDANA"], is_private=True)
    await step_one(office)
    await step_two(office, people=None, channels=["C0SHELVES", "C0SECRET"])
    words = office.dana.read(office.dana.dm[0])
    assert "7 people would hear from you" in words
    assert "2 apps" in words
    assert "/invite @Buy-in" in words


async def test_user_groups_are_offered_only_where_there_are_any(office: Office) -> None:
    await step_one(office)
    assert "user groups" not in shown(office)


async def test_a_user_group_is_asked(office: Office) -> None:
    office.app.scopes |= {"usergroups:read"}
    office.workspace.add_usergroup("S1", "day", ["U3", "U4"])
    await step_one(office)
    await step_two(office, people=None, groups=["S1"])
    assert "2 people would hear from you" in office.dana.read(office.dana.dm[0])


async def test_a_form_sent_twice_makes_one_draft_and_one_message(office: Office) -> None:
    await step_one(office)
    await office.slack.redeliver(office.slack.deliveries[-1])
    await step_two(office)
    await office.slack.redeliver(office.slack.deliveries[-1])
    await office.deliver()
    drafts = select(tables.Initiative.id).where(tables.Initiative.status == "draft")
    assert len(await office.database.read(lambda tx: tx.scalars(drafts).all())) == 1
    assert len(office.dana.dm) == 1


async def test_a_form_of_an_older_revision_keeps_what_was_typed(office: Office) -> None:
    await step_one(office)
    await step_two(office)
    await office.dana.close()
    saved = office.dana.dm[0]
    await office.dana.click(saved, text="Edit")
    await office.settle()
    draft = await led(office)
    assert office.dana.view
    office.dana.view.private_metadata = f"{draft.id}:{draft.revision - 1}"
    await office.dana.submit({"name": "Typed in the older window"})
    assert "changed in another window" in shown(office)
    assert "Typed in the older window" in shown(office)
    assert (await led(office)).name == "New printers"
    await office.dana.submit()
    assert (await led(office, "Typed in the older window")).id == draft.id
    office.dana.view.private_metadata = f"{draft.id}:{draft.revision}"
    await office.dana.submit({**WHO, "people": ["U5"]})
    assert "changed in another window" in shown(office)
    await office.dana.submit()
    await office.settle()
    await office.deliver()
    assert "1 person would hear from you" in office.dana.read(office.dana.dm[-1])


async def test_starting_what_changed_meanwhile_shows_the_change_first(office: Office) -> None:
    await step_one(office)
    await step_two(office)
    await office.dana.close()
    await office.dana.click(office.dana.dm[0], text="Preview and start")
    await office.settle()
    assert office.dana.view
    seen = office.dana.view.private_metadata.split(":")
    office.dana.view.private_metadata = ":".join([seen[0], "1", *seen[2:]])
    await office.dana.submit({"promise": "Mine"})
    assert "changed in another window" in shown(office)
    assert (await led(office)).status is Status.DRAFT
    await office.dana.submit({"promise_on": date(2025, 3, 7)})
    assert (await led(office)).status is Status.RUNNING


async def test_an_unfinished_draft_can_be_continued(office: Office) -> None:
    await step_one(office)
    await office.dana.close()
    await office.dana.slash("/buyin", "new")
    await office.settle()
    await office.dana.fill(None, {"name": "Something else"})
    await office.dana.click(text="Continue")
    await office.settle()
    assert "The warehouse asked for it." in shown(office)
    assert "Something else" not in shown(office)
    await office.dana.submit()
    await step_two(office)
    assert len(office.dana.dm) == 1


async def test_a_discarded_draft_is_gone(office: Office) -> None:
    await step_one(office)
    await step_two(office)
    await office.dana.close()
    await office.dana.click(office.dana.dm[0], text="Discard")
    await office.settle()
    assert "is discarded. Nobody was told." in office.dana.read(office.dana.dm[0])
    await office.dana.slash("/buyin", "new")
    await office.settle()
    assert "Unfinished" not in shown(office)


async def test_typed_words_are_harmless_everywhere(office: Office) -> None:
    await step_one(office, name=MEAN, why=MEAN * 20, benefit=MEAN * 20, needed=MEAN)
    await step_two(office, people=["U1"])
    await office.dana.close()
    await office.dana.click(office.dana.dm[0], text="Preview and start")
    await office.settle()
    await office.dana.submit({"promise": MEAN, "promise_on": date(2025, 3, 7)})
    await office.settle()
    assert (await led(office, MEAN)).status is Status.RUNNING
    for call in office.slack.log.of("chat.postMessage"):
        assert "<!channel>" not in str(call.args)


async def test_who_leads_nothing_cannot_end_anything(office: Office) -> None:
    await office.person(1).slash("/buyin", "end")
    await office.settle()
    assert "You don't lead an initiative here" in office.person(1).read()
    assert office.person(1).view is None
    assert (await led(office, "Shelf labels")).status is Status.RUNNING


async def test_the_end_thanks_everyone_asked(office: Office) -> None:
    await office.dana.slash("/buyin", "end")
    await office.settle()
    assert "Ending Shelf labels stops every check-in" in shown(office)
    await office.dana.submit({"achieved": "Every shelf has a label.", "changed": MEAN})
    assert "6 people get your thanks" in shown(office)
    await office.deliver()
    [farewell] = office.person(1).dm
    words = office.person(1).read(farewell)
    assert "Every shelf has a label." in words
    assert "deleted on Wed 2 April" in words
    await office.dana.close()
    await office.dana.slash("/buyin", "end")
    await office.settle()
    assert "has ended. `/buyin new` launches another" in office.dana.read()


async def test_a_draft_saved_just_before_a_stop_is_looked_up_at_the_next_start(
    office: Office,
) -> None:
    await step_one(office)
    await office.dana.submit(WHO)
    await office.settle()
    await office.database.write(forget_what_was_looked_up)
    assert office.dana.dm == []
    await look_up_waiting(office.ctx, office.world.workspace_id)
    await office.deliver()
    assert "2 people would hear from you" in office.dana.read(office.dana.dm[0])


def forget_what_was_looked_up(tx: Tx) -> None:
    """As if the process had stopped right after the ack."""
    tx.execute(delete(tables.Outbox))
    draft = tables.Initiative.status == "draft"
    picked = tx.scalars(select(tables.Initiative.picked).where(draft)).one()
    kept = {name: value for name, value in picked.items() if name != "expanded"}
    tx.execute(update(tables.Initiative).where(draft).values(picked=kept))


async def test_the_home_leads_through_it_too(office: Office) -> None:
    await office.dana.open_home()
    await office.settle()
    await office.dana.click(office.dana.home, text="Launch an initiative")
    await office.settle()
    await office.dana.submit(WHAT)
    await step_two(office)
    await office.dana.close()
    await office.dana.open_home()
    await office.settle()
    await office.dana.click(office.dana.home, text="Preview and start")
    await office.settle()
    await office.dana.submit()
    await office.settle()
    await office.dana.close()
    assert (await led(office)).status is Status.RUNNING
    assert office.dana.home
    assert "Preview and start" not in office.dana.read(office.dana.home)


async def test_reading_ahead_adds_nobody(office: Office) -> None:
    actor = Actor(office.world.workspace_id, "UNOBODY")
    await read_ahead(UserGroups(), office.ctx, actor)
    known = select(tables.Person.id).where(tables.Person.slack_user_id == actor.slack_user_id)
    assert await office.database.read(lambda tx: tx.scalars(known).all()) == []
