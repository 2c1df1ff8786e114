"""How far the standings of initiatives are made, and when the clock has to look at them again."""

import functools
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, delete, func, or_, select, update

from bot.domain.initiatives import Status
from storage import tables, workspaces
from storage.database import Tx

_stakeholder = cast(Table, tables.Stakeholder.__table__)
_initiative = cast(Table, tables.Initiative.__table__)
_workspace = cast(Table, tables.Workspace.__table__)
_cycle = cast(Table, tables.Cycle.__table__)
_standing = cast(Table, tables.Standing.__table__)
_DUE = (  # built once: every tick asks it
    select(_initiative.c.id)
    .where(
        _initiative.c.next_snapshot_at <= bindparam("now"),
        _initiative.c.workspace_id.not_in(workspaces.removed()),
    )
    .order_by(_initiative.c.next_snapshot_at, _initiative.c.id)
    .limit(1)
    .with_for_update(key_share=True, skip_locked=True)
)


@dataclass(frozen=True, slots=True)
class Course:
    """What the standings of an initiative are made up to."""

    id: int
    workspace_id: int
    visibility: str
    started_at: datetime | None
    ended_at: datetime | None
    off: bool
    """Whether estimates are switched off in its workspace."""
    round: int
    """The number of the last closed round, 0 if there is none."""
    closed_at: datetime | None


def due(tx: Tx, now: datetime) -> int | None:
    """Lock and return the initiative whose standings have waited longest to be brought up to date.

    None if there is nothing to do at `now`.
    """
    return tx.scalars(_DUE, {"now": now}).one_or_none()


def lock(tx: Tx, initiative_ids: Collection[int]) -> None:
    """Keep the standings of these initiatives as they are for everybody else until `tx` ends."""
    wanted = select(_initiative.c.id).where(_initiative.c.id.in_(initiative_ids))
    tx.execute(wanted.order_by(_initiative.c.id).with_for_update(key_share=True)).all()


def set_due(tx: Tx, initiative_id: int, at: datetime | None) -> None:
    """Set when an initiative's standings have to be brought up to date next."""
    chosen = update(_initiative).where(_initiative.c.id == initiative_id)
    tx.execute(chosen.values(next_snapshot_at=at))


def hurry(tx: Tx, initiative_ids: Collection[int], now: datetime) -> None:
    """Have the standings of these initiatives brought up to date now, where any are kept."""
    chosen = update(_initiative).where(
        _initiative.c.id.in_(initiative_ids), _initiative.c.next_snapshot_at.is_not(None)
    )
    tx.execute(chosen.values(next_snapshot_at=now))


def get(tx: Tx, initiative_id: int) -> Course:
    """Return what the standings of an initiative are made up to."""
    return Course(*tx.execute(_courses().where(_initiative.c.id == initiative_id)).one())


def load(tx: Tx, initiative_ids: Collection[int] | None = None) -> list[Course]:
    """Return what the standings of these initiatives, or of all, are made up to."""
    statement = _courses().order_by(_initiative.c.id)
    if initiative_ids is not None:
        statement = statement.where(_initiative.c.id.in_(initiative_ids))
    return [Course(*row) for row in tx.execute(statement)]


@functools.cache  # built once: the clock asks it of every initiative
def _courses() -> Any:
    of_initiative = _cycle.c.initiative_id == _initiative.c.id
    closed = _cycle.c.closed_at.is_not(None)
    number = select(func.max(_cycle.c.number)).where(of_initiative, closed).scalar_subquery()
    closed_at = select(func.max(_cycle.c.closed_at)).where(of_initiative, closed).scalar_subquery()
    return select(
        _initiative.c.id,
        _initiative.c.workspace_id,
        _initiative.c.visibility,
        _initiative.c.started_at,
        _initiative.c.ended_at,
        _workspace.c.estimates_off_at.is_not(None),
        func.coalesce(number, 0),
        closed_at,
    ).join(_workspace, _workspace.c.id == _initiative.c.workspace_id)


def sizes(tx: Tx) -> dict[int, int]:
    """Return how many places each initiative has; one without is left out."""
    counted = select(_stakeholder.c.initiative_id, func.count())
    rows = tx.execute(counted.group_by(_stakeholder.c.initiative_id))
    return {row[0]: row[1] for row in rows}


def round_before(tx: Tx, initiative_id: int, moment: datetime) -> int:
    """Return the number of the round up to which all had closed by `moment` (aware); 0 if none."""
    of = _cycle.c.initiative_id == initiative_id
    ends = (_cycle.c.closed_at, _cycle.c.closes_at)  # a clock that stepped back closed it early
    still_open = or_(_cycle.c.closed_at.is_(None), *(at > moment for at in ends))
    first = tx.scalar(select(func.min(_cycle.c.number)).where(of, still_open))
    if first is not None:
        return int(first) - 1
    return tx.scalar(select(func.max(_cycle.c.number)).where(of)) or 0


def closed_before(tx: Tx, initiative_id: int, moment: datetime) -> datetime | None:
    """Return when the last round closed that had closed by `moment` (aware)."""
    closed = select(func.max(_cycle.c.closed_at)).where(
        _cycle.c.initiative_id == initiative_id, _cycle.c.closed_at <= moment
    )
    found: datetime | None = tx.scalar(closed)
    return found


# --- a workspace that wants none -----------------------------------------------------------------


def switch(tx: Tx, workspace_id: int, off_at: datetime | None) -> None:
    """Note since when people are not estimated in this workspace; None if they are."""
    chosen = update(_workspace).where(_workspace.c.id == workspace_id)
    tx.execute(chosen.values(estimates_off_at=off_at))


def forget_all(tx: Tx, workspace_id: int) -> None:
    """Delete every estimate in a workspace."""
    tx.execute(delete(_standing).where(_standing.c.workspace_id == workspace_id))
    snapshot = tables.InitiativeSnapshot
    tx.execute(delete(snapshot).where(snapshot.workspace_id == workspace_id))
    _of_workspace(tx, workspace_id, None)


def begin_all(tx: Tx, workspace_id: int, now: datetime) -> None:
    """Have the standings of every running initiative of a workspace brought up to date now."""
    _of_workspace(tx, workspace_id, now)


def _of_workspace(tx: Tx, workspace_id: int, at: datetime | None) -> None:
    running = _initiative.c.status == Status.RUNNING.value
    chosen = update(_initiative).where(_initiative.c.workspace_id == workspace_id, running)
    tx.execute(chosen.values(next_snapshot_at=at))
