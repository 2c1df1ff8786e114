"""A workspace may be gentler to people than the usual numbers, never pushier."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.pacing_settings import (
    GENTLEST,
    NAMES,
    PUSHIEST,
    PacingSettings,
    bounds,
    changed,
    kept,
    restored,
)
from bot.errors import Refused


def test_the_usual_numbers_are_those_of_the_method() -> None:
    usual = PacingSettings()
    assert (usual.per_week, usual.per_month, usual.base_interval) == (2, 5, 14)
    assert (usual.settled_interval, usual.settled_below, usual.attention_from) == (21, 0.08, 0.35)
    assert (usual.reminder_after, usual.no_reminder_after) == (3, 2)
    assert (usual.after_one_miss, usual.after_two_misses) == (1.5, 2)
    assert (usual.pause_after_misses, usual.pause_days) == (3, 42)
    assert (usual.not_nows, usual.not_now_pause, usual.not_now_pause_again) == (2, 28, 42)
    assert (usual.debt_days, usual.debt_rounds, usual.give_weeks) == (14, 2, 4)
    assert (usual.quiet_share, usual.quiet_least, usual.doubt, usual.doubt_rounds) == (
        0.30,
        5,
        0.80,
        2,
    )


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_pushier_than_the_usual_number(name: str) -> None:
    least, most = bounds(name)
    assert {getattr(PUSHIEST, name), getattr(GENTLEST, name)} == {least, most}
    beyond = least - 1 if getattr(PUSHIEST, name) == least else most + 1
    with pytest.raises(Refused, match=name):
        changed(PUSHIEST, {name: str(beyond)})


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"caps": "3"}, "no setting caps"),
        ({"per_month": "lots"}, "a number from 1 to 5, not “lots”"),
        ({"per_month": "nan"}, "a number"),
        ({"attention_from": "nan"}, "may be from"),
        ({"base_interval": "7"}, "never pushier"),
        ({"base_interval": "16"}, "whole weeks"),
        ({"per_week": "3"}, "never pushier"),
    ],
)
def test_what_does_not_fit_is_refused_in_a_sentence(given: dict[str, str], words: str) -> None:
    with pytest.raises(Refused, match=words):
        changed(PUSHIEST, given)


def test_what_fits_is_taken_over_and_kept() -> None:
    gentler = changed(PUSHIEST, {"base_interval": "21", "attention_from": "0.5"})
    assert gentler == replace(PUSHIEST, base_interval=21, attention_from=0.5)
    assert kept(gentler) == {"base_interval": 21, "attention_from": 0.5}
    assert restored(kept(gentler)) == gentler
    assert restored(None) == PUSHIEST


@given(st.dictionaries(st.sampled_from([*NAMES, "unknown"]), st.floats(-1000, 1000)))
def test_whatever_is_stored_stays_within_bounds(stored: dict[str, float]) -> None:
    settings = restored(stored)
    for name in NAMES:
        least, most = bounds(name)
        assert least <= getattr(settings, name) <= most
