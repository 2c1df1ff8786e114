"""Going on from what is kept: the later facts of people whose checkpoint still holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from bot.domain.batches import micros, moment_of
from bot.domain.checkpoints import Checkpoints, judged, nothing
from bot.domain.records import unpack_densities, unpack_facts
from bot.domain.standings import Beliefs
from bot.domain.states import Judged
from bot.domain.tallies import Kept
from storage import evidence, standings
from storage.database import Tx
from storage.evidence import Evidence
from storage.standings import Points


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Fresh:
    """People with a checkpoint, and what was said and done after it."""

    ids: list[int]
    since: Checkpoints
    later: Evidence
    late: frozenset[int]
    """The ids of whom something came to light that belongs before their checkpoint."""

    def ahead(self, number: int, until: datetime) -> frozenset[int]:
        """Return the ids of whom rounds up to `number` hold facts from after `until` (aware)."""
        facts, rounds = self.later.facts, self.later.round
        strange = facts.person[(rounds > 0) & (rounds <= number) & (facts.at > micros(until))]
        return frozenset(self.ids[one] for one in np.unique(strange).tolist())


def conclude(tx: Tx, initiative_id: int, now: datetime) -> dict[int, Judged]:
    """Return what to conclude about everyone who has an estimate, from all facts at `now`.

    By stakeholder id. Who has no checkpoint, or none that holds everything up to the round of the
    others and nothing after `now`, is judged from the first fact on.
    """
    everyone, points = standings.points(tx, initiative_id)
    usable = (points.round == points.round.max(initial=1)) & (points.until <= micros(now))
    found: dict[int, Judged] = {}
    if usable.any():
        fresh = read(tx, initiative_id, points.where(usable))
        pairs = zip(fresh.ids, judged(fresh.since, fresh.later.facts, now), strict=True)
        found = {one: verdict for one, verdict in pairs if one not in fresh.late}
    others = [one for one in everyone if one not in found]
    if others:
        facts = evidence.of_people(tx, others).facts
        found.update(zip(others, judged(nothing(len(others)), facts, now), strict=True))
    return found


def read(tx: Tx, initiative_id: int, points: Points) -> Fresh:
    """Return people whose checkpoints are of one round, with the facts after it; their ids rise."""
    first = moment_of(int(points.until.min()))
    found = evidence.after_round(tx, initiative_id, points.ids, int(points.round[0]), first)
    after = found.facts.at > points.until[found.facts.person]
    belated = found.facts.person[~after & (found.round > 0)]
    late = frozenset(points.ids[one] for one in np.unique(belated).tolist())
    return Fresh(points.ids, _checkpoints(points), found.where(after), late)


def _checkpoints(points: Points) -> Checkpoints:
    beliefs = Beliefs(unpack_densities(points.density), _ints(points.week))
    return Checkpoints(beliefs, Kept(_ints(points.pulses), unpack_facts(points.tail)))


def _ints(column: Sequence[int]) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    return np.array(column, dtype=np.int64)
