"""Making all standings anew from the facts, portion by portion; `bot.rebuild` has it done.

What a portion needs is read and worked out by `make`, which any process may do; `write` replaces
what was there. Between the two somebody may give up their estimate: that holds.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

import numpy as np

from bot.domain import snapshots as rules
from bot.domain.batches import Batch, Ints
from bot.domain.evidence import week_of
from bot.domain.records import history_of
from bot.domain.snapshots import Heard, InitiativeSnapshot
from bot.services import snapshots as keeping
from bot.services.snapshots import Target
from storage import bulk, courses, evidence, snapshots, standings
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


def whose(tx: Tx, portions: Sequence[Portion]) -> dict[int, int]:
    """Return in which portion, counted from 0, each place is, by stakeholder id."""
    numbers = {
        target.initiative_id: number
        for number, portion in enumerate(portions)
        for target in portion
    }
    return {
        place: numbers[initiative_id]
        for place, initiative_id in standings.everyone(tx)
        if initiative_id in numbers
    }


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
    who = _who(tx, portion)
    return _made(who, evidence.of_people(tx, who.ids))


def make_of(tx: Tx, portion: Portion, asks: Ints, told: Ints) -> list[Made]:
    """Do the same as `make` from records of `storage.bulk`: those of these people."""
    who = _who(tx, portion)
    numbers = bulk.rounds(tx, [target.initiative_id for target in portion])
    known = np.isin(asks[:, 1] // evidence.FLAGS, who.ids)  # who came since is not among them
    return _made(who, evidence.of_records(tx, who.ids, asks[known], told, numbers))


@dataclass(frozen=True, slots=True)
class _Who:
    """The people of a portion: those with an estimate, then those without one any more."""

    parts: list[keeping.Part]
    others: list[dict[int, datetime | None]]
    """Since when who has no estimate is in group figures only, by stakeholder id."""

    @property
    def ids(self) -> list[int]:
        """All of them."""
        estimated = [place.stakeholder_id for _, some in self.parts for place in some]
        return [*estimated, *(one for some in self.others for one in some)]


def _who(tx: Tx, portion: Portion) -> _Who:
    ids = [target.initiative_id for target in portion]
    places, hidden = standings.estimated_in(tx, ids), snapshots.hidden(tx, ids)
    others = []
    for one in ids:
        known = {place.stakeholder_id for place in places[one]}
        others.append({who: at for who, at in hidden[one].items() if who not in known})
    return _Who([(target, places[target.initiative_id]) for target in portion], others)


def _made(who: _Who, found: evidence.Evidence) -> list[Made]:
    sizes = [len(places) for _, places in who.parts]
    estimated = sum(sizes)
    rows = keeping.rows_from_nothing(who.parts, found.of_first(estimated))
    split = _split(found.facts, [*sizes, *(len(some) for some in who.others)])
    now, before = split[: len(sizes)], split[len(sizes) :]
    made = []
    for number, (target, places) in enumerate(who.parts):
        never, hidden = [None] * len(places), who.others[number].values()
        heard = _sums(_heard(target, now[number], never), _heard(target, before[number], hidden))
        made.append(Made(target, rows[number], heard))
    return made


def _heard(target: Target, facts: Batch, hidden: Iterable[datetime | None]) -> list[Heard]:
    weeks = keeping.hidden_weeks(hidden)
    return rules.heard(facts, weeks, target.first_week, target.last_week)


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
