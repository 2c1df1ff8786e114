"""A made-up workspace in bulk: initiatives, people, an open round, and what went before."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, insert

from storage import migrate, tables
from storage.database import Tx

TEAM, APP, OWNER = "T0BENCH", "A0BENCH", "U0OWNER"
ZONES = ("Europe/Berlin", "Europe/Lisbon", "Europe/Athens", "Europe/Dublin")
ROUND = timedelta(days=14)
INTRODUCED = timedelta(days=21)

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is; ids count from 1 in the order of creation."""

    people: int
    initiatives: int = 10
    asked: bool = True
    """Whether everyone has an open ask in the open round, and had one in the round before; else
    they wait for their first."""


def slack_id(person: int) -> str:
    """Return the Slack user id of the person with this id (1 is the owner)."""
    return OWNER if person == 1 else f"U{person:07d}"


def fill(tx: Tx, size: Size, now: datetime) -> None:
    """Migrate an empty database and write the workspace; round 2 began a day before `now`.

    Stakeholder n is person n + 1.
    """
    migrate.upgrade_within(tx)
    _add(tx, tables.Workspace, [_workspace(now)])
    _add(tx, tables.Person, (_person(number, now) for number in range(1, size.people + 2)))
    for rows in _initiatives(size, now):
        for table, row in rows:
            _add(tx, table, [row])
    stakeholders = range(1, size.people + 1)
    _add(tx, tables.Stakeholder, (_stakeholder(n, size, now) for n in stakeholders))
    _add(tx, tables.Outbox, (_introduction(n, size, now) for n in stakeholders))
    if size.asked:
        _add(tx, tables.Ask, (_earlier_ask(n, size, now) for n in stakeholders))
        _add(tx, tables.Ask, (_ask(n, size, now) for n in stakeholders))


def open_ask(stakeholder: int, size: Size) -> int:
    """Return the id of a stakeholder's open ask."""
    return size.people + stakeholder


def _add(tx: Tx, table: type[tables.Base], rows: Any) -> None:
    tx.execute(insert(cast(Table, table.__table__)), list(rows))


def _workspace(now: datetime) -> Row:
    return {
        "enterprise_id": "",
        "team_id": TEAM,
        "app_id": APP,
        "bot_user_id": "U0APP",
        "name": "Bench",
        "created_at": now,
        "directory_synced_at": now,
    }


def _person(number: int, now: datetime) -> Row:
    return {
        "workspace_id": 1,
        "slack_user_id": slack_id(number),
        "name": f"Dana Demo {number}",
        "tz": ZONES[number % len(ZONES)],
        "seen_at": now,
    }


def _initiatives(size: Size, now: datetime) -> Iterator[list[tuple[type[tables.Base], Row]]]:
    for number in range(1, size.initiatives + 1):
        yield [
            (tables.FreeText, _text(f"Why initiative {number} matters", now)),
            (tables.FreeText, _text(f"What gets better with {number}", now)),
            (tables.Initiative, _initiative(number, now)),
            (tables.InitiativeOwner, _owner(number, now)),
            (tables.PlanVersion, _plan(number, now)),
            (tables.Cycle, _earlier_cycle(number, now)),
            (tables.Cycle, _cycle(number, now)),
        ]


def _text(words: str, now: datetime) -> Row:
    return {"workspace_id": 1, "author_id": 1, "words": words, "created_at": now}


def _initiative(number: int, now: datetime) -> Row:
    return {
        "workspace_id": 1,
        "name": f"Initiative {number}",
        "tz": ZONES[0],
        "visibility": "named",
        "status": "running",
        "channel_id": f"C{number:07d}",
        "first_date": _first_date(now),
        "created_by_id": 1,
        "created_at": now - INTRODUCED,
        "started_at": now - INTRODUCED,
        "next_due_at": now + timedelta(days=13),
    }


def _first_date(now: datetime) -> date:
    return (now - timedelta(days=1) - ROUND).date()


def _owner(number: int, now: datetime) -> Row:
    return {"workspace_id": 1, "initiative_id": number, "person_id": 1, "since": now - INTRODUCED}


def _plan(number: int, now: datetime) -> Row:
    return {
        "workspace_id": 1,
        "initiative_id": number,
        "number": 1,
        "why_id": 2 * number - 1,
        "benefit_id": 2 * number,
        "created_at": now - INTRODUCED,
    }


def _cycle(number: int, now: datetime) -> Row:
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    opens_at = midnight - timedelta(days=1)
    return {
        "workspace_id": 1,
        "initiative_id": number,
        "number": 2,
        "opens_at": opens_at,
        "closes_at": opens_at + ROUND,
        "closed_at": None,
    }


def _earlier_cycle(number: int, now: datetime) -> Row:
    later = _cycle(number, now)
    closed = later["opens_at"]
    return later | {
        "number": 1,
        "opens_at": closed - ROUND,
        "closes_at": closed,
        "closed_at": closed,
    }


def _stakeholder(number: int, size: Size, now: datetime) -> Row:
    return {
        "workspace_id": 1,
        "initiative_id": initiative_of(number, size),
        "person_id": number + 1,
        "status": "active",
        "added_at": now - INTRODUCED,
        "introduced_at": now - INTRODUCED,
        "next_due_at": None if size.asked else now - timedelta(hours=number % 7),
    }


def initiative_of(stakeholder: int, size: Size) -> int:
    """Return the initiative of a stakeholder, by their numbers."""
    return stakeholder % size.initiatives + 1


def _introduction(number: int, size: Size, now: datetime) -> Row:
    sent_at = now - INTRODUCED
    return {
        "workspace_id": 1,
        "kind": "introduction",
        "subject_id": number,
        "recipient": slack_id(number + 1),
        "slot": "",
        "person_id": number + 1,
        "initiative_id": initiative_of(number, size),
        "counted": True,
        "state": "sent",
        "created_at": sent_at,
        "not_before": sent_at,
        "sending_at": sent_at,
        "ended_at": sent_at,
    }


def _ask(number: int, size: Size, now: datetime) -> Row:
    initiative = initiative_of(number, size)
    return {
        "workspace_id": 1,
        "initiative_id": initiative,
        "stakeholder_id": number,
        "person_id": number + 1,
        "cycle_id": 2 * initiative,  # each initiative has two rounds
        "plan_version_id": initiative,
        "origin": "app",
        "slot": 2,
        "visibility": "named",
        "opened_at": now - timedelta(hours=2),
        "delivered_at": now - timedelta(hours=1),
        "closed_at": None,
        "end_reason": None,
    }


def _earlier_ask(number: int, size: Size, now: datetime) -> Row:
    later = _ask(number, size, now)
    return later | {
        "cycle_id": later["cycle_id"] - 1,
        "slot": 0,
        "opened_at": later["opened_at"] - ROUND,
        "delivered_at": later["delivered_at"] - ROUND,
        "closed_at": _cycle(1, now)["opens_at"],
        "end_reason": "round_closed",
    }
