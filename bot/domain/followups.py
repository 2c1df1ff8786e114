"""What a finished check-in asks besides its three questions: at most one thing, and seldom."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

EVERY = timedelta(weeks=4)
"""The same thing is asked of one person about one initiative at most once in so long."""

LOW, PLANNED = 3, 3
"""An answer of so much or less asks what gets in the way; an effort of so much or more offers a
step."""


class FollowUp(StrEnum):
    """What is asked; what comes first goes first."""

    BARRIER = "barrier"
    STEP = "step"


@dataclass(frozen=True, slots=True)
class Followed:
    """That somebody was asked something after a check-in."""

    id: int
    ask_id: int
    kind: FollowUp
    asked_at: datetime
    declined: bool = False
    """*Not now* was said to the offer of a step."""
    step_id: int | None = None
    """The step that was chosen there."""


def due(
    values: Iterable[int | None],
    effort: int | None,
    asked: Collection[Followed],
    now: datetime,
) -> tuple[FollowUp, ...]:
    """Return what may be asked after a check-in with these answers, what is asked first at first.

    `values` are all answers 1…5, `effort` the one about what somebody plans; None is a recorded
    choice. `asked` is what the person was asked before about this initiative.
    """
    last = _last(asked)
    low = any(value is not None and value <= LOW for value in values)
    wanted = {
        FollowUp.BARRIER: low,
        FollowUp.STEP: plans_enough(effort),
    }
    return tuple(
        kind
        for kind in FollowUp
        if wanted[kind] and (kind not in last or now - last[kind] >= EVERY)
    )


def plans_enough(effort: int | None) -> bool:
    """Return whether what somebody plans to do, 1…5, is enough to offer a step."""
    return effort is not None and effort >= PLANNED


def _last(asked: Collection[Followed]) -> Mapping[FollowUp, datetime]:
    last: dict[FollowUp, datetime] = {}
    for one in asked:
        last[one.kind] = max(one.asked_at, last.get(one.kind, one.asked_at))
    return last
