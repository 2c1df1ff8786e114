"""The demo's stage: a local Slack, the real app and a clock that only moves when told."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bot import app, scheduler
from bot.clock import MovedClock
from bot.config import Settings
from bot.demo.cast import CHANNEL, EVERYONE, OWNER, SPONSOR
from bot.errors import BuyinError
from bot.playground import Playground, UserDriver, Workspace

SCOPES = (
    "chat:write",
    "commands",
    "users:read",
    "dnd:read",
    "usergroups:read",
    "channels:read",
    "groups:read",
    "files:write",
    "mpim:write",
)
EVENTS = (
    "app_home_opened",
    "app_uninstalled",
    "dnd_updated_user",
    "member_joined_channel",
    "team_join",
    "tokens_revoked",
    "user_change",
)
COMMAND = {
    "command": "/buyin",
    "description": "What is open for you; start, ask, look, or stop",
    "usage_hint": (
        "[new · ask · status · plan · edit · post · end · me · steps"
        " · commitments · talks · hours · settings · away · stop · resume]"
    ),
}
SIGNING_SECRET = "only-for-the-demo"  # noqa: S105 - a made-up secret of a made-up workspace
MOST_TICKS = 20
"""So many ticks of one moment are enough, or something is wrong."""

LONGEST_STEP = timedelta(days=1)
"""The clock never jumps further at once, because some due times show only a few days ahead."""


@dataclass(slots=True)
class Stage:
    """Everything that plays; `step_to` is the only way time passes."""

    slack: Playground
    workspace: Workspace
    application: app.Application
    clock: MovedClock

    def person(self, user_id: str) -> UserDriver:
        """Return the driver of somebody made up."""
        return self.workspace.user(user_id)

    async def settle(self) -> None:
        """Wait until everything that was set off has ended, and send what it left to send."""
        await self.slack.settle(quiet=0.002)
        await self.application.context.tasks.finish(30)
        await self.application.sender.drain(self.clock.now())
        await self.slack.settle(quiet=0.002)

    async def next_due(self) -> datetime | None:
        """Return when something is due next, never before now."""
        due = await self.application.database.read(scheduler.next_due)
        return max(due, self.clock.now()) if due else None

    async def step_to(self, moment: datetime) -> datetime:
        """Let time pass until `moment` (aware) or until something is due; return when that is."""
        await self._catch_up()
        due = await self.next_due()
        step = min(moment, self.clock.now() + LONGEST_STEP, due or moment)
        self.clock.move_to(step)
        await self._catch_up()
        return step

    async def _catch_up(self) -> None:
        """Do all that is due now, and what follows from it at once."""
        for _ in range(MOST_TICKS):
            await self.application.advance()
            await self.settle()
            due = await self.next_due()
            if due is None or due > self.clock.now():
                return
        raise BuyinError(f"something stays due at {self.clock.now()} however often the clock ticks")


@asynccontextmanager
async def open_stage(folder: Path, start: datetime, port: int = 0) -> AsyncIterator[Stage]:
    """Set the stage in `folder` (for the database), with the clock at `start` (aware)."""
    clock = MovedClock(start)
    async with Playground(now=clock.now) as slack:
        workspace = _workspace(slack)
        install = workspace.install_app(
            "A0BUYIN",
            SCOPES,
            name="Buy-in",
            signing_secret=SIGNING_SECRET,
            commands=[COMMAND],
            events=EVENTS,
        )
        workspace.invite(CHANNEL, install.bot_user_id)
        settings = Settings(
            bot_token=install.bot_token,
            app_token=install.app.app_token,
            signing_secret=SIGNING_SECRET,
            api_url=slack.api_url,
            database_url=f"sqlite:///{folder / 'demo.db'}",
            host="127.0.0.1",
            port=0,
            log_level="ERROR",
            mode="socket",
        )
        application = await app.build(settings, clock)
        await application.start(by_itself=False)
        try:
            await slack.connected(install)
            await application.sync_directory()
            yield Stage(slack, workspace, application, clock)
        finally:
            await application.stop()


def _workspace(slack: Playground) -> Workspace:
    workspace = slack.add_workspace("Demo", "T0DEMO")
    for persona in EVERYONE:
        workspace.add_user(
            persona.user_id,
            persona.name.split()[0].lower(),
            display_name=persona.name,
            real_name=persona.name,
            tz=persona.tz,
        )
    workspace.add_channel(CHANNEL, "shelf-labels", members=[OWNER, SPONSOR, "U0ALEX", "U0BAILEY"])
    return workspace
