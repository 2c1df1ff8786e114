"""Whom a talk could help: who asked for one, and whose own words say so; never group-only people.

It reads the facts of a digest, so that owners are prompted about nobody of whom they may not read.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import chain, islice

from bot.domain import talks
from bot.domain.accounts import NAMES, Group, is_nameable, stands_alone
from bot.domain.calendars import MIDNIGHT, at_local, local_date
from bot.domain.conversations import Conversation, State
from bot.domain.digests import Facts
from bot.domain.figures import Someone, Told
from bot.domain.initiatives import Initiative, Status
from bot.domain.people import Person
from bot.domain.pulses import Explain
from bot.domain.talk_plans import Pick
from bot.domain.talk_rules import Candidate, may_offer, room_for, turn
from storage import conversations
from storage.conversations import PlaceNow
from storage.database import Tx

SUGGESTED = (Group.WORTH_A_TALK, Group.WORDS_NOT_PRACTICE)

AT_ONCE = 20
"""How many people are looked at together, to find out for how many a talk is suggested."""


@dataclass(frozen=True, slots=True, repr=False)
class Found:
    """Everybody who could be offered a talk now, in their turn, and in which group they are read.

    `groups` has those with an estimate, by stakeholder id.
    """

    picks: tuple[Pick, ...]
    groups: Mapping[int, Group]


def find(tx: Tx, facts: Facts, now: datetime) -> Found:
    """Return who could be offered a talk about a running initiative, in their turn."""
    if facts.initiative.status is not Status.RUNNING:
        return Found((), {})
    wished = _wished(facts)
    groups = _groups(facts)
    free = _free(tx, [*wished.values(), *_others(facts, groups, wished)], now)
    return Found(tuple(sorted(free, key=lambda one: turn(one.candidate))), groups)


def asked(tx: Tx, initiative: Initiative, since: datetime) -> tuple[Conversation, ...]:
    """Return the wishes to talk that nobody took up, for an owner who leads since `since`."""
    waiting = conversations.of_initiative(tx, initiative.id, [State.ASKED])
    return tuple(one for one in waiting if one.made_at >= since and one.guest is not None)


def suggested(tx: Tx, facts: Facts, now: datetime) -> int:
    """Return for how many people their own words suggest a talk this week, if there is time.

    It looks no further than to the number that is told: hundreds may be worth one.
    """
    left = room(tx, facts.owner, now) if facts.initiative.status is Status.RUNNING else 0
    if not left:
        return 0
    wished = _wished(facts)
    most = min(NAMES, left - len(_free(tx, list(wished.values()), now)))
    others = _others(facts, _groups(facts), wished)
    found = 0
    while found < most and (some := list(islice(others, AT_ONCE))):
        found += len(_free(tx, some, now))
    return max(0, min(found, most))


def room(tx: Tx, host: Person, now: datetime) -> int:
    """Return how many more talks somebody can be asked to hold now."""
    return room_for(*conversations.load_of(tx, host.id, now), now)


def few(found: Found, most: int) -> tuple[Pick, ...]:
    """Return whom to prompt for: who asked, and at most three others, as far as there is room."""
    wished = [one for one in found.picks if one.candidate.asked]
    others = [one for one in found.picks if not one.candidate.asked]
    return tuple([*wished, *others[:NAMES]][:most])


def _free(tx: Tx, picks: Collection[Pick], now: datetime) -> list[Pick]:
    """Return those who can be offered a talk now, with since when they wait."""
    there = conversations.places_now(tx, [one.candidate.stakeholder_id for one in picks])
    return [
        replace(pick, candidate=_since(pick.candidate, here))
        for pick in picks
        for here in [there[pick.candidate.stakeholder_id]]
        if pick.candidate.asked or not here.holds_back(now)
        if may_offer(pick.candidate, here.lately, now)
    ]


def _since(candidate: Candidate, there: PlaceNow) -> Candidate:
    if candidate.asked or there.attention_at is None:
        return candidate
    return replace(candidate, waits_since=there.attention_at)


def _wished(facts: Facts) -> dict[int, Pick]:
    """Return who asked for a talk, or for an explanation in one, by stakeholder id."""
    heard = talks.heard_by_name(facts.people, facts.explain, facts.since)
    explained = _explained(facts, heard)
    return {
        one.candidate.stakeholder_id: one for one in (*explained, *_asked(facts.talks_asked, facts))
    }


def _asked(waiting: Iterable[Conversation], facts: Facts) -> Iterable[Pick]:
    """Yield who asked for a talk since the owner leads; they gave their names with it."""
    tz = facts.initiative.tz
    for talk in waiting:
        if talk.guest is None or talk.stakeholder_id is None:
            continue
        candidate = Candidate(talk.stakeholder_id, talk.guest.id, talk.made_at, asked=True)
        yield Pick(candidate, talk.guest, asked_on=local_date(talk.made_at, tz))


def _groups(facts: Facts) -> dict[int, Group]:
    """Return in which group those are read about whom an owner might talk with."""
    if not facts.shows_people or facts.judged is None:
        return {}
    return {
        one.stakeholder_id: group
        for group in SUGGESTED
        for one in facts.grouped.may_name[group]
        if group is Group.WORTH_A_TALK or facts.judged[one.stakeholder_id].worth_a_talk
    }


def _others(facts: Facts, groups: Mapping[int, Group], besides: Collection[int]) -> Iterator[Pick]:
    """Yield each whom their own words suggest, once; `besides` are those who asked themselves."""
    seen = set(besides)
    for pick in chain(_alone(facts), _in_groups(facts, groups)):
        if pick.candidate.stakeholder_id not in seen:
            seen.add(pick.candidate.stakeholder_id)
            yield pick


def _in_groups(facts: Facts, groups: Mapping[int, Group]) -> Iterator[Pick]:
    for one in chain.from_iterable(facts.grouped.may_name[group] for group in SUGGESTED):
        if one.stakeholder_id in groups:
            yield Pick(Candidate(one.stakeholder_id, one.person.id, facts.now), one.person)


def _alone(facts: Facts) -> Iterator[Pick]:
    """Yield those whose low answers are told as such, because there is no estimate."""
    if facts.closed is None or not facts.by_name:
        return
    low = [one for one in facts.low if _stands_alone(one.stakeholder_id, facts)]
    heard = talks.heard_by_name(facts.people, low, facts.since)
    places = {one.person.id: one.stakeholder_id for one, _ in heard if is_nameable(one)}
    for talk in talks.worth_a_talk(heard, facts.initiative.tz, None):
        if talk.person.id in places:
            since = _morning(talk.on, facts.initiative)
            candidate = Candidate(places[talk.person.id], talk.person.id, since)
            yield Pick(candidate, talk.person, talk=talk)


def _explained(facts: Facts, heard: Sequence[tuple[Someone, Told]]) -> Iterator[Pick]:
    named = {one.stakeholder_id for one, _ in heard if is_nameable(one)}
    for wish in talks.wishes(heard, facts.initiative.tz):
        if wish.how is Explain.FIFTEEN_MINUTES and wish.stakeholder_id in named:
            since = _morning(wish.on, facts.initiative)
            asked = Candidate(wish.stakeholder_id, wish.person.id, since, asked=True)
            yield Pick(asked, wish.person, wish=wish)


def _morning(day: date, initiative: Initiative) -> datetime:
    return at_local(day, MIDNIGHT, initiative.tz)


def _stands_alone(place: int, facts: Facts) -> bool:
    return stands_alone((facts.judged or {}).get(place))
