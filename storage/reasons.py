"""What a message has to say about why it came, in the database."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from sqlalchemy import Table, func, select

from storage import tables
from storage.database import Tx
from storage.pacing_known import last_length

_ask = cast(Table, tables.Ask.__table__)
_cycle = cast(Table, tables.Cycle.__table__)
_stakeholder = cast(Table, tables.Stakeholder.__table__)
_initiative = cast(Table, tables.Initiative.__table__)


@dataclass(frozen=True, slots=True)
class Row:
    """What decides about the next check-in of one place."""

    first_date: date | None
    cycle_days: int
    """How long the round was to last that the last check-in came in."""
    misses: int
    fewer: bool
    last_week: int | None
    """The week of the last check-in from the app."""
    in_round: bool
    """Whether there is a check-in in a round that still runs."""


@dataclass(frozen=True, slots=True)
class AskRow:
    """One check-in: whose, when it was opened, and when the one before it was."""

    stakeholder_id: int
    opened_at: datetime
    before: datetime | None
    origin: str


def of_place(tx: Tx, stakeholder_id: int) -> Row:
    """Return what decides about the next check-in of a place."""
    own = _ask.c.stakeholder_id == _stakeholder.c.id
    week = select(func.max(_ask.c.slot)).where(own).scalar_subquery()
    running = (
        select(func.count())
        .join(_cycle, _cycle.c.id == _ask.c.cycle_id)
        .where(own, _cycle.c.closed_at.is_(None))
        .scalar_subquery()
    )
    statement = (
        select(
            _initiative.c.first_date,
            _initiative.c.cycle_days,
            last_length(),
            _stakeholder.c.misses,
            _stakeholder.c.fewer_at.is_not(None),
            week,
            running,
        )
        .join(_initiative, _initiative.c.id == _stakeholder.c.initiative_id)
        .where(_stakeholder.c.id == stakeholder_id)
    )
    first_date, days, last_days, misses, fewer, week, asks = tx.execute(statement).one()
    return Row(first_date, last_days or days, misses, fewer, week, in_round=asks > 0)


def of_ask(tx: Tx, ask_id: int) -> AskRow | None:
    """Return a check-in, or None if it is not there."""
    earlier = _ask.alias("earlier")
    before = (
        select(func.max(earlier.c.opened_at))
        .where(earlier.c.stakeholder_id == _ask.c.stakeholder_id, earlier.c.id < _ask.c.id)
        .scalar_subquery()
    )
    columns = (_ask.c.stakeholder_id, _ask.c.opened_at, before, _ask.c.origin)
    row = tx.execute(select(*columns).where(_ask.c.id == ask_id)).one_or_none()
    return AskRow(*row) if row else None


def place_of_pause(tx: Tx, step_back_id: int) -> int | None:
    """Return whose pause it is (or was), None if it is not there or nobody's own."""
    pause = tables.StepBack
    found = select(pause.stakeholder_id).where(pause.id == step_back_id)
    return tx.scalars(found).one_or_none()


def added_by(tx: Tx, stakeholder_id: int) -> str:
    """Return the name of who put somebody on the list of an initiative."""
    place, initiative = tables.Stakeholder, tables.Initiative
    added = func.coalesce(place.added_by_id, initiative.created_by_id)
    statement = (
        select(tables.Person.name)
        .select_from(place)
        .join(initiative, initiative.id == place.initiative_id)
        .join(tables.Person, tables.Person.id == added)
        .where(place.id == stakeholder_id)
    )
    return tx.scalars(statement).one()
