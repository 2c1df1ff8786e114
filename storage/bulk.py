"""Check-ins and answers in the order they were written: all of them are read fastest so.

A record is a row of whole numbers. Who reads them has to find out whose they are; see
`storage.evidence.of_records`.
"""

from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Select, Table, bindparam, func, select

from bot.domain.initiatives import Visibility
from storage import tables
from storage.database import Tx
from storage.evidence import FLAGS, NOTED, SAID, WHATS
from storage.moments import bundled, unbundled

Ints = NDArray[np.int64]

_ask = cast(Table, tables.Ask.__table__)
_answer = cast(Table, tables.Answer.__table__)
_cycle = cast(Table, tables.Cycle.__table__)

_ASKS = select(
    bundled(
        _ask.c.id,
        _ask.c.stakeholder_id * FLAGS + NOTED,
        _ask.c.cycle_id,
        _ask.c.opened_at,
        _ask.c.delivered_at,
        _ask.c.closed_at,
    )
).where(
    _ask.c.visibility == Visibility.NAMED.value,
    _ask.c.id > bindparam("after"),
    _ask.c.id <= bindparam("until"),
)
_ANSWERS = select(bundled(_answer.c.ask_id * WHATS + SAID, _answer.c.answered_at)).where(
    _answer.c.id > bindparam("after"), _answer.c.id <= bindparam("until")
)


ASK, ANSWER = 6, 2
"""How many numbers a record has."""


def last_ids(tx: Tx) -> tuple[int, int]:
    """Return the highest id of an ask and of an answer; 0 if there are none."""
    found = (tx.scalar(select(func.max(table.c.id))) for table in (_ask, _answer))
    ask, answer = (one or 0 for one in found)
    return ask, answer


def asks(tx: Tx, after: int, until: int) -> Ints:
    """Return the asks by name with ids after the first up to the second, a record each.

    Id, stakeholder and what is noted, round, when it was opened, delivered and closed.
    """
    return _read(tx, _ASKS, after, until, 3, 3)


def answers(tx: Tx, after: int, until: int) -> Ints:
    """Return the answers with ids after the first up to the second, a record each.

    Ask and what was said, and when.
    """
    return _read(tx, _ANSWERS, after, until, 1, 1)


def _read(
    tx: Tx, statement: Select[Any], after: int, until: int, numbers: int, moments: int
) -> Ints:
    which = {"after": after, "until": until}
    return unbundled(tx.connection().execute(statement, which).scalar_one(), numbers, moments)


def rounds(tx: Tx, initiative_ids: list[int]) -> dict[int, int]:
    """Return the numbers of the rounds of these initiatives, by the rounds' ids."""
    statement = select(_cycle.c.id, _cycle.c.number).where(
        _cycle.c.initiative_id.in_(initiative_ids)
    )
    return {row[0]: row[1] for row in tx.connection().execute(statement)}
