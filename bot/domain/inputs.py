"""Inputs: what people asked tell the owners, and what becomes of it.

A nameless giver is known to the database alone, so that they can be answered. No type that is
meant for an owner carries them.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.initiatives import GROUP_MINIMUM, Initiative
from bot.domain.people import Person

NAMELESS_FROM = GROUP_MINIMUM
"""From so many people asked on, leaving out one's name hides anything."""


class Outcome(StrEnum):
    """What became of an input."""

    USED = "used"
    PARTLY = "partly"
    NOT_USED = "not_used"


class About(StrEnum):
    """What an input is about."""

    INITIATIVE = "initiative"
    STANDING = "standing"  # what owners read about the giver isn't right; words are optional


@dataclass(frozen=True, slots=True)
class Reply:
    """What an owner answered; `words` may be empty unless the input is not used."""

    id: int
    outcome: Outcome
    words: str
    replied_at: datetime


@dataclass(frozen=True, slots=True)
class Input:
    """What somebody told the owners, as its giver may see it; `reply` is the newest."""

    id: int
    workspace_id: int
    initiative_id: int
    giver: Person = field(repr=False)
    named: bool
    words: str = field(repr=False)
    created_at: datetime
    reply: Reply | None = None
    about: About = About.INITIATIVE


@dataclass(frozen=True, slots=True)
class OpenInput:
    """An input that waits for a reply, as an owner may see it; no giver = nameless."""

    id: int
    initiative_id: int
    words: str
    giver: Person | None = None
    about: About = About.INITIATIVE


@dataclass(frozen=True, slots=True)
class TellForm:
    """What somebody may fill in: with or without their name, and what is preselected.

    `stakeholder_id` is their own place if it is about what owners read of them.
    """

    initiative: Initiative
    may_be_nameless: bool
    nameless_first: bool
    stakeholder_id: int | None = None


@dataclass(frozen=True, slots=True)
class Replied:
    """What an owner's reply did; `told_at` is when the giver gets it."""

    input_id: int
    reply: Reply
    told_at: datetime
    changed: bool


@dataclass(frozen=True, slots=True)
class ReplyTold:
    """A reply as its giver reads it."""

    initiative: Initiative
    words: str
    named: bool
    reply: Reply
    replied_by: Person
    about: About = About.INITIATIVE


def next_full_hour(moment: datetime) -> datetime:
    """Return the first full hour after `moment`: when givers are told.

    A reply that arrived at once would show, by its time, who gave a nameless input.
    """
    return moment.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)


def shuffled(inputs: Iterable[OpenInput]) -> list[OpenInput]:
    """Return `inputs` in an order that is stable and says nothing about when they were given."""
    return sorted(inputs, key=lambda told: hashlib.sha256(str(told.id).encode()).digest())
