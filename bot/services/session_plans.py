"""Group sessions as their owner plans them: only people who did their steps, never a doubter."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain import slots
from bot.domain.accounts import Group, group_of, is_nameable
from bot.domain.conversations import (
    ANNOUNCED,
    APART,
    FURTHEST,
    LEAST_TOGETHER,
    MOST_TOGETHER,
    SETTLED,
    Event,
    Form,
    Origin,
    State,
)
from bot.domain.digests import Facts
from bot.domain.figures import Someone
from bot.domain.gives import GiveKind
from bot.domain.initiatives import Status
from bot.domain.people import Actor
from bot.domain.slots import Availability, Shared, Slot
from bot.domain.talk_plans import SessionForm
from bot.domain.talk_rules import who_did
from bot.errors import Refused
from bot.services import digests, talk_hours, talk_messages
from storage import audit, commitments, conversations, gives, received, talk_people
from storage import stakeholders as places
from storage.conversations import NewTalk
from storage.database import Tx
from storage.gives import NewGive

LATELY = timedelta(weeks=8)
"""Steps taken within so long count."""

NOBODY = (
    "Fewer than three people did a step lately whom I could invite together now, so nothing was "
    "sent. People who have a talk before them, or were invited lately, are left in peace."
)
NO_TIME = "I found no time in the next four weeks that suits you and at least three of them."


def may(tx: Tx, facts: Facts, now: datetime) -> bool:
    """Return whether enough people did their steps who could be invited together now."""
    return len(_together(tx, facts, now)) >= LEAST_TOGETHER


def _together(tx: Tx, facts: Facts, now: datetime) -> list[Someone]:
    """Return whom to invite: who is with the owner, did a step, and is free; at most six."""
    if facts.initiative.status is not Status.RUNNING or not facts.shows_people or not facts.judged:
        return []
    since = max(facts.since, now - LATELY)
    did = who_did(commitments.by_name(tx, facts.initiative.id, since))
    if len(did) < LEAST_TOGETHER:
        return []
    with_you = [
        one
        for one in facts.people
        if one.person.id in did
        and is_nameable(one)
        and one.stakeholder_id in facts.judged
        and group_of(facts.judged[one.stakeholder_id]) is Group.WITH_YOU
    ]
    there = conversations.places_now(tx, [one.stakeholder_id for one in with_you])
    before = talk_people.together_since(tx, facts.initiative.id, now - APART)
    free = [
        one
        for one in with_you
        if one.stakeholder_id not in before
        and not there[one.stakeholder_id].holds_back(now)
        and not there[one.stakeholder_id].lately.has_open
    ]
    newest = sorted(free, key=lambda one: did[one.person.id].id, reverse=True)
    return sorted(newest[:MOST_TOGETHER], key=lambda one: one.stakeholder_id)


def form(tx: Tx, actor: Actor, initiative_id: int, now: datetime) -> SessionForm:
    """Return who would be invited, and to when.

    Raises:
        Refused: if the actor does not lead it, there are too few people, or there is no time.
    """
    facts = digests.facts_for(tx, actor, initiative_id, now)
    people = _together(tx, facts, now)
    shared = _time(tx, facts, people, now)
    return SessionForm(
        facts.initiative, facts.owner, tuple(one.person for one in people), shared.slot
    )


def _time(tx: Tx, facts: Facts, people: Sequence[Someone], now: datetime) -> Shared:
    if len(people) < LEAST_TOGETHER:
        raise Refused(NOBODY)
    everybody = [facts.owner, *(one.person for one in people)]
    whose = talk_hours.availability(tx, everybody, now)
    taken = conversations.taken(tx, [one.id for one in everybody], now)

    def free(person_id: int) -> Availability:
        mine = [(one.starts_at, one.ends_at) for one in taken if one.person_id == person_id]
        return replace(whose[person_id], busy=(*whose[person_id].busy, *mine))

    host, *guests = (free(one.id) for one in everybody)
    found = slots.propose_group(
        host, guests, now, least=LEAST_TOGETHER, lead=ANNOUNCED, horizon=FURTHEST
    )
    if not found:
        raise Refused(NO_TIME)
    return found[0]


def invite(tx: Tx, actor: Actor, initiative_id: int, key: str, now: datetime) -> SessionForm:
    """Invite them together, each among their other messages; everyone invited sees the list.

    The same `key` again invites nobody.

    Raises:
        Refused: as `form`.
    """
    facts = digests.facts_for(tx, actor, initiative_id, now)
    conversations.lock_people(tx, [facts.owner.id])
    if not received.first_time(tx, actor.workspace_id, key, now):
        return _last(tx, facts)
    people = _together(tx, facts, now)
    _make(tx, facts, people, _time(tx, facts, people, now), now)
    return _last(tx, facts)


def _last(tx: Tx, facts: Facts) -> SessionForm:
    """Return the session that was planned last."""
    held = conversations.of_initiative(tx, facts.initiative.id, [State.AGREED])
    talk = next((one for one in reversed(held) if one.form is Form.GROUP), None)
    if talk is None or talk.starts_at is None or talk.ends_at is None:
        raise Refused(talk_messages.GONE)
    invited = tuple(one.person for one in talk.group)
    return SessionForm(facts.initiative, facts.owner, invited, Slot(talk.starts_at, talk.ends_at))


def _make(tx: Tx, facts: Facts, people: Sequence[Someone], at: Shared, now: datetime) -> None:
    where, owner = facts.initiative.workspace_id, facts.owner
    new = NewTalk(
        workspace_id=where,
        initiative_id=facts.initiative.id,
        form=Form.GROUP,
        origin=Origin.SUGGESTED,
        state=State.AGREED,
        host_id=owner.id,
        offered_by_id=owner.id,
        next_due_at=at.slot.starts_at - SETTLED,
    )
    talk_id = conversations.add(tx, new, now)
    times = {"starts_at": at.slot.starts_at, "ends_at": at.slot.ends_at}
    conversations.change(tx, talk_id, **times)
    talk = conversations.get(tx, talk_id)
    assert talk is not None  # noqa: S101 - it was just written
    ids = [(one.stakeholder_id, one.person.id) for one in people]
    talk_people.add_guests(tx, talk, ids)
    conversations.say(tx, talk, Event.OFFERED, owner.id, now, at.slot.starts_at)
    kind = GiveKind.SESSION
    new_gives = [
        NewGive(where, facts.initiative.id, place, person, kind, talk_id) for place, person in ids
    ]
    gives.add(tx, new_gives, now, None)
    places.change(tx, [place for place, _ in ids], next_due_at=now)
    talk_messages.agreed(tx, talk, now, [owner], [owner])
    who, what = owner.slack_user_id, "conversations.together"
    audit.record(tx, where, who, what, "conversation", talk_id, now)
