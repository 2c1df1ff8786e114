"""The App Home: what is open for a person, their settings, and what they lead."""

from dataclasses import dataclass

from bot.domain.digests import Digest
from bot.domain.initiatives import Initiative
from bot.domain.people import Person
from bot.domain.settings import MySettings
from bot.domain.talk_hours import MyTalks


@dataclass(frozen=True, slots=True)
class OpenCheckIn:
    """A check-in that waits for a person; `answered` of its questions are done."""

    initiative_id: int
    name: str
    answered: int
    questions: int = 3


@dataclass(frozen=True, slots=True)
class Led:
    """What a person leads; `digest` says where it is, None for a draft."""

    initiative: Initiative
    digest: Digest | None = None


@dataclass(frozen=True, slots=True)
class HomeTab:
    """Everything the App Home shows one person."""

    mine: MySettings
    open: tuple[OpenCheckIn, ...] = ()
    asked_about: tuple[str, ...] = ()
    """Names of the running initiatives that ask the person."""
    leads: tuple[Led, ...] = ()
    messages: int = 0
    """Counted messages of the last 28 days."""
    hosting: MyTalks | None = None
    """When they have talks, if they lead something and chose that."""

    @property
    def person(self) -> Person:
        """Whose Home it is."""
        return self.mine.person
