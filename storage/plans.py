"""Versions of a plan after the first, in the database."""

import functools
from datetime import date, datetime

from sqlalchemy import Select, bindparam, insert, select

from bot.domain.milestones import Decided, Reason
from storage import tables, texts
from storage.database import Tx


def move_milestone(tx: Tx, initiative_id: int, on: date, now: datetime) -> int:
    """Add a version of the plan that differs in the date of the milestone; return its number."""
    plan = tables.PlanVersion
    newest = tx.scalars(
        select(plan)
        .where(plan.initiative_id == initiative_id)
        .order_by(plan.number.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    ).one()
    tx.execute(
        insert(plan).values(
            workspace_id=newest.workspace_id,
            initiative_id=initiative_id,
            number=newest.number + 1,
            why_id=newest.why_id,
            benefit_id=newest.benefit_id,
            needed_id=newest.needed_id,
            milestone_id=newest.milestone_id,
            milestone_on=on,
            created_at=now,
        )
    )
    return newest.number + 1


def reason(tx: Tx, initiative_id: int, after: datetime) -> Reason | None:
    """Return why the date was last moved or kept since `after`, if an owner said so."""
    found = tx.execute(_reason(), {"initiative_id": initiative_id, "after": after}).one_or_none()
    if found is None:
        return None
    words = texts.words_of(tx, [found.words_id]).get(found.words_id, "")
    return Reason(Decided(found.outcome), words) if words else None


@functools.cache  # built once: it is read after every tap
def _reason() -> Select[str | None, int | None]:
    row = tables.StepBack
    return (
        select(row.outcome, row.words_id)
        .where(
            row.initiative_id == bindparam("initiative_id"),
            row.stakeholder_id.is_(None),
            row.ended_at > bindparam("after"),
            row.words_id.is_not(None),
        )
        .order_by(row.ended_at.desc(), row.id.desc())
        .limit(1)
    )
