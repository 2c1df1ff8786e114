"""Digests: what an owner reads about an initiative, and when there is reason to send one.

Facts with dates and what to do next; silence is a number and no evidence about anyone.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from bot.domain import figures
from bot.domain.accounts import NAMED, NAMES, Account, Group, Grouped, stands_alone
from bot.domain.asking import (
    Asking,
    about_date,
    about_line,
    about_one,
    about_some,
)
from bot.domain.barriers import InTheWay, Named
from bot.domain.calendars import local_date
from bot.domain.commitments import Commitment
from bot.domain.conversations import WISHES, Conversation
from bot.domain.cycles import Cycle
from bot.domain.figures import Figure, Measure, Part, Shown, Someone, Told
from bot.domain.guesses import Guess
from bot.domain.initiatives import GROUP_MINIMUM, Initiative, Place, Status, Visibility
from bot.domain.inputs import OpenInput
from bot.domain.people import Person
from bot.domain.progress import EVERY
from bot.domain.states import Judged
from bot.domain.talks import Wish, heard_by_name, some_wish, wishes, worth_a_talk
from bot.domain.todos import (
    ACTIONS,
    Explanations,
    FaceToFace,
    Listed,
    ListeningDebt,
    MilestoneDue,
    PostDue,
    Replies,
    StepBack,
    StepDue,
    Talks,
    TalksAsked,
    TeamMeeting,
    Todo,
)
from bot.domain.trends import Point

ROUNDS_BACK = 4
"""Answers from so many closed rounds count as somebody's last ones; older ones are stale."""

NEWS = timedelta(days=4)
"""For how long the closing of a round is what a digest begins with; spans a weekend."""

MILESTONE_SHOWN = timedelta(days=7)
"""For how long a digest recalls a milestone whose date has come."""


@dataclass(frozen=True, slots=True)
class Digest:
    """Everything an owner reads about an initiative; dates are local to the owner.

    `part` is about the last closed round, or the open one before any closed; None when it may
    not be told. `last_day` is the open round's.
    """

    initiative: Initiative
    owner: Person
    today: date
    todos: tuple[Todo, ...] = ()
    part: Part | None = None
    figures: tuple[Figure, ...] = ()
    history: tuple[Point, ...] = ()
    """What each closed round told about each question, oldest first."""
    closed_round: int | None = None
    mid_round: bool = False
    """Whether the closing of that round is no news any more."""
    open_round: int | None = None
    last_day: date | None = None
    paused_until: date | None = None
    """Nobody is asked before this day, which is local to the initiative."""
    open_part: Part | None = None
    """How many have answered in the open round so far, by name."""
    reached: int | None = None
    """How many were asked in the open round so far."""
    people: int = 0
    groups: tuple[tuple[Group, int], ...] = ()
    """How many of those with an estimate are where; nothing before the first round closes."""
    estimated: bool = True
    """Whether anything is estimated about single people in this workspace."""
    unheard: int = 0
    """How many have not answered lately, where nothing is estimated."""
    not_my_topic: tuple[Person, ...] = ()
    guess: Guess | None = None
    may_guess: bool = False
    talks: int = 0
    """How many people are worth a talk this week, as far as the owner has time for it."""

    @property
    def first(self) -> tuple[Todo, ...]:
        """What to do now: at most three things."""
        return self.todos[:ACTIONS]

    @property
    def later(self) -> int:
        """How many more things wait until these are done."""
        rest = self.todos[ACTIONS:]
        return sum(not isinstance(one, InTheWay) or one.waits for one in rest)


@dataclass(frozen=True, slots=True, repr=False)
class Facts:
    """Everything a digest is made of; people by stakeholder id.

    `explain` is what was said about explaining it in the `open` round and in `closed`, the last
    one that closed; `low` are last answers that are low ones; `answered` is who answered in a
    round, by its id. `figures` and `part` are those of `closed`. `judged` is everyone with an
    estimate, None where nothing is estimated; `accounts` those who are to be named, if at all.
    `since` is when the owner began to lead; `last_word` is when the team last heard something, or
    the start.
    """

    initiative: Initiative
    owner: Person
    since: datetime
    now: datetime
    people: Sequence[Someone]
    explain: Sequence[Told]
    low: Sequence[Told]
    answered: Mapping[int, Collection[int]]
    judged: Mapping[int, Judged] | None
    grouped: Grouped
    open: Cycle | None
    closed: Cycle | None
    figures: Sequence[Figure]
    part: Part | None
    inputs: Sequence[OpenInput]
    steps: Sequence[Commitment]
    last_word: datetime
    reached: int | None
    guess: int | None
    accounts: Mapping[int, Account] = field(default_factory=dict)
    history: Sequence[Point] = ()
    asking: Asking = field(default_factory=Asking)
    in_the_way: InTheWay | None = None
    talks_asked: Sequence[Conversation] = ()
    """Wishes to talk that nobody took up."""
    talks: int = 0
    """How many people could be offered a talk this week of their own words."""
    named: Mapping[int, Named] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """Return the owner's local date."""
        return local_date(self.now, self.owner.tz)

    @property
    def by_name(self) -> bool:
        """Return whether answers come with names."""
        return self.initiative.visibility is Visibility.NAMED

    @property
    def shows_people(self) -> bool:
        """Return whether people are spoken of by group: once a round has closed, until the end."""
        running = self.initiative.status is Status.RUNNING
        return running and self.closed is not None and self.by_name

    def answered_in(self, *cycles: Cycle | None) -> set[int]:
        """Return who answered in any of some rounds."""
        return {one for cycle in cycles if cycle for one in self.answered.get(cycle.id, ())}


def compose(facts: Facts) -> Digest:
    """Return what the owner reads, from `facts`."""
    closed, running = facts.closed, facts.open
    asked = sum(map(_is_asked, facts.people))
    news = _is_news(facts)
    first = closed is not None and closed.number == 1 and news
    may_guess = closed is None and facts.guess is None
    return Digest(
        initiative=facts.initiative,
        owner=facts.owner,
        today=facts.today,
        todos=tuple(_todos(facts)) if facts.initiative.status is Status.RUNNING else (),
        part=_part(facts),
        figures=tuple(facts.figures),
        history=tuple(facts.history),
        closed_round=closed.number if closed else None,
        mid_round=closed is not None and not news,
        open_round=running.number if running else None,
        last_day=last_day(running, facts.initiative.tz) if running else None,
        paused_until=_paused_until(facts),
        open_part=_open_part(facts),
        reached=facts.reached,
        people=asked,
        groups=_groups(facts),
        estimated=facts.judged is not None,
        unheard=_unheard(facts),
        not_my_topic=_not_my_topic(facts.people),
        guess=Guess(facts.guess, asked) if first and facts.guess is not None else None,
        may_guess=may_guess and facts.initiative.status is Status.RUNNING,
        talks=facts.talks,
    )


def _paused_until(facts: Facts) -> date | None:
    until = facts.initiative.halted_until(facts.now)
    running = facts.initiative.status is Status.RUNNING
    return local_date(until, facts.initiative.tz) if until and running else None


def _is_news(facts: Facts) -> bool:
    """Return whether the last round closed only lately."""
    closed = facts.closed
    return closed is not None and facts.now - (closed.closed_at or closed.closes_at) < NEWS


def _is_asked(one: Someone) -> bool:
    """Return whether somebody counts among the people asked; a group-only choice stays unseen."""
    if one.place is Place.NOT_MY_TOPIC:
        return one.group_only
    return not one.place.is_gone


def last_day(cycle: Cycle, tz: str) -> date:
    """Return the last local day of a round; it closes when that day ends."""
    return local_date(cycle.closes_at - timedelta(microseconds=1), tz)


def _todos(facts: Facts) -> Iterator[Todo]:
    for step in facts.steps:
        mine = step.person.id == facts.owner.id
        if mine and step.is_open and step.due_on < facts.today:  # on the day a message asks
            yield StepDue(step)
    if facts.closed is None and facts.open is not None:
        yield FaceToFace()
    owed, plan, way = facts.asking.owed, facts.initiative.plan, facts.in_the_way
    yield from _waiting(facts)
    yield from about_date(facts.asking, plan, facts.today)
    yield from _about_people(facts)
    yield from about_some(facts.asking, news=_is_news(facts))
    on = plan.milestone_on
    if on and on <= facts.today < on + MILESTONE_SHOWN:
        yield MilestoneDue(plan.milestone, on)
    if facts.now - facts.last_word >= EVERY and not (owed and owed.days is None):
        yield PostDue(local_date(facts.last_word, facts.owner.tz))
    if way and not way.waits:
        yield way


def _waiting(facts: Facts) -> Iterator[Todo]:
    """Yield what people wait for; it comes with the debt, where there is one."""
    owed, inputs, way = facts.asking.owed, tuple(facts.inputs), facts.in_the_way
    waits = way if way and way.waits else None
    if owed:
        yield ListeningDebt(inputs, owed.days, waits if owed.days else None)
    if nobody_answered(facts):
        yield TeamMeeting()
    replies = tuple(one for one in inputs if one.words not in WISHES)
    if replies and not owed:
        yield Replies(replies)
    if facts.talks_asked:
        yield TalksAsked(tuple(facts.talks_asked))
    if waits and not (owed and owed.days):
        yield waits


def _about_people(facts: Facts) -> Iterator[Todo]:
    asked = _wishes(facts)
    some = _some_wish(facts)
    if asked or some:
        yield Explanations(asked, some)
    if facts.closed is None:
        return  # too early to say
    known = _known(facts)
    yield from _stepped_back(facts)
    groups = list(_listed(facts, known))
    yield from [*groups[:1], *about_line(facts.asking), *groups[1:]]
    alone = [one for one in facts.low if _is_alone(one, facts)]
    heard = _heard(facts, alone)
    tz = facts.initiative.tz
    talks = worth_a_talk([one for one in heard if one[0].person.id not in known], tz)
    if talks:
        yield Talks(talks)


def _listed(facts: Facts, known: Collection[int]) -> Iterator[Listed]:
    for group, named in to_name(facts).items():
        if named:
            accounts = [facts.accounts.get(one.stakeholder_id) for one in named]
            number = sum(one.person.id not in known for one in facts.grouped.may_name[group])
            yield Listed(group, number, tuple(one for one in accounts if one))


def _stepped_back(facts: Facts) -> list[StepBack]:
    """Return whom to talk to because nobody asks them; when nobody answered that is everybody."""
    if not facts.shows_people or nobody_answered(facts):
        return []
    return list(about_one(facts.asking, facts.since))


def to_name(facts: Facts) -> dict[Group, list[Someone]]:
    """Return whom to name in each group, at most three; nobody who is named already.

    When nobody answered at all, the silent are everybody, and named nowhere.
    """
    if not facts.shows_people:
        return {}
    known = _known(facts)
    groups = [one for one in NAMED if one is not Group.NOT_HEARD or not nobody_answered(facts)]
    return {group: facts.grouped.named(group, known) for group in groups}


def _wishes(facts: Facts) -> tuple[Wish, ...]:
    # the person reads the same dates about themselves, so they are the initiative's
    return wishes(_heard(facts, facts.explain), facts.initiative.tz)


def _known(facts: Facts) -> set[int]:
    """Return the persons' ids of those who are named already, for another reason."""
    paused = {one.quiet.person.id for one in _stepped_back(facts)}
    return {wish.person.id for wish in _wishes(facts)[:NAMES]} | paused


def _is_alone(answer: Told, facts: Facts) -> bool:
    return stands_alone((facts.judged or {}).get(answer.stakeholder_id))


def _heard(facts: Facts, told: Iterable[Told]) -> list[tuple[Someone, Told]]:
    return heard_by_name(facts.people, told, facts.since)


def _some_wish(facts: Facts) -> bool:
    """Return whether group-only people asked for an explanation in the round that closed."""
    hidden = sum(one.group_only for one in facts.people)
    told = [one for one in facts.explain if facts.closed and one.cycle_id == facts.closed.id]
    return hidden >= GROUP_MINIMUM and some_wish(facts.people, told)


def _groups(facts: Facts) -> tuple[tuple[Group, int], ...]:
    if not facts.shows_people or facts.judged is None:
        return ()
    return tuple(facts.grouped.numbers.items())


def nobody_answered(facts: Facts) -> bool:
    """Return whether the last round brought nothing; of group figures, nothing to show."""
    if facts.closed is None:
        return False
    if facts.by_name and facts.part and facts.part.invited:
        return facts.part.answered == 0
    questions = [one for one in facts.figures if one.measure is not Measure.TOOK_PART]
    return all(one.shown is Shown.TOO_FEW for one in questions)


def _part(facts: Facts) -> Part | None:
    """Return how many took part: owners of group figures know no more than everyone asked."""
    if facts.part is None or (not facts.by_name and not facts.part.is_public):
        return None
    return facts.part


def _open_part(facts: Facts) -> Part | None:
    """Return how many answered in the open round so far, by name."""
    if facts.open is None or not facts.by_name:
        return None
    answered = facts.answered_in(facts.open)
    asked = [
        one
        for one in facts.people
        if one.stakeholder_id in answered or figures.is_invited(one, None)
    ]
    named = [one for one in asked if not one.group_only]
    gave = sum(one.stakeholder_id in answered for one in named)
    return Part(gave, len(named), len(asked) - len(named)) if named else None


def _unheard(facts: Facts) -> int:
    """Return how many answered neither in the last closed round nor in the open one.

    Only where nothing is estimated; elsewhere whoever was silent for long has a group.
    """
    if facts.closed is None or facts.judged is not None:
        return 0
    heard = facts.answered_in(facts.closed, facts.open)
    return sum(
        not one.group_only
        and figures.is_invited(one, facts.closed.closed_at)
        and one.stakeholder_id not in heard
        for one in facts.people
    )


def _not_my_topic(people: Iterable[Someone]) -> tuple[Person, ...]:
    return tuple(
        one.person for one in people if one.place is Place.NOT_MY_TOPIC and not one.group_only
    )
