"""The outbox in the database."""

from datetime import datetime

from sqlalchemy import Insert
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from bot.domain.outbox import COUNTED, PRIORITY, Decision, State
from storage.database import Tx
from storage.tables import Base, Outbox


def insert_once(tx: Tx, table: type[Base]) -> Insert:
    """Return an INSERT into `table` that leaves an existing row with the same key alone."""
    dialect = tx.get_bind().dialect.name
    insert = sqlite_insert if dialect == "sqlite" else postgres_insert
    return insert(table).on_conflict_do_nothing()


def queue(tx: Tx, decisions: list[Decision], now: datetime) -> None:
    """Append `decisions`; one already in the outbox (same unique key) is left as it is."""
    if decisions:
        tx.execute(insert_once(tx, Outbox), [_row(decision, now) for decision in decisions])


def _row(decision: Decision, now: datetime) -> dict[str, object]:
    return {
        "workspace_id": decision.workspace_id,
        "kind": decision.kind.value,
        "subject_id": decision.subject_id,
        "recipient": decision.recipient,
        "slot": decision.slot,
        "person_id": decision.person_id,
        "initiative_id": decision.initiative_id,
        "counted": decision.kind in COUNTED,
        "priority": PRIORITY[decision.kind],
        "state": State.QUEUED.value,
        "created_at": now,
        "not_before": decision.not_before,
        "attempts": 0,
    }
