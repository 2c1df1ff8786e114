"""Who is written to in which week: this product's pacing, and fixed intervals beside it.

Weeks, not hours: what a policy decides here is whether somebody gets a check-in, a reminder, the
note that asking pauses, or something that asks nothing. The caps hold for every policy.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from bot.domain.pacing_settings import WEEK, PacingSettings
from bot.domain.series import Figures
from bot.evaluation.simulate import Bools, Floats, Ints

SETTINGS = PacingSettings()
BASE = SETTINGS.base_interval / WEEK
MONTH = 4
"""Weeks in which at most `per_month` messages reach somebody."""


@dataclass(slots=True)
class Paced:
    """How N people stand with a policy at the start of a week."""

    next_week: Floats
    misses: Ints
    gives: Ints
    """For how many weeks in a row each got something that asks nothing."""
    sent: list[Ints] = field(default_factory=list)
    """Messages to each, week by week."""

    def room(self, now: Ints) -> Bools:
        """Return whom the caps allow one more message, after `now` of this week."""
        month = sum(self.sent[-(MONTH - 1) :], np.zeros_like(now)) + now
        found: Bools = (now < SETTINGS.per_week) & (month < SETTINGS.per_month)
        return found

    def room_beside(self, now: Ints, coming: Bools) -> Bools:
        """Return whom one more message leaves room for the check-in that is `coming` next week."""
        return self.room(now) & self.room(now + coming)


Interval = Callable[[Paced, Figures], Floats]
"""Weeks until the next check-in, by person; may hold parts of a week."""


@dataclass(frozen=True, slots=True)
class Cadence:
    """A policy: how long between check-ins, and what else is sent."""

    name: str
    interval: Interval
    backs_off: bool = False
    """No reminder after two misses; after the third a note that asking pauses."""
    gives: bool = False
    """Something that asks nothing, in the week between, to those whom attention is due."""
    asks_instead: bool = False
    """One question in its place."""


def fixed(name: str, weeks: float) -> Cadence:
    """Return a check-in every so many weeks for everybody."""
    return Cadence(name, lambda paced, _: np.full(len(paced.misses), weeks))


def adaptive(paced: Paced, figures: Figures) -> Floats:
    """Return this product's intervals: longer for the settled, and after silence."""
    width = figures.high - figures.low
    settled = (figures.not_bought_in < SETTINGS.settled_below) & (width < SETTINGS.settled_width)
    usual = np.where(settled, SETTINGS.settled_interval / WEEK, BASE)
    silent = [
        paced.misses >= SETTINGS.pause_after_misses,
        paced.misses == 2,
        paced.misses == 1,
    ]
    longer = [
        SETTINGS.pause_days / WEEK,
        np.ceil(BASE * SETTINGS.after_two_misses),
        np.ceil(BASE * SETTINGS.after_one_miss),
    ]
    found: Floats = np.maximum(usual, np.select(silent, longer, 0.0))
    return found


def attention_is_due(paced: Paced, figures: Figures) -> Bools:
    """Return who is to get something that asks nothing, if this is not a week of a check-in."""
    doubtful = figures.not_bought_in >= SETTINGS.attention_from
    found: Bools = doubtful & (paced.gives < SETTINGS.give_weeks)
    return found


def start(people: int) -> Paced:
    """Return `people` people before the first week; every second one begins a week later."""
    first = (np.arange(people) % round(BASE)).astype(np.float64)
    zero = np.zeros(people, dtype=np.int64)
    return Paced(first, zero, zero.copy())


OURS = "adaptive"
OTHER = "adaptive, one question for news"
CADENCES = (
    Cadence(OURS, adaptive, backs_off=True, gives=True),
    Cadence(OTHER, adaptive, backs_off=True, asks_instead=True),
    fixed("weekly", 1.0),
    fixed("every two weeks", 2.0),
    fixed("every four weeks", 4.0),
)
