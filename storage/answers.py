"""What was answered in rounds, for those who look at many at once."""

from typing import cast

from sqlalchemy import Table, exists, func, select

from bot.domain.pulses import AnswerFact
from storage import tables
from storage.database import Tx

_ask = cast(Table, tables.Ask.__table__)
_answer = cast(Table, tables.Answer.__table__)
_cycle = cast(Table, tables.Cycle.__table__)


def participation(tx: Tx, cycle_id: int) -> tuple[int, int]:
    """Return how many were asked in a round and how many of them answered anything."""
    answered = exists().where(_answer.c.ask_id == _ask.c.id)
    statement = select(
        func.count(_ask.c.stakeholder_id.distinct()),
        func.count(_ask.c.stakeholder_id.distinct()).filter(answered),
    ).where(_ask.c.cycle_id == cycle_id)
    asked, gave = tx.execute(statement).one()
    return asked, gave


def answers_of(tx: Tx, initiative_id: int, cycle_id: int | None) -> list[AnswerFact]:
    """Return the newest answer per ask and question, oldest first; of one round if named."""
    wanted = [_ask.c.initiative_id == initiative_id]
    if cycle_id is not None:
        wanted.append(_ask.c.cycle_id == cycle_id)
    newest = (
        select(func.max(_answer.c.id))
        .join(_ask, _ask.c.id == _answer.c.ask_id)
        .where(*wanted)
        .group_by(_answer.c.ask_id, _answer.c.question)
    )
    statement = (
        select(
            _ask.c.stakeholder_id,
            _ask.c.id,
            _cycle.c.number,
            _answer.c.question,
            _answer.c.value,
            _answer.c.choice,
            _answer.c.answered_at,
        )
        .join(_ask, _ask.c.id == _answer.c.ask_id)
        .join(_cycle, _cycle.c.id == _ask.c.cycle_id)
        .where(_answer.c.id.in_(newest))
        .order_by(_answer.c.id)
    )
    return [AnswerFact(*row) for row in tx.execute(statement)]
