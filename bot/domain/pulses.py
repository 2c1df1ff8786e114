"""The pulse: three questions, five answers each, a tap a question (method.md section 1)."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.initiatives import Initiative, Visibility
from bot.domain.people import Person

QUESTION_VERSION = 1
"""Raised whenever the wording of a question or answer changes; copied onto each ask."""


class Question(StrEnum):
    """The three questions, in the order they are always shown."""

    USEFUL = "useful"
    SURE = "sure"
    EFFORT = "effort"


LABELS: dict[Question, tuple[str, str, str, str, str]] = {
    Question.USEFUL: ("Not at all", "A little", "Fairly", "Very", "Extremely"),
    Question.SURE: ("Not at all", "A little", "Fairly", "Very", "Completely"),
    Question.EFFORT: ("Nothing", "A little", "Some", "A lot", "All I can"),
}
SHORT: dict[Question, str] = {
    Question.USEFUL: "Useful",
    Question.SURE: "Sure it works here",
    Question.EFFORT: "My plan for it",
}

FAVOURABLE = 4
"""An answer of so much or more counts as "find it useful" in figures."""


class Recorded(StrEnum):
    """Answers that are recorded and not scored."""

    NOTHING_NEEDED = "nothing_needed"  # instead of a value for EFFORT
    DONT_KNOW = "dont_know"  # under `More`, for the whole check-in


class Explain(StrEnum):
    """Whether an explanation would help somebody who does not know enough to say."""

    TWO_LINES = "two_lines"
    FIFTEEN_MINUTES = "fifteen_minutes"
    NO_THANKS = "no_thanks"


class EndReason(StrEnum):
    """Why an ask ended."""

    NEXT_ASK = "next_ask"
    ROUND_CLOSED = "round_closed"
    NOT_NOW = "not_now"
    NOT_MY_TOPIC = "not_my_topic"
    STOPPED = "stopped"
    INITIATIVE_ENDED = "initiative_ended"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Given:
    """The answer that holds for one question: a value 1…5, or a recorded choice."""

    value: int | None
    choice: str | None
    answered_at: datetime


@dataclass(frozen=True, slots=True)
class CheckIn:
    """Everything a person sees of one ask, as the store has it now."""

    ask_id: int
    initiative: Initiative
    person: Person
    visibility: Visibility
    """What this person's answers are used for: named to owners, or group figures only."""
    answers: dict[Question, Given] = field(default_factory=dict)
    since: tuple[str, ...] = ()
    """What happened since the last check-in, in the owner's words (typed text, not escaped)."""
    overall: str = ""
    """The last round's group result in one sentence (ours), empty when there is none."""
    closes_at: datetime | None = None
    closed: bool = False
    end_reason: EndReason | None = None
    dont_know: bool = False
    explain: Explain | None = None
    snoozed_until: datetime | None = None
    revision: int = 0
    is_first: bool = False
