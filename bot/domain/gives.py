"""Gives: messages that ask nothing, for those whom attention is due; never twice the same."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.barriers import Barrier
from bot.domain.initiatives import Initiative, Stakeholder
from bot.domain.pacing_settings import PacingSettings


class GiveKind(StrEnum):
    """What is given; says which row `subject_id` names. What helps most comes first."""

    BARRIER_ANSWER = "barrier_answer"  # barrier_reply: an owner's answer to what gets in the way
    BARRIER_SOLVED = "barrier_solved"  # barrier_reply: an owner calls it solved; is it?
    TALK_OFFER = "talk_offer"  # conversation: a talk of two
    SESSION = "session"  # conversation: people who took steps, together
    TALK_CALL = "talk_call"  # conversation: whoever shows in group figures may ask for a talk
    OWNER_LINE = "owner_line"  # free_text: a line an owner wrote to this person
    INPUT_CHANGE = "input_change"  # progress_post: what changed since they told something
    PROGRESS_LINE = "progress_line"  # progress_post: what changed because of people


OF_A_BARRIER = (GiveKind.BARRIER_ANSWER, GiveKind.BARRIER_SOLVED)
"""About what the person named; they wait no longer once it has changed."""

OF_A_TALK = (GiveKind.TALK_OFFER, GiveKind.SESSION, GiveKind.TALK_CALL)
"""Offers of a talk: whoever gets one need not be somebody whom attention is due."""

OF_A_POST = (GiveKind.INPUT_CHANGE, GiveKind.PROGRESS_LINE)
"""Both show the same words of a post, so one of them is enough for it."""

LOOKS_BACK = timedelta(weeks=60)
"""How far back gives count for the weeks in a row and the rest after them, at most."""


@dataclass(frozen=True, slots=True)
class Give:
    """Something that could be given, or was."""

    kind: GiveKind
    subject_id: int
    id: int | None = None
    """Its row, if there is one already."""


@dataclass(frozen=True, slots=True)
class Given:
    """What a message that asks nothing says; `words` are typed by an owner, not escaped.

    One about what somebody named has its code.
    """

    id: int
    kind: GiveKind
    stakeholder: Stakeholder
    initiative: Initiative
    words: str
    barrier: Barrier | None = None


LINE_LONGEST = 300
"""How many characters a line from an owner takes at most."""


@dataclass(frozen=True, slots=True)
class LineForm:
    """A line that an owner writes, or wrote, to `people`: how many, and nobody's name."""

    initiative: Initiative
    people: int


def first_to_give(offered: Iterable[Give], given: Collection[tuple[GiveKind, int]]) -> Give | None:
    """Return what helps most of `offered`, without what was `given` already."""
    order = list(GiveKind)
    fresh = [one for one in offered if not _is_given(one, given)]
    return min(fresh, key=lambda one: (order.index(one.kind), -one.subject_id), default=None)


def _is_given(one: Give, given: Collection[tuple[GiveKind, int]]) -> bool:
    kinds = OF_A_POST if one.kind in OF_A_POST else (one.kind,)
    return any((kind, one.subject_id) in given for kind in kinds)


def rests_until(
    given_at: Sequence[datetime], moment: datetime, settings: PacingSettings
) -> datetime | None:
    """Return when gives may go on, if at `moment` they rest after too many weeks in a row.

    `given_at` are the gives of the last `LOOKS_BACK`. A run begins with its first give and lasts
    `give_weeks`; then there are none for `give_rest` weeks.
    """
    run, whole = (
        timedelta(weeks=settings.give_weeks),
        timedelta(weeks=settings.give_weeks + settings.give_rest),
    )
    began: datetime | None = None
    for at in sorted(given_at):
        if began is None or at >= began + whole:
            began = at
    if began is None or not began + run <= moment < began + whole:
        return None
    return began + whole
