"""Initiatives, who leads them and what they say about themselves, in the database."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, func, select

from bot.domain import questions
from bot.domain.initiatives import Initiative, Plan, Status, Visibility
from bot.domain.people import Person
from storage import tables
from storage.cycles import to_halt
from storage.database import Tx
from storage.people import to_person

_initiatives = cast(Table, tables.Initiative.__table__)
_plans = cast(Table, tables.PlanVersion.__table__)
_owned = cast(Table, tables.InitiativeOwner.__table__)
_people = cast(Table, tables.Person.__table__)
_why, _benefit, _needed, _milestone = (
    cast(Table, tables.FreeText.__table__).alias() for _ in range(4)
)

LONG = ("picked", "skipped")
"""Columns that may hold a thousand ids, and that only drafts need."""

# Read after every tap, so they are built once, and without the ORM, which would cost thrice as much
_newest = (
    select(func.max(_plans.c.number))
    .where(_plans.c.initiative_id == _initiatives.c.id)
    .correlate(_initiatives)
    .scalar_subquery()
)
_WITH_NEWEST_PLAN = (
    select(
        *(column for column in _initiatives.c if column.name not in LONG),
        _plans.c.id.label("version_id"),
        _plans.c.number,
        _plans.c.milestone_on,
        _why.c.words.label("why"),
        _benefit.c.words.label("benefit"),
        _needed.c.words.label("needed"),
        _milestone.c.words.label("milestone"),
    )
    .join(_plans, _plans.c.initiative_id == _initiatives.c.id)
    .outerjoin(_why, _why.c.id == _plans.c.why_id)
    .outerjoin(_benefit, _benefit.c.id == _plans.c.benefit_id)
    .outerjoin(_needed, _needed.c.id == _plans.c.needed_id)
    .outerjoin(_milestone, _milestone.c.id == _plans.c.milestone_id)
    .where(
        _initiatives.c.id.in_(bindparam("ids", expanding=True)),
        _plans.c.number == _newest,
    )
)
_OWNERS = (
    select(_owned.c.initiative_id, _owned.c.since, _people)
    .join(_people, _people.c.id == _owned.c.person_id)
    .where(_owned.c.initiative_id.in_(bindparam("ids", expanding=True)), _owned.c.until.is_(None))
    .order_by(_owned.c.id)
)


def load_many(tx: Tx, ids: Collection[int]) -> dict[int, Initiative]:
    """Return initiatives by id with their newest plan and present owners, in two queries."""
    if not ids:
        return {}
    wanted = {"ids": list(ids)}
    owners: dict[int, list[tuple[Person, datetime]]] = defaultdict(list)
    for row in tx.execute(_OWNERS, wanted):
        owners[row.initiative_id].append((to_person(row), row.since))
    rows = tx.execute(_WITH_NEWEST_PLAN, wanted)
    return {row.id: _initiative(row, owners[row.id]) for row in rows}


def led_by(tx: Tx, person_id: int) -> list[Initiative]:
    """Return what the person leads now, without discarded drafts.

    Drafts come first, then running ones, then ended ones, the newest first in each.
    """
    owner = tables.InitiativeOwner
    ids = select(owner.initiative_id).where(owner.person_id == person_id, owner.until.is_(None))
    found = load_many(tx, set(tx.scalars(ids))).values()
    kept = [one for one in found if one.status != Status.ENDED or one.started_at]
    order = list(Status)
    return sorted(kept, key=lambda one: (order.index(one.status), -one.id))


def _initiative(row: Any, owners: list[tuple[Person, datetime]]) -> Initiative:
    plan = Plan(
        version_id=row.version_id,
        number=row.number,
        why=row.why or "",
        benefit=row.benefit or "",
        needed=row.needed or "",
        milestone=row.milestone or "",
        milestone_on=row.milestone_on,
    )
    return Initiative(
        id=row.id,
        workspace_id=row.workspace_id,
        name=row.name,
        tz=row.tz,
        visibility=Visibility(row.visibility),
        status=Status(row.status),
        channel_id=row.channel_id,
        first_date=row.first_date,
        cycle_days=row.cycle_days,
        plan=plan,
        owners=tuple(person for person, _ in owners),
        revision=row.revision,
        created_at=row.created_at,
        started_at=row.started_at,
        ended_at=row.ended_at,
        questions=questions.read(row.questions),
        halt=to_halt(row.halted_at, row.halted_until),
        owners_since=tuple(since for _, since in owners),
    )
