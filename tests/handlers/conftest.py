"""The app's handlers behind a local Slack, with a small world in the database."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp

from bot.clock import MovedClock
from bot.delivery.sender import Sender
from bot.gateway import Gateway
from bot.playground import Playground
from bot.playground.drivers import UserDriver
from bot.playground.model import Installation
from bot.playground.workspace import Workspace
from handlers.context import Context
from handlers.router import Router
from handlers.subjects import SUBJECTS
from storage.database import Database
from tests import world
from tests.world import MONDAY, World

SCOPES = ("chat:write", "commands", "users:read", "channels:read", "groups:read")


@dataclass(slots=True)
class Office:
    """A workspace in which Dana leads an initiative: Slack's side and ours."""

    slack: Playground
    workspace: Workspace
    app: Installation
    world: World
    database: Database
    clock: MovedClock
    ctx: Context
    sender: Sender

    @property
    def dana(self) -> UserDriver:
        """The person who leads the initiative."""
        return self.workspace.user("UDANA")

    def person(self, number: int) -> UserDriver:
        """One of the people asked, from 1."""
        return self.workspace.user(f"U{number}")

    async def settle(self) -> None:
        """Wait until nothing is under way."""
        await self.ctx.tasks.finish(10)
        await self.slack.settle()

    async def deliver(self) -> None:
        """Send everything that is due."""
        await self.sender.drain()
        await self.settle()


@pytest.fixture
async def office(database: Database) -> AsyncIterator[Office]:
    """The channel C0SHELVES (we are in), Dana, and U1…U6, who are asked."""
    async with Playground(rate_limits=False) as slack:
        workspace = slack.add_workspace("Demo", "T0DEMO")
        app = workspace.install_app("A1", SCOPES, commands=["/buyin"])
        people = ["UDANA", *(f"U{number}" for number in range(1, 7))]
        for user_id in people:
            workspace.add_user(user_id, user_id.lower(), tz="Europe/Berlin")
        workspace.add_channel("C0SHELVES", "shelves", members=[*people, app.bot_user_id])
        gateway = Gateway(app.bot_token, slack.api_url)
        clock = MovedClock(MONDAY)
        ctx = Context(database, gateway, clock)
        bolt = AsyncApp(client=gateway.client, process_before_response=True)
        router = Router(ctx)
        for subject in SUBJECTS:
            subject.register(router)
        router.attach(bolt)
        socket = AsyncSocketModeHandler(bolt, app.app_token)
        await socket.connect_async()  # type: ignore[no-untyped-call]
        await slack.connected(app)
        built = await database.write(world.build)
        sender = Sender(database, gateway, clock)
        yield Office(slack, workspace, app, built, database, clock, ctx, sender)
        await ctx.tasks.finish(10)
        await socket.close_async()  # type: ignore[no-untyped-call]
        await gateway.close()
