"""`kill -9` in mid-send, with connections cut before and after Slack stored the message.

Afterwards no message stands twice and none is lost, apart from rows shown as in doubt.
"""

import asyncio
import os
import random
import sys
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.clock import SystemClock
from bot.domain.outbox import Decision, Kind
from bot.playground import Playground
from bot.services import outbox as service
from bot.services import workspaces
from storage import migrate, outbox, tables
from storage.database import Database, Tx, open_database
from tests.delivery.conftest import SCOPES

ROOT = Path(__file__).parents[2]
KILLS = 20
PEOPLE, EACH = 120, 8


@pytest.fixture
async def migrated(empty_database_url: str) -> AsyncIterator[tuple[Database, str]]:
    """An open, migrated database and its address."""
    await migrate.upgrade(empty_database_url)
    database = open_database(empty_database_url)
    yield database, empty_database_url
    await database.close()


def _queue(tx: Tx) -> None:
    now = SystemClock().now()
    workspace = workspaces.resolve(tx, None, "T1", None, now).id
    rows = [(person, number) for person in range(PEOPLE) for number in range(EACH)]
    outbox.queue(
        tx,
        [
            Decision(workspace, Kind.DIGEST, person * EACH + number, f"U{person}", now)
            for person, number in rows
        ],
        now,
    )


def _states(tx: Tx) -> dict[int, str]:
    rows = tx.execute(select(tables.Outbox.subject_id, tables.Outbox.state))
    return {row.subject_id: row.state for row in rows}


async def _until_sent(slack: Playground, process: asyncio.subprocess.Process, count: int) -> None:
    for _ in range(10_000):
        if slack.log.count("chat.postMessage") >= count or process.returncode is not None:
            return
        await asyncio.sleep(0.005)


@pytest.mark.timeout(600)
async def test_killed_twenty_times(migrated: tuple[Database, str]) -> None:
    database, url = migrated
    dice = random.Random(7)
    async with Playground(rate_limits=False) as slack:
        workspace = slack.add_workspace("Demo", "T1")
        install = workspace.install_app("A1", SCOPES, commands=["/buyin"])
        for person in range(PEOPLE):
            workspace.add_user(f"U{person}")
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "SLACK_BOT_TOKEN": install.bot_token,
            "SLACK_APP_TOKEN": install.app_token,
            "SLACK_API_URL": slack.api_url,
            "DATABASE_URL": url,
            "PORT": "0",
            "LOG_LEVEL": "ERROR",
        }
        await database.write(_queue)
        for kill in range(KILLS + 1):
            cut = dice.choice((slack.faults.cut_before, slack.faults.cut_after))
            cut("chat.postMessage", times=dice.randint(0, 3))
            slack.faults.slow("chat.postMessage", 0.3, times=dice.randint(0, 5))
            ahead = kill * 2 * service.LEASE.total_seconds()
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "tests.torture.sending_child",
                str(ahead),
                env=environment,
                cwd=ROOT,
                stdout=asyncio.subprocess.DEVNULL,
            )
            if kill < KILLS:
                seen = slack.log.count("chat.postMessage")
                await _until_sent(slack, process, seen + dice.randint(1, 40))
            else:
                await _until_settled(database, process)
            assert process.returncode is None, f"ended by itself before kill {kill}"
            process.kill()
            await process.wait()
        states = await database.read(_states)
        stored = Counter(
            message.text
            for channel in workspace.team.channels.values()
            for message in channel.messages.values()
        )
    _hold_to_the_promise(states, stored)


async def _until_settled(database: Database, process: asyncio.subprocess.Process) -> None:
    open_states = {"queued", "claimed", "sending"}
    while process.returncode is None:
        if not open_states & set((await database.read(_states)).values()):
            return
        await asyncio.sleep(0.2)


def _hold_to_the_promise(states: dict[int, str], stored: Counter[str]) -> None:
    print("rows:", dict(Counter(states.values())))
    assert set(states.values()) <= {"sent", "doubt"}
    assert max(stored.values()) == 1, "a message stands twice"
    lost = [n for n, state in states.items() if state == "sent" and not stored[f"Digest {n}"]]
    assert lost == []
    unknown = [n for n, state in states.items() if state == "doubt"]
    assert len(unknown) <= KILLS * 25
    assert len(stored) >= PEOPLE * EACH - len(unknown)
