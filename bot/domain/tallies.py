"""What the states need to know of many people besides their standings, as arrays.

A tally at a checkpoint can be kept and gone on from, like the estimate itself: then only what was
said and done in the last weeks (`tail`) and what came later is read.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from bot.domain.batches import (
    DELIVERED,
    GROUP,
    STEPS,
    UNANSWERED,
    VALUE,
    Batch,
    Bools,
    Ints,
    micros,
    numbered,
    settle_all,
    together,
)
from bot.domain.evidence import ANSWERED, STEP, StepEvent
from bot.domain.states import NOT_DONE, RECENT, SILENT_ASKS, Tally

Floats = NDArray[np.float64]

RECENTLY = RECENT // timedelta(microseconds=1)
KEPT = STEPS[StepEvent.KEPT]
NOT_DONE_KINDS = np.array([STEPS[event] for event in NOT_DONE])


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Tallies:
    """`states.Tally` of many people: an array each, of one shape; no mean answer is nan."""

    pulses: Ints
    mean_answer: Floats
    kept_lately: Ints
    not_done: Ints
    unanswered_in_a_row: Ints

    @property
    def is_silent(self) -> Bools:
        """Who has not been heard from."""
        silent: Bools = self.unanswered_in_a_row >= SILENT_ASKS
        return silent

    def of(self, person: int) -> Tally:
        """Return one person's tally."""
        mean = float(self.mean_answer[person])
        return Tally(
            pulses=int(self.pulses[person]),
            mean_answer=None if np.isnan(mean) else mean,
            kept_lately=int(self.kept_lately[person]),
            not_done=int(self.not_done[person]),
            unanswered_in_a_row=int(self.unanswered_in_a_row[person]),
        )


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Kept:
    """What to keep of the tallies when a cycle closes; `tail` goes on with the later facts."""

    pulses: Ints
    """Asks with a scored answer that are not in `tail`."""
    unanswered_in_a_row: Ints
    tail: Batch
    """Scored answers and steps of the last 8 weeks."""


def tallies(batch: Batch, people: int, as_of: datetime, since: Kept | None = None) -> Tallies:
    """Return `states.tally` of each of `people` people at `as_of` (aware).

    With `since`, the batch holds the facts after it; its tail is added here.
    """
    if since is not None:
        batch = together([since.tail, batch])
    settled = settle_all(batch, as_of)
    lately = micros(as_of) - settled.at <= RECENTLY
    scored = VALUE[settled.kind] > 0
    pulses, unanswered = _distinct(settled.where(scored), people), _run(settled, people, since)
    return Tallies(
        pulses=pulses if since is None else pulses + since.pulses,
        mean_answer=_mean(settled.where(scored & lately), people),
        kept_lately=_count(settled.person[lately & (settled.kind == KEPT)], people),
        not_done=_distinct(settled.where(lately & np.isin(settled.kind, NOT_DONE_KINDS)), people),
        unanswered_in_a_row=unanswered,
    )


def keep(batch: Batch, people: int, until: datetime, since: Kept | None = None) -> Kept:
    """Return what to keep of the tallies at `until` (aware), so that only later facts are read.

    Right as long as an ask that was answered or ended by `until` is not answered again later.
    """
    whole = batch if since is None else together([since.tail, batch])
    settled = settle_all(whole, until)
    lately = micros(until) - settled.at <= RECENTLY
    scored = VALUE[settled.kind] > 0
    tail = settled.where(lately & (scored | (GROUP[settled.kind] == STEP)))
    counts = tallies(batch, people, until, since)
    older = counts.pulses - _distinct(tail.where(VALUE[tail.kind] > 0), people)
    return Kept(older, counts.unanswered_in_a_row, tail)


def _mean(scored: Batch, people: int) -> Floats:
    total = np.bincount(scored.person, VALUE[scored.kind], people)
    number = _count(scored.person, people)
    mean: Floats = np.where(number > 0, total, np.nan) / np.maximum(number, 1)
    return mean


def _count(person: Ints, people: int) -> Ints:
    return np.bincount(person, minlength=people)


def _distinct(ordered: Batch, people: int) -> Ints:
    """Return about how many asks, steps or talks each person has facts; all of one group."""
    return _count(ordered.person[_heads(ordered)], people)


def _heads(ordered: Batch) -> Bools:
    new = (ordered.person[1:] != ordered.person[:-1]) | (
        ordered.subject[1:] != ordered.subject[:-1]
    )
    return np.append(np.ones(min(len(ordered), 1), dtype=np.bool_), new)


def _run(settled: Batch, people: int, since: Kept | None) -> Ints:
    """Return how many delivered asks ended without an answer since the last answered one."""
    asks = settled.where(settled.kind == DELIVERED)
    asks = asks.where(np.lexsort((asks.subject, asks.at, asks.person)))
    answered = _among(asks, settled.where(GROUP[settled.kind] == ANSWERED))
    ended = _among(asks, settled.where(settled.kind == UNANSWERED)) & ~answered
    place = np.arange(len(asks))
    last = np.full(people, -1)
    np.maximum.at(last, asks.person[answered], place[answered])
    run = _count(asks.person[ended & (place > last[asks.person])], people)
    return run if since is None else run + np.where(last < 0, since.unanswered_in_a_row, 0)


def _among(asks: Batch, others: Batch) -> Bools:
    """Return which asks some other fact of the same person is about."""
    people, subjects = asks.person, asks.subject
    both = numbered(np.append(people, others.person), np.append(subjects, others.subject))
    return np.isin(both[: len(asks)], both[len(asks) :])
