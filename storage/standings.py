"""Standings in the database, and who has one."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import compress
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Insert, Select, Table, bindparam, delete, func, select
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from bot.domain.batches import Ints, micros
from bot.domain.initiatives import Place, Visibility
from bot.domain.records import WEEK_RECORD
from storage import tables
from storage.database import Tx
from storage.moments import packed, unpacked

_stakeholder = cast(Table, tables.Stakeholder.__table__)
_person = cast(Table, tables.Person.__table__)
_initiative = cast(Table, tables.Initiative.__table__)
_workspace = cast(Table, tables.Workspace.__table__)
_standing = cast(Table, tables.Standing.__table__)

ASKED = (Place.ACTIVE.value, Place.STOPPED.value)
"""Of whom the app has an estimate: that somebody stopped is no evidence and changes nothing."""


@dataclass(frozen=True, slots=True)
class Estimated:
    """A place that has an estimate."""

    stakeholder_id: int
    introduced_at: datetime


@dataclass(frozen=True, slots=True)
class Head:
    """What is kept about one stakeholder, without the estimate itself."""

    stakeholder_id: int
    round: int
    until: datetime
    facts: int
    first_week: int
    weeks: int
    """How many records its history has."""

    @property
    def last_week(self) -> int:
        """The last week in the history."""
        return self.first_week + self.weeks - 1


@dataclass(frozen=True, slots=True, repr=False)
class Row:
    """What is kept about one stakeholder."""

    stakeholder_id: int
    density: bytes
    week: int
    round: int
    until: datetime
    facts: int
    pulses: int
    tail: bytes
    first_week: int
    history: bytes


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Points:
    """Checkpoints of many people: a column each, moments in microseconds since 1970 UTC."""

    ids: list[int]
    round: Ints
    until: Ints
    density: list[bytes]
    week: list[int]
    pulses: list[int]
    tail: list[bytes]

    def where(self, picked: "NDArray[np.bool_]") -> "Points":
        """Return the checkpoints that `picked`, a mask, picks."""
        if picked.all():
            return self
        return Points(
            list(compress(self.ids, picked)),
            self.round[picked],
            self.until[picked],
            list(compress(self.density, picked)),
            list(compress(self.week, picked)),
            list(compress(self.pulses, picked)),
            list(compress(self.tail, picked)),
        )


def points_of(rows: Sequence[Row]) -> Points:
    """Return the checkpoints among what is kept about people."""
    return Points(
        [row.stakeholder_id for row in rows],
        np.array([row.round for row in rows], dtype=np.int64),
        np.array([micros(row.until) for row in rows], dtype=np.int64),
        [row.density for row in rows],
        [row.week for row in rows],
        [row.pulses for row in rows],
        [row.tail for row in rows],
    )


_EVERYONE = (
    select(_stakeholder.c.id, _stakeholder.c.introduced_at)
    .join(_person, _person.c.id == _stakeholder.c.person_id)
    .join(_initiative, _initiative.c.id == _stakeholder.c.initiative_id)
    .join(_workspace, _workspace.c.id == _stakeholder.c.workspace_id)
    .where(
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


_ESTIMATED = _EVERYONE.where(_stakeholder.c.initiative_id == bindparam("initiative_id"))
_POINTS = (
    _EVERYONE.with_only_columns(
        _stakeholder.c.id,
        _standing.c.cycle,
        packed(_standing.c.until),
        _standing.c.density,
        _standing.c.week,
        _standing.c.pulses,
        _standing.c.tail,
    )
    .outerjoin(_standing, _standing.c.stakeholder_id == _stakeholder.c.id)
    .where(_stakeholder.c.initiative_id == bindparam("initiative_id"))
)
_IN_MANY = _EVERYONE.add_columns(_stakeholder.c.initiative_id).where(
    _stakeholder.c.initiative_id.in_(bindparam("initiative_ids", expanding=True))
)
_SOME = _ESTIMATED.where(_stakeholder.c.id.in_(bindparam("ids", expanding=True)))
_HELD = _SOME.with_for_update(read=True, of=[_stakeholder, _person])


def estimated(tx: Tx, initiative_id: int, ids: Sequence[int] | None = None) -> list[Estimated]:
    """Return the places of an initiative that have an estimate, by id; of `ids` if given.

    Nobody in group figures, nobody who wants no estimate, nobody who left or whose topic it is
    not, and nobody at all where estimates are switched off.
    """
    if ids is None:
        return _places(tx, _ESTIMATED, {"initiative_id": initiative_id})
    return _places(tx, _SOME, {"initiative_id": initiative_id, "ids": list(ids)})


def estimated_in(tx: Tx, initiative_ids: Sequence[int]) -> dict[int, list[Estimated]]:
    """Return what `estimated` returns of each of several initiatives."""
    found: dict[int, list[Estimated]] = {one: [] for one in initiative_ids}
    for row in tx.connection().execute(_IN_MANY, {"initiative_ids": list(initiative_ids)}):
        found[row[2]].append(Estimated(row[0], row[1]))
    return found


def hold(tx: Tx, initiative_id: int, ids: Sequence[int]) -> list[Estimated]:
    """Return those of `ids` that have an estimate; nobody can give it up until `tx` ends."""
    return _places(tx, _HELD, {"initiative_id": initiative_id, "ids": list(ids)})


def _places(tx: Tx, statement: Select[Any], which: dict[str, Any]) -> list[Estimated]:
    return [Estimated(*row) for row in tx.connection().execute(statement, which).all()]


def everyone(tx: Tx) -> list[tuple[int, int]]:
    """Return every place there is and its initiative, by their ids."""
    rows = tx.connection().execute(select(_stakeholder.c.id, _stakeholder.c.initiative_id)).all()
    return [(row[0], row[1]) for row in rows]


def points(tx: Tx, initiative_id: int) -> tuple[list[int], Points]:
    """Return everyone in an initiative who has an estimate, by id, and the checkpoints there are.

    Who has none yet is only among the first.
    """
    rows: Any = tx.connection().execute(_POINTS, {"initiative_id": initiative_id}).all()
    kept = [row for row in rows if row[1] is not None]
    columns: Any = [list(column) for column in zip(*kept, strict=True)] or [[] for _ in range(7)]
    ids, rounds, until, *others = columns
    number, (moments,) = np.array(rounds, dtype=np.int64), unpacked(until, 1)
    return [row[0] for row in rows], Points(ids, number, moments, *others)


def initiative_of(tx: Tx, stakeholder_id: int) -> int | None:
    """Return which initiative a place is in, None if there is no such place."""
    place = select(_stakeholder.c.initiative_id).where(_stakeholder.c.id == stakeholder_id)
    found: int | None = tx.scalar(place)
    return found


def are_on(tx: Tx, workspace_id: int) -> bool:
    """Return whether people are estimated in this workspace at all."""
    off_at = select(_workspace.c.estimates_off_at).where(_workspace.c.id == workspace_id)
    return tx.scalars(off_at).one() is None


# --- keeping them up to date ---------------------------------------------------------------------


def heads(tx: Tx, initiative_id: int) -> dict[int, Head]:
    """Return what is kept about an initiative's people, by stakeholder id."""
    columns = _standing.c
    statement = select(
        columns.stakeholder_id,
        columns.cycle,
        columns.until,
        columns.facts,
        columns.first_week,
        func.length(columns.history) // WEEK_RECORD.itemsize,
    ).where(columns.initiative_id == initiative_id)
    rows: Any = tx.connection().execute(statement)
    return {row[0]: Head(*row) for row in rows}


_WHOLE = select(
    _standing.c.stakeholder_id,
    _standing.c.density,
    _standing.c.week,
    _standing.c.cycle,
    _standing.c.until,
    _standing.c.facts,
    _standing.c.pulses,
    _standing.c.tail,
    _standing.c.first_week,
    _standing.c.history,
).where(_standing.c.stakeholder_id.in_(bindparam("ids", expanding=True)))


def whole(tx: Tx, stakeholder_ids: Sequence[int]) -> list[Row]:
    """Return all that is kept about these people, by stakeholder id."""
    rows: Any = tx.connection().execute(_WHOLE, {"ids": list(stakeholder_ids)})
    return sorted((Row(*row) for row in rows), key=lambda row: row.stakeholder_id)


def put(tx: Tx, workspace_id: int, initiative_id: int, rows: Sequence[Row]) -> None:
    """Write what is kept about people, instead of what was."""
    if rows:
        of = {"workspace_id": workspace_id, "initiative_id": initiative_id}
        tx.connection().execute(
            upsert(tx, _standing, ["stakeholder_id"]), [_values(row) | of for row in rows]
        )


def _values(row: Row) -> dict[str, Any]:
    return {
        "stakeholder_id": row.stakeholder_id,
        "density": row.density,
        "week": row.week,
        "cycle": row.round,
        "until": row.until,
        "facts": row.facts,
        "pulses": row.pulses,
        "tail": row.tail,
        "first_week": row.first_week,
        "history": row.history,
    }


def upsert(tx: Tx, table: Table, key: Sequence[str]) -> Insert:
    """Return an INSERT into `table` that replaces a row with the same key."""
    dialect = tx.get_bind().dialect.name
    statement = (sqlite_insert if dialect == "sqlite" else postgres_insert)(table)
    others = [column.name for column in table.c if column.name not in ("id", *key)]
    changed = {name: statement.excluded[name] for name in others}
    return statement.on_conflict_do_update(index_elements=list(key), set_=changed)


def forget(tx: Tx, stakeholder_ids: Collection[int]) -> None:
    """Delete what is kept about these people."""
    if stakeholder_ids:
        tx.execute(delete(_standing).where(_standing.c.stakeholder_id.in_(stakeholder_ids)))


def forget_of(tx: Tx, initiative_ids: Collection[int]) -> None:
    """Delete what is kept about the people of these initiatives."""
    tx.execute(delete(_standing).where(_standing.c.initiative_id.in_(initiative_ids)))


def histories(tx: Tx, initiative_id: int) -> list[tuple[int, bytes]]:
    """Return of each of an initiative's people the first week, and the records from then on."""
    of = _standing.c.initiative_id == initiative_id
    rows = tx.connection().execute(select(_standing.c.first_week, _standing.c.history).where(of))
    return [(row[0], row[1]) for row in rows]
