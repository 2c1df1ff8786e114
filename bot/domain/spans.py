"""In which weeks each fact holds, and from that the tallies of every week at once.

A fact holds from the week it is in; an answer until the week in which it is changed. A week is
seen as of its last microsecond, so what is changed within one week never held.
"""

from dataclasses import dataclass

import numpy as np

from bot.domain.batches import (
    DELIVERED,
    GROUP,
    UNANSWERED,
    VALUE,
    Batch,
    Bools,
    Ints,
    Rows,
    in_order,
    is_again,
    is_all,
    numbered,
    weeks_of,
)
from bot.domain.evidence import ANSWERED
from bot.domain.tallies import KEPT, NOT_DONE_KIND, RECENTLY, Tallies


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Spans:
    """Facts in order (`batches.in_order`), each with its first week and the week it ends before."""

    facts: Batch
    start: Ints
    stop: Ints

    def where(self, rows: Rows) -> "Spans":
        """Return the spans that `rows`, a mask, places or a slice, picks."""
        if is_all(rows):
            return self
        return Spans(self.facts.where(rows), self.start[rows], self.stop[rows])


def spans_of(batch: Batch, last_week: int) -> Spans:
    """Return the facts of the weeks up to `last_week` that hold at the end of any of them."""
    ordered = in_order(batch.where(weeks_of(batch.at) <= last_week))
    again, start = is_again(ordered), weeks_of(ordered.at)
    answered = GROUP[ordered.kind] == ANSWERED
    stop = np.full(len(ordered), last_week + 1)
    changed = np.flatnonzero(again & answered[1:])
    stop[changed] = start[changed + 1]
    told_before = np.append(np.zeros(len(ordered) - len(again), dtype=np.bool_), again)
    return Spans(ordered, start, stop).where(np.where(answered, start < stop, ~told_before))


def tallies_by_week(spans: Spans, people: int, first_week: int, last_week: int) -> Tallies:
    """Return the tallies (N, W) at the end of each week, first to last."""

    def running(spans: Spans, weight: Ints | None = None) -> Ints:
        return _running(spans, weight, people, first_week, last_week)

    kind = spans.facts.kind
    recent = _recent(spans)
    scored = VALUE[kind] > 0
    lately = recent.where(scored)
    number, total = running(lately), running(lately, VALUE[lately.facts.kind])
    return Tallies(
        pulses=running(_merged(spans.where(scored))),
        mean_answer=np.where(number > 0, total, np.nan) / np.maximum(number, 1),
        kept_lately=running(recent.where(kind == KEPT)),
        not_done=running(_merged(recent.where(NOT_DONE_KIND[kind]))),
        unanswered_in_a_row=running(_unheard(spans, last_week + 1)),
    )


def _running(spans: Spans, weight: Ints | None, people: int, first: int, last: int) -> Ints:
    """Return how much holds for each person at the end of each week: (N, W)."""
    weeks = last - first + 1
    begins = spans.facts.person * (weeks + 1) + np.clip(spans.start - first, 0, weeks)
    ends = spans.facts.person * (weeks + 1) + np.clip(spans.stop - first, 0, weeks)
    cells = people * (weeks + 1)
    change = np.bincount(begins, weight, cells) - np.bincount(ends, weight, cells)
    counts = change.astype(np.int64, copy=False).reshape(people, weeks + 1)[:, :weeks]
    return counts.cumsum(axis=1)


def _recent(spans: Spans) -> Spans:
    """Return the spans cut to the weeks at whose end the fact is at most 8 weeks old."""
    gone = weeks_of(spans.facts.at + (RECENTLY + 1))
    return Spans(spans.facts, spans.start, np.minimum(spans.stop, gone))


def _merged(spans: Spans) -> Spans:
    """Return the weeks in which at least one fact of each subject holds; all of one group."""
    spans = spans.where(_is_new(spans, spans.start, spans.stop))
    subject = np.cumsum(_is_new(spans)) - 1
    wide = int(spans.stop.max(initial=0)) + 1  # weeks are not negative
    order = np.argsort(subject * wide + spans.start)
    spans, offset = spans.where(order), subject[order] * wide
    reach = np.maximum.accumulate(spans.stop + offset)
    apart = spans.start[1:] + offset[1:] > reach[:-1]
    heads = np.flatnonzero(np.append(np.ones(len(offset[:1]), dtype=np.bool_), apart))
    ends = np.append(heads[1:], len(offset))[: len(heads)] - 1
    return Spans(spans.facts.where(heads), spans.start[heads], reach[ends] - offset[ends])


def _is_new(spans: Spans, *also: Ints) -> Bools:
    """Return whether each fact has another person or subject, or `also`, than the one before."""
    columns = (spans.facts.person, spans.facts.subject, *also)
    differs = np.zeros(len(spans.start), dtype=np.bool_)
    differs[:1] = True
    for column in columns:
        differs[1:] |= column[1:] != column[:-1]
    return differs


def _unheard(spans: Spans, never: int) -> Spans:
    """Return the weeks in which a delivered ask counts as left unanswered.

    From when it is delivered and ended until an ask delivered no earlier is answered.
    """
    kind = spans.facts.kind
    asks = spans.where(kind == DELIVERED)
    facts = asks.facts
    asks = asks.where(np.lexsort((facts.at, facts.person)))  # of one moment by id, as they are
    ended = _first_week(asks, spans.where(kind == UNANSWERED), never)
    answered = _first_week(asks, spans.where(GROUP[kind] == ANSWERED), never)
    offset = asks.facts.person * (never + 1)
    heard = np.maximum(answered, asks.start) + offset
    stop = np.minimum.accumulate(heard[::-1])[::-1] - offset
    start = np.maximum(ended, asks.start)
    unheard = start < stop
    return Spans(asks.facts.where(unheard), start[unheard], stop[unheard])


def _first_week(asks: Spans, others: Spans, never: int) -> Ints:
    """Return when the first of the others about the same ask began to hold, else `never`."""
    heads = np.flatnonzero(_is_new(others))
    weeks = np.append(np.minimum.reduceat(others.start, heads) if len(heads) else heads, never)
    mine, theirs = asks.facts, others.facts.where(heads)
    both = numbered(np.append(mine.person, theirs.person), np.append(mine.subject, theirs.subject))
    wanted, known = both[: len(mine)], np.append(both[len(mine) :], -1)
    place = np.searchsorted(known[:-1], wanted)
    found: Ints = weeks[np.where(known[place] == wanted, place, len(heads))]
    return found
