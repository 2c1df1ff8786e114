"""What figures leave open: every possible world of small groups, enumerated.

What is shown here, for each group tried and exactly: whatever is published round after round
(totals, that everybody is much alike, that a figure was kept, that there is none), every answer
that somebody gave in group figures only may have been favourable and may have been unfavourable.
That holds even for somebody who knows the rules, who is asked, joined, left or chose group figures
and when, who answered in each round, and

- as an owner, every answer given by name, and those seen before their giver chose group figures,
- as an owner who is asked too, their own group-only answers besides,
- as a colleague, their own answers and nobody else's.

How many took part, and the bounds for the silent, say nothing more: they follow from what such a
person knows anyway. Each question has figures of its own, so one question stands for three.

Answers are possible if somebody could have tapped them: all values 1…5, changed from round to
round or not. Nothing is said about how likely each is. Somebody who takes for granted that nobody
ever changes between the favourable answers, or the unfavourable ones, can work out more (see
docs/decisions/0004), and so could two group-only people who tell each other their answers.

Longer sequences are in tests/torture.
"""

import itertools
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain import figures, publishing
from bot.domain.figures import Held, Measure, Published
from bot.domain.publishing import of_question
from tests.figure_worlds import Looker, pinned

CHANGES = ("g-", "-g", "ng", "sg", "nn", "n-", "-n")
"""Left or silent, joined late, chose group figures; the same of people by name."""

ALONE: list[tuple[str, ...]] = [(), *((one,) for one in CHANGES)]
IN_PAIRS: list[tuple[str, ...]] = [("g-", "-g"), ("g-", "ng"), ("-g", "sg"), ("nn", "-g")]


@pytest.mark.parametrize("others", ALONE + IN_PAIRS)
def test_owners_cannot_work_out_a_group_only_answer(others: Sequence[str]) -> None:
    assert pinned(["gg"] * 5 + [*others], Looker.OWNER) == []


@pytest.mark.parametrize(
    "people",
    [
        ["gg"] * 5 + ["g-"] * 4 + ["nn"],  # four leave, and what is left is almost all
        ["gg"] * 5 + ["g-"] * 4 + ["sg"],  # and one has just chosen group figures
        ["gg"] * 4 + ["g-"] * 2 + ["-g"] * 2,
        ["gg"] * 4 + ["nn"] * 2,  # too few in both rounds
        ["gg-"] * 5 + ["--g"] * 5,
        ["ggg"] + ["gg-"] * 4 + ["--g"] * 4,  # one is there all the time
    ],
)
def test_nor_when_many_come_and_go(people: list[str]) -> None:
    assert pinned(people, Looker.OWNER) == []


@pytest.mark.parametrize(
    ("me", "others"),
    [
        ("gg", ["gg"] * 4),
        ("gg", ["gg"] * 5),
        ("gg", ["gg"] * 4 + ["g-"]),
        ("gg", ["gg"] * 4 + ["-g"]),
        ("nn", ["gg"] * 5),
        ("-g", ["gg"] * 5),
        ("g-", ["gg"] * 5),
        ("g", ["g"] * 4 + ["n"] * 5),
        ("n", ["g"] * 5 + ["n"] * 4),
    ],
)
def test_nor_can_colleagues_who_know_their_own(me: str, others: list[str]) -> None:
    assert pinned(others, Looker.COLLEAGUE, me=me) == []


@pytest.mark.parametrize("others", [["nn"], ["g-"], ["-g"], ["ng"]])
def test_nor_an_owner_who_answered_in_group_figures_too(others: list[str]) -> None:
    assert pinned(["gg"] * 4 + others, Looker.OWNER, me="gg") == []


def test_the_enumeration_finds_what_one_different_answer_would_tell(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The rule before: who differed knew all the others, as everyone did if nobody differed."""
    monkeypatch.setattr(publishing, "_mixed", _some_differ)
    found = {one.seen[0] for one in pinned(["g"] * 4, Looker.COLLEAGUE, me="g")}
    only, counts = figures.Shown.ANSWERED_ONLY, figures.Shown.COUNTS
    assert found == {(only, 5, None), (counts, 5, 1), (counts, 5, 4)}


def test_the_enumeration_finds_what_the_wrong_order_of_checks_would_tell(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The rule before: a figure was kept only if what it hid was mixed, which told on leavers."""

    def mixed_first(held: Sequence[Held]) -> bool:
        return enough(held) and not publishing._could_be_told_apart(held)

    enough = publishing._enough_hidden
    monkeypatch.setattr(publishing, "_enough_hidden", mixed_first)
    found = pinned(["gg"] * 5 + ["g-"] * 4 + ["nn"], Looker.OWNER)
    assert {(one.who.rounds, one.round) for one in found} == {("g-", 0)}


def _some_differ(answers: Sequence[Held]) -> bool:
    return len({one.is_favourable for one in answers}) > 1


ROLES = st.sampled_from("nnggs-")
PEOPLE = st.lists(
    st.lists(st.tuples(ROLES, st.integers(1, 5)), min_size=3, max_size=3), min_size=5, max_size=14
)
RENAMINGS = [
    dict(enumerate((*low, *high), start=1))
    for low in itertools.permutations((1, 2, 3))
    for high in itertools.permutations((4, 5))
]


@settings(max_examples=50, deadline=None)
@given(PEOPLE, st.data())
def test_only_the_kind_of_an_answer_and_whether_it_changed_count(
    people: list[list[tuple[str, int]]], data: st.DataObject
) -> None:
    """So the enumeration may leave out worlds that differ by other names for the values."""
    renamed = [
        [(how, names[value]) for how, value in person]
        for person in people
        if (names := data.draw(st.sampled_from(RENAMINGS)))
    ]
    assert _published(people) == _published(renamed)


def _published(people: list[list[tuple[str, int]]]) -> list[figures.Figure]:
    published: list[Published] = []
    for answers in zip(*people, strict=True):
        held = [
            Held(place, value, how != "n", how == "s")
            for place, (how, value) in enumerate(answers)
            if how != "-"
        ]
        published.append(of_question(Measure.USEFUL, held, published))
    return [one.figure for one in published]
