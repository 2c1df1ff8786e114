"""Inner states: coarse words for a standing that nobody is shown (method.md section 2).

Views know them only as the groups of the digest; probabilities are rounded before they are
compared, so that the last digit of a sum never changes a word.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.evidence import (
    Answered,
    AskDelivered,
    AskUnanswered,
    Fact,
    StepEvent,
    Stepped,
    settle,
)
from bot.domain.standings import NOT_BOUGHT_IN, Standing

SURE_ENOUGH = 0.60
ENOUGH_PULSES = 2
SILENT_ASKS = 3
RECENT = timedelta(weeks=8)
KEPT_BY_CHAMPION = 2
KIND_WORDS = 3.5
WORTH_A_TALK = 0.35
"""A conversation is suggested from this probability on: it is cheap and kind."""

NOT_DONE = frozenset({StepEvent.MISSED, StepEvent.NOT_KEPT, StepEvent.NOT_NOW})


class State(StrEnum):
    """What the app concludes about one person, for its own decisions."""

    NEW = "new"
    UNCLEAR = "unclear"
    RESISTANT = "resistant"
    HESITANT = "hesitant"
    NEUTRAL = "neutral"
    SUPPORTIVE = "supportive"
    CHAMPION = "champion"
    NODDING = "nodding"


@dataclass(frozen=True, slots=True)
class Tally:
    """What the states need to know besides the standing; counts over all time unless said."""

    pulses: int = 0
    """Asks with at least one scored answer."""
    mean_answer: float | None = None
    """Of the scored answers of the last 8 weeks, None if there are none."""
    kept_lately: int = 0
    not_done: int = 0
    """Steps missed, given up or put off ("not now") in the last 8 weeks."""
    unanswered_in_a_row: int = 0
    """Delivered asks that ended without an answer since the last answer."""

    @property
    def is_silent(self) -> bool:
        """Whether we haven't heard from them: beside the last estimate, never instead of it."""
        return self.unanswered_in_a_row >= SILENT_ASKS


@dataclass(frozen=True, slots=True)
class Judged:
    """The last estimate's state, whether the person is silent, and whether to suggest a talk."""

    state: State
    is_silent: bool
    worth_a_talk: bool


def tally(facts: Iterable[Fact], as_of: datetime) -> Tally:
    """Return the counts of one person's facts at `as_of` (aware)."""
    settled = settle(facts, as_of)
    scored = [one for one in settled if isinstance(one, Answered) and one.value is not None]
    lately = [one.value for one in scored if one.value and as_of - one.at <= RECENT]
    steps = [one for one in settled if isinstance(one, Stepped) and as_of - one.at <= RECENT]
    return Tally(
        pulses=len({one.ask_id for one in scored}),
        mean_answer=sum(lately) / len(lately) if lately else None,
        kept_lately=sum(one.event is StepEvent.KEPT for one in steps),
        not_done=len({one.step_id for one in steps if one.event in NOT_DONE}),
        unanswered_in_a_row=_unanswered_in_a_row(settled),
    )


def judge(standing: Standing, counts: Tally) -> Judged:
    """Return what to conclude, and nothing of people of whom too little is known."""
    state = _state(standing, counts)
    heard = state is not State.NEW
    worth_a_talk = heard and round(standing.not_bought_in, 6) >= WORTH_A_TALK
    return Judged(state, counts.is_silent, worth_a_talk)


def _state(standing: Standing, counts: Tally) -> State:
    if counts.pulses < ENOUGH_PULSES:
        return State.NEW
    if _is_nodding(standing, counts):
        return State.NODDING
    above = 1 - standing.below(0.4)
    is_champion = counts.kept_lately >= KEPT_BY_CHAMPION and _sure(1 - standing.below(1.3))
    found = (
        (State.RESISTANT, _sure(standing.below(-1.0))),
        (State.HESITANT, _sure(standing.below(NOT_BOUGHT_IN))),
        (State.CHAMPION, is_champion),
        (State.SUPPORTIVE, _sure(above)),
        (State.NEUTRAL, _sure(standing.below(0.4) - standing.below(NOT_BOUGHT_IN))),
    )
    return next((state for state, holds in found if holds), State.UNCLEAR)


def _is_nodding(standing: Standing, counts: Tally) -> bool:
    kind = counts.mean_answer is not None and round(counts.mean_answer, 6) >= KIND_WORDS
    doubtful = round(standing.below(0.0), 6) >= 0.5
    return kind and counts.not_done > 0 and doubtful and _sure(standing.yes_saying)


def _sure(probability: float) -> bool:
    return round(probability, 6) >= SURE_ENOUGH


def _unanswered_in_a_row(settled: Iterable[Fact]) -> int:
    facts = list(settled)
    answered = {one.ask_id for one in facts if isinstance(one, Answered)}
    ended = {one.ask_id for one in facts if isinstance(one, AskUnanswered)} - answered
    run = 0
    for ask in (one.ask_id for one in facts if isinstance(one, AskDelivered)):
        run = 0 if ask in answered else run + (ask in ended)
    return run
