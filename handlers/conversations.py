"""Talks: offering one, answering, moving and calling off."""

from dataclasses import replace
from datetime import UTC, datetime

from bot.domain.conversations import LIKES_TO_TALK, Card, Event, Offer
from bot.errors import Refused
from bot.services import (
    conversations,
    inputs,
    talk_calls,
    talk_plans,
    talk_sponsors,
    talk_wishes,
)
from bot.views import conversations as views
from bot.views import inputs as input_views
from bot.views import notices
from bot.views import people as people_views
from bot.views import talk_lists as list_views
from bot.views import talk_plans as plan_views
from bot.views.ids import Act, Form
from bot.views.kit import Message, Modal
from handlers import talk_lists
from handlers.context import Context, Done, update
from handlers.payloads import Click, Submission
from handlers.router import Router
from handlers.values import BROKEN, number

LATEST = 10**11
"""Seconds since 1970 that a button may name: the year 5138."""


def register(router: Router) -> None:
    """Enter this subject's clicks and modals."""
    router.click(Act.TALK_PLAN, plan)
    router.click(Act.TALK_OFFER, offer)
    router.click(Act.TALK_CALL, call)
    router.click(Act.TALK_SPONSOR, sponsor_form)
    router.submission(Form.TALK_SPONSOR, ask_sponsor)
    router.click(Act.TALK_HOST_YES, host_answers)
    router.click(Act.TALK_HOST_NO, host_answers)
    router.click(Act.TALK_WITHDRAW, withdraw)
    router.click(Act.TALK_ASK, ask)
    router.click(Act.TALK_ACCEPT, accept)
    router.click(Act.TALK_OTHER, other_times)
    router.submission(Form.TALK_TIMES, accept_other)
    router.click(Act.TALK_BY_MESSAGE, by_message)
    router.click(Act.TALK_NOT_NOW, not_now)
    router.click(Act.TALK_NO, no_thanks)
    router.click(Act.TALK_MOVE, move_form)
    router.submission(Form.TALK_MOVE, move)
    router.click(Act.TALK_CANCEL, cancel)


# --- planning ------------------------------------------------------------------------------------


async def plan(ctx: Context, click: Click) -> Done:
    """Show an owner whom a talk could help."""
    about = await ctx.database.read(
        talk_plans.of_owner, click.actor, number(click.value), ctx.clock.now()
    )
    return Done(after=lambda: ctx.open_above(click, plan_views.plan(about)))


async def offer(ctx: Context, click: Click) -> Done:
    """Offer somebody a talk, and show the plan as it is then."""
    about, person = await ctx.database.write(
        talk_plans.offer, click.actor, number(click.value), click.key, ctx.clock.now()
    )
    ctx.wake_sender()
    return _planned(ctx, click, plan_views.plan(about, person))


async def call(ctx: Context, click: Click) -> Done:
    """Have everyone in group figures get a general offer, and show the plan as it is then."""
    initiative_id, now = number(click.value), ctx.clock.now()
    await ctx.database.write(talk_calls.call, click.actor, initiative_id, now)
    about = await ctx.database.read(talk_plans.of_owner, click.actor, initiative_id, now)
    return _planned(ctx, click, plan_views.plan(about))


async def sponsor_form(ctx: Context, click: Click) -> Done:
    """Open the form to have somebody else talk with them."""
    form = plan_views.sponsor_form(number(click.value))
    return Done(after=lambda: ctx.open_above(click, form))


async def ask_sponsor(ctx: Context, submission: Submission) -> Done:
    """Ask somebody else whether they can."""
    sponsor = submission.fields.one(plan_views.SPONSOR) or ""
    about, _ = await ctx.database.write(
        talk_plans.offer,
        submission.actor,
        number(submission.metadata),
        submission.key,
        ctx.clock.now(),
        sponsor,
    )
    ctx.wake_sender()
    return update(plan_views.sponsor_asked(about.initiative.name))


async def host_answers(ctx: Context, click: Click) -> Done:
    """Take whether a sponsor can."""
    yes = click.action_id == Act.TALK_HOST_YES
    one = await ctx.database.write(
        talk_sponsors.answer, click.actor, number(click.value), yes, ctx.clock.now()
    )
    ctx.wake_sender()
    return talk_lists.answered(ctx, click, views.host_asked(one))


async def withdraw(ctx: Context, click: Click) -> Done:
    """Take an offer back, and show the plan as it is then."""
    about = await ctx.database.write(
        talk_plans.withdraw, click.actor, number(click.value), ctx.clock.now()
    )
    if talk_lists.where(click).in_list:
        return talk_lists.answered(ctx, click, notices.refused(list_views.TAKEN_BACK))
    return _planned(ctx, click, plan_views.plan(about))


def _planned(ctx: Context, click: Click, modal: Modal) -> Done:
    """Draw the plan in the place of the one that was clicked."""

    async def show() -> None:
        if click.view_id:
            await ctx.gateway.update_view(click.view_id, modal.payload())
        else:
            await ctx.open(click.trigger_id, modal)

    return Done(after=show)


async def ask(ctx: Context, click: Click) -> Done:
    """Tell the owners that the person would like to talk."""
    _, about = await ctx.database.write(
        talk_wishes.ask,
        click.actor,
        number(click.value),
        LIKES_TO_TALK,
        click.key,
        ctx.clock.now(),
    )
    message = list_views.asked(about.name, people_views.owners(about))
    return talk_lists.answered(ctx, click, message)


# --- the invitation ------------------------------------------------------------------------------


async def accept(ctx: Context, click: Click) -> Done:
    """Agree on the time that was tapped, unless it is taken."""
    talk_id, moment = _talk_and_time(click.value)
    at = talk_lists.where(click)
    result = await ctx.database.write(
        conversations.accept, click.actor, talk_id, moment, ctx.clock.now(), at.in_list
    )
    ctx.wake_sender()
    if at.in_list:
        answer = views.TAKEN if isinstance(result, Offer) else ""
        return Done(after=lambda: talk_lists.redraw(ctx, click.actor, at, answer))
    return talk_lists.answered(ctx, click, _drawn(result))


async def other_times(ctx: Context, click: Click) -> Done:
    """Open the form with more times; it carries where to redraw the offer."""
    one = await ctx.database.read(
        conversations.own_offer, click.actor, number(click.value), ctx.clock.now()
    )
    form = views.times_form(one, Form.TALK_TIMES, talk_lists.where(click).written())
    return Done(after=lambda: ctx.open_above(click, form))


async def accept_other(ctx: Context, submission: Submission) -> Done:
    """Agree on the time that was chosen, unless it is taken."""
    talk_id, moment = _talk_and_time(submission.fields.text(views.TIME))
    at = talk_lists.read_where(submission)
    result = await ctx.database.write(
        conversations.accept, submission.actor, talk_id, moment, ctx.clock.now(), at.in_list
    )
    if isinstance(result, Offer):
        return update(views.times_form(result, Form.TALK_TIMES, submission.metadata))
    ctx.wake_sender()
    if at.in_list:
        return Done(after=lambda: talk_lists.redraw(ctx, submission.actor, at))
    message = views.card(result)

    async def show() -> None:
        await ctx.tell(at.address, message, replace_original=True)
        await talk_lists.hand_over(ctx, at.address.channel_id, message)

    return Done(after=show)


async def by_message(ctx: Context, click: Click) -> Done:
    """Rather write than talk: say so, and open the form to write."""
    one = await _answer(ctx, click, Event.BY_MESSAGE)
    form = await ctx.database.read(inputs.form, click.actor, one.initiative.id)
    shown = talk_lists.answered(ctx, click, views.offer(one))

    async def show() -> None:
        await ctx.open_above(click, input_views.tell_form(form))
        if shown.after:
            await shown.after()

    return Done(after=show)


async def not_now(ctx: Context, click: Click) -> Done:
    """Not now."""
    return talk_lists.answered(ctx, click, views.offer(await _answer(ctx, click, Event.NOT_NOW)))


async def no_thanks(ctx: Context, click: Click) -> Done:
    """No, thanks."""
    return talk_lists.answered(ctx, click, views.offer(await _answer(ctx, click, Event.DECLINED)))


async def _answer(ctx: Context, click: Click, said: Event) -> Offer:
    return await ctx.database.write(
        conversations.answer, click.actor, number(click.value), said, ctx.clock.now()
    )


# --- an agreed talk ------------------------------------------------------------------------------


async def move_form(ctx: Context, click: Click) -> Done:
    """Open the form to move an agreed talk."""
    at = talk_lists.where(click)
    card, one = await ctx.database.read(
        conversations.move_form, click.actor, number(click.value), ctx.clock.now()
    )
    return Done(after=lambda: ctx.open_above(click, views.move_form(card, one, at.written())))


async def move(ctx: Context, submission: Submission) -> Done:
    """Move an agreed talk, unless the new time is taken; both sides get a new card."""
    talk_id, moment = _talk_and_time(submission.fields.text(views.TIME))
    at, now = talk_lists.read_where(submission), ctx.clock.now()
    result = await ctx.database.write(conversations.move, submission.actor, talk_id, moment, now)
    if isinstance(result, Offer):
        card, _ = await ctx.database.read(conversations.move_form, submission.actor, talk_id, now)
        return update(views.move_form(card, result, submission.metadata))
    ctx.wake_sender()
    done = update(views.moved(result))
    if at.in_list:
        return replace(done, after=lambda: talk_lists.redraw(ctx, submission.actor, at))
    return done


async def cancel(ctx: Context, click: Click) -> Done:
    """Call an agreed talk off; the other side is told."""
    card = await ctx.database.write(
        conversations.cancel, click.actor, number(click.value), ctx.clock.now()
    )
    ctx.wake_sender()
    return talk_lists.answered(ctx, click, views.card(card))


# --- ids that buttons and forms carry ------------------------------------------------------------


def _drawn(result: Offer | Card) -> Message:
    return views.offer(result) if isinstance(result, Offer) else views.card(result)


def _talk_and_time(value: str) -> tuple[int, datetime]:
    talk_id, _, seconds = value.partition(":")
    moment = number(seconds)
    if moment > LATEST:
        raise Refused(BROKEN)
    return number(talk_id), datetime.fromtimestamp(moment, UTC)
