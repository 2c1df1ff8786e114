"""What people told the owners, and what became of it, in the database."""

import functools
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, func, insert, select

from bot.domain.initiatives import Place
from bot.domain.inputs import About, Input, Outcome, Reply
from bot.domain.people import Person
from storage import tables, texts
from storage.database import Tx
from storage.people import to_person


def add(
    tx: Tx,
    giver: Person,
    plan: tuple[int, int],
    words: str,
    named: bool,
    now: datetime,
    about: About = About.INITIATIVE,
) -> int:
    """Append an input; `plan` is (initiative id, plan version id); return its id."""
    initiative_id, version_id = plan
    statement = insert(tables.Input).values(
        workspace_id=giver.workspace_id,
        initiative_id=initiative_id,
        person_id=giver.id,
        named=named,
        about=about.value,
        words_id=texts.keep(tx, giver.workspace_id, giver.id, words, now),
        plan_version_id=version_id,
        created_at=now,
    )
    return tx.scalars(statement.returning(tables.Input.id)).one()


def get(tx: Tx, input_id: int) -> Input | None:
    """Return one input with its newest reply, or None if there is none with this id."""
    return next(iter(_found(tx, _all().where(tables.Input.id == input_id))), None)


def of_giver(tx: Tx, person_id: int, initiative_id: int | None = None) -> list[Input]:
    """Return what a person told, oldest first; with `initiative_id` only there."""
    if initiative_id is None:
        return _found(tx, _all().where(tables.Input.person_id == person_id))
    return _found(tx, _of_giver_there(), person_id=person_id, initiative_id=initiative_id)


def unanswered(tx: Tx, initiative_id: int) -> list[Input]:
    """Return the inputs of an initiative that no owner replied to, oldest first."""
    return _found(tx, _unanswered(), initiative_id=initiative_id)


def group_only_since(
    tx: Tx, initiative_id: int, person_ids: Collection[int]
) -> dict[int, datetime]:
    """Return when people last chose to be in group figures only, for those who did."""
    place, person = tables.Stakeholder, tables.Person
    rows = tx.execute(
        select(person.id, place.group_only_at, person.group_only_at)
        .outerjoin(place, (place.person_id == person.id) & (place.initiative_id == initiative_id))
        .where(person.id.in_(person_ids))
    )
    # For the initiative, for all of them, or both: what was told before the later is hidden.
    chosen = {row[0]: [moment for moment in row[1:] if moment] for row in rows}
    return {person_id: max(moments) for person_id, moments in chosen.items() if moments}


def people_asked(tx: Tx, initiative_id: int) -> int:
    """Return how many people are asked about an initiative; those who left are not."""
    place = tables.Stakeholder
    there = place.status.not_in([one.value for one in Place if one.is_gone])
    asked = select(func.count()).where(place.initiative_id == initiative_id, there)
    return tx.scalars(asked).one()


def owner_since(tx: Tx, initiative_id: int, person_id: int) -> datetime | None:
    """Return since when the person leads the initiative, or None if they do not."""
    owner = tables.InitiativeOwner
    return tx.scalars(
        select(func.max(owner.since)).where(
            owner.initiative_id == initiative_id,
            owner.person_id == person_id,
            owner.until.is_(None),
        )
    ).one()


def add_reply(
    tx: Tx, told: Input, outcome: Outcome, words: str, replied_by: Person, now: datetime
) -> Reply:
    """Append a reply to an input and return it; empty `words` keep no text."""
    words_id = texts.keep(tx, told.workspace_id, replied_by.id, words, now) if words else None
    statement = insert(tables.InputReply).values(
        workspace_id=told.workspace_id,
        input_id=told.id,
        outcome=outcome.value,
        words_id=words_id,
        replied_by_id=replied_by.id,
        replied_at=now,
    )
    reply_id = tx.scalars(statement.returning(tables.InputReply.id)).one()
    return Reply(reply_id, outcome, words, now)


def replied(tx: Tx, reply_id: int) -> tuple[int, int] | None:
    """Return (input id, id of the person who replied) of a reply, or None if it is not there."""
    reply = tables.InputReply
    found = select(reply.input_id, reply.replied_by_id).where(reply.id == reply_id)
    row = tx.execute(found).one_or_none()
    return (row.input_id, row.replied_by_id) if row else None


@functools.cache
def _all() -> Select[tables.Input, tables.Person]:
    return (
        select(tables.Input, tables.Person)
        .join(tables.Person, tables.Person.id == tables.Input.person_id)
        .order_by(tables.Input.id)
        .execution_options(populate_existing=True)
    )


@functools.cache  # built once: every digest asks it
def _unanswered() -> Select[tables.Input, tables.Person]:
    answered = select(tables.InputReply.id).where(tables.InputReply.input_id == tables.Input.id)
    there = tables.Input.initiative_id == bindparam("initiative_id")
    return _all().where(there, ~answered.exists())


@functools.cache  # built once: it is read after every tap
def _of_giver_there() -> Select[tables.Input, tables.Person]:
    return _all().where(
        tables.Input.person_id == bindparam("person_id"),
        tables.Input.initiative_id == bindparam("initiative_id"),
    )


def _found(tx: Tx, statement: Select[tables.Input, tables.Person], **values: int) -> list[Input]:
    rows = tx.execute(statement, values).all()
    if not rows:
        return []
    replies = _newest_replies(tx, [row[0].id for row in rows])
    words = texts.words_of(
        tx, [*(row[0].words_id for row in rows), *(reply.words_id for reply in replies.values())]
    )
    return [_input(row[0], row[1], replies.get(row[0].id), words) for row in rows]


def _newest_replies(tx: Tx, input_ids: Iterable[int]) -> dict[int, Any]:
    reply = tables.InputReply
    rows = tx.execute(
        select(reply.input_id, reply.id, reply.outcome, reply.words_id, reply.replied_at)
        .where(reply.input_id.in_(list(input_ids)))
        .order_by(reply.id)
    )
    return {row.input_id: row for row in rows}


def _input(row: tables.Input, giver: tables.Person, reply: Any, words: dict[int, str]) -> Input:
    return Input(
        id=row.id,
        workspace_id=row.workspace_id,
        initiative_id=row.initiative_id,
        giver=to_person(giver),
        named=row.named,
        words=words.get(row.words_id, ""),
        created_at=row.created_at,
        about=About(row.about),
        reply=reply
        and Reply(
            id=reply.id,
            outcome=Outcome(reply.outcome),
            words=words.get(reply.words_id, ""),
            replied_at=reply.replied_at,
        ),
    )
