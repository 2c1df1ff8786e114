"""Measure the arithmetic of standings; prints seconds of CPU as JSON: `standing_child PEOPLE`."""

import json
import sys
import time
from collections.abc import Callable

import numpy as np

from bot.domain.batches import (
    DELIVERED,
    WEEK,
    Batch,
    answers,
    columns_of,
    end_of,
    events,
    facts_of,
    micros,
    settle_all,
    together,
)
from bot.domain.explanations import explain
from bot.domain.pulses import Question
from bot.domain.series import judge_all, weekly
from bot.domain.standings import Beliefs, checkpoint, estimate, follow, pass_time
from bot.domain.tallies import keep, tallies

FIRST, WEEKS, CHECK_INS = 2900, 104, 50
LAST = FIRST + WEEKS - 1
NEWEST = FIRST + 2 * (CHECK_INS - 1)
"""The week of the last check-in; the round before closed just before it."""

NOW, CLOSED = end_of(NEWEST), end_of(NEWEST - 1)


def main() -> None:
    """Measure and print."""
    people = int(sys.argv[1])
    found = _one_person() | _one_initiative(1000)
    batch = made_up(people)
    found["weekly"] = _cpu(lambda: weekly(batch, people, FIRST, LAST), 1)
    print(json.dumps(found))


def made_up(people: int) -> Batch:
    """Return two years of `people` people: 50 check-ins delivered and answered, facts shuffled."""
    rng = np.random.default_rng(20260105)
    ask = np.arange(people * CHECK_INS)
    person, number = ask // CHECK_INS, ask % CHECK_INS
    at = micros(end_of(FIRST - 1)) + 2 * WEEK * number + rng.integers(1, WEEK // 2, len(ask))
    parts = [events(DELIVERED, person, at, ask)]
    for question in range(len(Question)):
        later = at + rng.integers(1, WEEK // 2, len(ask))
        values = np.clip(rng.integers(1, 6, people)[person] + rng.integers(-1, 2, len(ask)), 1, 5)
        parts.append(answers(person, later, np.full(len(ask), question), values, ask))
    batch = together(parts)
    return batch.where(rng.permutation(len(batch)))


def _one_person() -> dict[str, float]:
    facts = facts_of(made_up(1), 1)[0]
    kept = checkpoint(facts, CLOSED)
    later = [fact for fact in facts if fact.at > CLOSED]
    assert len(later) == 1 + len(Question)
    return {
        "update": _cpu(lambda: estimate(later, NOW, since=kept), 50),
        "explain": _cpu(lambda: explain(facts, NOW), 50),
    }


def _one_initiative(people: int) -> dict[str, float]:
    batch = made_up(people)
    before = batch.where(batch.at <= micros(CLOSED))
    beliefs = weekly(before, people, NEWEST - 1, NEWEST - 1).beliefs
    kept = keep(before, people, CLOSED)
    later = batch.where(batch.at > micros(CLOSED))

    def estimated() -> Beliefs:
        return pass_time(follow(beliefs, columns_of(settle_all(later, NOW))), NEWEST)

    density, counts = estimated().density, tallies(later, people, NOW, kept)
    return {
        "judge": _cpu(lambda: judge_all(density, counts), 5),
        "everyone": _cpu(
            lambda: judge_all(estimated().density, tallies(later, people, NOW, kept)), 5
        ),
    }


def _cpu(work: Callable[[], object], times: int) -> float:
    """Return the least CPU seconds that `work` took, of a few runs of `times` times."""
    runs = []
    for _ in range(5):
        started = time.process_time()
        for _ in range(times):
            work()
        runs.append((time.process_time() - started) / times)
    return min(runs)


if __name__ == "__main__":
    main()
