"""The three questions, and which of them an initiative asks (docs/decisions/0008)."""

from collections.abc import Collection
from enum import StrEnum


class Question(StrEnum):
    """The three questions, in the order they are always shown."""

    USEFUL = "useful"
    SURE = "sure"
    EFFORT = "effort"


Questions = tuple[Question, ...]

EVERY: Questions = tuple(Question)
ALWAYS = Question.USEFUL
"""Always asked: totals, the owner's guess and what people read hang on it."""

OPTIONAL: Questions = tuple(one for one in Question if one is not ALWAYS)
"""At least one of these is asked, too."""


def may_be(chosen: Collection[Question]) -> bool:
    """Return whether a round may ask just these questions."""
    return ALWAYS in chosen and len(set(chosen)) > 1


def written(chosen: Collection[Question]) -> str | None:
    """Return the questions as they are stored, in their order; None stands for all of them."""
    kept = tuple(one for one in Question if one in chosen)
    return None if kept == EVERY else " ".join(kept)


def read(words: str | None) -> Questions:
    """Return the questions that `written` stored."""
    stored = (words or "").split()
    return tuple(one for one in Question if one.value in stored) or EVERY
