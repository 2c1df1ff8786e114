"""Steps that people choose: one concrete act by a date, offered after a finished check-in."""

from dataclasses import dataclass
from datetime import date

from bot.domain.commitments import Commitment

ACTS = 3
"""How many acts an owner offers at most."""


@dataclass(frozen=True, slots=True)
class StepAct:
    """An act that an owner wrote for people to choose; `id` is that of its words."""

    id: int
    words: str


@dataclass(frozen=True, slots=True)
class StepOffer:
    """What somebody sees of the offer of a step in their finished check-in.

    `days` are the dates to choose from, local to the person, the usual one first; `taken` is the
    step they chose, `declined` that they said *not now*.
    """

    ask_id: int
    acts: tuple[StepAct, ...]
    days: tuple[date, ...]
    taken: Commitment | None = None
    plan: str = ""
    """When and where they will do it, in their own words."""
    declined: bool = False
    group_only: bool = False
