"""Group figures in words."""

from collections.abc import Sequence

from bot.domain import figures as rules
from bot.domain.figures import QUESTIONS, Figure, Measure, Shown, total
from bot.domain.intervals import interval
from bot.domain.trends import Bounds, Change, Point, change

WHEN = "Totals show when a round closes and at least 5 answers can't be told apart."
AS_BEFORE = "As before, because too few answers changed"


def one_sentence(figures: Sequence[Figure]) -> str:
    """Return what everyone asked reads of the last round, "" before the first one closes."""
    return rules.sentence(figures)


def lines(figures: Sequence[Figure], history: Sequence[Point]) -> list[str]:
    """Return the totals of the last round as its owners read them: at most three lines of mrkdwn.

    The first is about how useful people find it, the second about the other questions, the third
    repeats what stayed as it was.
    """
    by_measure = {one.measure: one for one in figures if total(one)}
    shown = [by_measure[measure] for measure in QUESTIONS if measure in by_measure]
    fresh = {one.measure: _told(one, history) for one in shown if one.shown is Shown.COUNTS}
    useful = fresh.pop(Measure.USEFUL, "")
    rest = _sentence("; ".join(fresh.values()))
    kept = ", ".join(total(one) for one in shown if one.shown is Shown.KEPT)
    told = [_sentence(useful + _bounds(figures, history)) if useful else "", rest]
    return [line for line in (*told, f"{AS_BEFORE}: {kept}." if kept else "") if line]


def _sentence(words: str) -> str:
    return f"{words}." if words else ""


def _told(figure: Figure, history: Sequence[Point]) -> str:
    """Return a total of this round, what the true share probably is, and whether it moved."""
    low, high = interval(figure.favourable or 0, figure.answered)
    moved = _moved(change(history, figure), figure.round)
    return f"{total(figure)} (likely {100 * low:.0f} to {100 * high:.0f} %){moved}"


def _moved(change: Change | None, this_round: int) -> str:
    if change is None:
        return ""
    since = "" if change.since == this_round - 1 else f" since round {change.since}"
    if change.is_clear:
        way = "up" if change.is_rise else "down"
        return f", probably {way}{since} ({change.percent} %)"
    return f", no clear change{since}"


def _bounds(figures: Sequence[Figure], history: Sequence[Point]) -> str:
    """Return between how many of all asked find it useful, if some gave no answer."""
    found = next(
        (
            point.bounds
            for point in history
            for one in figures
            if one.measure is point.measure is Measure.USEFUL and one.round == point.round
        ),
        None,
    )
    return f"; {between(found)}" if found and found.unheard else ""


def between(bounds: Bounds) -> str:
    """Return `between 8 and 17 of 23, depending on the 9 we have no answer from`."""
    whom = "one" if bounds.unheard == 1 else str(bounds.unheard)
    return (
        f"between {bounds.lowest} and {bounds.highest} of {bounds.invited}, depending on the "
        f"{whom} we have no answer from"
    )
