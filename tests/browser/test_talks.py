"""A talk by clicking: from the invitation on a phone to what was noted and put right."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, expect

from bot.demo.cast import OWNER

from .test_demo import PHONE, Window, last, opened
from .test_looks import CONTRAST, NAMELESS, fits

GUEST = "U0CASEY"
INVITED = datetime(2026, 3, 26, 9, 0, tzinfo=UTC)
"""When the demo's owner has offered one talk, and nobody has answered yet."""


@pytest_asyncio.fixture(loop_scope="session")
async def demo(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Window]:
    """The demo after three weeks, with an invitation to a talk."""
    folder = tmp_path_factory.mktemp("talk")
    async with opened(browser, folder, INVITED, answering=True) as window:
        yield window


def form(page: Page) -> Locator:
    """The dialog that is open."""
    return page.get_by_role("dialog").last


async def choose(page: Page, option: str) -> None:
    """Choose in the one menu of the dialog that is open."""
    await form(page).get_by_role("combobox").first.click()
    await page.get_by_role("option", name=option).click()


async def check_readable(page: Page) -> None:
    """Nothing sticks out, nothing is faint, all that can be pressed has a name."""
    assert await fits(page, ".pane .scroller")
    assert await page.evaluate(CONTRAST) == []
    assert await page.evaluate(NAMELESS) == []


async def test_a_talk_by_clicking(demo: Window) -> None:
    guest, host = await demo.open(GUEST, width=PHONE), await demo.open(OWNER)
    await check_readable(guest)
    await last(guest).get_by_role("button", name="Other times").click()
    await choose(guest, "Tue 31 March, 10:30")
    await form(guest).get_by_role("button", name="Agree").click()
    cards = [page.locator(".message", has_text="Agreed:") for page in (guest, host)]
    for page, card in zip((guest, host), cards, strict=True):
        await expect(card).to_contain_text("Tue 31 March, 10:30–10:50")
        await expect(card.get_by_role("button", name="Add to Google")).to_be_visible()
        await expect(last(page).get_by_role("link", name="talk.ics")).to_be_visible()
    address = await last(guest).get_by_role("link", name="talk.ics").get_attribute("href")
    file = await guest.request.get(guest.url.partition("/?")[0] + str(address))
    assert "BEGIN:VEVENT" in await file.text()
    await check_readable(guest)

    await host.get_by_role("button", name="+1 week").click()
    for page in (guest, host):
        asked = page.locator(".message", has_text="Did you?")
        await asked.get_by_role("button", name="We met").click()
        await expect(page.locator(".message", has_text="You met.")).to_be_visible()
    await host.get_by_role("button", name="Note what you learned").click()
    await choose(host, "No time")
    await form(host).get_by_label("What did Casey Demo say?").fill("Mornings never work.")
    await form(host).get_by_role("button", name="Keep it").click()
    await expect(form(host)).to_contain_text("Kept.")

    await guest.locator("#composer-field").fill("/buyin me")
    await guest.locator("#composer-field").press("Enter")
    await expect(last(guest)).to_contain_text("Mornings never work.")
    await last(guest).get_by_role("button", name="Put it right").click()
    await form(guest).get_by_role("textbox").fill("Only Mondays are bad.")
    await form(guest).get_by_role("button", name="Keep it").click()
    await expect(form(guest)).to_contain_text("reads it beside the note")
