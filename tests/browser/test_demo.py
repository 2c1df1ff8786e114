"""The real app in the page: what a person who tries the demo does, in that order."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, expect

from bot.demo.cast import CHANNEL, OWNER
from bot.demo.controls import Controls
from bot.demo.run import STARTS
from bot.demo.stage import open_stage
from bot.demo.story import Story
from bot.demo.transcript import Transcript
from tests import patience

from .test_looks import CONTRAST, NAMELESS, fits

DESK, PHONE = 1280, 390
"""Widths in pixels."""

CHECK_INS_CAME = datetime(2026, 3, 5, 15, 0, tzinfo=UTC)


class Window:
    """Opens windows on the demo."""

    def __init__(self, browser: Browser, address: str, story: Story) -> None:
        self._browser = browser
        self._address = address
        self.story = story

    async def open(self, person: str, place: str = "dm", width: int = DESK) -> Page:
        """A window of somebody's."""
        page = await self._browser.new_page(viewport={"width": width, "height": 860})
        await page.goto(f"{self._address}/?as={person}&in={place}")
        await expect(page.get_by_role("button", name="+1 hour")).to_be_visible()
        return page


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def demo(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Window]:
    """The demo on the day of the first check-ins; nobody answers by themselves."""
    async with opened(browser, tmp_path_factory.mktemp("demo"), CHECK_INS_CAME) as window:
        yield window


@contextlib.asynccontextmanager
async def opened(
    browser: Browser, folder: Path, until: datetime, answering: bool = False
) -> AsyncIterator[Window]:
    """The demo as it is `until`; people did what they do if `answering`, and nobody does later."""
    async with open_stage(folder, STARTS) as stage:
        patience.wait_for_us(stage.slack)
        story = Story(stage, Transcript(lambda line: None))
        await story.launch()
        story.answering = answering
        await story.move_to(until)
        story.answering = False
        controls = Controls(story)
        stage.slack.mounts["/_demo"] = controls.handle
        following = asyncio.create_task(controls.follow())
        yield Window(browser, stage.slack.url, story)
        following.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await following


def last(page: Page) -> Locator:
    """The newest message."""
    return page.locator(".pane .message").last


async def test_somebody_answers_a_check_in_by_clicking(demo: Window) -> None:
    page = await demo.open("U0CASEY")
    await last(page).get_by_role("button", name="Fairly").first.click()
    await expect(last(page)).to_contain_text("Useful: Fairly")
    await last(page).get_by_role("button", name="A little").first.click()
    await expect(last(page)).to_contain_text("A little")
    await last(page).get_by_role("button", name="Some").click()
    await expect(last(page)).to_contain_text("Some")
    await page.reload()
    await expect(last(page)).to_contain_text("Useful: Fairly")
    await expect(page.get_by_label("You are")).to_have_value("U0CASEY")


@pytest.mark.parametrize(("person", "width"), [("U0ALEX", PHONE), ("U0BAILEY", DESK)])
async def test_somebody_takes_a_step_by_clicking(demo: Window, person: str, width: int) -> None:
    page = await demo.open(person, width=width)
    message = last(page)
    for answer, saved in (("Extremely", "Useful:"), ("Completely", "Sure"), ("A lot", "My plan")):
        await message.get_by_role("button", name=answer).click()
        await expect(message).to_contain_text(saved)
    await expect(message).to_contain_text("One thing you would do by Thu 19 March?")
    await message.get_by_role("button", name="Label one shelf").click()
    await message.get_by_role("button", name="Tue 10 March").click()
    await expect(message).to_contain_text("Your step by Tue 10 March")
    await message.get_by_role("button", name="When and where").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("When and where").fill("After the early shift")
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog).to_have_count(0)
    await expect(message).to_contain_text("After the early shift")
    assert await fits(page, ".pane .scroller")
    await page.locator("#composer-field").fill("/buyin steps")
    await page.locator("#composer-field").press("Enter")
    await last(page).get_by_role("button", name="Done").click()
    await expect(last(page)).to_contain_text("Done. Thank you.")


async def test_an_owner_launches_and_mends_a_field(demo: Window) -> None:
    page = await demo.open(OWNER)
    field = page.locator("#composer-field")
    await field.fill("/buyin new")
    await field.press("Enter")
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("What is it called?").fill("Quieter floor")
    await dialog.get_by_label("Why now").fill("The scanners beep all day long.")
    await dialog.get_by_label("What gets better").fill("You hear each other again.")
    await dialog.get_by_label("Next milestone").fill("First aisle without beeps")
    await dialog.get_by_label("When is that?").fill("2026-03-01")
    await dialog.get_by_role("button", name="Next").click()
    wrong = dialog.locator(".wrong .error")
    await expect(wrong).to_have_count(1)
    await expect(dialog.get_by_label("When is that?")).to_be_focused()
    await expect(dialog.get_by_label("What is it called?")).to_have_value("Quieter floor")
    await dialog.get_by_label("When is that?").fill("2026-05-04")
    await dialog.get_by_role("button", name="Next").click()
    await expect(page.get_by_role("dialog", name="Who is asked")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)


async def test_two_people_see_a_post_live(demo: Window) -> None:
    dana, alex = await demo.open(OWNER, CHANNEL), await demo.open("U0ALEX", CHANNEL)
    field = dana.locator("#composer-field")
    await field.fill("Thank you all for trying.")
    await field.press("Enter")
    for page in (dana, alex):
        await expect(last(page)).to_contain_text("Thank you all for trying.")


async def test_time_moves_and_the_digest_arrives(demo: Window) -> None:
    page = await demo.open(OWNER)
    before = demo.story.stage.clock.now()
    await page.get_by_role("button", name="Let them answer").click()
    await expect(page.get_by_role("button", name="Let them answer", pressed=True)).to_be_visible()
    digests = page.locator(".message", has_text="Only the people who lead it see this.")
    await expect(last(page)).to_be_visible()
    known = await digests.count()
    await page.get_by_role("button", name="+1 week").click()
    clock, told = page.locator(".clock time"), page.locator(".time [role=status]")
    await expect(told).to_have_text("Time moves …")
    await expect(told).to_contain_text("It is now")
    await expect(clock).to_contain_text("12 March 2026 at 16:00")
    assert demo.story.stage.clock.now() == before + timedelta(weeks=1)
    assert await digests.count() > known
    await expect(digests.last).to_contain_text("answered")
    await page.get_by_role("button", name="+1 hour").click()
    await expect(clock).to_contain_text("17:00")


async def test_what_they_think_is_marked_as_invented(demo: Window) -> None:
    page = await demo.open(OWNER)
    await expect(page.get_by_text("champion")).to_have_count(0)
    await page.get_by_role("button", name="What they really think").click()
    await expect(page.locator(".truths")).to_contain_text(
        "Invented people; the app never sees this."
    )
    await expect(page.locator(".truths")).to_contain_text("champion")


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_the_strips_can_be_read(demo: Window, theme: str) -> None:
    page = await demo.open(OWNER)
    await page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    await page.get_by_role("button", name="What they really think").click()
    await expect(page.locator(".truths")).to_contain_text("champion")
    assert await page.evaluate(CONTRAST) == []
    assert await page.evaluate(NAMELESS) == []


async def test_the_steps_lead_to_the_right_person(demo: Window) -> None:
    page = await demo.open(OWNER)
    await page.get_by_role("link", name="1 Answer as one of them").click()
    await expect(page.get_by_label("You are")).to_have_value("U0ALEX")
    await page.get_by_role("link", name="3 Read the owner's digest").click()
    await expect(page.get_by_label("You are")).to_have_value(OWNER)
    step = page.get_by_role("link", name="3 Read the owner's digest")
    await expect(step).to_have_attribute("aria-current", "step")
