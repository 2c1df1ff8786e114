"""Drawing a check-in again from the store, after the ack: one redraw at a time per message."""

import asyncio
import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

import structlog

from bot.domain.pulses import CheckIn
from bot.errors import BuyinError, SlackFailure, SlackInDoubt, SlackRetryLater
from bot.services import followups, pulses
from bot.views import notices
from bot.views import pulses as views
from bot.views.kit import Message
from bot.views.pulses import PLAIN, Shape
from handlers import home
from handlers.context import Context
from handlers.payloads import Address, Click
from handlers.router import Router

log = structlog.get_logger()

AGAIN = 2
"""How often one click draws again because something else moved the ask meanwhile."""


Place = tuple[str | None, str | None, str | None]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A message to draw again: where it was clicked, and how it is unfolded."""

    ask_id: int
    click: Click
    shape: Shape = PLAIN
    again: int = AGAIN

    @property
    def place(self) -> Place:
        """What tells messages, and dialogs above the App Home, apart."""
        return self.click.channel_id, self.click.message_ts, self.click.view_id

    @property
    def ts(self) -> str | None:
        """The message in the store, None for one that only the person sees."""
        return None if self.click.is_ephemeral else self.click.message_ts


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a check-in stands that a form was opened from; `view_id` is of a dialog."""

    ask_id: int
    address: Address
    view_id: str = ""

    @property
    def ts(self) -> str | None:
        """The message in the store, None for one that only the person sees."""
        return self.address.message_ts or None

    def written(self) -> list[str]:
        """Return what a form carries, for `read_standing`."""
        at = self.address
        return [str(self.ask_id), at.channel_id, at.response_url, at.message_ts, self.view_id]


def standing(ask_id: int, click: Click) -> Standing:
    """Return where the check-in stands that was clicked."""
    return Standing(ask_id, click.address, click.view_id or "")


def read_standing(slack_user_id: str, carried: Sequence[str]) -> Standing:
    """Return what `Standing.written` wrote for this person.

    Raises:
        ValueError: if it is something else.
    """
    ask_id, channel_id, response_url, ts, view_id = carried
    address = Address(slack_user_id, channel_id, response_url, ts)
    return Standing(int(ask_id), address, view_id)


@dataclass(slots=True)
class Redraws:
    """What is being drawn, and what has to be drawn next, by message."""

    _next: dict[Place, Wanted] = field(default_factory=dict)
    _busy: set[Place] = field(default_factory=set)
    _reading: asyncio.Lock = field(default_factory=asyncio.Lock)
    """One check-in is read at a time: with several, taps would wait for their ack behind them."""

    async def draw(self, ctx: Context, wanted: Wanted) -> None:
        """Draw the message, or leave it to the one who is drawing it right now.

        Only the newest wish counts: what it draws is read after every tap before it.
        """
        self._next[wanted.place] = wanted
        if wanted.place in self._busy:
            return
        self._busy.add(wanted.place)
        try:
            while wanted.place in self._next:
                await self._draw_or_go_on(ctx, wanted.place)
        finally:
            self._busy.discard(wanted.place)

    async def draw_after_form(self, ctx: Context, at: Standing) -> None:
        """Draw the check-in again where a form was opened from."""
        now = ctx.clock.now()
        drawn = await ctx.database.read(pulses.drawn, at.ask_id, at.ts, now)
        if drawn.elsewhere and not drawn.check_in.closed:
            await ctx.database.write(pulses.show_elsewhere, at.ask_id, now)
        message = views.check_in(drawn.check_in)
        try:
            if at.view_id:
                await ctx.gateway.update_view(at.view_id, notices.dialog(message).payload())
            else:
                await ctx.tell(at.address, message, replace_original=True)
        except (SlackFailure, SlackInDoubt, SlackRetryLater) as error:
            log.warning("redraw_failed", ask=at.ask_id, error=str(error))

    async def _draw_or_go_on(self, ctx: Context, place: Place) -> None:
        try:
            await self._draw(ctx, place)
        except Exception as error:
            if place not in self._next:
                raise
            # whoever placed the newer wish has left it to this loop
            known = isinstance(error, BuyinError)
            log.warning("redraw_failed", error=str(error), exc_info=None if known else error)

    async def _draw(self, ctx: Context, place: Place) -> None:
        async with self._reading:
            wanted = self._next.pop(place)
            now = ctx.clock.now()
            drawn = await ctx.database.read(pulses.drawn, wanted.ask_id, wanted.ts, now)
        if drawn.check_in.asks_anew:
            await ctx.database.write(followups.shown, drawn.check_in, now)
        if drawn.elsewhere and not drawn.check_in.closed:
            await ctx.database.write(pulses.show_elsewhere, wanted.ask_id, now)
        await replace(ctx, wanted.click, drawn.check_in, wanted.shape)
        revision = await ctx.database.read(pulses.revision, wanted.ask_id)
        if revision != drawn.check_in.revision and wanted.again:
            again = dataclasses.replace(wanted, again=wanted.again - 1)
            self._next.setdefault(place, again)


_OF_ROUTER: WeakKeyDictionary[Router, Redraws] = WeakKeyDictionary()


def of(router: Router) -> Redraws:
    """Return what draws check-ins behind a router: one, whichever subject wants them drawn."""
    return _OF_ROUTER.setdefault(router, Redraws())


async def replace(ctx: Context, click: Click, check_in: CheckIn, shape: Shape = PLAIN) -> None:
    """Put the check-in in the place of the message that was clicked."""
    message = views.check_in(check_in, shape)
    try:
        if click.view_id:
            view = notices.dialog(message).payload()
            await ctx.gateway.update_view(click.view_id, view)
            await home.redraw(ctx, click.actor)
        else:
            await _replace_message(ctx, click, message)
    except (SlackFailure, SlackInDoubt, SlackRetryLater) as error:
        log.warning("redraw_failed", ask=check_in.ask_id, error=str(error))


async def _replace_message(ctx: Context, click: Click, message: Message) -> None:
    """Answer at the click's own address; without one that works, edit the message itself."""
    words = message.text, list(message.blocks)
    kind = "ephemeral" if click.is_ephemeral else "in_channel"
    here = click.address
    try:
        if here.response_url:
            await ctx.gateway.respond(
                here.response_url, *words, replace_original=True, response_type=kind
            )
            return
    except (SlackFailure, SlackInDoubt, SlackRetryLater) as error:
        if not here.message_ts:
            raise
        log.info("response_url_failed", error=str(error))
    await ctx.tell(dataclasses.replace(here, response_url=""), message, replace_original=True)
