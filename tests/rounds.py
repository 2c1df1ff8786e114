"""Rounds with asks and answers for the small made-up world, written straight into the tables."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import insert, update

from bot.domain.cycles import Cycle
from bot.domain.initiatives import Visibility
from bot.services import digests, figures
from storage import tables
from storage.database import Tx
from tests.world import World

OPENS = datetime(2025, 2, 25, 23, 0, tzinfo=UTC)
"""Midnight in Berlin on Wednesday 26 February, when round 1 opens."""

DAYS = timedelta(days=14)
QUESTIONS = ("useful", "sure", "effort")

Answers = Mapping[int, Sequence[int | None] | str]
"""By place in `World.asked`: values of the three questions, or a choice such as `dont_know`."""


def opens_at(number: int) -> datetime:
    """Return when round `number` opens."""
    return OPENS + DAYS * (number - 1)


def open_round(tx: Tx, w: World, number: int = 1) -> Cycle:
    """Insert an open round of 14 days."""
    opens, closes = opens_at(number), opens_at(number + 1)
    added = insert(tables.Cycle).values(
        workspace_id=w.workspace_id,
        initiative_id=w.initiative_id,
        number=number,
        opens_at=opens,
        closes_at=closes,
    )
    cycle_id = tx.scalars(added.returning(tables.Cycle.id)).one()
    return Cycle(cycle_id, w.initiative_id, number, opens, closes)


def answer(
    tx: Tx,
    w: World,
    cycle: Cycle,
    answers: Answers,
    *,
    visibility: Visibility = Visibility.NAMED,
    at: datetime | None = None,
) -> None:
    """Insert an ask with answers for each of `answers`, given an hour after the round opened."""
    at = at or cycle.opens_at + timedelta(hours=10)
    common = {"workspace_id": w.workspace_id, "initiative_id": w.initiative_id}
    asks = [
        common
        | {
            "stakeholder_id": w.stakeholder_ids[place],
            "person_id": w.asked[place].id,
            "cycle_id": cycle.id,
            "plan_version_id": w.plan_version_id,
            "origin": "self",
            "visibility": visibility.value,
            "question_version": 1,
            "opened_at": at,
            "revision": 0,
        }
        for place in answers
    ]
    if not asks:
        return
    added = insert(tables.Ask).returning(tables.Ask.id, sort_by_parameter_order=True)
    ids = tx.scalars(added, asks).all()
    rows = [
        {"workspace_id": w.workspace_id, "ask_id": ask_id, "answered_at": at} | row
        for ask_id, given in zip(ids, answers.values(), strict=True)
        for row in _answers(given)
    ]
    if rows:
        tx.execute(insert(tables.Answer), rows)


def _answers(given: Sequence[int | None] | str) -> list[dict[str, object]]:
    if isinstance(given, str):
        know: dict[str, object] = {"question": "know", "value": None, "choice": "dont_know"}
        explain: dict[str, object] = {"question": "explain", "value": None, "choice": given}
        return [know] if given == "dont_know" else [know, explain]
    return [
        {"question": question, "value": value, "choice": None}
        for question, value in zip(QUESTIONS, given, strict=False)
        if value is not None
    ]


def close(tx: Tx, cycle: Cycle) -> Cycle:
    """Close a round on time and publish what it brought, as the clock does."""
    closed = update(tables.Cycle).where(tables.Cycle.id == cycle.id)
    tx.execute(closed.values(closed_at=cycle.closes_at))
    done = Cycle(
        cycle.id,
        cycle.initiative_id,
        cycle.number,
        cycle.opens_at,
        cycle.closes_at,
        cycle.closes_at,
    )
    figures.publish(tx, done, cycle.closes_at)
    digests.round_closed(tx, done, cycle.closes_at)
    return done


def play(
    tx: Tx,
    w: World,
    number: int,
    answers: Answers,
    *,
    visibility: Visibility = Visibility.NAMED,
    at: datetime | None = None,
) -> Cycle:
    """Insert a round with its answers and close it."""
    cycle = open_round(tx, w, number)
    answer(tx, w, cycle, answers, visibility=visibility, at=at)
    return close(tx, cycle)


def hide(tx: Tx, w: World, places: Sequence[int], at: datetime) -> None:
    """Have people choose group figures for this initiative."""
    ids = [w.stakeholder_ids[place] for place in places]
    chosen = update(tables.Stakeholder).where(tables.Stakeholder.id.in_(ids))
    tx.execute(chosen.values(group_only_at=at))


def place(tx: Tx, w: World, at: int, /, **values: object) -> None:
    """Set columns of somebody's place."""
    table = tables.Stakeholder
    chosen = update(table).where(table.id == w.stakeholder_ids[at])
    tx.execute(chosen.values(**values))
