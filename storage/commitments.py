"""Commitments and how they ended, in the database."""

import functools
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Select,
    and_,
    bindparam,
    func,
    insert,
    or_,
    select,
    update,
)

from bot.domain.commitments import Commitment, Ending
from bot.domain.initiatives import Place, Status, Visibility
from bot.domain.outbox import Kind, State
from bot.domain.people import Person
from storage import tables, texts, workspaces
from storage.database import Tx
from storage.people import to_person


def add(
    tx: Tx,
    person: Person,
    initiative_id: int,
    words: str,
    due_on: date,
    now: datetime,
    *,
    stakeholder_id: int | None = None,
    ask_id: int | None = None,
) -> int:
    """Append a commitment, an owner's if there is no `stakeholder_id`; return its id.

    `ask_id` is the check-in that offered it, if one did.
    """
    statement = insert(tables.Commitment).values(
        workspace_id=person.workspace_id,
        initiative_id=initiative_id,
        person_id=person.id,
        stakeholder_id=stakeholder_id,
        ask_id=ask_id,
        words_id=texts.keep(tx, person.workspace_id, person.id, words, now),
        due_on=due_on,
        created_at=now,
    )
    return tx.scalars(statement.returning(tables.Commitment.id)).one()


def add_outcome(
    tx: Tx, commitment: Commitment, ending: Ending, new_due_on: date | None, now: datetime
) -> None:
    """Append how a commitment ended, or its new date; nothing waits for its person any more."""
    set_silent_at(tx, commitment.id, None)
    tx.execute(
        insert(tables.CommitmentOutcome).values(
            workspace_id=commitment.workspace_id,
            commitment_id=commitment.id,
            outcome=ending.value,
            new_due_on=new_due_on,
            told_at=now,
        )
    )


def add_plan(tx: Tx, commitment: Commitment, words: str, now: datetime) -> None:
    """Append when and where somebody will do it."""
    who = commitment.person
    tx.execute(
        insert(tables.CommitmentPlan).values(
            workspace_id=commitment.workspace_id,
            commitment_id=commitment.id,
            words_id=texts.keep(tx, commitment.workspace_id, who.id, words, now),
            told_at=now,
        )
    )


def set_silent_at(tx: Tx, commitment_id: int, at: datetime | None) -> None:
    """Note when it counts as missed unless somebody says how it went; None is never."""
    chosen = update(tables.Commitment).where(tables.Commitment.id == commitment_id)
    tx.execute(chosen.values(silent_at=at))


def gone_silent(tx: Tx, now: datetime, limit: int) -> list[Commitment]:
    """Lock and return at most `limit` that somebody should have spoken about by now."""
    ids = tx.scalars(_gone_silent(), {"now": now, "most": limit}).all()
    return _found(tx, _all().where(tables.Commitment.id.in_(ids))) if ids else []


@functools.cache  # built once: it is looked for at every tick
def _gone_silent() -> Select[int]:
    table = tables.Commitment
    return (
        select(table.id)
        .where(table.silent_at <= bindparam("now"), table.workspace_id.not_in(workspaces.removed()))
        .order_by(table.silent_at, table.id)
        .limit(bindparam("most", type_=Integer))
        .with_for_update(key_share=True, skip_locked=True)
    )


def get(tx: Tx, commitment_id: int) -> Commitment | None:
    """Return one commitment with its newest outcome, or None if there is none with this id."""
    return next(iter(_found(tx, _all().where(tables.Commitment.id == commitment_id))), None)


def of_owner(tx: Tx, initiative_id: int) -> list[Commitment]:
    """Return what the owners of an initiative promised, with the newest outcomes, oldest first."""
    return _found(tx, _of_owner(), initiative_id=initiative_id)


def of_ask(tx: Tx, ask_id: int) -> Commitment | None:
    """Return the step that somebody chose in a check-in, or None."""
    return next(iter(_found(tx, _of_ask(), ask_id=ask_id)), None)


def of_person(tx: Tx, person_id: int) -> list[Commitment]:
    """Return every step of a person, chosen when asked or promised as an owner, oldest first."""
    return _found(tx, _all().where(tables.Commitment.person_id == person_id))


def of_place(tx: Tx, stakeholder_id: int) -> list[Commitment]:
    """Return the steps that somebody chose about one initiative, oldest first."""
    return _found(tx, _of_place(), stakeholder_id=stakeholder_id)


def open_of_places(tx: Tx, stakeholder_ids: Collection[int]) -> list[Commitment]:
    """Return the steps of these places that still have to be followed up, oldest first."""
    mine = _all().where(tables.Commitment.stakeholder_id.in_(stakeholder_ids))
    return [one for one in _found(tx, mine) if one.is_open]


def questions(tx: Tx, commitment_ids: Collection[int]) -> dict[tuple[int, str], State]:
    """Return what became of the questions about these steps, by step and slot of the message."""
    if not commitment_ids:
        return {}
    row = tables.Outbox
    rows = tx.execute(
        select(row.subject_id, row.slot, row.state).where(
            row.kind == Kind.STEP_DUE.value, row.subject_id.in_(commitment_ids)
        )
    )
    return {(one.subject_id, one.slot): State(one.state) for one in rows}


def by_name(tx: Tx, initiative_id: int, since: datetime) -> list[Commitment]:
    """Return the steps that people who answer by name chose since `since`, oldest first.

    Of whoever stopped as of anybody: that they did is theirs to know.
    """
    return _found(tx, _by_name(), initiative_id=initiative_id, since=since)


@functools.cache
def _by_name() -> Select[tables.Commitment, tables.Person]:
    table, place, initiative = tables.Commitment, tables.Stakeholder, tables.Initiative
    return (
        _all()
        .join(place, place.id == table.stakeholder_id)
        .join(initiative, initiative.id == table.initiative_id)
        .where(
            table.initiative_id == bindparam("initiative_id"),
            table.created_at >= bindparam("since"),
            initiative.visibility == Visibility.NAMED.value,
            place.status.in_([Place.ACTIVE.value, Place.STOPPED.value]),
            place.group_only_at.is_(None),
            tables.Person.group_only_at.is_(None),
        )
    )


def to_follow_up(tx: Tx, until: date, limit: int) -> list[Commitment]:
    """Return at most `limit` that are due by the local date `until` and not queued for it yet.

    Only those of running initiatives; the earliest come first.
    """
    ids = tx.scalars(_to_follow_up(), {"until": until, "most": limit}).all()
    return _found(tx, _all().where(tables.Commitment.id.in_(ids))) if ids else []


@functools.cache  # built once: it is looked for at every tick
def _to_follow_up() -> Select[int]:
    table, outcome = tables.Commitment, tables.CommitmentOutcome
    newest, until = _newest_outcome(), bindparam("until", type_=Date)
    due = func.coalesce(outcome.new_due_on, table.due_on)
    return (
        select(table.id)
        .join(tables.Initiative, tables.Initiative.id == table.initiative_id)
        .outerjoin(outcome, and_(outcome.commitment_id == table.id, outcome.id == newest))
        .where(
            tables.Initiative.status == Status.RUNNING.value,
            table.due_on <= until,
            due <= until,
            or_(
                and_(outcome.id.is_(None), ~_queued("")),
                and_(outcome.outcome == Ending.MOVED.value, ~_queued(Ending.MOVED.value)),
            ),
        )
        .order_by(due, table.id)
        .limit(bindparam("most", type_=Integer))
    )


def _newest_outcome() -> Any:
    outcome = tables.CommitmentOutcome
    return (
        select(func.max(outcome.id))
        .where(outcome.commitment_id == tables.Commitment.id)
        .correlate(tables.Commitment)
        .scalar_subquery()
    )


def _queued(slot: str) -> ColumnElement[bool]:
    row = tables.Outbox
    return (
        select(row.id)
        .where(
            row.workspace_id == tables.Commitment.workspace_id,
            row.kind.in_([Kind.COMMITMENT_DUE.value, Kind.STEP_DUE.value]),
            row.subject_id == tables.Commitment.id,
            row.slot == slot,
        )
        .exists()
    )


@functools.cache
def _all() -> Select[tables.Commitment, tables.Person]:
    return (
        select(tables.Commitment, tables.Person)
        .join(tables.Person, tables.Person.id == tables.Commitment.person_id)
        .order_by(tables.Commitment.id)
        .execution_options(populate_existing=True)
    )


@functools.cache  # built once: it is read after every tap
def _of_owner() -> Select[tables.Commitment, tables.Person]:
    table = tables.Commitment
    return _all().where(
        table.initiative_id == bindparam("initiative_id"), table.stakeholder_id.is_(None)
    )


@functools.cache  # built once: both are read after a tap that finishes a check-in
def _of_ask() -> Select[tables.Commitment, tables.Person]:
    return _all().where(tables.Commitment.ask_id == bindparam("ask_id"))


@functools.cache
def _of_place() -> Select[tables.Commitment, tables.Person]:
    return _all().where(tables.Commitment.stakeholder_id == bindparam("stakeholder_id"))


def _found(
    tx: Tx, statement: Select[tables.Commitment, tables.Person], **values: object
) -> list[Commitment]:
    rows = tx.execute(statement, values).all()
    if not rows:
        return []
    outcomes = _outcomes(tx, [row[0].id for row in rows])
    plans = _plans(tx, [row[0].id for row in rows if row[0].stakeholder_id])
    words = texts.words_of(tx, [*(row[0].words_id for row in rows), *plans.values()])
    return [
        replace(
            _commitment(row[0], row[1], outcomes.get(row[0].id, []), words),
            plan=words.get(plans.get(row[0].id, 0), ""),
        )
        for row in rows
    ]


def _plans(tx: Tx, commitment_ids: Collection[int]) -> dict[int, int]:
    """Return the newest words about when and where, by commitment."""
    if not commitment_ids:
        return {}
    plan = tables.CommitmentPlan
    told = select(plan.commitment_id, plan.words_id).where(plan.commitment_id.in_(commitment_ids))
    return {row.commitment_id: row.words_id for row in tx.execute(told.order_by(plan.id))}


def _outcomes(tx: Tx, commitment_ids: Iterable[int]) -> dict[int, list[Any]]:
    outcome = tables.CommitmentOutcome
    rows = tx.execute(
        select(outcome.commitment_id, outcome.outcome, outcome.new_due_on, outcome.told_at)
        .where(outcome.commitment_id.in_(list(commitment_ids)))
        .order_by(outcome.id)
    )
    told: dict[int, list[Any]] = {}
    for row in rows:
        told.setdefault(row.commitment_id, []).append(row)
    return told


def _commitment(
    row: tables.Commitment, person: tables.Person, outcomes: list[Any], words: dict[int, str]
) -> Commitment:
    new_dates = [told.new_due_on for told in outcomes if told.new_due_on]
    newest = outcomes[-1] if outcomes else None
    return Commitment(
        id=row.id,
        workspace_id=row.workspace_id,
        initiative_id=row.initiative_id,
        person=to_person(person),
        words=words.get(row.words_id, ""),
        due_on=new_dates[-1] if new_dates else row.due_on,
        ending=Ending(newest.outcome) if newest else None,
        told_at=newest.told_at if newest else None,
        moved=bool(new_dates),
        stakeholder_id=row.stakeholder_id,
    )
