"""What an owner reads about talks: whom one could help, what they said, and what is under way."""

from dataclasses import dataclass
from datetime import date

from bot.domain.accounts import Account
from bot.domain.conversations import Card, HeldTalk, HostAsked, Offer
from bot.domain.initiatives import Initiative
from bot.domain.people import Person
from bot.domain.slots import Slot
from bot.domain.talk_rules import Candidate
from bot.domain.talks import Talk, Wish

MOST_LISTED = 8
"""How many talks somebody's own list shows with their buttons: Slack takes 50 blocks."""


@dataclass(frozen=True, slots=True, repr=False)
class Pick:
    """Somebody who could be offered a talk, with what they said; one of four reasons is there."""

    candidate: Candidate
    person: Person
    account: Account | None = None
    talk: Talk | None = None
    """A low answer about which nothing is concluded."""
    wish: Wish | None = None
    asked_on: date | None = None
    """When they asked for a talk; local to the initiative."""


@dataclass(frozen=True, slots=True, repr=False)
class TalkPlan:
    """The talks of one initiative, as one of its owners reads them."""

    initiative: Initiative
    owner: Person
    picks: tuple[Pick, ...] = ()
    more: int = 0
    """How many others there are, for whom there is no room this week."""
    room: int = 0
    under_way: tuple[HeldTalk, ...] = ()
    """Offers that wait and talks agreed on, the next first."""
    over: tuple[HeldTalk, ...] = ()
    """The last ones, newest first."""
    may_invite: bool = False
    """Whether people who took steps could be invited together."""
    may_call: bool = False
    """Whether everyone in group figures could get a general offer."""


@dataclass(frozen=True, slots=True, repr=False)
class SessionForm:
    """Who would be invited together, and to when."""

    initiative: Initiative
    owner: Person
    people: tuple[Person, ...]
    slot: Slot


@dataclass(frozen=True, slots=True, repr=False)
class MyTalks:
    """Somebody's own talks; `may_ask` are their places whose owners they can ask for one."""

    person: Person
    talks: tuple[Offer | Card | HeldTalk, ...] = ()
    asked: tuple[HostAsked, ...] = ()
    """What they are asked as a sponsor, without a name."""
    more: int = 0
    """How many others there are that are not listed."""
    may_ask: tuple[tuple[int, Initiative], ...] = ()
    leads: tuple[Initiative, ...] = ()
