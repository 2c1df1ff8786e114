"""Talks: offering one, answering, moving, calling off, and saying how it went."""

import json
from datetime import UTC, datetime
from typing import cast

from bot.domain.commitments import DATE_FIELD
from bot.domain.commitments import WORDS_FIELD as STEP_FIELD
from bot.domain.conversations import LIKES_TO_TALK, Card, Event, Offer
from bot.errors import Refused
from bot.services import (
    conversations,
    inputs,
    talk_calls,
    talk_notes,
    talk_plans,
    talk_sponsors,
    talk_wishes,
)
from bot.views import conversations as views
from bot.views import inputs as input_views
from bot.views import people as people_views
from bot.views import talk_notes as note_views
from bot.views import talk_plans as plan_views
from bot.views.ids import Act, Form
from bot.views.kit import Message, Modal
from handlers.context import Context, Done, update
from handlers.payloads import Address, Click, Command, Submission
from handlers.router import Router
from handlers.values import BROKEN, number

HOW = {
    Act.TALK_MET: Event.MET,
    Act.TALK_BOOKED: Event.BOOKED,
    Act.TALK_COULD_NOT: Event.COULD_NOT,
    Act.TALK_DONT_WANT: Event.DONT_WANT,
}
LATEST = 10**11
"""Seconds since 1970 that a button may name: the year 5138."""


def register(router: Router) -> None:
    """Enter this subject's command, clicks and modals."""
    router.command("talks", mine)
    router.click(Act.TALK_MINE, mine_dialog)
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
    for action_id in HOW:
        router.click(action_id, tell_how)
    router.click(Act.TALK_LEARNED, learned_form)
    router.submission(Form.TALK_LEARNED, learned)
    router.click(Act.TALK_CORRECT, correct_form)
    router.submission(Form.TALK_CORRECT, correct)


# --- planning ------------------------------------------------------------------------------------


async def mine(ctx: Context, command: Command) -> Done:
    """Show the person's own talks, and whom they can ask for one."""
    about = await ctx.read_own(talk_wishes.mine, command.actor)
    return Done(after=lambda: ctx.tell(command.address, plan_views.mine(about)))


async def mine_dialog(ctx: Context, click: Click) -> Done:
    """Show the same from the Home."""
    about = await ctx.read_own(talk_wishes.mine, click.actor)
    return Done(after=lambda: ctx.reply(click, plan_views.mine(about)))


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
    return _redrawn(ctx, click, views.host_asked(one))


async def withdraw(ctx: Context, click: Click) -> Done:
    """Take an offer back, and show the plan as it is then."""
    about = await ctx.database.write(
        talk_plans.withdraw, click.actor, number(click.value), ctx.clock.now()
    )
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
    message = plan_views.asked(about.name, people_views.owners(about))
    return Done(after=lambda: ctx.reply(click, message))


# --- the invitation ------------------------------------------------------------------------------


async def accept(ctx: Context, click: Click) -> Done:
    """Agree on the time that was tapped, unless it is taken."""
    talk_id, moment = _talk_and_time(click.value)
    result = await ctx.database.write(
        conversations.accept, click.actor, talk_id, moment, ctx.clock.now()
    )
    ctx.wake_sender()
    return Done(after=lambda: _show(ctx, click, _drawn(result)))


async def _show(ctx: Context, click: Click, message: Message) -> None:
    """Draw the message again, with its calendar file."""
    await ctx.reply(click, message, replace_original=True)
    if not click.is_ephemeral:
        await _hand_over(ctx, click.channel_id, message)


async def _hand_over(ctx: Context, channel_id: str | None, message: Message) -> None:
    """Hand over the calendar file of a talk where only the person sees it."""
    if message.meeting and channel_id and channel_id.startswith("D"):
        await ctx.invites.share(ctx.gateway, channel_id, message.meeting)


async def other_times(ctx: Context, click: Click) -> Done:
    """Open the form with more times; it carries where to redraw the offer."""
    one = await ctx.database.read(
        conversations.own_offer, click.actor, number(click.value), ctx.clock.now()
    )
    form = views.times_form(one, Form.TALK_TIMES, _carrying(one.talk.id, click.address))
    return Done(after=lambda: ctx.open_above(click, form))


async def accept_other(ctx: Context, submission: Submission) -> Done:
    """Agree on the time that was chosen, unless it is taken."""
    talk_id, moment = _talk_and_time(submission.fields.text(views.TIME))
    address = _carried(submission)
    result = await ctx.database.write(
        conversations.accept, submission.actor, talk_id, moment, ctx.clock.now()
    )
    if isinstance(result, Offer):
        return update(views.times_form(result, Form.TALK_TIMES, submission.metadata))
    ctx.wake_sender()
    message = views.card(result)

    async def show() -> None:
        await ctx.tell(address, message, replace_original=True)
        await _hand_over(ctx, address.channel_id, message)

    return Done(after=show)


async def by_message(ctx: Context, click: Click) -> Done:
    """Rather write than talk: say so, and open the form to write."""
    one = await _answer(ctx, click, Event.BY_MESSAGE)
    form = await ctx.database.read(inputs.form, click.actor, one.initiative.id)
    message = views.offer(one)

    async def show() -> None:
        await ctx.open_above(click, input_views.tell_form(form))
        await ctx.reply(click, message, replace_original=True)

    return Done(after=show)


async def not_now(ctx: Context, click: Click) -> Done:
    """Not now."""
    return _redrawn(ctx, click, views.offer(await _answer(ctx, click, Event.NOT_NOW)))


async def no_thanks(ctx: Context, click: Click) -> Done:
    """No, thanks."""
    return _redrawn(ctx, click, views.offer(await _answer(ctx, click, Event.DECLINED)))


async def _answer(ctx: Context, click: Click, said: Event) -> Offer:
    return await ctx.database.write(
        conversations.answer, click.actor, number(click.value), said, ctx.clock.now()
    )


# --- an agreed talk ------------------------------------------------------------------------------


async def move_form(ctx: Context, click: Click) -> Done:
    """Open the form to move an agreed talk."""
    card, one = await ctx.database.read(
        conversations.move_form, click.actor, number(click.value), ctx.clock.now()
    )
    return Done(after=lambda: ctx.open_above(click, views.move_form(card, one)))


async def move(ctx: Context, submission: Submission) -> Done:
    """Move an agreed talk, unless the new time is taken; both sides get a new card."""
    talk_id, moment = _talk_and_time(submission.fields.text(views.TIME))
    now = ctx.clock.now()
    result = await ctx.database.write(conversations.move, submission.actor, talk_id, moment, now)
    if isinstance(result, Offer):
        card, _ = await ctx.database.read(conversations.move_form, submission.actor, talk_id, now)
        return update(views.move_form(card, result))
    ctx.wake_sender()
    return update(views.moved(result))


async def cancel(ctx: Context, click: Click) -> Done:
    """Call an agreed talk off; the other side is told."""
    card = await ctx.database.write(
        conversations.cancel, click.actor, number(click.value), ctx.clock.now()
    )
    ctx.wake_sender()
    return _redrawn(ctx, click, views.card(card))


# --- afterwards ----------------------------------------------------------------------------------


async def tell_how(ctx: Context, click: Click) -> Done:
    """Save how it went, and say so in place of the buttons."""
    card = await ctx.database.write(
        talk_notes.tell_how,
        click.actor,
        number(click.value),
        HOW[click.action_id],
        ctx.clock.now(),
    )
    return _redrawn(ctx, click, note_views.told_how(card))


async def learned_form(ctx: Context, click: Click) -> Done:
    """Open the form for what was learned."""
    form = await ctx.database.read(
        talk_notes.learned_form, click.actor, number(click.value), ctx.clock.now()
    )
    return Done(after=lambda: ctx.open_above(click, note_views.learned_form(form)))


async def learned(ctx: Context, submission: Submission) -> Done:
    """Keep what was learned."""
    fields = submission.fields
    about = fields.text(note_views.ABOUT)
    form = await ctx.database.write(
        talk_notes.note,
        submission.actor,
        number(submission.metadata),
        fields.text(note_views.WORDS),
        fields.text(note_views.BARRIER),
        (fields.text(STEP_FIELD), fields.date(DATE_FIELD)),
        submission.key,
        ctx.clock.now(),
        "" if about == note_views.EVERYBODY else about,
    )
    return update(note_views.learned(form))


async def correct_form(ctx: Context, click: Click) -> Done:
    """Open the form to put a note right."""
    talk_id, alone = _talk_and_whom(click.value)
    card, note = await ctx.database.read(
        talk_notes.correct_form, click.actor, talk_id, ctx.clock.now(), alone
    )
    return Done(after=lambda: ctx.open_above(click, note_views.correct_form(card, note)))


async def correct(ctx: Context, submission: Submission) -> Done:
    """Keep what somebody puts right about a note."""
    talk_id, alone = _talk_and_whom(submission.metadata)
    card = await ctx.database.write(
        talk_notes.correct,
        submission.actor,
        talk_id,
        submission.fields.text(note_views.WORDS),
        submission.key,
        ctx.clock.now(),
        alone,
    )
    return update(note_views.corrected(card))


# --- ids that buttons and forms carry ------------------------------------------------------------


def _drawn(result: Offer | Card) -> Message:
    return views.offer(result) if isinstance(result, Offer) else views.card(result)


def _redrawn(ctx: Context, click: Click, message: Message) -> Done:
    return Done(after=lambda: ctx.reply(click, message, replace_original=True))


def _talk_and_time(value: str) -> tuple[int, datetime]:
    talk_id, _, seconds = value.partition(":")
    moment = number(seconds)
    if moment > LATEST:
        raise Refused(BROKEN)
    return number(talk_id), datetime.fromtimestamp(moment, UTC)


def _talk_and_whom(value: str) -> tuple[int, bool]:
    """Return which talk a note is about, and whether it is about one of many alone."""
    talk_id, _, whom = value.partition(":")
    return number(talk_id), whom == note_views.ALONE


def _carrying(talk_id: int, at: Address) -> str:
    return json.dumps([talk_id, at.channel_id, at.response_url, at.message_ts])


def _carried(form: Submission) -> Address:
    """Return the address to redraw an offer at."""
    try:
        _, channel_id, response_url, ts = cast(list[str], json.loads(form.metadata))
    except (ValueError, TypeError) as error:
        raise Refused(BROKEN) from error
    return Address(form.actor.slack_user_id, channel_id, response_url, ts)
