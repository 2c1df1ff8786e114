"""The page's routes: its files, what a person sees, what is mounted, who may ask."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from bot.playground import CannotDo, Installation, Json, Playground, UserDriver, Workspace

from .conftest import Receiver
from .helpers import SCOPES, Api, actions, button, home, modal


@pytest.fixture
async def browser(slack: Playground) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(slack.url) as session:
        yield session


async def get(browser: aiohttp.ClientSession, path: str) -> Json:
    """JSON from a route."""
    async with browser.get(path) as response:
        found: Json = await response.json()
        return found


async def test_the_page_allows_nothing_but_its_own_files(browser: aiohttp.ClientSession) -> None:
    for path in ("/", "/page/js/app.js", "/page/css/base.css"):
        async with browser.get(path) as response:
            assert response.status == 200
            policy = response.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
            assert response.headers["X-Content-Type-Options"] == "nosniff"
            text = await response.text()
    async with browser.get("/") as response:
        text = await response.text()
    assert "<script>" not in text
    assert "style=" not in text
    assert "http" not in text.replace("http-equiv", "")


@pytest.mark.parametrize("path", ["../web.py", "%2e%2e/web.py", "js", "js/nothing.js"])
async def test_no_other_files(browser: aiohttp.ClientSession, path: str) -> None:
    async with browser.get(f"/page/{path}") as response:
        assert response.status == 404


async def test_other_origins_are_refused(browser: aiohttp.ClientSession, slack: Playground) -> None:
    for origin, status in (("http://example.com", 403), ("null", 403), (slack.url, 200)):
        headers = {"Origin": origin}
        async with browser.get("/_control/state", headers=headers) as response:
            assert response.status == status


async def test_what_one_person_sees(
    browser: aiohttp.ClientSession, ws: Workspace, api: Api
) -> None:
    await api("chat.postMessage", channel="U0001", text="for dana")
    await api("chat.postMessage", channel="U0002", text="for eli")
    seen = await get(browser, "/_page/T0DEMO1/U0002")
    assert {channel["id"] for channel in seen["channels"]} >= {"C0001"}
    assert "C0002" not in {channel["id"] for channel in seen["channels"]}
    direct = seen["apps"][0]["channel"]
    assert [c["unread"] for c in seen["channels"] if c["id"] == direct] == [1]
    found = await get(browser, f"/_page/T0DEMO1/U0002/messages/{direct}")
    assert [message["text"] for message in found["messages"]] == ["for eli"]
    other = ws.user("U0001").dm[0].channel
    refused = await get(browser, f"/_page/T0DEMO1/U0002/messages/{other}")
    assert refused["ok"] is False


async def test_reading_marks_what_was_read(browser: aiohttp.ClientSession, api: Api) -> None:
    posted = await api("chat.postMessage", channel="U0001", text="one")
    await api("chat.postMessage", channel="U0001", text="two")
    where = {"channel": posted["channel"], "ts": posted["ts"]}
    async with browser.post("/_page/T0DEMO1/U0001/read", json=where) as response:
        assert (await response.json())["unread"] == 1


async def test_a_conversation_in_pieces(browser: aiohttp.ClientSession, api: Api) -> None:
    stamps = [
        (await api("chat.postMessage", channel="U0001", text=str(number)))["ts"]
        for number in range(7)
    ]
    channel = (await get(browser, "/_page/T0DEMO1/U0001"))["apps"][0]["channel"]

    async def piece(**query: Any) -> tuple[list[str], bool, bool]:
        words = "&".join(f"{name.strip('_')}={value}" for name, value in query.items())
        found = await get(browser, f"/_page/T0DEMO1/U0001/messages/{channel}?limit=3&{words}")
        return [one["text"] for one in found["messages"]], found["older"], found["newer"]

    assert await piece() == (["4", "5", "6"], True, False)
    assert await piece(before=stamps[4]) == (["1", "2", "3"], True, True)
    assert await piece(after=stamps[1]) == (["2", "3", "4"], True, True)
    assert await piece(from_=stamps[0]) == (["0", "1", "2"], False, True)


async def test_news_over_a_websocket(
    browser: aiohttp.ClientSession, api: Api, dana: UserDriver
) -> None:
    async with browser.ws_connect("/_page/T0DEMO1/U0001/live") as socket:
        await api("chat.postMessage", channel="U0002", text="not for dana")
        posted = await api("chat.postMessage", channel="U0001", text="x", blocks=[])
        await api("views.publish", user_id="U0001", view=home())
        await api("chat.update", channel=posted["channel"], ts=posted["ts"], text="y")
        await api("chat.delete", channel=posted["channel"], ts=posted["ts"])
        news: list[Json] = []
        while not news or news[-1]["kind"] != "gone":
            news += (await socket.receive_json(timeout=5))["news"]
    assert all("not for dana" not in str(one) for one in news)
    assert "home" in [one["kind"] for one in news]


async def test_files_for_a_file_input(
    browser: aiohttp.ClientSession,
    ws: Workspace,
    web_app: Installation,
    receiver: Receiver,
    web_api: Api,
) -> None:
    async with browser.post("/_page/T0DEMO1/U0001/upload/plan.txt", data=b"plan") as response:
        stored = (await response.json())["file"]
    assert (stored["name"], stored["size"], stored["user"]) == ("plan.txt", 4, "U0001")
    async with browser.get(f"/_page/T0DEMO1/files/{stored['id']}") as response:
        assert await response.read() == b"plan"
        assert "sandbox" in response.headers["Content-Security-Policy"]


async def test_mounted_handlers(browser: aiohttp.ClientSession, slack: Playground) -> None:
    async def handler(path: str, method: str, body: Json) -> tuple[int, Json]:
        return (200, {"path": path, "method": method, "body": body})

    async with browser.get("/_demo/state") as response:
        assert response.status == 404
    slack.mounts["/_demo"] = handler
    async with browser.post("/_demo/move", json={"by": "1h"}) as response:
        assert await response.json() == {"path": "/move", "method": "POST", "body": {"by": "1h"}}
    assert (await get(browser, "/_demo/state?a=1"))["body"] == {"a": "1"}


async def test_a_message_of_a_person_reaches_apps_that_listen(
    ws: Workspace, slack: Playground, receiver: Receiver, dana: UserDriver
) -> None:
    scopes = [*SCOPES, "channels:history"]
    install = ws.install_app("A0EAR", scopes, mode="http", request_url=receiver.url)
    ws.invite("C0001", install.bot_user_id)
    await slack.settle()
    await dana.say("C0001", "hello all")
    await slack.settle()
    assert slack.deliveries[-1].event["text"] == "hello all"
    assert slack.deliveries[-1].event["channel_type"] == "channel"
    known = len(slack.deliveries)
    await dana.say("C0002", "in private")
    await slack.settle()
    assert len(slack.deliveries) == known
    with pytest.raises(CannotDo):
        await ws.user("U0003").say("C0001", "from outside")


async def test_hints_of_commands(browser: aiohttp.ClientSession, ws: Workspace) -> None:
    command = {"command": "/go", "description": "Goes", "usage_hint": "[now]"}
    ws.install_app("A0GO", SCOPES, commands=[command, "/stay"])
    shown = (await get(browser, "/_page/T0DEMO1/U0001"))["apps"][0]["commands"]
    assert shown == [command, {"command": "/stay"}]


async def test_choosing_without_telling_the_app(
    ws: Workspace, web_app: Installation, web_api: Api, receiver: Receiver, dana: UserDriver
) -> None:
    element = {"type": "plain_text_input", "action_id": "text"}
    block = {
        "type": "input",
        "block_id": "b",
        "dispatch_action": True,
        "label": {"type": "plain_text", "text": "Name"},
        "element": element,
    }
    await web_api("chat.postMessage", channel="U0001", text="t", blocks=[actions(button("Go"))])
    await dana.click(dana.dm[-1], text="Go")
    trigger = receiver_payload(receiver)["trigger_id"]
    await web_api("views.open", trigger_id=trigger, view=modal(block))
    known = len(receiver.requests)
    await dana.select(dana.view, "text", "Half a na", "b", dispatch=False)
    assert len(receiver.requests) == known
    assert dana.view is not None
    assert dana.view.inputs["b"]["text"]["value"] == "Half a na"
    await dana.select(dana.view, "text", "Half a name", "b")
    assert len(receiver.requests) == known + 1


def receiver_payload(receiver: Receiver) -> Json:
    """The newest interaction payload."""
    import json
    from urllib.parse import parse_qs

    found: Json = json.loads(parse_qs(receiver.last[1].decode())["payload"][0])
    return found
