"""What owners set while an initiative runs, in the database."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, func, insert, select, update

from bot.domain.initiatives import Initiative, Place
from bot.domain.outbox import PACED, Kind, State
from bot.domain.people import Choice, Person
from bot.domain.pulses import EndReason
from storage import tables
from storage.database import Tx
from storage.outbox import insert_once

_place = cast(Table, tables.Stakeholder.__table__)
_choice = cast(Table, tables.StakeholderChoice.__table__)
_owner = cast(Table, tables.InitiativeOwner.__table__)
_outbox = cast(Table, tables.Outbox.__table__)
_setting = cast(Table, tables.InitiativeSetting.__table__)
_ask = cast(Table, tables.Ask.__table__)

ASKING = [kind.value for kind in PACED]
WAITING = (State.QUEUED.value, State.CLAIMED.value)
OWNER = "owner"
"""The kind of a setting that is about who leads it; its value is the id of an owner's row."""

OWN_WORD = (Choice.STOP.value, Choice.NOT_MY_TOPIC.value, Choice.RESUME.value)
NO = {Choice.STOP: Place.STOPPED, Choice.NOT_MY_TOPIC: Place.NOT_MY_TOPIC}


@dataclass(frozen=True, slots=True)
class OwnerRow:
    """That somebody leads or led an initiative."""

    id: int
    initiative_id: int
    person_id: int
    since: datetime
    until: datetime | None


def change(tx: Tx, initiative_id: int, **values: Any) -> None:
    """Set columns of an initiative."""
    table = tables.Initiative
    tx.execute(update(table).where(table.id == initiative_id).values(**values))


def note(tx: Tx, initiative: Initiative, by: Person, kind: str, value: str, now: datetime) -> None:
    """Append what an owner set."""
    tx.execute(
        insert(_setting).values(
            workspace_id=initiative.workspace_id,
            initiative_id=initiative.id,
            person_id=by.id,
            kind=kind,
            value=value,
            made_at=now,
        )
    )


# --- a pause -------------------------------------------------------------------------------------


def drop_asking(tx: Tx, initiative_id: int, now: datetime) -> None:
    """Drop what waits to be sent to people; what was to be given may be given later."""
    waiting = _outbox.update().where(
        _outbox.c.initiative_id == initiative_id,
        _outbox.c.kind.in_(ASKING),
        _outbox.c.state.in_(WAITING),
    )
    ended = waiting.values(
        state=State.DROPPED.value, reason=EndReason.HALTED.value, ended_at=now
    ).returning(_outbox.c.kind, _outbox.c.subject_id)
    given = [row.subject_id for row in tx.execute(ended) if row.kind == Kind.GIVE.value]
    if given:
        give = tables.Give
        tx.execute(update(give).where(give.id.in_(given)).values(decided_at=None))


def offered_elsewhere(tx: Tx, initiative_id: int) -> list[int]:
    """Return the open check-ins that wait in the messages of other initiatives, unseen yet."""
    statement = select(_ask.c.id).where(
        _ask.c.initiative_id == initiative_id,
        _ask.c.closed_at.is_(None),
        _ask.c.host_id.is_not(None),
        _ask.c.delivered_at.is_(None),
    )
    return list(tx.scalars(statement))


# --- people --------------------------------------------------------------------------------------


def on_the_list(tx: Tx, initiative_id: int) -> int:
    """Return how many people are on the list, whatever they chose."""
    there = _place.c.status.not_in([one.value for one in Place if one.is_gone])
    counted = select(func.count()).where(_place.c.initiative_id == initiative_id, there)
    return tx.scalars(counted).one()


def add_places(
    tx: Tx, initiative: Initiative, people: Sequence[Person], by: Person, now: datetime
) -> None:
    """Give people a place that the clock decides about next; who has one keeps it as it is."""
    rows = [
        {
            "workspace_id": initiative.workspace_id,
            "initiative_id": initiative.id,
            "person_id": person.id,
            "status": Place.ACTIVE.value,
            "added_at": now,
            "added_by_id": by.id,
            "next_due_at": now,
        }
        for person in people
    ]
    if rows:
        tx.execute(insert_once(tx, _place), rows)


def own_word(tx: Tx, stakeholder_ids: Collection[int]) -> dict[int, Place]:
    """Return where people stand by their own last word, if that was a no."""
    newest = (
        select(func.max(_choice.c.id))
        .where(_choice.c.stakeholder_id.in_(stakeholder_ids), _choice.c.kind.in_(OWN_WORD))
        .group_by(_choice.c.stakeholder_id)
    )
    rows = tx.execute(
        select(_choice.c.stakeholder_id, _choice.c.kind).where(_choice.c.id.in_(newest))
    )
    return {row.stakeholder_id: NO[Choice(row.kind)] for row in rows if Choice(row.kind) in NO}


# --- owners --------------------------------------------------------------------------------------


def add_owner(
    tx: Tx, initiative: Initiative, person: Person, since: datetime, now: datetime
) -> int:
    """Have somebody lead an initiative; return the id of the row.

    `since` (aware) is from when on they read what people answer by name.
    """
    mine = (_owner.c.initiative_id == initiative.id) & (_owner.c.person_id == person.id)
    last = tx.scalar(select(func.max(_owner.c.since)).where(mine))
    if last is not None and last >= since:  # added and taken out before within one round
        since = last + timedelta(microseconds=1)
    added = insert(_owner).values(
        workspace_id=initiative.workspace_id,
        initiative_id=initiative.id,
        person_id=person.id,
        since=since,
        next_digest_at=now,
    )
    made: int = tx.scalars(added.returning(_owner.c.id)).one()
    return made


def end_owners(
    tx: Tx, initiative_id: int, person_ids: Collection[int], now: datetime
) -> dict[int, int]:
    """Have people lead an initiative no more; return the ids of the rows by person."""
    ended = (
        update(_owner)
        .where(
            _owner.c.initiative_id == initiative_id,
            _owner.c.person_id.in_(person_ids),
            _owner.c.until.is_(None),
        )
        .values(until=now, next_digest_at=None)
        .returning(_owner.c.person_id, _owner.c.id)
    )
    return {row[0]: row[1] for row in tx.execute(ended)} if person_ids else {}


def owner(tx: Tx, row_id: int) -> OwnerRow | None:
    """Return one owner's row."""
    columns = (_owner.c.initiative_id, _owner.c.person_id, _owner.c.since, _owner.c.until)
    row = tx.execute(select(_owner.c.id, *columns).where(_owner.c.id == row_id)).one_or_none()
    return OwnerRow(*row) if row else None


def owner_changed_by(tx: Tx, row_id: int) -> str:
    """Return the name of who last changed that somebody leads an initiative, "" if unknown."""
    person = tables.Person
    statement = (
        select(person.name)
        .join(tables.InitiativeSetting, tables.InitiativeSetting.person_id == person.id)
        .where(
            tables.InitiativeSetting.kind == OWNER, tables.InitiativeSetting.value == str(row_id)
        )
        .order_by(tables.InitiativeSetting.id.desc())
        .limit(1)
    )
    return tx.scalars(statement).one_or_none() or ""
