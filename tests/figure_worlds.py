"""Every possible world of answers in a small group, and what somebody can work out from figures.

A person is a string with a letter per round: `n` answered by name, `g` answered in group figures
only, `s` chose group figures after owners saw that round's answer, `-` did not answer (was not
asked yet, has left, or kept silent).
"""

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from enum import Enum
from functools import cache
from typing import NamedTuple

from bot.domain.figures import Held, Measure, Published, Shown
from bot.domain.publishing import of_question
from bot.domain.pulses import FAVOURABLE

Values = tuple[int, ...]
"""One value per round, 0 for none."""

Seen = tuple[tuple[Shown, int, int | None], ...]


class Looker(Enum):
    """Who tries to work out an answer."""

    OWNER = "knows the answers given by name"
    COLLEAGUE = "knows nobody else's answer"


class Someone(NamedTuple):
    """One person in one world: when and how they answered, and what."""

    rounds: str
    values: Values
    is_me: bool = False


class Pinned(NamedTuple):
    """A group-only answer that somebody can work out from the figures they have seen."""

    seen: Seen
    who: Someone
    round: int
    favourable: bool


def pinned(people: Iterable[str], looker: Looker, *, me: str | None = None) -> list[Pinned]:
    """Return every group-only answer of others that can be worked out.

    Every world is tried in which `people`, and `me` if given, answer as their letters say. The
    looker knows these letters of everybody, their own answers, those that `Looker` says, and all
    figures. `who` is the person with the answers known to the looker.
    """
    possible: dict[tuple[object, ...], dict[tuple[Someone, int], set[bool]]] = {}
    play = Play()
    for world in worlds(people, me):
        known = [_known(one, looker) for one in world]
        answers = possible.setdefault((play.seen(world), *sorted(known)), defaultdict(set))
        for one, as_known in zip(world, known, strict=True):
            for number, favourable in _hidden(one):
                answers[as_known, number].add(favourable)
    return [
        Pinned(seen, who, number, *values)  # type: ignore[arg-type]
        for (seen, *_), answers in possible.items()
        for (who, number), values in answers.items()
        if len(values) == 1
    ]


@cache
def _known(one: Someone, looker: Looker) -> Someone:
    """Return what `looker` knows of somebody for certain; 0 for what they don't."""
    by_name = "ns" if looker is Looker.OWNER else ""
    known = [
        value if one.is_me or how in by_name else 0
        for how, value in zip(one.rounds, one.values, strict=True)
    ]
    return Someone(one.rounds, tuple(known), one.is_me)


@cache
def _hidden(one: Someone) -> list[tuple[int, bool]]:
    """Return each round in which somebody else answered in group figures only, and how."""
    if one.is_me:
        return []
    return [
        (number, value >= FAVOURABLE)
        for number, (how, value) in enumerate(zip(one.rounds, one.values, strict=True))
        if how == "g"
    ]


def worlds(people: Iterable[str], me: str | None) -> Iterator[list[Someone]]:
    """Return every world that somebody could tell from the others.

    People with the same letters are interchangeable, so only how many have which values counts.
    """
    alike = sorted(Counter(people).items())
    mine = [[Someone(me, values, True)] for values in histories(me)] if me else [[]]
    others = [
        [
            [Someone(rounds, values) for values in chosen]
            for chosen in itertools.combinations_with_replacement(histories(rounds), number)
        ]
        for rounds, number in alike
    ]
    for parts in itertools.product(mine, *others):
        yield list(itertools.chain(*parts))


@cache
def histories(rounds: str) -> tuple[Values, ...]:
    """Return what somebody may answer over the rounds.

    Figures depend on a value in two ways only: whether it is favourable, and whether it is the
    same as in another round. So of all values 1…5 one history of each kind is enough.
    """
    number = sum(how != "-" for how in rounds)
    kinds = sorted(
        {_first_of_kind(values) for values in itertools.product(range(1, 6), repeat=number)}
    )
    return tuple(_spread(rounds, kind) for kind in kinds)


def _first_of_kind(values: Sequence[int]) -> tuple[int, ...]:
    """Return `values` with the unfavourable ones renamed 1, 2, 3 as they come, the others 4, 5."""
    low, high = iter(range(1, FAVOURABLE)), iter(range(FAVOURABLE, 6))
    names: dict[int, int] = {}
    for value in values:
        if value not in names:
            names[value] = next(high if value >= FAVOURABLE else low)
    return tuple(names[value] for value in values)


def _spread(rounds: str, values: Sequence[int]) -> Values:
    rest = iter(values)
    return tuple(0 if how == "-" else next(rest) for how in rounds)


class Play:
    """Publishes round after round; what worlds have in common before the last is done once."""

    def __init__(self) -> None:
        self._published: dict[tuple[Values, ...], list[Published]] = {(): []}

    def seen(self, world: Sequence[Someone]) -> Seen:
        """Return the figures of a world as everybody reads them."""
        by_round = tuple(zip(*(one.values for one in world), strict=True))
        published = _publish(self._after(by_round[:-1], world), by_round[-1], world)
        return tuple(
            (one.figure.shown, one.figure.answered, one.figure.favourable) for one in published
        )

    def _after(self, by_round: tuple[Values, ...], world: Sequence[Someone]) -> list[Published]:
        done = self._published.get(by_round)
        if done is None:
            done = _publish(self._after(by_round[:-1], world), by_round[-1], world)
            self._published[by_round] = done
        return done


def _publish(before: list[Published], values: Values, world: Sequence[Someone]) -> list[Published]:
    held = [
        _held(place, value, one.rounds[len(before)])
        for place, (one, value) in enumerate(zip(world, values, strict=True))
        if value
    ]
    return [*before, of_question(Measure.USEFUL, held, before)]


@cache
def _held(place: int, value: int, how: str) -> Held:
    return Held(place, value, how != "n", seen=how == "s")
