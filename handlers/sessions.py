"""Group sessions: inviting people who took steps, and what they answer."""

from bot.services import session_plans, sessions
from bot.views import conversations as views
from bot.views import talk_plans as plan_views
from bot.views.ids import Act, Form
from handlers import talk_lists
from handlers.context import Context, Done, update
from handlers.payloads import Click, Submission
from handlers.router import Router
from handlers.values import number


def register(router: Router) -> None:
    """Enter this subject's clicks and modal."""
    router.click(Act.SESSION_PLAN, plan)
    router.submission(Form.SESSION_INVITE, invite)
    router.click(Act.SESSION_YES, answer)
    router.click(Act.SESSION_NO, answer)
    router.click(Act.SESSION_CANCEL, cancel)


async def plan(ctx: Context, click: Click) -> Done:
    """Show an owner who would be invited together, and to when."""
    form = await ctx.database.read(
        session_plans.form, click.actor, number(click.value), ctx.clock.now()
    )
    return Done(after=lambda: ctx.open_above(click, plan_views.session_form(form)))


async def invite(ctx: Context, submission: Submission) -> Done:
    """Invite them."""
    told = await ctx.database.write(
        session_plans.invite,
        submission.actor,
        number(submission.metadata),
        submission.key,
        ctx.clock.now(),
    )
    return update(plan_views.session_invited(told))


async def answer(ctx: Context, click: Click) -> Done:
    """Take whether somebody comes."""
    comes, listed = click.action_id == Act.SESSION_YES, talk_lists.where(click).in_list
    card = await ctx.database.write(
        sessions.answer, click.actor, number(click.value), comes, ctx.clock.now(), listed
    )
    ctx.wake_sender()
    return talk_lists.answered(ctx, click, views.session(card))


async def cancel(ctx: Context, click: Click) -> Done:
    """Call a session off; those who come are told."""
    card = await ctx.database.write(
        sessions.cancel, click.actor, number(click.value), ctx.clock.now()
    )
    ctx.wake_sender()
    return talk_lists.answered(ctx, click, views.card(card))
