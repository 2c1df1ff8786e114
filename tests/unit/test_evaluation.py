"""The evaluation: reproducible, fair to every rule, and right where the answer is known."""

import json
from dataclasses import replace

import numpy as np
import pytest
from click.testing import CliRunner

from bot.__main__ import main
from bot.evaluation import compare as comparing
from bot.evaluation.compare import BESIDE, CANDIDATES, FILTER, Plan, compare
from bot.evaluation.measures import BANDS, calibration, judged, measure, truth
from bot.evaluation.report import MEASURES, figures, table
from bot.evaluation.rules import LEDGERS, last_answer, mean_of_three, the_filter
from bot.evaluation.simulate import WEEKS, simulate
from bot.evaluation.worlds import BASE, WORLDS

TINY = Plan(worlds=(BASE, WORLDS[-1]), tuning_seeds=2, test_seeds=3, people=20)
EVERY_RULE = [last_answer, mean_of_three, the_filter, *LEDGERS]


def test_there_are_enough_worlds_and_one_not_of_the_filters_form() -> None:
    assert len({world.name for world in WORLDS}) == len(WORLDS) >= 12
    assert any(world.spreading for world in WORLDS)
    assert comparing.FULL.test_seeds >= 20
    assert comparing.QUICK.test_seeds >= 20
    assert max(comparing.FULL.tuning_seeds, comparing.QUICK.tuning_seeds) < 1000


def test_the_same_seed_is_the_same_world() -> None:
    one, other = simulate(BASE, range(3), 10), simulate(BASE, range(1, 3), 10)
    assert np.array_equal(one.theta[:, 10:], other.theta)
    assert np.array_equal(one.counts[:, 10:], other.counts)
    assert one.theta.shape == (WEEKS, 30)


def test_no_rule_may_use_silence() -> None:
    """What was asked and not answered can change without any score changing."""
    history = simulate(BASE, range(2), 20)
    silent = replace(history, asked=np.ones_like(history.asked))
    for rule in EVERY_RULE:
        assert np.array_equal(rule(history), rule(silent))
    beside = CANDIDATES[BESIDE][0]
    assert not np.array_equal(beside(history), beside(silent))


def test_no_rule_sees_the_future() -> None:
    history = simulate(BASE, range(2), 20)
    answers, counts = history.answers.copy(), history.counts.copy()
    answers[15:], counts[15:] = np.nan, 0
    for rule in EVERY_RULE:
        shortened = rule(replace(history, answers=answers, counts=counts))
        assert np.allclose(rule(history)[:15], shortened[:15])


def test_perfect_flags_have_perfect_figures() -> None:
    history = simulate(BASE, range(2), 40)
    real = truth(history)
    found = measure(history, real, real.astype(np.float64))
    assert np.allclose(found["f1"], 1)
    assert np.allclose(found["drops_caught"][~np.isnan(found["drops_caught"])], 1)
    assert np.allclose(found["brier"], 0)
    assert np.nansum(found["false_flags_silent"]) == 0
    none = measure(history, np.zeros_like(real), np.full(real.shape, 0.5))
    assert np.allclose(none["f1"], 0)
    assert np.allclose(none["brier"], 0.25)
    assert np.isnan(none["precision"]).all()


def test_bands_hold_every_judgement_once() -> None:
    history = simulate(BASE, range(2), 40)
    rows = calibration(history, the_filter(history))
    assert len(rows) == len(BANDS) - 1
    assert sum(row["n"] for row in rows) == judged(history).sum()


def test_a_tiny_comparison_is_complete_and_repeats() -> None:
    found = compare(TINY)
    assert figures(found) == figures(compare(TINY))
    for by_rule in found.figures.values():
        assert set(by_rule) == set(CANDIDATES)
        assert all(set(by_key) == set(MEASURES) for by_key in by_rule.values())
    assert set(found.gains["base"]) == set(CANDIDATES) - {FILTER}
    text = table(found)
    assert "proves nothing about people" in text
    assert all(rule in text for rule in CANDIDATES)


def test_the_command_prints_a_table_or_json(monkeypatch: pytest.MonkeyPatch) -> None:

    monkeypatch.setattr(comparing, "QUICK", TINY)
    printed = CliRunner().invoke(main, ["evaluate", "--quick"])
    assert printed.exit_code == 0
    assert "ledger" in printed.output
    as_json = CliRunner().invoke(main, ["evaluate", "--quick", "--json"])
    assert json.loads(as_json.output)["plan"]["worlds"].keys() == {"base", "spreading"}
