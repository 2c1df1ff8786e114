"""The App Home: drawn when somebody opens it, and again after a change made there."""

from bot.domain.people import Actor
from bot.services import home
from bot.views import home as views
from handlers.context import Context, Done
from handlers.payloads import Event
from handlers.router import Router


def register(router: Router) -> None:
    """Enter this subject's events."""
    router.event("app_home_opened", opened)


async def opened(ctx: Context, event: Event) -> Done | None:
    """Draw the Home when its tab is opened; the tab with the messages needs nothing."""
    if event.body.get("tab", "home") != "home":
        return None
    actor = Actor(event.workspace_id, str(event.body.get("user") or ""))
    return Done(after=lambda: redraw(ctx, actor))


async def redraw(ctx: Context, actor: Actor) -> None:
    """Publish the Home as the store has it now."""
    tab = await ctx.read_own(home.tab, actor)
    await ctx.gateway.publish_home(actor.slack_user_id, views.home(tab).payload())
