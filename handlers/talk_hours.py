"""When somebody has talks: `/buyin hours`, the form on the Home, and the calendar they connect."""

import asyncio
from collections.abc import Sequence

import structlog

from bot.domain.busy import Problem, Reading
from bot.errors import FieldErrors, SlackFailure
from bot.feeds import addresses
from bot.feeds.problems import Unread
from bot.seal import FEEDS, SealBroken
from bot.services import busy, talk_hours
from bot.views import talk_hours as views
from bot.views.ids import Act, Form
from bot.views.kit import Modal
from handlers import context, home
from handlers.context import Context, Done
from handlers.payloads import Click, Command, Submission
from handlers.router import Router
from storage.busy import Due

log = structlog.get_logger()

AT_ONCE = 20
"""So many calendars are taken on in one go."""


def register(router: Router) -> None:
    """Enter this subject's commands, clicks and forms."""
    router.command("hours", command)
    router.click(Act.TALK_HOURS, opened)
    router.click(Act.FEED_FORGET, forget)
    router.click(Act.MEETING_LINK, followed)
    router.submission(Form.TALK_HOURS, saved)


async def command(ctx: Context, command: Command) -> Done:
    """Open the form; with days and hours after it, take them over."""
    if not command.rest.strip():
        mine = await ctx.read_own(talk_hours.mine, command.actor)
        return Done(after=lambda: ctx.open(command.trigger_id, views.form(mine)))
    now = ctx.clock.now()
    mine = await ctx.database.write(talk_hours.said, command.actor, command.rest, now)
    return Done(after=lambda: ctx.tell(command.address, views.told(mine)))


async def opened(ctx: Context, click: Click) -> Done:
    """Open the form."""
    mine = await ctx.read_own(talk_hours.mine, click.actor)
    return Done(after=lambda: ctx.open_above(click, views.form(mine)))


async def followed(ctx: Context, click: Click) -> None:
    """Somebody follows a link to their calendar; Slack tells us, and that is all."""


async def saved(ctx: Context, submission: Submission) -> Done:
    """Take over the hours, and read the calendar before it is connected."""
    address = _checked(submission.fields.text(views.FEED_FIELD))
    words = submission.fields.text(views.HOURS_FIELD)
    mine = await ctx.database.write(talk_hours.save, submission.actor, words, ctx.clock.now())
    shown = views.reading(mine) if address else views.saved(mine)

    async def after() -> None:
        if address:
            await _connect(ctx, submission, address, mine.calendar.tz)
        await home.redraw(ctx, submission.actor)

    return Done(after, context.update(shown).response)


async def forget(ctx: Context, click: Click) -> Done:
    """Delete the calendar's address and its busy times."""
    mine = await ctx.database.write(busy.forget, click.actor, ctx.clock.now())

    async def show() -> None:
        if click.view_id:
            view = views.forgotten(mine).payload()
            await ctx.gateway.update_view(click.view_id, view)
        await home.redraw(ctx, click.actor)

    return Done(after=show)


async def read_due(ctx: Context, workspace_id: int) -> int:
    """Read the calendars whose time has come; return how many.

    Raises:
        DatabaseUnavailable: at once; what was read so far is kept.
    """
    count = 0
    if not await ctx.database.read(busy.is_due, workspace_id, ctx.clock.now()):
        return count  # nearly always, so that no writer waits for this
    while due := await ctx.database.write(busy.begin_due, workspace_id, ctx.clock.now(), AT_ONCE):
        await _read_all(ctx, due)
        count += len(due)
    return count


async def _read_all(ctx: Context, due: Sequence[Due]) -> None:
    await asyncio.gather(*(_read_again(ctx, one) for one in due))


async def _read_again(ctx: Context, one: Due) -> None:
    now = ctx.clock.now()
    try:
        found = await _read(ctx, ctx.seal.open(one.address, FEEDS), one.tz)
    except SealBroken:
        problem = Problem.KEY_CHANGED
    except Unread as error:
        problem = error.problem
    else:
        await ctx.database.write(busy.worked, one, found, now)
        return
    log.info("calendar_not_read", feed=one.id, problem=problem.value)
    await ctx.database.write(busy.failed, one, problem, now)


async def _connect(ctx: Context, submission: Submission, address: str, tz: str) -> None:
    try:
        found = await _read(ctx, address, tz)
    except Unread as error:
        mine = await ctx.read_own(talk_hours.mine, submission.actor)
        await _show(ctx, submission, views.not_connected(mine, error.problem))
        return
    sealed = ctx.seal.close(address, FEEDS)
    now = ctx.clock.now()
    mine = await ctx.database.write(busy.connect, submission.actor, sealed, found, now)
    await _show(ctx, submission, views.connected(mine))


async def _read(ctx: Context, address: str, tz: str) -> Reading:
    return await ctx.feeds.read(address, tz, ctx.clock.now())


async def _show(ctx: Context, submission: Submission, modal: Modal) -> None:
    """Show how it ended in the form, or in the DM to somebody who closed it."""
    try:
        await ctx.gateway.update_view(submission.view_id, modal.payload())
    except SlackFailure:
        message = views.as_message(modal)
        who = submission.actor.slack_user_id
        await ctx.gateway.post(who, message.text, message.blocks)


def _checked(pasted: str) -> str:
    """Return the address that was pasted, "" if none was."""
    try:
        return str(addresses.pasted(pasted)) if pasted else ""
    except Unread as error:
        raise FieldErrors({views.FEED_FIELD: views.PROBLEMS[error.problem]}) from None
