"""Telling the owners something, and their replies."""

from bot.domain.inputs import Outcome, Replied
from bot.errors import Refused
from bot.services import initiatives, inputs
from bot.views import inputs as views
from bot.views.ids import Act, Form
from handlers.context import Context, Done, update
from handlers.payloads import Click, Submission
from handlers.router import Router
from handlers.values import BROKEN, number


def register(router: Router) -> None:
    """Enter this subject's clicks and modals."""
    router.click(Act.INPUT_TELL, open_form)
    router.submission(Form.INPUT_TELL, tell)
    router.click(Act.STANDING_WRONG, open_wrong)
    router.submission(Form.STANDING_WRONG, tell_wrong)
    router.click(Act.INPUT_USED, used)
    router.click(Act.INPUT_PARTLY, partly)
    router.click(Act.INPUT_NOT_NOW, ask_reason)
    router.submission(Form.INPUT_NOT_NOW, not_now)
    router.click(Act.INPUT_WORDS, ask_words)
    router.submission(Form.INPUT_WORDS, add_words)
    router.click(Act.INPUT_READ, read)


async def open_form(ctx: Context, click: Click) -> Done:
    """Open the form to tell the owners something."""
    form = await ctx.database.read(inputs.form, click.actor, number(click.value))
    return Done(after=lambda: ctx.open_above(click, views.tell_form(form)))


async def tell(ctx: Context, submission: Submission) -> Done:
    """Keep what was written."""
    initiative_id = number(submission.metadata)
    named = submission.fields.text(views.NAMED) != "nameless"
    await ctx.database.write(
        inputs.tell,
        submission.actor,
        initiative_id,
        submission.fields.text(views.WORDS),
        named,
        submission.key,
        ctx.clock.now(),
    )
    initiative = await ctx.database.read(initiatives.load, initiative_id)
    return update(views.told(initiative, named))


async def open_wrong(ctx: Context, click: Click) -> Done:
    """Open the form to say that what owners read about oneself is wrong."""
    form = await ctx.database.read(inputs.wrong_form, click.actor, number(click.value))
    return Done(after=lambda: ctx.open_above(click, views.wrong_form(form)))


async def tell_wrong(ctx: Context, submission: Submission) -> Done:
    """Keep that it is wrong."""
    named = submission.fields.text(views.NAMED) != "nameless"
    kept = await ctx.database.write(
        inputs.tell_wrong,
        submission.actor,
        number(submission.metadata),
        submission.fields.text(views.WORDS),
        named,
        submission.key,
        ctx.clock.now(),
    )
    initiative = await ctx.database.read(initiatives.load, kept.initiative_id)
    return update(views.told(initiative, named))


async def used(ctx: Context, click: Click) -> Done:
    """Save "using it" with one tap."""
    return await _tapped(ctx, click, Outcome.USED)


async def partly(ctx: Context, click: Click) -> Done:
    """Save "partly" with one tap."""
    return await _tapped(ctx, click, Outcome.PARTLY)


async def ask_reason(ctx: Context, click: Click) -> Done:
    """Open the form for the reason."""
    one = await ctx.database.read(
        inputs.for_owner, click.actor, number(click.value), ctx.clock.now()
    )
    return Done(after=lambda: ctx.open(click.trigger_id, views.reason_form(one)))


async def not_now(ctx: Context, submission: Submission) -> Done:
    """Save "not now" with its reason."""
    result = await _reply(ctx, submission, number(submission.metadata), Outcome.NOT_USED)
    return update(views.saved(result))


async def ask_words(ctx: Context, click: Click) -> Done:
    """Open the form for a line about a reply."""
    input_id, outcome = _input_and_outcome(click.value)
    one = await ctx.database.read(inputs.for_owner, click.actor, input_id, ctx.clock.now())
    return Done(after=lambda: ctx.open(click.trigger_id, views.words_form(one, outcome)))


async def add_words(ctx: Context, submission: Submission) -> Done:
    """Save a reply with a line about it."""
    input_id, outcome = _input_and_outcome(submission.metadata)
    result = await _reply(ctx, submission, input_id, outcome)
    return update(views.saved(result))


async def read(ctx: Context, click: Click) -> Done:
    """Show everything that somebody wrote."""
    one = await ctx.database.read(
        inputs.for_owner, click.actor, number(click.value), ctx.clock.now()
    )
    return Done(after=lambda: ctx.open(click.trigger_id, views.whole(one)))


async def _tapped(ctx: Context, click: Click, outcome: Outcome) -> Done:
    result = await ctx.database.write(
        inputs.tap, click.actor, number(click.value), outcome, click.key, ctx.clock.now()
    )
    ctx.wake_sender()
    message = views.replied(result)
    return Done(after=lambda: ctx.reply(click, message))


async def _reply(ctx: Context, submission: Submission, input_id: int, outcome: Outcome) -> Replied:
    words = submission.fields.text(views.WORDS)
    result = await ctx.database.write(
        inputs.reply,
        submission.actor,
        input_id,
        outcome,
        words,
        submission.key,
        ctx.clock.now(),
    )
    ctx.wake_sender()
    return result


def _input_and_outcome(value: str) -> tuple[int, Outcome]:
    input_id, _, outcome = value.partition(":")
    if outcome not in list(Outcome):
        raise Refused(BROKEN)
    return number(input_id), Outcome(outcome)
