"""Drafts: what an owner types before an initiative starts, and whom that would ask.

The checks say what is wrong in words that mend; they know the form and the people directory only.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from bot.domain.calendars import (
    add_working_days,
    is_working_day,
    local_date,
    next_working_moment,
)
from bot.domain.initiatives import GROUP_MINIMUM, LARGEST, Initiative, Visibility
from bot.domain.introductions import Introduction
from bot.domain.pacing_settings import PUSHIEST, PacingSettings
from bot.domain.people import Person
from bot.domain.pulses import CheckIn


class Field:
    """Names of the form fields; each is the block id that an error stands under."""

    NAME, WHY, BENEFIT, NEEDED = "name", "why", "benefit", "needed"
    MILESTONE, MILESTONE_ON = "milestone", "milestone_on"
    PEOPLE, CHANNELS, GROUPS = "people", "channels", "groups"
    CHANNEL, VISIBILITY, FIRST_ON, FAIR = "channel", "shown", "first_on", "fair"


LONGEST = {
    Field.NAME: 80,
    Field.WHY: 1000,
    Field.BENEFIT: 1000,
    Field.MILESTONE: 150,
    Field.NEEDED: 300,
}
"""How many characters each text takes at most: an introduction is read in half a minute."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A draft as somebody saw it: `revision` is the one their form belongs to."""

    id: int
    revision: int


@dataclass(frozen=True, slots=True)
class What:
    """Step one of the form: what the initiative is."""

    name: str = ""
    why: str = ""
    benefit: str = ""
    milestone: str = ""
    milestone_on: date | None = None
    needed: str = ""


@dataclass(frozen=True, slots=True)
class Picks:
    """Whom the owner picked, as Slack ids, before channels and groups are expanded."""

    people: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()

    @property
    def only_people(self) -> bool:
        """Whether the form alone tells who is asked."""
        return not self.channels and not self.groups


@dataclass(frozen=True, slots=True)
class Who:
    """Step two of the form: who is asked, from when, and who sees it."""

    picks: Picks = Picks()
    channel_id: str | None = None
    visibility: Visibility | None = None
    first_on: date | None = None
    fair: bool = False


class Skip(StrEnum):
    """Why somebody picked is not asked."""

    OWNER = "owner"
    BOT = "bot"
    LEFT = "left"
    GUEST = "guest"
    STRANGER = "stranger"
    UNKNOWN = "unknown"


class Problem(StrEnum):
    """Why a draft cannot start as it is."""

    NOBODY = "nobody"
    TOO_MANY = "too_many"
    TOO_FEW = "too_few"


@dataclass(frozen=True, slots=True)
class Members:
    """What Slack says is in the picks; `unreadable` channels need an invitation first."""

    by_hand: tuple[str, ...] = ()
    from_lists: tuple[str, ...] = ()
    unreadable: tuple[str, ...] = ()
    failed: int = 0
    """How many channels or groups could not be read just now; trying again may help."""


@dataclass(frozen=True, slots=True)
class Expansion:
    """Whom the picks come down to; `skipped` holds Slack ids by reason."""

    people: tuple[Person, ...] = ()
    skipped: Mapping[Skip, tuple[str, ...]] = field(default_factory=dict)
    unreadable: tuple[str, ...] = ()
    failed: int = 0
    found: int = 0
    """How many would be asked, also when they are too many to be listed."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft with what its owner picked; `expansion` is None until Slack was asked."""

    initiative: Initiative
    picks: Picks
    expansion: Expansion | None

    @property
    def reference(self) -> Reference:
        """The draft as it is now."""
        return Reference(self.initiative.id, self.initiative.revision)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """People left out for one reason: (Slack id, name or "") of the first few."""

    reason: Skip
    people: tuple[tuple[str, str], ...]
    count: int


@dataclass(frozen=True, slots=True)
class DraftSaved:
    """What the owner reads when a draft was saved."""

    initiative: Initiative
    count: int
    dates: tuple[tuple[date, int], ...]
    """How many would first hear on each day, earliest first."""
    left_out: tuple[LeftOut, ...] = ()
    unreadable: tuple[str, ...] = ()
    failed: int = 0
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class OwnStep:
    """A step of the owner's own, with the day it will be done by."""

    words: str = ""
    due_on: date | None = None
    acts: str = ""
    """What people could do, one a line."""


@dataclass(frozen=True, slots=True)
class Launch:
    """Whom a start reaches and from which day on."""

    initiative: Initiative
    count: int
    introduction_on: date
    first_on: date
    check_ins: tuple[date, ...] = ()
    """When check-ins of the next weeks come to who sets nothing and has no other initiatives."""
    pace: PacingSettings = PUSHIEST


@dataclass(frozen=True, slots=True)
class Preview:
    """What people will get when a draft starts; `seen` is the draft as it is shown."""

    seen: Reference

    introduction: Introduction
    check_in: CheckIn
    launch: Launch


def earliest_first_date(now: datetime, tz: str) -> date:
    """Return the first day a check-in may come: a working day after the introduction."""
    return add_working_days(local_date(next_working_moment(now, tz), tz), 1)


def check_what(what: What, today: date) -> dict[str, str]:
    """Return what has to be mended in step one, by field; empty if nothing."""
    texts = {
        Field.NAME: what.name,
        Field.WHY: what.why,
        Field.BENEFIT: what.benefit,
        Field.MILESTONE: what.milestone,
        Field.NEEDED: what.needed,
    }
    wrong = {
        name: f"Please keep it to {LONGEST[name]:,} characters; it has {len(words):,}."
        for name, words in texts.items()
        if len(words) > LONGEST[name]
    }
    missing = {
        Field.NAME: "Give it a name that people will recognise.",
        Field.WHY: "Say in a sentence why now, and whose priority it is.",
        Field.BENEFIT: "Say in a sentence what gets better for the people you ask.",
    }
    wrong |= {name: words for name, words in missing.items() if not texts[name]}
    return _check_milestone(what, today) | wrong


def _check_milestone(what: What, today: date) -> dict[str, str]:
    if what.milestone and not what.milestone_on:
        return {Field.MILESTONE_ON: "Pick the milestone's date, or clear the milestone."}
    if what.milestone_on and not what.milestone:
        return {Field.MILESTONE: "Name the milestone, or clear its date."}
    if what.milestone_on and what.milestone_on < today:
        return {Field.MILESTONE_ON: "That day is over. Pick today or later."}
    return {}


def check_who(
    who: Who, known: Mapping[str, Person], owners: Collection[str], earliest: date
) -> dict[str, str]:
    """Return what has to be mended in step two, by field; empty if nothing.

    `known` are the picked people the directory knows, by Slack id; `owners` are Slack ids.
    """
    wrong = _check_picks(who, known, owners)
    if not who.channel_id:
        wrong[Field.CHANNEL] = "Pick the channel where you'll tell the team what moved."
    if who.visibility is None:
        wrong[Field.VISIBILITY] = "Choose how answers show."
    if not who.fair:
        wrong[Field.FAIR] = "Please tick this: people are asked on that promise."
    return wrong | _check_first_date(who.first_on, earliest)


def _check_first_date(first_on: date | None, earliest: date) -> dict[str, str]:
    soonest = f"{earliest:%A} {earliest.day} {earliest:%B}"
    if first_on is None:
        return {Field.FIRST_ON: f"Pick a day, {soonest} or later."}
    if not is_working_day(first_on):
        return {Field.FIRST_ON: "That is a weekend. Pick a day from Monday to Friday."}
    if first_on < earliest:
        return {
            Field.FIRST_ON: "People get an introduction at least one working day before, "
            f"so pick {soonest} or later."
        }
    return {}


def _check_picks(who: Who, known: Mapping[str, Person], owners: Collection[str]) -> dict[str, str]:
    picks = who.picks
    if not picks.only_people:
        return {}
    if not picks.people:
        return {Field.PEOPLE: "Pick people, or a channel to ask everyone in it."}
    reasons = {person: _reason(person, known, owners) for person in picks.people}
    left = [person for person, reason in reasons.items() if reason is None]
    if not left:
        why = "; ".join(_named(known.get(person), reason) for person, reason in reasons.items())
        return {Field.PEOPLE: f"Nobody is left to ask: {_shortened(why, 200)}. Add people."}
    return _check_size(len(left), who.visibility)


def _check_size(count: int, visibility: Visibility | None) -> dict[str, str]:
    if visibility is Visibility.GROUP and count < GROUP_MINIMUM:
        return {
            Field.PEOPLE: f"Group figures need at least {GROUP_MINIMUM} answers; you've listed "
            f"{count} {'person' if count == 1 else 'people'}. "
            "Add people or choose 'with names'."
        }
    if count > LARGEST:
        return {
            Field.PEOPLE: f"I can ask at most {LARGEST:,} people; you've listed {count:,}. "
            "Pick fewer."
        }
    return {}


def _reason(
    slack_user_id: str, known: Mapping[str, Person], owners: Collection[str]
) -> Skip | None:
    """Return why somebody picked by hand is not asked; guests are, if picked by hand."""
    person = known.get(slack_user_id)
    if slack_user_id in owners:
        return Skip.OWNER
    if person and person.is_bot:
        return Skip.BOT
    return Skip.LEFT if person and person.is_deleted else None


def _named(person: Person | None, reason: Skip | None) -> str:
    name = person.name if person and person.name else "somebody"
    match reason:
        case Skip.OWNER:
            return "you lead it yourself"
        case Skip.BOT:
            return f"{name} is an app"
        case _:
            return f"{name} has left"


def _shortened(words: str, limit: int) -> str:
    """Return `words` cut to `limit` characters, ending in … where something was cut."""
    return words if len(words) <= limit else words[: limit - 1].rstrip() + "…"


def expand(members: Members, known: Mapping[str, Person], owners: Collection[str]) -> Expansion:
    """Return whom `members` come down to.

    Bots, people who left and the owners are left out; guests and people from other organisations
    are asked only if they were picked by hand.
    """
    by_hand = set(members.by_hand)
    kept: list[Person] = []
    skipped: dict[Skip, list[str]] = {}
    for slack_user_id in dict.fromkeys((*members.by_hand, *members.from_lists)):
        person = known.get(slack_user_id)
        reason = _reason(slack_user_id, known, owners)
        if reason is None and slack_user_id not in by_hand:
            reason = _reason_in_list(person)
        if person is None and reason is None:
            reason = Skip.UNKNOWN
        if person is not None and reason is None:
            kept.append(person)
        elif reason is not None:
            skipped.setdefault(reason, []).append(slack_user_id)
    return Expansion(
        people=tuple(kept),
        skipped={reason: tuple(ids) for reason, ids in skipped.items()},
        unreadable=members.unreadable,
        failed=members.failed,
        found=len(kept),
    )


def _reason_in_list(person: Person | None) -> Skip | None:
    if person and person.is_stranger:
        return Skip.STRANGER
    return Skip.GUEST if person and person.is_guest else None


def problem_of(expansion: Expansion, visibility: Visibility) -> Problem | None:
    """Return why a draft cannot start with these people, or None if it can."""
    if expansion.found > LARGEST:
        return Problem.TOO_MANY
    if expansion.found == 0:
        return Problem.NOBODY
    if visibility is Visibility.GROUP and expansion.found < GROUP_MINIMUM:
        return Problem.TOO_FEW
    return None
