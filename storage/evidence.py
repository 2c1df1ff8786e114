"""The facts that standings are made of: asks, answers and steps of people who answer by name.

They come as arrays: an initiative may have a hundred thousand of them. An ask that nobody but its
person opened is no silence when it ends unanswered, and neither is one that was ended by a choice.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import CompoundSelect, Select, Table, bindparam, case, func, select, union_all

from bot.domain.batches import (
    DELIVERED,
    STEPS,
    UNANSWERED,
    Batch,
    answers,
    events,
    together,
)
from bot.domain.evidence import StepEvent
from bot.domain.initiatives import Visibility
from bot.domain.pulses import KNOW, EndReason, Question
from storage import step_facts, tables, talk_facts
from storage.database import Tx
from storage.moments import NEVER, gathered, packed, scattered, unpacked

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Rows:
    """The rows that facts were made of: whose, of which round; of steps it is 0, and when."""

    person: Ints
    round: Ints
    at: Ints


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Evidence:
    """Facts, the number of the round that each belongs to (of steps 0), and the rows read."""

    facts: Batch
    round: Ints
    rows: Rows

    def where(self, picked: NDArray[Any]) -> "Evidence":
        """Return the facts that `picked`, a mask or places, picks; the rows stay."""
        return Evidence(self.facts.where(picked), self.round[picked], self.rows)

    def of_first(self, people: int) -> "Evidence":
        """Return the facts and rows about so many people, from person 0 on."""
        rows = self.rows
        mine = rows.person < people
        kept = Rows(rows.person[mine], rows.round[mine], rows.at[mine])
        return replace(self.where(self.facts.person < people), rows=kept)

    def counted(self, number: Ints, until: Ints) -> list[int]:
        """Return how many rows there are about each person, as `storage.evidence.counted`.

        Up to each person's round, and of steps up to a moment (microseconds).
        """
        whose, rounds = self.rows.person, self.rows.round
        asked, done = rounds <= number[whose], self.rows.at <= until[whose]
        wanted = np.where(rounds > 0, asked, done)
        found: list[int] = np.bincount(whose[wanted], minlength=len(number)).tolist()
        return found


_ask = cast(Table, tables.Ask.__table__)
_answer = cast(Table, tables.Answer.__table__)
_cycle = cast(Table, tables.Cycle.__table__)

OTHER = len(Question)
"""The code of an answer that is none to a question: it only tells that the ask was answered."""

SILENCE = (EndReason.NEXT_ASK.value, EndReason.ROUND_CLOSED.value)
APP = "app"

AT_ONCE = 500
"""How many people one statement names."""

_QUESTIONS = {question.value: code for code, question in enumerate(Question)}
_KNOW = {KNOW: _QUESTIONS[Question.USEFUL]}
"""Who doesn't know enough to say doesn't say how useful it is; a later answer takes that back."""

_WHAT = len(Question) + 1
"""How many kinds of answers there are; with a value each is a number, value times so many more."""

WHATS, FLAGS = 32, 4
"""What was said, and what is noted of an ask, are numbers below these."""

_named = _ask.c.visibility == Visibility.NAMED.value
_kind = case({**_QUESTIONS, **_KNOW}, value=_answer.c.question, else_=OTHER)
SAID = _kind + _WHAT * case((_answer.c.value.between(1, 5), _answer.c.value), else_=0)
_by_app = case((_ask.c.origin == APP, 1), else_=0)
_in_silence = case((_ask.c.end_reason.in_(SILENCE), 1), else_=0)
NOTED = 2 * _by_app + _in_silence
_told = (
    select(gathered(SAID, _answer.c.answered_at))
    .where(_answer.c.ask_id == _ask.c.id)
    .scalar_subquery()
)
_ASKS = (
    select(
        _ask.c.stakeholder_id,
        _ask.c.id,
        _cycle.c.number,
        _by_app,
        _in_silence,
        packed(_ask.c.opened_at, _ask.c.delivered_at, _ask.c.closed_at),
        _told,
    )
    .join(_cycle, _cycle.c.id == _ask.c.cycle_id)
    .where(_named)
)
_later = _ask.c.cycle_id.in_(
    select(_cycle.c.id).where(
        _cycle.c.initiative_id == bindparam("initiative_id"),
        _cycle.c.number > bindparam("round"),
    )
)
_whose = _ask.c.stakeholder_id.in_(bindparam("people", expanding=True))

Statement = Select[Any] | CompoundSelect[Any]
Statements = tuple[Statement, Statement, Statement]
_OF_PEOPLE: Statements = (
    _ASKS.where(_whose),
    step_facts.TAKEN_BY_PEOPLE,
    union_all(*step_facts.TOLD_BY_PEOPLE, talk_facts.OF_PEOPLE),
)
_LATER: Statements = (
    _ASKS.where(_later),
    step_facts.TAKEN_LATER,
    union_all(*step_facts.TOLD_LATER, talk_facts.LATER),
)

_in_rounds = _cycle.c.number <= bindparam("last")
_COUNTED = (
    select(_ask.c.stakeholder_id, func.count(_ask.c.delivered_at))
    .join(_cycle, _cycle.c.id == _ask.c.cycle_id)
    .where(_named, _whose, _in_rounds)
    .group_by(_ask.c.stakeholder_id),
    select(_ask.c.stakeholder_id, func.count())
    .select_from(_ask)
    .join(_cycle, _cycle.c.id == _ask.c.cycle_id)
    .join(_answer, _answer.c.ask_id == _ask.c.id)
    .where(_named, _whose, _in_rounds)
    .group_by(_ask.c.stakeholder_id),
    step_facts.TAKEN_COUNTED,
    union_all(*step_facts.TOLD_COUNTED, talk_facts.COUNTED),
)
_NONE = np.zeros(0, dtype=np.int64)


def of_people(tx: Tx, people: Sequence[int]) -> Evidence:
    """Return every fact about these places, person 0 being the first."""
    order = np.argsort(np.asarray(people, dtype=np.int64))
    ids = [people[one] for one in order.tolist()]
    found = _joined(
        _facts(tx, _OF_PEOPLE, {"people": ids[start : start + AT_ONCE]}, ids)
        for start in range(0, len(ids), AT_ONCE)
    )
    facts = replace(found.facts, person=order[found.facts.person])
    rows = replace(found.rows, person=order[found.rows.person])
    return replace(found, facts=facts, rows=rows)


def _joined(parts: Iterable[Evidence]) -> Evidence:
    found = list(parts)
    rows = (
        [part.rows.person for part in found],
        [part.rows.round for part in found],
        [part.rows.at for part in found],
    )
    return Evidence(
        together(part.facts for part in found),
        np.concatenate([_NONE, *(part.round for part in found)]),
        Rows(*(np.concatenate([_NONE, *column]) for column in rows)),
    )


def of_records(
    tx: Tx, people: Sequence[int], asks: Ints, told: Ints, numbers: Mapping[int, int]
) -> Evidence:
    """Return what `of_people` returns, from records of `storage.bulk` and the steps in the store.

    The records are those of these people and of nobody else; `numbers` of rounds are by their id.
    """
    order = np.argsort(np.asarray(people, dtype=np.int64))
    ids = np.asarray(people, dtype=np.int64)[order]
    asks = asks[np.argsort(asks[:, 0])]
    rounds = np.array(sorted(numbers), dtype=np.int64)
    number = np.array([numbers[one] for one in rounds.tolist()], dtype=np.int64)
    flags = asks[:, 1] % FLAGS
    person = order[np.searchsorted(ids, asks[:, 1] // FLAGS)]
    of = np.searchsorted(asks[:, 0], told[:, 0] // WHATS)
    answered = np.bincount(of, minlength=len(asks)) > 0
    asked = np.stack([person, asks[:, 0], number[np.searchsorted(rounds, asks[:, 2])]])
    columns = np.concatenate([asked, [flags // 2, flags % 2, answered], asks[:, 3:].T])
    given = np.concatenate([asked[:, of], [told[:, 0] % WHATS], [told[:, 1]]])
    steps: list[Ints] = [np.zeros((3, 0), np.int64), np.zeros((4, 0), np.int64)]
    for start in range(0, len(ids), AT_ONCE):
        which = {"people": ids[start : start + AT_ONCE].tolist()}
        found = _done(tx, _OF_PEOPLE[1:], which, ids)
        steps = [np.concatenate(both, axis=1) for both in zip(steps, found, strict=True)]
    for one in steps:
        one[0] = order[one[0]]
    return _made(columns, given, *steps)


def after_round(
    tx: Tx, initiative_id: int, people: Sequence[int], number: int, after: datetime
) -> Evidence:
    """Return what rounds after `number` tell about these places of one initiative.

    `people` rises, person 0 being the first. Of steps, what happened later than `after` (aware).
    """
    which = {"initiative_id": initiative_id, "round": number, "after": after}
    return _facts(tx, _LATER, which, people)


def counted(tx: Tx, people: Sequence[int], number: int, until: datetime) -> dict[int, int]:
    """Return how many rows there are about each of these places; who has none is left out.

    Of the rounds up to `number`, and of steps up to `until` (aware). Rows are counted as they are,
    changed answers and all: more of them than before means that one came late.
    """
    found: Counter[int] = Counter()
    for start in range(0, len(people), AT_ONCE):
        some = people[start : start + AT_ONCE]
        for statement in _COUNTED:
            which = {"people": some, "last": number, "until": until}
            for place, count in tx.connection().execute(statement, which):
                found[place] += count
    return dict(found)


def _facts(
    tx: Tx, statements: Statements, which: Mapping[str, Any], people: Sequence[int]
) -> Evidence:
    known = np.asarray(people, dtype=np.int64)
    asked, *done = statements
    return _made(*_asks(tx, asked, which, known), *_done(tx, done, which, known))


def _done(
    tx: Tx, statements: Sequence[Statement], which: Mapping[str, Any], people: Ints
) -> tuple[Ints, Ints]:
    taken, ended = (_known(_columns(tx, statement, which), people) for statement in statements)
    return taken, ended


def _made(asks: Ints, given: Ints, taken: Ints, ended: Ints) -> Evidence:
    """Return the facts in these columns; see `_asks` for the first two."""
    delivered = asks[:, asks[DELIVERED_AT] != NEVER]
    rows = Rows(
        np.concatenate([given[0], delivered[0], taken[0], ended[0]]),
        np.concatenate([given[2], delivered[2], 0 * taken[0], 0 * ended[0]]),
        np.concatenate([given[4], delivered[DELIVERED_AT], taken[2], ended[2]]),
    )
    scored = given[:, given[3] % _WHAT != OTHER]
    reached, unanswered = _of_asks(asks)
    said = answers(scored[0], scored[4], scored[3] % _WHAT, scored[3] // _WHAT, scored[1])
    facts = together([said, reached[0], unanswered[0], _steps(taken, ended)])
    rounds = np.zeros(len(facts), dtype=np.int64)
    of_asks = np.concatenate([scored[2], reached[1], unanswered[1]])
    rounds[: len(of_asks)] = of_asks
    return Evidence(facts, rounds, rows)


DELIVERED_AT = 7
"""The place of that column among the asks'."""


def _asks(
    tx: Tx, statement: Statement, which: Mapping[str, Any], people: Ints
) -> tuple[Ints, Ints]:
    """Return the columns of asks, and of the answers to them, of who is among `people`.

    Asks: person, id, round, by the app, in silence, answered, opened, delivered, closed. Answers:
    person, ask, round, what was said, when.
    """
    rows = tx.connection().execute(statement, which).all()
    *numbers, moments, told = zip(*rows, strict=True) if rows else ((),) * 7
    plain = np.array(numbers, dtype=np.int64)
    of, what, at = scattered(told)
    answered = np.bincount(of, minlength=len(rows)) > 0
    asks = np.concatenate([plain, [answered], unpacked(moments, 3)])
    given = np.concatenate([plain[:3, of], [what], [at]])
    return _known(asks, people), _known(given, people)


def _steps(taken: Ints, ended: Ints) -> Batch:
    known = ended[:, ended[3] != NEVER]
    return together(
        [
            events(STEPS[StepEvent.TAKEN], taken[0], taken[2], taken[1]),
            events(known[3], known[0], known[2], known[1]),
        ]
    )


Dated = tuple[Batch, Ints]
"""Facts, and the round that each belongs to."""


def _of_asks(asks: Ints) -> tuple[Dated, Dated]:
    """Return which asks reached their person, and which of those ended in silence.

    One that was answered, or opened by the person, reached them whatever became of its message;
    one that arrived after it had closed did not.
    """
    person, ask, number, by_app, in_silence, answered, opened, delivered, closed = asks
    is_answered = answered == 1
    in_time = (delivered != NEVER) & ((closed == NEVER) | (delivered <= closed))
    reached = in_time | is_answered | (by_app == 0)
    silent = in_time & ~is_answered & (by_app == 1) & (in_silence == 1)
    at = np.where(in_time, delivered, opened)
    arrived = events(DELIVERED, person, at, ask).where(reached)
    ended = events(UNANSWERED, person, closed, ask).where(silent)
    return (arrived, number[reached]), (ended, number[silent])


def _known(columns: Ints, people: Ints) -> Ints:
    """Return the columns of who is among `people`, the first one turned into places there."""
    if not len(people):
        return columns[:, :0]
    place = np.minimum(np.searchsorted(people, columns[0]), len(people) - 1)
    found = people[place] == columns[0]
    columns[0] = place
    return columns[:, found]


def _columns(tx: Tx, statement: Statement, which: Mapping[str, Any]) -> Ints:
    rows = tx.connection().execute(statement, which).all()
    width = len(statement.selected_columns)
    flat = np.fromiter(chain.from_iterable(rows), np.int64, len(rows) * width)
    return np.ascontiguousarray(flat.reshape(-1, width).T)
