"""What owners press and fill in when asking stopped, as they meet it in Slack."""

from datetime import date, timedelta

import pytest
from sqlalchemy import update

from bot.domain.initiatives import Place
from bot.services import initiatives
from storage import pauses, tables
from storage.database import Tx
from tests import rounds, world
from tests.handlers.conftest import Office
from tests.handlers.test_people import place_of, read
from tests.scenario.office import shown
from tests.storage.test_asking import ANSWERS, attend, pause
from tests.world import rows

DAYS = ("date.move", "date.keep", "pause.talk", "pause.other", "pause.off", "line.write")


@pytest.fixture
async def quiet(office: Office) -> Office:
    """The office a week after round 1: asking has stopped for U1, and more time is advised."""
    since = rounds.opens_at(2)

    def build(tx: Tx) -> None:
        w = office.world
        world.add_plan(tx, w.workspace_id, w.initiative_id, w.owner.id, 2, date(2025, 4, 28))
        rounds.play(tx, w, 1, ANSWERS)
        pause(tx, w, 0, since)
        facts = {"quiet": 3, "asked": 6}
        pauses.add_for_initiative(tx, w.workspace_id, w.initiative_id, facts, since)

    await office.database.write(build)
    office.clock.move_to(since + timedelta(days=7, hours=10))
    return office


async def status(office: Office) -> str:
    await office.dana.slash("/buyin", "status", channel="C0SHELVES")
    await office.settle()
    return read(office.dana, office.dana.messages("C0SHELVES")[-1])


async def press(office: Office, label: str, at: int = -1) -> str:
    """Press a button of a message in the channel; return what Dana reads newly."""
    dana = office.dana
    await dana.click(dana.messages("C0SHELVES")[at], text=label)
    await office.settle()
    return read(dana, dana.messages("C0SHELVES")[-1])


async def test_a_word_from_the_owner(quiet: Office) -> None:
    told = await status(quiet)
    assert "I've paused check-ins to" in told
    assert "What would make this worth your time, or should you be off the list?" in told
    assert "stay paused until" in await press(quiet, "I'll talk with them")
    assert "stay paused until" in await press(quiet, "I'll talk with them", -2)
    assert "I've paused" not in await status(quiet)
    assert quiet.person(1).dm == []


async def test_off_the_list_asks_first(quiet: Office) -> None:
    await status(quiet)
    dana = quiet.dana
    await dana.click(dana.messages("C0SHELVES")[-1], text="Take off the list", confirm=False)
    await quiet.settle()
    assert (await place_of(quiet)).place is Place.ACTIVE
    assert "isn't asked about *Shelf labels* any more" in await press(quiet, "Take off the list")
    assert (await place_of(quiet)).place is Place.OFF
    assert quiet.person(1).dm == []


async def test_moving_the_date(quiet: Office) -> None:
    assert "3 of 6 are quiet. Before *The go-live* (Mon 28 April)" in await status(quiet)
    dana = quiet.dana
    await press(quiet, "Move the date")
    await dana.submit({"on": date(2025, 4, 28), "why": "No time."})
    assert "That is the date it has." in str(dana.view and dana.view.errors)
    await dana.submit({"on": date(2025, 5, 12), "why": "No time."})
    await quiet.settle()
    assert "is now planned for Mon 12 May" in shown(dana)
    await dana.close(everything=True)
    plan = (await quiet.database.read(initiatives.load, quiet.world.initiative_id)).plan
    assert (plan.number, plan.milestone_on) == (3, date(2025, 5, 12))
    assert "The date was moved already" in await press(quiet, "Keep it, and say why")


async def test_keeping_the_date(quiet: Office) -> None:
    await status(quiet)
    await press(quiet, "Keep it, and say why")
    await quiet.dana.submit({"why": "The old one is off by then."})
    await quiet.settle()
    assert "stays on Mon 28 April" in shown(quiet.dana)
    await quiet.dana.close(everything=True)
    assert "are quiet" not in await status(quiet)


async def test_a_line(quiet: Office) -> None:
    await quiet.database.write(attend, quiet.world, 1, 2)
    await status(quiet)
    later = await press_line(quiet)
    assert "2 people get it once" in later
    await quiet.dana.submit({"words": "I heard you."})
    await quiet.settle()
    assert "Kept: 2 people get it once" in shown(quiet.dana)
    await quiet.dana.close(everything=True)
    assert len(await quiet.database.read(rows, tables.Give)) == 2


async def press_line(office: Office) -> str:
    """Open the form for a line from a message that has its button."""
    button = {
        "type": "button",
        "action_id": "line.write",
        "value": str(office.world.initiative_id),
        "text": {"type": "plain_text", "text": "Write a line"},
    }
    await office.ctx.gateway.post("UDANA", "x", [{"type": "actions", "elements": [button]}])
    await office.dana.click(office.dana.dm[-1], text="Write a line")
    await office.settle()
    return shown(office.dana)


@pytest.mark.parametrize("ended", [False, True])
async def test_forged_clicks_change_nothing(quiet: Office, ended: bool) -> None:
    if ended:
        over = update(tables.Initiative).values(status="ended", ended_at=quiet.clock.now())
        await quiet.database.write(lambda tx: tx.execute(over).close())
    who = quiet.dana if ended else quiet.person(2)
    before = await quiet.database.read(rows, tables.StepBack)
    ids = [str(row["id"]) for row in before]
    for act in DAYS:
        for value in [*ids, "999999", "x"]:
            element = {
                "type": "button",
                "action_id": act,
                "value": value,
                "text": {"type": "plain_text", "text": "Forged"},
            }
            blocks = [{"type": "actions", "elements": [element]}]
            await quiet.ctx.gateway.post(who.id, "Forged", blocks)
            await who.click(who.dm[-1], text="Forged")
            await quiet.settle()
            assert who.view is None, (act, value)
            assert who.dm[-1].text != "Forged", (act, value)
    assert await quiet.database.read(rows, tables.StepBack) == before
    assert (await place_of(quiet)).place is Place.ACTIVE
