"""Group figures: what may be shown, and that nobody's own answer can be worked out from it."""

from collections.abc import Collection, Iterable, Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.figures import (
    NOTHING_TO_SHOW,
    Basis,
    Figure,
    Held,
    Measure,
    Part,
    Published,
    Shown,
    Took,
    of_part,
    sentence,
    took_part,
)
from bot.domain.publishing import of_question

Answers = Sequence[int | None]
"""One value per person; None = did not answer."""


def held(values: Answers, *, hidden: Iterable[int] = (), seen: Iterable[int] = ()) -> list[Held]:
    """Return the answers of people 0, 1, …; `hidden` are group-only."""
    hidden, seen = set(hidden), set(seen)
    return [
        Held(person, value, person in hidden, person in seen)
        for person, value in enumerate(values)
        if value is not None
    ]


def publish(*rounds: list[Held]) -> list[Published]:
    """Return what one round after the other publishes."""
    published: list[Published] = []
    for one in rounds:
        published.append(of_question(Measure.USEFUL, one, published))
    return published


def shown(*rounds: list[Held]) -> list[Figure]:
    """Return the figures alone."""
    return [one.figure for one in publish(*rounds)]


def test_counts_from_five_answers_on() -> None:
    (five,) = shown(held([4, 5, 2, 1, 3]))
    assert (five.shown, five.favourable, five.answered) == (Shown.COUNTS, 2, 5)
    (four,) = shown(held([4, 5, 2, 1]))
    assert (four.shown, four.favourable, four.answered) == (Shown.TOO_FEW, None, 0)


@pytest.mark.parametrize("one", [1, 5])
@pytest.mark.parametrize("others", [1, 5])
def test_answers_of_which_at_most_one_differs_tell_only_how_many_answered(
    one: int, others: int
) -> None:
    (figure,) = shown(held([one, *[others] * 5]))
    assert (figure.shown, figure.favourable, figure.answered) == (Shown.ANSWERED_ONLY, None, 6)


def test_figures_stay_as_they_were_while_fewer_than_five_answers_changed() -> None:
    first, second = shown(held([4, 4, 2, 2, 2, 2, 2]), held([4, 4, 4, 4, 4, 4, 2]))
    assert (second.shown, second.favourable) == (Shown.KEPT, first.favourable)
    _, changed = shown(held([4, 4, 2, 2, 2, 2, 2]), held([4, 4, 4, 4, 4, 4, 4]))
    assert changed.shown is Shown.ANSWERED_ONLY


def test_one_person_who_left_changes_nothing_that_is_shown() -> None:
    first, second = shown(held([4, 4, 2, 2, 2, 5]), held([4, 4, 2, 2, 2, None]))
    assert second.shown is Shown.KEPT
    assert (second.favourable, second.answered) == (first.favourable, 6)


def test_a_round_is_compared_with_every_earlier_one_not_only_the_last() -> None:
    everyone = [4, 2, 4, 2, 4, 2, None]
    others = [2, 4, 2, 4, 2, 4, None]
    with_one_more = [4, 2, 4, 2, 4, 2, 4]
    assert [one.shown for one in shown(held(everyone), held(others), held(with_one_more))] == [
        Shown.COUNTS,
        Shown.COUNTS,
        Shown.KEPT,
    ]


def test_an_older_figure_counts_only_if_most_answers_are_as_they_were_then() -> None:
    first, all_others = [4, 4, 2, 2, 2], [5, 5, 1, 1, 1]
    two_changed, three_changed = [4, 4, 2, 3, 3], [4, 4, 3, 3, 3]
    assert shown(held(first), held(all_others), held(two_changed))[2].shown is Shown.KEPT
    assert shown(held(first), held(all_others), held(three_changed))[2].shown is Shown.COUNTS


def test_fewer_than_five_group_only_people_are_never_combined_with_named_ones() -> None:
    (figure,) = shown(held([4, 4, 2, 2, 2, 5, 5, 5, 5], hidden=range(5, 9)))
    assert (figure.favourable, figure.answered) == (2, 5)
    (figure,) = shown(held([4, 4, 2, 2, 2, 5, 5, 5, 1, 1], hidden=range(5, 10)))
    assert (figure.favourable, figure.answered) == (5, 10)


@pytest.mark.parametrize("one", [1, 5])
def test_group_only_people_of_whom_at_most_one_differs_are_left_out(one: int) -> None:
    (figure,) = shown(held([4, 4, 2, 2, 2, 5, 5, 5, 5, one], hidden=range(5, 10)))
    assert (figure.favourable, figure.answered) == (2, 5)


def test_somebody_whose_answer_was_seen_by_name_does_not_hide_the_other_four() -> None:
    (figure,) = shown(held([4, 4, 2, 2, 2, 5, 5, 1, 1, 1], hidden=range(5, 10), seen=[9]))
    assert (figure.favourable, figure.answered) == (2, 5)


def test_named_answers_that_change_do_not_betray_one_group_only_answer() -> None:
    before = [2, 2, 2, 2, 2, 5, 5, 1, 1, 5, 5]
    after = [4, 4, 4, 4, 2, 1, 5, 1, 1, 5, 5]  # four named and one group-only
    hidden = range(5, 11)
    kept = shown(held(before, hidden=hidden), held(after, hidden=hidden))[1]
    assert kept.shown is Shown.KEPT


# That nothing can be worked out is shown in test_figures_worlds.py.

answers = st.lists(st.none() | st.integers(1, 5), min_size=12, max_size=12)


@settings(max_examples=200, deadline=None)
@given(st.lists(answers, min_size=1, max_size=4), st.sets(st.integers(0, 11)))
def test_the_rules_hold_for_every_sequence(rounds: list[Answers], hidden: set[int]) -> None:
    published = publish(*(held(values, hidden=hidden) for values in rounds))
    fresh: list[Basis] = []
    for one in published:
        figure, basis = one.figure, one.basis
        if figure.shown is Shown.TOO_FEW:
            assert not basis.values
            continue
        assert figure.answered == len(basis.values) >= 5
        assert len(basis.unseen) == 0 or len(basis.unseen) >= 5
        if figure.favourable is not None:
            assert 2 <= figure.favourable <= figure.answered - 2
        if figure.shown is Shown.KEPT:
            assert basis in fresh
            continue
        for before in fresh:
            for earlier, now in (
                (before.values, basis.values),
                (_of(before.values, before.unseen), _of(basis.values, basis.unseen)),
            ):
                people = earlier.keys() | now.keys()
                changed = sum(earlier.get(who) != now.get(who) for who in people)
                enough = 5 if before is fresh[-1] else min(5, len(people) // 2 + 1)
                assert not changed or changed >= enough
        fresh.append(basis)


def _of(values: Mapping[int, int], people: Collection[int]) -> dict[int, int]:
    return {who: value for who, value in values.items() if who in people}


def took(named: str, hidden: str = "") -> list[Took]:
    """Return who took part: a letter a person, `y` for yes."""
    people = [Took(place, sign == "y", False) for place, sign in enumerate(named)]
    return people + [Took(100 + place, sign == "y", True) for place, sign in enumerate(hidden)]


def test_who_took_part_counts_group_only_people_from_five_on_when_the_round_has_closed() -> None:
    assert took_part(took("yyynn", "ynnn"), closed=True) == Part(3, 5, apart=4)
    assert took_part(took("yyynn", "ynnnn"), closed=True) == Part(4, 10, apart=0)
    assert took_part(took("yyynn", "ynnnn"), closed=False) == Part(3, 5, apart=5)


@pytest.mark.parametrize("alike", ["yyyyy", "nnnnn"])
def test_group_only_people_who_all_did_the_same_are_not_counted(alike: str) -> None:
    assert took_part(took("yyynn", alike), closed=True) == Part(3, 5, apart=5)


def test_all_group_only_people_are_counted_among_themselves() -> None:
    assert took_part(took("", "yyyyyyyyyyyy"), closed=True) == Part(12, 12)
    assert took_part(took("", "yyyy"), closed=True) == Part(0, 0, apart=4)


@pytest.mark.parametrize(
    ("part", "public"),
    [
        (Part(14, 23), True),
        (Part(10, 10), True),
        (Part(5, 9), False),  # fewer than ten invited
        (Part(4, 12), False),
        (Part(9, 12), False),  # three are left, and easily named
        (Part(5, 10), True),
    ],
)
def test_participation_is_public_from_ten_invited_on(part: Part, public: bool) -> None:
    assert part.is_public is public
    figure = of_part(part).figure
    assert (figure.invited is not None) is public


def counts(measure: Measure, favourable: int, answered: int, shown: Shown = Shown.COUNTS) -> Figure:
    return Figure(measure, shown, answered, favourable)


TOOK = Figure(Measure.TOOK_PART, Shown.COUNTS, 14, invited=23)
FEW = Figure(Measure.TOOK_PART, Shown.TOO_FEW)


@pytest.mark.parametrize(
    ("figures", "words"),
    [
        ([], ""),
        (
            [TOOK, counts(Measure.USEFUL, 9, 14), counts(Measure.SURE, 6, 14)],
            "Last round: 14 of 23 answered; 9 of 14 find it *very* or *extremely* useful, "
            "6 of 14 are *very* or *completely* sure it will work here.",
        ),
        (
            [FEW, counts(Measure.USEFUL, 1, 6), Figure(Measure.SURE, Shown.TOO_FEW)],
            "Last round: 1 of 6 finds it *very* or *extremely* useful.",
        ),
        (
            [FEW, Figure(Measure.USEFUL, Shown.ANSWERED_ONLY, 6)],
            "Last round: 6 people answered.",
        ),
        (
            [TOOK, counts(Measure.USEFUL, 9, 14, Shown.KEPT)],
            "Last round: 14 of 23 answered; as before, because too few answers changed: 9 of 14 "
            "find it *very* or *extremely* useful.",
        ),
        ([FEW, Figure(Measure.USEFUL, Shown.TOO_FEW)], NOTHING_TO_SHOW),
    ],
)
def test_everyone_reads_one_sentence(figures: list[Figure], words: str) -> None:
    assert sentence(figures) == words
