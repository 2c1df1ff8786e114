"""What an owner guesses before the first round closes, to stand beside the answer."""

from dataclasses import dataclass

from bot.domain.initiatives import Initiative

GUESS_FIELD = "useful_count"
"""Block id of the guess, for errors beneath it."""


@dataclass(frozen=True, slots=True)
class Guess:
    """How many an owner thought would find it useful, out of `asked`."""

    useful: int
    asked: int


@dataclass(frozen=True, slots=True)
class GuessForm:
    """What the owner guesses about, and the largest number that makes sense."""

    initiative: Initiative
    asked: int
