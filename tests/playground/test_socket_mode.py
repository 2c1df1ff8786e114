"""Socket Mode: by hand, and with Bolt."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground import Installation, Json, Playground, UserDriver, Workspace

from .helpers import Api, actions, button, field, modal


class Line:
    """A WebSocket connection driven by hand."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket

    async def read(self) -> Json:
        """The next message."""
        found: Json = await self.socket.receive_json()
        return found

    async def ack(self, envelope: Json, payload: Any = None) -> None:
        """Acknowledge an envelope."""
        body: Json = {"envelope_id": envelope["envelope_id"]}
        if payload is not None:
            body["payload"] = payload
        await self.socket.send_json(body)


async def connect(api: Api, app: Installation) -> Line:
    """Open one more connection and read its ``hello``."""
    opened = await api("apps.connections.open", token=app.app_token)
    line = Line(await api.session.ws_connect(opened["url"]))
    hello = await line.read()
    assert hello["type"] == "hello"
    assert hello["connection_info"] == {"app_id": app.app_id}
    return line


async def test_hello_and_envelopes(api: Api, app: Installation, dana: UserDriver) -> None:
    line = await connect(api, app)
    work = asyncio.create_task(dana.slash("/buyin", "new"))
    envelope = await line.read()
    assert set(envelope) == {"envelope_id", "type", "accepts_response_payload", "payload"}
    assert envelope["type"] == "slash_commands"
    assert envelope["accepts_response_payload"] is True
    await line.ack(envelope, {"text": "done"})
    delivery = await work
    assert delivery.ok
    assert dana.dm[-1].text == "done"
    assert dana.dm[-1].ephemeral_to == "U0001"


async def test_events_do_not_take_payloads(
    api: Api, app: Installation, ws: Workspace, slack: Playground
) -> None:
    line = await connect(api, app)
    ws.update_user("U0001", tz="Asia/Tokyo")
    envelope = await line.read()
    assert envelope["accepts_response_payload"] is False
    assert (envelope["retry_attempt"], envelope["retry_reason"]) == (0, "")
    await line.ack(envelope)
    await slack.settle()
    assert slack.deliveries[-1].ok


async def test_a_ticket_works_once(api: Api, app: Installation) -> None:
    url = (await api("apps.connections.open", token=app.app_token))["url"]
    first = await api.session.ws_connect(url)
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await api.session.ws_connect(url)
    await first.close()


async def test_connections_take_turns(api: Api, app: Installation, ws: Workspace) -> None:
    lines = [await connect(api, app) for _ in range(2)]
    ws.update_user("U0001", tz="Asia/Tokyo")
    ws.update_user("U0001", tz="Europe/Rome")
    for line in lines:
        await line.ack(await line.read())


async def test_more_than_ten_connections(api: Api, app: Installation) -> None:
    lines = [await connect(api, app) for _ in range(10)]
    opened = await api("apps.connections.open", token=app.app_token)
    eleventh = Line(await api.session.ws_connect(opened["url"]))
    assert (await eleventh.read())["reason"] == "too_many_websockets"
    assert len(lines) == 10


async def test_an_event_goes_to_another_connection(
    api: Api, app: Installation, ws: Workspace, slack: Playground
) -> None:
    slack.core.timing.ack_timeout = 0.02
    silent, other = await connect(api, app), await connect(api, app)
    ws.update_user("U0001", tz="Asia/Tokyo")
    first, second = await silent.read(), await other.read()
    assert second["payload"]["event_id"] == first["payload"]["event_id"]
    assert (second["retry_attempt"], second["retry_reason"]) == (1, "timeout")
    await other.ack(second)
    await slack.settle()
    assert slack.deliveries[-1].ok


async def test_a_command_without_an_ack_fails(
    api: Api, app: Installation, dana: UserDriver, slack: Playground
) -> None:
    nobody = await dana.slash("/buyin")
    assert nobody.error == "no_connection"
    assert "dispatch_failed" in dana.notices[-1]
    slack.core.timing.ack_timeout = 0.01
    line = await connect(api, app)
    late = await dana.slash("/buyin")
    assert late.error == "timeout"
    assert not line.socket.closed
    assert "operation_timeout" in dana.notices[-1]


async def test_disconnect(api: Api, app: Installation, slack: Playground) -> None:
    line = await connect(api, app)
    assert await slack.disconnect(app, "warning") == 1
    assert (await line.read())["reason"] == "warning"
    closing = asyncio.create_task(slack.disconnect(app, "refresh_requested"))
    assert (await line.read())["reason"] == "refresh_requested"
    assert (await line.socket.receive()).type == aiohttp.WSMsgType.CLOSE
    await closing


async def test_cut_connections_lose_the_ack(
    api: Api, app: Installation, dana: UserDriver, slack: Playground
) -> None:
    line = await connect(api, app)
    work = asyncio.create_task(dana.slash("/buyin"))
    await line.read()
    assert slack.drop_connections(app) == 1
    assert (await work).error == "connection_lost"


async def test_the_same_payload_twice(
    api: Api, app: Installation, ws: Workspace, slack: Playground
) -> None:
    line = await connect(api, app)
    ws.update_user("U0001", tz="Asia/Tokyo")
    first = await line.read()
    await line.ack(first)
    await slack.settle()
    again = asyncio.create_task(slack.redeliver(slack.deliveries[-1]))
    second = await line.read()
    await line.ack(second)
    assert (await again).ok
    assert second["payload"] == first["payload"]
    assert second["envelope_id"] != first["envelope_id"]


async def test_pings_both_ways(api: Api, app: Installation, slack: Playground) -> None:
    slack.core.timing.ping_interval = 0.001
    opened = await api("apps.connections.open", token=app.app_token)
    socket = await api.session.ws_connect(opened["url"], autoping=False)
    await socket.receive()
    ping = await socket.receive()
    assert ping.type == aiohttp.WSMsgType.PING
    assert ping.data.startswith(b"Ping from applink")
    await socket.pong(ping.data)
    slack.core.timing.ping_interval = 60
    await socket.ping(b"mine")
    while (message := await socket.receive()).type != aiohttp.WSMsgType.PONG:
        await socket.pong(message.data)
    assert message.data == b"mine"
    await socket.close()


@pytest.fixture
async def bolt(slack: Playground, app: Installation) -> AsyncIterator[AsyncApp]:
    """A Bolt app in Socket Mode."""
    client = AsyncWebClient(app.bot_token, base_url=slack.api_url)
    found = AsyncApp(client=client, process_before_response=True)
    handler = AsyncSocketModeHandler(found, app.app_token)
    await handler.connect_async()  # type: ignore[no-untyped-call]
    await slack.connected(app)
    yield found
    await handler.close_async()  # type: ignore[no-untyped-call]


async def test_a_bolt_app_from_command_to_answer(
    bolt: AsyncApp, slack: Playground, dana: UserDriver
) -> None:
    @bolt.command("/buyin")
    async def open_form(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=modal(field("b")))
        await ack("Hello")

    @bolt.view("form")
    async def saved(ack: Any, body: Json, view: Json, client: AsyncWebClient) -> None:
        name = view["state"]["values"]["b"]["text"]["value"]
        if name == "bad":
            await ack(response_action="errors", errors={"b": "not this"})
            return
        await ack()
        blocks = [actions(button("Yes", "yes", value=name))]
        await client.chat_postMessage(channel=body["user"]["id"], text="Ready?", blocks=blocks)

    @bolt.action("yes")
    async def answered(ack: Any, respond: Any, action: Json) -> None:
        await ack()
        await respond(text=f"Noted {action['value']}", replace_original=True)

    @bolt.event("app_home_opened")
    async def home_opened(event: Json, client: AsyncWebClient) -> None:
        view = {"type": "home", "blocks": [{"type": "divider"}]}
        await client.views_publish(user_id=event["user"], view=view)

    await dana.slash("/buyin", "new")
    assert dana.dm[-1].text == "Hello"
    await dana.submit({"Name": "bad"})
    assert dana.view_errors == {"b": "not this"}
    await dana.submit({"Name": "good"})
    await slack.settle()
    assert dana.view is None
    await dana.click(dana.dm[-1], text="Yes")
    await slack.settle()
    assert dana.read(dana.dm[-1]) == "Noted good"
    await dana.open_home()
    await slack.settle()
    assert dana.home is not None
    assert all(one.ok for one in slack.deliveries)
