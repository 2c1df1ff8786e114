"""How somebody's own step went, an owner's or one that was chosen in a check-in."""

import json
from datetime import date

from bot.domain.commitments import DATE_FIELD, DueStep, Ending
from bot.errors import Refused
from bot.services import commitments
from bot.views import commitments as views
from bot.views import steps
from bot.views.ids import Act, Form
from handlers.context import Context, Done
from handlers.payloads import Address, Click, Submission
from handlers.router import Router
from handlers.values import BROKEN, number

TAPPED = {
    Act.COMMITMENT_KEPT: Ending.KEPT,
    Act.COMMITMENT_PARTLY: Ending.PARTLY,
    Act.COMMITMENT_NOT_KEPT: Ending.NOT_KEPT,
}


def register(router: Router) -> None:
    """Enter this subject's clicks and its modal."""
    for action_id in TAPPED:
        router.click(action_id, tap)
    router.click(Act.COMMITMENT_MOVED, ask_date)
    router.submission(Form.COMMITMENT_MOVED, move)
    router.click(Act.COMMITMENT_CHANGE, change)


async def tap(ctx: Context, click: Click) -> Done:
    """Save how it went, and say so in place of the buttons."""
    ending = TAPPED[click.action_id]
    step = await _tell(ctx, click, number(click.value), ending, None)
    return _redraw(ctx, click.address, step)


async def ask_date(ctx: Context, click: Click) -> Done:
    """Open the form for the new date; it carries where to redraw the question."""
    step = await ctx.database.read(commitments.own, click.actor, number(click.value))
    at = click.address
    metadata = json.dumps([step.commitment.id, at.channel_id, at.response_url, at.message_ts])
    return Done(after=lambda: ctx.open(click.trigger_id, views.date_form(step, metadata)))


async def move(ctx: Context, submission: Submission) -> Done:
    """Save the new date."""
    commitment_id, address = _carried(submission)
    new_date = submission.fields.date(DATE_FIELD)
    step = await _tell(ctx, submission, commitment_id, Ending.MOVED, new_date)
    return _redraw(ctx, address, step)


async def change(ctx: Context, click: Click) -> Done:
    """Bring the buttons back; what was said holds until another is tapped."""
    step = await ctx.database.read(commitments.own, click.actor, number(click.value))
    message = steps.due_message(step) if step.place else views.due_message(step)
    return Done(after=lambda: ctx.reply(click, message, replace_original=True))


async def _tell(
    ctx: Context, given: Click | Submission, commitment_id: int, ending: Ending, on: date | None
) -> DueStep:
    return await ctx.database.write(
        commitments.tell, given.actor, commitment_id, ending, on, given.key, ctx.clock.now()
    )


def _redraw(ctx: Context, address: Address, step: DueStep) -> Done:
    message = steps.told_message(step) if step.place else views.told_message(step)
    return Done(after=lambda: ctx.tell(address, message, replace_original=True))


def _carried(form: Submission) -> tuple[int, Address]:
    """Return the commitment and the address to redraw it at."""
    try:
        commitment_id, channel_id, response_url, ts = map(str, json.loads(form.metadata))
    except (ValueError, TypeError) as error:
        raise Refused(BROKEN) from error
    return number(commitment_id), Address(form.actor.slack_user_id, channel_id, response_url, ts)
