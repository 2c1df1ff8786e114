"""Play a cadence against people who would answer so or so if they were asked.

What each would say, and whether they would say it, is drawn for every week before any policy is
tried, so that all of them meet the same people; only being asked often makes people tired.
"""

from dataclasses import dataclass

import numpy as np

from bot.domain.evidence import COLUMN, KINDS, StepEvent
from bot.domain.pulses import Question
from bot.domain.series import Figures, figures_of
from bot.domain.standings import DEFAULTS, Beliefs, absorb, pass_time, prior, table
from bot.evaluation.cadences import SETTINGS, Cadence, Paced, attention_is_due, start
from bot.evaluation.simulate import (
    OFFER_EVERY,
    OUTCOME_SHARES,
    OUTCOMES,
    STEP_LASTS,
    WEEKS,
    Bools,
    Floats,
    Ints,
    generator,
    logistic,
    think,
)
from bot.evaluation.worlds import World

REMINDED = 0.15
"""Of those who left a check-in open, so many answer it after a reminder: a trial with 10,000
people found that a first reminder adds 11 points to the share who answer."""

ONE = (Question.SURE,)


@dataclass(frozen=True, slots=True, eq=False)
class Would:
    """What N people think and what they would do in each of WEEKS weeks; chances are 0…1."""

    seeds: int
    theta: Floats
    offset: Floats
    """(N,): yes-saying."""
    values: Floats
    """(weeks, N, 3): the answers they would give, 1…5."""
    willing: Floats
    """(weeks, N): the logit of answering, when fresh."""
    luck: Floats
    """(weeks, N): below the chance, they answer; the same for the reminder in `late`."""
    late: Floats
    takes: Bools
    """(weeks, N): a step offered in that week would be offered and taken."""
    ends: Ints
    """(weeks, N): the kind of evidence that a step taken in that week ends with."""
    fatigue: float


@dataclass(frozen=True, slots=True, eq=False)
class Played:
    """What a policy did and believed, (weeks, N) each."""

    messages: Ints
    asked: Bools
    answered: Bools
    not_bought_in: Floats


def would(world: World, seeds: range, people: int) -> Would:
    """Return what people of `world` would do; the same seeds give the same people."""
    drawn = [_one(world, seed, people) for seed in seeds]
    together = {
        name: np.concatenate([getattr(one, name) for one in drawn], axis=1)
        for name in ("theta", "values", "willing", "luck", "late", "takes", "ends")
    }
    offset = np.concatenate([one.offset for one in drawn])
    return Would(seeds=len(drawn), offset=offset, fatigue=world.fatigue, **together)


def _one(world: World, seed: int, people: int) -> Would:
    rng = generator(world, seed)
    theta, offset = think(world, rng, people)
    stretch = np.exp(rng.normal(0, world.style, people))
    mood = rng.normal(0, world.shared_noise, theta.shape)
    said = ((theta + offset) * stretch + mood)[:, :, None] + np.array(world.shift)
    said = said + rng.normal(0, 1, (*theta.shape, 3)) * np.array(world.noise)
    base, slope = world.answering
    taking = logistic(world.taken[0] + world.taken[1] * (theta + offset))
    return Would(
        seeds=1,
        theta=theta,
        offset=offset,
        values=np.searchsorted(np.array(DEFAULTS.cuts), said) + 1.0,
        willing=base + slope * theta + rng.normal(0, 0.6, people),
        luck=rng.random(theta.shape),
        late=rng.random(theta.shape),
        takes=(rng.random(theta.shape) < world.offers) & (rng.random(theta.shape) < taking),
        ends=_ends(world, rng, theta),
        fatigue=world.fatigue,
    )


def _ends(world: World, rng: np.random.Generator, theta: Floats) -> Ints:
    """Return how a step taken in each week would end two weeks later."""
    later = np.concatenate([theta[STEP_LASTS:], theta[-STEP_LASTS:]])
    kept = rng.random(theta.shape) < logistic(world.kept[0] + world.kept[1] * later)
    others = np.array([COLUMN[f"step:{outcome}"] for outcome in OUTCOMES])
    how = rng.choice(others, size=theta.shape, p=OUTCOME_SHARES)
    return np.where(kept, COLUMN[f"step:{StepEvent.KEPT}"], how)


def play(people: Would, cadence: Cadence) -> Played:
    """Return what `cadence` does with these people, week by week."""
    return _Play(people, cadence).run()


class _Play:
    """One policy at work; the estimate after each week decides about the next."""

    def __init__(self, people: Would, cadence: Cadence) -> None:
        self._would, self._cadence = people, cadence
        number = people.theta.shape[1]
        self._number = number
        self._paced: Paced = start(number)
        self._beliefs = Beliefs(prior(number).density, np.zeros(number, dtype=np.int64))
        self._asks = np.zeros(number)
        self._next_offer = np.arange(number) % OFFER_EVERY
        self._coming = np.zeros((WEEKS + STEP_LASTS + 1, number, len(KINDS)))

    def run(self) -> Played:
        shape = (WEEKS, self._number)
        played = Played(
            np.zeros(shape, dtype=np.int64),
            np.zeros(shape, dtype=bool),
            np.zeros(shape, dtype=bool),
            np.zeros(shape),
        )
        figures = figures_of(self._beliefs.density)
        for week in range(WEEKS):
            asked, answered = self._ask(week, figures)
            played.messages[week] = self._paced.sent[week]
            played.asked[week], played.answered[week] = asked, answered
            figures = self._believe(week)
            self._go_on(week, asked, figures)
            played.not_bought_in[week] = figures.not_bought_in
        return played

    def _ask(self, week: int, figures: Figures) -> tuple[Bools, Bools]:
        """Send what is due, and note what it brings; return who got a check-in and who answered."""
        paced = self._paced
        none = np.zeros(self._number, dtype=np.int64)
        asked = (paced.next_week < week + 1) & paced.room(none)
        answered = asked & self._answers(week, asked)
        now = none + asked
        weekly = self._cadence.interval(paced, figures) < 2
        reminded = asked & ~answered & paced.room_beside(now, weekly)
        if self._cadence.backs_off:
            reminded &= paced.misses + 1 <= SETTINGS.no_reminder_after
        now = now + reminded
        answered |= reminded & (self._would.late[week] < REMINDED)
        self._said(week, answered, tuple(Question))
        paced.misses = np.where(answered, 0, paced.misses + asked)
        now = now + self._beside(week, asked, figures, now)
        paced.sent.append(now)
        return asked, answered

    def _answers(self, week: int, asked: Bools) -> Bools:
        tired = self._would.fatigue * (self._asks + asked)
        self._asks = self._asks + asked
        found: Bools = self._would.luck[week] < logistic(self._would.willing[week] - tired)
        return found

    def _beside(self, week: int, asked: Bools, figures: Figures, now: Ints) -> Ints:
        """Send what is no check-in: news, the one question, the note that asking pauses."""
        cadence, paced = self._cadence, self._paced
        more = np.zeros_like(now)
        if cadence.backs_off:
            more += asked & (paced.misses == SETTINGS.pause_after_misses) & paced.room(now)
        if cadence.gives or cadence.asks_instead:
            coming = paced.next_week < week + 2
            due = attention_is_due(paced, figures) & ~asked & paced.room_beside(now, coming)
            paced.gives = np.where(asked, paced.gives, np.where(due, paced.gives + 1, 0))
            more += due
            if cadence.asks_instead:
                self._said(week, due & self._answers(week, due), ONE)
        return more

    def _said(self, week: int, answered: Bools, questions: tuple[Question, ...]) -> None:
        """Note what was answered, and a step taken after it."""
        for question in questions:
            values = self._would.values[week, :, tuple(Question).index(question)]
            for value in range(1, 6):
                column = COLUMN[f"{question}:{value}"]
                self._coming[week, :, column] += answered & (values == value)
        plans = answered & (self._would.values[week, :, 2] >= 3) & (self._next_offer <= week)
        if questions == ONE:
            return
        self._next_offer = np.where(plans, week + OFFER_EVERY, self._next_offer)
        taken = np.flatnonzero(plans & self._would.takes[week])
        self._coming[week, taken, COLUMN[f"step:{StepEvent.TAKEN}"]] += 1
        self._coming[week + STEP_LASTS, taken, self._would.ends[week, taken]] += 1

    def _believe(self, week: int) -> Figures:
        beliefs = pass_time(self._beliefs, week)
        density = absorb(beliefs.density, self._coming[week], table())
        self._beliefs = Beliefs(density, beliefs.week)
        return figures_of(density)

    def _go_on(self, week: int, asked: Bools, figures: Figures) -> None:
        """Decide in which week each is asked next; what the caps held back is tried next week."""
        paced = self._paced
        after = paced.next_week + self._cadence.interval(paced, figures)
        waits = np.maximum(paced.next_week, week + 1.0)
        paced.next_week = np.where(asked, after, waits)
