"""Where people stand: for decisions and sentences of the app alone, shown to nobody as it is.

Only people whose answers come by name have an estimate (`storage.standings.estimated`). An owner
who came later is served from what was said and done since then, and from nothing before.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.batches import facts_of
from bot.domain.evidence import Fact, settle
from bot.domain.explanations import Explanation, explain
from bot.domain.initiatives import Initiative
from bot.domain.standings import estimate
from bot.domain.states import Judged, judge, tally
from bot.services import initiatives
from storage import evidence, standings
from storage.database import Tx


@dataclass(frozen=True, slots=True, repr=False)
class Explained:
    """One person's standing with its reasons; inner workings, all of it."""

    judged: Judged
    explanation: Explanation
    open_asks: int
    """How many check-ins in a row they left open."""
    facts: tuple[Fact, ...]
    """Everything known of them, settled, oldest first."""


def are_on(tx: Tx, workspace_id: int) -> bool:
    """Return whether people are estimated in this workspace at all."""
    return standings.are_on(tx, workspace_id)


def of_initiative(
    tx: Tx, initiative: Initiative, since: datetime, now: datetime
) -> dict[int, Judged]:
    """Return what to conclude about everyone who has an estimate, by stakeholder id.

    `since` (aware) is from when on the owner may know what was said and done.
    """
    ids = [place.stakeholder_id for place in standings.estimated(tx, initiative.id)]
    histories = _histories(tx, initiative, ids, since)
    return {
        one: judge(estimate(facts, now), tally(facts, now))
        for one, facts in zip(ids, histories, strict=True)
    }


def explained(
    tx: Tx,
    initiative: Initiative,
    stakeholder_ids: Collection[int],
    since: datetime,
    now: datetime,
) -> dict[int, Explained]:
    """Return the standings of a handful of people with their reasons, by stakeholder id.

    Who has no estimate is left out. `since` as in `of_initiative`.
    """
    places = standings.estimated(tx, initiative.id, list(stakeholder_ids))
    ids = [place.stakeholder_id for place in places]
    histories = _histories(tx, initiative, ids, since)
    return {one: _explained(facts, now) for one, facts in zip(ids, histories, strict=True)}


def of_one(tx: Tx, stakeholder_id: int, since: datetime, now: datetime) -> Explained | None:
    """Return one person's standing with its reasons; None if they have no estimate."""
    initiative_id = standings.initiative_of(tx, stakeholder_id)
    if initiative_id is None:
        return None
    initiative = initiatives.load(tx, initiative_id)
    return explained(tx, initiative, [stakeholder_id], since, now).get(stakeholder_id)


def _explained(facts: Sequence[Fact], now: datetime) -> Explained:
    counts = tally(facts, now)
    judged = judge(estimate(facts, now), counts)
    told = settle(facts, now)
    return Explained(judged, explain(facts, now), counts.unanswered_in_a_row, told)


def _histories(
    tx: Tx, initiative: Initiative, ids: Sequence[int], since: datetime
) -> list[list[Fact]]:
    histories = facts_of(evidence.of_people(tx, ids), len(ids))
    if _from_the_start(initiative, since):
        return histories
    return [[fact for fact in facts if fact.at >= since] for facts in histories]


def _from_the_start(initiative: Initiative, since: datetime) -> bool:
    return initiative.started_at is None or since <= initiative.started_at
