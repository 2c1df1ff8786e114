"""What gets in the way: named from a fixed list, and who may read of it how (method.md section 1).

Most of it reaches the owners with the name. What touches leaders, colleagues, being heard, the use
of answers or harm reaches them in numbers of at least five people only, unless the person then
says that it may have their name on it. Everything about somebody in group figures does so always.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.domain.initiatives import Initiative
from bot.domain.people import Person

STALE = timedelta(weeks=12)
"""After so long what somebody named asks for no attention, and is in no new number."""

NAMES = 3
"""How many people are named with one thing at most; there is no roster."""

SHOWN = 3
"""How many things in the way an owner reads of at once."""

FEW_WORDS = 150
"""How many characters somebody may add to what they named: owners read them all in a digest."""

LONGEST = 500
"""How many characters an answer takes at most."""


class Barrier(StrEnum):
    """What holds somebody back, from a fixed list."""

    DONT_KNOW_WHAT = "dont_know_what"
    DONT_SEE_WHY = "dont_see_why"
    NOT_RIGHT_FOR_US = "not_right_for_us"
    COSTS_MORE = "costs_more_than_it_gives"
    NO_TIME = "no_time"
    LACK_SKILL_OR_ACCESS = "lack_skill_or_access"
    TRIED_BEFORE = "tried_before"
    LEADERS_NOT_BEHIND = "leaders_not_behind"
    COLLEAGUES_NOT_DOING_IT = "colleagues_not_doing_it"
    NOT_HEARD = "not_heard"
    DISTRUST_OF_ANSWERS = "distrust_of_answers"
    WORRIED_ABOUT_HARM = "worried_about_harm"
    OTHER = "other"
    RATHER_NOT_SAY = "rather_not_say"


LABELS: dict[Barrier, str] = {
    Barrier.DONT_KNOW_WHAT: "I don't know what to do",
    Barrier.DONT_SEE_WHY: "I don't see the point",
    Barrier.NOT_RIGHT_FOR_US: "Doesn't fit our work",
    Barrier.COSTS_MORE: "Costs more than it gives",
    Barrier.NO_TIME: "No time",
    Barrier.LACK_SKILL_OR_ACCESS: "Need training or access",
    Barrier.TRIED_BEFORE: "We tried this before",
    Barrier.LEADERS_NOT_BEHIND: "Leaders aren't behind it",
    Barrier.COLLEAGUES_NOT_DOING_IT: "Others aren't doing it",
    Barrier.NOT_HEARD: "My input wasn't heard",
    Barrier.DISTRUST_OF_ANSWERS: "Not sure how answers are used",
    Barrier.WORRIED_ABOUT_HARM: "Worried about what it means for me",
    Barrier.OTHER: "Something else",
    Barrier.RATHER_NOT_SAY: "Rather not say",
}

_EXPLAIN = "Explain it in a few lines, from what matters to them."
_CHANGE = "Ask what would make it fit, and change the plan where you can."
_FREE = "Free time for it, or arrange training or access."
_LEAD = "Ask a leader to do one visible thing for it, and let somebody who took a step tell of it."
_SHARE = "Say in your next post what you heard, what you'll use, and what not and why."
ADVICE: dict[Barrier, str] = {
    Barrier.DONT_KNOW_WHAT: _EXPLAIN,
    Barrier.DONT_SEE_WHY: _EXPLAIN,
    Barrier.NOT_RIGHT_FOR_US: _CHANGE,
    Barrier.COSTS_MORE: _CHANGE,
    Barrier.NO_TIME: _FREE,
    Barrier.LACK_SKILL_OR_ACCESS: _FREE,
    Barrier.TRIED_BEFORE: "Show a first result, and say what is different this time.",
    Barrier.LEADERS_NOT_BEHIND: _LEAD,
    Barrier.COLLEAGUES_NOT_DOING_IT: _LEAD,
    Barrier.NOT_HEARD: _SHARE,
    Barrier.DISTRUST_OF_ANSWERS: _SHARE,
    Barrier.WORRIED_ABOUT_HARM: "Offer to talk: ask what worries people, and say what you know.",
    Barrier.OTHER: "Ask what it is.",
}
"""What the owner may do about each."""

SENSITIVE = frozenset(
    {
        Barrier.LEADERS_NOT_BEHIND,
        Barrier.COLLEAGUES_NOT_DOING_IT,
        Barrier.NOT_HEARD,
        Barrier.DISTRUST_OF_ANSWERS,
        Barrier.WORRIED_ABOUT_HARM,
    }
)
"""These reach the owners in numbers only, unless the person wants to be named."""


class Event(StrEnum):
    """What happened about what gets in the way of one person; the newest holds."""

    NAMED = "named"
    SOLVED = "solved"
    NOT_SOLVED = "not_solved"
    """They were asked whether it is solved, and said not yet."""


class ReplyKind(StrEnum):
    """What an owner does about something in the way."""

    ANSWER = "answer"
    SOLVED = "solved"


@dataclass(frozen=True, slots=True)
class BarrierQuestion:
    """The question in a finished check-in; `chosen` is what was picked."""

    ask_id: int
    stakeholder_id: int
    initiative: Initiative
    chosen: Barrier | None = None
    named: bool = False
    """Owners read the pick with the name."""
    group_only: bool = False
    has_words: bool = False
    revision: int = 0
    """Of the check-in: Slack keeps no choice of its own in a block with a new id."""


@dataclass(frozen=True, slots=True, repr=False)
class BarrierFact:
    """The newest that is known of one person; nothing of it is an owner's as such."""

    id: int
    stakeholder_id: int
    event: Event
    code: Barrier
    by_name: bool
    """Asked for with the name, and given so that owners may read the name with it."""
    at: datetime
    words_id: int | None = None
    ask_id: int | None = None

    @property
    def is_open(self) -> bool:
        """Whether it says that something is in the way."""
        return self.event is not Event.SOLVED and self.code is not Barrier.RATHER_NOT_SAY


@dataclass(frozen=True, slots=True)
class BarrierReply:
    """The newest an owner did about one thing in the way."""

    id: int
    initiative_id: int
    code: Barrier
    kind: ReplyKind
    at: datetime
    words_id: int | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Total:
    """That at least `people` named something without their name, since `since`."""

    people: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Totals:
    """What was published when a round closed; `basis` is what single people named, never shown."""

    cycle_id: int
    told: Mapping[Barrier, Total] = field(default_factory=dict)
    basis: Mapping[int, Barrier] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, repr=False)
class Named:
    """What somebody named with their name, dated in the initiative's zone; `words` are typed."""

    person: Person
    code: Barrier
    on: date
    words: str = ""
    again: bool = False
    """They were asked whether it is solved, and said not yet."""


@dataclass(frozen=True, slots=True, repr=False)
class Obstacle:
    """One thing in the way: at most three people by name, how many there are, and a number."""

    code: Barrier
    people: tuple[Named, ...] = ()
    number: int = 0
    at_least: int = 0
    """At least so many more people named it without their name; 0 tells nothing."""
    answered_on: date | None = None
    """When an owner answered; None if they have to."""
    mark: str = ""
    """Tells whether it is news: ids, no content."""


@dataclass(frozen=True, slots=True, repr=False)
class InTheWay:
    """What gets in people's way, at most three things; `more` wait."""

    obstacles: tuple[Obstacle, ...]
    more: int = 0

    @property
    def waits(self) -> bool:
        """Whether any of it has no answer yet."""
        return any(one.answered_on is None for one in self.obstacles)


@dataclass(frozen=True, slots=True, repr=False)
class Known:
    """All that is known about one initiative: facts, the newest replies, the newest totals."""

    facts: Sequence[BarrierFact] = ()
    replies: Mapping[Barrier, BarrierReply] = field(default_factory=dict)
    totals: Totals | None = None
    words: Mapping[int, str] = field(default_factory=dict)


NOTHING_KNOWN = Known()


@dataclass(frozen=True, slots=True, repr=False)
class HeldBarrier:
    """What somebody named last, for that person alone; `reply` is an owner's, if there is one.

    `earlier` is what they said before that, newest first.
    """

    fact: BarrierFact
    words: str = ""
    reply: BarrierReply | None = None
    reply_words: str = ""
    earlier: tuple[BarrierFact, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What somebody said about whether it is solved; owners read it with the name if `by_name`."""

    initiative: Initiative
    stakeholder_id: int
    code: Barrier
    solved: bool
    by_name: bool


@dataclass(frozen=True, slots=True)
class SayForm:
    """What somebody fills in of their own accord; `chosen` is what they named last."""

    initiative: Initiative
    stakeholder_id: int
    group_only: bool
    chosen: Barrier | None = None
    named: bool = False
    """Once it is kept: whether owners read it with the name."""


@dataclass(frozen=True, slots=True)
class BarrierForm:
    """What an owner answers or closes: nobody's name, and no number that was not shown."""

    initiative: Initiative
    code: Barrier


def comes_by_name(code: Barrier, *, group_only: bool, wants: bool = False) -> bool:
    """Return whether a pick reaches the owners with the name; `wants` is what the person said."""
    if group_only or code is Barrier.RATHER_NOT_SAY:
        return False
    return wants or code not in SENSITIVE


def is_of(fact: BarrierFact | None, reply: BarrierReply) -> bool:
    """Return whether a reply is about what somebody has in their way."""
    return fact is not None and fact.is_open and fact.code is reply.code


def is_closed(fact: BarrierFact, reply: BarrierReply | None) -> bool:
    """Return whether an owner called it solved after it was named."""
    return reply is not None and reply.kind is ReplyKind.SOLVED and reply.at >= fact.at


def is_answered(fact: BarrierFact, reply: BarrierReply | None) -> bool:
    """Return whether an owner answered: once for all who name it, until one says not yet."""
    if reply is None:
        return False
    again = fact.event is Event.NOT_SOLVED or reply.kind is ReplyKind.SOLVED
    return reply.at >= fact.at if again else True
