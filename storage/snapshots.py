"""Initiatives week by week, in the database."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import Table, delete, func, select

from bot.domain.snapshots import Counts, Heard, InitiativeSnapshot
from bot.domain.states import State
from storage import tables
from storage.database import Tx
from storage.standings import upsert

_stakeholder = cast(Table, tables.Stakeholder.__table__)
_person = cast(Table, tables.Person.__table__)
_snapshot = cast(Table, tables.InitiativeSnapshot.__table__)


def hidden(tx: Tx, initiative_ids: Sequence[int]) -> dict[int, dict[int, datetime | None]]:
    """Return since when each place, by id, is in group figures only, by initiative."""
    statement = (
        select(
            _stakeholder.c.initiative_id,
            _stakeholder.c.id,
            _stakeholder.c.group_only_at,
            _person.c.group_only_at,
        )
        .join(_person, _person.c.id == _stakeholder.c.person_id)
        .where(_stakeholder.c.initiative_id.in_(initiative_ids))
        .order_by(_stakeholder.c.id)
    )
    found: dict[int, dict[int, datetime | None]] = {one: {} for one in initiative_ids}
    for row in tx.connection().execute(statement):
        found[row[0]][row[1]] = min(filter(None, row[2:]), default=None)
    return found


def newest(tx: Tx, initiative_id: int) -> int | None:
    """Return the newest week that is written of an initiative; None if there is none."""
    of = _snapshot.c.initiative_id == initiative_id
    found: int | None = tx.scalar(select(func.max(_snapshot.c.week)).where(of))
    return found


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


def forget(tx: Tx, initiative_ids: Collection[int]) -> None:
    """Delete the weeks of these initiatives."""
    tx.execute(delete(_snapshot).where(_snapshot.c.initiative_id.in_(initiative_ids)))
