"""When the clock has something to do next."""

import functools
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Select, Table, func, select

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

_outbox = cast(Table, Outbox.__table__)
_initiative = cast(Table, Initiative.__table__)
_workspace = cast(Table, Workspace.__table__)


def next_due(tx: Tx) -> datetime | None:
    """Return the earliest stored due time (UTC) over everything, or None if nothing waits.

    It may lie in the past. Dated promises are looked for some days ahead, so whoever moves time
    from due moment to due moment should not jump further than a day.
    """
    moments = tx.execute(_statement()).one()
    return min((moment for moment in moments if moment is not None), default=None)


@functools.cache  # built once, and one for all: that takes longer than running it
def _statement() -> Select[Any]:
    turning = _initiative.c.status.in_([Status.RUNNING.value, Status.ENDED.value])
    earliest = (
        _earliest(_outbox.c.not_before).where(_outbox.c.state == State.QUEUED.value),
        _earliest(_initiative.c.next_due_at).where(turning),
        _earliest(_initiative.c.next_snapshot_at),
        _earliest(cast(Table, Stakeholder.__table__).c.next_due_at),
        _earliest(cast(Table, Commitment.__table__).c.silent_at),
        _earliest(cast(Table, InitiativeOwner.__table__).c.next_digest_at),
        _earliest(cast(Table, CalendarFeed.__table__).c.next_read_at),
        _earliest(cast(Table, Conversation.__table__).c.next_due_at),
    )
    return select(*(one.scalar_subquery() for one in earliest))


def _earliest(column: Any) -> Select[Any]:
    here = _workspace.c.id == column.table.c.workspace_id
    return (
        select(func.min(column))
        .join(_workspace, here)
        .where(_workspace.c.uninstalled_at.is_(None), column.is_not(None))
    )
