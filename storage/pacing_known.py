"""What the pacing policy has to know, read for many stakeholders at a time."""

import functools
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from sqlalchemy import (
    BindParameter,
    ScalarSelect,
    Select,
    Table,
    bindparam,
    exists,
    func,
    or_,
    select,
)

from bot.domain.cycles import Cycle
from bot.domain.outbox import Kind, State
from bot.domain.pacing_settings import PUSHIEST
from bot.domain.progress import PostKind
from storage import barriers, cycles, pauses, tables
from storage.database import Tx
from storage.outbox import SPENT
from storage.pacing import OF_AN_ASK, Waiting
from storage.pauses import Row as Paused

WAITING = (State.QUEUED, State.CLAIMED)
DEBT_ROUNDS = PUSHIEST.debt_rounds
"""Rounds without sharing back are counted up to so many."""

UNDER_WAY = (State.QUEUED, State.CLAIMED, State.SENDING)

_stakeholder = cast(Table, tables.Stakeholder.__table__)
_initiative = cast(Table, tables.Initiative.__table__)
_cycle = cast(Table, tables.Cycle.__table__)
_ask = cast(Table, tables.Ask.__table__)
_answer = cast(Table, tables.Answer.__table__)
_outbox = cast(Table, tables.Outbox.__table__)
_post = cast(Table, tables.ProgressPost.__table__)
_input = cast(Table, tables.Input.__table__)
_reply = cast(Table, tables.InputReply.__table__)
_plan = cast(Table, tables.PlanVersion.__table__)

# The clock asks all of these with every batch: building them takes longer than running them.
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_ANSWERED = exists().where(_answer.c.ask_id == _ask.c.id)
_PLANS = (
    select(_plan.c.initiative_id, func.max(_plan.c.id))  # later versions have higher ids
    .where(_plan.c.initiative_id.in_(_IDS))
    .group_by(_plan.c.initiative_id)
)
_ASKS = (
    select(
        _ask.c.id,
        _ask.c.stakeholder_id,
        _ask.c.delivered_at,
        _ask.c.closed_at.is_not(None).label("closed"),
        _ANSWERED.label("answered"),
        _ask.c.slot,
        _ask.c.host_id,
        _ask.c.cycle_id,
    )
    .where(_ask.c.stakeholder_id.in_(_IDS), _ask.c.opened_at >= bindparam("since"))
    .order_by(_ask.c.id)
)
_HOSTS = select(_ask.c.id, _ask.c.stakeholder_id, _ask.c.closed_at.is_not(None), _ANSWERED).where(
    _ask.c.id.in_(_IDS)
)
_CHANGED = select(_cycle.c.initiative_id).where(
    _cycle.c.initiative_id.in_(_IDS), _cycle.c.days_before.is_not(None)
)
_SENT = select(
    _outbox.c.person_id, _outbox.c.state, _outbox.c.sending_at, _outbox.c.not_before
).where(
    _outbox.c.person_id.in_(_IDS),
    _outbox.c.counted.is_(True),
    or_(_outbox.c.sending_at >= bindparam("since"), _outbox.c.sending_at.is_(None)),
)
_MESSAGES = (
    select(
        _outbox.c.kind,
        _outbox.c.subject_id,
        _outbox.c.state,
        _outbox.c.sending_at,
        _outbox.c.not_before,
    )
    .where(
        _outbox.c.workspace_id.in_(bindparam("workspaces", expanding=True)),
        _outbox.c.kind.in_(bindparam("kinds", expanding=True)),
        _outbox.c.subject_id.in_(_IDS),
    )
    .order_by(_outbox.c.id)
)


@dataclass(frozen=True, slots=True)
class AskRow:
    """The ask of one stakeholder in the running round."""

    id: int
    stakeholder_id: int
    delivered_at: datetime | None
    closed: bool
    answered: bool
    slot: int | None
    host_id: int | None


@dataclass(frozen=True, slots=True)
class Host:
    """The ask in whose message another one is offered."""

    stakeholder_id: int
    closed: bool
    answered: bool


@dataclass(frozen=True, slots=True)
class Before:
    """The newest asks of one stakeholder: the week of the app's, and when any was opened."""

    week: int | None
    opened_at: datetime | None


@dataclass(frozen=True, slots=True)
class Debt:
    """What the owners of an initiative owe those they ask."""

    waiting_since: datetime | None = None
    """When the oldest input without a reply was told, or what gets in the way was named."""
    unshared: int = 0
    """Rounds that closed since anybody was told anything."""


@dataclass(frozen=True, slots=True)
class Message:
    """A row of the outbox about one subject."""

    state: State
    sending_at: datetime | None
    not_before: datetime


@dataclass(slots=True)
class Known:
    """Everything about a batch, by id, as of `read_at`."""

    read_at: datetime
    rounds: dict[int, Cycle] = field(default_factory=dict)
    """By initiative."""
    plans: dict[int, int] = field(default_factory=dict)
    """The newest plan version by initiative."""
    asks: dict[int, AskRow] = field(default_factory=dict)
    """By stakeholder."""
    hosts: dict[int, Host] = field(default_factory=dict)
    """By ask."""
    before: dict[int, Before] = field(default_factory=dict)
    """By stakeholder."""
    lengths: dict[int, int] = field(default_factory=dict)
    """How long the rounds of the last check-ins were to last, by stakeholder, where that varies."""
    pauses: dict[int, Paused] = field(default_factory=dict)
    """What holds asking back, by stakeholder."""
    debts: dict[int, Debt] = field(default_factory=dict)
    """By initiative; those without any are missing."""
    sent: dict[int, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    """Counted messages of 28 days, and when the decided ones are planned, by person."""
    messages: dict[tuple[Kind, int], list[Message]] = field(
        default_factory=lambda: defaultdict(list)
    )


def known(tx: Tx, places: Sequence[Waiting], since: datetime, now: datetime) -> Known:
    """Return what the policy has to know about `places`, in a dozen statements.

    `since` is how far back messages count.
    """
    facts = Known(read_at=now)
    if not places:
        return facts
    initiative_ids = {one.initiative_id for one in places}
    ids = [one.id for one in places]
    facts.rounds = cycles.open_rounds(tx, initiative_ids, now)
    facts.plans = _plans(tx, initiative_ids)
    facts.asks = _asks(tx, ids, facts.rounds.values())
    facts.hosts = _hosts(tx, {one.host_id for one in facts.asks.values() if one.host_id})
    facts.before = _before(tx, ids)
    facts.lengths = _lengths(tx, places, initiative_ids)
    facts.debts = debts(tx, initiative_ids)
    paused = [one.id for one in places if one.paused_until and one.paused_until > now]
    facts.pauses = pauses.holding(tx, paused, now)
    _add_sent(tx, facts, {one.person_id for one in places}, since)
    _add_all_messages(tx, facts, {one.workspace_id for one in places}, ids)
    return facts


def _add_all_messages(
    tx: Tx, facts: Known, workspace_ids: Collection[int], ids: Collection[int]
) -> None:
    asks = {ask.id for ask in facts.asks.values()} | facts.hosts.keys()
    notes = [one.id for one in facts.pauses.values() if one.note]
    add_messages(tx, facts, workspace_ids, (Kind.INTRODUCTION,), ids)
    add_messages(tx, facts, workspace_ids, OF_AN_ASK, asks)
    add_messages(tx, facts, workspace_ids, (Kind.PAUSE_NOTE,), notes)


def sent_to(tx: Tx, person_ids: Collection[int], since: datetime) -> Mapping[int, list[datetime]]:
    """Return when people were or will be written to since `since`, by person: what counts."""
    facts = Known(since)
    _add_sent(tx, facts, person_ids, since)
    return facts.sent


def _plans(tx: Tx, initiative_ids: Collection[int]) -> dict[int, int]:
    return {row[0]: row[1] for row in tx.execute(_PLANS, {"ids": list(initiative_ids)})}


def _asks(tx: Tx, ids: Collection[int], rounds: Collection[Cycle]) -> dict[int, AskRow]:
    """Return the asks of `rounds`, by stakeholder.

    They are found by when they were opened: a condition on the round makes PostgreSQL read
    everybody's asks of that round instead of the few wanted.
    """
    if not rounds:
        return {}
    cycle_ids = {cycle.id for cycle in rounds}
    since = min(cycle.opens_at for cycle in rounds)
    rows = tx.execute(_ASKS, {"ids": list(ids), "since": since})
    return {row.stakeholder_id: AskRow(*row[:7]) for row in rows if row.cycle_id in cycle_ids}


def _hosts(tx: Tx, ask_ids: Collection[int]) -> dict[int, Host]:
    if not ask_ids:
        return {}
    rows = tx.execute(_HOSTS, {"ids": list(ask_ids)})
    return {row[0]: Host(*row[1:]) for row in rows}


def _before(tx: Tx, ids: Collection[int]) -> dict[int, Before]:
    rows = tx.execute(_before_them(), {"ids": list(ids)})
    return {row[0]: Before(row[1], row[2]) for row in rows}


@functools.cache
def _before_them() -> Select[Any]:
    """Each newest ask is one step in an index, however many there are."""
    own = _ask.c.stakeholder_id == _stakeholder.c.id
    week = select(func.max(_ask.c.slot)).where(own).scalar_subquery()
    opened_at = select(func.max(_ask.c.opened_at)).where(own).scalar_subquery()
    return select(_stakeholder.c.id, week, opened_at).where(_stakeholder.c.id.in_(_IDS))


def _lengths(tx: Tx, places: Sequence[Waiting], initiative_ids: Collection[int]) -> dict[int, int]:
    """Return how long the rounds of the last check-ins were to last, where owners changed that."""
    varied = set(tx.scalars(_CHANGED, {"ids": list(initiative_ids)}))
    ids = [place.id for place in places if place.initiative_id in varied]
    if not ids:
        return {}
    statement = select(_stakeholder.c.id, last_length()).where(_stakeholder.c.id.in_(ids))
    return {row[0]: row[1] for row in tx.execute(statement) if row[1] is not None}


def last_length() -> ScalarSelect[int]:
    """Return, of a stakeholder in the statement around, the length of the last check-in's round."""
    return (
        select(_cycle.c.days)
        .join(_ask, _ask.c.cycle_id == _cycle.c.id)
        .where(_ask.c.stakeholder_id == _stakeholder.c.id, _ask.c.slot.is_not(None))
        .order_by(_ask.c.slot.desc())
        .limit(1)
        .scalar_subquery()
    )


def debts(tx: Tx, initiative_ids: Collection[int]) -> dict[int, Debt]:
    """Return what the owners of each of these initiatives owe those they ask."""
    rows = tx.execute(_debts(), {"ids": list(initiative_ids)}).all()
    numbers = barriers.unanswered(tx, [row[3] for row in rows if row[3] is not None])
    return {
        row[0]: Debt(_oldest(*row[1:3], numbers.get(row[0])), _unshared(row[4:7], row[7:]))
        for row in rows
    }


@functools.cache  # built once: the clock asks it with every batch, and building it takes longer
def _debts() -> Select[Any]:
    heard = exists().where(_reply.c.input_id == _input.c.id)
    here = _input.c.initiative_id == _initiative.c.id
    waiting = select(func.min(_input.c.created_at)).where(here, ~heard).scalar_subquery()
    replied = (
        select(func.max(_reply.c.replied_at))
        .join(_input, _input.c.id == _reply.c.input_id)
        .where(here)
        .scalar_subquery()
    )
    posted = (
        select(func.max(_post.c.posted_at))
        .where(_post.c.initiative_id == _initiative.c.id, _post.c.kind == PostKind.POST.value)
        .scalar_subquery()
    )
    owed, told = barriers.owed(_initiative.c.id), (_initiative.c.started_at, replied, posted)
    lately = [_opened(back) for back in range(DEBT_ROUNDS)]
    statement = select(_initiative.c.id, waiting, *owed, *told, *lately)
    return statement.where(_initiative.c.id.in_(_IDS))


def _oldest(*waiting: datetime | None) -> datetime | None:
    return min((since for since in waiting if since is not None), default=None)


def _opened(back: int) -> ScalarSelect[datetime]:
    """Return when the last closed round opened that anybody was asked in, or one before it."""
    asked = exists().where(_ask.c.cycle_id == _cycle.c.id, _ask.c.delivered_at.is_not(None))
    return (
        select(_cycle.c.opens_at)
        .where(_cycle.c.initiative_id == _initiative.c.id, _cycle.c.closed_at.is_not(None), asked)
        .order_by(_cycle.c.number.desc())
        .limit(1)
        .offset(back)
        .scalar_subquery()
    )


def _unshared(told: Sequence[datetime | None], opened: Sequence[datetime | None]) -> int:
    """Return how many of the last rounds lie wholly after anybody was told anything."""
    last = max((at for at in told if at is not None), default=None)
    return sum(at is not None and last is not None and at >= last for at in opened)


def _add_sent(tx: Tx, facts: Known, person_ids: Collection[int], since: datetime) -> None:
    """Add the moments of what counts; states are told apart here: only the person is indexed."""
    rows = tx.execute(_SENT, {"ids": list(person_ids), "since": since})
    for person_id, state, sending_at, not_before in rows:
        if state in WAITING:
            facts.sent[person_id].append(not_before)
        elif state in SPENT and sending_at is not None:
            facts.sent[person_id].append(sending_at)


def add_messages(
    tx: Tx,
    facts: Known,
    workspace_ids: Collection[int],
    kinds: Iterable[Kind],
    subject_ids: Collection[int],
) -> None:
    """Add what the outbox has about these subjects, oldest first."""
    if not subject_ids:
        return
    ids = list(subject_ids)
    wanted = {"workspaces": list(workspace_ids), "kinds": _values(kinds), "ids": ids}
    for kind, subject_id, state, *moments in tx.execute(_MESSAGES, wanted):
        facts.messages[Kind(kind), subject_id].append(Message(State(state), *moments))


def _values(names: Iterable[Kind | State]) -> list[str]:
    return [name.value for name in names]
