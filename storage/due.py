"""When the clock has something to do next."""

import functools
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from bot.domain.initiatives import Status
from bot.domain.outbox import State
from storage.database import Tx
from storage.tables import (
    CalendarFeed,
    Commitment,
    Conversation,
    Initiative,
    InitiativeOwner,
    Outbox,
    Stakeholder,
    Workspace,
)


def next_due(tx: Tx) -> datetime | None:
    """Return the earliest stored due time (UTC) over everything, or None if nothing waits.

    It may lie in the past. Dated promises are looked for some days ahead, so whoever moves time
    from due moment to due moment should not jump further than a day.
    """
    moments = [tx.scalars(statement).one() for statement in _statements()]
    return min((moment for moment in moments if moment is not None), default=None)


@functools.cache  # built once: that takes longer than running them
def _statements() -> tuple[Select[Any], ...]:
    turning = Initiative.status.in_([Status.RUNNING.value, Status.ENDED.value])
    return (
        _earliest(Outbox, Outbox.not_before).where(Outbox.state == State.QUEUED.value),
        _earliest(Initiative, Initiative.next_due_at).where(turning),
        _earliest(Initiative, Initiative.next_snapshot_at),
        _earliest(Stakeholder, Stakeholder.next_due_at),
        _earliest(Commitment, Commitment.silent_at),
        _earliest(InitiativeOwner, InitiativeOwner.next_digest_at),
        _earliest(CalendarFeed, CalendarFeed.next_read_at),
        _earliest(Conversation, Conversation.next_due_at),
    )


def _earliest(table: Any, column: Any) -> Select[Any]:
    return (
        select(func.min(column))
        .join(Workspace, Workspace.id == table.workspace_id)
        .where(Workspace.uninstalled_at.is_(None), column.is_not(None))
    )
