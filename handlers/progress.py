"""The owner's posts to the team."""

from bot.domain.progress import Written
from bot.services import progress
from bot.views import progress as views
from bot.views.ids import Act, Form
from handlers.context import Context, Done, update
from handlers.payloads import Click, Command, Submission
from handlers.router import Router
from handlers.values import number


def register(router: Router) -> None:
    """Enter this subject's command, clicks and modals."""
    router.command("post", open_by_command)
    router.click(Act.PROGRESS_NEW, open_by_click)
    router.submission(Form.PROGRESS_WRITE, preview)
    router.click(Act.PROGRESS_EDIT, edit)
    router.submission(Form.PROGRESS_POST, post)
    router.click(Act.PROGRESS_NOTHING_NEW, nothing_new)


async def open_by_command(ctx: Context, command: Command) -> Done:
    """Open the form for `/buyin post [name]`."""
    form = await ctx.database.read(progress.form_for, command.actor, command.rest, ctx.clock.now())
    return Done(after=lambda: ctx.open(command.trigger_id, views.form(form)))


async def open_by_click(ctx: Context, click: Click) -> Done:
    """Open the form for the initiative of the button."""
    form = await ctx.database.read(progress.form, click.actor, number(click.value), ctx.clock.now())
    return Done(after=lambda: ctx.open(click.trigger_id, views.form(form)))


async def preview(ctx: Context, submission: Submission) -> Done:
    """Keep the draft and turn the form into its preview."""
    fields = submission.fields
    written = Written(
        moved=fields.text(views.MOVED),
        changed=fields.text(views.CHANGED),
        next=fields.text(views.NEXT),
        next_on=fields.date(views.NEXT_ON),
    )
    post = await ctx.database.write(
        progress.preview,
        submission.actor,
        number(submission.metadata),
        written,
        ctx.clock.now(),
    )
    return update(views.preview(post))


async def edit(ctx: Context, click: Click) -> Done:
    """Turn the preview back into the form, with the text in it."""
    form = await ctx.database.read(progress.edit, click.actor, number(click.value), ctx.clock.now())
    view_id = click.view_id or ""

    async def show() -> None:
        await ctx.gateway.update_view(view_id, views.form(form).payload(), click.view_hash)

    return Done(after=show)


async def post(ctx: Context, submission: Submission) -> Done:
    """Post what was previewed."""
    posted = await ctx.database.write(
        progress.post, submission.actor, number(submission.metadata), ctx.clock.now()
    )
    ctx.wake_sender()
    return update(views.posted(posted))


async def nothing_new(ctx: Context, click: Click) -> Done:
    """Record that there is nothing new this time."""
    initiative = await ctx.database.write(
        progress.nothing_new, click.actor, number(click.value), click.key, ctx.clock.now()
    )
    message = views.nothing_new(initiative)
    return Done(after=lambda: ctx.reply(click, message))
