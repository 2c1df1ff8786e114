"""What figures leave open, over longer sequences; see tests/unit/test_figures_worlds.py."""

import itertools

import pytest

from tests.figure_worlds import Looker, pinned

CHANGES = ("g-", "-g", "ng", "sg", "nn", "n-", "-n")
LATER = ("--g", "g-g", "ngg", "sgg", "nng")


@pytest.mark.parametrize("hidden", [4, 5, 6])
@pytest.mark.parametrize(
    "others",
    [
        some
        for number in (1, 2)
        for some in itertools.combinations_with_replacement(CHANGES, number)
    ],
)
def test_two_rounds(hidden: int, others: tuple[str, ...]) -> None:
    people = ["gg"] * hidden + [*others]
    assert pinned(people, Looker.OWNER) == []
    if len(others) == 1:
        assert pinned(people, Looker.COLLEAGUE, me="gg") == []
        assert pinned(people, Looker.COLLEAGUE, me="nn") == []
        assert pinned(people, Looker.OWNER, me="gg") == []


@pytest.mark.parametrize("leavers", [2, 3, 4])
@pytest.mark.parametrize(
    "others", [["nn"], ["nn", "nn"], ["n-"], ["-g"], ["sg"], ["ng"], ["sg", "nn"]]
)
def test_several_leave_at_once(leavers: int, others: list[str]) -> None:
    assert pinned(["gg"] * 5 + ["g-"] * leavers + others, Looker.OWNER) == []


@pytest.mark.parametrize("other", LATER)
def test_three_rounds(other: str) -> None:
    assert pinned(["ggg"] * 5 + [other], Looker.OWNER) == []


@pytest.mark.parametrize("others", [[], ["g--"], ["--g"]])
@pytest.mark.parametrize("looker", Looker)
def test_three_rounds_beside_ones_own(looker: Looker, others: list[str]) -> None:
    assert pinned(["ggg"] * 4 + others, looker, me="ggg") == []


@pytest.mark.parametrize("me", ["g--", "--g", "nnn"])
def test_three_rounds_of_colleagues(me: str) -> None:
    assert pinned(["ggg"] * (4 if "g" in me else 5), Looker.COLLEAGUE, me=me) == []


@pytest.mark.parametrize(
    "people",
    [
        ["ggg"] * 2 + ["gg-"] * 3 + ["--g"] * 3,
        ["ggg"] + ["g-g"] * 4 + ["-g-"] * 4,
        ["ggg"] * 2 + ["g--"] * 3 + ["-gg"] * 3,
        ["ggg"] * 3 + ["ngg"] * 2,
        ["gggg"] + ["gg--"] * 4 + ["--gg"] * 4,
        ["-gg"] * 5 + ["-g-"] * 4 + ["nsg"],
        ["-gg"] * 5 + ["-g-"] * 4 + ["nng"],
        ["g-g-"] * 5 + ["-g-g"] * 5,
    ],
)
def test_many_come_and_go(people: list[str]) -> None:
    assert pinned(people, Looker.OWNER) == []
