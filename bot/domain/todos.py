"""What a digest asks its reader to do; a type for each kind of thing."""

from dataclasses import dataclass
from datetime import date

from bot.domain.accounts import Account, Group
from bot.domain.barriers import InTheWay
from bot.domain.commitments import Commitment
from bot.domain.conversations import Conversation
from bot.domain.inputs import OpenInput
from bot.domain.pauses import MoreTime, Quiet
from bot.domain.talks import Talk, Wish

ACTIONS = 3
"""How many things to do one digest asks for at most."""


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
    """Low answers of people about whom nothing is concluded: too few answers, or no estimate."""

    talks: tuple[Talk, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Listed:
    """A group: at most three of its people by name, and how many there are to name.

    `accounts` is empty where only the numbers matter.
    """

    group: Group
    number: int
    accounts: tuple[Account, ...] = ()


@dataclass(frozen=True, slots=True)
class TalksAsked:
    """Who asked for a talk and was offered none yet."""

    talks: tuple[Conversation, ...]


@dataclass(frozen=True, slots=True)
class MilestoneDue:
    """A milestone whose date has come."""

    words: str
    on: date


@dataclass(frozen=True, slots=True)
class PostDue:
    """The team has heard nothing for two weeks; `since` is when it last did."""

    since: date


@dataclass(frozen=True, slots=True)
class ListeningDebt:
    """Asking is paused until people hear from their owners.

    The oldest of what waits has done so for more than `days`; None is that nobody was told anything
    for some rounds. No date: it would tell who gave a nameless one.
    """

    inputs: tuple[OpenInput, ...]
    days: int | None = None
    in_the_way: InTheWay | None = None
    """What gets in people's way and has no answer yet."""


@dataclass(frozen=True, slots=True)
class StepBack:
    """Somebody whom nobody asks for a while: a word from the owner does more.

    `more` is how many others there are.
    """

    quiet: Quiet
    more: int = 0


@dataclass(frozen=True, slots=True)
class SomeQuiet:
    """People in group figures have gone quiet, and there are enough of them to hide."""


@dataclass(frozen=True, slots=True)
class MoreTimeNeeded:
    """Many are quiet: would it help to move the next milestone? `on` is None if there is none."""

    advice: MoreTime
    milestone: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True)
class OneLine:
    """There is nothing to give to `people`, for whom a line from the owner would do much."""

    people: int


Todo = (
    StepDue
    | FaceToFace
    | TeamMeeting
    | Replies
    | Explanations
    | Talks
    | TalksAsked
    | Listed
    | MilestoneDue
    | PostDue
    | ListeningDebt
    | StepBack
    | SomeQuiet
    | MoreTimeNeeded
    | OneLine
    | InTheWay
)
