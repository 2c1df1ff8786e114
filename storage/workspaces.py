"""Workspaces in the database."""

import functools
from collections.abc import Collection
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, Table, bindparam, or_, select, update

from bot.domain.workspaces import Workspace
from storage import tables
from storage.database import Tx
from storage.outbox import insert_once


def find(tx: Tx, enterprise_id: str, team_id: str, app_id: str) -> Workspace | None:
    """Return the installation with these ids; an id that one side does not know ("") fits any."""
    table = tables.Workspace
    row = tx.scalars(
        select(table)
        .where(
            _fits(table.enterprise_id, enterprise_id),
            _fits(table.team_id, team_id),
            _fits(table.app_id, app_id),
        )
        .order_by(table.app_id.desc(), table.id)
    ).first()
    return _workspace(row) if row else None


def country(tx: Tx, workspace_id: int) -> str | None:
    """Return the country whose public holidays hold in a workspace for whoever chose none."""
    found: str | None = tx.connection().execute(_country(), {"id": workspace_id}).scalar_one()
    return found


@functools.cache  # built once: it is read after taps
def _country() -> Select[Any]:
    return select(tables.Workspace.holidays).where(tables.Workspace.id == bindparam("id"))


def get(tx: Tx, workspace_id: int) -> Workspace:
    """Return one installation."""
    return _workspace(tx.get_one(tables.Workspace, workspace_id, populate_existing=True))


def add(tx: Tx, enterprise_id: str, team_id: str, app_id: str, now: datetime) -> None:
    """Add an installation; one with the same ids is left as it is."""
    tx.execute(
        insert_once(tx, tables.Workspace).values(
            enterprise_id=enterprise_id, team_id=team_id, app_id=app_id, created_at=now
        )
    )


def change(tx: Tx, workspace_id: int, **values: Any) -> None:
    """Set columns of one installation."""
    statement = update(tables.Workspace).where(tables.Workspace.id == workspace_id)
    tx.execute(statement.values(**values))


def pacing(tx: Tx, workspace_ids: Collection[int]) -> dict[int, dict[str, Any] | None]:
    """Return the stored numbers of the pacing policy, by workspace."""
    rows = tx.execute(_pacing(), {"ids": list(workspace_ids)})
    return {row.id: row.pacing for row in rows}


@functools.cache  # built once: it is read with every decision
def _pacing() -> Select[Any]:
    table = cast(Table, tables.Workspace.__table__)
    wanted = table.c.id.in_(bindparam("ids", expanding=True))
    return select(table.c.id, table.c.pacing).where(wanted)


def installed(tx: Tx) -> list[int]:
    """Return the ids of the installations that have the app, oldest first."""
    table = tables.Workspace
    present = select(table.id).where(table.uninstalled_at.is_(None)).order_by(table.id)
    return list(tx.scalars(present))


@functools.cache  # built once: every tick asks with it
def removed() -> Select[Any]:
    """Return the query for the ids of the installations that removed the app."""
    return select(tables.Workspace.id).where(tables.Workspace.uninstalled_at.is_not(None))


def _fits(column: Any, value: str) -> ColumnElement[bool]:
    return or_(column == value, column == "") if value else column.is_not(None)


def _workspace(row: tables.Workspace) -> Workspace:
    return Workspace(
        id=row.id,
        enterprise_id=row.enterprise_id,
        team_id=row.team_id,
        app_id=row.app_id,
        bot_user_id=row.bot_user_id,
        installed=row.uninstalled_at is None,
        holidays=row.holidays,
    )
