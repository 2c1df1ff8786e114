"""Low answers and requests to explain: what people said, with dates, and nothing concluded from it.

Nobody in group figures is ever named.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.accounts import NAMES
from bot.domain.calendars import local_date
from bot.domain.figures import Someone, Told
from bot.domain.initiatives import Place
from bot.domain.people import Person
from bot.domain.pulses import Explain, Question

LOW = 2
"""A last answer of so much or less is a low one."""


@dataclass(frozen=True, slots=True)
class Talk:
    """A low answer somebody gave by name, in their own words, on a date in the initiative's zone.

    Owners and the person read the same line, so neither's own zone may decide about the date.
    """

    person: Person
    question: Question
    value: int
    on: date


@dataclass(frozen=True, slots=True)
class Wish:
    """Somebody doesn't know enough to say and would like an explanation; dated as a `Talk` is."""

    stakeholder_id: int
    cycle_id: int
    person: Person
    how: Explain
    on: date


def heard_by_name(
    people: Iterable[Someone], told: Iterable[Told], since: datetime
) -> list[tuple[Someone, Told]]:
    """Return the answers that an owner who leads since `since` may see with a name, in order."""
    seen = [answer for answer in told if answer.by_name and answer.answered_at >= since]
    whose = {answer.stakeholder_id for answer in seen}
    shown = {
        one.stakeholder_id: one
        for one in (people if whose else ())
        if one.stakeholder_id in whose
        and not one.group_only
        and one.place in (Place.ACTIVE, Place.STOPPED)
    }
    return [
        (shown[answer.stakeholder_id], answer) for answer in seen if answer.stakeholder_id in shown
    ]


def in_doubt(heard: Iterable[tuple[Someone, Told]]) -> set[int]:
    """Return the stakeholder ids of those whose last answer to what they think of it is low.

    `heard` are low answers. How much somebody plans to do is no opinion: it may be little for good
    reasons.
    """
    return {
        one.stakeholder_id
        for one, answer in heard
        if answer.question in (Question.USEFUL, Question.SURE)
    }


def worth_a_talk(
    heard: Iterable[tuple[Someone, Told]], tz: str, most: int | None = NAMES
) -> tuple[Talk, ...]:
    """Return at most three people whose last answers are the lowest, the lowest answer of each.

    Never who stopped.
    """
    lowest = [talk for talk in _lowest_of_each(heard, tz).values() if talk.value <= LOW]
    order = list(Question)
    lowest.sort(key=lambda talk: (talk.value, order.index(talk.question), talk.person.id))
    return tuple(lowest[:most])


def _lowest_of_each(heard: Iterable[tuple[Someone, Told]], tz: str) -> dict[int, Talk]:
    last: dict[tuple[int, str], tuple[Someone, Told]] = {}
    for someone, answer in heard:
        last[someone.stakeholder_id, answer.question] = (someone, answer)
    lowest: dict[int, Talk] = {}
    for someone, answer in last.values():
        if answer.value is None or someone.place is Place.STOPPED or someone.person.stopped:
            continue
        on = local_date(answer.answered_at, tz)
        talk = Talk(someone.person, Question(answer.question), answer.value, on)
        known = lowest.get(someone.stakeholder_id)
        if known is None or talk.value < known.value:
            lowest[someone.stakeholder_id] = talk
    return lowest


def wishes(heard: Iterable[tuple[Someone, Told]], tz: str) -> tuple[Wish, ...]:
    """Return who asked for an explanation by name, oldest first; a later "no, thanks" holds."""
    last = {one.stakeholder_id: (one, told) for one, told in heard if told.question == "explain"}
    return tuple(
        Wish(
            one.stakeholder_id,
            told.cycle_id,
            one.person,
            Explain(told.choice),
            local_date(told.answered_at, tz),
        )
        for one, told in last.values()
        if told.choice in (Explain.TWO_LINES, Explain.FIFTEEN_MINUTES)
    )


def some_wish(people: Iterable[Someone], told: Iterable[Told]) -> bool:
    """Return whether group-only people asked for an explanation; no name and no number."""
    hidden = {one.stakeholder_id for one in people if one.group_only}
    last = {one.stakeholder_id: one.choice for one in told if one.question == "explain"}
    return any(
        last.get(person) in (Explain.TWO_LINES, Explain.FIFTEEN_MINUTES) for person in hidden
    )
