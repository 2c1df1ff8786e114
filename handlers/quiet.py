"""Slack's do-not-disturb: asked for ahead of what is due, and every change of it."""

import asyncio

import structlog

from bot.errors import SlackFailure, SlackMissingAbility
from bot.gateway import LARGEST_DND_BATCH
from bot.services import quiet
from bot.slack_answers import dnd_window
from handlers.context import Context
from handlers.payloads import Event
from handlers.router import Router

log = structlog.get_logger()

BETWEEN = 3.0
"""Seconds between two calls: Slack allows twenty a minute."""


def register(router: Router) -> None:
    """Enter this subject's events."""
    router.event("dnd_updated_user", changed)


async def changed(ctx: Context, event: Event) -> None:
    """Take over somebody's next window as Slack tells it."""
    who, status = event.body.get("user"), event.body.get("dnd_status")
    if not isinstance(who, str) or not isinstance(status, dict):
        return
    told = {who: dnd_window(status)}
    if await ctx.database.write(quiet.learn, event.workspace_id, told, ctx.clock.now()):
        ctx.wake_sender()


async def read_ahead(ctx: Context, workspace_id: int) -> int:
    """Ask Slack about those who get something soon; return how many were asked about.

    Where Slack does not tell, nobody counts as not to be disturbed.

    Raises:
        BuyinError: if Slack or the database cannot be reached; what was read so far is kept.
    """
    waiting = await ctx.database.read(quiet.to_ask_about, workspace_id, ctx.clock.now())
    for start in range(0, len(waiting), LARGEST_DND_BATCH):
        if start:
            await asyncio.sleep(BETWEEN)
        batch = waiting[start : start + LARGEST_DND_BATCH]
        try:
            windows = await ctx.gateway.dnd(batch)
        except SlackMissingAbility:
            return start  # the gateway has logged it; everything else works without
        except SlackFailure as error:  # somebody among them is not visible to us, say
            log.warning("do_not_disturb_not_read", code=error.code, people=len(batch))
            windows = {}
        told = {who: windows.get(who) for who in batch}
        if await ctx.database.write(quiet.learn, workspace_id, told, ctx.clock.now()):
            ctx.wake_sender()
    return len(waiting)
