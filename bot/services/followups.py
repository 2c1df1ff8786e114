"""What a finished check-in asks besides: at most one thing, what gets in the way before a step."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from bot.domain import followups as rules
from bot.domain.barriers import BarrierQuestion
from bot.domain.followups import Followed, FollowUp
from bot.domain.initiatives import Initiative, Place
from bot.domain.pulses import CheckIn, Given, Question
from bot.domain.steps import StepOffer
from bot.services import barriers, steps
from storage import followups
from storage.database import Tx
from storage.pulses import AskRow

Asked = StepOffer | BarrierQuestion
Maker = Callable[[Tx, AskRow, Initiative, Followed | None, datetime], Asked | None]

MAKERS: dict[FollowUp, Maker] = {
    FollowUp.BARRIER: barriers.question,
    FollowUp.STEP: steps.offer,
}
"""What somebody sees of each; None if there is nothing to ask, or not any more.

The fourth argument is that it was asked after this check-in before, None if it would be anew.
"""


def add(tx: Tx, ask: AskRow, one: CheckIn, now: datetime) -> CheckIn:
    """Return the check-in with what it asks besides, if anything."""
    if not one.is_complete or one.closed or ask.place.place is not Place.ACTIVE:
        return one
    asked, anew = follow_up(tx, ask, one.initiative, one.answers, now)
    return replace(one, follow_up=asked, asks_anew=anew) if asked else one


def follow_up(
    tx: Tx, ask: AskRow, initiative: Initiative, held: Mapping[Question, Given], now: datetime
) -> tuple[Asked | None, bool]:
    """Return what a finished check-in asks besides, and whether it does so for the first time.

    `held` are the answers that hold. What was asked once stays with its check-in.
    """
    before = followups.of_place(tx, ask.place.id)
    mine = next((one for one in before if one.ask_id == ask.id), None)
    values = [given.value for given in held.values()]
    effort = held[Question.EFFORT].value if Question.EFFORT in held else None
    if mine is not None:
        found = MAKERS[mine.kind](tx, ask, initiative, mine, now)
        return (None if _is_over(found, effort) else found), False
    for kind in rules.due(values, effort, before, now):
        if found := MAKERS[kind](tx, ask, initiative, None, now):
            return found, True
    return None, False


def _is_over(found: Asked | None, effort: int | None) -> bool:
    """Return whether an offer means nothing any more: they plan less now than they first said."""
    unanswered = isinstance(found, StepOffer) and not found.taken and not found.declined
    return unanswered and not rules.plans_enough(effort)


def shown(tx: Tx, one: CheckIn, now: datetime) -> None:
    """Note that somebody is asked what their check-in asks besides, if it does so anew."""
    if one.asks_anew and one.follow_up:
        is_step = isinstance(one.follow_up, StepOffer)
        kind = FollowUp.STEP if is_step else FollowUp.BARRIER
        followups.add(tx, one.stakeholder_id, one.ask_id, kind, now)
