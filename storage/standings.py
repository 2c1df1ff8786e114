"""Standings in the database, and who has one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Select, Table, bindparam, select

from bot.domain.initiatives import Place, Visibility
from storage import tables
from storage.database import Tx

_stakeholder = cast(Table, tables.Stakeholder.__table__)
_person = cast(Table, tables.Person.__table__)
_initiative = cast(Table, tables.Initiative.__table__)
_workspace = cast(Table, tables.Workspace.__table__)

ASKED = (Place.ACTIVE.value, Place.STOPPED.value)
"""Of whom the app has an estimate: that somebody stopped is no evidence and changes nothing."""


@dataclass(frozen=True, slots=True)
class Estimated:
    """A place that has an estimate."""

    stakeholder_id: int
    introduced_at: datetime


_ESTIMATED = (
    select(_stakeholder.c.id, _stakeholder.c.introduced_at)
    .join(_person, _person.c.id == _stakeholder.c.person_id)
    .join(_initiative, _initiative.c.id == _stakeholder.c.initiative_id)
    .join(_workspace, _workspace.c.id == _stakeholder.c.workspace_id)
    .where(
        _stakeholder.c.initiative_id == bindparam("initiative_id"),
        _stakeholder.c.status.in_(ASKED),
        _stakeholder.c.introduced_at.is_not(None),
        _stakeholder.c.group_only_at.is_(None),
        _stakeholder.c.no_estimate_at.is_(None),
        _person.c.group_only_at.is_(None),
        _initiative.c.visibility == Visibility.NAMED.value,
        _workspace.c.estimates_off_at.is_(None),
    )
    .order_by(_stakeholder.c.id)
)


def estimated(tx: Tx, initiative_id: int, ids: Sequence[int] | None = None) -> list[Estimated]:
    """Return the places of an initiative that have an estimate, by id; of `ids` if given.

    Nobody in group figures, nobody who wants no estimate, nobody who left or whose topic it is
    not, and nobody at all where estimates are switched off.
    """
    return [Estimated(*row) for row in _rows(tx, _ESTIMATED, initiative_id, ids)]


def _rows(
    tx: Tx, statement: Select[Any], initiative_id: int, ids: Sequence[int] | None
) -> list[Any]:
    which: dict[str, Any] = {"initiative_id": initiative_id}
    if ids is not None:
        statement = statement.where(_stakeholder.c.id.in_(bindparam("ids", expanding=True)))
        which["ids"] = list(ids)
    return list(tx.connection().execute(statement, which))


def initiative_of(tx: Tx, stakeholder_id: int) -> int | None:
    """Return which initiative a place is in, None if there is no such place."""
    place = select(_stakeholder.c.initiative_id).where(_stakeholder.c.id == stakeholder_id)
    found: int | None = tx.scalar(place)
    return found


def are_on(tx: Tx, workspace_id: int) -> bool:
    """Return whether people are estimated in this workspace at all."""
    off_at = select(_workspace.c.estimates_off_at).where(_workspace.c.id == workspace_id)
    return tx.scalars(off_at).one() is None
