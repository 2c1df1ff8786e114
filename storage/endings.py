"""The end of an initiative in the database."""

from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from bot.domain.initiatives import Status
from bot.domain.outbox import EDITS, Kind, State
from storage import tables, texts
from storage.database import Tx
from storage.results import rows_changed

STILL_SENT = EDITS | {
    Kind.FAREWELL,
    Kind.INPUT_REPLY,
    Kind.PROGRESS_POST,
    Kind.TALK_CARD,
    Kind.TALK_OPENS,
    Kind.TALK_REMINDER,
}
"""What was promised or acknowledged before, or notifies nobody."""


def end(tx: Tx, initiative_id: int, now: datetime, **values: Any) -> bool:
    """Mark a running initiative as ended; return False if it did not run."""
    table = tables.Initiative
    running = update(table).where(table.id == initiative_id, table.status == Status.RUNNING.value)
    ended = running.values(
        status=Status.ENDED.value, ended_at=now, revision=table.revision + 1, **values
    )
    return rows_changed(tx.execute(ended)) == 1


def drop_rows(tx: Tx, initiative_id: int, now: datetime) -> int:
    """Drop what the initiative would still send, except what was promised; return how many."""
    table = tables.Outbox
    waiting = update(table).where(
        table.initiative_id == initiative_id,
        table.kind.not_in([kind.value for kind in STILL_SENT]),
        table.state.in_([State.QUEUED.value, State.CLAIMED.value]),
    )
    dropped = waiting.values(state=State.DROPPED.value, reason="ended", ended_at=now)
    return rows_changed(tx.execute(dropped))


def last_words(tx: Tx, initiative_id: int) -> tuple[str, str]:
    """Return what the owner said was achieved, and what changed because of people."""
    table = tables.Initiative
    achieved, changed = tx.execute(
        select(table.achieved_id, table.changed_id).where(table.id == initiative_id)
    ).one()
    words = texts.words_of(tx, (achieved, changed))
    return words.get(achieved or 0, ""), words.get(changed or 0, "")
