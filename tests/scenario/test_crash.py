"""A short torture: killed in mid-send, a clean stop, two replicas; `make torture` is longer."""

import random
from pathlib import Path

import pytest

from bot.domain.outbox import State
from tests.torture.crowd import LEASE, disturb, finish, gather_crowd, kill

SIZE = 60


async def test_killed_in_mid_send_then_stopped_cleanly(tmp_path: Path) -> None:
    dice = random.Random(3)
    async with gather_crowd(f"sqlite:///{tmp_path}/new.db", SIZE) as crowd:
        for number in range(2):
            disturb(crowd, dice)
            process = await crowd.start(later=number * 2 * LEASE, at_once=8)
            await crowd.until_posted(crowd.posted + dice.randint(3, 8), process)
            await kill(process)
        crowd.slack.faults.clear()
        crowd.slack.faults.slow("chat.postMessage", 0.5, times=8)
        before = await crowd.figures()
        process = await crowd.start(later=4 * LEASE)
        await crowd.until_posted(crowd.posted + 5, process)
        code, counts = await finish(process)
        assert code == 0
        states = {row.state for row in await crowd.rows()}
        assert states <= {State.SENT, State.QUEUED, State.DOUBT}
        sent = (await crowd.figures()).get("sent", 0) - before.get("sent", 0)
        assert counts.get("sent", 0) == sent > 0
        process = await crowd.start(later=4 * LEASE)
        await crowd.until_settled(process)
        await finish(process)
        assert (await crowd.figures())["sent"] >= SIZE - 2 * 11  # at most 8 are under way at once


@pytest.mark.parametrize("empty_database_url", ["postgres"], indirect=True)
async def test_two_replicas_double_nothing(empty_database_url: str) -> None:
    async with gather_crowd(empty_database_url, SIZE) as crowd:
        replicas = [await crowd.start(per_second=20) for _ in range(2)]
        await crowd.until_settled(replicas[0])
        counts = [(await finish(process))[1] for process in replicas]
        assert (await crowd.figures())["sent"] == SIZE
        assert sum(each.get("sent", 0) for each in counts) == SIZE
