"""The outbox in the database: queued → claimed → sending → sent, failed, dropped or doubt."""

import functools
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import (
    Insert,
    Integer,
    Select,
    Table,
    Update,
    and_,
    bindparam,
    case,
    func,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from bot.domain.outbox import COUNTED, EDITS, PRIORITY, Claimed, Decision, Kind, State
from bot.domain.times import Times
from storage.database import Tx
from storage.results import rows_changed
from storage.tables import (
    Base,
    Initiative,
    Nudge,
    NudgeAsk,
    Outbox,
    Person,
    ProgressPost,
    Workspace,
)
from storage.times import TIMES, to_times

_outbox = cast(Table, Outbox.__table__)
_nudge = cast(Table, Nudge.__table__)
_person = cast(Table, Person.__table__)
_nudge_ask = cast(Table, NudgeAsk.__table__)
_SHOWING = (  # read after every tap, so it is built once, and without the ORM
    select(_nudge.c.channel_id, _nudge.c.ts)
    .join(_nudge_ask, _nudge_ask.c.nudge_id == _nudge.c.id)
    .where(_nudge_ask.c.ask_id == bindparam("ask_id"))
    .order_by(_nudge.c.id)
)

IN_FLIGHT = (State.CLAIMED, State.SENDING)
SPENT = (State.SENDING, State.SENT, State.DOUBT)
"""States in which a message may have reached the person, so that it counts for caps."""

# Every message is asked about with these.
_PERSON = select(_person.c.id).where(_person.c.id == bindparam("id"))
_PERSON = _PERSON.with_for_update(key_share=True)
_HELD = (
    select(_outbox.c.state, _outbox.c.reason, _outbox.c.attempts, _outbox.c.first_tried_at)
    .where(_outbox.c.id == bindparam("id"), _outbox.c.lease == bindparam("lease"))
    .with_for_update(key_share=True)
)
_COUNTED = (
    select(_outbox.c.sending_at)
    .where(
        _outbox.c.person_id == bindparam("person_id"),
        _outbox.c.sending_at >= bindparam("since"),
        _outbox.c.counted.is_(True),
        _outbox.c.state.in_([state.value for state in SPENT]),
    )
    .order_by(_outbox.c.sending_at)
)
_MET = (
    update(_person)
    .where(_person.c.id == bindparam("one"))
    .values(dm_channel_id=bindparam("channel"))
)

CLAIM_LOCK = 0x6275_7969  # "buyi": the advisory lock that lets one replica claim at a time


@dataclass(frozen=True, slots=True)
class Row:
    """Where a row of the outbox stands."""

    state: State
    reason: str | None
    attempts: int
    first_tried_at: datetime | None


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a decision to send rests on, whatever its kind."""

    uninstalled: bool
    deleted: bool
    stopped: bool
    tz: str
    initiative: str | None
    """The status of the initiative, if the message is about one."""
    times: Times
    country: str | None
    """The workspace's public holidays."""
    halted_until: datetime | None = None
    """Until when the owners of the initiative want nobody asked."""


@dataclass(frozen=True, slots=True)
class Expired:
    """Rows whose lease ran out; `in_doubt`: (workspace, kind, subject) of those in doubt now."""

    count: int
    in_doubt: list[tuple[int, Kind, int]]


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote something."""

    id: int
    slack_user_id: str


def insert_once(tx: Tx, table: type[Base] | Table) -> Insert:
    """Return an INSERT into `table` that leaves an existing row with the same key alone."""
    return _insert_once(tx.get_bind().dialect.name, table)


@functools.cache
def _insert_once(dialect: str, table: type[Base] | Table) -> Insert:
    insert = sqlite_insert if dialect == "sqlite" else postgres_insert
    return insert(table).on_conflict_do_nothing()


def queue(tx: Tx, decisions: list[Decision], now: datetime) -> None:
    """Append `decisions`; one already in the outbox (same unique key) is left as it is."""
    if decisions:
        rows = [_row(decision, now) for decision in decisions]
        tx.execute(insert_once(tx, _outbox), rows)  # a table: the ORM would double what it costs


def _row(decision: Decision, now: datetime) -> dict[str, object]:
    return {
        "workspace_id": decision.workspace_id,
        "kind": decision.kind.value,
        "subject_id": decision.subject_id,
        "recipient": decision.recipient,
        "slot": decision.slot,
        "person_id": decision.person_id,
        "initiative_id": decision.initiative_id,
        "counted": decision.kind in COUNTED,
        "priority": PRIORITY[decision.kind],
        "state": State.QUEUED.value,
        "created_at": now,
        "not_before": decision.not_before,
        "attempts": 0,
    }


def claim(tx: Tx, lease: str, lease_until: datetime, limit: int, now: datetime) -> list[Claimed]:
    """Take at most `limit` due rows under `lease`, most urgent first.

    A recipient who has a row under way gets no second one, so that order holds and nobody is
    written to twice in the same second. Workspaces that removed the app are left out.
    """
    if tx.get_bind().dialect.name == "postgresql":
        # Without it two replicas could each take a row of the same recipient: neither sees
        # what the other has not committed yet.
        tx.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": CLAIM_LOCK})
    rows = tx.execute(_due(), {"now": now, "most": limit}).all()
    first: dict[tuple[int, str], Any] = {}
    for row in rows:
        first.setdefault((row.workspace_id, row.recipient), row)
    taken = list(first.values())
    if taken:
        tx.execute(
            update(Outbox)
            .where(Outbox.id.in_([row.id for row in taken]))
            .values(state=State.CLAIMED.value, lease=lease, lease_until=lease_until)
        )
    return [_claimed(row, lease) for row in taken]


@functools.cache  # built once: every tick asks it
def _due() -> Any:
    busy = select(Outbox.workspace_id, Outbox.recipient).where(Outbox.state.in_(IN_FLIGHT))
    return (
        select(
            Outbox.id,
            Outbox.workspace_id,
            Outbox.kind,
            Outbox.subject_id,
            Outbox.recipient,
            Outbox.slot,
            Outbox.person_id,
            Outbox.initiative_id,
            Outbox.attempts,
        )
        .join(Workspace, Workspace.id == Outbox.workspace_id)
        .where(
            Outbox.state == State.QUEUED.value,
            Outbox.not_before <= bindparam("now"),
            Workspace.uninstalled_at.is_(None),
            tuple_(Outbox.workspace_id, Outbox.recipient).not_in(busy),
        )
        .order_by(Outbox.priority, Outbox.not_before, Outbox.id)
        .limit(bindparam("most", type_=Integer))
        .with_for_update(key_share=True, skip_locked=True, of=Outbox)
    )


def _claimed(row: Any, lease: str) -> Claimed:
    return Claimed(
        id=row.id,
        workspace_id=row.workspace_id,
        kind=Kind(row.kind),
        subject_id=row.subject_id,
        recipient=row.recipient,
        slot=row.slot,
        person_id=row.person_id,
        initiative_id=row.initiative_id,
        lease=lease,
        attempts=row.attempts,
    )


def lock(tx: Tx, claimed: Claimed) -> Row | None:
    """Lock the row and its person; return it while `claimed` still holds the lease, else None.

    The person is locked so that two replicas cannot both pass that person's cap.
    """
    if claimed.person_id is not None:
        tx.execute(_PERSON, {"id": claimed.person_id})
    row = tx.execute(_HELD, {"id": claimed.id, "lease": claimed.lease}).one_or_none()
    return Row(State(row.state), *row[1:]) if row else None


def change(
    tx: Tx, claimed: Claimed, state: State, *, came_from: Iterable[State], **values: Any
) -> bool:
    """Move the row on to `state`; return False if the lease is lost or it stands elsewhere.

    `values` are set as well; `first_tried_at` only if it was not.
    """
    held = {"row": claimed.id, "held": claimed.lease, "from": [one.value for one in came_from]}
    new = {f"new_{name}": value for name, value in values.items()}
    result = tx.execute(_change(tuple(values)), held | new | {"new_state": state.value})
    return rows_changed(result) == 1


@functools.cache  # built once for each way on: every message goes three of them
def _change(names: tuple[str, ...]) -> Update:
    new: dict[str, Any] = {
        name: bindparam(f"new_{name}", type_=_outbox.c[name].type) for name in ("state", *names)
    }
    if "first_tried_at" in new:
        new["first_tried_at"] = func.coalesce(_outbox.c.first_tried_at, new["first_tried_at"])
    return (
        update(_outbox)
        .where(
            _outbox.c.id == bindparam("row"),
            _outbox.c.lease == bindparam("held"),
            _outbox.c.state.in_(bindparam("from", expanding=True)),
        )
        .values(new)
    )


def expire(tx: Tx, limit: int, now: datetime) -> Expired:
    """Settle rows whose lease ran out: claimed ones wait again, sending ones are in doubt.

    An edit is harmless to repeat, so it waits again as well. The lease of a row in doubt stays,
    so that a late success can still be told.
    """
    rows = tx.execute(_expired(), {"now": now, "most": limit}).all()
    if rows:
        _settle(tx, [row.id for row in rows], now)
    in_doubt = [
        (row.workspace_id, Kind(row.kind), row.subject_id)
        for row in rows
        if row.state == State.SENDING.value and Kind(row.kind) not in EDITS
    ]
    return Expired(len(rows), in_doubt)


@functools.cache  # built once: every tick asks it
def _expired() -> Any:
    return (
        select(Outbox.id, Outbox.workspace_id, Outbox.kind, Outbox.subject_id, Outbox.state)
        .where(Outbox.state.in_(IN_FLIGHT), Outbox.lease_until < bindparam("now"))
        .order_by(Outbox.id)
        .limit(bindparam("most", type_=Integer))
        .with_for_update(key_share=True, skip_locked=True)
    )


def _settle(tx: Tx, ids: list[int], now: datetime) -> None:
    unsure = and_(
        Outbox.state == State.SENDING.value, Outbox.kind.not_in([kind.value for kind in EDITS])
    )
    tx.execute(
        update(Outbox)
        .where(Outbox.id.in_(ids))
        .values(
            state=case((unsure, State.DOUBT.value), else_=State.QUEUED.value),
            lease=case((unsure, Outbox.lease), else_=None),
            ended_at=case((unsure, now), else_=None),
            reason=case((unsure, "lease_expired"), else_=Outbox.reason),
        )
    )


def count_lost(tx: Tx, workspace_id: int, kind: Kind, subject_id: int) -> int:
    """Return how many messages of `kind` about a subject failed, were dropped or are in doubt."""
    lost = select(func.count()).where(
        Outbox.workspace_id == workspace_id,
        Outbox.kind == kind.value,
        Outbox.subject_id == subject_id,
        Outbox.state.in_([State.FAILED.value, State.DROPPED.value, State.DOUBT.value]),
    )
    return tx.scalars(lost).one()


def drop_waiting(tx: Tx, workspace_id: int, reason: str, now: datetime) -> int:
    """Drop every row of a workspace that has not gone out yet; return how many."""
    statement = update(Outbox).where(
        Outbox.workspace_id == workspace_id,
        Outbox.state.in_([State.QUEUED.value, State.CLAIMED.value]),
    )
    dropped = statement.values(state=State.DROPPED.value, reason=reason, ended_at=now)
    return rows_changed(tx.execute(dropped))


def requeue_failed(
    tx: Tx, workspace_id: int, kind: Kind, recipient: str, reasons: Iterable[str], now: datetime
) -> int:
    """Queue failed rows of `kind` to `recipient` again, if they failed for one of `reasons`."""
    statement = update(Outbox).where(
        Outbox.workspace_id == workspace_id,
        Outbox.kind == kind.value,
        Outbox.recipient == recipient,
        Outbox.state == State.FAILED.value,
        Outbox.reason.in_(list(reasons)),
    )
    return rows_changed(tx.execute(statement.values(_as_new(now))))


def requeue_ended(
    tx: Tx, workspace_id: int, kinds: Iterable[Kind], reasons: Iterable[str], now: datetime
) -> int:
    """Queue dropped and failed rows of `kinds` again, if they ended for one of `reasons`."""
    statement = update(Outbox).where(
        Outbox.workspace_id == workspace_id,
        Outbox.kind.in_([kind.value for kind in kinds]),
        Outbox.state.in_([State.DROPPED.value, State.FAILED.value]),
        Outbox.reason.in_(list(reasons)),
    )
    return rows_changed(tx.execute(statement.values(_as_new(now))))


def _as_new(now: datetime) -> dict[str, Any]:
    return {
        "state": State.QUEUED.value,
        "reason": None,
        "not_before": now,
        "attempts": 0,
        "ended_at": None,
        "lease": None,
        "first_tried_at": None,
    }


def look_again(tx: Tx, person_ids: Collection[int], now: datetime) -> None:
    """Check now again what waits for these people's hours or caps: their hours changed."""
    waiting = update(Outbox).where(
        Outbox.person_id.in_(person_ids),
        Outbox.state == State.QUEUED.value,
        Outbox.reason.in_(["hours", "cap"]),
        Outbox.not_before > now,
    )
    tx.execute(waiting.values(not_before=now))


def circumstances(tx: Tx, claimed: Claimed) -> Circumstances:
    """Return what the decision to send `claimed` rests on now."""
    row = tx.execute(_circumstances(), {"id": claimed.id}).one()
    return Circumstances(
        uninstalled=row.uninstalled_at is not None,
        deleted=bool(row.is_deleted),
        stopped=row.stopped_at is not None,
        tz=row.tz or "UTC",
        initiative=row.status,
        times=to_times(*(getattr(row, name) for name in TIMES)),
        country=row.country,
        halted_until=row.halted_until,
    )


@functools.cache  # built once: it is asked of every message
def _circumstances() -> Select[Any]:
    return (
        select(
            Workspace.uninstalled_at,
            Person.is_deleted,
            Person.stopped_at,
            Person.tz,
            Initiative.status,
            Initiative.halted_until,
            Workspace.holidays.label("country"),
            *(getattr(Person, name) for name in TIMES),
        )
        .select_from(Outbox)
        .join(Workspace, Workspace.id == Outbox.workspace_id)
        .outerjoin(Person, Person.id == Outbox.person_id)
        .outerjoin(Initiative, Initiative.id == Outbox.initiative_id)
        .where(Outbox.id == bindparam("id"))
    )


def counted_moments(tx: Tx, person_id: int, since: datetime) -> list[datetime]:
    """Return when the person was written to since `since`, oldest first: only what counts."""
    moments = tx.scalars(_COUNTED, {"person_id": person_id, "since": since})
    return [moment for moment in moments if moment is not None]


def add_nudge(tx: Tx, claimed: Claimed, channel_id: str, ts: str, now: datetime) -> None:
    """Remember where in Slack the message stands, and the person's DM channel."""
    nudge = {
        "workspace_id": claimed.workspace_id,
        "outbox_id": claimed.id,
        "person_id": claimed.person_id,
        "initiative_id": claimed.initiative_id,
        "kind": claimed.kind.value,
        "channel_id": channel_id,
        "ts": ts,
        "sent_at": now,
    }
    added = insert_once(tx, _nudge).returning(_nudge.c.id)
    nudge_id = tx.scalars(added, nudge).one_or_none()
    if nudge_id is not None and claimed.kind in (Kind.ASK, Kind.REMINDER):
        show_ask(tx, claimed.workspace_id, nudge_id, claimed.subject_id)
    if claimed.person_id is not None:
        tx.execute(_MET, {"one": claimed.person_id, "channel": channel_id})


def show_ask(tx: Tx, workspace_id: int, nudge_id: int, ask_id: int) -> None:
    """Note that the message `nudge_id` shows the ask `ask_id`; again changes nothing."""
    shown = {"workspace_id": workspace_id, "nudge_id": nudge_id, "ask_id": ask_id}
    tx.execute(insert_once(tx, _nudge_ask), shown)


def messages_showing(tx: Tx, ask_id: int) -> list[tuple[str, str]]:
    """Return (channel id, ts) of every message that shows the ask, oldest first."""
    return [(row.channel_id, row.ts) for row in tx.execute(_SHOWING, {"ask_id": ask_id})]


def author_of_post(tx: Tx, progress_post_id: int) -> Author | None:
    """Return who wrote a progress post."""
    statement = (
        select(Person.id, Person.slack_user_id)
        .join(ProgressPost, ProgressPost.author_id == Person.id)
        .where(ProgressPost.id == progress_post_id)
    )
    row = tx.execute(statement).one_or_none()
    return Author(row.id, row.slack_user_id) if row else None


def nudge_id(tx: Tx, outbox_id: int) -> int | None:
    """Return the message that the row became, or None if it did not arrive."""
    return tx.scalars(select(Nudge.id).where(Nudge.outbox_id == outbox_id)).one_or_none()


def next_due(tx: Tx) -> datetime | None:
    """Return when the earliest waiting row may go out, or None if none waits."""
    waiting = (
        select(func.min(Outbox.not_before))
        .join(Workspace, Workspace.id == Outbox.workspace_id)
        .where(Outbox.state == State.QUEUED.value, Workspace.uninstalled_at.is_(None))
    )
    return tx.scalars(waiting).one()


def count_by_state(tx: Tx) -> dict[str, int]:
    """Return how many rows stand where, for `doctor`."""
    counts = select(Outbox.state, func.count()).group_by(Outbox.state)
    return {row[0]: row[1] for row in tx.execute(counts)}
