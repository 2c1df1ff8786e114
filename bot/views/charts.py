"""The trend of the group results: one line of words, and a small picture that says the same."""

from collections.abc import Sequence
from datetime import date, timedelta

from bot.domain.figures import Measure
from bot.domain.trends import Point
from bot.views.drawing import Dot
from bot.views.figures import between
from bot.views.kit import END_ISOLATE, ISOLATE, Picture, day, local_day, shortened

TITLE = "Find it useful"
AT_MOST = 5
"""Rounds with numbers of two digits that fit side by side on a phone."""

AT_LEAST = 2
"""So many rounds with something new make a trend."""

LATE = timedelta(hours=1)
"""A round closes just after the midnight that ends it, and is dated by the day that ended."""

NAME = 100  # characters of an initiative's name in the alternative text, of about 1,000 in all


def trend_line(points: Sequence[Point]) -> str:
    """Return `Find it useful: 9 of 14 → 11 of 15.`, "" where there is no trend yet."""
    shown = _shown(points)
    return f"{TITLE}: {' → '.join(map(_numbers, shown))}." if shown else ""


def trend_picture(name: str, points: Sequence[Point], tz: str, above: int) -> Picture | None:
    """Return the picture of the trend, None where there is none yet.

    Args:
        name: what the initiative is called; it stands in the alternative text only.
        points: the rounds, oldest first; those of other questions are left out.
        tz: the zone in which rounds are dated.
        above: how many of the message's blocks stand above the picture.
    """
    shown = _shown(points)
    if not shown:
        return None
    dots = tuple(_dot(point, tz) for point in shown)
    return Picture(TITLE, dots, _alternative(name, shown, tz), above)


def _shown(points: Sequence[Point]) -> list[Point]:
    """Return the last rounds with a total; of a row that repeats an earlier one the last."""
    told = [one for one in points if one.measure is Measure.USEFUL and one.share is not None]
    if sum(one.is_fresh for one in told) < AT_LEAST:
        return []
    after = [*told[1:], None]
    kept = [
        one for one, then in zip(told, after, strict=True) if one.is_fresh or not _repeats(then)
    ]
    digits = len(str(max(one.answered for one in kept[-AT_MOST:])))
    return kept[-max(AT_LEAST, AT_MOST - max(0, digits - 2)) :]


def _repeats(point: Point | None) -> bool:
    return point is not None and not point.is_fresh


def _numbers(point: Point) -> str:
    return f"{_of(point)}{'' if point.is_fresh else ' (as before)'}"


def _of(point: Point) -> str:
    return f"{point.favourable} of {point.answered}"


def _dot(point: Point, tz: str) -> Dot:
    closed = _day(point, tz)
    bounds = point.bounds
    return Dot(
        label=(
            _of(point) if point.is_fresh else "as before",
            f"Round {point.round}",
            f"{closed.day} {closed:%b}",
        ),
        share=point.share or 0.0,
        low=point.low,
        high=point.high,
        lowest=bounds.lowest / bounds.invited if bounds else None,
        highest=bounds.highest / bounds.invited if bounds else None,
        kept=not point.is_fresh,
    )


def _day(point: Point, tz: str) -> date:
    return local_day(point.closed_at - LATE, tz)


def _alternative(name: str, shown: Sequence[Point], tz: str) -> str:
    """Return the picture in words, without markup and short enough for Slack."""
    called = f"{ISOLATE}{shortened(' '.join(name.split()), NAME)}{END_ISOLATE}"
    rounds = [_round(point, tz) for point in shown]
    last = shown[-1].bounds
    told = [
        f"Chart: how many of those who answered find {called} very or extremely useful.",
        *rounds,
        "The likely range holds 4 times in 5.",
        *([f"Possible: {between(last)}."] if last and last.unheard else []),
    ]
    return " ".join(told)


def _round(point: Point, tz: str) -> str:
    head = f"Round {point.round}, {day(_day(point, tz))}:"
    if not point.is_fresh:
        return f"{head} {_of(point)} as before, because too few answers changed."
    if point.low is None or point.high is None:
        return f"{head} {_of(point)}."
    return f"{head} {_of(point)}, likely {100 * point.low:.0f} to {100 * point.high:.0f} %."
