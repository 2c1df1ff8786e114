"""Group figures in words: what an owner reads of them."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.domain.figures import Figure, Measure, Shown
from bot.domain.trends import Point, change, points
from bot.views.figures import lines

CLOSED = {n: datetime(2025, 3, 4, 23, tzinfo=UTC) for n in range(1, 9)}


def counts(
    favourable: int, of: int = 14, measure: Measure = Measure.USEFUL, round: int = 3
) -> Figure:
    return Figure(measure, Shown.COUNTS, of, favourable, round=round)


def history(*figures: Figure, invited: int | None = None) -> tuple[Point, ...]:
    known = {(one.round, one.measure): invited for one in figures} if invited else {}
    return points(figures, CLOSED, {key: number for key, number in known.items() if number})


def test_a_total_comes_with_the_range_it_probably_lies_in() -> None:
    assert lines([counts(6, 10)], ()) == [
        "6 of 10 find it *very* or *extremely* useful (likely 40 to 77 %)."
    ]


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (counts(5, round=2), ", probably up (93 %)."),
        (counts(12, round=2), ", probably down (90 %)."),
        (counts(8, round=2), ", no clear change."),
        (counts(5, round=1), ", probably up since round 1 (93 %)."),
        (counts(8, round=1), ", no clear change since round 1."),
    ],
)
def test_up_or_down_is_said_only_if_it_is_likely(before: Figure, words: str) -> None:
    now = counts(9)
    (line,) = lines([now], history(before, now))
    assert line.endswith(f"(likely 47 to 79 %){words}")


@pytest.mark.parametrize(
    ("before", "now"),
    [
        (replace(counts(2, round=2), shown=Shown.KEPT), counts(9)),
        (Figure(Measure.USEFUL, Shown.ANSWERED_ONLY, 14, round=2), counts(9)),
        (Figure(Measure.USEFUL, Shown.TOO_FEW, round=2), counts(9)),
        (counts(2, measure=Measure.SURE, round=2), counts(9)),
        (counts(2, round=2), replace(counts(9), shown=Shown.KEPT)),
        (counts(2, round=2), Figure(Measure.USEFUL, Shown.ANSWERED_ONLY, 14, round=3)),
        (counts(2, round=2), Figure(Measure.USEFUL, Shown.TOO_FEW, round=3)),
    ],
)
def test_nothing_is_said_of_a_change_from_figures_that_repeat_or_hide(
    before: Figure, now: Figure
) -> None:
    assert change(history(before, now), now) is None
    assert not any("up" in line or "change " in line for line in lines([now], history(before, now)))


def test_a_change_is_never_quite_certain() -> None:
    now = counts(900, 1000)
    (line,) = lines([now], history(counts(100, 1000, round=2), now))
    assert "probably up (99 %)" in line


def test_how_many_may_still_be_won_is_said_of_the_first_question_only() -> None:
    now = [counts(8), counts(6, measure=Measure.SURE), counts(3, measure=Measure.EFFORT)]
    useful, rest = lines(now, history(*now, invited=23))
    assert useful.endswith(
        "useful (likely 40 to 73 %); between 8 and 17 of 23, depending on the 9 we have no "
        "answer from."
    )
    assert rest == (
        "6 of 14 are *very* or *completely* sure it will work here (likely 27 to 60 %); "
        "3 of 14 plan to do *a lot* or *all they can* (likely 11 to 38 %)."
    )
    assert "between" not in "".join(lines([counts(8)], history(counts(8), invited=14)))
    assert "depending on the one we" in lines([counts(8)], history(counts(8), invited=15))[0]


def test_what_stayed_as_it_was_comes_last_and_says_why_once() -> None:
    kept = [
        replace(counts(9), shown=Shown.KEPT),
        counts(6, measure=Measure.SURE),
        replace(counts(3, measure=Measure.EFFORT), shown=Shown.KEPT),
    ]
    sure, before = lines(kept, history(*kept))
    assert sure.startswith("6 of 14 are")
    assert before == (
        "As before, because too few answers changed: 9 of 14 find it *very* or *extremely* "
        "useful, 3 of 14 plan to do *a lot* or *all they can*."
    )


def test_no_totals_no_lines() -> None:
    assert lines([], ()) == []
    assert lines([Figure(measure, Shown.TOO_FEW) for measure in Measure], ()) == []
