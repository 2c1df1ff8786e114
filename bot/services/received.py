"""What Slack already gave us."""

from datetime import datetime

from storage import received
from storage.database import Tx


def forget_old(tx: Tx, now: datetime, limit: int) -> int:
    """Forget keys older than seven days; one statement does it, so none is left for later."""
    received.forget_old(tx, now)
    return 0
