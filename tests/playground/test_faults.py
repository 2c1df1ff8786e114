"""Every fault does what it says: what is stored, what the caller gets."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground import Fault, Installation, Playground, UserDriver

from .helpers import Api


async def post(api: Api) -> aiohttp.ClientResponse:
    return await api.raw("chat.postMessage", channel="U0001", text="x")


async def test_rate_limited(api: Api, slack: Playground, dana: UserDriver) -> None:
    slack.faults.rate_limited("chat.postMessage", retry_after=7)
    response = await post(api)
    assert (response.status, response.headers["Retry-After"]) == (429, "7")
    assert (await response.json())["error"] == "ratelimited"
    assert dana.dm == []
    assert (await post(api)).status == 200


async def test_server_error(api: Api, slack: Playground, dana: UserDriver) -> None:
    slack.faults.server_error("chat.postMessage", 503, times=2)
    assert [(await post(api)).status for _ in range(3)] == [503, 503, 200]
    assert len(dana.dm) == 1


async def test_error_code(api: Api, slack: Playground, dana: UserDriver) -> None:
    slack.faults.error("chat.postMessage", "fatal_error")
    assert (await (await post(api)).json())["error"] == "fatal_error"
    assert dana.dm == []


async def test_malformed_but_stored(api: Api, slack: Playground, dana: UserDriver) -> None:
    slack.faults.malformed("chat.postMessage")
    response = await post(api)
    with pytest.raises(json.JSONDecodeError):
        await response.json()
    assert len(dana.dm) == 1


async def test_slow_but_stored(api: Api, slack: Playground, dana: UserDriver) -> None:
    slack.faults.slow("chat.postMessage", 30)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(post(api), 0.05)
    assert len(dana.dm) == 1


@pytest.mark.parametrize(("cut", "stored"), [("cut_before", 0), ("cut_after", 1)])
async def test_cut_connections(
    api: Api, slack: Playground, dana: UserDriver, cut: str, stored: int
) -> None:
    getattr(slack.faults, cut)("chat.postMessage")
    with pytest.raises((aiohttp.ClientError, ConnectionError)):
        await post(api)
    assert len(dana.dm) == stored
    (record,) = slack.log.of("chat.postMessage")
    assert record.fault == cut


async def test_the_sdks_retry_makes_a_duplicate_that_can_be_counted(
    slack: Playground, app: Installation, dana: UserDriver
) -> None:
    client = AsyncWebClient(app.bot_token, base_url=slack.api_url)
    slack.faults.cut_after("chat.postMessage")
    await client.chat_postMessage(channel="U0001", text="once")
    assert [message.text for message in dana.dm] == ["once", "once"]
    assert slack.log.count("chat.postMessage") == 2


async def test_any_method_and_forgetting(api: Api, slack: Playground) -> None:
    slack.faults.add("*", Fault("http", status=500))
    assert (await api.raw("auth.test")).status == 500
    slack.faults.server_error("auth.test", times=5)
    assert slack.faults.left("auth.test") == 5
    slack.faults.clear()
    assert (await api("auth.test"))["ok"]


async def test_the_log_keeps_no_token(api: Api, slack: Playground) -> None:
    await api("chat.postMessage", channel="U0001", text="x")
    await api("chat.postMessage", channel="C0001", text="x")
    first, second = slack.log.of("chat.postMessage")
    assert (first.ok, first.error, second.error) == (True, None, "not_in_channel")
    assert first.args == {"channel": "U0001", "text": "x"}
    assert first.at == datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert first.team_id == "T0DEMO1"
    assert api.token not in repr(slack.log.calls)
