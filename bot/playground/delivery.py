"""Takes payloads to the app, over Socket Mode or signed HTTP, and keeps what came of it."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from .core import Core
from .model import App, Installation, Json, Message

Kind = Literal["slash_commands", "interactive", "events_api", "none"]


@dataclass(slots=True)
class Answer:
    """How the app answered one request: an HTTP status (200 for an ack) and a body."""

    status: int = 0
    body: Any = None
    error: str | None = None
    no_retry: bool = False

    @property
    def ok(self) -> bool:
        """Whether it was acknowledged in time."""
        return self.error is None


@dataclass(slots=True, eq=False)
class Delivery:
    """One payload, how the app answered, and what the person saw of it."""

    kind: Kind
    payload: Json
    app_id: str = ""
    team_id: str = ""
    attempt: int = 0
    status: int = 0
    body: Any = None
    error: str | None = None
    seconds: float = 0.0
    message: Message | None = None
    reason: str = ""

    @property
    def ok(self) -> bool:
        """Whether the app acknowledged in time."""
        return self.error is None

    @property
    def sent(self) -> bool:
        """Whether anything was sent at all (a field without dispatch sends nothing)."""
        return self.kind != "none"

    @property
    def event(self) -> Json:
        """The inner event of an Events API delivery."""
        found = self.payload.get("event", {})
        return dict(found)


class Transport(Protocol):
    """A way to reach an app."""

    async def send(self, app: App, delivery: Delivery) -> Answer:
        """Send one payload and wait for the answer."""


@dataclass(slots=True, eq=False)
class Retry:
    """An event that waits for its next attempt."""

    install: Installation
    payload: Json
    attempt: int
    reason: str
    timer: asyncio.TimerHandle | None = None


@dataclass
class Dispatcher:
    """Sends, measures, records and retries."""

    core: Core
    socket: Transport
    http: Transport
    deliveries: list[Delivery] = field(default_factory=list)
    retries: list[Retry] = field(default_factory=list)
    _tasks: set[asyncio.Task[Any]] = field(default_factory=set)

    async def send(
        self,
        install: Installation,
        kind: Kind,
        payload: Json,
        attempt: int = 0,
        reason: str = "",
    ) -> Delivery:
        """Deliver one payload now."""
        delivery = Delivery(kind, payload, install.app_id, install.team_id, attempt, reason=reason)
        self.deliveries.append(delivery)
        transport = self.socket if install.app.mode == "socket" else self.http
        started = self.core.timing.monotonic()
        with self.core.activity.running():
            answer = await transport.send(install.app, delivery)
        delivery.seconds = self.core.timing.monotonic() - started
        delivery.status, delivery.body, delivery.error = answer.status, answer.body, answer.error
        if kind == "events_api" and not answer.ok and not answer.no_retry:
            self._retry_later(install, delivery)
        return delivery

    def event(self, install: Installation, payload: Json) -> asyncio.Task[Delivery]:
        """Deliver an event in the background."""
        return self.start(self.send(install, "events_api", payload))

    def start(self, work: Coroutine[Any, Any, Delivery]) -> asyncio.Task[Delivery]:
        """Run a delivery in the background; ``settle`` waits for it."""

        async def tracked() -> Delivery:
            with self.core.activity.running():
                return await work

        task = asyncio.get_running_loop().create_task(tracked())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    # -- retries ---------------------------------------------------------------------------

    def _retry_later(self, install: Installation, failed: Delivery) -> None:
        delays = self.core.timing.retry_delays
        if failed.attempt >= len(delays):
            return
        reason = failed.error or "http_error"
        retry = Retry(install, failed.payload, failed.attempt + 1, reason)
        delay = delays[failed.attempt]
        self.retries.append(retry)
        retry.timer = asyncio.get_running_loop().call_later(delay, self._fire, retry)

    def _fire(self, retry: Retry) -> asyncio.Task[Delivery] | None:
        if retry not in self.retries:
            return None
        self.retries.remove(retry)
        if retry.timer is not None:
            retry.timer.cancel()
        work = self.send(retry.install, "events_api", retry.payload, retry.attempt, retry.reason)
        return self.start(work)

    async def run_retries(self) -> list[Delivery]:
        """Make every waiting retry happen now, without waiting for its time."""
        tasks = [self._fire(retry) for retry in list(self.retries)]
        return [await task for task in tasks if task is not None]

    async def stop(self) -> None:
        """Forget retries and end what is under way."""
        for retry in self.retries:
            if retry.timer is not None:
                retry.timer.cancel()
        self.retries.clear()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
