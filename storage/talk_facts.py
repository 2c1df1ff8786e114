"""What became of talks, as facts that standings are made of; see `evidence`, which reads them."""

from typing import cast

from sqlalchemy import Table, bindparam, case, func, select

from bot.domain.batches import TALKS
from bot.domain.conversations import Event, Origin
from bot.domain.evidence import TalkEvent
from storage import tables
from storage.moments import NEVER, micros

_talk = cast(Table, tables.Conversation.__table__)
_heard = cast(Table, tables.ConversationEvent.__table__)

_EVENTS = {
    Event.OFFERED.value: TALKS[TalkEvent.OFFERED],
    Event.ACCEPTED.value: TALKS[TalkEvent.ACCEPTED],
    Event.DECLINED.value: TALKS[TalkEvent.DECLINED],
    Event.MET.value: TALKS[TalkEvent.HELD],
}
_agreed_to_own = (_talk.c.origin == Origin.ASKED.value) & (_heard.c.event == Event.ACCEPTED.value)
"""Who asked for a talk was not offered one: it is no evidence, as input given is none."""

_known = _heard.c.event.in_(list(_EVENTS)) & _talk.c.stakeholder_id.is_not(None)
_whose = _talk.c.stakeholder_id.in_(bindparam("people", expanding=True))
_TOLD = (
    select(
        _talk.c.stakeholder_id,
        _talk.c.id,
        micros(_heard.c.at),
        case((_agreed_to_own, NEVER), else_=case(_EVENTS, value=_heard.c.event)),
    )
    .select_from(_talk)
    .join(_heard, _heard.c.conversation_id == _talk.c.id)
    .where(_known)
)

OF_PEOPLE = _TOLD.where(_whose)
LATER = _TOLD.where(
    _talk.c.initiative_id == bindparam("initiative_id"), _heard.c.at > bindparam("after")
)
COUNTED = (
    select(_talk.c.stakeholder_id, func.count())
    .select_from(_talk)
    .join(_heard, _heard.c.conversation_id == _talk.c.id)
    .where(_known, _whose, _heard.c.at <= bindparam("until"))
    .group_by(_talk.c.stakeholder_id)
)
