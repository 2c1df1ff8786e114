"""An office in both modes and on both databases; afterwards what must hold of every day in it."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any
from zlib import crc32

import pytest

from bot.config import Mode
from tests.scenario.office import WEDNESDAY_NIGHT, Office, open_office
from tests.scenario.rules import check_everything

PAIRS: list[tuple[Mode, str]] = [("socket", "sqlite"), ("http", "postgres")]
ALL: list[tuple[Mode, str]] = [*PAIRS, ("socket", "postgres"), ("http", "sqlite")]

Opener = Callable[..., AbstractAsyncContextManager[Office]]


def _name(pair: tuple[str, str]) -> str:
    return "-".join(pair)


everywhere = pytest.mark.parametrize("pair", ALL, indirect=True, ids=_name)
"""Runs a test in each mode on each database: the way of every tap, all of it."""

both = pytest.mark.parametrize("pair", PAIRS, indirect=True, ids=_name)
"""Runs a test in both modes and on both databases; the others run in one pairing, by name."""


@pytest.fixture
def pair(request: pytest.FixtureRequest) -> tuple[Mode, str]:
    """A mode and the address of an empty database."""
    place = crc32(request.node.originalname.encode()) % len(PAIRS)
    given: tuple[Mode, str] = getattr(request, "param", PAIRS[place])
    mode, kind = given
    url: str = request.getfixturevalue(f"{kind}_url")
    return mode, url


@pytest.fixture
async def office(pair: tuple[Mode, str]) -> AsyncIterator[Office]:
    """Dana, Lee and U1…U6 in four time zones, and the app; nothing launched yet."""
    async with open_office(*pair) as opened:
        yield opened
        await opened.settle()
        check_everything(opened)


@pytest.fixture
def opener(pair: tuple[Mode, str]) -> Opener:
    """Opens an office of another kind."""

    def open_one(**how: Any) -> AbstractAsyncContextManager[Office]:
        return open_office(*pair, **how)

    return open_one


@pytest.fixture
async def asked(office: Office) -> Office:
    """The same on Wednesday night: everybody was introduced and has a first check-in."""
    await office.launch()
    await office.move_to(WEDNESDAY_NIGHT)
    return office
