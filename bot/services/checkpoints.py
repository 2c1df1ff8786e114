"""Going on from what is kept: the later facts of people whose checkpoint still holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from bot.domain.batches import micros
from bot.domain.checkpoints import Checkpoints, judged, nothing
from bot.domain.records import unpack_densities, unpack_facts
from bot.domain.standings import Beliefs
from bot.domain.states import Judged
from bot.domain.tallies import Kept
from storage import evidence, standings
from storage.database import Tx
from storage.evidence import Evidence
from storage.standings import Row


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


def conclude(tx: Tx, initiative_id: int, ids: Sequence[int], now: datetime) -> dict[int, Judged]:
    """Return what to conclude about these people (`ids` rise), by id, from all facts at `now`.

    Who has no checkpoint, or none that holds, is judged from the first fact on.
    """
    rows = {row.stakeholder_id: row for row in standings.kept(tx, initiative_id)}
    number = max((row.round for row in rows.values()), default=0)
    usable = [one for one in ids if one in rows and holds(rows[one], number, now)]
    found: dict[int, Judged] = {}
    if usable:
        fresh = read(tx, initiative_id, usable, rows)
        verdicts = judged(fresh.since, fresh.later.facts, now)
        pairs = zip(fresh.ids, verdicts, strict=True)
        found = {one: verdict for one, verdict in pairs if one not in fresh.late}
    others = [one for one in ids if one not in found]
    if others:
        facts = evidence.of_people(tx, others).facts
        found.update(zip(others, judged(nothing(len(others)), facts, now), strict=True))
    return found


def holds(row: Row, number: int, now: datetime) -> bool:
    """Return whether a checkpoint has everything up to round `number`, and nothing after `now`."""
    return number > 0 and row.round == number and row.until <= now


def read(tx: Tx, initiative_id: int, ids: Sequence[int], rows: Mapping[int, Row]) -> Fresh:
    """Return people whose checkpoints are of one round, with the facts after it; `ids` rise."""
    kept = [rows[one] for one in ids]
    first = min(row.until for row in kept)
    found = evidence.after_round(tx, initiative_id, ids, kept[0].round, first)
    until = np.array([micros(row.until) for row in kept], dtype=np.int64)
    after = found.facts.at > until[found.facts.person]
    belated = found.facts.person[~after & (found.round > 0)]
    late = frozenset(ids[one] for one in np.unique(belated).tolist())
    return Fresh(list(ids), _checkpoints(kept), found.where(after), late)


def _checkpoints(kept: Sequence[Row]) -> Checkpoints:
    week = np.array([row.week for row in kept], dtype=np.int64)
    pulses = np.array([row.pulses for row in kept], dtype=np.int64)
    beliefs = Beliefs(unpack_densities([row.density for row in kept]), week)
    return Checkpoints(beliefs, Kept(pulses, unpack_facts([row.tail for row in kept])))
