"""Digests: what an owner reads about an initiative, and when there is reason to send one.

Facts with dates and what to do next; silence is a number and no evidence about anyone.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain import figures
from bot.domain.calendars import local_date
from bot.domain.commitments import Commitment
from bot.domain.cycles import Cycle
from bot.domain.figures import Figure, Measure, Part, Shown, Someone, Told
from bot.domain.initiatives import GROUP_MINIMUM, Initiative, Place, Status, Visibility
from bot.domain.inputs import OpenInput
from bot.domain.people import Person
from bot.domain.progress import EVERY
from bot.domain.talks import NAMES, Talk, Wish, heard_by_name, some_wish, wishes, worth_a_talk

ACTIONS = 3
"""How many things to do one digest asks for at most."""

ROUNDS_BACK = 4
"""Answers from so many closed rounds count as somebody's last ones; older ones are stale."""

NEWS = timedelta(days=4)
"""For how long the closing of a round is what a digest begins with; spans a weekend."""

MILESTONE_SHOWN = timedelta(days=7)
"""For how long a digest recalls a milestone whose date has come."""

GUESS_FIELD = "useful_count"
"""Block id of the guess, for errors beneath it."""


@dataclass(frozen=True, slots=True)
class Unheard:
    """How many have not answered, and at most three of them by name."""

    number: int
    people: tuple[Person, ...] = ()


@dataclass(frozen=True, slots=True)
class Guess:
    """How many an owner thought would find it useful, out of `asked`."""

    useful: int
    asked: int


@dataclass(frozen=True, slots=True)
class GuessForm:
    """What the owner guesses about, and the largest number that makes sense."""

    initiative: Initiative
    asked: int


@dataclass(frozen=True, slots=True)
class StepDue:
    """A step the owner promised, due and not told about yet."""

    step: Commitment


@dataclass(frozen=True, slots=True)
class FaceToFace:
    """The one thing to do before the first round closes."""


@dataclass(frozen=True, slots=True)
class TeamMeeting:
    """Nobody answered, and asking again won't fix that."""


@dataclass(frozen=True, slots=True)
class Replies:
    """What people told the owner and got no reply to."""

    inputs: tuple[OpenInput, ...]


@dataclass(frozen=True, slots=True)
class Explanations:
    """Who asked for an explanation, at most three by name.

    `some` says that group-only people did.
    """

    wishes: tuple[Wish, ...] = ()
    some: bool = False


@dataclass(frozen=True, slots=True)
class Talks:
    """Whom to talk with, and why."""

    talks: tuple[Talk, ...]


@dataclass(frozen=True, slots=True)
class MilestoneDue:
    """A milestone whose date has come."""

    words: str
    on: date


@dataclass(frozen=True, slots=True)
class PostDue:
    """The team has heard nothing for two weeks; `since` is when it last did."""

    since: date


Todo = StepDue | FaceToFace | TeamMeeting | Replies | Explanations | Talks | MilestoneDue | PostDue


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
    closed_round: int | None = None
    mid_round: bool = False
    """Whether the closing of that round is no news any more."""
    open_round: int | None = None
    last_day: date | None = None
    open_part: Part | None = None
    """How many have answered in the open round so far, by name."""
    reached: int | None = None
    """How many were asked in the open round so far."""
    people: int = 0
    unheard: Unheard = Unheard(0)
    not_my_topic: tuple[Person, ...] = ()
    guess: Guess | None = None
    may_guess: bool = False

    @property
    def first(self) -> tuple[Todo, ...]:
        """What to do now: at most three things."""
        return self.todos[:ACTIONS]

    @property
    def later(self) -> int:
        """How many more things wait until these are done."""
        return max(0, len(self.todos) - ACTIONS)


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything a digest is made of.

    `told` holds the answers of the `open` round and of the last few closed ones; `figures` and
    `part` are those of `closed`, the last round that closed. `since` is when the owner began to
    lead; `last_word` is when the team last heard something, or the start.
    """

    initiative: Initiative
    owner: Person
    since: datetime
    now: datetime
    people: Sequence[Someone]
    told: Sequence[Told]
    open: Cycle | None
    closed: Cycle | None
    figures: Sequence[Figure]
    part: Part | None
    inputs: Sequence[OpenInput]
    steps: Sequence[Commitment]
    last_word: datetime
    reached: int | None
    guess: int | None

    @property
    def today(self) -> date:
        """Return the owner's local date."""
        return local_date(self.now, self.owner.tz)

    @property
    def by_name(self) -> bool:
        """Return whether answers come with names."""
        return self.initiative.visibility is Visibility.NAMED

    def told_in(self, *cycles: Cycle | None) -> list[Told]:
        """Return the answers of some rounds."""
        ids = {cycle.id for cycle in cycles if cycle}
        return [one for one in self.told if one.cycle_id in ids]


def compose(facts: Facts) -> Digest:
    """Return what the owner reads, from `facts`."""
    closed, running = facts.closed, facts.open
    asked = sum(map(_is_asked, facts.people))
    news = closed is not None and facts.now - (closed.closed_at or closed.closes_at) < NEWS
    first = closed is not None and closed.number == 1 and news
    may_guess = closed is None and facts.guess is None
    return Digest(
        initiative=facts.initiative,
        owner=facts.owner,
        today=facts.today,
        todos=tuple(_todos(facts)) if facts.initiative.status is Status.RUNNING else (),
        part=_part(facts),
        figures=tuple(facts.figures),
        closed_round=closed.number if closed else None,
        mid_round=closed is not None and not news,
        open_round=running.number if running else None,
        last_day=last_day(running, facts.initiative.tz) if running else None,
        open_part=_open_part(facts),
        reached=facts.reached,
        people=asked,
        unheard=_unheard(facts),
        not_my_topic=_not_my_topic(facts.people),
        guess=Guess(facts.guess, asked) if first and facts.guess is not None else None,
        may_guess=may_guess and facts.initiative.status is Status.RUNNING,
    )


def _is_asked(one: Someone) -> bool:
    """Return whether somebody counts among the people asked; a group-only choice stays unseen."""
    if one.place is Place.NOT_MY_TOPIC:
        return one.group_only
    return one.place is not Place.LEFT


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
    if nobody_answered(facts):
        yield TeamMeeting()
    if facts.inputs:
        yield Replies(tuple(facts.inputs))
    yield from _about_people(facts)
    plan = facts.initiative.plan
    on = plan.milestone_on
    if on and on <= facts.today < on + MILESTONE_SHOWN:
        yield MilestoneDue(plan.milestone, on)
    if facts.now - facts.last_word >= EVERY:
        yield PostDue(local_date(facts.last_word, facts.owner.tz))


def _about_people(facts: Facts) -> Iterator[Todo]:
    tz = facts.initiative.tz  # the person reads the same dates about themselves
    lately = _heard(facts, facts.told_in(facts.closed, facts.open))
    asked = wishes(lately, tz)
    some = _some_wish(facts)
    if asked or some:
        yield Explanations(asked, some)
    if facts.closed is None:
        return  # too early to say
    known = {wish.person.id for wish in asked[:NAMES]}
    heard = _heard(facts, facts.told)
    talks = worth_a_talk([one for one in heard if one[0].person.id not in known], tz)
    if talks:
        yield Talks(talks)


def _heard(facts: Facts, told: Iterable[Told]) -> list[tuple[Someone, Told]]:
    return heard_by_name(facts.people, told, facts.since)


def _some_wish(facts: Facts) -> bool:
    """Return whether group-only people asked for an explanation in the round that closed."""
    hidden = sum(one.group_only for one in facts.people)
    return hidden >= GROUP_MINIMUM and some_wish(facts.people, facts.told_in(facts.closed))


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
    if facts.open is None or not facts.by_name:
        return None
    told = facts.told_in(facts.open)
    part = figures.took_part(figures.took(facts.people, told, None), closed=False)
    return part if part.invited else None


def _unheard(facts: Facts) -> Unheard:
    """Return who answered neither in the last closed round nor in the open one."""
    if facts.closed is None:
        return Unheard(0)
    heard = {one.stakeholder_id for one in facts.told_in(facts.closed, facts.open)}
    silent = [
        one
        for one in facts.people
        if not one.group_only
        and figures.is_invited(one, facts.closed.closed_at)
        and one.stakeholder_id not in heard
    ]
    return Unheard(len(silent), tuple(one.person for one in silent[:NAMES]))


def _not_my_topic(people: Iterable[Someone]) -> tuple[Person, ...]:
    return tuple(
        one.person for one in people if one.place is Place.NOT_MY_TOPIC and not one.group_only
    )
