"""What owners read of what gets in people's way: by name, and in numbers of at least five.

Who may be told apart in a number is decided as for group figures (method.md section 4), only that
it is told roughly: "at least 5 people".
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from bot.domain.barriers import (
    ADVICE,
    NAMES,
    SHOWN,
    STALE,
    Barrier,
    BarrierFact,
    Event,
    InTheWay,
    Known,
    Named,
    Obstacle,
    ReplyKind,
    Total,
    Totals,
    is_answered,
    is_closed,
)
from bot.domain.calendars import local_date
from bot.domain.figures import Someone, few
from bot.domain.initiatives import GROUP_MINIMUM, Place
from bot.domain.people import Person


def named(
    people: Iterable[Someone], known: Known, since: datetime, tz: str
) -> dict[int, tuple[BarrierFact, Named]]:
    """Return what an owner who leads since `since` may read with a name, by stakeholder id.

    `tz` is the initiative's: the person reads the same date.
    """
    found = {fact.stakeholder_id: fact for fact in known.facts if _is_readable(fact, known, since)}
    return {
        one.stakeholder_id: (fact, _named(one.person, fact, known, tz))
        for one in people
        if (fact := found.get(one.stakeholder_id)) and is_nameable(one)
    }


def is_nameable(someone: Someone) -> bool:
    """Return whether owners may read what somebody named; that they stopped is theirs to know."""
    return not someone.group_only and someone.place in (Place.ACTIVE, Place.STOPPED)


def _is_readable(fact: BarrierFact, known: Known, since: datetime) -> bool:
    shown = fact.is_open and fact.by_name and fact.at >= since
    return shown and not is_closed(fact, known.replies.get(fact.code))


def _named(person: Person, fact: BarrierFact, known: Known, tz: str) -> Named:
    words = known.words.get(fact.words_id, "") if fact.words_id else ""
    again = fact.event is Event.NOT_SOLVED
    return Named(person, fact.code, local_date(fact.at, tz), words, again)


def in_the_way(
    by_name: Mapping[int, tuple[BarrierFact, Named]], known: Known, tz: str
) -> InTheWay | None:
    """Return what to tell an owner, what has no answer first; None if nothing is in the way."""
    there = all_in_the_way(by_name, known, tz)
    return InTheWay(tuple(there[:SHOWN]), more=len(there[SHOWN:])) if there else None


def all_in_the_way(
    by_name: Mapping[int, tuple[BarrierFact, Named]], known: Known, tz: str
) -> list[Obstacle]:
    """Return everything an owner may read, what has no answer first."""
    found = [_obstacle(code, by_name, known, tz) for code in ADVICE]
    there = [one for one in found if one.number or one.at_least]
    return sorted(there, key=lambda one: (one.answered_on is not None, -one.number - one.at_least))


def _obstacle(
    code: Barrier, by_name: Mapping[int, tuple[BarrierFact, Named]], known: Known, tz: str
) -> Obstacle:
    reply, total = known.replies.get(code), _total(code, known)
    mine = [pair for pair in by_name.values() if pair[0].code is code]
    mine.sort(key=lambda pair: (pair[0].at, pair[0].id), reverse=True)
    answered = all(is_answered(fact, reply) for fact, _ in mine)
    if total and (reply is None or reply.at < total.since):
        answered = False
    marks = [str(mine[0][0].id)] if mine else []
    marks += [f"{total.people}:{total.since:%Y%m%d}"] if total else []
    return Obstacle(
        code,
        tuple(told for _, told in mine[:NAMES]),
        number=len(mine),
        at_least=total.people if total else 0,
        answered_on=local_date(reply.at, tz) if reply and answered else None,
        mark=":".join(marks),
    )


def _total(code: Barrier, known: Known) -> Total | None:
    """Return the number published last, unless an owner called it solved since."""
    total = known.totals.told.get(code) if known.totals else None
    reply = known.replies.get(code)
    if total and reply and reply.kind is ReplyKind.SOLVED and reply.at >= total.since:
        return None
    return total


# --- numbers of people without names -------------------------------------------------------------


def hidden(
    people: Iterable[Someone], known: Known, asked: Collection[int], now: datetime
) -> dict[int, Barrier | None]:
    """Return who could have named something without their name: what, or None for nothing.

    `asked` is who was asked lately. Whose pick an owner has read with the name is nobody of them,
    also when they chose group figures since.
    """
    facts = {fact.stakeholder_id: fact for fact in known.facts}
    found: dict[int, Barrier | None] = {}
    for one in people:
        fact = facts.get(one.stakeholder_id)
        if one.place.is_gone or (fact and fact.by_name):
            continue
        if fact and _counts(fact, known, now):
            found[one.stakeholder_id] = fact.code
        elif one.stakeholder_id in asked:
            found[one.stakeholder_id] = None
    return found


def _counts(fact: BarrierFact, known: Known, now: datetime) -> bool:
    fresh = fact.is_open and now - fact.at < STALE
    return fresh and not is_closed(fact, known.replies.get(fact.code))


def publish(
    cycle_id: int, hidden: Mapping[int, Barrier | None], known: Known, now: datetime
) -> Totals:
    """Return what to tell of a round that closed.

    Something is told once five people named it, beside five more of whom nobody can tell that
    they did not; as "at least 5", "at least 10" and so on. It stays as it was while fewer than
    five people changed what they named.
    """
    before = known.totals or Totals(cycle_id)
    basis = {one: code for one, code in hidden.items() if code is not None}
    people = basis.keys() | before.basis.keys()
    if few(sum(basis.get(one) != before.basis.get(one) for one in people)):
        return Totals(cycle_id, before.told, before.basis)
    told = {}
    for code in ADVICE:
        number = sum(one is code for one in basis.values())
        if number >= GROUP_MINIMUM and len(hidden) - number >= GROUP_MINIMUM:
            earlier = _total(code, known)
            told[code] = Total(number - number % GROUP_MINIMUM, earlier.since if earlier else now)
    return Totals(cycle_id, told, basis)
