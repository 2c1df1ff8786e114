"""What pacing keeps of estimates: two words per place, and a count per initiative."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import Table, select, update

from storage import tables
from storage.database import Tx

_stakeholder = cast(Table, tables.Stakeholder.__table__)
_standing = cast(Table, tables.Standing.__table__)
_initiative = cast(Table, tables.Initiative.__table__)


@dataclass(frozen=True, slots=True)
class Row:
    """The weeks kept about one place, packed, and what pacing knew of it before."""

    stakeholder_id: int
    history: bytes
    attention: bool
    settled: bool


@dataclass(frozen=True, slots=True)
class Doubt:
    """For how many rounds in a row most people were probably not bought in, up to which one."""

    rounds: int
    up_to: int


def of_initiative(tx: Tx, initiative_id: int) -> list[Row]:
    """Return the places of an initiative that have an estimate."""
    attention, settled = _stakeholder.c.attention_at.is_not(None), _stakeholder.c.settled
    statement = (
        select(_standing.c.stakeholder_id, _standing.c.history, attention, settled)
        .join(_stakeholder, _stakeholder.c.id == _standing.c.stakeholder_id)
        .where(_standing.c.initiative_id == initiative_id)
    )
    return [Row(*row) for row in tx.execute(statement)]


def forget_others(tx: Tx, initiative_id: int, kept: Collection[int]) -> None:
    """Forget what pacing knew of places that have no estimate any more."""
    known = update(_stakeholder).where(
        _stakeholder.c.initiative_id == initiative_id,
        _stakeholder.c.attention_at.is_not(None) | _stakeholder.c.settled,
        _stakeholder.c.id.not_in(kept),
    )
    tx.execute(known.values(attention_at=None, settled=False))


def set_attention(tx: Tx, stakeholder_ids: Collection[int], at: datetime | None) -> None:
    """Note since when attention is due to these places, None that it is not any more.

    The clock looks at them again where it is due.
    """
    if stakeholder_ids:
        values = {"attention_at": at} if at is None else {"attention_at": at, "next_due_at": at}
        chosen = update(_stakeholder).where(_stakeholder.c.id.in_(stakeholder_ids))
        tx.execute(chosen.values(**values))


def set_settled(tx: Tx, stakeholder_ids: Collection[int], settled: bool) -> None:
    """Note whether these places are settled supporters'."""
    if stakeholder_ids:
        chosen = update(_stakeholder).where(_stakeholder.c.id.in_(stakeholder_ids))
        tx.execute(chosen.values(settled=settled))


def doubt(tx: Tx, initiative_id: int) -> Doubt:
    """Return for how long most people of an initiative were probably not bought in."""
    columns = (_initiative.c.doubted, _initiative.c.doubted_round)
    row = tx.execute(select(*columns).where(_initiative.c.id == initiative_id)).one()
    return Doubt(*row)


def set_doubt(tx: Tx, initiative_id: int, found: Doubt) -> None:
    """Note it after a further round."""
    chosen = update(_initiative).where(_initiative.c.id == initiative_id)
    tx.execute(chosen.values(doubted=found.rounds, doubted_round=found.up_to))
