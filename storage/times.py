"""When people can be written to, in the database: what they set, and Slack's do-not-disturb."""

import functools
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import (
    BindParameter,
    Integer,
    Select,
    Table,
    bindparam,
    func,
    insert,
    or_,
    select,
    union_all,
    update,
)

from bot.domain.outbox import State
from bot.domain.people import Person, Setting
from bot.domain.times import NOTHING_SET, Times
from storage import tables
from storage.database import Tx

Window = tuple[datetime, datetime]

TIMES = ("opens", "closes", "work_days", "holidays", "away_until", "quiet_from", "quiet_until")
"""Columns of a person that say when they can be written to."""

NONE_SET = (None,) * len(TIMES)

_person = cast(Table, tables.Person.__table__)


def to_times(*row: Any) -> Times:
    """Return what the columns `TIMES` of a person say."""
    if row == NONE_SET:
        return NOTHING_SET  # most people, so nothing is built for them
    opens, closes, days, holidays, away_until, quiet_from, quiet_until = row
    return Times(
        opens=opens,
        closes=closes,
        days=None if days is None else days_of(days),
        holidays=holidays,
        away_until=away_until,
        quiet=(quiet_from, quiet_until) if quiet_from and quiet_until else None,
    )


def days_of(written: str) -> frozenset[int]:
    """Return the days of the week (0 = Monday) that `work_days` holds."""
    return frozenset(int(sign) - 1 for sign in written)


def set_(
    tx: Tx,
    person: Person,
    setting: Setting,
    value: Mapping[str, Any],
    columns: Mapping[str, Any],
    now: datetime,
) -> None:
    """Append a choice, `value` ({} = as everybody), and set its projection on the person."""
    tx.execute(
        insert(tables.PersonSetting).values(
            workspace_id=person.workspace_id,
            person_id=person.id,
            kind=setting.value,
            value=dict(value),
            set_at=now,
        )
    )
    tx.execute(update(_person).where(_person.c.id == person.id).values(**columns))


def countries(tx: Tx) -> list[str]:
    """Return the places whose public holidays hold for anybody."""
    chosen = select(tables.Person.holidays).where(tables.Person.holidays != "").distinct()
    usual = select(tables.Workspace.holidays).where(tables.Workspace.holidays.is_not(None))
    return sorted({code for code in (*tx.scalars(chosen), *tx.scalars(usual)) if code})


# --- do-not-disturb ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of somebody's next do-not-disturb window; None = there is none."""

    person_id: int
    window: Window | None


def windows(tx: Tx, workspace_id: int, slack_user_ids: Sequence[str]) -> dict[str, Known]:
    """Return the windows of those of `slack_user_ids` whom we know, by Slack's id."""
    person = tables.Person
    rows = tx.execute(
        select(person.slack_user_id, person.id, person.quiet_from, person.quiet_until).where(
            person.workspace_id == workspace_id, person.slack_user_id.in_(slack_user_ids)
        )
    )
    return {
        row.slack_user_id: Known(
            row.id, (row.quiet_from, row.quiet_until) if row.quiet_from else None
        )
        for row in rows
    }


def set_windows(tx: Tx, told: Mapping[int, Window | None], now: datetime) -> None:
    """Keep the next windows, by person id, as read at `now`."""
    if not told:
        return
    change = update(_person).where(_person.c.id == bindparam("one"))
    values = change.values(
        quiet_from=bindparam("start"), quiet_until=bindparam("end"), quiet_read_at=now
    )
    rows = [
        {"one": person_id, "start": window and window[0], "end": window and window[1]}
        for person_id, window in told.items()
    ]
    tx.execute(values, rows)


def to_ask_about(
    tx: Tx, workspace_id: int, until: datetime, read_before: datetime, limit: int
) -> list[str]:
    """Return at most `limit` Slack ids of people who get something by `until`, soonest first.

    Left out are those whose window was read after `read_before`.
    """
    when = {"until": until, "read_before": read_before}
    rows = tx.scalars(_to_ask_about(), {"workspace_id": workspace_id, "most": limit, **when})
    return list(rows)


@functools.cache  # built once: the clock asks it before every tick
def _to_ask_about() -> Select[Any]:
    coming = union_all(*_coming()).subquery()
    person = tables.Person
    stale = person.quiet_read_at <= bindparam("read_before")
    return (
        select(person.slack_user_id)
        .join(coming, coming.c.person_id == person.id)
        .where(
            person.is_deleted.is_(False),
            person.stopped_at.is_(None),
            or_(person.quiet_read_at.is_(None), stale),
        )
        .group_by(person.id, person.slack_user_id)
        .order_by(func.min(coming.c.at), person.id)
        .limit(bindparam("most", type_=Integer))
    )


def _coming() -> Collection[Any]:
    place, row, lead = tables.Stakeholder, tables.Outbox, tables.InitiativeOwner
    workspace_id: BindParameter[Any] = bindparam("workspace_id")
    until: BindParameter[Any] = bindparam("until")
    return (
        select(place.person_id, place.next_due_at.label("at")).where(
            place.workspace_id == workspace_id, place.next_due_at <= until
        ),
        select(row.person_id, row.not_before.label("at")).where(
            row.workspace_id == workspace_id,
            row.state == State.QUEUED.value,
            row.not_before <= until,
            row.person_id.is_not(None),
        ),
        select(lead.person_id, lead.next_digest_at.label("at")).where(
            lead.workspace_id == workspace_id, lead.next_digest_at <= until
        ),
    )
