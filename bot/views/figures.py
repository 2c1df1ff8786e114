"""Group figures in words."""

from collections.abc import Sequence

from bot.domain import figures as rules
from bot.domain.figures import QUESTIONS, Figure

WHEN = "Totals show when a round closes and at least 5 answers can't be told apart."


def one_sentence(figures: Sequence[Figure]) -> str:
    """Return what everyone asked reads of the last round, "" before the first one closes."""
    return rules.sentence(figures)


def totals(figures: Sequence[Figure]) -> str:
    """Return the totals of each question in one line of mrkdwn, "" if none may be shown."""
    told = rules.totals(figures, QUESTIONS)
    return f"{told[0].upper()}{told[1:]}." if told else ""
