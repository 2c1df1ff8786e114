"""A browser for all tests, a local Slack with the sample app for each."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright, expect
from pytest_asyncio import is_async_test

from tests import patience

from .sample import Sample, running

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = ["--no-sandbox", "--disable-gpu"]
MISSING = (
    f"These tests need Chromium at {CHROMIUM}: install it (Debian: apt-get install chromium) "
    "and run make test-browser again."
)

Opening = Callable[..., Awaitable[Page]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One event loop for all: the browser outlives each test."""
    for item in items:
        if is_async_test(item):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


def pytest_sessionstart() -> None:
    """Say plainly what is missing, and fail."""
    if not CHROMIUM.exists():
        pytest.exit(MISSING, returncode=1)


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Chromium without a window."""
    async with async_playwright() as playwright:
        expect.set_options(timeout=1000 * patience.PAGE)
        found = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield found
        await found.close()


@pytest_asyncio.fixture(loop_scope="session")
async def sample() -> AsyncIterator[Sample]:
    """A seeded local Slack with the sample app."""
    async with running() as found:
        yield found


@pytest_asyncio.fixture(loop_scope="session")
async def open_as(browser: Browser, sample: Sample) -> AsyncIterator[Opening]:
    """Open a window as somebody; errors in the page fail the test."""
    context = await browser.new_context(viewport={"width": 1280, "height": 860})
    mistakes: list[str] = []

    async def opened(person: str, place: str = "dm", **more: str) -> Page:
        page = await context.new_page()
        page.on("pageerror", lambda error: mistakes.append(str(error)))
        page.on("console", lambda told: _keep_refusals(told.text, mistakes))
        query = "&".join(f"{name}={value}" for name, value in {"in": place, **more}.items())
        await page.goto(f"{sample.slack.url}/?as={person}&{query}")
        await expect(page.locator(".main-head h2").first).to_have_text(re.compile(r"\S"))
        return page

    yield opened
    await context.close()
    assert not mistakes, mistakes


def _keep_refusals(text: str, mistakes: list[str]) -> None:
    """The content policy's refusals count as mistakes; an absent demo does not."""
    if "Content Security Policy" in text or "Refused" in text:
        mistakes.append(text)
