"""Phone width, themes, contrast, names for everything one can press."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from .conftest import Opening

CONTRAST = """() => {
    const parse = (text) => text.match(/[\\d.]+/g).map(Number);
    const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
        .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
        .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
    const ground = (node) => {
        for (let at = node; at; at = at.parentElement) {
            const colour = parse(getComputedStyle(at).backgroundColor);
            if (colour.length < 4 || colour[3] > 0.9) return colour;
        }
        return [255, 255, 255];
    };
    const low = [];
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        const node = walk.currentNode.parentElement;
        if (!walk.currentNode.data.trim() || !node.checkVisibility()) continue;
        if (node.closest('.sr-only, svg, .btn:disabled')) continue;
        const [one, two] = [light(parse(getComputedStyle(node).color)), light(ground(node))];
        const ratio = (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
        const words = walk.currentNode.data.trim().slice(0, 30);
        if (ratio < 4.5) low.push(`${words} ${ratio.toFixed(2)}`);
    }
    return low;
}"""
NAMELESS = """() => [...document.querySelectorAll('button, input, textarea, select, a[href]')]
    .filter((node) => node.checkVisibility())
    .filter((node) => !(node.getAttribute('aria-label') || node.textContent.trim()
        || node.labels?.length || node.getAttribute('aria-labelledby')))
    .map((node) => node.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_contrast_and_names(open_as: Opening, theme: str) -> None:
    page = await open_as("U0DANA")
    await page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    await expect(page.locator(".message").last).to_contain_text("Open the form")
    assert await page.evaluate(CONTRAST) == []
    assert await page.evaluate(NAMELESS) == []
    await page.get_by_role("button", name="Open the form").last.click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog).to_contain_text("Please complete this required field.")
    assert await page.evaluate(CONTRAST) == []
    assert await page.evaluate(NAMELESS) == []


async def test_the_theme_can_be_chosen(open_as: Opening) -> None:
    page = await open_as("U0DANA")
    ground = "getComputedStyle(document.querySelector('.frame')).backgroundColor"
    before = await page.evaluate(ground)
    button = page.get_by_role("button", name="Theme: as the system")
    await button.click()
    await page.get_by_role("button", name="Theme: light").click()
    await expect(page.get_by_role("button", name="Theme: dark")).to_be_focused()
    assert await page.evaluate(ground) != before


async def fits(page: Page, selector: str) -> bool:
    """Whether nothing sticks out sideways."""
    found: bool = await page.locator(selector).evaluate(
        "node => node.scrollWidth <= node.clientWidth"
    )
    return found


async def test_phone_width(open_as: Opening) -> None:
    page = await open_as("U0DANA")
    await page.get_by_role("button", name="Phone width").click()
    box = await page.locator(".frame").bounding_box()
    assert box is not None
    assert box["width"] == 360
    assert await fits(page, ".pane .scroller")
    await expect(page.get_by_role("button", name="Open the form").last).to_be_in_viewport()
    await page.get_by_role("button", name="Conversations").click()
    await expect(page.locator("#main")).to_be_hidden()
    await expect(page.get_by_role("navigation").get_by_role("link", name="general")).to_be_visible()
    await page.get_by_role("navigation").get_by_role("link", name="general").click()
    await expect(page.get_by_text("Good morning, all.")).to_be_visible()
    await expect(page.get_by_role("navigation").get_by_role("link", name="general")).to_be_hidden()
    assert await fits(page, ".pane .scroller")


async def test_a_real_phone(open_as: Opening) -> None:
    page = await open_as("U0DANA")
    await page.set_viewport_size({"width": 360, "height": 740})
    assert await fits(page, "html")
    await page.get_by_role("button", name="Open the form").last.click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    assert await fits(page, ".dialog-body")
