"""What Slack already gave us, so that its retries and double clicks change nothing."""

from datetime import datetime, timedelta

from sqlalchemy import delete

from storage.database import Tx
from storage.outbox import insert_once
from storage.results import rows_changed
from storage.tables import ReceivedKey

KEPT = timedelta(days=7)
"""How long a key is kept; Slack stops retrying after minutes."""


def first_time(tx: Tx, workspace_id: int, key: str, now: datetime) -> bool:
    """Remember `key`; return whether this workspace gave it to us for the first time."""
    row = {"workspace_id": workspace_id, "key": key, "received_at": now}
    return rows_changed(tx.execute(insert_once(tx, ReceivedKey).values(row))) == 1


def forget_old(tx: Tx, now: datetime) -> int:
    """Delete the keys older than seven days; return how many there were."""
    return rows_changed(tx.execute(delete(ReceivedKey).where(ReceivedKey.received_at < now - KEPT)))
