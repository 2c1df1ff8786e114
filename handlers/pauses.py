"""What owners answer when asking stopped."""

from bot.domain.pauses import Answer
from bot.services import asking
from bot.views import pauses as views
from bot.views.ids import Act
from handlers.context import Context, Done
from handlers.payloads import Click
from handlers.router import Router
from handlers.values import number


def register(router: Router) -> None:
    """Enter this subject's clicks."""
    router.click(Act.PAUSE_TALK, talk)
    router.click(Act.PAUSE_OTHER, other)
    router.click(Act.PAUSE_OFF, off)


async def talk(ctx: Context, click: Click) -> Done:
    """The owner will talk with them."""
    return await _answer(ctx, click, Answer.TALK)


async def other(ctx: Context, click: Click) -> Done:
    """Somebody else will."""
    return await _answer(ctx, click, Answer.OTHER)


async def off(ctx: Context, click: Click) -> Done:
    """Off the list."""
    return await _answer(ctx, click, Answer.OFF)


async def _answer(ctx: Context, click: Click, said: Answer) -> Done:
    done = await ctx.database.write(
        asking.answer, click.actor, number(click.value), said, ctx.clock.now()
    )
    ctx.wake_sender()
    message = views.answered(done)
    return Done(after=lambda: ctx.reply(click, message))
