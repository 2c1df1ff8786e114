"""What was asked after finished check-ins, in the database."""

from datetime import datetime
from typing import cast

from sqlalchemy import Table, bindparam, select

from bot.domain.followups import Followed, FollowUp
from storage import tables
from storage.database import Tx
from storage.outbox import insert_once

_followed = cast(Table, tables.FollowedUp.__table__)
_declined = cast(Table, tables.StepDeclined.__table__)
_step = cast(Table, tables.Commitment.__table__)
_OF_PLACE = (  # read after every tap that finishes a check-in, so it is built once
    select(
        _followed.c.id,
        _followed.c.ask_id,
        _followed.c.kind,
        _followed.c.asked_at,
        _declined.c.id.is_not(None).label("declined"),
        _step.c.id.label("step_id"),
    )
    .outerjoin(_declined, _declined.c.followed_up_id == _followed.c.id)
    .outerjoin(_step, _step.c.ask_id == _followed.c.ask_id)
    .where(_followed.c.stakeholder_id == bindparam("stakeholder_id"))
    .order_by(_followed.c.id)
)


def of_place(tx: Tx, stakeholder_id: int) -> list[Followed]:
    """Return what somebody was asked after their check-ins about one initiative, oldest first."""
    rows = tx.connection().execute(_OF_PLACE, {"stakeholder_id": stakeholder_id})
    return [Followed(row.id, row.ask_id, FollowUp(row.kind), *row[3:]) for row in rows]


def add(tx: Tx, stakeholder_id: int, ask_id: int, kind: FollowUp, now: datetime) -> None:
    """Append that it was asked after this check-in, unless something was already."""
    place = tables.Stakeholder
    workspace_id, initiative_id = tx.execute(
        select(place.workspace_id, place.initiative_id).where(place.id == stakeholder_id)
    ).one()
    statement = insert_once(tx, tables.FollowedUp).values(
        workspace_id=workspace_id,
        initiative_id=initiative_id,
        stakeholder_id=stakeholder_id,
        ask_id=ask_id,
        kind=kind.value,
        asked_at=now,
    )
    tx.execute(statement)
