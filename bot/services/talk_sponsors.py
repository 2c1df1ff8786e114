"""Sponsors: whether they can talk with somebody whose name they do not learn before that agrees."""

from dataclasses import replace
from datetime import datetime

from bot.domain.conversations import UNSENT_FOR, HostAsked, State
from bot.domain.people import Actor
from bot.errors import Refused
from bot.services import talk_endings, talk_messages, talk_plans
from storage import audit, conversations
from storage.database import Tx

NOT_YOURS = "Somebody else was asked that, so nothing was changed."
OVER = "That is settled already, so nothing was changed. Thank you all the same."


def answer(tx: Tx, actor: Actor, talk_id: int, yes: bool, now: datetime) -> HostAsked:
    """Take whether a sponsor can; the offer goes out then, or its owner reads that they can't.

    The same answer again changes nothing.

    Raises:
        Refused: if somebody else was asked, or it is settled.
    """
    talk = conversations.locked(tx, talk_id)
    if talk is None or talk.host is None:
        raise Refused(OVER)
    host = talk.host
    if (host.workspace_id, host.slack_user_id) != (actor.workspace_id, actor.slack_user_id):
        raise Refused(NOT_YOURS)
    held = State.OFFERED if yes else State.WITHDRAWN
    if talk.state is held:
        return talk_messages.host_asked(tx, talk_id)
    if talk.state is not State.HOST_ASKED:
        raise Refused(OVER)
    if yes:
        conversations.change(tx, talk.id, state=held.value, next_due_at=now + UNSENT_FOR)
        talk_plans.send(tx, replace(talk, state=held), now)
    else:
        talk_endings.end(tx, [talk], held, host, now)
    what = "conversations.host_can" if yes else "conversations.host_cannot"
    who = actor.slack_user_id
    audit.record(tx, talk.workspace_id, who, what, "conversation", talk.id, now)
    return talk_messages.host_asked(tx, talk_id)
