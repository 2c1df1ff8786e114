"""The real app in a process of its own, to be killed: messages say only which row they are.

Argument: by how many seconds its clock is ahead of the machine's.
"""

import asyncio
import os
import sys
from datetime import datetime, timedelta

from bot import app, config
from bot.clock import SystemClock
from bot.delivery import rendering
from bot.delivery.rendering import Recipe
from bot.delivery.sender import Sender
from bot.domain.outbox import Claimed, Kind
from bot.services import sending
from bot.views.kit import Message
from storage.database import Tx


class FastClock(SystemClock):
    """A clock that is some time ahead, so that leases of a killed process have run out."""

    def __init__(self, ahead: timedelta) -> None:
        self._ahead = ahead

    def now(self) -> datetime:
        """Return the machine's time and then some."""
        return super().now() + self._ahead


def _load(_: Tx, claimed: Claimed, __: datetime) -> Message:
    return Message(f"Digest {claimed.subject_id}")


async def main() -> None:
    """Run until killed."""
    sending.WANTED.clear()
    sending.ARRIVED.clear()
    rendering.RECIPES[Kind.DIGEST] = Recipe(_load, lambda loaded: loaded)
    clock = FastClock(timedelta(seconds=float(sys.argv[1])))
    application = await app.build(config.read(os.environ), clock)
    application.sender = Sender(
        application.database, application.gateway, clock, per_second=60, at_once=20
    )
    await application.start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
