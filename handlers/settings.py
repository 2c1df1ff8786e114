"""When somebody can be written to: `/buyin settings`, `/buyin away` and the form on the Home."""

from bot.domain.times import (
    AWAY_FIELD,
    CLOSES_FIELD,
    DAYS_FIELD,
    HOLIDAYS_FIELD,
    OPENS_FIELD,
    Given,
)
from bot.errors import FieldErrors
from bot.services import times
from bot.views import settings as views
from bot.views.ids import Act, Form
from handlers import context, home
from handlers.context import Context, Done
from handlers.payloads import Click, Command, Fields, Submission
from handlers.router import Router

BROKEN_DATE = "That isn't a date. Choose one from the calendar."


def register(router: Router) -> None:
    """Enter this subject's commands, clicks and forms."""
    router.command("settings", command)
    router.command("away", away)
    router.click(Act.SETTINGS_OPEN, opened)
    router.submission(Form.SETTINGS, saved)


async def command(ctx: Context, command: Command) -> Done:
    """Open the form."""
    mine = await ctx.read_own(times.mine, command.actor)
    return Done(after=lambda: ctx.open(command.trigger_id, views.form(mine)))


async def opened(ctx: Context, click: Click) -> Done:
    """Open the form from the Home."""
    mine = await ctx.read_own(times.mine, click.actor)
    return Done(after=lambda: ctx.open(click.trigger_id, views.form(mine)))


async def saved(ctx: Context, submission: Submission) -> Done:
    """Take over what was filled in."""
    given = _given(submission.fields)
    done = await ctx.database.write(times.save, submission.actor, given, ctx.clock.now())
    ctx.wake_sender()
    answer = context.update(views.saved(done))
    return Done(after=lambda: home.redraw(ctx, submission.actor), response=answer.response)


async def away(ctx: Context, command: Command) -> Done:
    """Write nothing until a day, or again; without a word tell how things are."""
    if not command.rest.strip():
        mine = await ctx.read_own(times.mine, command.actor)
        return Done(after=lambda: ctx.tell(command.address, views.away(mine)))
    now = ctx.clock.now()
    done = await ctx.database.write(times.go_away, command.actor, command.rest, now)
    ctx.wake_sender()
    return Done(after=lambda: ctx.tell(command.address, views.went_away(done)))


async def redraw(ctx: Context, click: Click) -> None:
    """Show the form that was clicked in as things are now, and the Home."""
    mine = await ctx.read_own(times.mine, click.actor)
    if click.view_id:
        await ctx.gateway.update_view(click.view_id, views.form(mine).payload())
    await home.redraw(ctx, click.actor)


def _given(fields: Fields) -> Given:
    try:
        away_until = fields.date(AWAY_FIELD)
    except ValueError as error:
        raise FieldErrors({AWAY_FIELD: BROKEN_DATE}) from error
    return Given(
        opens=fields.clock(OPENS_FIELD),
        closes=fields.clock(CLOSES_FIELD),
        days=fields.chosen(DAYS_FIELD),
        holidays=fields.text(HOLIDAYS_FIELD),
        away_until=away_until,
    )
