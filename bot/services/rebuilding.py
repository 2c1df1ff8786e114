"""Making all standings anew from the facts, portion by portion; `bot.rebuild` has it done.

What a portion needs is read and worked out by `make`, which any process may do; `write` replaces
what was there. Between the two somebody may give up their estimate: that holds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

import numpy as np

from bot.domain import snapshots as rules
from bot.domain.batches import Batch
from bot.domain.evidence import week_of
from bot.domain.records import history_of
from bot.domain.snapshots import Heard, InitiativeSnapshot
from bot.services import snapshots as keeping
from bot.services.snapshots import Target
from storage import courses, evidence, snapshots, standings
from storage.database import Tx
from storage.standings import Row

PEOPLE = 1000
"""How many people are dealt with together, if their initiatives are not larger."""

Portion = tuple[Target, ...]
"""Initiatives whose last rounds closed in one week and whose last week is the same."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What there is to do: portions with people, and initiatives of which nothing is kept."""

    portions: list[Portion]
    without: list[int]


@dataclass(frozen=True, slots=True, repr=False)
class Made:
    """Everything about one initiative."""

    target: Target
    rows: list[Row]
    heard: list[Heard]


def plan(tx: Tx, now: datetime) -> Plan:
    """Return what there is to do as of `now`."""
    sizes = courses.sizes(tx)
    known = courses.load(tx)
    targets = [keeping.target_of(course, now) for course in known]
    with_people = sorted((one for one in targets if one is not None), key=_kind)
    portions: list[Portion] = []
    for _, alike in groupby(with_people, key=_kind):
        portions += _portions(list(alike), sizes)
    pairs = zip(known, targets, strict=True)
    return Plan(portions, [course.id for course, target in pairs if target is None])


def _kind(target: Target) -> tuple[int, int]:
    return week_of(target.until), target.last_week


def _portions(targets: Sequence[Target], sizes: dict[int, int]) -> list[Portion]:
    portions: list[list[Target]] = [[]]
    room = PEOPLE
    for target in targets:
        size = sizes.get(target.initiative_id, 0)
        if portions[-1] and size > room:
            portions.append([])
            room = PEOPLE
        portions[-1].append(target)
        room -= size
    return [tuple(portion) for portion in portions]


def make(tx: Tx, portion: Portion) -> list[Made]:
    """Work out everything about the initiatives of a portion, from all facts about their people."""
    ids = [target.initiative_id for target in portion]
    places = standings.estimated_in(tx, ids)
    parts = [(target, places[target.initiative_id]) for target in portion]
    found = evidence.of_people(tx, [one.stakeholder_id for _, some in parts for one in some])
    rows = keeping.rows_from_nothing(parts, found)
    heard = _heard(tx, portion, parts, found.facts)
    return [Made(*made) for made in zip(portion, rows, heard, strict=True)]


def _heard(
    tx: Tx, portion: Portion, parts: Sequence[keeping.Part], facts: Batch
) -> list[list[Heard]]:
    """Return who was heard week by week, also of those who had answered by name and have left."""
    hidden = snapshots.hidden(tx, [target.initiative_id for target in portion])
    others = [
        {one: at for one, at in hidden[target.initiative_id].items() if one not in known}
        for target, known in (
            (target, {place.stakeholder_id for place in some}) for target, some in parts
        )
    ]
    left = evidence.of_people(tx, [one for some in others for one in some]).facts
    now = _split(facts, [len(some) for _, some in parts])
    before = _split(left, [len(some) for some in others])
    return [
        _sums(
            rules.heard(
                mine,
                keeping.hidden_weeks([None] * len(places)),
                target.first_week,
                target.last_week,
            ),
            rules.heard(
                theirs, keeping.hidden_weeks(some.values()), target.first_week, target.last_week
            ),
        )
        for (target, places), some, mine, theirs in zip(parts, others, now, before, strict=True)
    ]


def _sums(some: Sequence[Heard], others: Sequence[Heard]) -> list[Heard]:
    return [one + other for one, other in zip(some, others, strict=True)]


def _split(facts: Batch, sizes: Sequence[int]) -> list[Batch]:
    """Return the facts of so many people, then of so many more, each time counted from 0."""
    ordered = facts.where(np.argsort(facts.person, kind="stable"))
    firsts = np.cumsum([0, *sizes])
    ends = np.searchsorted(ordered.person, firsts)
    return [
        _moved(ordered.where(slice(ends[one], ends[one + 1])), int(firsts[one]))
        for one in range(len(sizes))
    ]


def _moved(facts: Batch, first: int) -> Batch:
    return Batch(facts.person - first, facts.at, facts.kind, facts.subject)


def write(tx: Tx, made: Sequence[Made], now: datetime) -> int:
    """Replace what was kept about these initiatives; return how many people have an estimate."""
    ids = [one.target.initiative_id for one in made]
    courses.lock(tx, ids)
    standings.forget_of(tx, ids)
    snapshots.forget(tx, ids)
    known = {course.id: course for course in courses.load(tx, ids)}
    people = 0
    for one in made:
        target = one.target
        people += _write(tx, one)
        course = known[target.initiative_id]
        due_next = keeping.next_due(course, target, now) if course.round == target.round else now
        courses.set_due(tx, target.initiative_id, due_next)
    return people


def _write(tx: Tx, made: Made) -> int:
    target = made.target
    held = standings.hold(tx, target.initiative_id, [row.stakeholder_id for row in made.rows])
    known = {place.stakeholder_id for place in held}
    rows = [row for row in made.rows if row.stakeholder_id in known]
    standings.put(tx, target.workspace_id, target.initiative_id, rows)
    histories = [(row.first_week, history_of(row.history)) for row in rows]
    counts = rules.counted(histories, target.first_week, len(made.heard))
    weeks = [
        InitiativeSnapshot(target.first_week + week, counts[week], heard)
        for week, heard in enumerate(made.heard)
    ]
    snapshots.put(tx, target.workspace_id, target.initiative_id, weeks)
    return len(rows)


def forget(tx: Tx, initiative_ids: Sequence[int]) -> None:
    """Delete what is kept of initiatives that have nothing to keep."""
    for initiative_id in initiative_ids:
        keeping.forget(tx, initiative_id)
