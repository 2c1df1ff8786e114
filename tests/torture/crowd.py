"""Many introductions that are due, processes that send them, and what came of it."""

import asyncio
import itertools
import json
import os
import random
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select, update

from bot.clock import SystemClock
from bot.domain.outbox import Decision, Kind, State
from bot.playground import Playground, Workspace
from bot.playground.model import Installation
from bot.services import outbox as service
from storage import migrate, outbox, tables
from storage.database import Database, Tx, open_database
from tests import world
from tests.scenario.office import EVENTS, SCOPES, SIGNING_SECRET

ROOT = Path(__file__).parents[2]
MORNING = datetime(2025, 3, 3, 9, 0, tzinfo=UTC)
"""A Monday, 10:00 in Berlin: working hours, with room for an hour and a half of leases."""

UNSETTLED = (State.QUEUED, State.CLAIMED, State.SENDING)


@dataclass(frozen=True, slots=True)
class Row:
    """How one introduction stands in the outbox."""

    recipient: str
    state: str
    reason: str | None


@dataclass(slots=True)
class Crowd:
    """A workspace with an initiative in which `size` people are due to be introduced."""

    slack: Playground
    workspace: Workspace
    install: Installation
    database: Database
    url: str
    size: int
    shift: float
    running: list[asyncio.subprocess.Process] = field(default_factory=list)

    async def start(
        self, what: str = "run", *, later: float = 0.0, per_second: float = 60.0, at_once: int = 20
    ) -> asyncio.subprocess.Process:
        """Start a process whose clock is `later` seconds further."""
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "SLACK_BOT_TOKEN": self.install.bot_token,
            "SLACK_APP_TOKEN": self.install.app_token,
            "SLACK_API_URL": self.slack.api_url,
            "DATABASE_URL": self.url,
            "PORT": "0",
            "LOG_LEVEL": "ERROR",
        }
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.torture.child",
            what,
            str(self.shift + later),
            str(per_second),
            str(at_once),
            env=environment,
            cwd=ROOT,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        self.running.append(process)
        return process

    @property
    def posted(self) -> int:
        """How many messages Slack was asked to store."""
        return self.slack.log.count("chat.postMessage")

    async def until_posted(self, count: int, process: asyncio.subprocess.Process) -> bool:
        """Wait until Slack was asked for so many messages; False if there is nothing left to do."""
        for look in itertools.count():
            if self.posted >= count:
                return True
            if process.returncode is not None:
                raise AssertionError((await process.communicate())[1].decode())
            if look % 50 == 0 and await self._all_settled():
                return False
            await asyncio.sleep(0.01)
        return False

    async def until_settled(self, process: asyncio.subprocess.Process) -> None:
        """Wait until every row has ended."""
        await self.slack.connected(self.install)
        while not await self._all_settled():
            if process.returncode is not None:
                raise AssertionError((await process.communicate())[1].decode())
            await asyncio.sleep(0.1)

    async def _all_settled(self) -> bool:
        return not any(row.state in UNSETTLED for row in await self.rows())

    async def rows(self) -> list[Row]:
        """Every introduction in the outbox."""
        return await self.database.read(_rows)

    def stored(self) -> Counter[str]:
        """How many introductions stand in Slack, by person."""
        found: Counter[str] = Counter()
        for (_, user_id), channel in self.workspace.team.direct.items():
            messages = self.workspace.team.channels[channel].messages.values()
            found[user_id] = sum("introduction." in str(message.blocks) for message in messages)
        return found

    async def figures(self) -> dict[str, Any]:
        """What came of it: no duplicate and nothing lost, or an assertion says what is."""
        rows, stored = await self.rows(), self.stored()
        assert len(rows) == self.size
        twice = [user_id for user_id, count in stored.items() if count > 1]
        assert not twice, f"stored twice: {twice}"
        lost = [row for row in rows if row.state == State.SENT and not stored[row.recipient]]
        assert not lost, f"sent, but not there: {lost}"
        unknown = [row for row in rows if row.state not in (State.SENT, *UNSETTLED)]
        assert all(row.reason for row in unknown), f"no reason is shown: {unknown}"
        waiting = {row.recipient for row in rows if row.state == State.QUEUED}
        early = [user_id for user_id in waiting if stored[user_id]]
        assert not early, f"stored, and to be sent again: {early}"
        ends = Counter(f"{row.state} {row.reason or ''}".strip() for row in rows)
        return {"rows": len(rows), "stored": sum(stored.values()), **ends}


def disturb(crowd: Crowd, dice: random.Random) -> None:
    """Let some of the next messages be cut off before or after they are stored, or be slow."""
    faults = crowd.slack.faults
    for _ in range(dice.randint(1, 3)):
        cut = dice.choice((faults.cut_before, faults.cut_after))
        cut("chat.postMessage")
        faults.slow("chat.postMessage", 0.3, times=dice.randint(0, 4))


async def finish(process: asyncio.subprocess.Process) -> tuple[int | None, dict[str, int]]:
    """Send SIGTERM and wait; return the exit code and how many rows ended how."""
    process.terminate()
    output, errors = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode == 0, errors.decode()
    return process.returncode, json.loads(output.decode().splitlines()[-1])


async def kill(process: asyncio.subprocess.Process) -> None:
    """End a process as a power cut does."""
    process.kill()
    await process.communicate()


LEASE = service.LEASE.total_seconds()


@asynccontextmanager
async def gather_crowd(url: str, size: int) -> AsyncIterator[Crowd]:
    """Open a local Slack with `size` people who are due to be introduced."""
    await migrate.upgrade(url)
    database = open_database(url)
    async with Playground(rate_limits=False) as slack:
        workspace = slack.add_workspace("Demo", "T0DEMO")
        install = workspace.install_app(
            "A0BUYIN", SCOPES, commands=["/buyin"], events=EVENTS, signing_secret=SIGNING_SECRET
        )
        for user_id in ("UDANA", *(f"U{number}" for number in range(1, size + 1))):
            workspace.add_user(user_id, tz="Europe/Berlin")
        await database.write(_fill, size)
        shift = (MORNING - SystemClock().now()).total_seconds()
        crowd = Crowd(slack, workspace, install, database, url, size, shift)
        try:
            yield crowd
        finally:
            for process in crowd.running:
                if process.returncode is None:
                    await kill(process)
            await database.close()


def _fill(tx: Tx, size: int) -> None:
    made = world.build(tx, asked=size)
    # the app finds its workspace by enterprise and team alone
    tx.execute(update(tables.Workspace).values(app_id=""))
    tx.execute(update(tables.Stakeholder).values(introduced_at=None))
    outbox.queue(
        tx,
        [
            Decision(
                made.workspace_id,
                Kind.INTRODUCTION,
                stakeholder_id,
                person.slack_user_id,
                MORNING,
                person_id=person.id,
                initiative_id=made.initiative_id,
            )
            for stakeholder_id, person in zip(made.stakeholder_ids, made.asked, strict=True)
        ],
        MORNING,
    )


def _rows(tx: Tx) -> list[Row]:
    table = tables.Outbox
    found = select(table.recipient, table.state, table.reason).where(
        table.kind == Kind.INTRODUCTION.value
    )
    return [Row(*row) for row in tx.execute(found)]
