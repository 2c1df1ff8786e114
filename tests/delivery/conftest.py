"""A local Slack with a few made-up people, and our gateway to it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest

from bot.gateway import Gateway
from bot.playground import Playground
from bot.playground.model import Installation
from bot.playground.workspace import Workspace

SCOPES = ("chat:write", "commands", "users:read", "channels:read", "groups:read", "im:write")


@dataclass(slots=True)
class LocalSlack:
    """The server, its one workspace, our installation and our door to it."""

    server: Playground
    workspace: Workspace
    app: Installation
    gateway: Gateway
    waits: list[float] = field(default_factory=list)

    def texts(self, user: str = "U1") -> list[str]:
        """Return the texts that `user` got by direct message, oldest first."""
        return [message.text for message in self.workspace.user(user).dm]


@pytest.fixture
async def slack() -> AsyncIterator[LocalSlack]:
    """A local Slack with the people U1…U5, the channel C1 (we are in) and C2 (we are not)."""
    async with Playground(rate_limits=False) as server:
        workspace = server.add_workspace("Demo", "T1")
        app = workspace.install_app("A1", SCOPES, commands=["/buyin"])
        for number in range(1, 6):
            workspace.add_user(f"U{number}", f"dana{number}", tz="Europe/Berlin")
        workspace.add_channel("C1", "kiosk", members=["U1", "U2", app.bot_user_id])
        workspace.add_channel("C2", "elsewhere", members=["U1"])
        waits: list[float] = []

        async def wait(seconds: float) -> None:
            waits.append(seconds)

        gateway = Gateway(app.bot_token, server.api_url, sleep=wait)
        yield LocalSlack(server, workspace, app, gateway, waits)
        await gateway.close()
