"""Initiatives week by week, in the database."""

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import Table, delete, select

from bot.domain.snapshots import Counts, Heard, InitiativeSnapshot
from bot.domain.states import State
from storage import tables
from storage.database import Tx
from storage.standings import upsert

_stakeholder = cast(Table, tables.Stakeholder.__table__)
_person = cast(Table, tables.Person.__table__)
_snapshot = cast(Table, tables.InitiativeSnapshot.__table__)


def hidden(tx: Tx, initiative_id: int) -> list[tuple[int, datetime | None]]:
    """Return every place of an initiative, by id, and since when it is in group figures only."""
    statement = (
        select(_stakeholder.c.id, _stakeholder.c.group_only_at, _person.c.group_only_at)
        .join(_person, _person.c.id == _stakeholder.c.person_id)
        .where(_stakeholder.c.initiative_id == initiative_id)
        .order_by(_stakeholder.c.id)
    )
    rows = tx.connection().execute(statement)
    return [(row[0], min(filter(None, row[1:]), default=None)) for row in rows]


def of_initiative(tx: Tx, initiative_id: int) -> list[InitiativeSnapshot]:
    """Return an initiative week by week, oldest first."""
    columns = _snapshot.c
    statement = (
        select(
            columns.week,
            columns.counts,
            columns.silent,
            columns.asked,
            columns.answered,
            columns.favourable,
        )
        .where(columns.initiative_id == initiative_id)
        .order_by(columns.week)
    )
    return [_told(*row) for row in tx.connection().execute(statement)]


def _told(week: int, states: dict[str, int], silent: int, *heard: int) -> InitiativeSnapshot:
    counts = Counts({State(state): number for state, number in states.items()}, silent)
    return InitiativeSnapshot(week, counts, Heard(*heard))


def put(tx: Tx, workspace_id: int, initiative_id: int, weeks: Sequence[InitiativeSnapshot]) -> None:
    """Write weeks of an initiative, instead of what was there about them."""
    rows = [
        {
            "workspace_id": workspace_id,
            "initiative_id": initiative_id,
            "week": one.week,
            "counts": {state.value: number for state, number in one.counts.states.items()},
            "silent": one.counts.silent,
            "asked": one.heard.asked,
            "answered": one.heard.answered,
            "favourable": one.heard.favourable,
        }
        for one in weeks
    ]
    if rows:
        tx.connection().execute(upsert(tx, _snapshot, ["initiative_id", "week"]), rows)


def forget(tx: Tx, initiative_id: int) -> None:
    """Delete the weeks of an initiative."""
    tx.execute(delete(_snapshot).where(_snapshot.c.initiative_id == initiative_id))
