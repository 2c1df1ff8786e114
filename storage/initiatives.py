"""Initiatives, who leads them and what they say about themselves, in the database."""

import functools
from collections import defaultdict
from collections.abc import Collection
from typing import Any

from sqlalchemy import bindparam, func, select

from bot.domain.initiatives import Initiative, Plan, Status, Visibility
from bot.domain.people import Person
from storage import tables, texts
from storage.database import Tx
from storage.people import to_person


def load_many(tx: Tx, ids: Collection[int]) -> dict[int, Initiative]:
    """Return initiatives by id with their newest plan and present owners, in three queries."""
    if not ids:
        return {}
    found = tx.execute(_with_newest_plan(), {"ids": list(ids)})
    rows: list[tuple[tables.Initiative, tables.PlanVersion]] = [(row[0], row[1]) for row in found]
    owners = _owners(tx, ids)
    words = texts.words_of(tx, (text_id for _, plan in rows for text_id in _text_ids(plan)))
    return {
        row.id: _initiative(row, _plan(plan, words), tuple(owners[row.id])) for row, plan in rows
    }


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


@functools.cache  # built once, as the next one: they are read after every tap
def _with_newest_plan() -> Any:
    initiative, plan = tables.Initiative, tables.PlanVersion
    newest = (
        select(func.max(plan.number))
        .where(plan.initiative_id == initiative.id)
        .correlate(initiative)
        .scalar_subquery()
    )
    return (
        select(initiative, plan)
        .join(plan, plan.initiative_id == initiative.id)
        .where(initiative.id.in_(bindparam("ids", expanding=True)), plan.number == newest)
        .execution_options(populate_existing=True)
    )


def _owners(tx: Tx, ids: Collection[int]) -> dict[int, list[Person]]:
    rows = tx.execute(_present_owners(), {"ids": list(ids)})
    owners: dict[int, list[Person]] = defaultdict(list)
    for row in rows:
        owners[row[0]].append(to_person(row[1]))
    return owners


@functools.cache
def _present_owners() -> Any:
    owner, person = tables.InitiativeOwner, tables.Person
    return (
        select(owner.initiative_id, person)
        .join(person, person.id == owner.person_id)
        .where(owner.initiative_id.in_(bindparam("ids", expanding=True)), owner.until.is_(None))
        .order_by(owner.id)
        .execution_options(populate_existing=True)
    )


def _text_ids(plan: tables.PlanVersion) -> tuple[int | None, ...]:
    return plan.why_id, plan.benefit_id, plan.needed_id, plan.milestone_id


def _plan(row: tables.PlanVersion, words: dict[int, str]) -> Plan:
    return Plan(
        version_id=row.id,
        number=row.number,
        why=words.get(row.why_id, ""),
        benefit=words.get(row.benefit_id, ""),
        needed=words.get(row.needed_id or 0, ""),
        milestone=words.get(row.milestone_id or 0, ""),
        milestone_on=row.milestone_on,
    )


def _initiative(row: tables.Initiative, plan: Plan, owners: tuple[Person, ...]) -> Initiative:
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
        owners=owners,
        revision=row.revision,
        created_at=row.created_at,
        started_at=row.started_at,
        ended_at=row.ended_at,
    )
