"""Whom a talk could help: who asked for one, and whose own words say so; never group-only people.

It reads the facts of a digest, so that owners are prompted about nobody of whom they may not read.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.domain import talks
from bot.domain.accounts import NAMES, Group, is_nameable, stands_alone
from bot.domain.calendars import MIDNIGHT, at_local, local_date
from bot.domain.conversations import Conversation, State
from bot.domain.digests import Facts
from bot.domain.initiatives import Initiative, Status
from bot.domain.people import Person
from bot.domain.pulses import Explain
from bot.domain.talk_plans import Pick
from bot.domain.talk_rules import Candidate, in_turn, may_offer, room_for
from storage import conversations
from storage.conversations import PlaceNow
from storage.database import Tx

SUGGESTED = (Group.WORTH_A_TALK, Group.WORDS_NOT_PRACTICE)


@dataclass(frozen=True, slots=True, repr=False)
class Found:
    """Everybody who could be offered a talk now, in their turn, and in which group they are read.

    `groups` has those with an estimate, by stakeholder id.
    """

    picks: tuple[Pick, ...]
    groups: Mapping[int, Group]


def find(tx: Tx, facts: Facts, now: datetime) -> Found:
    """Return who could be offered a talk about a running initiative, in their turn."""
    initiative = facts.initiative
    if initiative.status is not Status.RUNNING:
        return Found((), {})
    wished = _asked(facts.talks_asked, facts)
    groups = _groups(facts)
    picks = {one.candidate.stakeholder_id: one for one in _suggested(facts, groups)}
    picks |= {one.candidate.stakeholder_id: one for one in wished}
    there = conversations.places_now(tx, picks.keys())
    free = [
        _since(pick.candidate, there[one])
        for one, pick in picks.items()
        if pick.candidate.asked or not there[one].holds_back(now)
        if may_offer(pick.candidate, there[one].lately, now)
    ]
    ordered = [replace(picks[one.stakeholder_id], candidate=one) for one in in_turn(free)]
    return Found(tuple(ordered), groups)


def asked(tx: Tx, initiative: Initiative, since: datetime) -> tuple[Conversation, ...]:
    """Return the wishes to talk that nobody took up, for an owner who leads since `since`."""
    waiting = conversations.of_initiative(tx, initiative.id, [State.ASKED])
    return tuple(one for one in waiting if one.made_at >= since and one.guest is not None)


def suggested(tx: Tx, facts: Facts, now: datetime) -> int:
    """Return for how many people their own words suggest a talk this week, if there is time."""
    found = find(tx, facts, now)
    picks = few(found, room(tx, facts.owner, now)) if found.picks else ()
    return sum(not one.candidate.asked for one in picks)


def room(tx: Tx, host: Person, now: datetime) -> int:
    """Return how many more talks somebody can be asked to hold now."""
    return room_for(*conversations.load_of(tx, host.id, now), now)


def few(found: Found, most: int) -> tuple[Pick, ...]:
    """Return whom to prompt for: who asked, and at most three others, as far as there is room."""
    wished = [one for one in found.picks if one.candidate.asked]
    others = [one for one in found.picks if not one.candidate.asked]
    return tuple([*wished, *others[:NAMES]][:most])


def _since(candidate: Candidate, there: PlaceNow) -> Candidate:
    if candidate.asked or there.attention_at is None:
        return candidate
    return replace(candidate, waits_since=there.attention_at)


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


def _suggested(facts: Facts, groups: Mapping[int, Group]) -> Iterable[Pick]:
    named = {one.stakeholder_id: one for one in facts.people if is_nameable(one)}
    by_person = {one.person.id: place for place, one in named.items()}
    for place in groups:
        yield Pick(Candidate(place, named[place].person.id, facts.now), named[place].person)
    if facts.closed is not None and facts.by_name:
        alone = [one for one in facts.low if _stands_alone(one.stakeholder_id, facts)]
        heard = talks.heard_by_name(facts.people, alone, facts.since)
        for talk in talks.worth_a_talk(heard, facts.initiative.tz, None):
            since = _morning(talk.on, facts.initiative)
            if talk.person.id in by_person:
                candidate = Candidate(by_person[talk.person.id], talk.person.id, since)
                yield Pick(candidate, talk.person, talk=talk)
    heard = talks.heard_by_name(facts.people, facts.explain, facts.since)
    for wish in talks.wishes(heard, facts.initiative.tz):
        if wish.how is Explain.FIFTEEN_MINUTES and wish.stakeholder_id in named:
            since = _morning(wish.on, facts.initiative)
            asked = Candidate(wish.stakeholder_id, wish.person.id, since, asked=True)
            yield Pick(asked, wish.person, wish=wish)


def _morning(day: date, initiative: Initiative) -> datetime:
    return at_local(day, MIDNIGHT, initiative.tz)


def _stands_alone(place: int, facts: Facts) -> bool:
    return stands_alone((facts.judged or {}).get(place))
