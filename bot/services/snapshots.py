"""Keeping standings: checkpoints move on when a round closes, weeks are appended on Mondays.

Nothing here decides about anybody: what is read is right without it, only slower. One transaction
deals with some people of one initiative, so that answers get in between.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import NamedTuple

import numpy as np

from bot.domain import snapshots as rules
from bot.domain.batches import Ints, micros
from bot.domain.checkpoints import Checkpoints, from_nothing, go_on, weeks
from bot.domain.evidence import FIRST_MONDAY, start_of, week_of
from bot.domain.initiatives import KEPT_AFTER_END, Visibility
from bot.domain.records import WEEK_RECORD, history_of, pack_densities, pack_facts
from bot.domain.snapshots import InitiativeSnapshot
from bot.services import checkpoints, needs
from storage import courses, evidence, snapshots, standings
from storage.courses import Course
from storage.database import Tx
from storage.standings import Estimated, Head, Row, points_of

FROM_NOTHING = 50
"""How many people of whom nothing is kept one transaction deals with."""

GOING_ON = 200
"""How many people whose checkpoint moves on one transaction deals with."""

COUNTED = 150
"""Of how many people all facts are counted at a time: closed check-ins take no answers, so whatever
else comes late may be found some weeks later."""

MANY_WEEKS = 8
"""After so many weeks without a word it costs less to start from nothing."""


@dataclass(frozen=True, slots=True)
class Target:
    """Up to where everything is made: the last closed round, and the last week that is over."""

    initiative_id: int
    workspace_id: int
    round: int
    until: datetime
    first_week: int
    last_week: int


def snapshot_due(tx: Tx, now: datetime, limit: int) -> int:
    """Bring some standings of one initiative up to date; return 0 if none was due."""
    initiative_id = courses.due(tx, now)
    if initiative_id is None or not limit:
        return 0
    course = courses.get(tx, initiative_id)
    target = target_of(course, now)
    if target is None:
        forget(tx, initiative_id)
    else:
        _bring_up(tx, target, next_due(course, target, now), now)
    return 1


def target_of(course: Course, now: datetime) -> Target | None:
    """Return up to where an initiative's standings are made; None if it has none."""
    if course.off or course.started_at is None or course.visibility != Visibility.NAMED.value:
        return None
    last = week_of(now) - 1
    if course.ended_at is not None:
        if now - course.ended_at >= KEPT_AFTER_END:
            return None
        last = min(last, week_of(course.ended_at))
    return Target(
        course.id,
        course.workspace_id,
        course.round,
        course.closed_at or FIRST_MONDAY,
        week_of(course.started_at),
        last,
    )


def next_due(course: Course, target: Target, now: datetime) -> datetime | None:
    """Return when the next week is over; None if the initiative ended before it began."""
    if course.ended_at is not None and target.last_week == week_of(course.ended_at):
        return None
    return start_of(week_of(now) + 1)


def forget(tx: Tx, initiative_id: int) -> None:
    """Delete what is kept of an initiative, and keep nothing of it from now on."""
    standings.forget_of(tx, [initiative_id])
    snapshots.forget(tx, [initiative_id])
    needs.forget(tx, initiative_id)
    courses.set_due(tx, initiative_id, None)


def _bring_up(tx: Tx, target: Target, due_next: datetime | None, now: datetime) -> None:
    """Do one portion of the work; the last one is the initiative itself."""
    heads = standings.heads(tx, target.initiative_id)
    places = standings.estimated(tx, target.initiative_id)
    standings.forget(tx, heads.keys() - {place.stakeholder_id for place in places})
    behind = [one for one in places if _is_behind(heads.get(one.stakeholder_id), target)]
    unknown = [one for one in behind if not _goes_on(heads.get(one.stakeholder_id), target)]
    if unknown:
        _start(tx, target, unknown[:FROM_NOTHING], heads)
    elif behind:
        some = _of_one_round(behind, heads)[:GOING_ON]
        late = _late(tx, target, [heads[one.stakeholder_id] for one in some], len(places))
        _go_on(tx, target, some, late)
    elif _is_written(tx, target) and (late := _late(tx, target, heads.values(), len(places))):
        _make_anew(tx, target, late)
    else:
        _write_weeks(tx, target)
        needs.note(tx, target.workspace_id, target.initiative_id, target.round, now)
        courses.set_due(tx, target.initiative_id, due_next)


def _is_written(tx: Tx, target: Target) -> bool:
    """Return whether the last week is there: then nobody's facts were counted on the way here."""
    return snapshots.newest(tx, target.initiative_id) == target.last_week


def _is_behind(head: Head | None, target: Target) -> bool:
    if head is None or head.until < target.until:
        return True
    return head.first_week <= target.last_week and head.last_week < target.last_week


def _goes_on(head: Head | None, target: Target) -> bool:
    """Return whether there is a checkpoint to go on from, and neither a gap nor many weeks."""
    if head is None or head.round == 0:
        return False
    week = week_of(head.until)
    return head.last_week + 1 >= week and target.last_week - week <= MANY_WEEKS


def _of_one_round(places: Sequence[Estimated], heads: Mapping[int, Head]) -> list[Estimated]:
    number = heads[places[0].stakeholder_id].round
    return [one for one in places if heads[one.stakeholder_id].round == number]


def _late(tx: Tx, target: Target, heads: Iterable[Head], people: int) -> set[int]:
    """Return of whom there are other facts now than when what is kept was made.

    Of many `people` in an initiative those of `heads` are looked at whose turn it is this week.
    """
    turns = -(-people // COUNTED)
    groups: dict[tuple[int, datetime], list[Head]] = {}
    for head in heads:
        if head.stakeholder_id % turns == target.last_week % turns:
            groups.setdefault((head.round or target.round, head.until), []).append(head)
    late: set[int] = set()
    for (number, until), some in groups.items():
        ids = [head.stakeholder_id for head in some]
        found = evidence.counted(tx, ids, number, until)
        late |= {
            one for one, head in zip(ids, some, strict=True) if found.get(one, 0) != head.facts
        }
    return late


def _make_anew(tx: Tx, target: Target, late: Collection[int]) -> None:
    """Forget what is kept about people of whom something came late, and the weeks they are in."""
    standings.forget(tx, late)
    snapshots.forget(tx, [target.initiative_id])


# --- people --------------------------------------------------------------------------------------


def _start(tx: Tx, target: Target, places: Sequence[Estimated], heads: Mapping[int, Head]) -> None:
    """Make everything about some people from all facts about them.

    Of whom something is kept already without a checkpoint that holds, more may have come late.
    """
    if late := {place.stakeholder_id for place in places} & heads.keys():
        _make_anew(tx, target, late)
    held = standings.hold(tx, target.initiative_id, [one.stakeholder_id for one in places])
    if held:
        found = evidence.of_people(tx, [place.stakeholder_id for place in held])
        (rows,) = rows_from_nothing([(target, held)], found)
        standings.put(tx, target.workspace_id, target.initiative_id, rows)


class _Head(NamedTuple):
    """Of whom a checkpoint is, up to where, and how many rows are in it."""

    stakeholder_id: int
    round: int
    until: datetime
    facts: int


Part = tuple[Target, Sequence[Estimated]]
"""People of one initiative."""


def rows_from_nothing(parts: Sequence[Part], found: evidence.Evidence) -> list[list[Row]]:
    """Return all that is kept about some people of each initiative, from all facts about them.

    The last rounds of the initiatives closed in one week, and their last week is the same. Person
    0 of the facts is the first of the first part.
    """
    if not any(places for _, places in parts):
        return [[] for _ in parts]
    until = np.repeat([micros(one.until) for one, _ in parts], [len(some) for _, some in parts])
    first = [week_of(place.introduced_at) for _, places in parts for place in places]
    last = parts[0][0].last_week
    earliest = min(*first, last + 1)
    made = from_nothing(found.facts, earliest, last, until)
    histories = [
        records[max(begins - earliest, 0) :].tobytes()
        for begins, records in zip(first, made.records, strict=True)
    ]
    rows = iter(_packed(_heads(parts, found), made.checkpoints, first, histories))
    return [list(islice(rows, len(places))) for _, places in parts]


def _heads(parts: Sequence[Part], found: evidence.Evidence) -> Iterator[_Head]:
    """Yield up to where each checkpoint goes, and how many rows are in it.

    Somebody's clock was ahead if a closed round holds facts from after its close; their checkpoint
    never holds.
    """
    places = [(target, place) for target, some in parts for place in some]
    number = np.array([target.round for target, _ in places], dtype=np.int64)
    until = np.array([micros(target.until) for target, _ in places], dtype=np.int64)
    counts = found.counted(number, until)
    whose = found.facts.person
    ahead = (found.round > 0) & (found.round <= number[whose]) & (found.facts.at > until[whose])
    strange = set(np.unique(whose[ahead]).tolist())
    for one, (target, place) in enumerate(places):
        reached = 0 if one in strange else target.round
        yield _Head(place.stakeholder_id, reached, target.until, counts[one])


def _go_on(
    tx: Tx, target: Target, places: Sequence[Estimated], known_late: Collection[int]
) -> None:
    """Move the checkpoints of some people on, and append the weeks since.

    Weeks that were not over when the checkpoint was made are made anew: something may have come.
    """
    held = standings.hold(tx, target.initiative_id, [one.stakeholder_id for one in places])
    rows = {
        row.stakeholder_id: row for row in standings.whole(tx, [one.stakeholder_id for one in held])
    }
    ids = sorted(rows)
    if not ids:
        return
    fresh = checkpoints.read(tx, target.initiative_id, points_of([rows[one] for one in ids]))
    late = fresh.late | fresh.ahead(target.round, target.until) | set(known_late)
    if late:
        _make_anew(tx, target, late)
    number, until = np.full(len(ids), target.round), np.full(len(ids), micros(target.until))
    counts = fresh.later.counted(number, until)
    facts = {one: rows[one].facts + count for one, count in zip(ids, counts, strict=True)}
    made = _later_rows(target, fresh, rows, facts)
    standings.put(
        tx,
        target.workspace_id,
        target.initiative_id,
        [row for row in made if row.stakeholder_id not in late],
    )


def _later_rows(
    target: Target, fresh: checkpoints.Fresh, rows: Mapping[int, Row], facts: Mapping[int, int]
) -> list[Row]:
    week = week_of(rows[fresh.ids[0]].until)
    added = weeks(fresh.since, fresh.later.facts, week, target.last_week)
    first = [rows[one].first_week for one in fresh.ids]
    histories = []
    for one, begins, new in zip(fresh.ids, first, added, strict=True):
        before = rows[one].history[: max(week - begins, 0) * WEEK_RECORD.itemsize]
        histories.append(before + new[max(begins - week, 0) :].tobytes())
    heads = [_Head(one, target.round, target.until, facts[one]) for one in fresh.ids]
    moved = go_on(fresh.since, fresh.later.facts, target.until)
    return _packed(heads, moved, first, histories)


def _packed(
    heads: Iterable[_Head],
    made: Checkpoints,
    first_weeks: Sequence[int],
    histories: Sequence[bytes],
) -> list[Row]:
    """Return the rows to keep."""
    columns = zip(
        heads,
        pack_densities(made.beliefs.density),
        made.beliefs.week.tolist(),
        made.kept.pulses.tolist(),
        pack_facts(made.kept.tail, len(histories)),
        first_weeks,
        histories,
        strict=True,
    )
    return [
        Row(one, density, week, number, until, facts, pulses, tail, first, history)
        for (one, number, until, facts), density, week, pulses, tail, first, history in columns
    ]


# --- the initiative ------------------------------------------------------------------------------


def recount(tx: Tx, workspace_id: int, initiative_id: int) -> None:
    """Count anew how many stand where in the weeks of an initiative: somebody has left them."""
    before = snapshots.of_initiative(tx, initiative_id)
    if before:
        first = before[0].week
        counts = _counts(tx, initiative_id, first, before[-1].week)
        now = [replace(one, counts=counts[one.week - first]) for one in before]
        changed = [one for one, old in zip(now, before, strict=True) if one != old]
        snapshots.put(tx, workspace_id, initiative_id, changed)


def _write_weeks(tx: Tx, target: Target) -> None:
    """Write the weeks that are over; those of which more may have come are counted anew."""
    first, last = target.first_week, target.last_week
    if last < first:
        return
    before = {one.week: one for one in snapshots.of_initiative(tx, target.initiative_id)}
    counts = _counts(tx, target.initiative_id, first, last)
    missing = next((week for week in range(first, last + 1) if week not in before), last + 1)
    begin = min(missing, last, _still_open(tx, target, missing))
    heard = _heard(tx, target.initiative_id, begin, last)
    weeks_now = [
        InitiativeSnapshot(
            week,
            counts[week - first],
            heard[week - begin] if week >= begin else before[week].heard,
        )
        for week in range(first, last + 1)
    ]
    changed = [one for one in weeks_now if one != before.get(one.week)]
    snapshots.put(tx, target.workspace_id, target.initiative_id, changed)


def _still_open(tx: Tx, target: Target, week: int) -> int:
    """Return the first week whose facts may have changed since the weeks before `week` were made.

    Those of a round that was open then may have, as long as nothing comes late.
    """
    closed_at = courses.closed_before(tx, target.initiative_id, start_of(week))
    return max(target.first_week, week_of(closed_at)) if closed_at else target.first_week


def _counts(tx: Tx, initiative_id: int, first_week: int, last_week: int) -> list[rules.Counts]:
    kept = [
        (first, history_of(records)) for first, records in standings.histories(tx, initiative_id)
    ]
    return rules.counted(kept, first_week, last_week - first_week + 1)


def _heard(tx: Tx, initiative_id: int, first_week: int, last_week: int) -> list[rules.Heard]:
    hidden = snapshots.hidden(tx, [initiative_id])[initiative_id]
    earliest = start_of(first_week - rules.LATELY + 1)
    number = courses.round_before(tx, initiative_id, earliest)
    found = evidence.after_round(tx, initiative_id, list(hidden), number, earliest)
    return rules.heard(found.facts, hidden_weeks(hidden.values()), first_week, last_week)


def hidden_weeks(moments: Iterable[datetime | None]) -> Ints:
    """Return the week from which on each person is in group figures only."""
    return np.array([NEVER if at is None else week_of(at) for at in moments], dtype=np.int64)


NEVER = 2**31
"""A week that does not come."""
