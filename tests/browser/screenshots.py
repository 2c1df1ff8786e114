"""Pictures of each main view for the README: `make screenshots` writes docs/images/*.png."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

from playwright.async_api import Browser, Page, async_playwright, expect

from bot import logs
from bot.demo.cast import OWNER
from bot.demo.controls import Controls
from bot.demo.run import ENDS, STARTS
from bot.demo.stage import Stage, open_stage
from bot.demo.story import Story
from bot.demo.transcript import Transcript

from .conftest import ARGUMENTS, CHROMIUM, MISSING

IMAGES = Path(__file__).parents[2] / "docs" / "images"
SIZE = {"width": 1180, "height": 780}


class Camera:
    """Opens windows of the demo and keeps pictures of them."""

    def __init__(self, browser: Browser, address: str) -> None:
        self._browser = browser
        self._address = address

    async def window(self, person: str, place: str = "dm", theme: str = "light") -> Page:
        """A fresh window of somebody's, quiet and ready."""
        context = await self._browser.new_context(
            viewport=SIZE,  # type: ignore[arg-type]
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
    await camera.keep(await camera.window(OWNER), "digest")
    await camera.keep(await camera.window(OWNER, theme="dark"), "digest-dark")
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


async def play(stage: Stage) -> Story:
    """The month that the demo begins with."""
    story = Story(stage, Transcript(lambda line: None))
    await story.launch()
    await story.move_to(ENDS)
    return story


async def main() -> None:
    """Take all pictures."""
    logs.set_up("ERROR")
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        async with open_stage(Path(folder), STARTS) as stage, async_playwright() as playwright:
            story = await play(stage)
            controls = Controls(story)
            stage.slack.mounts["/_demo"] = controls.handle
            following = asyncio.create_task(controls.follow())
            browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            camera = Camera(browser, stage.slack.url)
            await owner(camera)
            await forms(camera)
            await check_in(camera, story.somebody_asked().user_id)
            await browser.close()
            following.cancel()


if __name__ == "__main__":
    if not CHROMIUM.exists():
        sys.exit(MISSING)
    asyncio.run(main())
