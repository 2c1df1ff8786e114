"""Digests: what an owner reads about an initiative, and when there is reason to send one.

Facts with dates and what to do next; silence is a number and no evidence about anyone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.domain.calendars import at_local, is_working_day, local_date, zone
from bot.domain.commitments import Commitment
from bot.domain.figures import Figure, Part, Someone, Told
from bot.domain.initiatives import Initiative, Place
from bot.domain.inputs import OpenInput
from bot.domain.people import Person
from bot.domain.pulses import Explain, Question

OPENS, CLOSES = time(9), time(16, 30)
"""Digests arrive from nine until before half past four of a working day, owner's time."""

NAMES = 3
"""How many people one group names at most; there is no roster."""

ACTIONS = 3
"""How many things to do one digest asks for at most."""

LOW = 2
"""A last answer of so much or less is worth a talk. A simple rule for now."""

NUMBERS_EVERY = timedelta(days=7)
"""How often a digest comes when nothing but numbers moved."""

ROUNDS_BACK = 4
"""Answers from so many closed rounds count as somebody's last ones; older ones are stale."""

MILESTONE_SHOWN = timedelta(days=7)
"""For how long a digest recalls a milestone whose date has come."""

GUESS_FIELD = "useful_count"
"""Block id of the guess, for errors beneath it."""


@dataclass(frozen=True, slots=True)
class Talk:
    """A low answer somebody gave by name, in their own words, on a local date."""

    person: Person
    question: Question
    value: int
    on: date


@dataclass(frozen=True, slots=True)
class Wish:
    """Somebody doesn't know enough to say and would like an explanation."""

    stakeholder_id: int
    cycle_id: int
    person: Person
    how: Explain
    on: date


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
    """The team has heard nothing for two weeks."""


Todo = (
    StepDue | FaceToFace | TeamMeeting | Replies | Explanations | Talks | MilestoneDue | PostDue
)


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


def heard_by_name(
    people: Iterable[Someone], told: Iterable[Told], since: datetime
) -> list[tuple[Someone, Told]]:
    """Return the answers that an owner who leads since `since` may see with a name, in order."""
    shown = {
        one.stakeholder_id: one
        for one in people
        if not one.group_only and one.place in (Place.ACTIVE, Place.STOPPED)
    }
    return [
        (shown[answer.stakeholder_id], answer)
        for answer in told
        if answer.by_name and answer.stakeholder_id in shown and answer.answered_at >= since
    ]


def worth_a_talk(heard: Iterable[tuple[Someone, Told]], tz: str) -> tuple[Talk, ...]:
    """Return at most three people whose last answers are the lowest; never who stopped."""
    lowest = [talk for talk in _lowest_of_each(heard, tz).values() if talk.value <= LOW]
    order = list(Question)
    lowest.sort(key=lambda talk: (talk.value, order.index(talk.question), talk.person.id))
    return tuple(lowest[:NAMES])


def _lowest_of_each(heard: Iterable[tuple[Someone, Told]], tz: str) -> dict[int, Talk]:
    last: dict[tuple[int, str], tuple[Someone, Told]] = {}
    for someone, answer in heard:
        last[someone.stakeholder_id, answer.question] = (someone, answer)
    lowest: dict[int, Talk] = {}
    for someone, answer in last.values():
        if answer.value is None or someone.place is Place.STOPPED or someone.person.stopped:
            continue
        on = local_date(answer.answered_at, tz)
        talk = Talk(someone.person, Question(answer.question), answer.value, on)
        known = lowest.get(someone.stakeholder_id)
        if known is None or talk.value < known.value:
            lowest[someone.stakeholder_id] = talk
    return lowest


def wishes(heard: Iterable[tuple[Someone, Told]], tz: str) -> tuple[Wish, ...]:
    """Return who asked for an explanation by name, oldest first; a later "no, thanks" holds."""
    last = {one.stakeholder_id: (one, told) for one, told in heard if told.question == "explain"}
    return tuple(
        Wish(
            one.stakeholder_id,
            told.cycle_id,
            one.person,
            Explain(told.choice),
            local_date(told.answered_at, tz),
        )
        for one, told in last.values()
        if told.choice in (Explain.TWO_LINES, Explain.FIFTEEN_MINUTES)
    )


def some_wish(people: Iterable[Someone], told: Iterable[Told]) -> bool:
    """Return whether group-only people asked for an explanation; no name and no number."""
    hidden = {one.stakeholder_id for one in people if one.group_only}
    last = {one.stakeholder_id: one.choice for one in told if one.question == "explain"}
    return any(
        last.get(person) in (Explain.TWO_LINES, Explain.FIFTEEN_MINUTES) for person in hidden
    )


@dataclass(frozen=True, slots=True)
class Before:
    """What the last digest said, by its fingerprint, and when it was decided."""

    fingerprint: "Fingerprint"
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What there is to say: the things that may have happened, and the numbers."""

    things: frozenset[str]
    numbers: str = ""

    def written(self) -> str:
        """Return the text that `read_fingerprint` reads."""
        return " ".join((self.numbers or "-", *sorted(self.things)))


def read_fingerprint(written: str) -> Fingerprint:
    """Return the fingerprint that `written` is the text of."""
    numbers, *things = written.split()
    return Fingerprint(frozenset(things), "" if numbers == "-" else numbers)


def is_news(
    current: Fingerprint, before: Before | None, started_at: datetime, now: datetime, tz: str
) -> bool:
    """Return whether there is reason to send a digest now.

    Something happened that the last one did not say; or, after a week, numbers moved. Never two
    on one local day in `tz`.
    """
    known = before.fingerprint if before else Fingerprint(frozenset())
    last = before.decided_at if before else started_at
    if before and local_date(last, tz) == local_date(now, tz):
        return False
    if current.things - known.things:
        return True
    return current.numbers != known.numbers and now - last >= NUMBERS_EVERY


def is_open(moment: datetime, tz: str) -> bool:
    """Return whether digests may arrive at `moment` in the zone `tz`."""
    local = moment.astimezone(zone(tz))
    return is_working_day(local.date()) and OPENS <= local.time() < CLOSES


def next_opening(after: datetime, tz: str) -> datetime:
    """Return the first moment after `after` when digests begin to arrive on a working day."""
    day = local_date(after, tz)
    while True:
        moment = at_local(day, OPENS, tz)
        if moment > after and is_open(moment, tz):
            return moment
        day += timedelta(days=1)


def labels(parts: Mapping[str, Iterable[object]]) -> frozenset[str]:
    """Return `kind:id` for every id of every kind, for a fingerprint."""
    return frozenset(f"{kind}:{one}" for kind, ids in parts.items() for one in ids)
