"""Reading and answering messages."""

from __future__ import annotations

import asyncio
import re
import time

from playwright.async_api import Locator, Page, expect

from .conftest import Opening
from .sample import Sample


def row(page: Page, name: str) -> Locator:
    """A conversation's row in the sidebar."""
    return page.get_by_role("navigation").get_by_role("link", name=name)


def last(page: Page) -> Locator:
    """The newest message."""
    return page.locator(".pane .message").last


async def test_an_answer_by_clicking(open_as: Opening, sample: Sample) -> None:
    page = await open_as("U0DANA")
    await last(page).get_by_role("button", name="Answer").click()
    await expect(last(page)).to_contain_text("Thank you. You answered Very.")
    body = sample.last("block_actions")
    assert body["actions"][0]["value"] == "Very"
    assert body["user"]["id"] == "U0DANA"
    assert body["container"]["type"] == "message"


async def test_a_confirm_dialog_asks_first(open_as: Opening, sample: Sample) -> None:
    page = await open_as("U0DANA")
    stop = last(page).get_by_role("button", name="Stop")
    await expect(stop).to_be_visible()
    before = await page.locator(".pane .message").count()
    await stop.click()
    question = page.get_by_role("alertdialog", name="Stop these messages?")
    await expect(question).to_contain_text("You will not be asked again.")
    await question.get_by_role("button", name="Keep them").click()
    await expect(question).to_have_count(0)
    await expect(stop).to_be_focused()
    assert not any(body["type"] == "block_actions" for body in sample.payloads)
    await stop.click()
    await question.get_by_role("button", name="Stop").click()
    await expect(page.locator(".pane .message")).to_have_count(before - 1)


async def test_two_windows_are_two_people_live(open_as: Opening, sample: Sample) -> None:
    dana, emil = await open_as("U0DANA", "C0001"), await open_as("U0EMIL", "C0001")
    await dana.get_by_role("combobox", name="Message to general").fill(
        "Lunch at <noon> & not *later*?"
    )
    await dana.keyboard.press("Enter")
    for page in (dana, emil):
        await expect(last(page)).to_contain_text("Lunch at <noon> & not later?")
    posted = await sample.api("chat.postMessage", channel="C0001", text="first words")
    await expect(last(emil)).to_contain_text("first words")
    await sample.api("chat.update", channel="C0001", ts=posted["ts"], text="other words")
    for page in (dana, emil):
        await expect(last(page)).to_contain_text("other words")
    await sample.api("chat.delete", channel="C0001", ts=posted["ts"])
    for page in (dana, emil):
        await expect(last(page)).to_contain_text("Lunch at")


async def test_ephemeral_messages_are_for_one_person(open_as: Opening) -> None:
    dana, emil = await open_as("U0DANA", "C0001"), await open_as("U0EMIL", "C0001")
    await expect(last(dana)).to_contain_text("Only visible to you")
    await expect(last(dana)).to_contain_text("Only for your eyes")
    await expect(emil.get_by_text("Good morning, all.")).to_be_visible()
    await expect(emil.get_by_text("Only for your eyes")).to_have_count(0)


async def test_unread_marks_come_and_go(open_as: Opening, sample: Sample) -> None:
    page = await open_as("U0EMIL", "dm")
    general = row(page, "general")
    await expect(general).to_contain_text("2 unread")
    await sample.api("chat.postMessage", channel="C0001", text="one more")
    await expect(general).to_contain_text("3 unread")
    await expect(page).to_have_title(re.compile(r"^\(3\) Sample app"))
    await general.click()
    await expect(general).not_to_contain_text("unread")
    await page.reload()
    await expect(general).not_to_contain_text("unread")


async def test_a_reload_keeps_the_place(open_as: Opening, sample: Sample) -> None:
    sample.flood(150)
    page = await open_as("U0EMIL", "C0001")
    await expect(last(page)).to_contain_text("Message number 149")
    await page.locator(".pane .scroller").evaluate("node => { node.scrollTop = 900 }")
    await page.wait_for_timeout(300)
    top = "() => { const box = document.querySelector('.pane .scroller').getBoundingClientRect();"
    top += " return document.elementFromPoint(box.left + 300, box.top + 40)"
    top += ".closest('.message')?.dataset.ts }"
    before = await page.evaluate(top)
    await page.reload()
    await expect(page.locator(f'[data-ts="{before}"]')).to_be_in_viewport()
    assert "in=C0001" in page.url
    assert "as=U0EMIL" in page.url


async def test_text_from_people_is_never_html(open_as: Opening, sample: Sample) -> None:
    page = await open_as("U0DANA", "C0001")
    wild = "<img src=x onerror=alert(1)>&lt;b&gt;hi&lt;/b&gt; <javascript:alert(1)|click>"
    await sample.api("chat.postMessage", channel="C0001", text=wild)
    await expect(last(page)).to_contain_text("<b>hi</b>")
    assert await last(page).locator("img, b, script, a[href^=javascript]").count() == 0


async def test_mrkdwn(open_as: Opening) -> None:
    page = await open_as("U0DANA", "C0001")
    message = page.locator(".message", has_text="snake_case_word")
    words = message.locator(".content")
    await expect(words).to_be_visible()
    assert await words.locator("strong").all_inner_texts() == ["bold", "both"]
    assert await words.locator("s").inner_text() == "strike"
    await expect(words.locator("blockquote a")).to_have_attribute(
        "href", "https://example.com/a?b=1&c=2"
    )
    await expect(words).to_contain_text("not 2*3*4 nor snake_case_word")
    await expect(words).to_contain_text(":unknown_name:")
    await expect(words).to_contain_text("today at 9:05 AM")
    await expect(words).to_contain_text("<script>alert(1)</script> &")
    await expect(words.locator("pre")).to_contain_text("if a < b:")
    await expect(words.locator(".mention.me")).to_have_text("@dana")
    assert await words.locator("a[href^=javascript]").count() == 0


async def test_threads(open_as: Opening, sample: Sample) -> None:
    page = await open_as("U0DANA", "C0001")
    root = await sample.api("chat.postMessage", channel="C0001", text="the digest")
    await sample.api("chat.postMessage", channel="C0001", text="a detail", thread_ts=root["ts"])
    await last(page).get_by_role("button", name="1 reply").click()
    thread = page.get_by_role("complementary", name="Thread")
    await expect(thread).to_contain_text("a detail")
    await sample.api("chat.postMessage", channel="C0001", text="another", thread_ts=root["ts"])
    await expect(thread).to_contain_text("another")
    await expect(last(page)).to_contain_text("2 replies")
    await page.keyboard.press("Escape")
    await expect(thread).to_be_hidden()


async def test_every_block_is_drawn(open_as: Opening) -> None:
    page = await open_as("U0DANA")
    kitchen = page.locator(".message", has_text="All blocks")
    for words in ("Asked", "No *markup* here", "first", "code()", "Markdown", "North", "Week 1"):
        await expect(kitchen).to_contain_text(words)
    await expect(kitchen).to_contain_text("Picture: A rising line")
    await expect(kitchen).to_contain_text("Block “context_actions”")
    assert await kitchen.locator("img").count() == 3
    loaded = "nodes => nodes.every(node => node.complete && node.naturalWidth > 0)"
    await kitchen.scroll_into_view_if_needed()
    await expect(kitchen.locator("figure.chart")).to_have_count(2)
    await kitchen.locator("img").last.scroll_into_view_if_needed()
    assert await kitchen.locator("img").evaluate_all(loaded)
    await page.get_by_role("button", name="Without charts").click()
    await expect(kitchen).to_contain_text("Block “data_visualization”, switched off")


async def test_text_only_says_what_is_heard(open_as: Opening) -> None:
    page = await open_as("U0DANA")
    await page.get_by_role("button", name="Text only").click()
    await expect(last(page)).to_contain_text("How useful is *Shelf labels* for your work? Tap one.")
    await expect(last(page).locator(".spoken li", has_text="Open the form")).to_contain_text(
        "button"
    )
    await expect(last(page)).not_to_contain_text("You are asked because")


SEEN = """words => new Promise((seen) => {
    const look = () => document.querySelector('.pane').textContent.includes(words)
        ? requestAnimationFrame(seen) : requestAnimationFrame(look);
    look();
})"""


async def test_an_update_is_there_at_once(open_as: Opening, sample: Sample) -> None:
    page = await open_as("U0DANA", "C0001")
    await expect(last(page)).to_contain_text("Only for your eyes")
    times = []
    for number in range(10):
        waiting = asyncio.ensure_future(page.evaluate(SEEN, f"beat {number}"))
        await page.evaluate("1")
        started = time.perf_counter()
        await sample.api("chat.postMessage", channel="C0001", text=f"beat {number}")
        await waiting
        times.append(1000 * (time.perf_counter() - started))
    times.sort()
    print(f"\nan update is drawn after {times[5]:.0f} ms (median), {times[-1]:.0f} ms (worst)")


async def test_two_thousand_messages(open_as: Opening, sample: Sample) -> None:
    sample.flood(2000)
    page = await open_as("U0EMIL", "dm")
    started = time.perf_counter()
    await row(page, "general").click()
    await expect(last(page)).to_contain_text("Message number 1999")
    opened = 1000 * (time.perf_counter() - started)
    scroll = """async () => {
        const box = document.querySelector('.pane .scroller');
        const gaps = [];
        let before = performance.now();
        for (let step = 0; step < 400; step += 1) {
            box.scrollTop -= 300;
            await new Promise(requestAnimationFrame);
            const now = performance.now();
            gaps.push(now - before);
            before = now;
        }
        gaps.sort((one, two) => one - two);
        return [gaps[200], gaps[396], document.querySelectorAll('.pane .message').length];
    }"""
    middle, slow, nodes = await page.evaluate(scroll)
    shown = await page.locator(".pane .message").first.inner_text()
    print(f"\n2,000 messages: opened in {opened:.0f} ms, {nodes} of them in the page;")
    print(f"scrolling up {middle:.0f} ms a frame (median), {slow:.0f} ms (99th percentile)")
    assert "Message number 1" not in shown.splitlines()[-1] or nodes == 240
    assert nodes <= 240


async def test_a_lost_connection_comes_back(open_as: Opening, sample: Sample) -> None:
    page = await open_as("U0DANA", "C0001")
    port = int(sample.slack.url.rpartition(":")[2])
    await sample.slack.stop()
    await expect(page.get_by_text("Connection lost.")).to_be_visible()
    await sample.slack.start(port=port)
    await sample.api("chat.postMessage", channel="C0001", text="back again")
    await expect(last(page)).to_contain_text("back again")
    await expect(page.get_by_text("Connection lost.")).to_be_hidden()
