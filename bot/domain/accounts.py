"""What an owner may read about one person: the group they are named in, and facts with dates.

The groups are all that leaves the inner states (method.md section 2), and no view shows even those
about anybody whom it does not name with facts. The same account serves the owner and the person.
"""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.domain.barriers import Named
from bot.domain.calendars import local_date
from bot.domain.evidence import Answered, Fact, StepEvent, Stepped, Talked, TalkEvent
from bot.domain.explanations import Explanation, Missing
from bot.domain.figures import Someone
from bot.domain.initiatives import Place
from bot.domain.people import Person
from bot.domain.pulses import Question
from bot.domain.states import RECENT, Judged, State

NAMES = 3
"""How many people one group names at most; there is no roster."""


class Group(StrEnum):
    """Where an owner reads about somebody; the last two groups are numbers only."""

    WORTH_A_TALK = "worth_a_talk"
    WORDS_NOT_PRACTICE = "words_not_practice"
    NOT_HEARD = "not_heard"
    TOO_EARLY = "too_early"
    WITH_YOU = "with_you"


NAMED = (Group.WORTH_A_TALK, Group.WORDS_NOT_PRACTICE, Group.NOT_HEARD)


class Estimating(StrEnum):
    """Whether anything is estimated about somebody, and who said no."""

    YES = "yes"
    NOT_ME = "not_me"
    NOT_HERE = "not_here"


@dataclass(frozen=True, slots=True)
class Said:
    """An answer somebody gave `times` times in all, most lately on `last`."""

    question: Question
    value: int
    times: int
    last: date


@dataclass(frozen=True, slots=True)
class Did:
    """What became of a step."""

    event: StepEvent
    on: date


@dataclass(frozen=True, slots=True)
class Agreed:
    """A talk that was offered and accepted."""

    on: date


Happened = Said | Did | Agreed


@dataclass(frozen=True, slots=True, repr=False)
class Account:
    """What may be read about one person; dates are local to the initiative's zone.

    The person reads the same dates as the owner, so neither's own zone may decide about them.
    `facts` are the ones that count most, strongest first; two answers of one kind are one fact.
    """

    person: Person
    group: Group
    today: date
    facts: tuple[Happened, ...] = ()
    missing: tuple[Missing, ...] = ()
    heard_on: date | None = None
    """When they last answered, None if they never did."""
    barrier: Named | None = None
    """What they named with their name as what gets in the way."""
    open_check_ins: int = 0
    """How many check-ins in a row they left open."""
    talked_on: date | None = None
    """When they last had a talk about it, None if they had none lately."""


_AGAINST = (State.RESISTANT, State.HESITANT)
_FOR = (State.SUPPORTIVE, State.CHAMPION)


def group_of(judged: Judged, *, in_doubt: bool = False) -> Group:
    """Return the group somebody belongs to.

    Silence comes first: who is silent is not spoken of otherwise. Time alone lets every estimate
    fade towards a doubt, so a mere doubt suggests a talk only to who is `in_doubt`: a last answer
    about how useful it is or whether it will work is a low one, or a step was left undone lately.
    """
    if judged.is_silent:
        return Group.NOT_HEARD
    if judged.state is State.NODDING:
        return Group.WORDS_NOT_PRACTICE
    if judged.state in _FOR:
        return Group.WITH_YOU
    if judged.state in _AGAINST or (judged.worth_a_talk and in_doubt):
        return Group.WORTH_A_TALK
    return Group.TOO_EARLY


def is_nameable(someone: Someone) -> bool:
    """Return whether somebody may be named in a group; of who stopped nothing is concluded."""
    return someone.place is Place.ACTIVE and not someone.group_only and not someone.person.stopped


def stands_alone(judged: Judged | None) -> bool:
    """Return whether somebody's answers are told as such: no estimate, or too little for one."""
    return judged is None or (judged.state is State.NEW and not judged.is_silent)


def hang_on_low_answers(people: Iterable[Someone], judged: Mapping[int, Judged]) -> Iterator[int]:
    """Yield the stakeholder ids of those about whom a low answer decides what is read."""
    for one in people:
        found = judged.get(one.stakeholder_id)
        if (stands_alone(found) or (found and _hangs_on_doubt(found))) and is_nameable(one):
            yield one.stakeholder_id


def _hangs_on_doubt(judged: Judged) -> bool:
    return judged.worth_a_talk and group_of(judged) is not group_of(judged, in_doubt=True)


@dataclass(frozen=True, slots=True, repr=False)
class Grouped:
    """Everyone with an estimate by group, and who of the first three groups may be named.

    `may_name` is in the order in which they get their turn.
    """

    numbers: Mapping[Group, int]
    may_name: Mapping[Group, Sequence[Someone]]

    def named(self, group: Group, besides: Collection[int] = ()) -> list[Someone]:
        """Return at most three people to name, in an order that tells nothing.

        `besides` are persons' ids of those who are named already.
        """
        first = [one for one in self.may_name[group] if one.person.id not in besides][:NAMES]
        return sorted(first, key=lambda one: one.stakeholder_id)


def grouped(
    people: Iterable[Someone], judged: Mapping[int, Judged], doubted: Collection[int], turn: int
) -> Grouped:
    """Return the groups; `judged` and `doubted` (see `group_of`) by stakeholder id.

    Of many in one group others get their turn with every round (`turn`), so that being left out
    tells nothing. Who stopped counts among those of whom it is too early to say anything: that
    they stopped is theirs to know.
    """
    counted: list[tuple[Group, Someone]] = []
    for one in people:
        found = judged.get(one.stakeholder_id)
        if found is None or one.group_only or one.place not in (Place.ACTIVE, Place.STOPPED):
            continue
        doubt = one.stakeholder_id in doubted
        group = group_of(found, in_doubt=doubt) if is_nameable(one) else Group.TOO_EARLY
        counted.append((group, one))
    members = {group: [one for where, one in counted if where is group] for group in Group}
    for group in NAMED:
        members[group].sort(key=lambda one: _turn(one, judged[one.stakeholder_id], turn))
    numbers = {group: len(some) for group, some in members.items()}
    return Grouped(numbers, {group: members[group] for group in NAMED})


def _turn(one: Someone, judged: Judged, turn: int) -> tuple[bool, bytes]:
    """Return when somebody gets their turn: after whoever is more surely not convinced."""
    drawn = hashlib.sha256(f"{turn}:{one.stakeholder_id}".encode()).digest()
    return judged.state is not State.RESISTANT, drawn


def account(
    person: Person,
    group: Group,
    today: date,
    why: Explanation,
    facts: Iterable[Fact],
    tz: str,
) -> Account:
    """Return the account of one person; `facts` are all theirs, settled, dated in the zone `tz`."""
    known = list(facts)
    return Account(
        person=person,
        group=group,
        today=today,
        facts=tuple(_happened(why, known, tz)),
        missing=why.missing,
        heard_on=local_date(why.heard_at, tz) if why.heard_at else None,
        talked_on=_talked_on(known, today, tz),
    )


def _talked_on(facts: Sequence[Fact], today: date, tz: str) -> date | None:
    held = (one.at for one in facts if isinstance(one, Talked) and one.event is TalkEvent.HELD)
    days = [day for at in held if today - (day := local_date(at, tz)) <= RECENT]
    return max(days, default=None)


def _happened(why: Explanation, facts: Sequence[Fact], tz: str) -> list[Happened]:
    """Return the strongest facts; one answer given several times is told once."""
    told: list[Happened] = []
    for influence in why.strongest:
        happened = _told(influence.fact, facts, tz)
        if happened is not None and happened not in told:
            told.append(happened)
    return told


def _told(fact: Fact, facts: Sequence[Fact], tz: str) -> Happened | None:
    match fact:
        case Answered(question=question, value=int(value), at=at):
            same = [one.at for one in facts if _is_said(one, question, value)] or [at]
            return Said(question, value, len(same), local_date(max(same), tz))
        case Stepped(event=event, at=at):
            return Did(event, local_date(at, tz))
        case Talked(at=at):
            return Agreed(local_date(at, tz))
        case _:
            return None


def _is_said(fact: Fact, question: Question, value: int) -> bool:
    return isinstance(fact, Answered) and (fact.question, fact.value) == (question, value)
