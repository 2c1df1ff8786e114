"""What gets in people's way, and what owners do about it, in the database."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    Table,
    and_,
    bindparam,
    func,
    insert,
    or_,
    select,
    update,
)

from bot.domain.barriers import (
    Barrier,
    BarrierFact,
    BarrierReply,
    Event,
    Known,
    ReplyKind,
    Total,
    Totals,
)
from bot.domain.followups import FollowUp
from bot.domain.initiatives import Place, Stakeholder
from storage import tables, texts
from storage.database import Tx
from storage.outbox import insert_once

_fact = cast(Table, tables.BarrierFact.__table__)
_reply = cast(Table, tables.BarrierReply.__table__)
_totals = cast(Table, tables.BarrierTotals.__table__)
_place = cast(Table, tables.Stakeholder.__table__)
_person = cast(Table, tables.Person.__table__)
_owner = cast(Table, tables.InitiativeOwner.__table__)
_followed = cast(Table, tables.FollowedUp.__table__)

_FACTS = select(
    _fact.c.id,
    _fact.c.stakeholder_id,
    _fact.c.event,
    _fact.c.code,
    _fact.c.by_name,
    _fact.c.told_at,
    _fact.c.words_id,
    _fact.c.ask_id,
)
_NEWEST = (  # read after every tap that finishes a check-in, so it is built once
    _FACTS.where(_fact.c.stakeholder_id == bindparam("stakeholder_id"))
    .order_by(_fact.c.id.desc())
    .limit(1)
)


def newest(tx: Tx, stakeholder_id: int) -> BarrierFact | None:
    """Return what holds about one person, or None if they never named anything."""
    row = tx.connection().execute(_NEWEST, {"stakeholder_id": stakeholder_id}).one_or_none()
    return _to_fact(row) if row else None


def of_place(tx: Tx, stakeholder_id: int) -> list[BarrierFact]:
    """Return everything one person said of it about one initiative, newest first."""
    mine = _FACTS.where(_fact.c.stakeholder_id == stakeholder_id)
    return [_to_fact(row) for row in tx.execute(mine.order_by(_fact.c.id.desc()))]


def picked(tx: Tx, ask_id: int) -> BarrierFact | None:
    """Return what was named last after one check-in, or None if nothing was."""
    named = _FACTS.where(_fact.c.ask_id == ask_id).order_by(_fact.c.id.desc()).limit(1)
    row = tx.execute(named).one_or_none()
    return _to_fact(row) if row else None


def known(tx: Tx, initiative_id: int, stakeholder_ids: Sequence[int] | None = None) -> Known:
    """Return what holds in an initiative; with `stakeholder_ids` only the facts of those."""
    last = select(func.max(_fact.c.id)).where(_fact.c.initiative_id == initiative_id)
    if stakeholder_ids is not None:
        last = last.where(_fact.c.stakeholder_id.in_(stakeholder_ids))
    last = last.group_by(_fact.c.stakeholder_id)
    facts = [_to_fact(row) for row in tx.execute(_FACTS.where(_fact.c.id.in_(last)))]
    if not facts:
        return Known()
    words = texts.words_of(tx, [fact.words_id for fact in facts])
    return Known(facts, replies(tx, initiative_id), totals(tx, initiative_id), words)


def add(
    tx: Tx,
    place: Stakeholder,
    said: tuple[Event, Barrier, bool],
    now: datetime,
    ask_id: int | None = None,
    words_id: int | None = None,
) -> int:
    """Append what a person `said`: what happened, about what, and whether with their name."""
    event, code, by_name = said
    statement = insert(_fact).values(
        workspace_id=place.workspace_id,
        initiative_id=place.initiative_id,
        stakeholder_id=place.id,
        ask_id=ask_id,
        event=event.value,
        code=code.value,
        by_name=by_name,
        words_id=words_id,
        told_at=now,
    )
    fact_id: int = tx.scalars(statement.returning(_fact.c.id)).one()
    return fact_id


def attend(tx: Tx, stakeholder_ids: Collection[int], at: datetime | None) -> None:
    """Note since when something open asks for attention at these places, None that nothing does.

    The clock looks at them again where something does.
    """
    if stakeholder_ids:
        values = {"barrier_at": at} if at is None else {"barrier_at": at, "next_due_at": at}
        tx.execute(update(_place).where(_place.c.id.in_(stakeholder_ids)).values(**values))


def attended(tx: Tx, initiative_id: int) -> set[int]:
    """Return the places of an initiative where something open asks for attention."""
    here = _place.c.initiative_id == initiative_id, _place.c.barrier_at.is_not(None)
    return set(tx.scalars(select(_place.c.id).where(*here)))


def asked_since(tx: Tx, initiative_id: int, since: datetime) -> set[int]:
    """Return the stakeholder ids of who was asked what gets in the way, since `since`."""
    rows = tx.scalars(
        select(_followed.c.stakeholder_id).where(
            _followed.c.initiative_id == initiative_id,
            _followed.c.kind == FollowUp.BARRIER.value,
            _followed.c.asked_at >= since,
        )
    )
    return set(rows)


# --- what owners do ------------------------------------------------------------------------------


def replies(tx: Tx, initiative_id: int) -> dict[Barrier, BarrierReply]:
    """Return the newest reply to each thing that was named."""
    last = select(func.max(_reply.c.id)).where(_reply.c.initiative_id == initiative_id)
    rows = tx.execute(select(_reply).where(_reply.c.id.in_(last.group_by(_reply.c.code))))
    return {Barrier(row.code): _to_reply(row) for row in rows}


def reply(tx: Tx, reply_id: int) -> BarrierReply | None:
    """Return one reply, or None if it is not there."""
    row = tx.execute(select(_reply).where(_reply.c.id == reply_id)).one_or_none()
    return _to_reply(row) if row else None


def add_reply(
    tx: Tx,
    workspace_id: int,
    to: tuple[int, Barrier],
    kind: ReplyKind,
    words_id: int | None,
    replied_by_id: int,
    now: datetime,
) -> int:
    """Append an owner's reply `to` (initiative id, what was named); return its id."""
    statement = insert(_reply).values(
        workspace_id=workspace_id,
        initiative_id=to[0],
        code=to[1].value,
        kind=kind.value,
        words_id=words_id,
        replied_by_id=replied_by_id,
        replied_at=now,
    )
    reply_id: int = tx.scalars(statement.returning(_reply.c.id)).one()
    return reply_id


# --- numbers -------------------------------------------------------------------------------------


def totals(tx: Tx, initiative_id: int) -> Totals | None:
    """Return what was published last, None if no round has closed since anybody named anything."""
    here = select(_totals).where(_totals.c.initiative_id == initiative_id)
    row = tx.execute(here.order_by(_totals.c.id.desc()).limit(1)).one_or_none()
    return _to_totals(row) if row else None


def add_totals(
    tx: Tx, workspace_id: int, initiative_id: int, published: Totals, now: datetime
) -> None:
    """Write what was published of a round; what is there stays as it is."""
    told = {
        code.value: {"people": total.people, "since": total.since.isoformat()}
        for code, total in published.told.items()
    }
    statement = insert_once(tx, _totals).values(
        workspace_id=workspace_id,
        initiative_id=initiative_id,
        cycle_id=published.cycle_id,
        told=told,
        basis={str(one): code.value for one, code in published.basis.items()},
        published_at=now,
    )
    tx.execute(statement)


# --- what owners owe -----------------------------------------------------------------------------


def owed(initiative_id: ColumnElement[int]) -> tuple[ScalarSelect[datetime], ScalarSelect[int]]:
    """Return since when the oldest of what is read by name has no answer, and the newest numbers.

    Two columns for a statement about initiatives: by name only what somebody who leads it now may
    read, since they lead it; of the numbers the id, for `unanswered`.
    """
    newest = select(func.max(_totals.c.id)).where(_totals.c.initiative_id == initiative_id)
    return _unanswered(initiative_id).scalar_subquery(), newest.scalar_subquery()


def unanswered(tx: Tx, totals_ids: Collection[int]) -> dict[int, datetime]:
    """Return since when the oldest of these numbers has no answer, by initiative."""
    if not totals_ids:
        return {}
    found = {}
    for row in tx.execute(select(_totals).where(_totals.c.id.in_(totals_ids))):
        told = _to_totals(row).told
        answers = replies(tx, row.initiative_id) if told else {}
        waiting = [
            total.since
            for code, total in told.items()
            if code not in answers or answers[code].at < total.since
        ]
        if waiting:
            found[row.initiative_id] = min(waiting)
    return found


def _unanswered(initiative_id: ColumnElement[int]) -> Select[Any]:
    later = _fact.alias("later")
    superseded = select(later.c.id).where(
        later.c.stakeholder_id == _fact.c.stakeholder_id, later.c.id > _fact.c.id
    )
    last = _reply.alias("last")
    reply_id = (
        select(func.max(last.c.id))
        .where(last.c.initiative_id == _fact.c.initiative_id, last.c.code == _fact.c.code)
        .scalar_subquery()
    )
    return (
        select(func.min(_fact.c.told_at))
        .join(_place, _place.c.id == _fact.c.stakeholder_id)
        .join(_person, _person.c.id == _place.c.person_id)
        .join(_owner, _owner.c.initiative_id == _fact.c.initiative_id)
        .outerjoin(_reply, _reply.c.id == reply_id)
        .where(
            _fact.c.initiative_id == initiative_id,
            _fact.c.event != Event.SOLVED.value,
            _fact.c.code != Barrier.RATHER_NOT_SAY.value,
            _fact.c.by_name.is_(True),
            _place.c.status.in_([Place.ACTIVE.value, Place.STOPPED.value]),
            _place.c.group_only_at.is_(None),
            _person.c.group_only_at.is_(None),
            _owner.c.until.is_(None),
            _owner.c.since <= _fact.c.told_at,
            ~superseded.exists(),
            _has_no_answer(),
        )
    )


def _has_no_answer() -> ColumnElement[bool]:
    """Return what `barriers.is_answered` and `is_closed` say, as a condition."""
    again = or_(_fact.c.event == Event.NOT_SOLVED.value, _reply.c.kind == ReplyKind.SOLVED.value)
    return or_(_reply.c.id.is_(None), and_(_fact.c.told_at > _reply.c.replied_at, again))


# --- rows ----------------------------------------------------------------------------------------


def _to_fact(row: Any) -> BarrierFact:
    event, code = Event(row.event), Barrier(row.code)
    return BarrierFact(
        id=row.id,
        stakeholder_id=row.stakeholder_id,
        event=event,
        code=code,
        by_name=row.by_name,
        at=row.told_at,
        words_id=row.words_id,
        ask_id=row.ask_id,
    )


def _to_reply(row: Any) -> BarrierReply:
    code, kind = Barrier(row.code), ReplyKind(row.kind)
    return BarrierReply(row.id, row.initiative_id, code, kind, row.replied_at, row.words_id)


def _to_totals(row: Any) -> Totals:
    told = {
        Barrier(code): Total(one["people"], datetime.fromisoformat(one["since"]))
        for code, one in row.told.items()
    }
    basis = {int(one): Barrier(code) for one, code in row.basis.items()}
    return Totals(row.cycle_id, told, basis)
