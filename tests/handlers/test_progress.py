"""Writing news, previewing it and posting it, as an owner does it in Slack."""

from bot.domain.progress import Written
from bot.services import outbox, progress
from bot.services.initiatives import load
from bot.views.progress import overdue_blocks
from storage import tables
from storage.database import Tx
from tests.handlers.conftest import Office
from tests.world import rows

CHANGED = "Two more people & <!channel> *thanks*"


async def write(office: Office) -> None:
    """Open the form and fill it in, up to the preview."""
    await office.dana.slash("/buyin", "post")
    await office.settle()
    await office.dana.submit({"moved": "Shelf 1", "changed": CHANGED, "next_on": "2025-03-14"})
    await office.settle()


async def test_news_is_previewed_edited_and_posted_once(office: Office) -> None:
    await write(office)
    assert office.dana.view
    assert CHANGED in office.dana.read(office.dana.view)
    await office.dana.click(office.dana.view, text="Edit")
    await office.settle()
    assert "Nothing yet, because …" in office.dana.read(office.dana.view)
    assert CHANGED in str(office.dana.view.blocks)
    await office.dana.submit({"moved": "Shelf 1 and 2"})
    await office.settle()
    await office.dana.submit()
    await office.deliver()
    [post] = [message for message in office.dana.messages("C0SHELVES") if message.bot_id]
    shown = office.person(1).read(post)
    for part in ("Shelf labels", "Dana Demo", "Shelf 1 and 2", CHANGED, "Fri 14 March"):
        assert part in shown
    assert "answered" not in shown
    assert "Tell Dana Demo something" in shown
    assert "On its way" in office.dana.read(office.dana.view)


async def test_a_stale_preview_posts_nothing(office: Office) -> None:
    await write(office)
    await office.database.write(  # on another device
        progress.preview,
        office.world.leader,
        office.world.initiative_id,
        Written(changed="Newer words"),
        office.clock.now(),
    )
    assert office.dana.view
    await office.dana.submit()
    await office.deliver()
    assert "out of date" in office.dana.read(office.dana.view)
    assert await office.database.read(rows, tables.Outbox) == []


async def test_a_post_waits_until_the_app_is_invited(office: Office) -> None:
    office.workspace.remove("C0SHELVES", office.app.bot_user_id)
    await write(office)
    await office.dana.submit()
    await office.deliver()
    assert "/invite @Buy-in" in office.dana.dm[-1].text

    def retry(tx: Tx) -> None:
        outbox.retry_channel(tx, office.world.workspace_id, "C0SHELVES", office.clock.now())

    office.workspace.invite("C0SHELVES", office.app.bot_user_id)
    await office.database.write(retry)
    await office.deliver()
    assert [message.text for message in office.dana.messages("C0SHELVES") if message.bot_id]


async def test_nothing_new_is_recorded_from_the_digest(office: Office) -> None:
    initiative = await office.database.read(load, office.world.initiative_id)
    await office.ctx.gateway.post("UDANA", "Two weeks", overdue_blocks(initiative))
    await office.dana.click(office.dana.dm[-1], text="Write it")
    await office.settle()
    assert office.dana.view
    await office.dana.close()
    await office.dana.click(office.dana.dm[0], text="Nothing new this time")
    await office.settle()
    assert "Noted" in office.dana.dm[-1].text


async def test_who_leads_nothing_gets_a_clear_answer(office: Office) -> None:
    await office.person(1).slash("/buyin", "post", channel="C0SHELVES")
    await office.settle()
    assert office.person(1).view is None
    assert "don't lead" in office.person(1).messages("C0SHELVES")[-1].text
