"""Steps that people choose: offered after a finished check-in."""

from datetime import datetime

from bot.domain.followups import Followed
from bot.domain.initiatives import Initiative
from bot.domain.steps import StepOffer
from storage.database import Tx
from storage.pulses import AskRow


def offer(
    tx: Tx, ask: AskRow, initiative: Initiative, asked: Followed | None, now: datetime
) -> StepOffer | None:
    """Return what somebody sees of the offer of a step in a finished check-in, None for nothing.

    `asked` is that it was offered there before; None if it would be the first time.
    """
    return None
