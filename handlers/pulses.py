"""Check-ins: `/buyin`, taps, and what stands under `More`; rounds started by hand."""

from collections.abc import Callable
from datetime import datetime

from bot.domain.people import Actor
from bot.domain.pulses import (
    EXPLAIN,
    KNOW,
    LABELS,
    TAKEN,
    CheckIn,
    Choice,
    EndReason,
    Explain,
    Question,
    Recorded,
    TapStatus,
)
from bot.errors import Refused
from bot.services import less, pulses, rounds, talk_wishes
from bot.views import notices, talk_lines
from bot.views import people as people_views
from bot.views import pulses as views
from bot.views import rounds as rounds_views
from bot.views.ids import Act
from bot.views.kit import Message
from bot.views.pulses import Shape
from handlers import redraw
from handlers.context import Context, Done
from handlers.payloads import Click, Command
from handlers.redraw import Redraws, Wanted
from handlers.router import Handler, Router
from handlers.values import number
from storage.database import Tx

CHOICES = {
    **{
        f"{question}:{place}": Choice(question.value, place)
        for question in Question
        for place in range(1, len(LABELS[question]) + 1)
    },
    f"{Question.EFFORT}:{Recorded.NOTHING_NEEDED}": Choice(
        Question.EFFORT.value, None, Recorded.NOTHING_NEEDED.value
    ),
    f"{KNOW}:{Recorded.DONT_KNOW}": Choice(KNOW, None, Recorded.DONT_KNOW.value),
    **{f"{EXPLAIN}:{each}": Choice(EXPLAIN, None, each.value) for each in Explain},
}
"""What the argument of an answer's action id says."""

Wish = Callable[[Tx, Actor, int, datetime], CheckIn]


def register(router: Router) -> None:
    """Enter this subject's commands and clicks."""
    taps = Taps(redraw.of(router))
    router.command("", open_mine)
    router.command("ask", ask_now)
    router.click(Act.PULSE_ANSWER, taps.answer)
    router.click(Act.PULSE_CHANGE, taps.change)
    router.click(Act.PULSE_MORE, taps.unfolded(Shape(more=True)))
    for plain in (Act.PULSE_LESS, Act.PULSE_OPEN):
        router.click(plain, taps.unfolded(Shape()))
    router.click(Act.PULSE_NOT_TODAY, taps.unfolded(Shape(not_today=True)))
    router.click(Act.PULSE_ONE_MORE, taps.one_more)
    router.click(Act.PULSE_NOT_NOW, taps.not_now)
    router.click(Act.PULSE_SKIP, taps.skip)
    router.click(Act.PULSE_AFTER_ALL, taps.wish(pulses.answer_after_all))
    router.click(Act.PULSE_NOT_MY_TOPIC, taps.wish(pulses.not_my_topic))
    router.click(Act.PULSE_STOP, taps.stop)
    router.click(Act.PULSE_ASK_NOW, ask_now_clicked)
    router.click(Act.HOME_ANSWER, open_from_home)


async def open_mine(ctx: Context, command: Command) -> Done:
    """Show privately what is open for the person."""
    message = await mine(ctx, command.actor)
    return Done(after=lambda: ctx.tell(command.address, message))


async def mine(ctx: Context, actor: Actor, initiative_id: int | None = None) -> Message:
    """Return the check-in that is open for `actor`, started if need be, or what comes next."""
    begun = await ctx.database.write(pulses.begin, actor, ctx.clock.now(), initiative_id)
    return views.check_in(begun.check_in) if begun.check_in else rounds_views.nothing_open(begun)


async def ask_now(ctx: Context, command: Command) -> Done:
    """Start a round of an initiative that the person leads."""
    asked = await ctx.database.write(
        rounds.ask_now_by_name, command.actor, command.rest, command.key, ctx.clock.now()
    )
    message = rounds_views.asked_now(asked)
    return Done(after=lambda: ctx.tell(command.address, message))


async def ask_now_clicked(ctx: Context, click: Click) -> Done:
    """Start a round of the initiative that the button names."""
    asked = await ctx.database.write(
        rounds.ask_now, click.actor, number(click.value), click.key, ctx.clock.now()
    )
    message = rounds_views.asked_now(asked)
    return Done(after=lambda: ctx.reply(click, message))


async def open_from_home(ctx: Context, click: Click) -> Done:
    """Show the check-in of an initiative in a dialog above the App Home."""
    message = await mine(ctx, click.actor, number(click.value))
    return Done(after=lambda: ctx.reply(click, message))


class Taps:
    """Clicks on a check-in, which is drawn again after each."""

    def __init__(self, redraws: Redraws) -> None:
        self._redraws = redraws

    async def answer(self, ctx: Context, click: Click) -> Done:
        """Save one tap."""
        given = CHOICES.get(click.argument)
        if given is None:
            raise Refused(notices.UNKNOWN)
        tapped = await ctx.database.write(
            pulses.tap, click.actor, number(click.value), given, click.key, ctx.clock.now()
        )
        if tapped.status in TAKEN:
            return self._redrawn(ctx, click, tapped.ask_id)
        return Done(after=lambda: self._not_taken(ctx, click, tapped.ask_id, tapped.status))

    async def change(self, ctx: Context, click: Click) -> Done:
        """Bring the five buttons of one question back."""
        if click.argument not in list(Question):
            raise Refused(notices.UNKNOWN)
        shape = Shape(changing=Question(click.argument))
        return await self.unfolded(shape)(ctx, click) or Done()

    def unfolded(self, shape: Shape) -> Handler[Click]:
        """Return the handler that draws the check-in unfolded as `shape` says."""

        async def draw(ctx: Context, click: Click) -> Done:
            ask_id = number(click.value)
            await ctx.database.read(pulses.owned, click.actor, ask_id)
            return self._redrawn(ctx, click, ask_id, shape)

        return draw

    async def one_more(self, ctx: Context, click: Click) -> Done:
        """Show the check-in of another initiative privately, and end the offer."""
        ask_id, _, initiative_id = click.value.partition(":")
        await ctx.database.read(pulses.owned, click.actor, number(ask_id))
        message = await mine(ctx, click.actor, number(initiative_id))

        async def show() -> None:
            await ctx.reply(click, message)
            await self._draw(ctx, click, number(ask_id), Shape(not_today=True))

        return Done(after=show)

    async def not_now(self, ctx: Context, click: Click) -> Done:
        """Pause this initiative for as many days as the button says."""
        days = number(click.argument)

        def pause(tx: Tx, actor: Actor, ask_id: int, now: datetime) -> CheckIn:
            return pulses.not_now(tx, actor, ask_id, days, now)

        return await self._paused(ctx, click, pause)

    async def skip(self, ctx: Context, click: Click) -> Done:
        """Pause this initiative until the round closes."""
        return await self._paused(ctx, click, pulses.skip_round)

    async def _paused(self, ctx: Context, click: Click, wish: Wish) -> Done:
        """Pause, and say of talks agreed on that they stay."""
        ask_id, now = number(click.value), ctx.clock.now()
        one = await ctx.database.write(wish, click.actor, ask_id, now)
        talks = await ctx.database.read(talk_wishes.agreed, click.actor, now, one.initiative.id)

        async def show() -> None:
            await self._draw(ctx, click, ask_id)
            if talks:
                words = talk_lines.kept(talks, one.person.tz).strip()
                await ctx.reply(click, notices.refused(words))

        return Done(after=show)

    def wish(self, wish: Wish) -> Handler[Click]:
        """Return the handler that grants `wish` and draws the check-in again."""

        async def grant(ctx: Context, click: Click) -> Done:
            return await self._wished(ctx, click, wish)

        return grant

    async def stop(self, ctx: Context, click: Click) -> Done:
        """No messages any more; said even where the check-in had ended before."""
        ask_id = number(click.value)
        stopped, talks = await ctx.database.write(
            less.stop_from, click.actor, ask_id, ctx.clock.now()
        )
        ctx.wake_sender()
        off = talk_lines.off_too(talks, stopped.person.tz)

        async def show() -> None:
            await self._draw(ctx, click, ask_id)
            if off or stopped.end_reason is not EndReason.STOPPED:
                await ctx.reply(click, notices.refused(people_views.STOPPED + off))

        return Done(after=show)

    async def _wished(self, ctx: Context, click: Click, wish: Wish) -> Done:
        ask_id = number(click.value)
        await ctx.database.write(wish, click.actor, ask_id, ctx.clock.now())
        return self._redrawn(ctx, click, ask_id)

    async def _not_taken(self, ctx: Context, click: Click, ask_id: int, status: TapStatus) -> None:
        if status in (TapStatus.CLOSED, TapStatus.ENDED):
            await self._draw(ctx, click, ask_id)
        await ctx.reply(click, views.refused(status))

    def _redrawn(self, ctx: Context, click: Click, ask_id: int, shape: Shape = views.PLAIN) -> Done:
        return Done(after=lambda: self._draw(ctx, click, ask_id, shape))

    async def _draw(
        self, ctx: Context, click: Click, ask_id: int, shape: Shape = views.PLAIN
    ) -> None:
        await self._redraws.draw(ctx, Wanted(ask_id, click, shape))
