"""What is held about people in an initiative is deleted 30 days after it ended, as was promised."""

from datetime import datetime

from bot.domain.initiatives import KEPT_AFTER_END
from storage import audit, cycles, retention
from storage.database import Tx


def schedule(tx: Tx, initiative_id: int, ended_at: datetime) -> None:
    """Have the clock look at an ended initiative again when its time is over."""
    cycles.set_due(tx, initiative_id, ended_at + KEPT_AFTER_END)


def forget_due(tx: Tx, now: datetime, limit: int) -> int:
    """Delete what ended initiatives still hold about people; return how many, at most `limit`.

    Their answers, what they told the owners, their choices and the messages to them go. What the
    owners wrote and the published group results stay, which name nobody.
    """
    due = retention.due(tx, now, limit)
    for initiative in due:
        retention.forget(tx, initiative.id)
        cycles.set_due(tx, initiative.id, None)
        what = ("retention.forget", "initiative", initiative.id)
        audit.record(tx, initiative.workspace_id, "app", *what, now)
    return len(due)
