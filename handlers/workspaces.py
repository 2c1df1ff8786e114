"""What happens to the app itself in a workspace: removed, or invited to a channel."""

from bot.services import outbox, workspaces
from handlers.context import Context
from handlers.payloads import Event
from handlers.router import Router
from storage import workspaces as installations


def register(router: Router) -> None:
    """Enter this subject's events."""
    router.event("app_uninstalled", uninstalled)
    router.event("tokens_revoked", revoked)
    router.event("member_joined_channel", joined)


async def uninstalled(ctx: Context, event: Event) -> None:
    """Stop all sending."""
    await ctx.database.write(workspaces.uninstalled, event.workspace_id, ctx.clock.now())


async def revoked(ctx: Context, event: Event) -> None:
    """Stop all sending if our own token is among the revoked ones."""
    if (event.body.get("tokens") or {}).get("bot"):
        await uninstalled(ctx, event)


async def joined(ctx: Context, event: Event) -> None:
    """Send the posts that waited for the app to be invited to a channel."""
    us = await ctx.database.read(installations.get, event.workspace_id)
    if us.bot_user_id and event.body.get("user") == us.bot_user_id:
        channel = str(event.body.get("channel") or "")
        await ctx.database.write(outbox.retry_channel, event.workspace_id, channel, ctx.clock.now())
        ctx.wake_sender()
