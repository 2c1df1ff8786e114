"""The end of an initiative: everyone asked is thanked and told what came of it."""

from dataclasses import dataclass
from datetime import date

from bot.domain.initiatives import Initiative, Stakeholder


class Field:
    """Names of the form fields; each is the block id that an error stands under."""

    ACHIEVED, CHANGED = "achieved", "changed"


LONGEST = 500
"""How many characters each of the two lines takes at most."""


@dataclass(frozen=True, slots=True)
class LastWords:
    """What the owner says at the end."""

    achieved: str = ""
    changed: str = ""


@dataclass(frozen=True, slots=True)
class Ended:
    """How an ending went; `told` people will be thanked."""

    initiative: Initiative
    told: int


@dataclass(frozen=True, slots=True)
class Farewell:
    """The last message about an initiative to one person; dates are local to that person."""

    stakeholder: Stakeholder
    initiative: Initiative
    words: LastWords
    deleted_on: date


def check(words: LastWords) -> dict[str, str]:
    """Return what has to be mended, by field; empty if nothing."""
    missing = {
        Field.ACHIEVED: "Say in a line what was achieved. “Not what we hoped, because…” is fine.",
        Field.CHANGED: "Say in a line what changed because of them. "
        "“Nothing, because…” is an answer.",
    }
    typed = {Field.ACHIEVED: words.achieved, Field.CHANGED: words.changed}
    wrong = {name: missing[name] for name, said in typed.items() if not said}
    return wrong | {
        name: f"Please keep it to {LONGEST} characters; it has {len(said):,}."
        for name, said in typed.items()
        if len(said) > LONGEST
    }
