"""The comparison of cadences: the same people for all, the caps for all, no claim beyond it."""

from dataclasses import replace

import numpy as np
import pytest

from bot.evaluation import pacing
from bot.evaluation.cadences import CADENCES, OURS, SETTINGS, Cadence, fixed
from bot.evaluation.compare import Plan
from bot.evaluation.paced import Would, play, would
from bot.evaluation.worlds import BASE, World

SILENT = replace(BASE, name="silent", answering=(-50.0, 0.0))
EAGER = replace(BASE, name="eager", answering=(50.0, 0.0))
TIRED = replace(BASE, name="tired", fatigue=0.12)


def people(world: World = BASE, seeds: int = 2) -> Would:
    return would(world, range(seeds), 30)


@pytest.mark.parametrize("cadence", CADENCES, ids=lambda one: one.name)
@pytest.mark.parametrize("world", [BASE, SILENT, EAGER], ids=lambda one: one.name)
def test_no_cadence_breaks_a_cap(cadence: Cadence, world: World) -> None:
    messages = play(people(world), cadence).messages
    months = np.lib.stride_tricks.sliding_window_view(messages, 4, axis=0).sum(axis=-1)
    assert messages.max() <= SETTINGS.per_week
    assert months.max() <= SETTINGS.per_month


def test_everybody_meets_the_same_people() -> None:
    first, second = people(), people()
    assert np.array_equal(first.values, second.values)
    assert np.array_equal(play(first, CADENCES[0]).messages, play(second, CADENCES[0]).messages)


def test_who_never_answers_is_asked_more_and_more_rarely_by_ours_alone() -> None:
    silent = people(SILENT)
    ours, biweekly = play(silent, CADENCES[0]), play(silent, fixed("", 2.0))
    assert ours.asked[:6].sum() > ours.asked[-6:].sum()
    assert ours.asked.sum() < biweekly.asked.sum() / 2
    assert biweekly.asked[:6].sum() == biweekly.asked[-6:].sum()


def test_silence_moves_no_estimate() -> None:
    silent = people(SILENT)
    deaf = replace(silent, late=np.ones_like(silent.late))  # reminders bring nothing either
    assert np.ptp(play(deaf, CADENCES[0]).not_bought_in, axis=1).max() == 0


def test_being_asked_often_tires_where_the_world_says_so() -> None:
    tired = people(TIRED)
    weekly, monthly = play(tired, fixed("", 1.0)), play(tired, fixed("", 4.0))
    assert weekly.answered.sum() / weekly.asked.sum() < monthly.answered.sum() / monthly.asked.sum()


def test_the_rivals_cost_as_much_as_ours() -> None:
    found = pacing.compare(Plan((BASE,), test_seeds=3, people=40)).figures["base"]
    ours, asks = found[OURS], found[pacing.AS_MANY_ASKS]
    assert asks["asks"].mean == pytest.approx(ours["asks"].mean, rel=0.05)
    assert found[pacing.AS_MANY_MESSAGES]["messages"].mean == pytest.approx(
        ours["messages"].mean, rel=0.1
    )


def test_the_tables_name_every_cadence_and_what_they_do_not_prove() -> None:
    text = pacing.table(pacing.compare(Plan((BASE,), test_seeds=2, people=20)))
    assert all(name in text for name in pacing.NAMES)
    assert pacing.CAVEAT in text
