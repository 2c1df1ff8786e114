"""The filter run week by week over the facts of many people, each week as it was known then.

An answer that is changed in a later week leaves the estimate of the weeks before as it was and
that of the weeks after as if it had never been given. So beside each person's estimate a second
one is run without that answer, from its week on, and takes over in the week of the change.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.domain.batches import COLUMN, Ints
from bot.domain.evidence import KINDS
from bot.domain.spans import Spans
from bot.domain.standings import (
    CELLS,
    NOT_STARTED,
    POINTS,
    Beliefs,
    Constants,
    Floats,
    absorb,
    passing,
    prior,
    table,
)

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Detours:
    """Second estimates: whose, the first week of their own, and the week in which they take over.

    Sorted by person and `stop`.
    """

    person: Ints
    start: Ints
    stop: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Absorbed:
    """What is absorbed: (week, row) in order, and how often which kind of evidence there."""

    week: Ints
    row: Ints
    counts: Floats

    def of(self, week: int) -> slice:
        """Return the places of a week."""
        begin, end = np.searchsorted(self.week, [week, week + 1]).tolist()
        return slice(begin, end)


def replay(
    spans: Spans, people: int, first_week: int, last_week: int, constants: Constants
) -> Iterator[tuple[int, Beliefs]]:
    """Yield each week and the beliefs at its end, which are valid until the next is asked for.

    From the first evidence, or `first_week` if that is earlier, to `last_week`; `spans` are those
    of evidence.
    """
    detours = detours_of(spans, last_week)
    evidence = _absorbed(spans, detours, people)
    run = _Run(people, detours, constants)
    for week in range(int(evidence.week.min(initial=first_week)), last_week + 1):
        run.to(week, evidence)
        yield week, run.beliefs(week)


class _Run:
    """The estimates of all people and, in further rows, their detours."""

    def __init__(self, people: int, detours: Detours, constants: Constants) -> None:
        rows = people + len(detours.person)
        self._people, self._detours = people, detours
        self._density = prior(rows, constants).density
        self._spare = self._density.copy()
        self._prior = self._density[:1].copy()
        self._started = np.zeros(rows, dtype=np.bool_)
        self._week_on = passing(constants, 1)
        self._likelihood = table(constants)

    def to(self, week: int, evidence: Absorbed) -> None:
        """Go on from the end of the week before to the end of `week`."""
        live = self._branch(week)
        self._pass(live)
        here = evidence.of(week)
        rows = evidence.row[here]
        if len(rows):
            counts = evidence.counts[here]
            self._density[rows] = absorb(self._density[rows], counts, self._likelihood)
            self._started[rows] = True

    def beliefs(self, week: int) -> Beliefs:
        """Return the beliefs about the people at the end of `week`, as a view."""
        started = self._started[: self._people]
        return Beliefs(self._density[: self._people], np.where(started, week, NOT_STARTED))

    def _branch(self, week: int) -> Ints:
        """Let detours take over and begin; return the rows of those that are under way."""
        detours, people = self._detours, self._people
        if not len(detours.person):
            return detours.person
        done = np.flatnonzero(detours.stop == week)
        self._copy(done + people, detours.person[done])
        new = np.flatnonzero(detours.start == week)
        self._copy(detours.person[new], new + people)
        return np.flatnonzero((detours.start <= week) & (week < detours.stop)) + people

    def _copy(self, source: Ints, target: Ints) -> None:
        self._density[target] = self._density[source]
        self._started[target] = self._started[source]

    def _pass(self, live: Ints) -> None:
        """Let a week pass for the people and the detours under way that have started."""
        now, then, people = self._density, self._spare, self._people
        flat = then[:people].reshape(-1, POINTS)
        np.matmul(now[:people].reshape(-1, POINTS), self._week_on, out=flat)
        if len(live):
            then[live] = (now[live].reshape(-1, POINTS) @ self._week_on).reshape(-1, CELLS)
        idle = np.flatnonzero(~self._started)
        if len(idle):
            then[idle] = self._prior
        self._density, self._spare = then, now


def detours_of(spans: Spans, last_week: int) -> Detours:
    """Return the second estimates that changed answers ask for.

    One for each week in which a person changed answers, from the week of the first of those
    answers on, or from where an earlier one begins that would be under way then: where a detour
    begins, the person's own estimate has to be right for it.
    """
    changed = spans.where(spans.stop <= last_week)
    order = np.lexsort((changed.start, changed.stop, changed.facts.person))
    found: list[list[int]] = []
    columns = (changed.facts.person[order], changed.start[order], changed.stop[order])
    for person, start, stop in zip(*(column.tolist() for column in columns), strict=True):
        if found and found[-1][0] == person and found[-1][2] == stop:
            continue
        for before in reversed(found):
            if before[0] != person or before[2] <= start:
                break
            start = min(start, before[1])
        found.append([person, start, stop])
    return Detours(*np.array(found, dtype=np.int64).reshape(-1, 3).T)


def _absorbed(spans: Spans, detours: Detours, people: int) -> Absorbed:
    """Return what each person's row and each detour's row absorbs in which week."""
    fact, detour = _on_detours(spans, detours)
    row = np.append(spans.facts.person, people + detour)
    week = np.append(spans.start, spans.start[fact])
    kind = COLUMN[np.append(spans.facts.kind, spans.facts.kind[fact])]
    rows = people + len(detours.person)
    cells, place = np.unique(week * rows + row, return_inverse=True)
    counts = np.bincount(place * len(KINDS) + kind, minlength=len(cells) * len(KINDS))
    return Absorbed(
        cells // max(rows, 1),
        cells % max(rows, 1),
        counts.reshape(-1, len(KINDS)).astype(np.float64),
    )


def _on_detours(spans: Spans, detours: Detours) -> tuple[Ints, Ints]:
    """Return which facts count on which detours: those of its weeks that hold when it ends."""
    wide = int(spans.stop.max(initial=0)) + 1
    at = spans.facts.person * wide + spans.start
    order = np.argsort(at)
    begin = np.searchsorted(at[order], detours.person * wide + detours.start)
    number = np.searchsorted(at[order], detours.person * wide + detours.stop) - begin
    detour = np.repeat(np.arange(len(number)), number)
    within = np.arange(len(detour)) - np.repeat(np.cumsum(number) - number, number)
    fact = order[np.repeat(begin, number) + within]
    counts = spans.stop[fact] > detours.stop[detour]
    return fact[counts], detour[counts]
