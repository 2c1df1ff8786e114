"""Killed, doubled and stopped in mid-send: no message twice, none lost unless shown as in doubt."""

import asyncio
import json
import random

import pytest
from sqlalchemy import func, select, update

from bot.domain.outbox import State
from storage import tables
from storage.database import Tx
from tests import rounds
from tests.torture.crowd import LEASE, MORNING, Crowd, disturb, finish, gather_crowd, kill

KILLS = 20
postgres = pytest.mark.parametrize("empty_database_url", ["postgres"], indirect=True)


async def test_killed_twenty_times(empty_database_url: str) -> None:
    dice = random.Random(7)
    async with gather_crowd(empty_database_url, 220) as crowd:
        kills = 0
        while kills < KILLS:
            disturb(crowd, dice)
            process = await crowd.start(later=kills * 2 * LEASE, at_once=8)
            # few each time, so that there is something left to kill it over
            more = await crowd.until_posted(crowd.posted + dice.randint(1, 6), process)
            await kill(process)
            await crowd.figures()
            kills += 1
            if not more:
                break
        crowd.slack.faults.clear()
        process = await crowd.start(later=kills * 2 * LEASE)
        await crowd.until_settled(process)
        await finish(process)
        figures = await crowd.figures()
        print(f"\n{kills} kills: {figures}")
        assert kills == KILLS
        assert figures["sent"] + figures.get("doubt lease_expired", 0) + figures.get(
            "doubt answer_lost", 0
        ) == len(await crowd.rows())


@postgres
async def test_two_replicas_send_300(empty_database_url: str) -> None:
    async with gather_crowd(empty_database_url, 300) as crowd:
        replicas = [await crowd.start(per_second=60) for _ in range(2)]
        await crowd.until_settled(replicas[0])
        counts = [(await finish(process))[1] for process in replicas]
        print(f"\ntwo replicas: {counts}")
        assert await crowd.figures() == {"rows": 300, "stored": 300, "sent": 300}
        assert sum(each.get("sent", 0) for each in counts) == 300
        assert min(each.get("sent", 0) for each in counts) > 0


async def test_stopped_again_and_again(empty_database_url: str) -> None:
    async with gather_crowd(empty_database_url, 150) as crowd:
        codes = []
        for _ in range(4):
            crowd.slack.faults.slow("chat.postMessage", 0.4, times=10)
            process = await crowd.start()
            await crowd.until_posted(crowd.posted + 10, process)
            code, _ = await finish(process)
            codes.append(code)
            assert not {row.state for row in await crowd.rows()} - {State.SENT, State.QUEUED}
        process = await crowd.start()
        await crowd.until_settled(process)
        await finish(process)
        assert codes == [0] * 4
        assert await crowd.figures() == {"rows": 150, "stored": 150, "sent": 150}


@postgres
async def test_two_clocks_tick_at_once(empty_database_url: str) -> None:
    async with gather_crowd(empty_database_url, 200) as crowd:
        await crowd.database.write(_make_due, crowd)
        ticking = [await crowd.start("tick") for _ in range(2)]
        for process in ticking:
            assert process.stdout
            assert await process.stdout.readline() == b"ready\n"
        done = await asyncio.gather(*(process.communicate(b"\n") for process in ticking))
        for process, (_, errors) in zip(ticking, done, strict=True):
            assert process.returncode == 0, errors.decode()
        reports = [json.loads(output.decode().splitlines()[-1]) for output, _ in done]
        print(f"\ntwo clocks: {reports}")
        asks, people, rows, cycles = await crowd.database.read(_count)
        assert asks == people == rows > 0
        assert await crowd.database.read(_later) == 200 - asks  # their moment comes later that day
        assert cycles == 1


def _make_due(tx: Tx, crowd: Crowd) -> None:
    """Have everybody introduced a while ago and due to be asked now, in an open round."""
    initiative = tx.execute(select(tables.Initiative)).scalar_one()
    initiative.next_due_at = MORNING
    tx.execute(update(tables.Stakeholder).values(introduced_at=rounds.OPENS, next_due_at=MORNING))
    tx.execute(update(tables.Outbox).values(state=State.DROPPED.value, reason="introduced"))


def _later(tx: Tx) -> int:
    """Return how many wait for their moment of the day, and were not asked."""
    place, ask = tables.Stakeholder, tables.Ask
    asked = select(ask.id).where(ask.stakeholder_id == place.id).exists()
    return tx.scalars(select(func.count()).where(place.next_due_at > MORNING, ~asked)).one()


def _count(tx: Tx) -> tuple[int, int, int, int]:
    asks = tx.execute(
        select(func.count(), func.count(tables.Ask.stakeholder_id.distinct())).select_from(
            tables.Ask
        )
    ).one()
    rows = select(func.count()).select_from(tables.Outbox).where(tables.Outbox.kind == "ask")
    cycles = select(func.count()).select_from(tables.Cycle)
    return asks[0], asks[1], tx.scalar(rows) or 0, tx.scalar(cycles) or 0
