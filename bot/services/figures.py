"""Group figures: published once when a round closes, and the same for everyone from then on."""

from datetime import datetime

from bot.domain import figures as rules
from bot.domain.cycles import Cycle
from bot.domain.figures import QUESTIONS, Figure, Part
from bot.services import initiatives
from storage import audit, figures
from storage.database import Tx


def publish(tx: Tx, cycle: Cycle, now: datetime) -> None:
    """Write what everyone asked may see of a round that just closed; again changes nothing."""
    if figures.of_round(tx, cycle.id):
        return
    initiative = initiatives.load(tx, cycle.initiative_id)
    people = figures.people_of(tx, cycle.initiative_id)
    told = figures.told_in(tx, [cycle.id])
    earlier = figures.published(tx, cycle.initiative_id)
    part = rules.took_part(rules.took(people, told, cycle.closed_at or now), closed=True)
    new = [rules.of_part(part)]
    for measure in QUESTIONS:
        before = [one for one in earlier if one.figure.measure is measure]
        new.append(rules.of_question(measure, rules.held(people, told, measure), before))
    figures.add(tx, initiative.workspace_id, cycle, new, now)
    who = initiative.workspace_id, "app", "figures.published"
    audit.record(tx, *who, "cycle", cycle.id, now)


def published(tx: Tx, initiative_id: int) -> tuple[Figure, ...]:
    """Return the figures of the last closed round; none before the first one closes."""
    return tuple(figures.newest(tx, initiative_id))


def public_part(tx: Tx, initiative_id: int) -> Part | None:
    """Return how many took part in the last closed round, if everyone may know it."""
    for figure in published(tx, initiative_id):
        if figure.measure is rules.Measure.TOOK_PART and figure.invited is not None:
            return Part(figure.answered, figure.invited)
    return None
