"""What owners offer people to do, and who said *not now*, in the database."""

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import Table, bindparam, insert, select

from bot.domain.people import Person
from bot.domain.steps import StepAct
from storage import tables, texts
from storage.database import Tx
from storage.outbox import insert_once

_NAMES = ("first_id", "second_id", "third_id")
_list = cast(Table, tables.ActList.__table__)
_first, _second, _third = (cast(Table, tables.FreeText.__table__).alias() for _ in _NAMES)
_ACTS = (  # read after a tap that finishes a check-in, so it is built once
    select(
        _list.c.first_id,
        _first.c.words,
        _list.c.second_id,
        _second.c.words,
        _list.c.third_id,
        _third.c.words,
    )
    .outerjoin(_first, _first.c.id == _list.c.first_id)
    .outerjoin(_second, _second.c.id == _list.c.second_id)
    .outerjoin(_third, _third.c.id == _list.c.third_id)
    .where(_list.c.initiative_id == bindparam("initiative_id"))
    .order_by(_list.c.id.desc())
    .limit(1)
)


def acts(tx: Tx, initiative_id: int) -> tuple[StepAct, ...]:
    """Return what the owners of an initiative offer people to do now."""
    row = tx.connection().execute(_ACTS, {"initiative_id": initiative_id}).one_or_none()
    pairs = zip(row[::2], row[1::2], strict=True) if row else ()
    return tuple(StepAct(one, words) for one, words in pairs if words)


def set_acts(
    tx: Tx, author: Person, initiative_id: int, words: Sequence[str], now: datetime
) -> None:
    """Append what an initiative offers people to do from now on."""
    kept = [texts.keep(tx, author.workspace_id, author.id, one, now) for one in words]
    tx.execute(
        insert(tables.ActList).values(
            workspace_id=author.workspace_id,
            initiative_id=initiative_id,
            created_at=now,
            **dict(zip(_NAMES, kept, strict=False)),
        )
    )


def decline(tx: Tx, workspace_id: int, followed_up_id: int, now: datetime) -> None:
    """Append that somebody said *not now* to an offer; once is enough."""
    statement = insert_once(tx, tables.StepDeclined).values(
        workspace_id=workspace_id, followed_up_id=followed_up_id, told_at=now
    )
    tx.execute(statement)


def declined(tx: Tx, person_id: int) -> dict[int, list[datetime]]:
    """Return when a person said *not now* to offers, by stakeholder id, oldest first."""
    said, asked, place = tables.StepDeclined, tables.FollowedUp, tables.Stakeholder
    rows = tx.execute(
        select(asked.stakeholder_id, said.told_at)
        .join(asked, asked.id == said.followed_up_id)
        .join(place, place.id == asked.stakeholder_id)
        .where(place.person_id == person_id)
        .order_by(said.id)
    )
    found: dict[int, list[datetime]] = {}
    for row in rows:
        found.setdefault(row.stakeholder_id, []).append(row.told_at)
    return found
