"""How the totals of one question went from round to round: made of published figures alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.figures import FRESH, QUESTIONS, Figure, Measure, Shown
from bot.domain.intervals import chance_of_rise, interval

CLEAR = 0.8
"""Only what is so likely is called up or down (method.md section 4)."""


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


@dataclass(frozen=True, slots=True)
class Change:
    """How likely it is that a share rose since round `since`, the one before with a new total.

    The two rounds are taken as answers of different people, which doubts more than it must: most
    are the same ones.
    """

    since: int
    chance: float

    @property
    def is_rise(self) -> bool:
        """Whether it more likely rose than fell."""
        return self.chance > 0.5

    @property
    def is_clear(self) -> bool:
        """Whether that is likely enough to say so."""
        return max(self.chance, 1 - self.chance) >= CLEAR

    @property
    def percent(self) -> int:
        """How likely the way it moved is, in whole per cent, rounded down: never 100."""
        return min(99, int(100 * max(self.chance, 1 - self.chance)))


def change(points: Sequence[Point], figure: Figure) -> Change | None:
    """Return how a question's total moved since the round before that told something new.

    None if `figure` repeats or hides, or if there is nothing to compare it with.
    """
    before = [
        one
        for one in points
        if one.measure is figure.measure and one.round < figure.round and _is_new_total(one)
    ]
    if not before or not _is_new_total(figure):
        return None
    last = before[-1]
    then, now = (last.favourable or 0, last.answered), (figure.favourable or 0, figure.answered)
    return Change(last.round, chance_of_rise(then, now))


def _is_new_total(one: Point | Figure) -> bool:
    return one.shown is Shown.COUNTS and one.favourable is not None
