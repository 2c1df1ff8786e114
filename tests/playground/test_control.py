"""Driving from another process, and following live."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.playground import Change, Installation, Json, Playground, Workspace

from .conftest import Receiver
from .helpers import Api, actions, button


class Remote:
    """A client of the control API."""

    def __init__(self, slack: Playground, session: aiohttp.ClientSession) -> None:
        self.base = f"{slack.url}/_control/"
        self.session = session

    async def get(self, path: str) -> Json:
        async with self.session.get(self.base + path) as response:
            found: Json = await response.json()
            return found

    async def post(self, path: str, **body: Any) -> Json:
        async with self.session.post(self.base + path, json=body) as response:
            found: Json = await response.json()
            return found


@pytest.fixture
async def remote(slack: Playground) -> AsyncIterator[Remote]:
    async with aiohttp.ClientSession() as session:
        yield Remote(slack, session)


async def test_everything_from_outside(
    remote: Remote, slack: Playground, receiver: Receiver
) -> None:
    await remote.post("workspaces", name="Far", team_id="T0FAR")
    await remote.post("workspaces/T0FAR/add_user", user_id="U1", name="ida", tz="Asia/Tokyo")
    await remote.post("workspaces/T0FAR/add_channel", channel_id="C1", members=["U1"])
    installed = await remote.post(
        "workspaces/T0FAR/install_app", app_id="A0FAR", bot_scopes=["chat:write", "commands"],
        commands=["/far"], mode="http", request_url=receiver.url,
    )  # fmt: skip
    token = installed["result"]["bot_token"]
    receiver.answer = lambda body: {"text": "hello"}
    done = await remote.post("users/T0FAR/U1/slash", command="/far")
    assert done["inbox"][-1]["readable"] == "hello"
    api = Api(slack, slack.world.bot_tokens[token])
    posted = await api("chat.postMessage", channel="U1", text="t", blocks=[actions(button("Go"))])
    await api.session.close()
    receiver.answer = lambda body: web.Response()
    where = {"channel": posted["channel"], "ts": posted["ts"]}
    clicked = await remote.post("users/T0FAR/U1/click", **where, text="Go")
    assert clicked["result"]["payload"]["type"] == "block_actions"
    state = await remote.get("state")
    assert [u["tz"] for u in state["workspaces"][0]["users"] if u["id"] == "U1"] == ["Asia/Tokyo"]
    history = await remote.get(f"history/T0FAR/{posted['channel']}")
    assert history["messages"][-1]["history"][0]["what"] == "posted"
    log = await remote.get("log?method=chat.postMessage")
    assert len(log["calls"]) == 1
    assert len((await remote.get("deliveries"))["deliveries"]) == 2
    assert (await remote.post("settle"))["ok"]


async def test_faults_and_limits_from_outside(remote: Remote, slack: Playground, api: Api) -> None:
    await remote.post("faults", method="auth.test", kind="error", code="fatal_error", times=2)
    assert (await api("auth.test"))["error"] == "fatal_error"
    async with remote.session.delete(remote.base + "faults") as response:
        assert response.status == 200
    assert (await api("auth.test"))["ok"]
    await remote.post("limits", enabled=True)
    assert slack.limits.enabled
    assert (await remote.post("disconnect", app_id="A0DEMO"))["connections"] == 0
    assert (await remote.post("retries"))["deliveries"] == []


async def test_mistakes_are_told(remote: Remote, ws: Workspace, app: Installation) -> None:
    wrong = await remote.post("users/T0DEMO1/U0001/dance")
    assert (wrong["ok"], wrong["error"]) == (False, "CannotDo")
    assert (await remote.post("users/T0DEMO1/U9/slash"))["ok"] is False
    assert (await remote.post("workspaces/T0DEMO1/team"))["ok"] is False
    assert (await remote.get("users/T0DEMO1/U0001"))["inbox"] == []


async def test_following(slack: Playground, api: Api) -> None:
    seen: list[Change] = []
    stop = slack.world.subscribe(seen.append)
    await api("chat.postMessage", channel="U0001", text="x")
    stop()
    await api("chat.postMessage", channel="U0001", text="y")
    assert [change.kind for change in seen] == ["message_posted"]
    assert seen[0].subject.text == "x"


async def test_following_as_an_iterator(slack: Playground, api: Api) -> None:
    changes = slack.world.changes()
    coming = asyncio.ensure_future(anext(changes))
    await asyncio.sleep(0)
    await api("chat.postMessage", channel="U0001", text="x")
    assert (await coming).subject.text == "x"
    await changes.aclose()


async def test_following_over_http(slack: Playground, api: Api, remote: Remote) -> None:
    async with remote.session.get(remote.base + "events") as response:
        await api("chat.postMessage", channel="U0001", text="x")
        line = (await response.content.readline()).decode()
    event = json.loads(line.removeprefix("data: "))
    assert event["kind"] == "message_posted"
    assert event["subject"]["text"] == "x"
