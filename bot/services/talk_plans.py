"""Talks as an owner plans them: whom to offer one, and what became of those offered."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.accounts import Group
from bot.domain.conversations import (
    UNSENT_FOR,
    WISHES,
    Conversation,
    Event,
    Form,
    HeldTalk,
    Origin,
    State,
)
from bot.domain.digests import Facts
from bot.domain.gives import GiveKind
from bot.domain.initiatives import Initiative, Status
from bot.domain.inputs import Outcome
from bot.domain.people import Actor, Person
from bot.domain.talk_plans import Pick, TalkPlan
from bot.errors import FieldErrors, Refused
from bot.services import (
    accounts,
    busy,
    digests,
    initiatives,
    people,
    session_plans,
    talk_calls,
    talk_endings,
    talk_messages,
    talk_notes,
    talk_picks,
)
from storage import audit, conversations, gives, inputs, received
from storage import stakeholders as places
from storage.conversations import NewTalk
from storage.database import Tx
from storage.gives import NewGive

NOT_RUNNING = "That initiative isn't running, so nobody was offered a talk."
NOT_THEM = (
    "I can't offer them a talk about this now: they have an offer, or had one lately, or nothing "
    "calls for one any more. Nothing was sent; you can always ask them yourself."
)
FULL = (
    "That's enough talks for one week: four offered or agreed on is what I plan for one person. "
    "The others wait until next week, those who wait longest first."
)
SPONSOR_FIELD = "sponsor"
NO_SPONSOR = "Choose somebody else: a colleague who isn't the one you'd like to be talked with."
SHOWN = 5
"""How many talks that are over are listed."""


def of_owner(tx: Tx, actor: Actor, initiative_id: int, now: datetime) -> TalkPlan:
    """Return the talks of an initiative as one of its owners reads them.

    Raises:
        Refused: if the actor does not lead it, or it has not started.
    """
    facts = digests.facts_for(tx, actor, initiative_id, now)
    found = talk_picks.find(tx, facts, now)
    room = talk_picks.room(tx, facts.owner, now)
    picks = talk_picks.few(found, room)
    under_way, over = _talks(tx, facts)
    return TalkPlan(
        initiative=facts.initiative,
        owner=facts.owner,
        picks=_explained(tx, facts, picks, found.groups, now),
        more=len(found.picks) - len(picks),
        room=room,
        under_way=under_way,
        over=over,
        may_call=talk_calls.may(tx, facts, now),
        may_invite=session_plans.may(tx, facts, now),
    )


def _explained(
    tx: Tx, facts: Facts, picks: Sequence[Pick], groups: Mapping[int, Group], now: datetime
) -> tuple[Pick, ...]:
    """Return the picks with what owners may read of each anyway, in the same words."""
    named = {
        one.candidate.stakeholder_id: (one.person, groups[one.candidate.stakeholder_id])
        for one in picks
        if one.candidate.stakeholder_id in groups
    }
    told = accounts.of_people(tx, facts.initiative, named, facts.judged, facts.since, now)
    return tuple(replace(one, account=told.get(one.candidate.stakeholder_id)) for one in picks)


def _talks(tx: Tx, facts: Facts) -> tuple[tuple[HeldTalk, ...], tuple[HeldTalk, ...]]:
    """Return the talks under way and the last ones that are over, as far as an owner may read."""
    shown = [state for state in State if state is not State.ASKED]
    all_of_it = conversations.of_initiative(tx, facts.initiative.id, shown)
    mine = [one for one in all_of_it if _may_read(one, facts)]
    hidden = {one.person.id for one in facts.people if one.group_only}
    shown_to_owner = [
        one if one.host == facts.owner else talk_notes.without(one, hidden) for one in mine
    ]
    told = talk_notes.held(tx, shown_to_owner, facts.initiative.tz)
    open_ones = [one for one in told if one.talk.state.is_open]
    open_ones.sort(key=lambda one: (one.talk.starts_at is None, one.talk.starts_at or one.on))
    over = [one for one in told if not one.talk.state.is_open]
    return tuple(open_ones), tuple(over[::-1][:SHOWN])


def _may_read(talk: Conversation, facts: Facts) -> bool:
    """Return whether it was made since the owner leads; group figures hide what was not asked."""
    if talk.form is Form.EVERYONE or talk.made_at < facts.since:
        return False
    if talk.form is Form.GROUP:
        return True
    someone = next((one for one in facts.people if one.stakeholder_id == talk.stakeholder_id), None)
    if someone is None:
        return False
    return not someone.group_only or talk.origin is Origin.ASKED


def offer(
    tx: Tx, actor: Actor, stakeholder_id: int, key: str, now: datetime, sponsor: str = ""
) -> tuple[TalkPlan, Person]:
    """Offer somebody a talk with the owner who acts; return the plan as it is then, and to whom.

    Who asked for it gets times at once; anybody else an invitation among their other messages.
    With a `sponsor` (their Slack id) that one is asked first whether they can, and learns no name
    before a time is agreed. The same `key` again offers nothing.

    Raises:
        Refused: if the actor leads nothing that runs there, the person cannot be offered one, or
            there were enough for this week.
        FieldErrors: on `SPONSOR_FIELD`, if that person cannot be asked.
    """
    own = places.load(tx, stakeholder_id)
    if own is None or own.workspace_id != actor.workspace_id:
        raise Refused(initiatives.GONE)
    facts = digests.facts_for(tx, actor, own.initiative_id, now)
    if facts.initiative.status is not Status.RUNNING:
        raise Refused(NOT_RUNNING)
    if received.first_time(tx, actor.workspace_id, key, now):
        host = _sponsor(tx, actor, own.person, sponsor, now) if sponsor else facts.owner
        conversations.lock_people(tx, [own.person.id, host.id])
        picks = talk_picks.find(tx, facts, now).picks
        pick = next((one for one in picks if one.candidate.stakeholder_id == own.id), None)
        if pick is None:
            raise Refused(NOT_THEM)
        if not talk_picks.room(tx, host, now):
            raise Refused(FULL)
        talk = _made(tx, facts, pick, host, now)
        busy.look_again(tx, [own.person.id, host.id], now)
        what = "conversations.offered"
        who = actor.slack_user_id
        audit.record(tx, own.workspace_id, who, what, "conversation", talk.id, now)
    return of_owner(tx, actor, own.initiative_id, now), own.person


def _sponsor(tx: Tx, actor: Actor, guest: Person, slack_user_id: str, now: datetime) -> Person:
    who = people.person(tx, Actor(actor.workspace_id, slack_user_id), now)
    if who == guest or who.is_bot or who.is_deleted:
        raise FieldErrors({SPONSOR_FIELD: NO_SPONSOR})
    return who


def _made(tx: Tx, facts: Facts, pick: Pick, host: Person, now: datetime) -> Conversation:
    """Make the offer and have it sent, or a sponsor asked."""
    state = State.OFFERED if host == facts.owner else State.HOST_ASKED
    place, initiative = pick.candidate.stakeholder_id, facts.initiative
    asked = conversations.asked_for(tx, place)
    until = now + UNSENT_FOR
    if asked:
        talk_id = asked.id
        both = {"host_id": host.id, "offered_by_id": facts.owner.id}
        conversations.change(tx, talk_id, state=state.value, next_due_at=until, **both)
    else:
        wished = pick.candidate.asked
        new = NewTalk(
            workspace_id=initiative.workspace_id,
            initiative_id=initiative.id,
            form=Form.ONE_ON_ONE,
            origin=Origin.ASKED if wished else Origin.SUGGESTED,
            state=state,
            stakeholder_id=place,
            person_id=pick.person.id,
            host_id=host.id,
            offered_by_id=facts.owner.id,
            next_due_at=until,
        )
        talk_id = conversations.add(tx, new, now)
    talk = conversations.get(tx, talk_id)
    assert talk is not None  # noqa: S101 - it was just written
    if talk.origin is Origin.ASKED:
        _replied(tx, talk, facts.owner, now)
    if state is State.HOST_ASKED:
        talk_messages.ask_host(tx, talk, now)
        conversations.say(tx, talk, Event.HOST_ASKED, facts.owner.id, now)
    else:
        send(tx, talk, now)
    return talk


def send(tx: Tx, talk: Conversation, now: datetime) -> None:
    """Have an offer sent: at once to who asked for it, else among their other messages."""
    assert talk.guest is not None  # noqa: S101 - a talk of two
    assert talk.stakeholder_id is not None  # noqa: S101
    if talk.origin is Origin.ASKED:
        talk_messages.offer(tx, talk, now)
        return
    place = talk.stakeholder_id
    new = NewGive(
        workspace_id=talk.workspace_id,
        initiative_id=talk.initiative_id,
        stakeholder_id=place,
        person_id=talk.guest.id,
        kind=GiveKind.TALK_OFFER,
        subject_id=talk.id,
    )
    gives.add(tx, [new], now, None)
    places.change(tx, [place], next_due_at=now)


def _replied(tx: Tx, talk: Conversation, owner: Person, now: datetime) -> None:
    """Take the wish to talk off what waits for a reply: the offer is the reply."""
    assert talk.guest is not None  # noqa: S101 - a talk of two
    for told in inputs.of_giver(tx, talk.guest.id, talk.initiative_id):
        if told.words in WISHES and told.reply is None:
            inputs.add_reply(tx, told, Outcome.USED, "", owner, now)


def withdraw(tx: Tx, actor: Actor, talk_id: int, now: datetime) -> TalkPlan:
    """Take back an offer that was not answered yet; its guest sees so if they look.

    Raises:
        Refused: if the actor does not lead it, or it is not open any more.
    """
    talk = conversations.locked(tx, talk_id)
    if talk is None or talk.workspace_id != actor.workspace_id:
        raise Refused(talk_messages.GONE)
    initiative: Initiative = initiatives.led(tx, actor, talk.initiative_id, now)
    if talk.state in (State.OFFERED, State.HOST_ASKED):
        talk_endings.end(tx, [talk], State.WITHDRAWN, people.person(tx, actor, now), now)
    return of_owner(tx, actor, initiative.id, now)
