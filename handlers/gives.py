"""A line from an owner to those who could use one."""

from bot.services import owner_lines
from bot.views import gives as views
from bot.views.ids import Act, Form
from handlers.context import Context, Done, update
from handlers.payloads import Click, Submission
from handlers.router import Router
from handlers.values import number


def register(router: Router) -> None:
    """Enter this subject's click and modal."""
    router.click(Act.LINE_WRITE, open_form)
    router.submission(Form.LINE_WRITE, write)


async def open_form(ctx: Context, click: Click) -> Done:
    """Open the form for a line."""
    form = await ctx.database.read(
        owner_lines.form, click.actor, number(click.value), ctx.clock.now()
    )
    return Done(after=lambda: ctx.open(click.trigger_id, views.line_form(form)))


async def write(ctx: Context, submission: Submission) -> Done:
    """Keep the line."""
    form = await ctx.database.write(
        owner_lines.write,
        submission.actor,
        number(submission.metadata),
        submission.fields.text(views.WORDS),
        submission.key,
        ctx.clock.now(),
    )
    return update(views.line_written(form))
