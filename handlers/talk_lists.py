"""`/buyin talks`: one's own talks, drawn again after every click in the list."""

import json
from dataclasses import dataclass, replace
from typing import Any, cast

from bot.domain.people import Actor
from bot.errors import Refused, SlackFailure
from bot.services import talk_lists
from bot.views import notices
from bot.views import talk_lists as views
from bot.views.ids import Act
from bot.views.kit import Message
from handlers.context import Context, Done
from handlers.payloads import Address, Click, Command, Submission
from handlers.router import Router
from handlers.values import BROKEN


@dataclass(frozen=True, slots=True)
class Where:
    """Where something about a talk was clicked; `view_id` is of a dialog."""

    address: Address
    view_id: str = ""
    in_list: bool = False

    def written(self) -> str:
        """Return what a form carries, for `read_where`."""
        at = self.address
        return json.dumps(
            [at.channel_id, at.response_url, at.message_ts, self.view_id, self.in_list]
        )


def register(router: Router) -> None:
    """Enter this subject's command and click."""
    router.command("talks", mine)
    router.click(Act.TALK_MINE, mine_dialog)


async def mine(ctx: Context, command: Command) -> Done:
    """Show the person's own talks, and whom they can ask for one."""
    about = await ctx.read_own(talk_lists.mine, command.actor)
    return Done(after=lambda: ctx.tell(command.address, views.mine(about)))


async def mine_dialog(ctx: Context, click: Click) -> Done:
    """Show the same from the Home."""
    about = await ctx.read_own(talk_lists.mine, click.actor)
    return Done(after=lambda: ctx.reply(click, views.mine(about)))


def where(click: Click) -> Where:
    """Return where it was clicked."""
    listed = click.block_id.startswith(views.LISTED)
    return Where(click.address, click.view_id or "", listed)


def read_where(form: Submission) -> Where:
    """Return what `Where.written` wrote.

    Raises:
        Refused: if it is something else.
    """
    try:
        channel_id, response_url, ts, view_id, listed = cast(list[Any], json.loads(form.metadata))
    except (ValueError, TypeError) as error:
        raise Refused(BROKEN) from error
    address = Address(form.actor.slack_user_id, str(channel_id), str(response_url), str(ts))
    return Where(address, str(view_id), bool(listed))


def answered(ctx: Context, click: Click, message: Message) -> Done:
    """Draw what was clicked again: the message of the talk, or the list with the answer above."""
    at = where(click)
    if at.in_list:
        return Done(after=lambda: redraw(ctx, click.actor, at, message.text))
    return Done(after=lambda: _show(ctx, click, message))


async def _show(ctx: Context, click: Click, message: Message) -> None:
    await ctx.reply(click, message, replace_original=True)
    if not click.is_ephemeral:
        await hand_over(ctx, click.channel_id, message)


async def hand_over(ctx: Context, channel_id: str | None, message: Message) -> None:
    """Hand over the calendar file of a talk where only the person sees it."""
    if message.meeting and channel_id and channel_id.startswith("D"):
        await ctx.invites.share(ctx.gateway, channel_id, message.meeting)


async def redraw(ctx: Context, actor: Actor, at: Where, answer: str = "") -> None:
    """Draw the list again where it stands; where Slack takes no more of that, show it anew."""
    message = views.mine(await ctx.read_own(talk_lists.mine, actor), answer)
    if at.view_id:
        await ctx.gateway.update_view(at.view_id, notices.dialog(message).payload())
        return
    try:
        await ctx.tell(at.address, message, replace_original=True)
    except SlackFailure:  # an address to answer at serves five times
        await ctx.tell(replace(at.address, response_url="", message_ts=""), message)
