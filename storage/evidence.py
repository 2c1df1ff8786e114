"""The facts that standings are made of: asks, answers and steps of people who answer by name.

They come as arrays: an initiative may have a hundred thousand of them. An ask that nobody but its
person opened is no silence when it ends unanswered, and neither is one that was ended by a choice.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import chain
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Select, Table, bindparam, case, func, literal, select

from bot.domain.batches import DELIVERED, STEPS, UNANSWERED, Batch, answers, events, together
from bot.domain.commitments import Ending
from bot.domain.evidence import StepEvent
from bot.domain.initiatives import Visibility
from bot.domain.pulses import KNOW, EndReason, Question
from storage import tables
from storage.database import Tx
from storage.moments import micros

Ints = NDArray[np.int64]

_ask = cast(Table, tables.Ask.__table__)
_answer = cast(Table, tables.Answer.__table__)
_cycle = cast(Table, tables.Cycle.__table__)
_step = cast(Table, tables.Commitment.__table__)
_outcome = cast(Table, tables.CommitmentOutcome.__table__)

NEVER = -1
OTHER = len(Question)
"""The code of an answer that is none to a question: it only tells that the ask was answered."""

SILENCE = (EndReason.NEXT_ASK.value, EndReason.ROUND_CLOSED.value)
APP = "app"

AT_ONCE = 500
"""How many people one statement names."""

_QUESTIONS = {question.value: code for code, question in enumerate(Question)}
_KNOW = {KNOW: _QUESTIONS[Question.USEFUL]}
"""Who doesn't know enough to say doesn't say how useful it is; a later answer takes that back."""

_ENDINGS = {event.value: STEPS[event] for event in StepEvent}
assert {ending.value for ending in Ending} <= set(_ENDINGS)  # noqa: S101 - what owners' steps end as


def _when(column: Any) -> Any:
    return func.coalesce(micros(column), literal(NEVER))


_named = _ask.c.visibility == Visibility.NAMED.value
_ASKS = select(
    _ask.c.stakeholder_id,
    _ask.c.id,
    micros(_ask.c.opened_at),
    _when(_ask.c.delivered_at),
    _when(_ask.c.closed_at),
    case((_ask.c.origin == APP, 1), else_=0),
    case((_ask.c.end_reason.in_(SILENCE), 1), else_=0),
).where(_named)
_ANSWERS = (
    select(
        _ask.c.stakeholder_id,
        _answer.c.ask_id,
        case({**_QUESTIONS, **_KNOW}, value=_answer.c.question, else_=OTHER),
        func.coalesce(_answer.c.value, 0),
        micros(_answer.c.answered_at),
    )
    .select_from(_ask)
    .join(_answer, _answer.c.ask_id == _ask.c.id)
    .where(_named)
)
_TAKEN = select(_step.c.stakeholder_id, _step.c.id, micros(_step.c.created_at))
_ENDED = (
    select(
        _step.c.stakeholder_id,
        _step.c.id,
        micros(_outcome.c.told_at),
        case(_ENDINGS, value=_outcome.c.outcome, else_=NEVER),
    )
    .select_from(_step)
    .join(_outcome, _outcome.c.commitment_id == _step.c.id)
)

_rounds = _ask.c.cycle_id.in_(
    select(_cycle.c.id).where(
        _cycle.c.initiative_id == bindparam("initiative_id"),
        _cycle.c.number > bindparam("cycle"),
    )
)
_whose = _ask.c.stakeholder_id.in_(bindparam("people", expanding=True))
_whose_step = _step.c.stakeholder_id.in_(bindparam("people", expanding=True))
_its_steps = (_step.c.initiative_id == bindparam("initiative_id")) & (
    _step.c.stakeholder_id.is_not(None)
)

Statements = tuple[Select[Any], Select[Any], Select[Any], Select[Any]]
_OF_PEOPLE: Statements = (
    _ASKS.where(_whose),
    _ANSWERS.where(_whose),
    _TAKEN.where(_whose_step),
    _ENDED.where(_whose_step),
)
_RECENT: Statements = (
    _ASKS.where(_rounds),
    _ANSWERS.where(_rounds),
    _TAKEN.where(_its_steps, _step.c.created_at > bindparam("after")),
    _ENDED.where(_its_steps, _outcome.c.told_at > bindparam("after")),
)


def of_people(tx: Tx, people: Sequence[int]) -> Batch:
    """Return every fact about these places, person 0 being the first; `people` rises."""
    batches = []
    for start in range(0, len(people), AT_ONCE):
        some = people[start : start + AT_ONCE]
        found = _facts(tx, _OF_PEOPLE, {"people": some}, some)
        batches.append(Batch(found.person + start, found.at, found.kind, found.subject))
    return together(batches)


def after_round(
    tx: Tx, initiative_id: int, people: Sequence[int], cycle: int, after: datetime
) -> Batch:
    """Return what later rounds than number `cycle` tell about these places of one initiative.

    `people` rises, person 0 being the first. Steps are those of which something happened later
    than `after`, an aware moment.
    """
    which = {"initiative_id": initiative_id, "cycle": cycle, "after": after}
    return _facts(tx, _RECENT, which, people)


def _facts(
    tx: Tx, statements: Statements, which: Mapping[str, Any], people: Sequence[int]
) -> Batch:
    known = np.asarray(people, dtype=np.int64)
    asks, given, taken, ended = (
        _known(_columns(tx, statement, which), known) for statement in statements
    )
    ended = ended[:, ended[3] != NEVER]
    scored = given[:, given[2] != OTHER]
    return together(
        [
            answers(scored[0], scored[4], scored[2], scored[3], scored[1]),
            *_of_asks(asks, given[1]),
            events(STEPS[StepEvent.TAKEN], taken[0], taken[2], taken[1]),
            events(ended[3], ended[0], ended[2], ended[1]),
        ]
    )


def _of_asks(asks: Ints, answered: Ints) -> tuple[Batch, Batch]:
    """Return which asks reached their person, and which of those ended in silence.

    One that was answered, or opened by the person, reached them whatever became of its message;
    one that arrived after it had closed did not.
    """
    person, ask, opened, delivered, closed, by_app, in_silence = asks
    is_answered = np.isin(ask, answered)
    in_time = (delivered != NEVER) & ((closed == NEVER) | (delivered <= closed))
    reached = in_time | is_answered | (by_app == 0)
    silent = in_time & ~is_answered & (by_app == 1) & (in_silence == 1)
    at = np.where(in_time, delivered, opened)
    return (
        events(DELIVERED, person[reached], at[reached], ask[reached]),
        events(UNANSWERED, person[silent], closed[silent], ask[silent]),
    )


def _known(columns: Ints, people: Ints) -> Ints:
    """Return the columns of who is among `people`, the first one turned into places there."""
    if not len(people):
        return columns[:, :0]
    place = np.minimum(np.searchsorted(people, columns[0]), len(people) - 1)
    found = people[place] == columns[0]
    columns[0] = place
    return columns[:, found]


def _columns(tx: Tx, statement: Select[Any], which: Mapping[str, Any]) -> Ints:
    rows = tx.connection().execute(statement, which).all()
    width = len(statement.selected_columns)
    flat = np.fromiter(chain.from_iterable(rows), np.int64, len(rows) * width)
    return np.ascontiguousarray(flat.reshape(-1, width).T)
