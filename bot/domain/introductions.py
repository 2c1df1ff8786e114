"""The introduction: what somebody reads before the first check-in of an initiative."""

from dataclasses import dataclass
from datetime import date

from bot.domain.initiatives import Initiative, Stakeholder

PROMISE = "to improve the project, not to judge anyone's performance"
"""What an owner ticks before anybody is asked, and what everybody asked reads."""


@dataclass(frozen=True, slots=True)
class Introduction:
    """Everything an introduction shows, as the store has it now."""

    stakeholder: Stakeholder
    initiative: Initiative
    first_on: date | None = None
    """The first check-in comes on this day at the earliest; None when that is past."""
    step: str = ""
    """The owner's own first step (typed text), and its date."""
    step_on: date | None = None
