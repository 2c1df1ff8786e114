"""What Slack already gave us, so that its retries and double clicks change nothing."""

from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Table, bindparam, delete
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from storage.database import Tx
from storage.results import rows_changed
from storage.tables import ReceivedKey

KEPT = timedelta(days=7)
"""How long a key is kept; Slack stops retrying after minutes."""

_table = cast(Table, ReceivedKey.__table__)
_REMEMBER = {  # built once, and run below the ORM: every click, command and form passes here
    "sqlite": sqlite_insert(_table).on_conflict_do_nothing(),
    "postgresql": postgres_insert(_table).on_conflict_do_nothing(),
}
_FORGET = delete(_table).where(_table.c.received_at < bindparam("before"))


def first_time(tx: Tx, workspace_id: int, key: str, now: datetime) -> bool:
    """Remember `key`; return whether this workspace gave it to us for the first time."""
    connection = tx.connection()
    row = {"workspace_id": workspace_id, "key": key, "received_at": now}
    return rows_changed(connection.execute(_REMEMBER[connection.dialect.name], row)) == 1


def forget_old(tx: Tx, now: datetime) -> int:
    """Delete the keys older than seven days; return how many there were."""
    return rows_changed(tx.connection().execute(_FORGET, {"before": now - KEPT}))
