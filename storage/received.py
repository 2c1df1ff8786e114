"""What Slack already gave us, so that its retries and double clicks change nothing."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select

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


def forget_old(tx: Tx, now: datetime, limit: int = 10_000) -> int:
    """Delete at most `limit` keys older than seven days; return how many were deleted."""
    old = (
        select(ReceivedKey.workspace_id, ReceivedKey.key)
        .where(ReceivedKey.received_at < now - KEPT)
        .order_by(ReceivedKey.received_at)
        .limit(limit)
    )
    keys = [tuple(row) for row in tx.execute(old)]
    if keys:
        tx.execute(
            delete(ReceivedKey),
            [{"workspace_id": workspace, "key": key} for workspace, key in keys],
        )
    return len(keys)
