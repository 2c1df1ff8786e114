"""Facts of many people as arrays, so that one pass serves an initiative, or everyone.

A row is a fact: whose (0…N-1), when, what (a place in `CODES`), about which ask, step or talk.
Everything here equals the functions for one person in `evidence`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bot.domain import evidence
from bot.domain.evidence import (
    ANSWERED,
    COLUMN_OF,
    FIRST_MONDAY,
    STEP,
    TALK,
    Answered,
    AskDelivered,
    AskUnanswered,
    Code,
    Fact,
    StepEvent,
    Stepped,
    Talked,
    TalkEvent,
    code_of,
    key_of,
)
from bot.domain.pulses import Question
from bot.domain.standings import Columns

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Rows = Bools | Ints | slice

CODES: tuple[Code, ...] = (
    (evidence.DELIVERED, "", 0),
    (evidence.UNANSWERED, "", 0),
    *((ANSWERED, question, value) for question in sorted(Question) for value in range(6)),
    *((STEP, event, 0) for event in sorted(StepEvent)),
    *((TALK, event, 0) for event in sorted(TalkEvent)),
)
"""Every kind of fact; in this order are facts of one moment about one thing."""

CODE = {code: number for number, code in enumerate(CODES)}
DELIVERED, UNANSWERED = CODE[evidence.DELIVERED, "", 0], CODE[evidence.UNANSWERED, "", 0]
STEPS = {event: CODE[STEP, event, 0] for event in StepEvent}
TALKS = {event: CODE[TALK, event, 0] for event in TalkEvent}

GROUP = np.array([group for group, _, _ in CODES])
TOPIC = np.array([CODE[group, what, 0] for group, what, _ in CODES])
"""The kind without its value: two facts of one topic and subject tell about the same."""
VALUE = np.array([value for _, _, value in CODES])
COLUMN = np.array([COLUMN_OF.get(code, -1) for code in CODES])
"""Which column of evidence a kind is; -1 for what is none."""

_QUESTIONS = np.array([CODE[ANSWERED, question, 0] for question in Question])
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
WEEK = timedelta(weeks=1) // _MICROSECOND
_GROUPS = int(GROUP.max()) + 1
_ROOM = 2**62
"""Numbers have to fit into 64 bits."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Batch:
    """Facts as four arrays of one length; `at` in microseconds since 1970 UTC."""

    person: Ints
    at: Ints
    kind: Ints
    subject: Ints

    def __len__(self) -> int:
        return len(self.person)

    def where(self, rows: Rows) -> "Batch":
        """Return the facts that `rows`, a mask, places or a slice, picks."""
        if is_all(rows):
            return self
        return Batch(self.person[rows], self.at[rows], self.kind[rows], self.subject[rows])


def is_all(rows: Rows) -> bool:
    """Return whether `rows` is a mask that picks everything: then nothing need be copied."""
    return isinstance(rows, np.ndarray) and rows.dtype == np.bool_ and bool(rows.all())


def micros(at: datetime) -> int:
    """Return an aware moment in microseconds since 1970 UTC."""
    return (at - _EPOCH) // _MICROSECOND


def moment_of(at: int) -> datetime:
    """Return a moment in microseconds since 1970 as an aware one, UTC."""
    return _EPOCH + at * _MICROSECOND


def weeks_of(at: Ints) -> Ints:
    """Return the week that each moment (microseconds) is in, as `evidence.week_of`."""
    return (at - micros(FIRST_MONDAY)) // WEEK


def end_of(week: int) -> datetime:
    """Return the last microsecond of a week, UTC."""
    return FIRST_MONDAY + timedelta(weeks=week + 1) - _MICROSECOND


def answers(
    person: ArrayLike, at: ArrayLike, question: ArrayLike, value: ArrayLike, ask: ArrayLike
) -> Batch:
    """Return answers as a batch: columns of plain integers of one length.

    `at` in microseconds since 1970 UTC, `question` a place in `Question`, `value` 1…5; anything
    else is recorded and not scored.
    """
    given = _ints(value)
    scored = np.where((given >= 1) & (given <= 5), given, 0)
    return Batch(_ints(person), _ints(at), _QUESTIONS[_ints(question)] + scored, _ints(ask))


def events(kind: ArrayLike, person: ArrayLike, at: ArrayLike, subject: ArrayLike) -> Batch:
    """Return other facts as a batch: columns of plain integers of one length.

    `kind` is DELIVERED, UNANSWERED, one of `STEPS` or one of `TALKS`, for all or one each.
    """
    whose = _ints(person)
    kinds = np.broadcast_to(_ints(kind), whose.shape)
    return Batch(whose, _ints(at), kinds, _ints(subject))


def together(batches: Iterable[Batch]) -> Batch:
    """Return the facts of all batches as one."""
    parts = [_NOTHING, *batches]
    return Batch(
        np.concatenate([part.person for part in parts]),
        np.concatenate([part.at for part in parts]),
        np.concatenate([part.kind for part in parts]),
        np.concatenate([part.subject for part in parts]),
    )


def batch_of(histories: Iterable[Sequence[Fact]]) -> Batch:
    """Return the facts of each person as one batch; the first history is person 0."""
    rows = [
        (person, micros(fact.at), CODE[code_of(fact)], key_of(fact)[1])
        for person, facts in enumerate(histories)
        for fact in facts
    ]
    return Batch(*np.array(rows, dtype=np.int64).reshape(-1, 4).T)


def facts_of(batch: Batch, people: int) -> list[list[Fact]]:
    """Return the facts of each of `people` people, in the order of the batch."""
    found: list[list[Fact]] = [[] for _ in range(people)]
    columns = (batch.person, batch.at, batch.kind, batch.subject)
    for person, at, kind, subject in zip(*(one.tolist() for one in columns), strict=True):
        found[person].append(_fact(CODES[kind], subject, _EPOCH + at * _MICROSECOND))
    return found


def _fact(code: Code, subject: int, at: datetime) -> Fact:
    match code:
        case (evidence.DELIVERED, _, _):
            return AskDelivered(subject, at)
        case (evidence.UNANSWERED, _, _):
            return AskUnanswered(subject, at)
        case (evidence.ANSWERED, question, value):
            return Answered(subject, Question(question), value or None, at)
        case (evidence.STEP, event, _):
            return Stepped(subject, StepEvent(event), at)
        case (_, happened, _):
            return Talked(subject, TalkEvent(happened), at)


def settle_all(batch: Batch, as_of: datetime) -> Batch:
    """Return what `evidence.settle` returns of each person at `as_of` (aware).

    In an order that does not depend on arrival: by person, group, subject and topic; not by time.
    """
    ordered = in_order(batch.where(batch.at <= micros(as_of)))
    again = is_again(ordered)
    first, last = np.append(True, ~again), np.append(~again, True)
    return ordered.where(np.where(GROUP[ordered.kind] == ANSWERED, last, first)[: len(ordered)])


def evident(batch: Batch) -> Batch:
    """Return the facts that are evidence."""
    return batch.where(COLUMN[batch.kind] >= 0)


def columns_of(settled: Batch) -> Columns:
    """Return the evidence among settled facts, as the filter takes it."""
    facts = evident(settled)
    return Columns(facts.person, weeks_of(facts.at), COLUMN[facts.kind])


def in_order(batch: Batch) -> Batch:
    """Return the facts by person, group, subject, topic, moment and kind."""
    about = things(batch) * len(CODES) + TOPIC[batch.kind]
    order = np.argsort(about)
    again = np.flatnonzero(about[order[1:]] == about[order[:-1]])
    told = np.union1d(again, again + 1)
    more = order[told]
    order[told] = more[np.lexsort((batch.kind[more], batch.at[more], about[more]))]
    return batch.where(order)


def is_again(ordered: Batch) -> Bools:
    """Return of each fact but the first whether it tells about the same as the one before it."""
    topic = TOPIC[ordered.kind]
    same: Bools = (
        (ordered.person[1:] == ordered.person[:-1])
        & (ordered.subject[1:] == ordered.subject[:-1])
        & (topic[1:] == topic[:-1])
    )
    return same


def things(batch: Batch) -> Ints:
    """Return a number per fact that facts of one person, group and subject share.

    It rises with the person, then the group, then the subject.
    """
    return numbered(batch.person * _GROUPS + GROUP[batch.kind], batch.subject)


def numbered(whose: Ints, subject: Ints) -> Ints:
    """Return a number per pair, rising with `whose` and then `subject`; equal for equal pairs."""
    if not len(subject):
        return subject
    from_zero = subject - subject.min()
    span = int(from_zero.max()) + 1
    if (int(whose.max()) + 1) * span * len(CODES) >= _ROOM:
        from_zero = np.unique(subject, return_inverse=True)[1]
        span = int(from_zero.max()) + 1
    pairs: Ints = whose * span + from_zero
    return pairs


def _ints(column: ArrayLike) -> Ints:
    return np.asarray(column, dtype=np.int64)


_NOTHING = Batch(*(np.zeros(0, dtype=np.int64) for _ in range(4)))
