"""Standings kept at the close of a cycle, of many people: what later facts go on from.

Going on from a checkpoint and starting from nothing come to the same. A checkpoint holds every
fact up to its moment, so a fact that comes late, or whose time has not come when it is made, needs
a start from nothing.
"""

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from bot.domain.batches import (
    Batch,
    Ints,
    columns_of,
    end_of,
    micros,
    moment_of,
    settle_all,
    together,
    weeks_of,
)
from bot.domain.evidence import week_of
from bot.domain.records import WEEK_RECORD, Records, records
from bot.domain.series import figures_of, judge_all, verdicts, weekly
from bot.domain.standings import Beliefs, Floats, follow, pass_time, prior
from bot.domain.states import Judged
from bot.domain.tallies import Kept, Tallies, keep, tallies


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Checkpoints:
    """What is known of N people at one moment: beliefs and tallies, with no fact after it."""

    beliefs: Beliefs
    kept: Kept


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Course:
    """The standings of N people up to now: a checkpoint, and a record per week (N, W)."""

    checkpoints: Checkpoints
    records: Records


def nothing(people: int) -> Checkpoints:
    """Return the checkpoint of people of whom nothing is known."""
    return Checkpoints(prior(people), Kept(np.zeros(people, dtype=np.int64), together([])))


def judged(since: Checkpoints, later: Batch, as_of: datetime) -> list[Judged]:
    """Return what to conclude about everyone at `as_of` (aware) after the `later` facts."""
    density, counts = _seen(since, later, as_of)
    return judge_all(density, counts)


def go_on(since: Checkpoints, later: Batch, until: datetime) -> Checkpoints:
    """Return the checkpoint at `until` (aware), after the `later` facts."""
    known = later.where(later.at <= micros(until))
    beliefs = follow(since.beliefs, columns_of(settle_all(known, until)))
    beliefs = pass_time(beliefs, week_of(until))
    return Checkpoints(beliefs, keep(known, len(beliefs.week), until, since.kept))


def weeks(since: Checkpoints, later: Batch, first_week: int, last_week: int) -> Records:
    """Return a record per week (N, W), each as of its last microsecond; none is before `since`."""
    seen = [_seen(since, later, end_of(week)) for week in range(first_week, last_week + 1)]
    found = []
    for density, counts in seen:
        figures = figures_of(density)
        found.append(records(verdicts(figures, counts), figures))
    return np.stack(found, axis=1) if found else _no_weeks(len(since.beliefs.week))


def from_nothing(batch: Batch, first_week: int, last_week: int, until: Ints) -> Course:
    """Return each person's checkpoint and all their weeks, first to last, from all facts.

    `until` is the moment of each person's checkpoint (microseconds); all are in one week.
    """
    people, middle = len(until), int(weeks_of(until[:1])[0])
    before = batch.at <= until[batch.person]
    known, later = batch.where(before), batch.where(~before)
    whole = weekly(known, people, min(first_week, middle), middle)
    at_close = Checkpoints(whole.beliefs, _kept(known, until))
    seen = records(whole.verdicts, whole.figures)[:, max(first_week - whole.first_week, 0) : -1]
    after = weeks(at_close, later, max(first_week, middle), last_week)
    wanted = max(last_week - first_week + 1, 0)
    return Course(at_close, np.concatenate([seen, after], axis=1)[:, :wanted])


def _kept(known: Batch, until: Ints) -> Kept:
    """Return what to keep of everyone's tallies, each at their own moment."""
    moments, place = np.unique(until, return_inverse=True)
    pulses, tails = np.zeros(len(until), dtype=np.int64), []
    whose = place[known.person]
    order = np.argsort(whose, kind="stable")
    ends = np.cumsum(np.bincount(whose, minlength=len(moments)))
    for number, moment in enumerate(moments.tolist()):
        rows = order[ends[number - 1] if number else 0 : ends[number]]
        one = keep(known.where(rows), len(until), moment_of(moment))
        pulses += one.pulses
        tails.append(one.tail)
    return Kept(pulses, together(tails))


def _seen(since: Checkpoints, later: Batch, as_of: datetime) -> tuple[Floats, Tallies]:
    week = week_of(as_of)
    beliefs = follow(since.beliefs, columns_of(settle_all(later, as_of)))
    counts = tallies(later, len(beliefs.week), as_of, since.kept)
    return pass_time(beliefs, week).density, counts


def _no_weeks(people: int) -> Records:
    return np.zeros((people, 0), dtype=WEEK_RECORD)
