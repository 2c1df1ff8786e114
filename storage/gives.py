"""Gives in the database: what was given to whom, and what could be."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    Table,
    bindparam,
    delete,
    exists,
    func,
    or_,
    select,
    tuple_,
    update,
)

from bot.domain.gives import LOOKS_BACK, OF_A_POST, Give, GiveKind
from bot.domain.initiatives import Place, Visibility
from bot.domain.inputs import Outcome
from bot.domain.progress import PostKind
from storage import tables
from storage.database import Tx
from storage.outbox import insert_once
from storage.pacing import ATTENDED

_give = cast(Table, tables.Give.__table__)
_post = cast(Table, tables.ProgressPost.__table__)
_input = cast(Table, tables.Input.__table__)
_reply = cast(Table, tables.InputReply.__table__)
_OF_PLACES = (  # built once: the clock asks it with every batch
    select(
        _give.c.id,
        _give.c.stakeholder_id,
        _give.c.kind,
        _give.c.subject_id,
        _give.c.decided_at,
    )
    .where(
        _give.c.stakeholder_id.in_(bindparam("ids", expanding=True)),
        _give.c.created_at > bindparam("since"),
    )
    .order_by(_give.c.id)
)

_place = cast(Table, tables.Stakeholder.__table__)
_person = cast(Table, tables.Person.__table__)
_initiative = cast(Table, tables.Initiative.__table__)
_RECEIVERS = (
    select(
        _place.c.id,
        _place.c.workspace_id,
        _place.c.initiative_id,
        _place.c.person_id,
        _place.c.asked_at,
    )
    .join(_person, _person.c.id == _place.c.person_id)
    .join(_initiative, _initiative.c.id == _place.c.initiative_id)
    .where(
        _place.c.initiative_id == bindparam("of"),
        _place.c.status == Place.ACTIVE.value,
        ATTENDED,
        _place.c.asked_at.is_not(None),
        _place.c.fewer_at.is_(None),
        *(
            or_(until.is_(None), until <= bindparam("now"))
            for until in (_place.c.paused_until, _place.c.snoozed_until)
        ),
        _initiative.c.visibility == Visibility.NAMED.value,
        _place.c.group_only_at.is_(None),
        _person.c.group_only_at.is_(None),
        _person.c.stopped_at.is_(None),
        _person.c.is_deleted.is_(False),
    )
    .order_by(_place.c.id)
)

USED = (Outcome.USED.value, Outcome.PARTLY.value)


@dataclass(frozen=True, slots=True)
class Row:
    """A give of one stakeholder; not decided = it waits for its week."""

    id: int
    stakeholder_id: int
    kind: GiveKind
    subject_id: int
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class Post:
    """The newest post of an initiative that says what changed."""

    id: int
    posted_at: datetime


@dataclass(frozen=True, slots=True)
class NewGive:
    """A give to add, decided or offered."""

    workspace_id: int
    initiative_id: int
    stakeholder_id: int
    person_id: int
    kind: GiveKind
    subject_id: int


@dataclass(frozen=True, slots=True)
class Receiver:
    """Somebody whom attention is due and who would get something now."""

    id: int
    workspace_id: int
    initiative_id: int
    person_id: int
    asked_at: datetime
    attention: bool = True


def receivers(tx: Tx, initiative_id: int, now: datetime) -> list[Receiver]:
    """Return those of an initiative whom attention is due and who would get something now.

    Nobody in group figures is among them.
    """
    return [Receiver(*row) for row in tx.execute(_RECEIVERS, {"of": initiative_id, "now": now})]


def of_places(tx: Tx, stakeholder_ids: Collection[int], now: datetime) -> dict[int, list[Row]]:
    """Return the gives of stakeholders, oldest first: waiting ones, and those of `LOOKS_BACK`."""
    found: dict[int, list[Row]] = defaultdict(list)
    wanted = {"ids": list(stakeholder_ids), "since": now - LOOKS_BACK}
    for row in tx.execute(_OF_PLACES, wanted):
        place = row.stakeholder_id
        found[place].append(Row(row.id, place, GiveKind(row.kind), row.subject_id, row.decided_at))
    return found


def newest_posts(tx: Tx, initiative_ids: Collection[int]) -> dict[int, Post]:
    """Return each initiative's newest post that says what changed."""
    newest = (
        select(func.max(_post.c.id))
        .where(
            _post.c.initiative_id.in_(initiative_ids),
            _post.c.kind == PostKind.POST.value,
            _post.c.posted_at.is_not(None),
            _post.c.changed_id.is_not(None),
        )
        .group_by(_post.c.initiative_id)
    )
    columns = (_post.c.initiative_id, _post.c.id, _post.c.posted_at)
    rows = tx.execute(select(*columns).where(_post.c.id.in_(newest)))
    return {row.initiative_id: Post(row.id, row.posted_at) for row in rows}


def heard(tx: Tx, pairs: Iterable[tuple[int, int]]) -> dict[tuple[int, int], datetime]:
    """Return since when somebody's input is used, at least in part, by (person, initiative)."""
    wanted = list(pairs)
    if not wanted:
        return {}
    statement = (
        select(_input.c.person_id, _input.c.initiative_id, func.min(_reply.c.replied_at))
        .join(_reply, _reply.c.input_id == _input.c.id)
        .where(
            tuple_(_input.c.person_id, _input.c.initiative_id).in_(wanted),
            _reply.c.outcome.in_(USED),
        )
        .group_by(_input.c.person_id, _input.c.initiative_id)
    )
    return {(row[0], row[1]): row[2] for row in tx.execute(statement)}


def add(
    tx: Tx, new: Sequence[NewGive], now: datetime, decided_at: datetime | None
) -> dict[int, int]:
    """Add gives; return their ids by stakeholder, without those there already.

    `decided_at` is when they are queued; None lets them wait for their week.
    """
    if not new:
        return {}
    common = {"created_at": now, "decided_at": decided_at}
    rows = [asdict(one) | {"kind": one.kind.value} | common for one in new]
    added = insert_once(tx, tables.Give).returning(tables.Give.stakeholder_id, tables.Give.id)
    return {row.stakeholder_id: row.id for row in tx.execute(added, rows)}


def lines(tx: Tx, initiative_id: int, since: datetime) -> dict[int, int]:
    """Return to how many people the lines go that owners wrote since `since`, by text id."""
    statement = (
        select(_give.c.subject_id, func.count())
        .where(
            _give.c.initiative_id == initiative_id,
            _give.c.kind == GiveKind.OWNER_LINE.value,
            _give.c.created_at >= since,
        )
        .group_by(_give.c.subject_id)
    )
    return {row[0]: row[1] for row in tx.execute(statement)}


def mark_decided(tx: Tx, give_ids: Collection[int], at: datetime | None) -> None:
    """Note when gives were queued; None: they did not arrive and may be given after all."""
    if give_ids:
        tx.execute(update(_give).where(_give.c.id.in_(give_ids)).values(decided_at=at))


def take_back_from(tx: Tx, stakeholder_ids: Collection[int], kinds: Collection[GiveKind]) -> None:
    """Delete what waits for these people of these kinds: it is out of date."""
    waiting = _give.c.stakeholder_id.in_(stakeholder_ids), _give.c.decided_at.is_(None)
    tx.execute(delete(_give).where(*waiting, _give.c.kind.in_([kind.value for kind in kinds])))


def get(tx: Tx, give_id: int) -> tuple[Give, int] | None:
    """Return a give and the id of whom it is for, or None if it is not there."""
    columns = (_give.c.id, _give.c.kind, _give.c.subject_id, _give.c.stakeholder_id)
    row = tx.execute(select(*columns).where(_give.c.id == give_id)).one_or_none()
    if row is None:
        return None
    return Give(GiveKind(row.kind), row.subject_id, row.id), row.stakeholder_id


def was_given(person_id: Any, post_id: Any) -> ColumnElement[bool]:
    """Return the condition that a person got the words of a post on their own."""
    return exists().where(
        _give.c.person_id == person_id,
        _give.c.subject_id == post_id,
        _give.c.kind.in_([kind.value for kind in OF_A_POST]),
        _give.c.decided_at.is_not(None),
    )


def take_back(tx: Tx, kinds: Collection[GiveKind], subject_ids: Collection[int]) -> None:
    """Delete gives about these subjects that were not decided yet: nobody gets them any more."""
    waiting = _give.c.decided_at.is_(None)
    of_kind = _give.c.kind.in_([kind.value for kind in kinds])
    mine = of_kind & _give.c.subject_id.in_(list(subject_ids))
    tx.execute(delete(_give).where(mine, waiting))
