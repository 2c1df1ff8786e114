"""Group figures: published once when a round closes, and the same for everyone from then on."""

from datetime import datetime

from bot.domain import figures as rules
from bot.domain import publishing, trends
from bot.domain.cycles import Cycle
from bot.domain.figures import QUESTIONS, Figure, Part
from bot.domain.trends import Point
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
    for measure in (one for one in QUESTIONS if one.value in cycle.questions):
        before = [one for one in earlier if one.figure.measure is measure]
        held = rules.held(people, told, measure)
        new.append(publishing.beside(publishing.of_question(measure, held, before), held, part))
    figures.add(tx, initiative.workspace_id, cycle, new, now)
    who = initiative.workspace_id, "app", "figures.published"
    audit.record(tx, *who, "cycle", cycle.id, now)


def published(tx: Tx, initiative_id: int) -> tuple[Figure, ...]:
    """Return the figures of the last closed round; none before the first one closes."""
    return tuple(figures.newest(tx, initiative_id))


def history(tx: Tx, initiative_id: int, *, for_owner: bool = True) -> tuple[Point, ...]:
    """Return what each closed round told about each question, oldest first.

    It is made of published figures alone. Between how many the answer lies, whatever those who
    are silent would say, is told only to who may know how many took part.
    """
    told = figures.past(tx, initiative_id)
    closed = {one.figure.round: one.closed_at for one in told}
    invited = {
        (one.figure.round, one.figure.measure): number
        for one in told
        if (number := one.of if for_owner and one.by_name else one.figure.invited)
    }
    return trends.points([one.figure for one in told], closed, invited)


def public_part(tx: Tx, initiative_id: int) -> Part | None:
    """Return how many took part in the last closed round, if everyone may know it."""
    for figure in published(tx, initiative_id):
        if figure.measure is rules.Measure.TOOK_PART and figure.invited is not None:
            return Part(figure.answered, figure.invited)
    return None
