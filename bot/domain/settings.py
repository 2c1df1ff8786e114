"""What one person set over all initiatives, as that person reads it."""

from dataclasses import dataclass
from datetime import date

from bot.domain.people import Person


@dataclass(frozen=True, slots=True)
class MySettings:
    """Somebody's settings; for their eyes only. Places are names, "" is none."""

    person: Person
    today: date
    """In their own zone."""
    holidays: str = ""
    """Where the public holidays that hold for them are."""
    workspace_holidays: str = ""
    """Where those are that hold for whoever chose none."""

    @property
    def away_until(self) -> date | None:
        """The first day back, while they are away."""
        until = self.person.times.away_until
        return until if until and until > self.today else None


@dataclass(frozen=True, slots=True)
class Saved:
    """How a change of settings ended; `changed` is False when it held already."""

    mine: MySettings
    changed: bool
