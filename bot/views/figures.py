"""Group figures in words."""

from collections.abc import Sequence

from bot.domain.figures import QUESTIONS, Figure, Shown, sentence, total

WHEN = "Totals show when a round closes and at least 5 answers can't be told apart."


def one_sentence(figures: Sequence[Figure]) -> str:
    """Return what everyone asked reads of the last round, "" before the first one closes."""
    return sentence(figures)


def totals(figures: Sequence[Figure]) -> str:
    """Return the totals of each question in one line of mrkdwn, "" if none may be shown."""
    by_measure = {figure.measure: figure for figure in figures}
    lines = [_total(by_measure[measure]) for measure in QUESTIONS if measure in by_measure]
    told = [line for line in lines if line]
    return f"{', '.join(told)}." if told else ""


def _total(figure: Figure) -> str:
    words = total(figure)
    return f"as before, {words}" if words and figure.shown is Shown.KEPT else words
