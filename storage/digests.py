"""Digests, the owners they go to and the owners' guesses, in the database."""

import functools
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import (
    Integer,
    Select,
    Table,
    bindparam,
    exists,
    func,
    insert,
    not_,
    select,
    true,
    update,
)

from bot.domain.figures import COUNTED_AS_ANSWER, Told
from bot.domain.initiatives import Visibility
from bot.domain.news import Before, read_fingerprint
from bot.domain.outbox import Kind
from bot.domain.pulses import EXPLAIN, Question
from bot.domain.states import NOT_DONE
from storage import tables, workspaces
from storage.database import Tx
from storage.outbox import insert_once
from storage.results import rows_changed

OVERTAKEN = "overtaken"
"""Why a digest was dropped that its reader's hours held up: a later day decides anew."""

_ask = cast(Table, tables.Ask.__table__)
_answer = cast(Table, tables.Answer.__table__)
_cycle = cast(Table, tables.Cycle.__table__)
_owner = cast(Table, tables.InitiativeOwner.__table__)
_step = cast(Table, tables.Commitment.__table__)
_ended = cast(Table, tables.CommitmentOutcome.__table__)
_after = _ended.alias()

_TOLD = (
    _ask.c.stakeholder_id,
    _ask.c.cycle_id,
    _answer.c.question,
    _answer.c.value,
    _answer.c.choice,
    _answer.c.answered_at,
    _ask.c.visibility,
)
_GIVEN = _ask.join(_answer, _answer.c.ask_id == _ask.c.id)

# What every digest reads, built once: building a statement takes longer than most take to run.
_LEAD = (
    select(_owner.c.id, _owner.c.initiative_id, _owner.c.person_id, _owner.c.since)
    .where(
        _owner.c.initiative_id == bindparam("initiative_id"),
        _owner.c.person_id == bindparam("person_id"),
        _owner.c.until.is_(None),
    )
    .order_by(_owner.c.since.desc())
    .limit(1)
)
_ANSWERED = select(_ask.c.cycle_id, _ask.c.stakeholder_id).where(
    _ask.c.cycle_id.in_(bindparam("cycle_ids", expanding=True)),
    select(1)
    .where(_answer.c.ask_id == _ask.c.id, _answer.c.question.in_(COUNTED_AS_ANSWER))
    .exists(),
)
_ASKED = select(func.count(_ask.c.stakeholder_id.distinct())).where(
    _ask.c.cycle_id == bindparam("cycle_id")
)
_UNDONE = (
    select(_step.c.stakeholder_id)
    .join(_ended, _ended.c.commitment_id == _step.c.id)
    .where(
        _step.c.initiative_id == bindparam("initiative_id"),
        _step.c.stakeholder_id.is_not(None),
        _ended.c.told_at >= bindparam("since"),
        _ended.c.outcome.in_([event.value for event in NOT_DONE]),
        ~select(_after.c.id)
        .where(_after.c.commitment_id == _step.c.id, _after.c.id > _ended.c.id)
        .exists(),
    )
)
_EXPLAIN = (
    select(*_TOLD)
    .select_from(_GIVEN)
    .where(
        _answer.c.question == EXPLAIN,
        _ask.c.cycle_id.in_(bindparam("cycle_ids", expanding=True)),
    )
    .order_by(_answer.c.id)
)


@dataclass(frozen=True, slots=True)
class Lead:
    """That somebody leads an initiative, since when."""

    id: int
    initiative_id: int
    person_id: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Decided:
    """A digest that was decided."""

    id: int
    initiative_id: int
    person_id: int


def due(tx: Tx, now: datetime, limit: int) -> list[Lead]:
    """Return at most `limit` owners that the clock has to look at, longest-waiting first.

    They stay locked until the transaction ends; those that another process holds are left out.
    """
    return [Lead(*row) for row in tx.execute(_due(), {"now": now, "most": limit})]


@functools.cache  # built once: every tick asks it
def _due() -> Any:
    owner = tables.InitiativeOwner
    return (
        select(owner.id, owner.initiative_id, owner.person_id, owner.since)
        .where(
            owner.next_digest_at <= bindparam("now"),
            owner.until.is_(None),
            owner.workspace_id.not_in(workspaces.removed()),
        )
        .order_by(owner.next_digest_at, owner.id)
        .limit(bindparam("most", type_=Integer))
        .with_for_update(key_share=True, skip_locked=True)
    )


def lead(tx: Tx, initiative_id: int, person_id: int) -> Lead | None:
    """Return that the person leads the initiative now, or None."""
    wanted = {"initiative_id": initiative_id, "person_id": person_id}
    row = tx.execute(_LEAD, wanted).one_or_none()
    return Lead(*row) if row else None


def leads_of(tx: Tx, initiative_id: int) -> list[Lead]:
    """Return who leads the initiative now, longest first."""
    owner = tables.InitiativeOwner
    rows = tx.execute(
        select(owner.id, owner.initiative_id, owner.person_id, owner.since)
        .where(owner.initiative_id == initiative_id, owner.until.is_(None))
        .order_by(owner.since, owner.id)
    )
    return [Lead(*row) for row in rows]


def look_again(tx: Tx, lead_id: int, at: datetime | None) -> None:
    """Have the clock look at an owner at `at`, or not any more."""
    owner = tables.InitiativeOwner
    tx.execute(update(owner).where(owner.id == lead_id).values(next_digest_at=at))


def look_at_all(tx: Tx, initiative_id: int, at: datetime) -> None:
    """Have the clock look at everyone who leads the initiative, at `at`."""
    owner = tables.InitiativeOwner
    led = update(owner).where(owner.initiative_id == initiative_id, owner.until.is_(None))
    tx.execute(led.values(next_digest_at=at))


def look_at_people(tx: Tx, person_ids: Collection[int], at: datetime) -> None:
    """Have the clock look at whatever running initiatives these people lead, at `at`."""
    owner = tables.InitiativeOwner
    led = update(owner).where(
        owner.person_id.in_(person_ids), owner.until.is_(None), owner.next_digest_at.is_not(None)
    )
    tx.execute(led.values(next_digest_at=at))


def last(tx: Tx, initiative_id: int, person_id: int) -> Before | None:
    """Return what the last digest to an owner said, by its fingerprint; one overtaken said none."""
    digest, message = tables.Digest, tables.Outbox
    overtaken = exists().where(
        message.workspace_id == digest.workspace_id,
        message.kind == Kind.DIGEST.value,
        message.subject_id == digest.id,
        message.reason == OVERTAKEN,
    )
    row = tx.execute(
        select(digest.fingerprint, digest.decided_at)
        .where(
            digest.initiative_id == initiative_id, digest.person_id == person_id, not_(overtaken)
        )
        .order_by(digest.decided_at.desc(), digest.id.desc())
        .limit(1)
    ).one_or_none()
    return Before(read_fingerprint(row.fingerprint), row.decided_at) if row else None


def add(
    tx: Tx, workspace_id: int, lead: Lead, cycle_id: int | None, fingerprint: str, now: datetime
) -> int:
    """Append a digest; return its id."""
    statement = insert(tables.Digest).values(
        workspace_id=workspace_id,
        initiative_id=lead.initiative_id,
        person_id=lead.person_id,
        cycle_id=cycle_id,
        fingerprint=fingerprint,
        decided_at=now,
    )
    return tx.scalars(statement.returning(tables.Digest.id)).one()


def get(tx: Tx, digest_id: int) -> Decided | None:
    """Return one digest, or None if there is none with this id."""
    digest = tables.Digest
    row = tx.execute(
        select(digest.id, digest.initiative_id, digest.person_id).where(digest.id == digest_id)
    ).one_or_none()
    return Decided(*row) if row else None


def answered_in(tx: Tx, cycle_ids: Collection[int]) -> dict[int, set[int]]:
    """Return the stakeholder ids of who answered anything in each of these rounds."""
    if not cycle_ids:
        return {}
    found: dict[int, set[int]] = defaultdict(set)
    for cycle_id, stakeholder_id in tx.execute(_ANSWERED, {"cycle_ids": list(cycle_ids)}).all():
        found[cycle_id].add(stakeholder_id)
    return found


def explain_in(
    tx: Tx, cycle_ids: Collection[int], stakeholder_ids: Collection[int] | None = None
) -> list[Told]:
    """Return what was said in these rounds about explaining it, in the order it was said.

    With `stakeholder_ids` only by those.
    """
    if not cycle_ids:
        return []
    asked = _EXPLAIN
    if stakeholder_ids is not None:
        asked = asked.where(_ask.c.stakeholder_id.in_(stakeholder_ids))
    return _told(tx, asked, {"cycle_ids": list(cycle_ids)})


def low_in(
    tx: Tx, cycle_ids: Collection[int], most: int, stakeholder_ids: Collection[int] | None = None
) -> list[Told]:
    """Return last answers of `most` or less: of each person and question the last in these rounds.

    With `stakeholder_ids` only of those. Oldest first.
    """
    if not cycle_ids or (stakeholder_ids is not None and not stakeholder_ids):
        return []
    asked = _answer.c.question.in_([question.value for question in Question])
    opened = select(func.min(_cycle.c.opens_at)).where(_cycle.c.id.in_(cycle_ids))
    last = (
        select(func.max(_answer.c.id))
        .select_from(_GIVEN)
        .where(asked, _ask.c.opened_at >= opened.scalar_subquery())  # there is an index on it
        .group_by(_ask.c.stakeholder_id, _answer.c.question)
    )
    wanted = _of(last, cycle_ids, stakeholder_ids)
    low = select(*_TOLD).select_from(_GIVEN).where(_answer.c.value <= most)
    return _told(tx, low.where(_answer.c.id.in_(wanted)).order_by(_answer.c.id))


def undone_since(tx: Tx, initiative_id: int, since: datetime) -> set[int]:
    """Return the stakeholder ids of those whose steps were left undone since `since`."""
    return set(tx.scalars(_UNDONE, {"initiative_id": initiative_id, "since": since}))


def _of(
    statement: Select[Any], cycle_ids: Collection[int], stakeholder_ids: Collection[int] | None
) -> Select[Any]:
    theirs = true() if stakeholder_ids is None else _ask.c.stakeholder_id.in_(stakeholder_ids)
    return statement.where(_ask.c.cycle_id.in_(cycle_ids), theirs)


def _told(tx: Tx, statement: Select[Any], values: Mapping[str, object] | None = None) -> list[Told]:
    return [
        Told(sid, cycle, question, value, choice, at, by_name=seen == Visibility.NAMED.value)
        for sid, cycle, question, value, choice, at, seen in tx.execute(statement, values)
    ]


def asked_in(tx: Tx, cycle_id: int) -> int:
    """Return how many people were asked in a round, or answered of their own accord."""
    return tx.scalars(_ASKED, {"cycle_id": cycle_id}).one()


def guess_of(tx: Tx, initiative_id: int, person_id: int) -> int | None:
    """Return how many the owner guessed would find it useful, or None if they did not."""
    guess = tables.OwnerGuess
    return tx.scalars(
        select(guess.useful_count).where(
            guess.initiative_id == initiative_id, guess.person_id == person_id
        )
    ).one_or_none()


def add_guess(
    tx: Tx, workspace_id: int, initiative_id: int, person_id: int, useful: int, now: datetime
) -> bool:
    """Append the owner's guess; return False if there was one already."""
    statement = insert_once(tx, tables.OwnerGuess).values(
        workspace_id=workspace_id,
        initiative_id=initiative_id,
        person_id=person_id,
        useful_count=useful,
        guessed_at=now,
    )
    return rows_changed(tx.execute(statement)) == 1
