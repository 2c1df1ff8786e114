"""Two years of answers in bulk, made by the database itself: a million rows in seconds."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Index, Table, insert, text
from sqlalchemy.schema import CreateIndex, DropIndex

from storage import tables
from storage.database import SqliteDatabase, Tx, open_database
from tests.benchmarks import world
from tests.benchmarks.world import ROUND, Size

ROUNDS = 50
"""Closed ones, of two weeks each; another is open and nobody was asked in it yet."""

FACTS = ROUNDS * 4
"""A check-in that arrived and three answers, each round."""

BULK: tuple[Table, ...] = (tables.Ask.__table__, tables.Answer.__table__)  # type: ignore[assignment]

ASKS = """
    INSERT INTO ask (workspace_id, initiative_id, stakeholder_id, person_id, cycle_id,
        plan_version_id, origin, slot, visibility, question_version, opened_at, delivered_at,
        closed_at, end_reason, revision)
    SELECT 1, place.initiative_id, place.id, place.person_id, cycle.id, place.initiative_id,
        'app', cycle.number * 2, 'named', 1, {opened}, {opened}, cycle.closed_at,
        'round_closed', 3
    FROM cycle JOIN stakeholder AS place ON place.initiative_id = cycle.initiative_id
    WHERE cycle.closed_at IS NOT NULL
    ORDER BY cycle.number, (place.id * 7919) % 100003
"""
ANSWERS = """
    INSERT INTO answer (workspace_id, ask_id, question, value, answered_at)
    SELECT 1, ask.id, asked.question,
        1 + (ask.stakeholder_id + (ask.id * 7 + asked.place * 3) % 3) % 5, {answered}
    FROM ask JOIN (SELECT 0 AS place, 'useful' AS question UNION ALL SELECT 1, 'sure'
        UNION ALL SELECT 2, 'effort') AS asked ON true
    ORDER BY ask.id, asked.place
"""
MINUTES = "540 + (place.id * 31 + cycle.number * 17) % 6000"
LATER = "60 + asked.place"
ON_SQLITE = {
    "opened": f"strftime('%Y-%m-%d %H:%M:%S.000000', cycle.opens_at, ({MINUTES}) || ' minutes')",
    "answered": f"strftime('%Y-%m-%d %H:%M:%S.000000', ask.opened_at, ({LATER}) || ' minutes')",
}
ON_POSTGRES = {
    "opened": f"cycle.opens_at + make_interval(mins => CAST({MINUTES} AS int))",
    "answered": f"ask.opened_at + make_interval(mins => {LATER})",
}


async def prepare(url: str, size: Size, now: datetime) -> None:
    """Fill an empty database: everyone was asked in each of the rounds and answered all of it."""
    database = open_database(url)
    on_sqlite = isinstance(database, SqliteDatabase)
    words = ON_SQLITE if on_sqlite else ON_POSTGRES
    if on_sqlite:
        await database.read(lambda tx: tx.execute(text("PRAGMA cache_size = -400000")))
    await database.write(_begin, size, now)
    for statement in (ASKS, ANSWERS):
        await database.write(_execute, statement.format(**words))
    await database.write(_indexes, CreateIndex)
    if not on_sqlite:
        await database.write(_execute, "ANALYZE")
    await database.close()


def _begin(tx: Tx, size: Size, now: datetime) -> None:
    world.fill(tx, size, now)
    started = {"at": _opens(1, now) - timedelta(days=2)}
    for change in (
        "UPDATE initiative SET started_at = :at",
        "UPDATE initiative_owner SET since = :at",
        "UPDATE stakeholder SET introduced_at = :at",
    ):
        tx.execute(text(change).bindparams(_moment("at")), started)
    tx.execute(text("DELETE FROM cycle"))
    initiatives = range(1, size.initiatives + 1)
    tx.execute(
        insert(tables.Cycle), [_cycle(n, one, now) for n in _numbers() for one in initiatives]
    )
    if tx.get_bind().dialect.name == "sqlite":
        tx.execute(text("PRAGMA cache_size = -400000"))
    _indexes(tx, DropIndex)


def _moment(name: str) -> Any:
    from sqlalchemy import bindparam

    from storage.types import UtcDateTime

    return bindparam(name, type_=UtcDateTime())


def _numbers() -> range:
    return range(1, ROUNDS + 2)


def _opens(number: int, now: datetime) -> datetime:
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight - timedelta(days=3) - ROUND * (ROUNDS + 1 - number)


def _cycle(number: int, initiative: int, now: datetime) -> dict[str, Any]:
    opens, closes = _opens(number, now), _opens(number + 1, now)
    return {
        "workspace_id": 1,
        "initiative_id": initiative,
        "number": number,
        "opens_at": opens,
        "closes_at": closes,
        "closed_at": closes if number <= ROUNDS else None,
    }


def _execute(tx: Tx, statement: str) -> None:
    tx.execute(text(statement))


def _indexes(tx: Tx, change: Any) -> None:
    for table in BULK:
        for index in sorted(table.indexes, key=_name):
            tx.execute(change(index))


def _name(index: Index) -> str:
    return str(index.name)
