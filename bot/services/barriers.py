"""What gets in the way: asked after a check-in, at most every four weeks."""

from datetime import datetime

from bot.domain.barriers import BarrierQuestion
from bot.domain.followups import Followed
from bot.domain.initiatives import Initiative
from storage.database import Tx
from storage.pulses import AskRow


def question(
    tx: Tx, ask: AskRow, initiative: Initiative, asked: Followed | None, now: datetime
) -> BarrierQuestion | None:
    """Return what somebody sees of the question in a finished check-in, None for nothing.

    `asked` is that it was asked there before; None if it would be the first time.
    """
    return None
