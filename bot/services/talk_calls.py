"""A general offer of a talk to everyone who shows in group figures; nobody is picked for it."""

from datetime import datetime

from bot.domain.conversations import APART, UNSENT_FOR, Form, Origin, State
from bot.domain.digests import Facts
from bot.domain.figures import Someone
from bot.domain.gives import GiveKind
from bot.domain.initiatives import GROUP_MINIMUM, Place, Status
from bot.domain.people import Actor
from bot.errors import Refused
from bot.services import digests, initiatives
from storage import audit, conversations, gives
from storage import stakeholders as places
from storage.conversations import NewTalk
from storage.database import Tx
from storage.gives import NewGive

NOT_NOW = (
    "I can't offer that now: too few people show in group figures to do so without telling who, "
    "or they got such an offer in the last six weeks. Nothing was sent."
)


def may(tx: Tx, facts: Facts, now: datetime) -> bool:
    """Return whether everyone in group figures could get a general offer now.

    Only where there are enough of them, so that the offer to make one tells nothing.
    """
    if facts.initiative.status is not Status.RUNNING:
        return False
    if len(_hidden(facts)) < GROUP_MINIMUM:
        return False
    last = conversations.last_call(tx, facts.initiative.id)
    return last is None or last + APART <= now


def _hidden(facts: Facts) -> list[Someone]:
    return [one for one in facts.people if one.group_only and one.place is Place.ACTIVE]


def call(tx: Tx, actor: Actor, initiative_id: int, now: datetime) -> None:
    """Have everyone in group figures get a general offer, among their other messages.

    Raises:
        Refused: if the actor does not lead it, or it cannot be offered now.
    """
    conversations.lock_people(tx, [one.id for one in initiatives.load(tx, initiative_id).owners])
    facts = digests.facts_for(tx, actor, initiative_id, now)
    if not may(tx, facts, now):
        raise Refused(NOT_NOW)
    where = facts.initiative.workspace_id
    new = NewTalk(
        workspace_id=where,
        initiative_id=initiative_id,
        form=Form.EVERYONE,
        origin=Origin.SUGGESTED,
        state=State.OFFERED,
        host_id=facts.owner.id,
        offered_by_id=facts.owner.id,
        next_due_at=now + UNSENT_FOR,
    )
    talk_id = conversations.add(tx, new, now)
    hidden = _hidden(facts)
    given = [
        NewGive(
            where, initiative_id, one.stakeholder_id, one.person.id, GiveKind.TALK_CALL, talk_id
        )
        for one in hidden
    ]
    gives.add(tx, given, now, None)
    places.change(tx, [one.stakeholder_id for one in hidden], next_due_at=now)
    who = actor.slack_user_id
    audit.record(tx, where, who, "conversations.called", "conversation", talk_id, now)
