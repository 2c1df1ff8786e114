"""The date of the next milestone: moved or kept, and why, told to everybody concerned."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bot.domain.initiatives import Initiative
from bot.domain.pauses import MoreTime

WHY_LONGEST = 200
"""How many characters the reason takes at most."""

LATER = timedelta(weeks=2)
"""By how much a date is moved unless its owner says otherwise."""

FURTHEST = timedelta(days=730)


class Decided(StrEnum):
    """What an owner did about the date."""

    MOVED = "moved"
    KEPT = "kept"


class Field(StrEnum):
    """Fields of the forms."""

    ON = "on"
    WHY = "why"


@dataclass(frozen=True, slots=True)
class DateForm:
    """What an owner fills in about the date of the next milestone."""

    initiative: Initiative
    advice: MoreTime
    on: date


@dataclass(frozen=True, slots=True)
class DateDecided:
    """What an owner decided, as it is kept."""

    initiative: Initiative
    decided: Decided
    on: date
    changed: bool = True


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a date was moved or kept, in the owner's words (typed text, not escaped)."""

    decided: Decided
    words: str


def check(on: date | None, was: date, why: str, today: date) -> dict[str, str]:
    """Return what is wrong with a new date and its reason, by form field; {} if nothing."""
    wrong = {}
    if on is None or on <= today:
        wrong[Field.ON] = "Choose a day to come."
    elif on == was:
        wrong[Field.ON] = "That is the date it has. Choose another, or keep it and say why."
    elif on > today + FURTHEST:
        wrong[Field.ON] = "That is more than two years away. Choose an earlier day."
    return wrong | check_why(why)


def check_why(why: str) -> dict[str, str]:
    """Return what is wrong with a reason, by form field; {} if nothing."""
    if not why:
        return {Field.WHY: "Say why, in a line: everyone asked reads it."}
    if len(why) > WHY_LONGEST:
        return {Field.WHY: f"Please keep it to {WHY_LONGEST} characters."}
    return {}
