"""A running local Slack with one workspace, one app and three people."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from aiohttp import web

from bot.playground import Installation, Json, Playground, UserDriver, Workspace

from .helpers import SCOPES, Api, Clock


@pytest.fixture
def clock() -> Clock:
    """A clock the test moves."""
    return Clock()


@pytest.fixture
async def slack(clock: Clock) -> AsyncIterator[Playground]:
    """A running local Slack on a moving clock."""
    playground = Playground(clock.now, monotonic=clock.monotonic, ack_timeout=0.5)
    await playground.start()
    yield playground
    await playground.stop()


@pytest.fixture
def ws(slack: Playground) -> Workspace:
    """A workspace with three people and a channel."""
    found = slack.add_workspace("Demo", "T0DEMO1")
    found.add_user("U0001", "dana", tz="Europe/Berlin")
    found.add_user("U0002", "eli", tz="America/New_York", email="eli@example.com")
    found.add_user("U0003", "fay")
    found.add_channel("C0001", "general", members=["U0001", "U0002"])
    found.add_channel("C0002", "secret", members=["U0001"], is_private=True)
    return found


@pytest.fixture
def app(ws: Workspace) -> Installation:
    """An app in Socket Mode."""
    return ws.install_app("A0DEMO", SCOPES, commands=["/buyin"])


@pytest.fixture
def dana(ws: Workspace) -> UserDriver:
    """Dana with Slack open."""
    return ws.user("U0001")


@pytest.fixture
async def api(slack: Playground, app: Installation) -> AsyncIterator[Api]:
    """A bare client with the app's bot token."""
    client = Api(slack, app)
    yield client
    await client.session.close()


class Receiver:
    """An app's request URL: keeps what came in, answers what it is told."""

    def __init__(self) -> None:
        self.requests: list[tuple[dict[str, str], bytes]] = []
        self.answer: Callable[[Json], Any] = lambda body: web.Response()
        self.url = ""

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Keep one request and answer it."""
        raw = await request.read()
        self.requests.append((dict(request.headers), raw))
        form = dict(await request.post())
        if "payload" in form:
            body: Json = json.loads(str(form["payload"]))
        else:
            body = form or json.loads(raw)
        found = self.answer(body)
        if isinstance(found, web.StreamResponse):
            return found
        return web.json_response(found)

    @property
    def last(self) -> tuple[dict[str, str], bytes]:
        """The newest request."""
        return self.requests[-1]


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """A running request URL."""
    found = Receiver()
    application = web.Application()
    application.router.add_post("/slack/events", found.handle)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    found.url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    yield found
    await runner.cleanup()


@pytest.fixture
def web_app(ws: Workspace, receiver: Receiver) -> Installation:
    """An app in HTTP mode."""
    return ws.install_app("A0WEB", SCOPES, commands=["/web"], mode="http", request_url=receiver.url)


@pytest.fixture
async def web_api(slack: Playground, web_app: Installation) -> AsyncIterator[Api]:
    """A bare client with the HTTP app's bot token."""
    client = Api(slack, web_app)
    yield client
    await client.session.close()
