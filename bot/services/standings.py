"""Where people stand: for decisions and sentences of the app alone, shown to nobody as it is.

Only people whose answers come by name have an estimate (`storage.standings.estimated`). An owner
who came later is served from what was said and done since then, and from nothing before.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.batches import facts_of, micros
from bot.domain.checkpoints import judged, nothing
from bot.domain.evidence import Fact, settle, start_of, week_of
from bot.domain.explanations import Explanation, explain_settled
from bot.domain.initiatives import Initiative, Stakeholder
from bot.domain.snapshots import InitiativeSnapshot
from bot.domain.states import Judged
from bot.domain.tallies import tallies
from bot.services import checkpoints, initiatives, snapshots
from storage import audit, courses, evidence, standings
from storage import snapshots as stored
from storage.database import Tx

ONE = timedelta(microseconds=1)


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
    if _from_the_start(initiative, since):
        return checkpoints.conclude(tx, initiative.id, now)
    ids = [place.stakeholder_id for place in standings.estimated(tx, initiative.id)]
    number = courses.round_before(tx, initiative.id, since)
    facts = evidence.after_round(tx, initiative.id, ids, number, since - ONE).facts
    facts = facts.where(facts.at >= micros(since))
    return dict(zip(ids, judged(nothing(len(ids)), facts, now), strict=True))


def explained(
    tx: Tx,
    initiative: Initiative,
    stakeholder_ids: Collection[int],
    since: datetime,
    now: datetime,
    known: Mapping[int, Judged] | None = None,
) -> dict[int, Explained]:
    """Return the standings of a handful of people with their reasons, by stakeholder id.

    Who has no estimate is left out. `since` as in `of_initiative`; `known` is what it returned for
    these people, if that is at hand.
    """
    places = standings.estimated(tx, initiative.id, list(stakeholder_ids))
    ids = [place.stakeholder_id for place in places]
    facts = evidence.of_people(tx, ids).facts
    if not _from_the_start(initiative, since):
        facts = facts.where(facts.at >= micros(since))
    concluded = [known[one] for one in ids] if known else judged(nothing(len(ids)), facts, now)
    left_open = tallies(facts, len(ids), now).unanswered_in_a_row.tolist()
    histories = facts_of(facts, len(ids))
    return {
        one: _explained(found, history, unanswered, now)
        for one, found, history, unanswered in zip(
            ids, concluded, histories, left_open, strict=True
        )
    }


def of_one(tx: Tx, stakeholder_id: int, since: datetime, now: datetime) -> Explained | None:
    """Return one person's standing with its reasons; None if they have no estimate."""
    initiative_id = standings.initiative_of(tx, stakeholder_id)
    if initiative_id is None:
        return None
    initiative = initiatives.load(tx, initiative_id)
    return explained(tx, initiative, [stakeholder_id], since, now).get(stakeholder_id)


def trend(tx: Tx, initiative_id: int) -> list[InitiativeSnapshot]:
    """Return an initiative at the end of each week that is over, oldest first."""
    return stored.of_initiative(tx, initiative_id)


# --- keeping them: the work itself is the clock's, in `snapshots` --------------------------------


def begin(tx: Tx, initiative_id: int, now: datetime) -> None:
    """Keep standings of an initiative that starts."""
    courses.set_due(tx, initiative_id, start_of(week_of(now) + 1))


def close_cycle(tx: Tx, initiative_id: int, now: datetime) -> None:
    """Have the checkpoints of an initiative moved on: a round closed."""
    courses.hurry(tx, [initiative_id], now)


def forget(tx: Tx, places: Collection[Stakeholder]) -> None:
    """Delete the estimates of these places, and take them out of the weeks before.

    To be called before their rows are changed: the initiative has to be locked first.
    """
    where = {place.initiative_id: place.workspace_id for place in places}
    courses.lock(tx, where)
    standings.forget(tx, [place.id for place in places])
    for initiative_id, workspace_id in sorted(where.items()):
        snapshots.recount(tx, workspace_id, initiative_id)


def leave(tx: Tx, places: Collection[Stakeholder], now: datetime) -> None:
    """Delete the estimates of many places at once; the clock takes them out of the weeks before."""
    where = {place.initiative_id for place in places}
    courses.lock(tx, where)
    standings.forget(tx, [place.id for place in places])
    courses.hurry(tx, where, now)


def reconsider(tx: Tx, places: Collection[Stakeholder], now: datetime) -> None:
    """Have the clock make these places' estimates from the first fact on, before facts change.

    What somebody said of a step holds no more once they say something else of it.
    """
    leave(tx, places, now)


def switch(tx: Tx, workspace_id: int, now: datetime, *, on: bool) -> None:
    """Have people estimated in this workspace, or delete every estimate there and make none."""
    if standings.are_on(tx, workspace_id) is on:
        return
    courses.switch(tx, workspace_id, None if on else now)
    if on:
        courses.begin_all(tx, workspace_id, now)
    else:
        courses.forget_all(tx, workspace_id)
    what = "standings.on" if on else "standings.off"
    audit.record(tx, workspace_id, "app", what, "workspace", workspace_id, now)


def _explained(found: Judged, facts: Sequence[Fact], left_open: int, now: datetime) -> Explained:
    told = settle(facts, now)
    return Explained(found, explain_settled(told, now), left_open, told)


def _from_the_start(initiative: Initiative, since: datetime) -> bool:
    return initiative.started_at is None or since <= initiative.started_at
