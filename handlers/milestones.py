"""Moving the date of the next milestone, or keeping it."""

from bot.domain.milestones import Field
from bot.services import milestones
from bot.views import milestones as views
from bot.views.ids import Act, Form
from handlers.context import Context, Done, update
from handlers.payloads import Click, Submission
from handlers.router import Router
from handlers.values import number


def register(router: Router) -> None:
    """Enter this subject's clicks and modals."""
    router.click(Act.DATE_MOVE, open_move)
    router.click(Act.DATE_KEEP, open_keep)
    router.submission(Form.DATE_MOVE, move)
    router.submission(Form.DATE_KEEP, keep)


async def open_move(ctx: Context, click: Click) -> Done:
    """Open the form to move the date."""
    form = await ctx.database.write(
        milestones.form, click.actor, number(click.value), ctx.clock.now()
    )
    return Done(after=lambda: ctx.open(click.trigger_id, views.move_form(form)))


async def open_keep(ctx: Context, click: Click) -> Done:
    """Open the form to keep it."""
    form = await ctx.database.write(
        milestones.form, click.actor, number(click.value), ctx.clock.now()
    )
    return Done(after=lambda: ctx.open(click.trigger_id, views.keep_form(form)))


async def move(ctx: Context, submission: Submission) -> Done:
    """Move the date."""
    done = await ctx.database.write(
        milestones.move,
        submission.actor,
        number(submission.metadata),
        submission.fields.date(Field.ON),
        submission.fields.text(Field.WHY),
        ctx.clock.now(),
    )
    return update(views.decided(done))


async def keep(ctx: Context, submission: Submission) -> Done:
    """Keep it, with the reason."""
    done = await ctx.database.write(
        milestones.keep,
        submission.actor,
        number(submission.metadata),
        submission.fields.text(Field.WHY),
        ctx.clock.now(),
    )
    return update(views.decided(done))
