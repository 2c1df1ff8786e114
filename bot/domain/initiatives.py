"""Initiatives: a change somebody leads, what it says about itself, and who is asked."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.domain.cycles import Halt
from bot.domain.people import Person
from bot.domain.questions import EVERY, Questions

LARGEST = 1000
"""How many people one initiative may ask at most."""

GROUP_MINIMUM = 5
"""Group figures are about at least so many answers (method.md section 4)."""

PUBLIC_MINIMUM = 10
"""Participation is told to everyone only when at least so many were invited."""

KEPT_AFTER_END = timedelta(days=30)
"""How long after its end what an initiative holds about people is kept."""


class Visibility(StrEnum):
    """Who sees answers: the owners with names, or everyone in group figures only."""

    NAMED = "named"
    GROUP = "group"


def is_group_only(visibility: str, *chosen_at: datetime | None) -> bool:
    """Return whether somebody shows in group figures only.

    That is so if the initiative is like that (`visibility` as stored), or if they chose so at any
    of `chosen_at`: for this initiative, or over all of them.
    """
    return visibility == Visibility.GROUP or any(chosen_at)


class Status(StrEnum):
    """Where an initiative is in its life."""

    DRAFT = "draft"
    RUNNING = "running"
    ENDED = "ended"


class Place(StrEnum):
    """A stakeholder's place in one initiative."""

    ACTIVE = "active"
    STOPPED = "stopped"
    NOT_MY_TOPIC = "not_my_topic"
    LEFT = "left"
    OFF = "off"
    """An owner took them off the list."""

    @property
    def is_gone(self) -> bool:
        """Whether nobody is asked there any more, and nobody counted."""
        return self in (Place.LEFT, Place.OFF)


@dataclass(frozen=True, slots=True)
class Plan:
    """What an initiative says about itself, as of one version."""

    version_id: int
    number: int
    why: str
    benefit: str
    needed: str = ""
    milestone: str = ""
    milestone_on: date | None = None


@dataclass(frozen=True, slots=True)
class Initiative:
    """A change somebody leads; `tz` is the zone its rounds are counted in (IANA name)."""

    id: int
    workspace_id: int
    name: str
    tz: str
    visibility: Visibility
    status: Status
    channel_id: str | None
    first_date: date | None
    cycle_days: int
    plan: Plan
    owners: tuple[Person, ...]
    revision: int
    created_at: datetime
    started_at: datetime | None = None
    ended_at: datetime | None = None
    questions: Questions = EVERY
    """What the rounds from the next one on ask; the open one has its own."""
    halt: Halt | None = None
    """The last time in which nobody is or was asked at an owner's wish."""
    owners_since: tuple[datetime, ...] = ()
    """From when on each of `owners` reads what people answer by name, in the same order."""

    def readers(self, now: datetime) -> tuple[Person, ...]:
        """Return who of the owners reads what people answer by name now.

        If that is nobody, all of them: people are told too much rather than too little.
        """
        pairs = zip(self.owners, self.owners_since, strict=False)
        return tuple(owner for owner, since in pairs if since <= now) or self.owners

    def newcomers(self) -> tuple[tuple[Person, datetime], ...]:
        """Return who of the owners came after the start, and from when on they read answers."""
        pairs = zip(self.owners, self.owners_since, strict=False)
        start = self.started_at
        return tuple((owner, since) for owner, since in pairs if start and since > start)

    def halted_until(self, now: datetime) -> datetime | None:
        """Return until when nobody is asked, None if asking goes on at `now`."""
        return self.halt.until if self.halt and self.halt.holds(now) else None


@dataclass(frozen=True, slots=True)
class Stakeholder:
    """One person's place in one initiative."""

    id: int
    workspace_id: int
    initiative_id: int
    person: Person
    place: Place
    added_at: datetime
    introduced_at: datetime | None
    group_only: bool
    """Chosen for this initiative or over all of them, or the initiative's own visibility."""
    snoozed_until: datetime | None = None
    paused_until: datetime | None = None
    """Asking stepped back until then."""
    fewer: bool = False
    """Asked for fewer messages about this initiative."""
    no_estimate: bool = False
    """Said "don't estimate me": owners read only what they answered themselves."""
