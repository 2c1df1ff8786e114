"""Rounds in the database."""

import functools
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Integer, bindparam, exists, select, update

from bot.domain import questions
from bot.domain.cycles import Cycle, Halt, Window
from bot.domain.initiatives import Place, Status
from bot.domain.pulses import EndReason
from storage import tables, workspaces
from storage.database import Tx
from storage.outbox import insert_once
from storage.results import rows_changed


@dataclass(frozen=True, slots=True)
class Turning:
    """What deciding about an initiative's rounds needs; the row is locked."""

    id: int
    workspace_id: int
    tz: str
    first_date: date
    cycle_days: int
    status: str
    questions: str | None = None
    """What the rounds from the next one on ask, as it is stored."""
    halted_at: datetime | None = None
    halted_until: datetime | None = None

    @property
    def is_running(self) -> bool:
        """Whether rounds open and close at all."""
        return self.status == Status.RUNNING.value

    @property
    def halt(self) -> Halt | None:
        """The last time in which nobody is or was asked at an owner's wish."""
        return to_halt(self.halted_at, self.halted_until)


def to_halt(since: datetime | None, until: datetime | None) -> Halt | None:
    """Return the time in which nobody is asked, None if there never was one."""
    return Halt(since, until) if since and until else None


@dataclass(frozen=True, slots=True)
class Shown:
    """A check-in that stands in somebody's DM."""

    ask_id: int
    person_id: int
    slack_user_id: str


def due(tx: Tx, now: datetime, limit: int) -> list[Turning]:
    """Lock and return at most `limit` running initiatives whose time to look has come."""
    return [Turning(*row) for row in tx.execute(_due(), {"now": now, "most": limit})]


@functools.cache  # built once: every tick asks it
def _due() -> Any:
    table = tables.Initiative
    return (
        _turning()
        .where(
            table.status == Status.RUNNING.value,
            table.next_due_at <= bindparam("now"),
            table.workspace_id.not_in(workspaces.removed()),
        )
        .order_by(table.next_due_at, table.id)
        .limit(bindparam("most", type_=Integer))
        .with_for_update(key_share=True, skip_locked=True)
    )


def lock(tx: Tx, initiative_id: int) -> Turning:
    """Lock and return one initiative that has a first date."""
    statement = (
        _turning().where(tables.Initiative.id == initiative_id).with_for_update(key_share=True)
    )
    return Turning(*tx.execute(statement).one())


def _turning() -> Any:
    table = tables.Initiative
    columns = (table.id, table.workspace_id, table.tz, table.first_date, table.cycle_days)
    set_later = (table.questions, table.halted_at, table.halted_until)
    return select(*columns, table.status, *set_later).where(table.first_date.is_not(None))


def get(tx: Tx, cycle_id: int) -> Cycle:
    """Return one round."""
    return _cycle(tx.execute(_columns().where(tables.Cycle.id == cycle_id)).one())


def newest(tx: Tx, initiative_id: int) -> Cycle | None:
    """Return the round with the highest number, open or closed."""
    return _first(tx, _columns().where(tables.Cycle.initiative_id == initiative_id))


def current(tx: Tx, initiative_id: int, now: datetime) -> Cycle | None:
    """Return the round that is open at `now`."""
    return open_rounds(tx, [initiative_id], now).get(initiative_id)


def open_rounds(tx: Tx, initiative_ids: Collection[int], now: datetime) -> dict[int, Cycle]:
    """Return the rounds that are open at `now`, by initiative."""
    rows = tx.execute(_open(), {"ids": list(initiative_ids), "now": now})
    return {row.initiative_id: _cycle(row) for row in rows}


@functools.cache  # built once: it is read with every decision
def _open() -> Any:
    table = tables.Cycle
    return _columns().where(
        table.initiative_id.in_(bindparam("ids", expanding=True)),
        table.closed_at.is_(None),
        table.opens_at <= bindparam("now"),
    )


def latest_closed(tx: Tx, initiative_id: int) -> Cycle | None:
    """Return the last round that closed."""
    table = tables.Cycle
    return _first(
        tx, _columns().where(table.initiative_id == initiative_id, table.closed_at.is_not(None))
    )


def add(
    tx: Tx,
    turning: Turning,
    window: Window,
    closed_at: datetime | None,
    *,
    by_hand: bool = False,
    days_before: int | None = None,
) -> bool:
    """Add a round; return False if one with this number is there already.

    `days_before` is how long the round before it was to last.
    """
    added = insert_once(tx, tables.Cycle).values(
        workspace_id=turning.workspace_id,
        initiative_id=turning.id,
        number=window.number,
        opens_at=window.opens_at,
        closes_at=window.closes_at,
        closed_at=closed_at,
        by_hand=by_hand,
        questions=turning.questions,
        days=turning.cycle_days,
        days_before=days_before if days_before != turning.cycle_days else None,
    )
    return rows_changed(tx.execute(added)) == 1


def close(tx: Tx, cycle_id: int, closes_at: datetime, now: datetime) -> bool:
    """Close a round, noting when it was due to; return False if it was closed already."""
    table = tables.Cycle
    statement = update(table).where(table.id == cycle_id, table.closed_at.is_(None))
    return rows_changed(tx.execute(statement.values(closes_at=closes_at, closed_at=now))) == 1


def has_asks(tx: Tx, cycle_id: int) -> bool:
    """Return whether anybody was asked in this round."""
    return bool(tx.scalar(select(exists().where(tables.Ask.cycle_id == cycle_id))))


def shown(tx: Tx, cycle_id: int) -> list[Shown]:
    """Return the open check-ins of a round that stand in somebody's DM."""
    ask, person = tables.Ask, tables.Person
    statement = (
        select(ask.id, ask.person_id, person.slack_user_id)
        .join(person, person.id == ask.person_id)
        .where(
            ask.cycle_id == cycle_id,
            ask.closed_at.is_(None),
            exists().where(tables.NudgeAsk.ask_id == ask.id),
        )
        .order_by(ask.id)
    )
    return [Shown(*row) for row in tx.execute(statement)]


def end_asks(tx: Tx, cycle_id: int, reason: EndReason, now: datetime) -> None:
    """Close the open asks of a round."""
    ask = tables.Ask
    ended = update(ask).where(ask.cycle_id == cycle_id, ask.closed_at.is_(None))
    tx.execute(ended.values(closed_at=now, end_reason=reason.value, revision=ask.revision + 1))


def set_due(tx: Tx, initiative_id: int, at: datetime | None) -> None:
    """Set when the clock has to look at the initiative again."""
    table = tables.Initiative
    tx.execute(update(table).where(table.id == initiative_id).values(next_due_at=at))


def wake(tx: Tx, initiative_id: int, now: datetime) -> None:
    """Have the clock decide about every active stakeholder of the initiative."""
    table = tables.Stakeholder
    active = update(table).where(
        table.initiative_id == initiative_id, table.status == Place.ACTIVE.value
    )
    tx.execute(active.values(next_due_at=now))


@functools.cache
def _columns() -> Any:
    table = tables.Cycle
    return select(
        table.id,
        table.initiative_id,
        table.number,
        table.opens_at,
        table.closes_at,
        table.closed_at,
        table.by_hand,
        table.questions,
        table.days,
        table.days_before,
    )


def _first(tx: Tx, statement: Any) -> Cycle | None:
    row = tx.execute(statement.order_by(tables.Cycle.number.desc()).limit(1)).one_or_none()
    return _cycle(row) if row else None


def _cycle(row: Any) -> Cycle:
    return Cycle(
        id=row.id,
        initiative_id=row.initiative_id,
        number=row.number,
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        closed_at=row.closed_at,
        by_hand=row.by_hand,
        questions=questions.read(row.questions),
        days=row.days,
        days_before=row.days_before,
    )
