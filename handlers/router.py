"""Our own table of what to do, behind four catch-all Bolt listeners.

One table keeps dispatching cheap however many handlers there are, and an unknown id gets a plain
answer instead of silence.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.errors import (
    BuyinError,
    DatabaseUnavailable,
    FieldErrors,
    NotOurs,
    Refused,
    SlackFailure,
)
from bot.services import workspaces
from bot.views import notices
from bot.views.kit import Message
from handlers import context
from handlers.context import Context, Done
from handlers.payloads import (
    Click,
    Command,
    Event,
    Origin,
    Submission,
    origin_of,
    parse_click,
    parse_command,
    parse_event,
    parse_submission,
)

log = structlog.get_logger()

Parsed = TypeVar("Parsed", Command, Click, Submission, Event)
Handler = Callable[[Context, Parsed], Awaitable[Done | None]]
Answer = Callable[[Message], Awaitable[None]]
ANYTHING = re.compile(".*", re.DOTALL)
HELP = ("help", "?")
"""What people type after a command that they don't know yet."""


class Router:
    """Which handler serves which subcommand, action, modal or event."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._commands: dict[str, Handler[Command]] = {}
        self._clicks: dict[str, Handler[Click]] = {}
        self._submissions: dict[str, Handler[Submission]] = {}
        self._events: dict[str, Handler[Event]] = {}
        self._workspaces: dict[Origin, int] = {}

    def command(self, subcommand: str, handler: Handler[Command]) -> None:
        """Serve `/buyin subcommand`; the empty subcommand is `/buyin` alone."""
        _add(self._commands, subcommand, handler)

    def click(self, action_id: str, handler: Handler[Click]) -> None:
        """Serve clicks on `action_id`, with or without an argument after a colon."""
        _add(self._clicks, action_id, handler)

    def submission(self, callback_id: str, handler: Handler[Submission]) -> None:
        """Serve submissions of the modal `callback_id`."""
        _add(self._submissions, callback_id, handler)

    def event(self, type_: str, handler: Handler[Event]) -> None:
        """Serve events of `type_`."""
        _add(self._events, type_, handler)

    def attach(self, app: AsyncApp) -> None:
        """Put the four listeners on `app`."""
        app.command(ANYTHING)(self._on_command)
        app.action(ANYTHING)(self._on_click)
        app.view(ANYTHING)(self._on_submission)
        app.event(ANYTHING)(self._on_event)

    async def _on_command(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        command = parse_command(body, await self._workspace(body))
        handler = self._commands.get(command.subcommand, _unknown_command)

        def answer(message: Message) -> Awaitable[None]:
            return self._ctx.tell(command.address, message)

        done = await self._guarded(handler, command, answer)
        await self._finish(ack, done, answer)

    async def _on_click(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        click = parse_click(body, await self._workspace(body))
        handler = self._clicks.get(click.action_id, _unknown_click)

        def answer(message: Message) -> Awaitable[None]:
            return self._ctx.reply(click, message)

        done = await self._guarded(handler, click, answer)
        await self._finish(ack, done, answer)

    async def _on_submission(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        if body.get("type") != "view_submission":  # a closed modal has nothing to say
            await ack()
            return
        submission = parse_submission(body, await self._workspace(body))
        handler = self._submissions.get(submission.callback_id, _unknown_submission)
        try:
            done = await handler(self._ctx, submission)
        except FieldErrors as error:
            done = context.errors(error.errors)
        except Refused as error:
            done = context.update(notices.refused_modal(str(error)))
        except Exception as error:
            _report(error, submission.callback_id)
            done = context.update(notices.refused_modal(notices.NOT_SAVED))
        await self._finish(ack, done)

    async def _on_event(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        event = parse_event(body, await self._workspace(body))
        handler = self._events.get(event.type)
        done = await handler(self._ctx, event) if handler else None  # a failure: Slack retries
        await self._finish(ack, done)

    async def _guarded(
        self, handler: Handler[Parsed], parsed: Parsed, answer: Answer
    ) -> Done | None:
        try:
            return await handler(self._ctx, parsed)
        except Refused as error:
            message = notices.refused(str(error))
        except Exception as error:
            _report(error, type(parsed).__name__)
            message = notices.refused(notices.NOT_SAVED)
        return Done(after=lambda: answer(message))

    async def _finish(self, ack: AsyncAck, done: Done | None, answer: Answer | None = None) -> None:
        done = done or Done()
        if done.response:
            await ack(**done.response)
        else:
            await ack()
        if done.after:
            self._ctx.tasks.spawn(_run(done.after, answer))

    async def _workspace(self, body: Mapping[str, Any]) -> int:
        origin = origin_of(body)
        known = self._workspaces.get(origin)
        if known is None:
            if not origin.team_id and not origin.enterprise_id:
                raise NotOurs("neither team nor enterprise is named")
            workspace = await self._ctx.database.write(
                workspaces.resolve,
                origin.enterprise_id,
                origin.team_id,
                origin.app_id,
                self._ctx.clock.now(),
            )
            known = self._workspaces[origin] = workspace.id
        return known


def _add(table: dict[str, Handler[Parsed]], key: str, handler: Handler[Parsed]) -> None:
    if key in table:
        raise BuyinError(f"{key!r} has two handlers; give one of them another id")
    table[key] = handler


async def _run(after: context.After, answer: Answer | None) -> None:
    try:
        await after()
    except SlackFailure as error:
        if answer is None:
            raise
        log.warning("not_shown", method=error.method, code=error.code)
        await answer(notices.refused(notices.NOT_SHOWN))


def _report(error: Exception, what: str) -> None:
    known = isinstance(error, DatabaseUnavailable)
    log.error("request_failed", what=what, error=type(error).__name__, exc_info=not known)


async def _unknown_command(ctx: Context, command: Command) -> Done:
    asks = command.subcommand in HELP
    message = notices.help_text() if asks else notices.unknown_command(command.subcommand)
    return Done(after=lambda: ctx.tell(command.address, message))


async def _unknown_click(ctx: Context, click: Click) -> Done:
    message = notices.unknown_click()
    return Done(after=lambda: ctx.reply(click, message))


async def _unknown_submission(ctx: Context, submission: Submission) -> Done:
    return context.update(notices.refused_modal(notices.UNKNOWN))
