"""What an owner reads of 1,000 people, among five million answers to other initiatives."""

import asyncio
import json
import os
import random
import statistics
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Table, func, insert, select, text

from bot.domain.cycles import Cycle
from bot.services import figures, snapshots, standings
from storage import migrate, tables
from storage.database import Database, Tx, open_database
from tests.benchmarks.postgres import Postgres
from tests.benchmarks.processes import ROOT
from tests.benchmarks.standing import ONE_THREAD
from tests.benchmarks.table import Line, milliseconds, show
from tests.benchmarks.world import ROUND, Row, slack_id

FIRST = datetime(2025, 1, 6, tzinfo=UTC)
ROUNDS = 26
NOW = FIRST + ROUND * ROUNDS + timedelta(days=3, hours=10)
"""In round 27, which a part of the people have answered."""

PEOPLE = 1000
TIMES = 50
QUESTIONS = ("useful", "sure", "effort")
SHIFTED = {
    "initiative_id": "initiative",
    "plan_version_id": "plan_version",
    "cycle_id": "cycle",
    "stakeholder_id": "stakeholder",
    "ask_id": "ask",
}
"""Columns that point at rows which every initiative has of its own."""

COPIED = (
    tables.Initiative,
    tables.InitiativeOwner,
    tables.PlanVersion,
    tables.Cycle,
    tables.Stakeholder,
    tables.Ask,
    tables.Answer,
    tables.GroupFigure,
    tables.Standing,
    tables.InitiativeSnapshot,
)


async def run(server: Postgres, place: Path, *, quick: bool) -> None:
    """Measure on both databases, alone and among the others, and print the table."""
    initiatives = 4 if quick else 82
    urls = {
        "SQLite": f"sqlite:///{place / 'digest.db'}",
        "PostgreSQL": await server.new_database("bench_digest"),
    }
    lines = []
    for name, url in urls.items():
        database = open_database(url)
        answers = await _prepare(database)
        lines.append(_line(f"{name}: {answers:,} answers, all its own", await _measured(url)))
        answers = await _copied(database, initiatives)
        lines.append(_line(f"{name}: {answers:,} answers in all", await _measured(url)))
        await database.close()
    show(f"The digest of {PEOPLE:,} people after {ROUNDS} rounds, median of {TIMES}", lines)


def _line(what: str, found: dict[str, Any]) -> Line:
    taken = found["taken"]
    how = f"{milliseconds(found['cpu'])} of CPU in the app; slowest {milliseconds(max(taken))}"
    return Line(what, milliseconds(statistics.median(taken)), "< 100 ms", how)


async def _measured(url: str) -> dict[str, Any]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.benchmarks.digest_child"),
        *(url, NOW.isoformat(), str(TIMES)),
        cwd=ROOT,
        env=os.environ | ONE_THREAD,  # as the app has it
        stdout=asyncio.subprocess.PIPE,
    )
    written, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError("digest_child failed; see above")
    found: dict[str, Any] = json.loads(written)
    return found


async def _prepare(database: Database) -> int:
    """Write one initiative, and keep its figures and standings as the clock does.

    Return how many answers there are.
    """
    await database.write(_fill)
    for number in range(1, ROUNDS + 1):
        cycle = Cycle(number, 1, number, *_window(number), _window(number)[1])
        await database.write(figures.publish, cycle, NOW)
    await database.write(standings.begin, 1, FIRST)
    while await database.write(snapshots.snapshot_due, NOW, 100):
        pass
    await database.write(_analyze)
    return await database.read(_answers_held)


def _analyze(tx: Tx) -> None:
    """Have PostgreSQL look at the sizes, as it does by itself a minute later."""
    if tx.get_bind().dialect.name == "postgresql":
        tx.execute(text("ANALYZE"))


async def _copied(database: Database, others: int) -> int:
    """Write the same initiative again and again; return how many answers there are now."""
    most = await database.read(_most)
    for number in range(1, others):
        await database.write(_copy, number, most)
    await database.write(_analyze)
    return await database.read(_answers_held)


def _answers_held(tx: Tx) -> int:
    return tx.scalars(select(func.count()).select_from(tables.Answer)).one()


def _most(tx: Tx) -> dict[str, int]:
    return {
        table.__tablename__: tx.scalars(select(func.coalesce(func.max(table.id), 0))).one()
        for table in COPIED
    }


def _copy(tx: Tx, number: int, most: dict[str, int]) -> None:
    for table in (cast(Table, one.__table__) for one in COPIED):
        columns = [
            column + number * most[shifted]
            if (shifted := table.name if column.name == "id" else SHIFTED.get(column.name))
            else column
            for column in table.columns
        ]
        first = select(*columns).where(table.c.id <= most[table.name])
        tx.execute(insert(table).from_select([column.name for column in table.columns], first))


def _fill(tx: Tx) -> None:
    migrate.upgrade_within(tx)
    _add(tx, tables.Workspace, [{"team_id": "T0BENCH", "app_id": "A0BENCH", "created_at": FIRST}])
    owner = {"workspace_id": 1, "tz": "Europe/Berlin", "seen_at": FIRST}
    everyone = range(1, PEOPLE + 2)
    rows = [owner | {"slack_user_id": slack_id(n), "name": f"Demo {n}"} for n in everyone]
    _add(tx, tables.Person, rows)
    words = {"workspace_id": 1, "author_id": 1, "words": "Why", "created_at": FIRST}
    _add(tx, tables.FreeText, [words, words])
    _add(tx, tables.Initiative, [_initiative()])
    in_it = {"workspace_id": 1, "initiative_id": 1}
    _add(tx, tables.InitiativeOwner, [in_it | {"person_id": 1, "since": FIRST}])
    plan = {"number": 1, "why_id": 1, "benefit_id": 2, "created_at": FIRST}
    _add(tx, tables.PlanVersion, [in_it | plan])
    _add(tx, tables.Cycle, [in_it | _cycle(number) for number in range(1, ROUNDS + 2)])
    asked = {"status": "active", "added_at": FIRST, "introduced_at": FIRST}
    _add(tx, tables.Stakeholder, [in_it | asked | {"person_id": n} for n in everyone[1:]])
    chance = random.Random(20260105)
    asks = [ask for n in range(1, PEOPLE + 1) for ask in _asks(n)]
    _add(tx, tables.Ask, asks)
    _add(tx, tables.Answer, _answers(asks, chance))


def _add(tx: Tx, table: type[tables.Base], rows: Any) -> None:
    tx.execute(insert(cast(Table, table.__table__)), list(rows))


def _initiative() -> Row:
    return {
        "workspace_id": 1,
        "name": "Shelf labels",
        "tz": "Europe/Berlin",
        "visibility": "named",
        "status": "running",
        "first_date": FIRST.date(),
        "created_by_id": 1,
        "created_at": FIRST,
        "started_at": FIRST,
    }


def _window(number: int) -> tuple[datetime, datetime]:
    return FIRST + ROUND * (number - 1), FIRST + ROUND * number


def _cycle(number: int) -> Row:
    opens, closes = _window(number)
    closed = closes if number <= ROUNDS else None
    return {"number": number, "opens_at": opens, "closes_at": closes, "closed_at": closed}


def _asks(stakeholder: int) -> Iterator[Row]:
    """Yield the check-ins of one person; those of the last twentieth came in late."""
    first = 1 if stakeholder <= PEOPLE * 0.95 else ROUNDS - stakeholder % 3
    for number in range(first, ROUNDS + 2):
        opens, closes = _window(number)
        is_open = number > ROUNDS
        yield {
            "workspace_id": 1,
            "initiative_id": 1,
            "stakeholder_id": stakeholder,
            "person_id": stakeholder + 1,
            "cycle_id": number,
            "plan_version_id": 1,
            "origin": "app",
            "slot": 2 * number,
            "visibility": "named",
            "opened_at": opens + timedelta(hours=9),
            "delivered_at": opens + timedelta(hours=9 + stakeholder % 7),
            "closed_at": None if is_open else closes,
            "end_reason": None if is_open else "round_closed",
        }


def _answers(asks: Sequence[Row], chance: random.Random) -> Iterator[Row]:
    """Yield three answers to most check-ins; a tenth of the people went silent a year ago."""
    for ask_id, ask in enumerate(asks, 1):
        person, number = ask["stakeholder_id"], ask["cycle_id"]
        quiet = number > 3 and person % 10 == 0
        if quiet or chance.random() < (0.6 if number > ROUNDS else 0.1):
            continue
        for question in QUESTIONS:
            value = min(5, max(1, 1 + person % 5 + chance.choice((-1, 0, 0, 1))))
            at = ask["delivered_at"] + timedelta(hours=chance.random() * 48)
            yield {
                "workspace_id": 1,
                "ask_id": ask_id,
                "question": question,
                "value": value,
                "answered_at": at,
            }
