"""People in the database: the directory, and what each chose over all initiatives."""

import functools
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Insert, Row, Table, bindparam, insert, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from bot.domain.people import Actor, Person, Profile, Setting
from storage import tables
from storage.database import Tx
from storage.outbox import insert_once
from storage.times import TIMES, to_times

_person = cast(Table, tables.Person.__table__)
_BY_SLACK_IDS = select(_person).where(
    _person.c.workspace_id == bindparam("workspace_id"),
    _person.c.slack_user_id.in_(bindparam("slack_ids", expanding=True)),
)

AT_ONCE = 5000
"""How many ids go into one statement: both databases limit its parameters to about 32,000."""


def find(tx: Tx, actor: Actor) -> Person | None:
    """Return the person who acts, or None if nobody told us about them yet."""
    return by_slack_ids(tx, actor.workspace_id, [actor.slack_user_id]).get(actor.slack_user_id)


def by_id(tx: Tx, person_id: int) -> Person:
    """Return the person with this id of ours."""
    return to_person(tx.get_one(tables.Person, person_id, populate_existing=True))


def lock(tx: Tx, person_id: int) -> Person:
    """Lock the person with this id of ours and return them as they are now."""
    locked = select(tables.Person).where(tables.Person.id == person_id)
    statement = locked.with_for_update(key_share=True).execution_options(populate_existing=True)
    return to_person(tx.scalars(statement).one())


def by_slack_ids(tx: Tx, workspace_id: int, slack_user_ids: Sequence[str]) -> dict[str, Person]:
    """Return who is known of `slack_user_ids`, by Slack's id."""
    found: dict[str, Person] = {}
    for some in _portions(sorted(set(slack_user_ids))):
        rows = tx.execute(_BY_SLACK_IDS, {"workspace_id": workspace_id, "slack_ids": list(some)})
        found |= {row.slack_user_id: to_person(row) for row in rows}
    return found


def add(tx: Tx, actor: Actor, now: datetime) -> None:
    """Add a person of whom only the id is known; one who is there already is left alone."""
    values = {
        "workspace_id": actor.workspace_id,
        "slack_user_id": actor.slack_user_id,
        "name": "",
        "tz": "UTC",
        "seen_at": now,
    }
    tx.execute(insert_once(tx, tables.Person).values(values))


def learn(tx: Tx, workspace_id: int, profiles: Sequence[Profile], now: datetime) -> None:
    """Write what the directory says now: adds people, changes those who are there."""
    if profiles:
        rows = [_row(workspace_id, profile, now) for profile in profiles]
        tx.execute(_upsert(tx.get_bind().dialect.name), rows)


def _row(workspace_id: int, profile: Profile, now: datetime) -> dict[str, Any]:
    return {
        "workspace_id": workspace_id,
        "slack_user_id": profile.slack_user_id,
        "name": profile.name[:255],
        "tz": profile.tz,
        "locale": profile.locale,
        "is_bot": profile.is_bot,
        "is_deleted": profile.is_deleted,
        "is_guest": profile.is_guest,
        "is_stranger": profile.is_stranger,
        "seen_at": now,
    }


@functools.cache
def _upsert(dialect: str) -> Insert:
    statement = (sqlite_insert if dialect == "sqlite" else postgres_insert)(_person)
    told = ("name", "tz", "locale", "is_bot", "is_deleted", "is_guest", "is_stranger", "seen_at")
    return statement.on_conflict_do_update(
        index_elements=["workspace_id", "slack_user_id"],
        set_={name: statement.excluded[name] for name in told},
    )


def add_setting(tx: Tx, person: Person, setting: Setting, now: datetime) -> None:
    """Append a choice over all initiatives and set its projection on the person."""
    tx.execute(
        insert(tables.PersonSetting).values(
            workspace_id=person.workspace_id,
            person_id=person.id,
            kind=setting.value,
            value={},
            set_at=now,
        )
    )
    projection: dict[Setting, dict[str, Any]] = {
        Setting.STOP_ALL: {"stopped_at": now},
        Setting.RESUME_ALL: {"stopped_at": None},
        Setting.GROUP_ONLY: {"group_only_at": now},
    }
    change = update(tables.Person).where(tables.Person.id == person.id)
    tx.execute(change.values(**projection[setting]))


def note_synced(tx: Tx, workspace_id: int, now: datetime) -> None:
    """Remember that the whole directory was read at `now`."""
    change = update(tables.Workspace).where(tables.Workspace.id == workspace_id)
    tx.execute(change.values(directory_synced_at=now))


def last_synced(tx: Tx, workspace_id: int) -> datetime | None:
    """Return when the whole directory was read last."""
    synced = select(tables.Workspace.directory_synced_at)
    return tx.scalars(synced.where(tables.Workspace.id == workspace_id)).one()


def to_person(row: tables.Person | Row[Any]) -> Person:
    """Return the dataclass for a row of the table, read with or without the ORM."""
    return Person(
        id=row.id,
        workspace_id=row.workspace_id,
        slack_user_id=row.slack_user_id,
        name=row.name,
        tz=row.tz,
        is_bot=row.is_bot,
        is_deleted=row.is_deleted,
        is_guest=row.is_guest,
        is_stranger=row.is_stranger,
        stopped=row.stopped_at is not None,
        group_only=row.group_only_at is not None,
        times=to_times(*(getattr(row, name) for name in TIMES)),
    )


def _portions(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), AT_ONCE):
        yield ids[start : start + AT_ONCE]
