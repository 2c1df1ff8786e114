"""What owners set while an initiative runs: rounds, questions, a pause, who is asked, who leads."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.cycles import Cycle
from bot.domain.drafts import Skip
from bot.domain.initiatives import GROUP_MINIMUM, LARGEST, Initiative, Visibility
from bot.domain.people import Person
from bot.domain.questions import Questions, may_be


class Field:
    """Names of the form fields; each is the block id that an error stands under."""

    LENGTH, QUESTIONS = "length", "questions"
    UNTIL = "until"
    ADD, REMOVE = "add", "remove"
    OWNERS = "owners"


LENGTHS = (14, 21, 28, 42)
"""Days that a round may last."""

LONGEST_PAUSE = timedelta(days=182)
MOST_PICKED = 100
"""People added or taken off at a time."""

MOST_OWNERS = 10


@dataclass(frozen=True, slots=True)
class OwnerSettings:
    """How an initiative is set now; `open` is the round that runs."""

    initiative: Initiative
    today: date
    """Local to the initiative."""
    open: Cycle | None
    paused_until: date | None
    people: int
    """How many are on the list."""


@dataclass(frozen=True, slots=True)
class RoundsSet:
    """How setting length and questions ended; they hold from the round after `open` on."""

    settings: OwnerSettings
    changed: bool


@dataclass(frozen=True, slots=True)
class PauseSet:
    """How pausing or resuming ended; `until` is local to the initiative, None if asking goes on."""

    initiative: Initiative
    until: date | None
    changed: bool


@dataclass(frozen=True, slots=True)
class OnTheList:
    """Who is asked, for the form that changes it; `first` are some of them."""

    initiative: Initiative
    people: int
    first: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class ListChanged:
    """Who was added and taken off, how many were on the list before, and who was left out."""

    initiative: Initiative
    added: tuple[Person, ...] = ()
    back: tuple[Person, ...] = ()
    """Taken off earlier, and on the list again."""
    already: int = 0
    removed: tuple[Person, ...] = ()
    skipped: tuple[tuple[Skip, str], ...] = ()
    """Why somebody was left out, and their name, "" if nobody knows it (typed text)."""


@dataclass(frozen=True, slots=True)
class OwnersChanged:
    """Who leads it from now on, and from when on newcomers read what people answer by name."""

    initiative: Initiative
    added: tuple[Person, ...] = ()
    removed: tuple[Person, ...] = ()
    reads_from: date | None = None
    """Local to the initiative; None = from now on."""
    by_name: bool = True


@dataclass(frozen=True, slots=True)
class OwnerNote:
    """What somebody reads who leads an initiative from now on, or no longer does."""

    initiative: Initiative
    person: Person
    by: str
    """Who changed it (typed text, not escaped), "" if nobody knows."""
    leads: bool
    reads_from: date | None = None
    """As in `OwnersChanged`, local to the initiative."""


def check_rounds(days: int | None, asked: Questions) -> dict[str, str]:
    """Return what has to be mended, by field; empty if nothing."""
    wrong = {}
    if days not in LENGTHS:
        wrong[Field.LENGTH] = "Choose how long a round lasts: 2, 3, 4 or 6 weeks."
    if not may_be(asked):
        wrong[Field.QUESTIONS] = (
            "Leave at least one of them on: one question alone is too little to go by."
        )
    return wrong


def check_pause(until: date | None, today: date) -> dict[str, str]:
    """Return what has to be mended about the day on which asking goes on; empty if nothing."""
    latest = today + LONGEST_PAUSE
    if until is None:
        words = "Pick the day on which asking goes on."
    elif until <= today:
        words = "Pick tomorrow or later."
    elif until > latest:
        words = (
            f"Pick a day up to {latest.day} {latest:%B %Y}. If it rests for longer, end it and "
            "launch it again."
        )
    else:
        return {}
    return {Field.UNTIL: words}


def check_people(
    add: Sequence[str],
    remove: Sequence[str],
    known: Mapping[str, Person],
    here: Collection[str],
) -> dict[str, str]:
    """Return what has to be mended in the form about who is asked; empty if nothing.

    All are Slack ids; `known` is whom the directory knows, `here` who is on the list.
    """
    if not add and not remove:
        return {Field.ADD: "Pick somebody to add, or somebody to take off the list."}
    wrong = {
        name: f"Pick at most {MOST_PICKED} people at a time."
        for name, picked in ((Field.ADD, add), (Field.REMOVE, remove))
        if len(picked) > MOST_PICKED
    }
    both = [one for one in add if one in remove]
    if both:
        wrong[Field.REMOVE] = f"{_name(known, both[0])} is picked in both fields. Pick one."
    strangers = [one for one in remove if one not in here]
    if strangers:
        wrong[Field.REMOVE] = f"{_name(known, strangers[0])} isn't on the list. Take that name out."
    return wrong


def check_size(now: int, visibility: Visibility, *, removes: bool) -> dict[str, str]:
    """Return what is wrong about `now` people on the list; empty if nothing."""
    if now > LARGEST:
        return {Field.ADD: f"I can ask at most {LARGEST:,} people; that would be {now:,}."}
    if removes and now < 1:
        return {Field.REMOVE: "Somebody has to be left on the list. To stop asking, end it."}
    if removes and visibility is Visibility.GROUP and now < GROUP_MINIMUM:
        return {
            Field.REMOVE: f"Group figures need at least {GROUP_MINIMUM} people; {now} would be "
            "left. Add others, or end it."
        }
    return {}


def check_owners(
    chosen: Sequence[str], new: Sequence[str], known: Mapping[str, Person]
) -> dict[str, str]:
    """Return what has to be mended about who leads it; empty if nothing. All are Slack ids."""
    words = ""
    if not chosen:
        words = "Somebody has to lead it. To stop asking, end it."
    elif len(chosen) > MOST_OWNERS:
        words = f"At most {MOST_OWNERS} people can lead it."
    wrong = next((one for one in new if (why := _unfit(known.get(one))) and why), None)
    if wrong and not words:
        words = f"{_name(known, wrong)} {_unfit(known.get(wrong))}. Pick somebody else."
    return {Field.OWNERS: words} if words else {}


def nobody_reads(until: date) -> dict[str, str]:
    """Return why those who lead it now cannot all leave: others read names from `until` on."""
    return {
        Field.OWNERS: f"One of those who lead it now has to stay until {until:%a} {until.day} "
        f"{until:%B}: before that nobody else may read what people say with their names."
    }


def _unfit(person: Person | None) -> str:
    if person is None:
        return ""
    if person.is_bot:
        return "is an app"
    if person.is_deleted:
        return "has left"
    return "is in another organisation" if person.is_stranger else ""


def _name(known: Mapping[str, Person], slack_user_id: str) -> str:
    person = known.get(slack_user_id)
    return person.name if person and person.name else "Somebody you picked"
