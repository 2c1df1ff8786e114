"""Knows whether anything is in flight, so that tests wait for quiet instead of sleeping."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager


class Activity:
    """Counts deliveries and API calls that are under way."""

    def __init__(self) -> None:
        self._count = 0
        self._busy = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()

    @contextmanager
    def running(self) -> Iterator[None]:
        """Something is under way inside this block."""
        self._count += 1
        self._busy.set()
        self._idle.clear()
        try:
            yield
        finally:
            self._count -= 1
            if self._count == 0:
                self._busy.clear()
                self._idle.set()

    async def settle(self, quiet: float, limit: float) -> None:
        """Return once nothing has been under way for ``quiet`` seconds."""
        async with asyncio.timeout(limit):
            while True:
                await self._idle.wait()
                try:
                    await asyncio.wait_for(self._busy.wait(), quiet)
                except TimeoutError:
                    return
