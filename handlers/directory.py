"""Who is in the workspace, as Slack tells it: the whole directory, and every change."""

from bot.domain.people import Profile
from bot.errors import SlackMissingAbility
from bot.services import people
from bot.slack_answers import profile_of
from handlers.context import Context
from handlers.payloads import Event
from handlers.router import Router

AT_ONCE = 1000
"""How many people are written in one transaction."""


def register(router: Router) -> None:
    """Enter this subject's events."""
    router.event("user_change", changed)
    router.event("team_join", changed)


async def changed(ctx: Context, event: Event) -> None:
    """Take over what changed about somebody, or who is new."""
    raw = event.body.get("user")
    if isinstance(raw, dict) and raw.get("id"):
        await _learn(ctx, event.workspace_id, [profile_of(raw)])
        ctx.wake_sender()


async def sync_directory(ctx: Context, workspace_id: int) -> int:
    """Read the whole directory; return how many people it lists (0 if Slack won't tell).

    Raises:
        BuyinError: if Slack or the database cannot be reached; what was read so far is kept.
    """
    waiting: list[Profile] = []
    count = 0
    try:
        async for profile in ctx.gateway.users():
            waiting.append(profile)
            if len(waiting) == AT_ONCE:
                await _learn(ctx, workspace_id, waiting)
                count, waiting = count + len(waiting), []
    except SlackMissingAbility:
        return 0  # the gateway has logged it; everything else works without
    await _learn(ctx, workspace_id, waiting)
    await ctx.database.write(people.synced, workspace_id, ctx.clock.now())
    return count + len(waiting)


async def _learn(ctx: Context, workspace_id: int, profiles: list[Profile]) -> None:
    await ctx.database.write(people.learn, workspace_id, profiles, ctx.clock.now())
