"""Where things stand, for those who lead; and their guess."""

from bot.domain.guesses import GUESS_FIELD
from bot.services import commitments, digests, guesses
from bot.views import digests as views
from bot.views.ids import Act, Form
from handlers.context import Context, Done, update
from handlers.payloads import Click, Command, Submission
from handlers.router import Router
from handlers.values import number


def register(router: Router) -> None:
    """Enter this subject's command, clicks and modal."""
    router.command("status", status_by_command)
    router.click(Act.DIGEST_STATUS, status_by_click)
    router.click(Act.DIGEST_STEP, ask_about_step)
    router.click(Act.GUESS_OPEN, open_guess)
    router.submission(Form.GUESS, guess)


async def status_by_command(ctx: Context, command: Command) -> Done:
    """Answer `/buyin status [name]`."""
    digest = await ctx.database.read(
        digests.status_for, command.actor, command.rest, ctx.clock.now()
    )
    message = views.status_message(digest)
    return Done(after=lambda: ctx.tell(command.address, message))


async def status_by_click(ctx: Context, click: Click) -> Done:
    """Answer a click that asks where things stand; from the App Home as a dialog."""
    digest = await ctx.database.read(
        digests.status, click.actor, number(click.value), ctx.clock.now()
    )
    if click.response_url is None:
        return Done(after=lambda: ctx.open(click.trigger_id, views.status_modal(digest)))
    message = views.status_message(digest)
    return Done(after=lambda: ctx.reply(click, message))


async def ask_about_step(ctx: Context, click: Click) -> Done:
    """Ask how the owner's own step went, below the digest."""
    step = await ctx.database.read(commitments.own, click.actor, number(click.value))
    message = views.step_question(step)
    return Done(after=lambda: ctx.reply(click, message))


async def open_guess(ctx: Context, click: Click) -> Done:
    """Open the form for the guess."""
    form = await ctx.database.read(guesses.form, click.actor, number(click.value), ctx.clock.now())
    return Done(after=lambda: ctx.open(click.trigger_id, views.guess_form(form)))


async def guess(ctx: Context, submission: Submission) -> Done:
    """Keep the guess."""
    kept = await ctx.database.write(
        guesses.guess,
        submission.actor,
        number(submission.metadata),
        submission.fields.text(GUESS_FIELD),
        submission.key,
        ctx.clock.now(),
    )
    return update(views.guessed(kept))
