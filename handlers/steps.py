"""Steps: chosen in a finished check-in or of one's own accord, and what owners offer."""

import json
from datetime import date

from bot.domain.commitments import DATE_FIELD, WORDS_FIELD
from bot.domain.steps import ACTS_FIELD, PLAN_FIELD, Chosen
from bot.errors import Refused
from bot.services import commitments, pulses, steps
from bot.views import steps as views
from bot.views.ids import Act, Form
from bot.views.pulses import Shape
from handlers import redraw
from handlers.context import Context, Done, update
from handlers.payloads import Click, Command, Submission
from handlers.redraw import Redraws, Standing, Wanted
from handlers.router import Router
from handlers.values import BROKEN, number


def register(router: Router) -> None:
    """Enter this subject's commands, clicks and modals."""
    offers = Offers(redraw.of(router))
    for name in ("steps", "commitments"):
        router.command(name, mine)
    router.click(Act.STEP_PICK, offers.pick)
    router.click(Act.STEP_DATE, offers.take)
    router.click(Act.STEP_BACK, offers.back)
    router.click(Act.STEP_OWN, offers.own)
    router.click(Act.STEP_NOT_NOW, offers.not_now)
    router.click(Act.STEP_PLAN, plan)
    router.click(Act.STEP_NEW, new)
    router.click(Act.STEP_ACTS, acts)
    router.submission(Form.STEP_OWN, offers.chosen)
    router.submission(Form.STEP_PLAN, offers.planned)
    router.submission(Form.STEP_ACTS, acts_written)


async def mine(ctx: Context, command: Command) -> Done:
    """Show the person's steps, to them alone."""
    message = views.mine(await ctx.read_own(steps.mine, command.actor))
    return Done(after=lambda: ctx.tell(command.address, message))


class Offers:
    """Clicks on the offer in a check-in, which is drawn again after each."""

    def __init__(self, redraws: Redraws) -> None:
        self._redraws = redraws

    async def pick(self, ctx: Context, click: Click) -> Done:
        """Show the dates for an act."""
        await ctx.database.read(pulses.owned, click.actor, number(click.value))
        return self._redrawn(ctx, click, Shape(act=number(click.argument)))

    async def back(self, ctx: Context, click: Click) -> Done:
        """Show the acts again."""
        await ctx.database.read(pulses.owned, click.actor, number(click.value))
        return self._redrawn(ctx, click, Shape())

    async def take(self, ctx: Context, click: Click) -> Done:
        """Keep the act and its date."""
        act, _, on = click.argument.partition(":")
        given = number(click.value), number(act), _date(on)
        await ctx.database.write(steps.take, click.actor, *given, click.key, ctx.clock.now())
        return self._redrawn(ctx, click, Shape())

    async def not_now(self, ctx: Context, click: Click) -> Done:
        """Keep that they want no step now."""
        ask_id = number(click.value)
        await ctx.database.write(steps.decline, click.actor, ask_id, ctx.clock.now())
        return self._redrawn(ctx, click, Shape())

    async def own(self, ctx: Context, click: Click) -> Done:
        """Open the form for a step of one's own; it carries where to draw the check-in again."""
        ask_id = number(click.value)
        form = await ctx.database.read(steps.form_of_ask, click.actor, ask_id, ctx.clock.now())
        at = redraw.standing(ask_id, click).written()
        modal = views.own_form(form, json.dumps([form.place.id, *at]))
        return Done(after=lambda: ctx.open_above(click, modal))

    async def chosen(self, ctx: Context, submission: Submission) -> Done:
        """Keep a step of one's own."""
        place_id, at = _carried(submission)
        fields = submission.fields
        words, plan = fields.text(WORDS_FIELD), fields.text(PLAN_FIELD)
        typed = Chosen(words, fields.date(DATE_FIELD), plan)
        given = place_id, at.ask_id if at else None, typed
        about = await ctx.database.write(
            steps.choose, submission.actor, *given, submission.key, ctx.clock.now()
        )
        return self._after_form(ctx, at) if at else update(views.chosen(about))

    async def planned(self, ctx: Context, submission: Submission) -> Done:
        """Keep when and where a step will be done."""
        commitment_id, at = _carried(submission)
        if at:
            await ctx.database.read(pulses.owned, submission.actor, at.ask_id)
        words = submission.fields.text(PLAN_FIELD)
        await ctx.database.write(
            steps.plan, submission.actor, commitment_id, words, submission.key, ctx.clock.now()
        )
        return self._after_form(ctx, at) if at else Done()

    def _after_form(self, ctx: Context, at: Standing) -> Done:
        return Done(after=lambda: self._redraws.draw_after_form(ctx, at))

    def _redrawn(self, ctx: Context, click: Click, shape: Shape) -> Done:
        wanted = Wanted(number(click.value), click, shape)
        return Done(after=lambda: self._redraws.draw(ctx, wanted))


async def plan(ctx: Context, click: Click) -> Done:
    """Open the form for when and where."""
    step = await ctx.database.read(commitments.own, click.actor, number(click.value))
    ask_id = number(click.argument) if click.argument else None
    at = redraw.standing(ask_id, click).written() if ask_id else []
    modal = views.plan_form(step.commitment, json.dumps([step.commitment.id, *at]))
    return Done(after=lambda: ctx.open_above(click, modal))


async def new(ctx: Context, click: Click) -> Done:
    """Open the form for a step of one's own, of one's own accord."""
    form = await ctx.database.read(
        steps.form, click.actor, number(click.value), None, ctx.clock.now()
    )
    modal = views.own_form(form, json.dumps([form.place.id]))
    return Done(after=lambda: ctx.open_above(click, modal))


async def acts(ctx: Context, click: Click) -> Done:
    """Open the form for what people could do."""
    one = await ctx.database.read(steps.offered, click.actor, number(click.value), ctx.clock.now())
    return Done(after=lambda: ctx.open_above(click, views.acts_form(one)))


async def acts_written(ctx: Context, submission: Submission) -> Done:
    """Keep what people could do."""
    one = await ctx.database.write(
        steps.set_offered,
        submission.actor,
        number(submission.metadata),
        submission.fields.text(ACTS_FIELD),
        submission.key,
        ctx.clock.now(),
    )
    return update(views.acts_saved(one))


def _carried(form: Submission) -> tuple[int, Standing | None]:
    """Return what the form is about, and where the check-in stands that it was opened from."""
    try:
        about, *at = map(str, json.loads(form.metadata))
        where = redraw.read_standing(form.actor.slack_user_id, at) if at else None
    except (ValueError, TypeError) as error:
        raise Refused(BROKEN) from error
    return number(about), where


def _date(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError as error:
        raise Refused(BROKEN) from error
