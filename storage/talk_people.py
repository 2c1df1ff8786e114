"""Whose talks: those somebody holds, was asked to, or comes to, and who is invited together."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import cast

from sqlalchemy import ColumnElement, Table, insert, or_, select, update

from bot.domain.conversations import Conversation, Form, State
from bot.domain.people import Person
from storage import tables
from storage.conversations import ALL, matching
from storage.database import Tx
from storage.people import to_person

_talk = cast(Table, tables.Conversation.__table__)
_guest = cast(Table, tables.ConversationGuest.__table__)
_person = cast(Table, tables.Person.__table__)


def of_guest(tx: Tx, person_id: int) -> list[Conversation]:
    """Return the talks of two that somebody was asked to, or asked for, oldest first."""
    return matching(tx, ALL.where(_talk.c.person_id == person_id))


def of_host(tx: Tx, person_id: int, states: Iterable[State]) -> list[Conversation]:
    """Return the talks in some states that somebody is to hold, oldest first.

    Not what was offered to everyone in group figures.
    """
    several = _talk.c.form == Form.EVERYONE.value
    return matching(tx, ALL.where(_talk.c.host_id == person_id, _in(states), ~several))


def of_invited(tx: Tx, person_id: int, states: Iterable[State]) -> list[Conversation]:
    """Return the group sessions in some states that somebody was invited to, oldest first."""
    return matching(tx, ALL.where(_invited([person_id]), _in(states)))


def with_person(tx: Tx, person_id: int, states: Iterable[State]) -> list[Conversation]:
    """Return the talks in some states of which somebody is any side, oldest first."""
    return matching(tx, ALL.where(_in(states), _with([person_id])))


def open_with(
    tx: Tx, person_ids: Collection[int], initiative_id: int | None = None
) -> list[Conversation]:
    """Lock and return what is asked for, offered or agreed with any of these people, oldest first.

    With `initiative_id` only of that one.
    """
    waits = _in((State.ASKED, State.HOST_ASKED, State.OFFERED, State.AGREED))
    statement = ALL.where(waits, _with(person_ids))
    if initiative_id is not None:
        statement = statement.where(_talk.c.initiative_id == initiative_id)
    return matching(tx, statement.with_for_update(key_share=True))


def _in(states: Iterable[State]) -> ColumnElement[bool]:
    return _talk.c.state.in_([state.value for state in states])


def _with(person_ids: Collection[int]) -> ColumnElement[bool]:
    return or_(
        _talk.c.person_id.in_(person_ids), _talk.c.host_id.in_(person_ids), _invited(person_ids)
    )


def _invited(person_ids: Collection[int]) -> ColumnElement[bool]:
    mine = select(_guest.c.conversation_id).where(_guest.c.person_id.in_(person_ids))
    return _talk.c.id.in_(mine)


# --- group sessions ------------------------------------------------------------------------------


def add_guests(tx: Tx, talk: Conversation, guests: Iterable[tuple[int, int]]) -> None:
    """Add who is invited to a group session: (stakeholder, person)."""
    common = {"workspace_id": talk.workspace_id, "conversation_id": talk.id, "times": []}
    rows = [common | {"stakeholder_id": place, "person_id": person} for place, person in guests]
    tx.execute(insert(_guest), rows)


def set_coming(tx: Tx, talk: Conversation, person_id: int, comes: bool, now: datetime) -> None:
    """Note whether somebody comes to a group session."""
    mine = (_guest.c.conversation_id == talk.id) & (_guest.c.person_id == person_id)
    answer = "yes" if comes else "no"
    tx.execute(update(_guest).where(mine).values(answer=answer, answered_at=now))


def together_since(tx: Tx, initiative_id: int, since: datetime) -> set[int]:
    """Return the places invited to a group session about an initiative since `since`."""
    statement = (
        select(_guest.c.stakeholder_id)
        .join(_talk, _talk.c.id == _guest.c.conversation_id)
        .where(_talk.c.initiative_id == initiative_id, _talk.c.made_at > since)
    )
    return set(tx.scalars(statement))


def hosts_gone(tx: Tx, workspace_id: int) -> list[Person]:
    """Return who left the workspace and is still to hold a talk."""
    held = select(_talk.c.host_id).where(
        _talk.c.workspace_id == workspace_id,
        _in((State.HOST_ASKED, State.OFFERED, State.AGREED)),
    )
    left = (_person.c.workspace_id == workspace_id) & _person.c.is_deleted.is_(True)
    statement = select(_person).where(left, _person.c.id.in_(held)).order_by(_person.c.id)
    return [to_person(row) for row in tx.execute(statement)]
