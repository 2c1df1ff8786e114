"""Everything the app holds about one person, for that person alone."""

from dataclasses import dataclass, field
from datetime import date, datetime

from bot.domain.accounts import Account, Estimating
from bot.domain.barriers import HeldBarrier, Named
from bot.domain.commitments import Commitment
from bot.domain.conversations import HeldTalk
from bot.domain.initiatives import Initiative, Stakeholder
from bot.domain.inputs import Input
from bot.domain.outbox import Kind
from bot.domain.pauses import Quiet
from bot.domain.people import Choice, Person, Setting
from bot.domain.pulses import Explain, Given, Question
from bot.domain.settings import MySettings
from bot.domain.talk_hours import MyTalks
from bot.domain.talks import Talk, Wish


@dataclass(frozen=True, slots=True)
class HeldCheckIn:
    """One check-in and what was answered; an empty one was left open."""

    opened_at: datetime
    answers: dict[Question, Given] = field(default_factory=dict)
    dont_know: bool = False
    explain: Explain | None = None


@dataclass(frozen=True, slots=True)
class Read:
    """What some of the owners may read about the person: those who lead since the same moment."""

    owners: tuple[Person, ...]
    account: Account | None = None
    """None where nothing is estimated."""
    talk: Talk | None = None
    """A low answer about which nothing is concluded."""
    wish: Wish | None = None
    paused: Quiet | None = None
    """That nobody asks them for a while."""
    no_topic: Person | None = None
    """The person, once they said by name that it isn't their topic."""
    barrier: Named | None = None
    """What they named with their name as what gets in the way."""


@dataclass(frozen=True, slots=True)
class HeldPlace:
    """A person's place in one initiative with what belongs to it, newest first."""

    stakeholder: Stakeholder
    initiative: Initiative
    check_ins: tuple[HeldCheckIn, ...] = ()
    inputs: tuple[Input, ...] = ()
    choices: tuple[tuple[Choice, datetime], ...] = ()
    read: tuple[Read, ...] = ()
    """What owners may read of them one by one; nothing of who shows in group figures only."""
    estimating: Estimating = Estimating.YES
    talks: tuple[HeldTalk, ...] = ()
    """Talks offered to them or asked for, newest first."""
    steps: tuple[Commitment, ...] = ()
    no_steps: tuple[datetime, ...] = ()
    """When they said *not now* to the offer of a step."""
    barrier: HeldBarrier | None = None
    """What they named last as what gets in their way."""


@dataclass(frozen=True, slots=True)
class HeldStep:
    """A step the person promised as an owner."""

    words: str
    due_on: date


@dataclass(frozen=True, slots=True)
class HeldLead:
    """What the person leads, with what they did there."""

    initiative: Initiative
    posts: int = 0
    steps: tuple[HeldStep, ...] = ()
    guess: int | None = None


@dataclass(frozen=True, slots=True)
class HeldMessage:
    """A message that reached the person or may have."""

    kind: Kind
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class HeldAboutMe:
    """Everything the app holds about one person."""

    mine: MySettings
    places: tuple[HeldPlace, ...] = ()
    leads: tuple[HeldLead, ...] = ()
    settings: tuple[tuple[Setting, datetime], ...] = ()
    messages: tuple[HeldMessage, ...] = ()
    """Those that count, of the last 28 days, oldest first."""

    hosting: MyTalks | None = None
    """When they have talks, once they set that or connected a calendar."""

    @property
    def person(self) -> Person:
        """Whom it is about."""
        return self.mine.person
