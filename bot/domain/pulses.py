"""The pulse: three questions, five answers each, one tap a question (method.md section 1)."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.domain.initiatives import Initiative, Visibility
from bot.domain.people import Person
from bot.domain.questions import EVERY, Questions
from bot.domain.questions import Question as Question
from bot.domain.steps import StepOffer

if TYPE_CHECKING:  # what gets in the way is counted as answers are, which is said below
    from bot.domain.barriers import BarrierQuestion

QUESTION_VERSION = 1
"""Raised whenever the wording of a question or answer changes; copied onto each ask."""


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
    OFF = "off"
    HALTED = "halted"
    """The round closed while its initiative was paused, or had been: no silence."""


@dataclass(frozen=True, slots=True)
class Given:
    """The answer that holds for one question: a value 1…5, or a recorded choice."""

    value: int | None
    choice: str | None
    answered_at: datetime


@dataclass(frozen=True, slots=True)
class OneMore:
    """Another initiative whose check-in is open for the same person."""

    initiative_id: int
    name: str


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
    one_more: OneMore | None = None
    """Offered once all three questions are answered."""
    as_of: datetime | None = None
    """When it was read, so that days can be called today or Friday."""
    stakeholder_id: int = 0
    questions: Questions = EVERY
    """What is asked, as its round has it."""
    new_owners: tuple[Person, ...] = ()
    """Who leads it since the check-in before this one, and sees the answers from here on."""
    follow_up: "StepOffer | BarrierQuestion | None" = None
    """At most one thing more, once all three questions are answered."""
    asks_anew: bool = False
    """Whether that is shown for the first time."""

    @property
    def is_complete(self) -> bool:
        """Whether every question that is asked has an answer."""
        return all(question in self.answers for question in self.questions)


class TapStatus(StrEnum):
    """What became of a tap."""

    SAVED = "saved"
    SAME = "same"  # the answer that holds already: nothing written
    REPEATED = "repeated"  # Slack gave us this click before: nothing written
    CLOSED = "closed"
    ENDED = "ended"  # the initiative
    NOT_YOURS = "not_yours"
    LEFT = "left"


TAKEN = frozenset({TapStatus.SAVED, TapStatus.SAME, TapStatus.REPEATED})
"""The tap is in the store, now or from before."""


@dataclass(frozen=True, slots=True)
class Tapped:
    """How a tap ended; `revision` is the ask's afterwards."""

    status: TapStatus
    ask_id: int
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Choice:
    """What a tap says: a value 1…5 for a question, or a recorded choice."""

    question: str
    value: int | None = None
    choice: str | None = None


KNOW, EXPLAIN = "know", "explain"
"""Besides the three questions: whether somebody knows enough, and whether to explain it."""


@dataclass(frozen=True, slots=True)
class AnswerFact:
    """The newest answer of one stakeholder to one question of one ask."""

    stakeholder_id: int
    ask_id: int
    cycle_number: int
    question: str
    value: int | None
    choice: str | None
    answered_at: datetime


@dataclass(frozen=True, slots=True)
class AskedNow:
    """Round `number` opened at an owner's wish: coarse numbers only."""

    initiative: Initiative
    number: int
    asked: int
    not_this_week: int


@dataclass(frozen=True, slots=True)
class Coming:
    """When an initiative next asks a person; `on` is local to the person, None if unknown."""

    name: str
    on: date | None


@dataclass(frozen=True, slots=True)
class Mine:
    """What `/buyin` shows: a check-in, or else what comes next."""

    check_in: CheckIn | None
    coming: tuple[Coming, ...] = ()


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a message shows now, and whether other messages show the same ask."""

    check_in: CheckIn
    elsewhere: bool
