"""What was said and done about steps, as statements that `storage.evidence` reads facts with.

A row of what was told is whose it is, of which step (or offer), when in microseconds, and what.
"""

from typing import Any, cast

from sqlalchemy import BindParameter, Table, bindparam, case, func, literal, select

from bot.domain.batches import STEPS
from bot.domain.commitments import Ending
from bot.domain.evidence import StepEvent
from storage import tables
from storage.moments import NEVER, micros

_step = cast(Table, tables.Commitment.__table__)
_outcome = cast(Table, tables.CommitmentOutcome.__table__)
_offered = cast(Table, tables.FollowedUp.__table__)
_declined = cast(Table, tables.StepDeclined.__table__)
_afterwards = _outcome.alias("afterwards")

_ENDINGS = {event.value: STEPS[event] for event in StepEvent}
assert {ending.value for ending in Ending} <= set(_ENDINGS)  # noqa: S101 - what steps end as

_taken = select(_step.c.stakeholder_id, _step.c.id, micros(_step.c.created_at))
_holds = (_outcome.c.outcome == Ending.MOVED.value) | ~(
    select(_afterwards.c.id)
    .where(
        _afterwards.c.commitment_id == _outcome.c.commitment_id, _afterwards.c.id > _outcome.c.id
    )
    .exists()
)
"""Of what somebody said of a step the last counts; that it got a new date counts besides."""

_told = (
    select(
        _step.c.stakeholder_id,
        _step.c.id,
        micros(_outcome.c.told_at),
        case(_ENDINGS, value=_outcome.c.outcome, else_=NEVER),
    )
    .select_from(_step)
    .join(_outcome, _outcome.c.commitment_id == _step.c.id)
    .where(_holds)
)
_not_now = (
    select(
        _offered.c.stakeholder_id,
        _offered.c.id,
        micros(_declined.c.told_at),
        literal(STEPS[StepEvent.NOT_NOW]),
    )
    .select_from(_offered)
    .join(_declined, _declined.c.followed_up_id == _offered.c.id)
)

_people: BindParameter[Any] = bindparam("people", expanding=True)
_theirs, _to_them = _step.c.stakeholder_id.in_(_people), _offered.c.stakeholder_id.in_(_people)
_here = (_step.c.initiative_id == bindparam("initiative_id")) & (
    _step.c.stakeholder_id.is_not(None)
)
_offered_here = _offered.c.initiative_id == bindparam("initiative_id")
_after: BindParameter[Any] = bindparam("after")
_until: BindParameter[Any] = bindparam("until")

TAKEN_BY_PEOPLE = _taken.where(_theirs)
TOLD_BY_PEOPLE = (_told.where(_theirs), _not_now.where(_to_them))

TAKEN_LATER = _taken.where(_here, _step.c.created_at > _after)
TOLD_LATER = (
    _told.where(_here, _outcome.c.told_at > _after),
    _not_now.where(_offered_here, _declined.c.told_at > _after),
)

TAKEN_COUNTED = (
    select(_step.c.stakeholder_id, func.count())
    .where(_theirs, _step.c.created_at <= _until)
    .group_by(_step.c.stakeholder_id)
)
TOLD_COUNTED = (
    _told.where(_theirs, _outcome.c.told_at <= _until)
    .with_only_columns(_step.c.stakeholder_id, func.count())
    .group_by(_step.c.stakeholder_id),
    _not_now.where(_to_them, _declined.c.told_at <= _until)
    .with_only_columns(_offered.c.stakeholder_id, func.count())
    .group_by(_offered.c.stakeholder_id),
)
