"""Drawing a check-in again: a drawing that breaks keeps no newer wish from being drawn."""

import asyncio
from datetime import datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.clock import MovedClock
from bot.domain.pulses import CheckIn, Drawn
from bot.errors import BuyinError, DatabaseUnavailable, Refused
from bot.gateway import Gateway
from bot.services import pulses
from handlers import redraw
from handlers.context import Context
from handlers.payloads import Click
from handlers.redraw import Redraws, Wanted
from storage.database import Database, Tx
from tests.world import MONDAY

CLICK = cast(
    Click, SimpleNamespace(channel_id="D1", message_ts="1.0", view_id=None, is_ephemeral=False)
)


@pytest.mark.parametrize("broken", [Refused("gone"), DatabaseUnavailable("down")])
async def test_a_newer_wish_is_drawn_though_the_one_before_broke(
    database: Database, monkeypatch: pytest.MonkeyPatch, broken: BuyinError
) -> None:
    drawn: list[int] = []

    def read(_: Tx, ask_id: int, ts: str | None, now: datetime) -> Drawn:
        if ask_id == 1:
            raise broken
        return Drawn(
            cast(CheckIn, SimpleNamespace(ask_id=ask_id, revision=0, asks_anew=False)),
            elsewhere=False,
        )

    async def replace(_: Context, __: Click, check_in: CheckIn, *___: Any) -> None:
        drawn.append(check_in.ask_id)

    monkeypatch.setattr(pulses, "drawn", read)
    monkeypatch.setattr(pulses, "revision", lambda *_: 0)
    monkeypatch.setattr(redraw, "replace", replace)
    ctx = Context(database, cast(Gateway, None), MovedClock(MONDAY))
    redraws = Redraws()
    await asyncio.gather(
        *(redraws.draw(ctx, Wanted(ask_id, CLICK)) for ask_id in (1, 2)), return_exceptions=True
    )
    assert drawn == [2]
    with pytest.raises(type(broken)):  # with nothing newer it is told as ever
        await redraws.draw(ctx, Wanted(1, CLICK))
