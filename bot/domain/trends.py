"""How the totals of one question went from round to round: made of published figures alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.figures import FRESH, QUESTIONS, Figure, Measure, Shown
from bot.domain.intervals import interval


@dataclass(frozen=True, slots=True)
class Bounds:
    """Between how many of `invited` find so, whatever the `unheard` among them would say."""

    lowest: int
    highest: int
    invited: int
    unheard: int


@dataclass(frozen=True, slots=True)
class Point:
    """What one closed round told about one question.

    `favourable` of `answered` is None when no total is shown; `low` and `high` are the shares
    (0…1) between which the true one lies with 80 %. A kept point repeats an earlier round's
    numbers. `bounds` is None where it is not known, or not for this reader, who did not answer.
    """

    measure: Measure
    round: int
    closed_at: datetime
    shown: Shown
    answered: int = 0
    favourable: int | None = None
    low: float | None = None
    high: float | None = None
    bounds: Bounds | None = None

    @property
    def is_fresh(self) -> bool:
        """Whether the round told something new; otherwise its numbers are older, or none."""
        return self.shown in FRESH

    @property
    def share(self) -> float | None:
        """The favourable share, 0…1; None when no total is shown."""
        return None if self.favourable is None else self.favourable / self.answered


def points(
    figures: Sequence[Figure],
    closed_at: Mapping[int, datetime],
    invited: Mapping[tuple[int, Measure], int],
) -> tuple[Point, ...]:
    """Return a point for each question of each round, oldest round first.

    `closed_at` is by number of the round; `invited` holds, by round and question, how many were
    asked of whom the answered are a part, where the reader may know that.
    """
    return tuple(
        _point(one, closed_at[one.round], invited.get((one.round, one.measure)))
        for one in figures
        if one.measure in QUESTIONS
    )


def _point(figure: Figure, closed_at: datetime, invited: int | None) -> Point:
    low = high = None
    if figure.favourable is not None:
        low, high = interval(figure.favourable, figure.answered)
    return Point(
        measure=figure.measure,
        round=figure.round,
        closed_at=closed_at,
        shown=figure.shown,
        answered=figure.answered,
        favourable=figure.favourable,
        low=low,
        high=high,
        bounds=bounds(figure, invited),
    )


def bounds(figure: Figure, invited: int | None) -> Bounds | None:
    """Return between how many of `invited` answer so, given who has not answered.

    None for a figure that shows no total of its own round.
    """
    if figure.shown is not Shown.COUNTS or figure.favourable is None or invited is None:
        return None
    unheard = invited - figure.answered
    return Bounds(figure.favourable, figure.favourable + unheard, invited, unheard)
