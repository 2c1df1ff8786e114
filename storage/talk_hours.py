"""Hours for talks in the database: a dated setting of a person, of which the newest holds."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import insert, select

from bot.domain.people import Person, Setting
from bot.domain.talk_hours import TalkHours, from_stored
from storage import tables
from storage.database import Tx


def of_people(tx: Tx, person_ids: Collection[int]) -> dict[int, TalkHours]:
    """Return the hours of those of `person_ids` who ever set any."""
    table = tables.PersonSetting
    rows = tx.execute(
        select(table.person_id, table.value)
        .where(table.person_id.in_(person_ids), table.kind == Setting.TALK_HOURS.value)
        .order_by(table.set_at, table.id)
    )
    return {row.person_id: from_stored(row.value) for row in rows}


def set_(tx: Tx, person: Person, hours: TalkHours, now: datetime) -> None:
    """Append the hours that hold from `now` on."""
    tx.execute(
        insert(tables.PersonSetting).values(
            workspace_id=person.workspace_id,
            person_id=person.id,
            kind=Setting.TALK_HOURS.value,
            value=hours.stored(),
            set_at=now,
        )
    )
