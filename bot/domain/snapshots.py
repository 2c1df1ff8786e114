"""An initiative at the end of one week: how many stand where, and what named people said.

States are those of the people who have an estimate now: whoever goes group-only or wants no
estimate leaves the weeks before as well. Answers are those of whoever answered by name then.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from bot.domain.batches import CODE, DELIVERED, TOPIC, VALUE, Batch, Bools, Ints
from bot.domain.evidence import ANSWERED
from bot.domain.pulses import FAVOURABLE, Question
from bot.domain.records import Records
from bot.domain.series import STATES
from bot.domain.spans import Spans, spans_of
from bot.domain.states import State

LATELY = 4
"""In how many weeks a check-in that reached somebody counts: its own and three more."""

USEFUL = CODE[ANSWERED, Question.USEFUL, 0]


@dataclass(frozen=True, slots=True)
class Heard:
    """Of people whom a check-in reached by name lately: who said how useful it is, and found so."""

    asked: int = 0
    answered: int = 0
    favourable: int = 0

    def __add__(self, other: "Heard") -> "Heard":
        return Heard(
            self.asked + other.asked,
            self.answered + other.answered,
            self.favourable + other.favourable,
        )


@dataclass(frozen=True, slots=True)
class Counts:
    """How many people are in each state, and how many of all of them are silent."""

    states: dict[State, int]
    silent: int


@dataclass(frozen=True, slots=True)
class InitiativeSnapshot:
    """One initiative at the end of one week (`evidence.week_of`)."""

    week: int
    counts: Counts
    heard: Heard


def heard(batch: Batch, hidden: Ints, first_week: int, last_week: int) -> list[Heard]:
    """Return who was asked by name and what they said, at the end of each week, first to last.

    `hidden` is the week from which on each person shows in group figures only. The newest scored
    answer counts, of the check-ins that reached the person in this week and the three before.
    """
    spans, weeks = spans_of(batch, last_week), max(last_week - first_week + 1, 0)
    kind = spans.facts.kind
    reached = spans.where(kind == DELIVERED)
    reached = Spans(reached.facts, reached.start, reached.start + LATELY)
    said = _said(spans.where((TOPIC[kind] == USEFUL) & (VALUE[kind] > 0)), reached)
    asked, _ = _cells(reached, hidden, first_week, weeks)
    told, which = _cells(said, hidden, first_week, weeks)
    newest = _is_last(told)
    told, value = told[newest], VALUE[said.facts.kind[which[newest]]]
    columns = (asked[_is_last(asked)], told, told[value >= FAVOURABLE])
    numbers = [np.bincount(cells % max(weeks, 1), minlength=weeks).tolist() for cells in columns]
    return [Heard(*row) for row in zip(*numbers, strict=True)]


def _is_last(rising: Ints) -> Bools:
    """Return of each number whether no other of the same value comes after it."""
    return np.append(rising[1:] != rising[:-1], np.ones(len(rising[:1]), dtype=np.bool_))


def _said(said: Spans, reached: Spans) -> Spans:
    """Return the answers in the order they were given, each as long as its check-in counts."""
    said = said.where(np.lexsort((said.facts.subject, said.facts.at)))
    order = np.argsort(reached.facts.subject)
    known = reached.facts.subject[order]
    place = np.minimum(np.searchsorted(known, said.facts.subject), max(len(known) - 1, 0))
    found = known[place] == said.facts.subject if len(known) else np.zeros(len(place), np.bool_)
    said, asks = said.where(found), order[place[found]]
    start = np.maximum(said.start, reached.start[asks])
    return Spans(said.facts, start, np.minimum(said.stop, reached.stop[asks]))


def _cells(spans: Spans, hidden: Ints, first_week: int, weeks: int) -> tuple[Ints, Ints]:
    """Return the (person, week) that each span covers as one number, and of which span each is.

    Cells rise; those of one person and week are in the order of the spans.
    """
    person = spans.facts.person
    start = np.maximum(spans.start - first_week, 0)
    stop = np.minimum(np.minimum(spans.stop, hidden[person]) - first_week, weeks)
    length = np.maximum(stop - start, 0)
    which = np.repeat(np.arange(len(length)), length)
    offset = np.arange(len(which)) - np.repeat(np.cumsum(length) - length, length)
    cells = person[which] * weeks + start[which] + offset
    order = np.argsort(cells, kind="stable")
    return cells[order], which[order]


def counted(histories: Iterable[tuple[int, Records]], first_week: int, weeks: int) -> list[Counts]:
    """Return the counts of `weeks` weeks; each history is its first week and its records."""
    states = np.zeros((weeks, len(STATES)), dtype=np.int64)
    silent = np.zeros(weeks, dtype=np.int64)
    for begins, records in histories:
        skipped = max(first_week - begins, 0)
        start = max(begins - first_week, 0)
        known = records[skipped:][: max(weeks - start, 0)]
        rows = np.arange(start, start + len(known))
        states[rows, known["state"]] += 1
        silent[rows] += known["silent"]
    return [
        Counts({state: n for state, n in zip(STATES, row, strict=True) if n}, quiet)
        for row, quiet in zip(states.tolist(), silent.tolist(), strict=True)
    ]
