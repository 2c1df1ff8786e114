"""Messages and views as a person reads them."""

from __future__ import annotations

import pytest

from bot.playground import Json, Playground, Reader, UserDriver, Workspace
from bot.playground.mrkdwn import readable

from .helpers import Api, actions, button, field, modal, option, plain, section

MRKDWN = [
    ("<@U0001> &amp; <@U9>", "@dana & @U9"),
    ("&lt;b&gt; &amp;lt;", "<b> &lt;"),
    ("<#C0001> <#C0001|old>", "#general #general"),
    ("<!here> <!channel> <!everyone>", "@here @channel @everyone"),
    ("<!subteam^S0001>", "@designers"),
    ("<https://example.com|the page>", "the page (https://example.com)"),
    ("<https://example.com>", "https://example.com"),
    ("<!date^1772442000^{date_long} at {time}|never>", "Monday, March 2, 2026 at 10:00 AM"),
    ("<!date^1772442000^{date_num} {date_short_pretty}|never>", "2026-03-02 Mar 2, 2026"),
    ("<!date^soon^{date}|never>", "never"),
]


@pytest.mark.parametrize(("text", "shown"), MRKDWN)
def test_mrkdwn(ws: Workspace, text: str, shown: str) -> None:
    ws.add_usergroup("S0001", "designers")
    assert readable(text, ws.team, "U0001") == shown


def test_dates_are_in_the_viewers_zone(ws: Workspace) -> None:
    text = "<!date^1772442000^{time}|x>"
    assert readable(text, ws.team, "U0001") == "10:00 AM"
    assert readable(text, ws.team, "U0002") == "4:00 AM"


def test_every_block(ws: Workspace) -> None:
    menu = {"type": "static_select", "action_id": "m", "placeholder": plain("Pick one"),
            "options": [option("a")]}  # fmt: skip
    people = {"type": "multi_users_select", "action_id": "p", "initial_users": ["U0001", "U0002"]}
    radio = {"type": "radio_buttons", "action_id": "r", "options": [option("a"), option("b")],
             "initial_option": option("b")}  # fmt: skip
    boxes = {"type": "checkboxes", "action_id": "c", "options": [option("a"), option("b")],
             "initial_options": [option("a")]}  # fmt: skip
    more = {"type": "overflow", "action_id": "o", "options": [option("x"), option("y")]}
    raw = {"type": "raw_text", "text": "cell"}
    blocks: list[Json] = [
        {"type": "header", "text": plain("Title <b>")},
        section("*Hi* <@U0001>", accessory=button("Go")),
        {"type": "section", "fields": [plain("one"), plain("two")]},
        {"type": "divider"},
        {"type": "context", "elements": [
            {"type": "image", "alt_text": "a face", "image_url": "https://example.com/a.png"},
            plain("said")]},
        actions(menu, people, more), actions(radio), actions(boxes),
        {"type": "image", "alt_text": "a chart", "image_url": "https://example.com/a.png"},
        {"type": "rich_text", "elements": [
            {"type": "rich_text_list", "style": "ordered", "elements": [
                {"type": "rich_text_section", "elements": [{"type": "text", "text": "first"}]}]},
            {"type": "rich_text_quote", "elements": [{"type": "user", "user_id": "U0001"}]}]},
        {"type": "data_table", "caption": "Numbers", "rows": [[raw, raw], [raw, raw]]},
        {"type": "data_visualization", "title": "Share", "chart": {
            "type": "pie", "segments": [{"label": "us", "value": 3}]}},
        field("b", "Why", optional=True, hint=plain("One line")),
    ]  # fmt: skip
    assert Reader(ws.team, "U0001").blocks(blocks).splitlines() == [
        "Title <b>",
        "*Hi* @dana",
        "[Go]",
        "one",
        "two",
        "———",
        "(a face) said",
        "[Pick one ▾] [@dana, @eli ▾] [⋯ X | Y]",
        "( ) A  (•) B",
        "[x] A  [ ] B",
        "(a chart)",
        "1. first",
        "> @dana",
        "Numbers",
        "cell | cell",
        "cell | cell",
        "Share",
        "us 3",
        "Why (optional): []",
        "  One line",
    ]


async def test_message_and_notification(
    web_api: Api, slack: Playground, dana: UserDriver, ws: Workspace
) -> None:
    blocks = [section("Hi <@U0001>"), actions(button("Yes"))]
    await web_api("chat.postMessage", channel="U0001", text="For &lt;you&gt;", blocks=blocks)
    message = dana.dm[-1]
    assert slack.text_of(message, "U0001") == dana.read(message) == "Hi @dana\n[Yes]"
    assert Reader(ws.team, "U0001").notification(message) == "For <you>"
    assert dana.read() == "Hi @dana\n[Yes]"


async def test_modal_with_values_and_errors(web_api: Api, dana: UserDriver) -> None:
    command = await dana.slash("/web")
    view = modal(field("b"), close=plain("Back"))
    await web_api("views.open", trigger_id=command.payload["trigger_id"], view=view)
    await dana.fill(values={"Name": "Tidy"})
    assert dana.view is not None
    dana.view.errors = {"b": "taken"}
    shown = dana.read(dana.view)
    assert shown == "« A form »\nName: [Tidy]\n  ! taken\n[Back] [Save]"
