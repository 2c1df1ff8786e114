"""The facts a standing is made of, and the few of them that are evidence (method.md section 2).

An unanswered check-in, a stop, a snooze, being away, group-only, "why me?", "I don't know", input
given, a response time and a time of day are no evidence: most of them are not even facts here, and
what is here for the silent state or for completeness has no column in `KINDS`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from operator import itemgetter

from bot.domain.pulses import Question

FIRST_MONDAY = datetime(1970, 1, 5, tzinfo=UTC)


class StepEvent(StrEnum):
    """What happened to a step that was offered to a stakeholder."""

    OFFERED = "offered"  # no evidence: it tells about the owner
    TAKEN = "taken"
    NOT_NOW = "not_now"
    KEPT = "kept"
    PARTLY = "partly"
    MOVED = "moved"
    NOT_KEPT = "not_kept"  # they said so
    MISSED = "missed"  # the date passed, nobody said anything


class TalkEvent(StrEnum):
    """What happened to a conversation that was offered; only accepting one is evidence."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"  # no is free
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Answered:
    """One question of one ask answered 1…5; None is recorded and not scored ("don't know")."""

    ask_id: int
    question: Question
    value: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class AskDelivered:
    """An ask reached the person. Counts for the silent state alone."""

    ask_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class AskUnanswered:
    """A delivered ask ended without any answer. Counts for the silent state alone."""

    ask_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Stepped:
    """Something happened to a step; `step_id` is the offer's and the commitment's."""

    step_id: int
    event: StepEvent
    at: datetime


@dataclass(frozen=True, slots=True)
class Talked:
    """Something happened to a conversation that was offered."""

    talk_id: int
    event: TalkEvent
    at: datetime


Fact = Answered | AskDelivered | AskUnanswered | Stepped | Talked

EVIDENT_STEPS = tuple(event for event in StepEvent if event is not StepEvent.OFFERED)
KINDS: tuple[str, ...] = (
    *(f"{question}:{value}" for question in Question for value in range(1, 6)),
    *(f"step:{event}" for event in EVIDENT_STEPS),
    f"talk:{TalkEvent.ACCEPTED}",
)
"""Every kind of evidence there is; each has one log-likelihood in the filter's table."""

COLUMN = {kind: column for column, kind in enumerate(KINDS)}

DELIVERED, UNANSWERED, ANSWERED, STEP, TALK = range(5)
"""Groups of facts, in the order in which facts of one moment are put."""

Code = tuple[int, str, int]
"""What a fact tells, apart from whom, when and about which ask: group, what, value (0 = none)."""

COLUMN_OF: dict[Code, int] = {
    **{
        (ANSWERED, question, value): COLUMN[f"{question}:{value}"]
        for question in Question
        for value in range(1, 6)
    },
    **{(STEP, event, 0): COLUMN[f"step:{event}"] for event in EVIDENT_STEPS},
    (TALK, TalkEvent.ACCEPTED, 0): COLUMN[f"talk:{TalkEvent.ACCEPTED}"],
}


def code_of(fact: Fact) -> Code:
    """Return what a fact tells."""
    group, _, what = key_of(fact)
    return group, what, (fact.value or 0) if isinstance(fact, Answered) else 0


def key_of(fact: Fact) -> tuple[int, int, str]:
    """Return what a fact is about: group, ask, step or talk, and the question or event."""
    match fact:
        case Answered(ask_id=ask, question=question):
            return ANSWERED, ask, question
        case AskDelivered(ask_id=ask):
            return DELIVERED, ask, ""
        case AskUnanswered(ask_id=ask):
            return UNANSWERED, ask, ""
        case Stepped(step_id=step, event=event):
            return STEP, step, event
        case Talked(talk_id=talk, event=happened):
            return TALK, talk, happened


def column_of(fact: Fact) -> int | None:
    """Return which of `KINDS` a fact is, None if it is no evidence."""
    return COLUMN_OF.get(code_of(fact))


def week_of(at: datetime) -> int:
    """Return the number of the week (Monday 00:00 UTC on) that the aware moment `at` is in."""
    return (at - FIRST_MONDAY).days // 7


def start_of(week: int) -> datetime:
    """Return the Monday, 00:00 UTC, that a week begins with."""
    return FIRST_MONDAY + timedelta(weeks=week)


def settle(facts: Iterable[Fact], as_of: datetime) -> tuple[Fact, ...]:
    """Return the facts known at `as_of`, in an order that does not depend on their arrival.

    Facts in the future are left out until their time has come. Of several answers to one question
    of one ask the last holds; anything else told twice counts once, at its first moment.
    """
    known: dict[tuple[int, int, str], Fact] = {}
    keyed = ((_order(fact), fact) for fact in facts if fact.at <= as_of)
    for order, fact in sorted(keyed, key=itemgetter(0)):
        key = order[1:4]
        if isinstance(fact, Answered):
            known.pop(key, None)  # the new one goes to the end, where its moment belongs
        known.setdefault(key, fact)
    return tuple(known.values())


def _order(fact: Fact) -> tuple[datetime, int, int, str, int]:
    value = fact.value or 0 if isinstance(fact, Answered) else 0
    return fact.at, *key_of(fact), value
