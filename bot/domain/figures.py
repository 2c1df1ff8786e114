"""Group figures: what may be shown of many answers without showing one (method.md section 4).

Two kinds of people look at a figure. Everyone asked sees only the figure. An owner also knows the
named answers and can take them away from it, so what is left of the group-only people must itself
be fit to show. Both remember every figure shown before and can compare.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.initiatives import GROUP_MINIMUM, PUBLIC_MINIMUM, Place
from bot.domain.people import Person
from bot.domain.pulses import FAVOURABLE


class Measure(StrEnum):
    """What a figure is about: one of the questions, or how many took part."""

    USEFUL = "useful"
    SURE = "sure"
    EFFORT = "effort"
    TOOK_PART = "took_part"


COUNTED_AS_ANSWER = frozenset({"useful", "sure", "effort", "know"})
"""Questions (column of the answer) of which one answer means that somebody took part."""


@dataclass(frozen=True, slots=True)
class Someone:
    """One person asked, with what decides how they may show.

    `hidden_since` is when they chose group figures, None if they did not or if the whole
    initiative is in group figures only.
    """

    stakeholder_id: int
    person: Person
    place: Place
    introduced_at: datetime | None
    group_only: bool
    hidden_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """One tapped answer in a round; `by_name` says that it was asked for with the name."""

    stakeholder_id: int
    cycle_id: int
    question: str
    value: int | None
    choice: str | None
    answered_at: datetime
    by_name: bool


QUESTIONS = (Measure.USEFUL, Measure.SURE, Measure.EFFORT)


class Shown(StrEnum):
    """How much of a figure is shown."""

    COUNTS = "counts"
    ANSWERED_ONLY = "answered_only"
    KEPT = "kept_from_before"
    TOO_FEW = "too_few"


FRESH = frozenset({Shown.COUNTS, Shown.ANSWERED_ONLY})
"""A figure that says something new; the others repeat an earlier one or say nothing."""


@dataclass(frozen=True, slots=True)
class Held:
    """One person's last answer to one question in a round, 1…5.

    `seen` says that owners saw it with the name before the person chose group figures.
    """

    stakeholder_id: int
    value: int
    group_only: bool
    seen: bool = False

    @property
    def is_favourable(self) -> bool:
        """Whether it counts as one of the two best answers."""
        return self.value >= FAVOURABLE


@dataclass(frozen=True, slots=True)
class Figure:
    """What everyone asked may see of one measure in one closed round.

    `answered` of TOOK_PART is out of `invited`; `favourable` of a question is out of `answered`
    and None when it is not told. A kept figure repeats the numbers of an earlier round.
    `invited` is None where not everyone may know it.
    """

    measure: Measure
    shown: Shown
    answered: int = 0
    favourable: int | None = None
    invited: int | None = None
    round: int = 0


@dataclass(frozen=True, slots=True)
class Basis:
    """The answers behind a figure by stakeholder id, and whose no owner has seen; never shown.

    Of TOOK_PART it is the numbers that owners may know, which may be more than everyone may.
    `invited` is how many were asked of whom the answers of a question are a part; None if the
    figures count different people.
    """

    values: Mapping[int, int] = field(default_factory=dict)
    unseen: frozenset[int] = frozenset()
    part: "Part | None" = None
    invited: int | None = None


@dataclass(frozen=True, slots=True)
class Published:
    """A figure with what it was made of."""

    figure: Figure
    basis: Basis


def few(number: int) -> bool:
    """Return whether `number` people are some, but too few to hide in."""
    return 0 < number < GROUP_MINIMUM


def held(people: Iterable[Someone], told: Iterable[Told], measure: Measure) -> list[Held]:
    """Return each person's last scored answer to one question; `told` is one round, in order."""
    last = {one.stakeholder_id: one for one in told if one.question == measure}
    return [
        Held(one.stakeholder_id, value, one.group_only, was_seen(one, answer))
        for one in people
        if (answer := last.get(one.stakeholder_id)) and (value := answer.value) is not None
    ]


def was_seen(someone: Someone, answer: Told) -> bool:
    """Return whether owners saw `answer` with the name before the person chose group figures."""
    since = someone.hidden_since
    return answer.by_name and since is not None and answer.answered_at < since


@dataclass(frozen=True, slots=True)
class Took:
    """Whether one invited person took part in a round.

    `seen` says that owners saw so with the name before the person chose group figures.
    """

    stakeholder_id: int
    answered: bool
    group_only: bool
    seen: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """How many took part in a round; `apart` chose group figures and are in neither number.

    While the round is open these are named people only: a growing number would show when each of
    the others answers.
    """

    answered: int
    invited: int
    apart: int = 0

    @property
    def is_public(self) -> bool:
        """Whether everyone asked may see it."""
        rest = self.invited - self.answered
        enough = self.invited >= PUBLIC_MINIMUM and self.answered >= GROUP_MINIMUM
        return enough and not few(rest)


def took(people: Iterable[Someone], told: Iterable[Told], closed_at: datetime | None) -> list[Took]:
    """Return who was invited to a round and who took part; `told` is that round, in order.

    Who stopped or is away stays in: that is visible to them alone. Who said by name that it is
    not their topic, or left the workspace, is out.
    """
    first: dict[int, Told] = {}
    for answer in told:
        if answer.question in COUNTED_AS_ANSWER:
            first.setdefault(answer.stakeholder_id, answer)
    return [
        Took(
            one.stakeholder_id,
            one.stakeholder_id in first,
            one.group_only,
            _was_seen_taking_part(one, first.get(one.stakeholder_id), closed_at),
        )
        for one in people
        if one.stakeholder_id in first or is_invited(one, closed_at)
    ]


def is_invited(someone: Someone, closed_at: datetime | None) -> bool:
    """Return whether somebody counts as asked in a round that closed at `closed_at`."""
    introduced = someone.introduced_at
    if introduced is None or (closed_at is not None and introduced > closed_at):
        return False
    if someone.group_only:
        return not someone.place.is_gone
    return not someone.place.is_gone and someone.place is not Place.NOT_MY_TOPIC


def _was_seen_taking_part(
    someone: Someone, answer: Told | None, closed_at: datetime | None
) -> bool:
    since = someone.hidden_since
    if since is None:
        return False
    after_close = closed_at is not None and since >= closed_at
    return after_close or (answer is not None and was_seen(someone, answer))


def took_part(people: Sequence[Took], *, closed: bool) -> Part:
    """Return how many of `people` took part, as their owners may know it.

    Group-only people count when the round has closed, and only if at least 5 of them cannot be
    told apart; while it is open a growing number would show when each of them answers.
    """
    counted = (
        people
        if closed and _fit_to_count(people)
        else [one for one in people if not one.group_only]
    )
    answered = sum(one.answered for one in counted)
    return Part(answered, len(counted), len(people) - len(counted))


def _fit_to_count(people: Sequence[Took]) -> bool:
    group_only = [one for one in people if one.group_only]
    unseen = [one for one in group_only if not one.seen]
    owners_know_some = len(unseen) < len(people)
    alike = len({one.answered for one in unseen}) == 1
    return not (few(len(group_only)) or few(len(unseen)) or (owners_know_some and alike))


def of_part(part: Part) -> Published:
    """Return what everyone asked may see of how many took part, frozen when the round closes."""
    figure = Figure(Measure.TOOK_PART, Shown.TOO_FEW)
    if part.is_public:
        figure = Figure(Measure.TOOK_PART, Shown.COUNTS, part.answered, invited=part.invited)
    return Published(figure, Basis(part=part))


NOTHING_TO_SHOW = "Last round: no totals, so that nobody's own answer can be worked out."


def sentence(figures: Sequence[Figure]) -> str:
    """Return the last round's result in one sentence of mrkdwn, "" if no round has closed."""
    if not figures:
        return ""
    head = _head({figure.measure: figure for figure in figures})
    told = totals(figures, _IN_SENTENCE)
    if not head and not told:
        return NOTHING_TO_SHOW
    return f"Last round: {'; '.join(filter(None, (head, told)))}."


def totals(figures: Sequence[Figure], measures: Iterable[Measure]) -> str:
    """Return the totals of `measures`, those that stay as they were last and marked as such."""
    by_measure = {figure.measure: figure for figure in figures}
    shown = [by_measure[measure] for measure in measures if measure in by_measure]
    fresh = [total(figure) for figure in shown if figure.shown is not Shown.KEPT]
    kept = [total(figure) for figure in shown if figure.shown is Shown.KEPT]
    parts = [", ".join(filter(None, fresh)), ", ".join(filter(None, kept))]
    if parts[1]:
        parts[1] = f"as before, because too few answers changed: {parts[1]}"
    return "; ".join(filter(None, parts))


_IN_SENTENCE = (Measure.USEFUL, Measure.SURE)

_TOTALS = {
    Measure.USEFUL: ("finds", "find", "it *very* or *extremely* useful"),
    Measure.SURE: ("is", "are", "*very* or *completely* sure it will work here"),
    Measure.EFFORT: ("plans", "plan", "to do *a lot* or *all they can*"),
}


def _head(by_measure: Mapping[Measure, Figure]) -> str:
    took = by_measure.get(Measure.TOOK_PART)
    if took and took.shown is Shown.COUNTS:
        return f"{took.answered} of {took.invited} answered"
    only = [
        figure.answered for figure in by_measure.values() if figure.shown is Shown.ANSWERED_ONLY
    ]
    return f"{max(only)} people answered" if only else ""


def total(figure: Figure) -> str:
    """Return `9 of 14 find it *very* or *extremely* useful`, "" if that is not to be told."""
    if figure.favourable is None or figure.measure not in _TOTALS:
        return ""
    one, many, what = _TOTALS[figure.measure]
    verb = one if figure.favourable == 1 else many
    return f"{figure.favourable} of {figure.answered} {verb} {what}"
