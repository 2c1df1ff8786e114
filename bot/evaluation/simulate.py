"""Draw what people in a world think, say and do, week by week."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.domain.evidence import COLUMN, KINDS, StepEvent, TalkEvent
from bot.domain.pulses import Question
from bot.domain.standings import DEFAULTS, OFFSETS
from bot.evaluation.worlds import World

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

WEEKS = 30
ASK_EVERY = 2
OFFER_EVERY = 4
STEP_LASTS = 2
COLLEAGUES = 6
OUTCOMES = (StepEvent.MISSED, StepEvent.NOT_KEPT, StepEvent.MOVED, StepEvent.PARTLY)
OUTCOME_SHARES = (0.4, 0.35, 0.1, 0.15)
"""How a step that was not kept ends: nothing said, said so, a new date, partly."""


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """What happened to N people in WEEKS weeks; people of one seed stand side by side."""

    seeds: int
    theta: Floats
    """(weeks, N): the truth."""
    offset: Floats
    """(N,): yes-saying."""
    answers: Floats
    """(weeks, N, 3): 1…5, nan where there is none."""
    asked: Bools
    """(weeks, N)."""
    counts: Floats
    """(weeks, N, K): evidence by kind."""


def simulate(world: World, seeds: range, people: int) -> History:
    """Return the same history for the same seeds, whatever else was drawn before."""
    drawn = [_one(world, seed, people) for seed in seeds]
    return History(
        len(drawn),
        np.concatenate([one.theta for one in drawn], axis=1),
        np.concatenate([one.offset for one in drawn]),
        np.concatenate([one.answers for one in drawn], axis=1),
        np.concatenate([one.asked for one in drawn], axis=1),
        np.concatenate([one.counts for one in drawn], axis=1),
    )


def _one(world: World, seed: int, people: int) -> History:
    rng = generator(world, seed)
    theta, offset = think(world, rng, people)
    asked = _asked(rng, people)
    answers = _answers(world, rng, theta, offset, asked)
    counts = np.zeros((WEEKS, people, len(KINDS)))
    for number, question in enumerate(Question):
        for value in range(1, 6):
            counts[:, :, COLUMN[f"{question}:{value}"]] = answers[:, :, number] == value
    _steps(world, rng, theta, offset, answers, counts)
    _talks(rng, theta, counts)
    return History(1, theta, offset, answers, asked, counts)


def generator(world: World, seed: int) -> np.random.Generator:
    """Return where the chance of one world and seed comes from."""
    return np.random.default_rng([seed, *world.name.encode()])


def think(world: World, rng: np.random.Generator, people: int) -> tuple[Floats, Floats]:
    """Return what people think, week by week (weeks, N), and their yes-saying (N,)."""
    offset = rng.choice(np.array(OFFSETS), size=people, p=world.yes_saying)
    theta = _spread(world, rng, people) if world.spreading else _wander(world, rng, people)
    return theta, offset


def _starts(world: World, rng: np.random.Generator, people: int) -> Floats:
    mean, sd = world.start
    if world.camps:
        return np.where(rng.random(people) < 0.6, 1.2, -1.2) + rng.normal(0, 0.4, people)
    return rng.normal(mean, sd, people)


def _wander(world: World, rng: np.random.Generator, people: int) -> Floats:
    theta = np.empty((WEEKS, people))
    theta[0] = _starts(world, rng, people)
    for week in range(1, WEEKS):
        chance = rng.random(people)
        jump = np.where(chance < world.drops, rng.normal(-1.6, 0.4, people), 0.0)
        jump += np.where(chance > 1 - world.rises, rng.normal(1.2, 0.4, people), 0.0)
        moved = theta[week - 1] + rng.normal(0, world.drift, people) + jump
        theta[week] = np.clip(moved, -3, 3)
    return theta


def _spread(world: World, rng: np.random.Generator, people: int) -> Floats:
    """Opinions are for or against; who sees enough colleagues think otherwise changes over."""
    theta = np.empty((WEEKS, people))
    theta[0] = _starts(world, rng, people)
    is_for = theta[0] > 0
    colleagues = rng.integers(0, people, (people, COLLEAGUES))
    threshold = rng.uniform(0.4, 0.9, people)
    conviction = rng.uniform(0.6, 1.6, people)
    for week in range(1, WEEKS):
        others = np.where(is_for[:, None], ~is_for[colleagues], is_for[colleagues]).mean(axis=1)
        turns = (others >= threshold) & (rng.random(people) < 0.2)
        is_for = np.where(turns | (rng.random(people) < world.drops), ~is_for, is_for)
        aim = np.where(is_for, conviction, -conviction)
        theta[week] = theta[week - 1] + 0.35 * (aim - theta[week - 1]) + rng.normal(0, 0.1, people)
    return theta


def _asked(rng: np.random.Generator, people: int) -> Bools:
    first = rng.integers(0, ASK_EVERY, people)
    asked: Bools = (np.arange(WEEKS)[:, None] - first) % ASK_EVERY == 0
    return asked


def _answers(
    world: World, rng: np.random.Generator, theta: Floats, offset: Floats, asked: Bools
) -> Floats:
    people = theta.shape[1]
    stretch = np.exp(rng.normal(0, world.style, people))
    willing = rng.normal(0, 0.6, people)
    tired = world.fatigue * np.cumsum(asked, axis=0)
    base, slope = world.answering
    does = rng.random(theta.shape) < logistic(base + slope * theta + willing - tired)
    mood = rng.normal(0, world.shared_noise, theta.shape)
    said = ((theta + offset) * stretch + mood)[:, :, None] + np.array(world.shift)
    said = said + rng.normal(0, 1, (*theta.shape, 3)) * np.array(world.noise)
    value = np.searchsorted(np.array(DEFAULTS.cuts), said) + 1.0
    half_done = rng.random(value.shape) < 0.05
    return np.where((asked & does)[:, :, None] & ~half_done, value, np.nan)


def _steps(
    world: World,
    rng: np.random.Generator,
    theta: Floats,
    offset: Floats,
    answers: Floats,
    counts: Floats,
) -> None:
    """Offer a step after a check-in with item 3 at 3 or more, and see how it ends."""
    people = theta.shape[1]
    next_offer = np.array(rng.integers(0, OFFER_EVERY, people))
    for week in range(WEEKS):
        plans = answers[week, :, 2] >= 3
        offered = plans & (next_offer <= week) & (rng.random(people) < world.offers)
        next_offer = np.where(offered, week + OFFER_EVERY, next_offer)
        says_yes = logistic(world.taken[0] + world.taken[1] * (theta[week] + offset))
        taken = offered & (rng.random(people) < says_yes)
        replies = rng.random(people) < 0.7  # the others leave the offer alone: no evidence
        counts[week, taken, COLUMN[f"step:{StepEvent.TAKEN}"]] = 1
        counts[week, offered & ~taken & replies, COLUMN[f"step:{StepEvent.NOT_NOW}"]] = 1
        due = week + STEP_LASTS
        if due < WEEKS:
            _end_steps(world, rng, theta[due], taken, counts[due])


def _end_steps(
    world: World, rng: np.random.Generator, theta: Floats, taken: Bools, counts: Floats
) -> None:
    people = len(theta)
    kept = taken & (rng.random(people) < logistic(world.kept[0] + world.kept[1] * theta))
    how = np.array(rng.choice(len(OUTCOMES), size=people, p=OUTCOME_SHARES))
    counts[kept, COLUMN[f"step:{StepEvent.KEPT}"]] = 1
    for number, outcome in enumerate(OUTCOMES):
        counts[taken & ~kept & (how == number), COLUMN[f"step:{outcome}"]] = 1


def _talks(rng: np.random.Generator, theta: Floats, counts: Floats) -> None:
    offered = rng.random(theta.shape) < 0.02
    accepted = offered & (rng.random(theta.shape) < logistic(0.3 + 0.4 * theta))
    counts[accepted, COLUMN[f"talk:{TalkEvent.ACCEPTED}"]] = 1


def logistic(at: Floats) -> Floats:
    """Return the chance whose logit is `at`."""
    share: Floats = 1 / (1 + np.exp(-at))
    return share
