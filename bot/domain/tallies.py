"""What the states need to know of many people besides their standings, as arrays.

A tally at a checkpoint can be kept and gone on from, like the estimate itself: then only what was
said and done in the last weeks (`tail`) and what came later is read.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from bot.domain.batches import (
    CODES,
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
NOT_DONE_KIND = np.isin(np.arange(len(CODES)), [STEPS[event] for event in NOT_DONE])


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
    """What to keep of the tallies when a cycle closes, so that only later facts are read."""

    pulses: Ints
    """Asks with a scored answer that are not in `tail`."""
    tail: Batch
    """Scored answers and steps of the last 8 weeks; asks delivered since the last answered one."""


def tallies(batch: Batch, people: int, as_of: datetime, since: Kept | None = None) -> Tallies:
    """Return `states.tally` of each of `people` people at `as_of` (aware).

    With `since`, `batch` holds the facts after it; its tail is added here.
    """
    settled = settle_all(_whole(batch, since), as_of)
    scored, lately = _scored(settled), _lately(settled, as_of)
    older = 0 if since is None else since.pulses
    return Tallies(
        pulses=older + _distinct(settled.where(scored), people),
        mean_answer=_mean(settled.where(scored & lately), people),
        kept_lately=_count(settled.where(lately & (settled.kind == KEPT)), people),
        not_done=_distinct(settled.where(lately & NOT_DONE_KIND[settled.kind]), people),
        unanswered_in_a_row=_count(_since_heard(settled, people, ended=True), people),
    )


def keep(batch: Batch, people: int, until: datetime, since: Kept | None = None) -> Kept:
    """Return what to keep of the tallies at `until` (aware), going on from `since` if there is one.

    Right as long as nobody answers an ask again that they answered more than 8 weeks before.
    """
    settled = settle_all(_whole(batch, since), until)
    scored, lately = _scored(settled), _lately(settled, until)
    counted = settled.where(lately & (scored | (GROUP[settled.kind] == STEP)))
    ends = settled.where(settled.kind == UNANSWERED)
    waiting = _since_heard(settled, people, ended=False)
    older = 0 if since is None else since.pulses
    pulses = older + _distinct(settled.where(scored), people)
    return Kept(
        pulses - _distinct(counted.where(_scored(counted)), people),
        together([counted, waiting, ends.where(_among(ends, waiting))]),
    )


def _whole(batch: Batch, since: Kept | None) -> Batch:
    return batch if since is None else together([since.tail, batch])


def _scored(batch: Batch) -> Bools:
    scored: Bools = VALUE[batch.kind] > 0
    return scored


def _lately(settled: Batch, as_of: datetime) -> Bools:
    lately: Bools = micros(as_of) - settled.at <= RECENTLY
    return lately


def _mean(scored: Batch, people: int) -> Floats:
    total = np.bincount(scored.person, VALUE[scored.kind], people)
    number = _count(scored, people)
    mean: Floats = np.where(number > 0, total, np.nan) / np.maximum(number, 1)
    return mean


def _count(batch: Batch, people: int) -> Ints:
    return np.bincount(batch.person, minlength=people)


def _distinct(ordered: Batch, people: int) -> Ints:
    """Return about how many asks, steps or talks each person has facts; all of one group."""
    person, subject = ordered.person, ordered.subject
    new = (person[1:] != person[:-1]) | (subject[1:] != subject[:-1])
    return _count(ordered.where(np.append(np.ones(len(person[:1]), dtype=np.bool_), new)), people)


def _since_heard(settled: Batch, people: int, *, ended: bool) -> Batch:
    """Return the asks delivered since the last that was answered; `ended`: only unanswered ones."""
    asks = settled.where(settled.kind == DELIVERED)
    asks = asks.where(np.lexsort((asks.at, asks.person)))  # of one moment by id, as they are
    answered = _among(asks, settled.where(GROUP[settled.kind] == ANSWERED))
    place, last = np.arange(len(asks)), np.full(people, -1)
    np.maximum.at(last, asks.person[answered], place[answered])
    later = place > last[asks.person]
    if ended:
        later &= _among(asks, settled.where(settled.kind == UNANSWERED))
    return asks.where(later)


def _among(asks: Batch, others: Batch) -> Bools:
    """Return which asks some of the other facts of the same person is about."""
    people, subjects = asks.person, asks.subject
    both = numbered(np.append(people, others.person), np.append(subjects, others.subject))
    return np.isin(both[: len(asks)], both[len(asks) :])
