"""The app as it is built, behind a local Slack, with a small world in the database.

What a database does differently is for `tests/storage`, which runs on both. Here the tests of a
file take turns: the first runs on SQLite, the next on PostgreSQL.
"""

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from bot.app import build
from bot.bolt import TrackedSocket
from bot.clock import MovedClock
from bot.config import Settings
from bot.delivery.sender import Sender
from bot.playground import Playground
from bot.playground.drivers import UserDriver
from bot.playground.model import Installation
from bot.playground.workspace import Workspace
from handlers.context import Context
from storage.database import Database
from tests import patience, world
from tests.world import MONDAY, World

SCOPES = ("chat:write", "commands", "users:read", "channels:read", "groups:read")


KINDS = ("sqlite", "postgres")

AT_ONCE = ("_twice_", "_quick_", "_newer_")
_turns: Counter[str] = Counter()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Called by pytest for each test function, in the order of its file."""
    if "database_url" not in metafunc.fixturenames or hasattr(metafunc.module, "database_url"):
        return
    name = metafunc.function.__name__
    place = _turns[metafunc.module.__name__]
    _turns[metafunc.module.__name__] += 1
    both = any(word in name for word in AT_ONCE)
    kinds = KINDS if both else KINDS[place % 2 : place % 2 + 1]
    metafunc.parametrize("database_url", kinds, indirect=True)


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of an empty database with every table, on one of the two by the test's turn."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


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
        await self.ctx.tasks.finish(patience.ACK)
        await self.slack.settle()

    async def deliver(self) -> None:
        """Send everything that is due."""
        await self.sender.drain()
        await self.settle()


@pytest.fixture
async def office(database_url: str) -> AsyncIterator[Office]:
    """The channel C0SHELVES (we are in), Dana, and U1…U6, who are asked."""
    async with patience.slack() as slack:
        workspace = slack.add_workspace("Demo", "T0DEMO")
        app = workspace.install_app("A1", SCOPES, commands=["/buyin"])
        people = ["UDANA", *(f"U{number}" for number in range(1, 7))]
        for user_id in people:
            workspace.add_user(user_id, user_id.lower(), tz="Europe/Berlin")
        workspace.add_channel("C0SHELVES", "shelves", members=[*people, app.bot_user_id])
        clock = MovedClock(MONDAY)
        application = await build(_settings(app, slack.api_url, database_url), clock)
        database, gateway, ctx = application.database, application.gateway, application.context
        application.authorize.identity = await gateway.auth_test()
        socket = TrackedSocket(application.bolt, application.settings, gateway.client)
        await socket.connect_async()  # type: ignore[no-untyped-call]
        await slack.connected(app)
        built = await database.write(world.build)
        yield Office(slack, workspace, app, built, database, clock, ctx, application.sender)
        application.socket = socket
        await application.stop()


def _settings(app: Installation, api_url: str, database_url: str) -> Settings:
    return Settings(
        bot_token=app.bot_token,
        app_token=app.app_token,
        signing_secret=app.signing_secret,
        api_url=api_url,
        database_url=database_url,
        host="127.0.0.1",
        port=0,
        log_level="INFO",
        mode="socket",
    )
