"""What is published of a question when its round closes, and when an earlier figure stays.

The rules are method.md section 4; what they leave open to whom is docs/decisions/0004, and shown by
tests/unit/test_figures_worlds.py.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import replace

from bot.domain.figures import FRESH, Basis, Figure, Held, Measure, Part, Published, Shown, few
from bot.domain.initiatives import GROUP_MINIMUM

Answers = Mapping[int, int]


def of_question(measure: Measure, held: Sequence[Held], earlier: Sequence[Published]) -> Published:
    """Return what to publish of one question when a round closes.

    `held` is each person's last answer in the round, `earlier` every figure of this question and
    initiative published before, oldest first. The order of the checks is part of the rules, and so
    is what each looks at (docs/decisions/0004).
    """
    before = [one for one in earlier if one.figure.shown in FRESH]
    counted = held if _enough_hidden(held) else _by_name(held)
    kept = _kept(counted, before)
    if kept is None and _could_be_told_apart(counted):
        counted = _by_name(held)
        kept = _kept(counted, before)
    if len(counted) < GROUP_MINIMUM:
        return Published(Figure(measure, Shown.TOO_FEW), Basis())
    return kept or _fresh(measure, counted)


def _enough_hidden(held: Iterable[Held]) -> bool:
    """Return whether nobody chose group figures, or enough did to count them with the others."""
    group_only = [one for one in held if one.group_only]
    unseen = [one for one in group_only if not one.seen]
    return not (few(len(group_only)) or few(len(unseen)))


def _by_name(held: Iterable[Held]) -> list[Held]:
    return [one for one in held if not one.group_only]


def _could_be_told_apart(counted: Sequence[Held]) -> bool:
    """Return whether taking the answers that owners know away leaves some that are much alike."""
    unseen = [one for one in counted if one.group_only and not one.seen]
    return 0 < len(unseen) < len(counted) and not _mixed(unseen)


def _kept(counted: Sequence[Held], before: Sequence[Published]) -> Published | None:
    """Return the last figure again if comparing it, or an older one, would be about too few."""
    if not before:
        return None
    basis = _basis(counted)
    *older, last = before
    if not (
        _tells_few_apart(last.basis, basis, _few_changed)
        or any(_tells_few_apart(one.basis, basis, _few_changed_of_many) for one in older)
    ):
        return None
    return Published(
        replace(last.figure, shown=Shown.KEPT, invited=None), replace(last.basis, invited=None)
    )


def _fresh(measure: Measure, counted: Sequence[Held]) -> Published:
    basis = _basis(counted)
    if not _mixed(counted):
        return Published(Figure(measure, Shown.ANSWERED_ONLY, len(counted)), basis)
    favourable = sum(one.is_favourable for one in counted)
    return Published(Figure(measure, Shown.COUNTS, len(counted), favourable), basis)


def _basis(counted: Iterable[Held]) -> Basis:
    counted = list(counted)
    unseen = frozenset(one.stakeholder_id for one in counted if one.group_only and not one.seen)
    return Basis({one.stakeholder_id: one.value for one in counted}, unseen)


def _tells_few_apart(
    before: Basis, after: Basis, too_few: Callable[[Answers, Answers], bool]
) -> bool:
    """Return whether comparing the two figures is about too few people.

    Everyone compares the whole; an owner compares what is left without the named answers. Who
    chose group figures in between is left out of the whole: an owner knows the answer before, so
    that nothing may depend on whether it is still the same.
    """
    chose = before.values.keys() & after.values.keys() & (before.unseen ^ after.unseen)
    whole = [_some(one.values, one.values.keys() - chose) for one in (before, after)]
    hidden = [_some(one.values, one.unseen) for one in (before, after)]
    return too_few(*whole) or too_few(*hidden)


def _some(answers: Answers, people: Set[int]) -> Answers:
    return {person: value for person, value in answers.items() if person in people}


def _few_changed(before: Answers, after: Answers) -> bool:
    """Return whether fewer than 5 answers changed (but some)."""
    return few(_changed(before, after))


def _few_changed_of_many(before: Answers, after: Answers) -> bool:
    """Return whether fewer than 5 answers changed, and most stayed.

    If most changed since an older figure, nobody can take it for granted of the rest that they
    stayed. Asking for 5 in a group of 5 would tell that each of them never answered alike.
    """
    people = len(before.keys() | after.keys())
    return _few_changed(before, after) and 2 * _changed(before, after) <= people


def _changed(before: Answers, after: Answers) -> int:
    people = before.keys() | after.keys()
    return sum(before.get(person) != after.get(person) for person in people)


def _mixed(answers: Sequence[Held]) -> bool:
    """Return whether each of the two kinds has at least two: one would know all the others'."""
    favourable = sum(one.is_favourable for one in answers)
    return 2 <= favourable <= len(answers) - 2


def beside(published: Published, held: Sequence[Held], part: Part) -> Published:
    """Return a figure of a question with how many were asked, if `part` counts the same people.

    `held` is what `published` was made of.
    """
    figure, basis = published.figure, published.basis
    counted = {one.stakeholder_id for one in held if not (part.apart and one.group_only)}
    if figure.shown is not Shown.COUNTS or basis.values.keys() != counted:
        return published
    told = replace(figure, invited=part.invited) if part.is_public else figure
    return Published(told, replace(basis, invited=part.invited))
