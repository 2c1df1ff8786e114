"""What was due and was let go, in the database."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import ColumnElement, Table, delete, exists, func, select, tuple_

from bot.domain.initiatives import Place
from bot.domain.outbox import Kind
from bot.domain.pacing_facts import Dropped, Rule
from storage import tables
from storage.database import Tx
from storage.outbox import insert_once

_dropped = cast(Table, tables.Dropped.__table__)
_stakeholder = cast(Table, tables.Stakeholder.__table__)
_ask = cast(Table, tables.Ask.__table__)
_cycle = cast(Table, tables.Cycle.__table__)


@dataclass(frozen=True, slots=True)
class Of:
    """Whose something is that was let go."""

    workspace_id: int
    initiative_id: int
    stakeholder_id: int


@dataclass(frozen=True, slots=True)
class Row:
    """Something let go, and when."""

    initiative_id: int
    stakeholder_id: int
    what: Dropped
    dropped_at: datetime


def add(tx: Tx, lost: Sequence[tuple[Of, Dropped]], now: datetime) -> None:
    """Append what is let go; what was let go already stays as it is."""
    rows = [
        {
            "workspace_id": of.workspace_id,
            "initiative_id": of.initiative_id,
            "stakeholder_id": of.stakeholder_id,
            "kind": what.kind.value,
            "number": what.number,
            "rule": what.rule.value,
            "dropped_at": now,
        }
        for of, what in lost
    ]
    if rows:
        tx.execute(insert_once(tx, tables.Dropped), rows)


def take_back(tx: Tx, found: Collection[tuple[int, Kind, int]]) -> None:
    """Delete what goes out after all: (stakeholder, kind, number)."""
    if found:
        keys = [(one, kind.value, number) for one, kind, number in found]
        key = tuple_(_dropped.c.stakeholder_id, _dropped.c.kind, _dropped.c.number)
        tx.execute(delete(_dropped).where(key.in_(keys)))


def unasked(tx: Tx, initiative_id: int, cycle_id: int) -> list[tuple[Of, tuple[Rule, ...]]]:
    """Return who of those introduced was not asked in a round, and why by the last decision."""
    asked = exists().where(_ask.c.stakeholder_id == _stakeholder.c.id, _ask.c.cycle_id == cycle_id)
    columns = (_stakeholder.c.workspace_id, _stakeholder.c.initiative_id, _stakeholder.c.id)
    statement = select(*columns, _stakeholder.c.due_rules).where(
        _stakeholder.c.initiative_id == initiative_id,
        _stakeholder.c.status == Place.ACTIVE.value,
        _stakeholder.c.introduced_at.is_not(None),
        _stakeholder.c.due_rules.is_not(None),
        ~asked,
    )
    return [(Of(*row[:3]), rules_of(row.due_rules)) for row in tx.execute(statement)]


def overlooked(
    tx: Tx, initiative_id: int, number: int, until: datetime, *, unseen: bool
) -> list[Of]:
    """Return whom nobody decided about before `until`, though it was time to, or asked in a round.

    `number` is that of the round. In one that passed `unseen`, whoever waited for a message to
    arrive is among them: nothing was sent.
    """
    was_time: ColumnElement[bool] = _stakeholder.c.next_due_at < until
    if unseen:
        was_time |= _stakeholder.c.next_due_at.is_(None)
    asked = (
        exists()
        .where(_ask.c.stakeholder_id == _stakeholder.c.id)
        .where(_ask.c.cycle_id == _cycle.c.id, _cycle.c.number == number)
    )
    statement = select(
        _stakeholder.c.workspace_id, _stakeholder.c.initiative_id, _stakeholder.c.id
    ).where(
        _stakeholder.c.initiative_id == initiative_id,
        _stakeholder.c.status == Place.ACTIVE.value,
        _stakeholder.c.introduced_at.is_not(None),
        was_time,
        ~asked,
    )
    return [Of(*row) for row in tx.execute(statement)]


def rules_of(words: str | None) -> tuple[Rule, ...]:
    """Return the rules that `words` store; what this release does not know is left out."""
    known = {rule.value: rule for rule in Rule}
    return tuple(known[word] for word in (words or "").split() if word in known)


def of_person(tx: Tx, person_id: int, since: datetime) -> list[Row]:
    """Return what was let go for one person since `since`, oldest first."""
    columns = (_dropped.c.initiative_id, _dropped.c.stakeholder_id, _dropped.c.dropped_at)
    statement = (
        select(*columns, _dropped.c.kind, _dropped.c.number, _dropped.c.rule)
        .join(_stakeholder, _stakeholder.c.id == _dropped.c.stakeholder_id)
        .where(_stakeholder.c.person_id == person_id, _dropped.c.dropped_at >= since)
        .order_by(_dropped.c.id)
    )
    return [
        Row(
            row.initiative_id,
            row.stakeholder_id,
            Dropped(Kind(row.kind), row.number, Rule(row.rule)),
            row.dropped_at,
        )
        for row in tx.execute(statement)
        if row.rule in {rule.value for rule in Rule}
    ]


def counts(tx: Tx, initiative_id: int, since: datetime) -> dict[tuple[Kind, Rule], int]:
    """Return how many of what was let go why in an initiative since `since`: for coarse numbers."""
    statement = (
        select(_dropped.c.kind, _dropped.c.rule, func.count())
        .where(_dropped.c.initiative_id == initiative_id, _dropped.c.dropped_at >= since)
        .group_by(_dropped.c.kind, _dropped.c.rule)
    )
    return {(Kind(row[0]), Rule(row[1])): row[2] for row in tx.execute(statement)}
