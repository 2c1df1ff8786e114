"""Standings in the database, and who has one."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import compress
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Insert, Select, Table, bindparam, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from bot.domain.batches import Ints, micros
from bot.domain.initiatives import Place, Status, Visibility
from bot.domain.records import WEEK_RECORD
from storage import tables, workspaces
from storage.database import Tx
from storage.moments import packed, unpacked

_stakeholder = cast(Table, tables.Stakeholder.__table__)
_person = cast(Table, tables.Person.__table__)
_initiative = cast(Table, tables.Initiative.__table__)
_workspace = cast(Table, tables.Workspace.__table__)
_cycle = cast(Table, tables.Cycle.__table__)
_standing = cast(Table, tables.Standing.__table__)

ASKED = (Place.ACTIVE.value, Place.STOPPED.value)
"""Of whom the app has an estimate: that somebody stopped is no evidence and changes nothing."""


@dataclass(frozen=True, slots=True)
class Estimated:
    """A place that has an estimate."""

    stakeholder_id: int
    introduced_at: datetime


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
        lists = (self.ids, self.density, self.week, self.pulses, self.tail)
        ids, density, week, pulses, tail = (list(compress(one, picked)) for one in lists)
        return Points(ids, self.round[picked], self.until[picked], density, week, pulses, tail)


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


def points(tx: Tx, initiative_id: int) -> tuple[list[int], Points]:
    """Return everyone in an initiative who has an estimate, by id, and the checkpoints there are.

    Who has none yet is only among the first.
    """
    rows: Any = tx.connection().execute(_POINTS, {"initiative_id": initiative_id}).all()
    kept = [row for row in rows if row[1] is not None]
    ids, rounds, until, density, week, pulses, tail = zip(*kept, strict=True) if kept else ((),) * 7
    (moments,) = unpacked(until, 1)
    columns = (list(density), list(week), list(pulses), list(tail))
    number = np.array(rounds, dtype=np.int64)
    return [row[0] for row in rows], Points(list(ids), number, moments, *columns)


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


def due(tx: Tx, now: datetime) -> int | None:
    """Lock and return the initiative whose standings have waited longest to be brought up to date.

    None if there is nothing to do at `now`.
    """
    statement = (
        select(_initiative.c.id)
        .where(
            _initiative.c.next_snapshot_at <= now,
            _initiative.c.workspace_id.not_in(workspaces.removed()),
        )
        .order_by(_initiative.c.next_snapshot_at, _initiative.c.id)
        .limit(1)
        .with_for_update(key_share=True, skip_locked=True)
    )
    return tx.scalars(statement).one_or_none()


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


def course(tx: Tx, initiative_id: int) -> Course:
    """Return what the standings of an initiative are made up to."""
    return Course(*tx.execute(_courses().where(_initiative.c.id == initiative_id)).one())


def courses(tx: Tx, initiative_ids: Collection[int] | None = None) -> list[Course]:
    """Return what the standings of these initiatives, or of all, are made up to."""
    statement = _courses().order_by(_initiative.c.id)
    if initiative_ids is not None:
        statement = statement.where(_initiative.c.id.in_(initiative_ids))
    return [Course(*row) for row in tx.execute(statement)]


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
