"""Who did what, when, to which row; never what was said."""

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
    tx.execute(
        insert(Audit).values(
            workspace_id=workspace_id,
            who=who,
            what=what,
            subject=subject,
            subject_id=subject_id,
            done_at=now,
        )
    )
