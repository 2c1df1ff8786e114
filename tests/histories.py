"""What was said and done in the small made-up world, written straight into the tables."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, bindparam, insert, inspect, select, update

from bot.domain.initiatives import Initiative
from bot.services import initiatives
from storage import tables, texts
from storage.database import Tx
from tests import rounds
from tests.world import World

HOUR = timedelta(hours=1)


def _into(table: type[tables.Identified]) -> Any:
    """Return what adds a row and tells its id, leaving out the ORM; built once."""
    plain = inspect(table).local_table
    assert isinstance(plain, Table)
    return insert(plain).returning(plain.c.id)


_cycle = cast(Table, tables.Cycle.__table__)
_ROUND = select(_cycle.c.id).where(
    _cycle.c.initiative_id == bindparam("of"), _cycle.c.number == bindparam("number")
)
_ASKED, _STEP, _OFFERED = _into(tables.Ask), _into(tables.Commitment), _into(tables.FollowedUp)
_TOLD = insert(cast(Table, tables.Answer.__table__))
_CAME_OF_IT = insert(cast(Table, tables.CommitmentOutcome.__table__))
_DECLINED = insert(cast(Table, tables.StepDeclined.__table__))


def ask(
    tx: Tx,
    w: World,
    place: int,
    at: datetime,
    answers: Sequence[int | None] | None = None,
    *,
    cycle: int = 1,
    values: Mapping[str, Any] | None = None,
) -> int:
    """Insert a check-in opened and delivered at `at`, and its answers an hour later; its id.

    `values` replace columns of the ask; None in `answers` is recorded and not scored.
    """
    row = {
        "workspace_id": w.workspace_id,
        "initiative_id": w.initiative_id,
        "stakeholder_id": w.stakeholder_ids[place],
        "person_id": w.asked[place].id,
        "cycle_id": round_id(tx, w, cycle),
        "plan_version_id": w.plan_version_id,
        "origin": "app",
        "visibility": "named",
        "question_version": 1,
        "opened_at": at,
        "delivered_at": at,
        "revision": 0,
    }
    ask_id: int = tx.scalars(_ASKED, row | dict(values or {})).one()
    told = zip(rounds.QUESTIONS, answers or (), strict=False)
    if rows := [_answer(w, ask_id, question, value, at + HOUR) for question, value in told]:
        tx.execute(_TOLD, rows)
    return ask_id


def silence(
    tx: Tx, w: World, place: int, at: datetime, values: Mapping[str, Any] | None = None
) -> int:
    """Insert a check-in that was left open until the next one, a week later."""
    ended = {"closed_at": at + timedelta(days=7), "end_reason": "next_ask"}
    return ask(tx, w, place, at, values=ended | dict(values or {}))


def tell(tx: Tx, w: World, ask_id: int, question: str, value: int | None, at: datetime) -> None:
    """Insert one answer."""
    tx.execute(_TOLD, [_answer(w, ask_id, question, value, at)])


def _answer(
    w: World, ask_id: int, question: str, value: int | None, at: datetime
) -> dict[str, Any]:
    row = {"question": question, "value": value, "choice": None if value else "nothing_needed"}
    return row | {"workspace_id": w.workspace_id, "ask_id": ask_id, "answered_at": at}


def step(
    tx: Tx, w: World, place: int, at: datetime, outcomes: Mapping[datetime, str] | None = None
) -> int:
    """Insert a step somebody took at `at` and what became of it; its id."""
    person = w.asked[place]
    made = {
        "workspace_id": w.workspace_id,
        "initiative_id": w.initiative_id,
        "person_id": person.id,
        "stakeholder_id": w.stakeholder_ids[place],
        "words_id": texts.keep(tx, w.workspace_id, person.id, "Label 20 shelves", at),
        "due_on": date(2025, 3, 14),
        "created_at": at,
    }
    step_id: int = tx.scalars(_STEP, made).one()
    for told_at, outcome in (outcomes or {}).items():
        ended = {"commitment_id": step_id, "outcome": outcome, "told_at": told_at}
        tx.execute(_CAME_OF_IT, {"workspace_id": w.workspace_id, **ended})
    return step_id


def not_now(tx: Tx, w: World, place: int, ask_id: int, at: datetime) -> None:
    """Insert that somebody was offered a step in a check-in and said *not now*, both at `at`."""
    offer = {
        "workspace_id": w.workspace_id,
        "initiative_id": w.initiative_id,
        "stakeholder_id": w.stakeholder_ids[place],
        "ask_id": ask_id,
        "kind": "step",
        "asked_at": at,
    }
    offer_id = tx.scalars(_OFFERED, offer).one()
    said = {"followed_up_id": offer_id, "told_at": at}
    tx.execute(_DECLINED, {"workspace_id": w.workspace_id, **said})


def round_id(tx: Tx, w: World, number: int) -> int:
    """Return the id of a round; it is opened if it is not there."""
    found = tx.scalars(_ROUND, {"of": w.initiative_id, "number": number}).one_or_none()
    return found or rounds.open_round(tx, w, number).id


def close_round(tx: Tx, w: World, number: int, at: datetime) -> None:
    """Close a round at `at`, and whatever is open in it."""
    cycle_id = round_id(tx, w, number)
    closed = update(tables.Cycle).where(tables.Cycle.id == cycle_id)
    tx.execute(closed.values(closed_at=at))
    left = update(tables.Ask).where(tables.Ask.cycle_id == cycle_id, tables.Ask.closed_at.is_(None))
    tx.execute(left.values(closed_at=at, end_reason="round_closed"))


def initiative(tx: Tx, w: World) -> Initiative:
    """Return the initiative."""
    return initiatives.load(tx, w.initiative_id)


def change(tx: Tx, table: type[tables.Identified], row_id: int, **values: Any) -> None:
    """Set columns of one row."""
    tx.execute(update(table).where(table.id == row_id).values(**values))
