"""What handlers work with, and what they answer."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

import structlog

from bot.clock import Clock
from bot.domain.people import Actor
from bot.errors import BuyinError, SlackFailure
from bot.feeds.reader import Feeds
from bot.gateway import Gateway
from bot.invites import Invites
from bot.seal import Seal
from bot.services import people
from bot.views import notices
from bot.views.kit import Message, Modal
from handlers.payloads import Address, Click
from storage.database import Database, Tx

log = structlog.get_logger()
T = TypeVar("T")

After = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Done:
    """How a handler ends: what the ack carries, and what is left to do after it.

    `response` is the `response_action` of a submitted modal; `after` runs in a tracked task.
    """

    after: After | None = None
    response: dict[str, Any] | None = None


@dataclass(slots=True)
class Tasks:
    """Work after the ack, tracked so that a clean stop can wait for it."""

    running: set["asyncio.Task[None]"] = field(default_factory=set)

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Start `work`; a failure is logged with its traceback."""
        task = asyncio.create_task(work)
        self.running.add(task)
        task.add_done_callback(self._ended)

    async def finish(self, seconds: float) -> None:
        """Wait until everything under way has ended, at most `seconds`."""
        if self.running:
            await asyncio.wait(set(self.running), timeout=seconds)

    def _ended(self, task: "asyncio.Task[None]") -> None:
        self.running.discard(task)
        error = None if task.cancelled() else task.exception()
        if isinstance(error, BuyinError):  # Slack took no answer, say; nothing of ours broke
            log.warning("work_after_ack_failed", error=str(error))
        elif error:
            log.error("work_after_ack_failed", exc_info=error)


@dataclass(slots=True)
class Context:
    """What every handler is given: the database, the door to Slack and the clock."""

    database: Database
    gateway: Gateway
    clock: Clock
    wake_sender: Callable[[], None] = lambda: None
    """Tells the sender that something may be in the outbox."""
    tasks: Tasks = field(default_factory=Tasks)
    seal: Seal = field(default_factory=Seal)
    """Encrypts addresses of calendars before they are kept."""
    feeds: Feeds = field(default_factory=Feeds)
    """Reads calendars."""
    invites: Invites = field(default_factory=Invites)
    """Hands out calendar files."""

    async def read_own(self, work: Callable[[Tx, Actor, datetime], T], actor: Actor) -> T:
        """Run `work` for the person who acts, where it changes nothing, out of writers' way.

        Only somebody nobody told us about yet is added first, which takes a write.
        """
        now = self.clock.now()
        if not await self.database.read(people.known, actor):
            await self.database.write(people.person, actor, now)
        return await self.database.read(work, actor, now)

    async def tell(self, to: Address, message: Message, *, replace_original: bool = False) -> None:
        """Answer where the person clicked or typed, visible to them alone.

        With `replace_original` the answer takes the place of the message that was clicked.
        """
        message = self.invites.linked(message)
        words = message.text, list(message.blocks)
        if to.response_url:
            await self.gateway.respond(to.response_url, *words, replace_original=replace_original)
        elif replace_original and to.channel_id and to.message_ts:
            await self.gateway.update(to.channel_id, to.message_ts, *words)
        else:
            await self._tell_alone(to, message)

    async def _tell_alone(self, to: Address, message: Message) -> None:
        words = message.text, list(message.blocks)
        try:
            if to.channel_id:
                await self.gateway.post_ephemeral(to.channel_id, to.user_id, *words)
                return
        except SlackFailure as error:  # we are not in that channel, say
            log.info("not_shown_in_channel", code=error.code)
        await self.gateway.post(to.user_id, *words)

    async def reply(
        self, click: Click, message: Message, *, replace_original: bool = False
    ) -> None:
        """Answer a click where it was made; on the Home and in dialogs, in a dialog of its own."""
        if click.response_url or click.message_ts:
            await self.tell(click.address, message, replace_original=replace_original)
            return
        dialog = notices.dialog(message).payload()
        if click.callback_id:  # only dialogs have one
            await self.gateway.push_view(click.trigger_id, dialog)
        else:
            await self.gateway.open_view(click.trigger_id, dialog)

    async def open(self, trigger_id: str, modal: Modal) -> None:
        """Open a dialog; `trigger_id` lives 3 seconds."""
        await self.gateway.open_view(trigger_id, modal.payload())

    async def open_above(self, click: Click, modal: Modal) -> None:
        """Open a dialog from a click, on top of the one in which it was clicked, if any."""
        if click.callback_id:  # only dialogs have one
            await self.gateway.push_view(click.trigger_id, modal.payload())
        else:
            await self.open(click.trigger_id, modal)


def errors(fields: dict[str, str]) -> Done:
    """Return the answer that shows `fields`' words under the fields of the modal."""
    return Done(response={"response_action": "errors", "errors": fields})


def update(modal: Modal) -> Done:
    """Return the answer that replaces the submitted modal by `modal`."""
    return Done(response={"response_action": "update", "view": modal.payload()})


def clear(after: After | None = None) -> Done:
    """Return the answer that closes every open modal."""
    return Done(after=after, response={"response_action": "clear"})
