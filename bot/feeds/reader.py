"""Reading somebody's calendar feed: fetched, and worked out apart from everything else."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.busy import AHEAD, Reading
from bot.feeds import apart
from bot.feeds.fetching import Fetcher

AT_ONCE = 4
"""So many calendars are fetched side by side; they are worked out one after the other."""

BEFORE = timedelta(days=1)


@dataclass(slots=True)
class Feeds:
    """Reads calendar feeds."""

    fetcher: Fetcher = field(default_factory=Fetcher)
    _few: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    _one: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def read(self, address: str, tz: str, now: datetime) -> Reading:
        """Return when the owner of the calendar at `address`, who is in `tz`, is busy.

        Raises:
            Unread: with what is in the way; it never names the address.
        """
        async with self._few:
            content = await self.fetcher.fetch(address)
        async with self._one:
            return await apart.read(content, tz, now - BEFORE, now + AHEAD)
