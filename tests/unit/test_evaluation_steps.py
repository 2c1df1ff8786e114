"""What steps add: the same people and answers, fairly compared, and said where it is nothing."""

import json

import numpy as np
import pytest
from click.testing import CliRunner

from bot.__main__ import main
from bot.evaluation import steps
from bot.evaluation.compare import Plan
from bot.evaluation.measures import judged
from bot.evaluation.rules import the_filter
from bot.evaluation.simulate import simulate
from bot.evaluation.worlds import BASE, WORLDS

TINY = Plan(worlds=(BASE, WORLDS[1]), tuning_seeds=1, test_seeds=3, people=20)


def test_only_steps_are_left_out() -> None:
    history = simulate(BASE, range(2), 20)
    bare = steps.without_steps(history)
    others = np.setdiff1d(np.arange(history.counts.shape[2]), steps.STEPS)
    assert np.array_equal(history.counts[:, :, others], bare.counts[:, :, others])
    assert history.counts[:, :, steps.STEPS].sum() > 0
    assert bare.counts[:, :, steps.STEPS].sum() == 0
    assert np.array_equal(history.answers, bare.answers, equal_nan=True)


def test_as_many_are_flagged_in_every_seed_and_those_most_in_doubt() -> None:
    history = simulate(BASE, range(3), 20)
    scores, asked = the_filter(steps.without_steps(history)), judged(history)
    flags = the_filter(history) >= 0.35
    found = steps._as_many(scores, flags, history)
    for seed in range(3):
        mine = np.s_[:, seed * 20 : seed * 20 + 20]
        where = asked[mine]
        assert found[mine].sum() == (flags[mine] & where).sum()
        assert not (found[mine] & ~where).any()
        assert scores[mine][found[mine]].min() >= scores[mine][where & ~found[mine]].max()


def test_a_world_where_nobody_yes_says_is_in_no_figure_about_them() -> None:
    found = steps.compare(TINY)
    text = steps.table(found)
    assert "all mean it" not in text
    assert "of 1 worlds" in text
    assert steps.figures(found) == steps.figures(steps.compare(TINY))


def test_the_command_prints_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.evaluation.compare.QUICK", TINY)
    done = CliRunner().invoke(main, ["evaluate", "--steps", "--quick", "--json"])
    assert done.exit_code == 0, done.output
    assert set(json.loads(done.output)["figures"]) == {"base", "all mean it"}
