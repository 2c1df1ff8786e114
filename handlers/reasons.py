"""*Why me?* below every message, and the ways to get less."""

from datetime import date

from bot.domain.calendars import local_date
from bot.domain.initiatives import Stakeholder
from bot.domain.outbox import Kind
from bot.domain.people import Choice
from bot.errors import Refused
from bot.services import less, reasons, talk_wishes
from bot.views import reasons as views
from bot.views import talk_lines
from bot.views.ids import Act
from bot.views.kit import Message
from handlers.context import Context, Done
from handlers.payloads import Click
from handlers.router import Router
from handlers.values import BROKEN, number


def register(router: Router) -> None:
    """Enter this subject's clicks."""
    router.click(Act.WHY, why)
    router.click(Act.PULSE_WHY, why_check_in)
    router.click(Act.PLACE_FEWER, fewer)
    router.click(Act.PLACE_USUAL, usual)
    router.click(Act.PLACE_PAUSE, pause)
    router.click(Act.PLACE_STOP, stop)
    router.click(Act.PLACE_TALK, talk)


async def why(ctx: Context, click: Click) -> Done:
    """Say privately why the person got a message."""
    kind, _, subject = click.value.partition(":")
    if kind not in list(Kind):
        raise Refused(BROKEN)
    return await _why(ctx, click, Kind(kind), number(subject))


async def why_check_in(ctx: Context, click: Click) -> Done:
    """Say privately why the person is asked."""
    return await _why(ctx, click, Kind.ASK, number(click.value))


async def fewer(ctx: Context, click: Click) -> Done:
    """Fewer messages about this initiative."""
    own, about = await ctx.database.write(
        less.choose, click.actor, number(click.value), Choice.FEWER, ctx.clock.now()
    )
    return _answer(ctx, click, views.fewer(about, own.id))


async def usual(ctx: Context, click: Click) -> Done:
    """As often as before."""
    _, about = await ctx.database.write(
        less.choose, click.actor, number(click.value), Choice.USUAL, ctx.clock.now()
    )
    return _answer(ctx, click, views.usual(about))


async def pause(ctx: Context, click: Click) -> Done:
    """Nothing about this initiative for a while."""
    now = ctx.clock.now()
    own, about = await ctx.database.write(less.pause, click.actor, number(click.value), now)
    talks = await ctx.database.read(talk_wishes.agreed, click.actor, now, about.id)
    kept = talk_lines.kept(talks, own.person.tz)
    return _answer(ctx, click, views.paused(about, own.id, _until(own), kept))


async def stop(ctx: Context, click: Click) -> Done:
    """Nothing about this initiative any more."""
    own, about, talks = await ctx.database.write(
        less.stop, click.actor, number(click.value), ctx.clock.now()
    )
    off = talk_lines.off_too(talks, own.person.tz)
    return _answer(ctx, click, views.stopped(about, own.id, off))


async def talk(ctx: Context, click: Click) -> Done:
    """Tell the owners that the person would rather talk."""
    now = ctx.clock.now()
    own, about = await ctx.database.write(
        less.talk_instead, click.actor, number(click.value), click.key, now
    )
    talks = await ctx.database.read(talk_wishes.agreed, click.actor, now, about.id)
    if talks:  # nobody was told anything: they talk anyway
        kept = talk_lines.kept(talks, own.person.tz)
        return _answer(ctx, click, views.paused(about, own.id, _until(own), kept))
    return _answer(ctx, click, views.talk(about, own.id, _until(own)))


async def _why(ctx: Context, click: Click, kind: Kind, subject_id: int) -> Done:
    about = await ctx.database.read(reasons.why, click.actor, kind, subject_id, ctx.clock.now())
    message = views.why(about)
    return Done(after=lambda: ctx.reply(click, message))


def _until(own: Stakeholder) -> date:
    if own.snoozed_until is None:
        raise Refused(BROKEN)
    return local_date(own.snoozed_until, own.person.tz)


def _answer(ctx: Context, click: Click, message: Message) -> Done:
    """Answer in place of what only the person sees, or of a note with nothing else in it."""
    ctx.wake_sender()
    replaces = click.is_ephemeral or click.block_id.startswith("pause.")
    return Done(after=lambda: ctx.reply(click, message, replace_original=replaces))
