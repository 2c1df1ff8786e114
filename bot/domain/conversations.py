"""Talks: whom to offer one, what state one is in, and what follows from what somebody says.

"No" is free: only an accepted offer tells anything, and nobody in group figures is ever picked.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.domain.initiatives import Initiative, Stakeholder
from bot.domain.people import Person
from bot.domain.slots import Slot

CHOICES = 3
"""How many times an invitation offers."""

MORE_CHOICES = 20
"""How many *other times…* lists at most."""

PER_WEEK = 4
"""How many talks one host is to have in a week, and how many offers may be open at once."""

APART = timedelta(weeks=6)
"""Between two offers to one person about one initiative."""

UNANSWERED_FOR = timedelta(days=14)
"""An offer that arrived is taken back after so long: silence is no answer."""

UNSENT_FOR = timedelta(days=28)
"""An offer that found no room among somebody's messages is taken back after so long."""

REMINDED_BEFORE, LEAST_BEFORE = timedelta(hours=1), timedelta(minutes=15)
"""A reminder comes an hour before, and is worth nothing any more a quarter of an hour before."""

ASKED_AFTER = timedelta(minutes=30)
"""How long after a talk both are asked how it went."""

ASKED_AGAIN_AFTER = timedelta(days=7)
"""Who has booked and not yet met is asked once more after so long."""

DECLINES = 2
"""So many declined offers, and asking steps back."""

LEAST_TOGETHER, MOST_TOGETHER = 3, 6
"""How many people a group session is for."""

ANNOUNCED = timedelta(days=10)
"""A group session is so far ahead at least: each is invited among their other messages."""

FURTHEST = timedelta(days=28)
SETTLED = timedelta(days=1)
"""So long before a group session it is called off if fewer than `COMING` said they come."""

COMING = 2
NOTE_LONGEST = 1000

RATHER_TALK = "I'd rather talk about this than get messages."
"""What owners read from somebody who pressed *Talk to me instead*."""

LIKES_TO_TALK = "I'd like to talk with you about this."
"""What owners read from somebody who asked for a chat."""

WISHES = (RATHER_TALK, LIKES_TO_TALK)
"""What waits for a talk and not for a reply."""


class Form(StrEnum):
    """What kind of talk it is."""

    ONE_ON_ONE = "one_on_one"
    GROUP = "group"
    EVERYONE = "everyone"  # a general offer to all who show in group figures


class Origin(StrEnum):
    """Who thought of it."""

    SUGGESTED = "suggested"
    ASKED = "asked"  # the person


class State(StrEnum):
    """Where a talk stands."""

    ASKED = "asked"  # by the person; nobody took it up yet
    HOST_ASKED = "host_asked"  # a sponsor is asked whether they can
    OFFERED = "offered"
    AGREED = "agreed"
    HELD = "held"
    NOT_HELD = "not_held"
    DECLINED = "declined"
    NOT_NOW = "not_now"
    BY_MESSAGE = "by_message"
    CANCELLED = "cancelled"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"

    @property
    def is_open(self) -> bool:
        """Whether it keeps a person from getting another offer."""
        return self in OPEN


OPEN = frozenset({State.HOST_ASKED, State.OFFERED, State.AGREED})


class Event(StrEnum):
    """What was said or done about a talk; facts."""

    ASKED = "asked"
    HOST_ASKED = "host_asked"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    NOT_NOW = "not_now"
    BY_MESSAGE = "by_message"
    MOVED = "moved"
    CANCELLED = "cancelled"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    MET = "met"
    BOOKED = "booked"
    COULD_NOT = "could_not"
    DONT_WANT = "dont_want"


AFTERWARDS = (Event.MET, Event.BOOKED, Event.COULD_NOT, Event.DONT_WANT)
"""What either side may answer afterwards, in the order in which it is offered."""

ANSWERS = {
    Event.DECLINED: State.DECLINED,
    Event.NOT_NOW: State.NOT_NOW,
    Event.BY_MESSAGE: State.BY_MESSAGE,
}
"""What an invitation may be answered with besides a time."""


@dataclass(frozen=True, slots=True)
class Said:
    """An event of a talk; `by` is a person's id, None for the app."""

    event: Event
    by: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody invited to a group session; `comes` is None until they said."""

    stakeholder_id: int
    person: Person
    comes: bool | None = None


@dataclass(frozen=True, slots=True)
class Conversation:
    """One talk; `guest` and `stakeholder_id` are None where it is about several people."""

    id: int
    workspace_id: int
    initiative_id: int
    form: Form
    origin: Origin
    state: State
    sequence: int
    made_at: datetime
    stakeholder_id: int | None = None
    guest: Person | None = None
    host: Person | None = None
    offered_by: Person | None = None
    offered_at: datetime | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    group: tuple[Invited, ...] = ()
    """Those invited to a group session."""
    next_due_at: datetime | None = None

    @property
    def by_sponsor(self) -> bool:
        """Whether somebody else than who offered it talks with them."""
        known = self.host is not None and self.offered_by is not None
        return known and self.host != self.offered_by

    @property
    def coming(self) -> tuple[Person, ...]:
        """Return who takes part, the host first; of a group those who said they come."""
        sides = (self.host, self.guest, *(one.person for one in self.group if one.comes))
        return tuple(one for one in sides if one is not None)

    def invites(self, person_id: int) -> Invited | None:
        """Return how somebody is invited to a group session, None if they are not."""
        return next((one for one in self.group if one.person.id == person_id), None)

    def other(self, person_id: int) -> Person | None:
        """Return whom somebody talks with."""
        return self.guest if self.host and self.host.id == person_id else self.host


@dataclass(frozen=True, slots=True)
class Offer:
    """An invitation as its guest sees it; `slots` are free for both right now."""

    talk: Conversation
    own: Stakeholder
    initiative: Initiative
    slots: tuple[Slot, ...] = ()
    give_id: int | None = None
    """The message it came with, None where the guest asked for the talk."""
    taken: bool = False
    """Whether somebody else just got the time that was tapped."""
    unsure: bool = False
    """Whether the guest's own words say that they weren't sure."""


@dataclass(frozen=True, slots=True)
class Card:
    """An agreed talk, or one that was called off, as `reader` sees it."""

    talk: Conversation
    initiative: Initiative
    reader: Person
    today: date
    """Local to the reader."""
    team_id: str = ""
    """Slack's id of the workspace: part of what calendars know the talk by."""
    changed_at: datetime | None = None
    """When the time was last agreed, moved or called off."""
    moved: bool = False
    cancelled_by: Person | None = None
    said: Event | None = None
    """What the reader said last about how it went."""
    over: bool = False
    """Whether its time has passed."""
    give_id: int | None = None
    """The invitation to a group session that is read."""

    @property
    def with_whom(self) -> Person | None:
        """Return the other side."""
        return self.talk.other(self.reader.id)

    @property
    def is_host(self) -> bool:
        """Return whether the reader is who offered to talk."""
        return self.talk.host is not None and self.talk.host.id == self.reader.id


@dataclass(frozen=True, slots=True)
class Call:
    """A general offer, which everyone in group figures gets alike; nobody picked its reader."""

    own: Stakeholder
    initiative: Initiative
    give_id: int


@dataclass(frozen=True, slots=True)
class HostAsked:
    """What a sponsor is asked: whom they would talk with they learn once a time is agreed."""

    talk_id: int
    state: State
    initiative: Initiative
    owner: Person


@dataclass(frozen=True, slots=True)
class Correction:
    """What somebody a note is about says is right."""

    by: Person
    words: str


@dataclass(frozen=True, slots=True)
class Note:
    """What was learned in a talk: what its host noted and what those it is about put right."""

    barrier: str | None
    words: str
    by: Person
    on: date
    """Local to the initiative."""
    corrections: tuple[Correction, ...] = ()
    about: Person | None = None
    """Of a group session: whom alone it is about; None: everybody who came."""

    def corrected_by(self, person_id: int) -> str:
        """Return what somebody put right about it, "" if nothing."""
        return next((one.words for one in self.corrections if one.by.id == person_id), "")


@dataclass(frozen=True, slots=True)
class HeldTalk:
    """One talk of a person, as they and the owner alike read it; `on` is the initiative's day."""

    talk: Conversation
    on: date
    said: tuple[Said, ...] = ()
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Learned:
    """What a host fills in after a talk; of a group session about all or one of `people`."""

    card: Card
    before: Note | None = None
    people: tuple[Person, ...] = ()
