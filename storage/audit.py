"""Who did what, when, to which row; never what was said."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import insert

from storage.database import Tx
from storage.tables import Audit


def record(
    tx: Tx,
    workspace_id: int,
    who: str,
    what: str,
    subject: str,
    subject_id: int | None,
    now: datetime,
) -> None:
    """Append one line: `who` (Slack user id or "app") did `what` to a row of table `subject`."""
    record_each(tx, workspace_id, who, what, subject, [subject_id], now)


def record_each(
    tx: Tx,
    workspace_id: int,
    who: str,
    what: str,
    subject: str,
    subject_ids: Collection[int | None],
    now: datetime,
) -> None:
    """Append the same line for several rows of the table `subject`."""
    line = {"workspace_id": workspace_id, "who": who, "what": what, "subject": subject}
    rows = [{**line, "subject_id": one, "done_at": now} for one in subject_ids]
    if rows:
        tx.execute(insert(Audit), rows)
