"""Calendar feeds in the database: sealed addresses, and the busy times of their last reading."""

import functools
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from sqlalchemy import Select, Table, bindparam, delete, insert, select, update

from bot.domain.busy import Feed, Problem, Reading, Window
from storage import tables
from storage.database import Tx

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)

_feed = cast(Table, tables.CalendarFeed.__table__)


@dataclass(frozen=True, slots=True)
class Due:
    """A feed to be read: whose, in which zone they are, and where."""

    id: int
    person_id: int
    tz: str
    address: str
    """Sealed."""
    since: datetime


def put(
    tx: Tx,
    workspace_id: int,
    person_id: int,
    address: str,
    reading: Reading,
    now: datetime,
    again: datetime,
) -> None:
    """Keep the feed of a person, which takes the place of the one before."""
    forget(tx, person_id)
    tx.execute(
        insert(_feed).values(
            workspace_id=workspace_id,
            person_id=person_id,
            address=address,
            since=now,
            next_read_at=again,
            tried_at=now,
            **_worked(reading, now),
        )
    )


def forget(tx: Tx, person_id: int) -> bool:
    """Delete the feed of a person with all its busy times; return whether there was one."""
    gone = delete(_feed).where(_feed.c.person_id == person_id).returning(_feed.c.id)
    return tx.execute(gone).first() is not None


def of_person(tx: Tx, person_id: int) -> Feed | None:
    """Return how a person's feed is doing, or None if they gave none."""
    columns = _feed.c
    row = tx.execute(
        select(
            columns.since,
            columns.worked_at,
            columns.problem,
            columns.tried_at,
            columns.busy,
            columns.unread,
        ).where(columns.person_id == person_id)
    ).first()
    if row is None:
        return None
    problem = Problem(row.problem) if row.problem else None
    busy = tuple(_windows(row.busy))
    return Feed(row.since, row.worked_at, problem, row.tried_at, busy, row.unread)


def of_people(tx: Tx, person_ids: Collection[int]) -> dict[int, tuple[Window, ...]]:
    """Return the busy times of those of `person_ids` who gave a feed."""
    held = select(_feed.c.person_id, _feed.c.busy).where(_feed.c.person_id.in_(person_ids))
    return {row.person_id: tuple(_windows(row.busy)) for row in tx.execute(held)}


def is_due(tx: Tx, workspace_id: int, now: datetime) -> bool:
    """Return whether any feed is to be read at `now`."""
    given = {"workspace": workspace_id, "now": now}
    return tx.execute(_any_due(), given).first() is not None


@functools.cache  # built once: every minute asks it
def _any_due() -> Select[int]:
    columns = _feed.c
    return (
        select(columns.id)
        .where(
            columns.workspace_id == bindparam("workspace"),
            columns.next_read_at <= bindparam("now"),
        )
        .limit(1)
    )


def due(tx: Tx, workspace_id: int, now: datetime, limit: int) -> list[Due]:
    """Lock and return at most `limit` feeds that are to be read at `now`, longest due first."""
    person, columns = tables.Person, _feed.c
    rows = tx.execute(
        select(
            person.is_deleted,
            columns.id,
            columns.person_id,
            person.tz,
            columns.address,
            columns.since,
        )
        .join(person, person.id == columns.person_id)
        .where(columns.workspace_id == workspace_id, columns.next_read_at <= now)
        .order_by(columns.next_read_at, columns.id)
        .limit(limit)
        .with_for_update(of=_feed, skip_locked=True)
    )
    found = []
    for is_deleted, *values in rows.all():
        one = Due(*values)
        if is_deleted:  # who left the workspace has no more talks here
            forget(tx, one.person_id)
        else:
            found.append(one)
    return found


def look_again(tx: Tx, person_ids: Collection[int], before: datetime, now: datetime) -> None:
    """Have the feeds of `person_ids` read at `now` that nobody tried to read since `before`."""
    columns = _feed.c
    old = (columns.tried_at < before, columns.next_read_at > now)
    again = update(_feed).where(columns.person_id.in_(person_ids), *old)
    tx.execute(again.values(next_read_at=now))


def begin(tx: Tx, feed_ids: Sequence[int], now: datetime, again: datetime) -> None:
    """Write that the feeds are being read, so that nobody else does before `again`."""
    if feed_ids:
        _set(tx, feed_ids, tried_at=now, next_read_at=again)


def worked(tx: Tx, one: Due, reading: Reading, now: datetime, again: datetime) -> bool:
    """Keep what was read; return False if another address was given meanwhile."""
    return _settle(tx, one, next_read_at=again, tried_at=now, **_worked(reading, now))


def failed(tx: Tx, one: Due, problem: Problem, now: datetime, again: datetime) -> bool:
    """Keep why it could not be read; the busy times stay. False as for `worked`."""
    return _settle(tx, one, next_read_at=again, tried_at=now, problem=problem.value)


def _worked(reading: Reading, now: datetime) -> dict[str, Any]:
    return {
        "worked_at": now,
        "problem": None,
        "busy": [[_minute(start), _minute_after(end)] for start, end in reading.busy],
        "unread": reading.unread,
    }


def _set(tx: Tx, feed_ids: Sequence[int], **values: Any) -> None:
    tx.execute(update(_feed).where(_feed.c.id.in_(feed_ids)).values(**values))


def _settle(tx: Tx, one: Due, **values: Any) -> bool:
    same = update(_feed).where(_feed.c.id == one.id, _feed.c.since == one.since)
    return tx.execute(same.values(**values).returning(_feed.c.id)).first() is not None


def _minute(moment: datetime) -> int:
    return (moment - EPOCH) // MINUTE


def _minute_after(moment: datetime) -> int:
    return -((EPOCH - moment) // MINUTE)


def _windows(stored: Iterable[Sequence[int]]) -> Iterable[Window]:
    return ((EPOCH + start * MINUTE, EPOCH + end * MINUTE) for start, end in stored)
