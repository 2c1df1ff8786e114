"""Ending an initiative: `/buyin end`, the button, and the form that asks for last words."""

from bot.domain.endings import Field, LastWords
from bot.domain.words import cleaned
from bot.services import endings, initiatives
from bot.views import endings as views
from bot.views.ids import Act, Form
from handlers import context, home
from handlers.context import Context, Done
from handlers.payloads import Click, Command, Submission
from handlers.router import Router
from handlers.values import number


def register(router: Router) -> None:
    """Serve `/buyin end`, *End it* and the form behind both."""
    router.command("end", _command)
    router.click(Act.INITIATIVE_END, _click)
    router.submission(Form.INITIATIVE_END, _end)


async def _command(ctx: Context, command: Command) -> Done:
    chosen = await ctx.database.read(
        initiatives.choose_led, command.actor, command.rest, ctx.clock.now()
    )
    return Done(after=lambda: ctx.open(command.trigger_id, views.end_form(chosen)))


async def _click(ctx: Context, click: Click) -> Done:
    running = await ctx.database.read(
        endings.ending, click.actor, number(click.value), ctx.clock.now()
    )
    return Done(after=lambda: ctx.open(click.trigger_id, views.end_form(running)))


async def _end(ctx: Context, form: Submission) -> Done:
    words = LastWords(
        achieved=cleaned(form.fields.text(Field.ACHIEVED)),
        changed=cleaned(form.fields.text(Field.CHANGED)),
    )
    outcome = await ctx.database.write(
        endings.end, form.actor, number(form.metadata), words, form.key, ctx.clock.now()
    )

    async def after() -> None:
        ctx.wake_sender()
        await home.redraw(ctx, form.actor)

    return Done(after=after, response=context.update(views.ended(outcome)).response)
