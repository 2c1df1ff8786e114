"""Pictures of each main view for the README: `make screenshots` writes docs/images/*.png."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from playwright.async_api import Browser, Page, async_playwright, expect

from bot import logs
from bot.demo.cast import OWNER
from bot.demo.controls import Controls
from bot.demo.run import ENDS, STARTS
from bot.demo.stage import open_stage
from bot.demo.story import Story
from bot.demo.transcript import Transcript

from .conftest import ARGUMENTS, CHROMIUM, MISSING

IMAGES = Path(__file__).parents[2] / "docs" / "images"
ASKED = datetime(2026, 3, 5, 9, 30, tzinfo=UTC)
"""When Bailey has a check-in open and no step chosen yet."""

INVITED = datetime(2026, 3, 26, 9, 0, tzinfo=UTC)
"""When Casey has an invitation to a talk and has not answered it yet."""

WIDTH, HEIGHT, TALL = 1180, 780, 1400
"""Pixels; a digest with its picture needs a tall window."""


class Camera:
    """Opens windows of the demo and keeps pictures of them."""

    def __init__(self, browser: Browser, address: str) -> None:
        self._browser = browser
        self._address = address

    async def window(
        self, person: str, place: str = "dm", theme: str = "light", height: int = HEIGHT
    ) -> Page:
        """A fresh window of somebody's, quiet and ready."""
        context = await self._browser.new_context(
            viewport={"width": WIDTH, "height": height},
            color_scheme=theme,  # type: ignore[arg-type]
            reduced_motion="reduce",
        )
        page = await context.new_page()
        await page.goto(f"{self._address}/?as={person}&in={place}")
        await expect(page.get_by_role("button", name="+1 hour")).to_be_visible()
        await page.wait_for_load_state("networkidle")
        await page.wait_for_timeout(400)
        return page

    async def keep(self, page: Page, name: str) -> None:
        """Write a picture, away from the mouse."""
        await page.mouse.move(0, 0)
        await page.wait_for_timeout(300)
        await page.screenshot(path=IMAGES / f"{name}.png")
        await page.context.close()
        print(f"docs/images/{name}.png")


async def check_in(camera: Camera, asked: str) -> None:
    """A check-in with one tap made, and the same on a phone; `asked` has one open."""
    page = await camera.window(asked)
    very = page.get_by_role("button", name="Very")
    message = page.locator(".pane .message").filter(has=very).last
    await message.get_by_role("button", name="Very").first.click()
    await expect(message).to_contain_text("Useful: Very")
    await camera.keep(page, "check-in")
    page = await camera.window(asked)
    await page.get_by_role("button", name="Phone width").click()
    await camera.keep(page, "phone")


async def owner(camera: Camera) -> None:
    """The digest in both themes, the Home tab, text only."""
    for theme, name in (("light", "digest"), ("dark", "digest-dark")):
        page = await camera.window(OWNER, theme=theme, height=TALL)
        top = page.locator(".pane .message").last.locator(".header").first
        await top.evaluate("node => node.scrollIntoView()")
        await camera.keep(page, name)
    await camera.keep(await camera.window(OWNER, "home"), "home")
    page = await camera.window(OWNER)
    await page.get_by_role("button", name="Text only").click()
    await camera.keep(page, "text-only")


async def command(page: Page, words: str) -> None:
    """Type a slash command."""
    field = page.locator("#composer-field")
    await field.fill(words)
    await field.press("Enter")


async def forms(camera: Camera) -> None:
    """A form with an error on a field, and an answer for one person alone."""
    page = await camera.window(OWNER)
    await command(page, "/buyin new")
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("What is it called?").fill("Quieter floor")
    await dialog.get_by_role("button", name="Next").click()
    await expect(dialog.locator(".wrong").first).to_be_visible()
    await camera.keep(page, "form")
    page = await camera.window("U0CASEY")
    await command(page, "/buyin")
    await expect(page.get_by_text("Only visible to you").last).to_be_visible()
    await camera.keep(page, "only-visible-to-you")


async def step(camera: Camera) -> None:
    """A finished check-in and the days to choose from for a step."""
    page = await camera.window("U0BAILEY")
    message = page.locator(".pane .message").last
    await message.get_by_role("button", name="Very").first.click()
    await message.get_by_role("button", name="Completely").click()
    await message.get_by_role("button", name="A lot").click()
    await message.get_by_role("button", name="Label one shelf").click()
    await expect(message.get_by_role("button", name="Back")).to_be_visible()
    await camera.keep(page, "step")


async def invitation(camera: Camera) -> None:
    """A talk that is offered, with three times."""
    page = await camera.window("U0CASEY")
    await expect(page.get_by_role("button", name="Other times…")).to_be_visible()
    await camera.keep(page, "talk")


@asynccontextmanager
async def demo(browser: Browser, until: datetime) -> AsyncIterator[tuple[Camera, Story]]:
    """The demo as it is `until` (aware), with a camera on it."""
    with tempfile.TemporaryDirectory() as folder:
        async with open_stage(Path(folder), STARTS) as stage:
            story = Story(stage, Transcript(lambda line: None))
            await story.launch()
            await story.move_to(until)
            stage.slack.mounts["/_demo"] = Controls(story).handle
            yield Camera(browser, stage.slack.url), story


async def main() -> None:
    """Take all pictures."""
    logs.set_up("ERROR")
    IMAGES.mkdir(parents=True, exist_ok=True)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        async with demo(browser, ASKED) as (camera, _):
            await step(camera)
        async with demo(browser, INVITED) as (camera, story):
            await invitation(camera)
            await story.move_to(ENDS)
            story.stage.slack.mounts["/_demo"] = Controls(story).handle
            await owner(camera)
            await forms(camera)
            await check_in(camera, story.somebody_asked().user_id)
        await browser.close()


if __name__ == "__main__":
    if not CHROMIUM.exists():
        sys.exit(MISSING)
    asyncio.run(main())
