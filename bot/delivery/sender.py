"""The sender: takes due rows of the outbox, sends them, and notes how it ended."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Concatenate, ParamSpec

import structlog

from bot.clock import Clock
from bot.delivery import rendering
from bot.delivery.pace import Pace
from bot.delivery.pictures import Draw, Pictures
from bot.delivery.rendering import Rendered
from bot.domain.outbox import EDITS, Claimed, Drop, Postpone, Send
from bot.errors import (
    BuyinError,
    DatabaseUnavailable,
    SlackFailure,
    SlackInDoubt,
    SlackMissingAbility,
    SlackRetryLater,
)
from bot.gateway import Gateway, Posted
from bot.invites import Invites
from bot.services import outbox
from storage.database import Database, Tx

log = structlog.get_logger()
P = ParamSpec("P")

POLL = 1.0
"""Seconds between two looks at an outbox in which nothing happens."""

DRAINED_AT_ONCE = 200

GONE = frozenset({"cant_update_message", "channel_not_found", "message_not_found"})
"""A message that somebody deleted needs no edit."""

WITHOUT_ABILITY = 3600.0
"""Seconds until a message is tried again that a missing scope held back."""

NOTE_AGAIN_AFTER = (0.1, 1.0, 5.0)
"""Seconds between tries to note an outcome: it must not get lost when the database stumbles."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one row ended: `sent`, `dropped`, `postponed`, `later`, `failed`, `doubt` or `lost`."""

    name: str
    reason: str = ""


class Sender:
    """Sends what is due, some at once, within Slack's limits.

    Args:
        per_second: messages a second over the whole workspace (Slack allows several hundred a
            minute).
        at_once: how many may be under way at the same time.
        draw: makes the pictures of messages that have one; by itself in a process of its own.
        invites: gives messages about a talk its calendar file.
    """

    def __init__(
        self,
        database: Database,
        gateway: Gateway,
        clock: Clock,
        *,
        per_second: float = 5.0,
        at_once: int = 20,
        draw: Draw | None = None,
        invites: Invites | None = None,
    ) -> None:
        self._database = database
        self._gateway = gateway
        self._clock = clock
        self._at_once = at_once
        time = asyncio.get_running_loop().time
        self._posts = Pace(per_second, burst=at_once, gap=1.0, time=time)
        self._edits = Pace(0.8, burst=20, gap=0.0, time=time)  # chat.update: about 50 a minute
        self._pictures = Pictures(gateway, self._edits, draw)
        self._invites = invites or Invites()
        self._woken = asyncio.Event()
        self._stopping = asyncio.Event()
        self._resting = asyncio.Event()
        self._resting.set()
        self._under_way: set[asyncio.Task[Outcome]] = set()
        self.counts: Counter[str] = Counter()
        """How many rows ended how since the start."""

    def wake(self) -> None:
        """Say that something may be due; cheap, and safe to call too often."""
        self._woken.set()

    async def run(self) -> None:
        """Send what is due until `stop`."""
        self._resting.clear()
        try:
            while not self._stopping.is_set():
                self._woken.clear()
                if not await self._start_due():
                    await _wait(self._woken, POLL)
        finally:
            self._resting.set()

    async def stop(self, seconds: float) -> None:
        """Claim nothing more; wait at most `seconds` until what is under way has ended."""
        time = asyncio.get_running_loop().time
        latest = time() + seconds
        self._stopping.set()
        self.wake()
        await _wait(self._resting, seconds)  # a claim in flight still starts what it claimed
        if self._under_way:
            await asyncio.wait(set(self._under_way), timeout=max(0, latest - time()))
        await self._pictures.stop(max(0, latest - time()))

    async def drain(self, now: datetime | None = None) -> Counter[str]:
        """Send all that is due at `now` without waiting in real time; return how it ended."""
        moment = now or self._clock.now()
        counts: Counter[str] = Counter()
        room = asyncio.Semaphore(self._at_once)

        async def deliver(claimed: Claimed) -> Outcome:
            async with room:
                return await self._deliver(claimed, now)

        while claimed := await self._database.write(outbox.claim_due, DRAINED_AT_ONCE, moment):
            outcomes = await asyncio.gather(*(deliver(row) for row in claimed))
            counts.update(outcome.name for outcome in outcomes)
        await self._pictures.finish()
        self.counts.update(counts)
        return counts

    async def _start_due(self) -> bool:
        """Start what is due and has room; return whether to look again at once."""
        room = self._at_once - len(self._under_way)
        if 2 * room < self._at_once:
            return False  # claim several at once: each look at a long queue costs the same
        try:
            now = self._clock.now()
            claimed = await self._database.write(outbox.claim_due, room, now)
        except Exception as error:  # the sender must outlive a database that restarts
            unknown = not isinstance(error, DatabaseUnavailable)
            log.error("outbox_unreachable", error=str(error), exc_info=unknown)
            await _wait(self._stopping, 5 * POLL)
            return False
        for row in claimed:
            task = asyncio.create_task(self._deliver_in_turn(row))
            self._under_way.add(task)
            task.add_done_callback(self._ended)
        return bool(claimed)

    def _ended(self, task: "asyncio.Task[Outcome]") -> None:
        self._under_way.discard(task)
        if task.cancelled():
            return
        if error := task.exception():
            log.error("send_broke", exc_info=error)
        else:
            self.counts[task.result().name] += 1
        self.wake()

    async def _deliver_in_turn(self, claimed: Claimed) -> Outcome:
        pace = self._edits if claimed.kind in EDITS else self._posts
        await _wait(self._stopping, pace.reserve(claimed.recipient))
        if self._stopping.is_set():
            await self._note(outbox.release, claimed)
            return Outcome("lost", "stopping")
        return await self._deliver(claimed, None)

    async def _deliver(self, claimed: Claimed, now: datetime | None) -> Outcome:
        """Prepare, send and note; `now` is for moved time, None takes the clock's."""
        moment = now or self._clock.now()
        try:
            ready = await self._database.write(_prepare, claimed, moment)
        except DatabaseUnavailable:
            return Outcome("lost", "database")  # the lease runs out and the row waits again
        except Exception as error:
            log.error("message_not_prepared", kind=claimed.kind.value, exc_info=error)
            await self._note(outbox.failed, claimed, f"not_prepared_{type(error).__name__}", moment)
            return Outcome("failed", "not_prepared")
        if isinstance(ready, Outcome):
            return ready
        outcome = await self._send(claimed, ready, now)
        log.info(
            "delivered",
            kind=claimed.kind.value,
            outbox=claimed.id,
            outcome=outcome.name,
            reason=outcome.reason,
        )
        return outcome

    async def _send(self, claimed: Claimed, ready: Rendered, now: datetime | None) -> Outcome:
        def ended() -> datetime:
            return now or self._clock.now()

        try:
            posted = await self._hand_over(claimed, ready)
        except (SlackRetryLater, SlackMissingAbility) as error:
            return await self._later(claimed, error, ended())
        except SlackInDoubt:
            await self._note(outbox.in_doubt, claimed, ended())
            return Outcome("doubt", "answer_lost")
        except SlackFailure as error:
            await self._note(outbox.failed, claimed, error.code, ended())
            return Outcome("failed", error.code)
        await self._note(outbox.sent, claimed, posted.channel, posted.ts, ended())
        self._pictures.add(claimed.id, posted, ready.message, patient=now is None)
        if ready.message.meeting and claimed.kind not in EDITS:
            await self._invites.share(self._gateway, posted.channel, ready.message.meeting)
        return Outcome("sent")

    async def _hand_over(self, claimed: Claimed, ready: Rendered) -> Posted:
        message = self._invites.linked(ready.message)
        if claimed.kind not in EDITS:
            recipient = claimed.recipient
            if message.together:
                recipient = await self._gateway.open_group(message.together)
            return await self._gateway.post(recipient, message.text, message.blocks)
        posted = Posted(claimed.recipient, "")
        for channel, ts in ready.places:
            try:
                posted = await self._gateway.update(channel, ts, message.text, message.blocks)
            except SlackMissingAbility:
                raise
            except SlackFailure as error:
                if error.code not in GONE:
                    raise
        return posted

    async def _later(
        self, claimed: Claimed, error: SlackRetryLater | SlackMissingAbility, now: datetime
    ) -> Outcome:
        busy = isinstance(error, SlackRetryLater)
        seconds = error.seconds if isinstance(error, SlackRetryLater) else WITHOUT_ABILITY
        if busy:
            (self._edits if claimed.kind in EDITS else self._posts).pause(seconds)
        reason = "slack_busy" if busy else outbox.MISSING_ABILITY
        await self._note(outbox.later, claimed, seconds, now, reason)
        return Outcome("later", reason)

    async def _note(
        self, work: Callable[Concatenate[Tx, P], None], *args: P.args, **kwargs: P.kwargs
    ) -> None:
        for pause in NOTE_AGAIN_AFTER:
            try:
                await self._database.write(work, *args, **kwargs)
                return
            except DatabaseUnavailable:
                await asyncio.sleep(pause)
        await self._database.write(work, *args, **kwargs)


def _prepare(tx: Tx, claimed: Claimed, now: datetime) -> Rendered | Outcome:
    """Decide, render and mark as sending in one transaction: what fails to render never starts."""
    match outbox.decide(tx, claimed, now):
        case None:
            return Outcome("lost", "lease")
        case Drop(reason):
            return Outcome("dropped", reason)
        case Postpone(_, reason):
            return Outcome("postponed", reason)
        case Send():
            ready = rendering.render(tx, claimed, now)
    if not outbox.begin_sending(tx, claimed, now):
        raise BuyinError(f"row {claimed.id} of the outbox moved while it was locked")
    return ready


async def _wait(event: asyncio.Event, seconds: float) -> None:
    if seconds > 0:
        try:
            async with asyncio.timeout(seconds):
                await event.wait()
        except TimeoutError:
            return
