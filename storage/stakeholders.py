"""People's places in initiatives, in the database."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, insert, select, update

from bot.domain.initiatives import Place, Stakeholder, Status, is_group_only
from bot.domain.outbox import State
from bot.domain.people import Choice, Person
from bot.domain.pulses import EndReason
from storage import tables
from storage.database import Tx
from storage.people import to_person
from storage.results import rows_changed

WAITING = (State.QUEUED.value, State.CLAIMED.value)


def load(tx: Tx, stakeholder_id: int) -> Stakeholder | None:
    """Return one place, or None if there is none with this id."""
    row = tx.execute(_one(), {"id": stakeholder_id}).one_or_none()
    return _stakeholder(row[0], row[1], row[2]) if row else None


def find(tx: Tx, initiative_id: int, person_id: int) -> Stakeholder | None:
    """Return a person's place in an initiative, or None if they were not asked."""
    table = tables.Stakeholder
    return next(
        iter(_found(tx, table.initiative_id == initiative_id, table.person_id == person_id)), None
    )


def of_initiative(tx: Tx, initiative_id: int) -> list[Stakeholder]:
    """Return every place in an initiative, in the order they were added."""
    return _found(tx, tables.Stakeholder.initiative_id == initiative_id)


def of_person(
    tx: Tx, person_id: int, statuses: Sequence[Status] = (Status.RUNNING, Status.ENDED)
) -> list[Stakeholder]:
    """Return every place of a person in initiatives of these `statuses`, oldest first."""
    wanted = tables.Initiative.status.in_([status.value for status in statuses])
    return _found(tx, tables.Stakeholder.person_id == person_id, wanted)


def gone(tx: Tx, workspace_id: int) -> list[Stakeholder]:
    """Return the places, not yet marked so, of people who left the workspace."""
    return _found(
        tx,
        tables.Person.workspace_id == workspace_id,
        tables.Person.is_deleted.is_(True),
        tables.Stakeholder.status.not_in([one.value for one in Place if one.is_gone]),
    )


def status_of(tx: Tx, initiative_id: int) -> Status:
    """Return whether the initiative is a draft, running or ended."""
    status = select(tables.Initiative.status).where(tables.Initiative.id == initiative_id)
    return Status(tx.scalars(status).one())


def change(tx: Tx, stakeholder_ids: Sequence[int], **values: Any) -> None:
    """Set columns of places."""
    if stakeholder_ids:
        chosen = update(tables.Stakeholder).where(tables.Stakeholder.id.in_(stakeholder_ids))
        tx.execute(chosen.values(**values))


def decide_again(tx: Tx, person_ids: Sequence[int], now: datetime) -> None:
    """Have the clock look at every active place of these people, in running initiatives."""
    running = select(tables.Initiative.id).where(tables.Initiative.status == Status.RUNNING.value)
    if person_ids:
        chosen = update(tables.Stakeholder).where(
            tables.Stakeholder.person_id.in_(person_ids),
            tables.Stakeholder.status == Place.ACTIVE.value,
            tables.Stakeholder.initiative_id.in_(running),
        )
        tx.execute(chosen.values(next_due_at=now))


def decide_again_all(tx: Tx, workspace_id: int, now: datetime) -> None:
    """Have the clock look at every active place in a workspace's running initiatives."""
    running = select(tables.Initiative.id).where(
        tables.Initiative.workspace_id == workspace_id,
        tables.Initiative.status == Status.RUNNING.value,
    )
    chosen = update(tables.Stakeholder).where(
        tables.Stakeholder.status == Place.ACTIVE.value,
        tables.Stakeholder.initiative_id.in_(running),
    )
    tx.execute(chosen.values(next_due_at=now))


def add_choices(
    tx: Tx,
    stakeholders: Sequence[Stakeholder],
    choice: Choice,
    now: datetime,
    until: datetime | None = None,
) -> None:
    """Append the same choice for each of `stakeholders`."""
    rows = [
        {
            "workspace_id": stakeholder.workspace_id,
            "stakeholder_id": stakeholder.id,
            "kind": choice.value,
            "until": until,
            "made_at": now,
        }
        for stakeholder in stakeholders
    ]
    if rows:
        tx.execute(insert(tables.StakeholderChoice), rows)


@dataclass(frozen=True, slots=True)
class Moved:
    """A check-in whose look changed; `revision` is the new one."""

    ask_id: int
    stakeholder_id: int
    revision: int


def end_asks(
    tx: Tx,
    stakeholder_ids: Sequence[int],
    reason: EndReason,
    ended_by_id: int | None,
    now: datetime,
) -> list[Moved]:
    """Close the open asks of these places; return them."""
    return _move_asks(
        tx, stakeholder_ids, closed_at=now, end_reason=reason.value, ended_by_id=ended_by_id
    )


def touch_asks(tx: Tx, stakeholder_ids: Sequence[int]) -> list[Moved]:
    """Raise the revision of the open asks of these places; return them."""
    return _move_asks(tx, stakeholder_ids)


def _move_asks(tx: Tx, stakeholder_ids: Sequence[int], **values: Any) -> list[Moved]:
    table = tables.Ask
    moved = (
        update(table)
        .where(table.stakeholder_id.in_(stakeholder_ids), table.closed_at.is_(None))
        .values(revision=table.revision + 1, **values)
        .returning(table.id, table.stakeholder_id, table.revision)
    )
    return [Moved(*row) for row in tx.execute(moved)] if stakeholder_ids else []


def drop_rows(
    tx: Tx,
    person_ids: Sequence[int],
    kinds: Sequence[str],
    reason: str,
    now: datetime,
    initiative_id: int | None = None,
) -> int:
    """Drop what waits to be sent to these people, of `kinds`; return how many rows.

    With `initiative_id` only what that initiative would send.
    """
    table = tables.Outbox
    conditions: list[ColumnElement[bool]] = [
        table.person_id.in_(person_ids),
        table.kind.in_(kinds),
        table.state.in_(WAITING),
    ]
    if initiative_id is not None:
        conditions.append(table.initiative_id == initiative_id)
    dropped = update(table).where(*conditions)
    ended = dropped.values(state=State.DROPPED.value, reason=reason, ended_at=now)
    return rows_changed(tx.execute(ended)) if person_ids else 0


def _found(tx: Tx, *conditions: ColumnElement[bool]) -> list[Stakeholder]:
    rows = tx.execute(_everyone().where(*conditions))
    return [_stakeholder(row, holder, visibility) for row, holder, visibility in rows]


@functools.cache  # built once: it is read after every tap
def _one() -> Select[tables.Stakeholder, tables.Person, str]:
    return _everyone().where(tables.Stakeholder.id == bindparam("id"))


def _everyone() -> Select[tables.Stakeholder, tables.Person, str]:
    return (
        select(tables.Stakeholder, tables.Person, tables.Initiative.visibility)
        .join(tables.Person, tables.Person.id == tables.Stakeholder.person_id)
        .join(tables.Initiative, tables.Initiative.id == tables.Stakeholder.initiative_id)
        .order_by(tables.Stakeholder.id)
        .execution_options(populate_existing=True)
    )


def _stakeholder(row: tables.Stakeholder, holder: tables.Person, visibility: str) -> Stakeholder:
    person: Person = to_person(holder)
    return Stakeholder(
        id=row.id,
        workspace_id=row.workspace_id,
        initiative_id=row.initiative_id,
        person=person,
        place=Place(row.status),
        added_at=row.added_at,
        introduced_at=row.introduced_at,
        group_only=is_group_only(visibility, row.group_only_at, holder.group_only_at),
        snoozed_until=row.snoozed_until,
        paused_until=row.paused_until,
        fewer=row.fewer_at is not None,
        no_estimate=row.no_estimate_at is not None,
    )
