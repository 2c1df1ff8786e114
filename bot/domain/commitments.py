"""Commitments: a concrete act plus a date, of somebody asked or of an owner."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from bot.domain.initiatives import Initiative, Stakeholder
from bot.domain.people import Person

LONGEST = 300
"""How many characters a step takes at most: one sentence."""

ASKED_AT = time(9, 30)
"""When the person is asked on the day, in their own zone."""

SPOKEN_OF = timedelta(days=3)
"""Days after which people read that there is no word on what an owner promised."""

WORDS_FIELD, DATE_FIELD = "promise", "promise_on"
"""Block ids of the two form fields, for errors beneath them."""


class Ending(StrEnum):
    """How a commitment ended; `moved` gives it one new date."""

    KEPT = "kept"
    PARTLY = "partly"
    MOVED = "moved"
    NOT_KEPT = "not_kept"
    MISSED = "missed"
    """Its day passed, and nobody said how it went; only of people asked."""


@dataclass(frozen=True, slots=True)
class Commitment:
    """A step somebody chose, with the newest thing they said about it."""

    id: int
    workspace_id: int
    initiative_id: int
    person: Person
    words: str
    due_on: date
    """The date that holds: the new one if it moved."""
    ending: Ending | None = None
    told_at: datetime | None = None
    moved: bool = False
    """Whether it already got its one new date."""
    stakeholder_id: int | None = None
    """The place of whoever chose it; None for an owner's."""
    plan: str = ""
    """When and where they will do it, in their own words."""

    @property
    def is_open(self) -> bool:
        """Whether it still has to be followed up."""
        return self.ending in (None, Ending.MOVED)

    def is_unspoken(self, after: date, today: date) -> bool:
        """Return whether its day passed without a word, and that became so since `after`."""
        told_on = self.due_on + SPOKEN_OF
        return self.is_open and after <= told_on < today


@dataclass(frozen=True, slots=True)
class DueStep:
    """What the follow-up on the day shows."""

    initiative: Initiative
    commitment: Commitment
    is_today: bool = True
    place: Stakeholder | None = None
    """The place of whoever chose it; None for an owner's."""
