"""What the pacing policy needs to know, read for many stakeholders at a time, and its outcome."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, exists, func, or_, select, update

from bot.domain.cycles import Cycle
from bot.domain.initiatives import Place, Status, Visibility
from bot.domain.outbox import Kind, State
from bot.domain.pulses import QUESTION_VERSION
from bot.domain.times import NOTHING_SET, Times
from storage import cycles, tables, workspaces
from storage.database import Tx
from storage.outbox import SPENT, insert_once
from storage.times import TIMES, to_times

WAITING = (State.QUEUED, State.CLAIMED)
UNDER_WAY = (State.QUEUED, State.CLAIMED, State.SENDING)
OF_A_PLACE = (Kind.INTRODUCTION,)
OF_AN_ASK = (Kind.ASK, Kind.REMINDER)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A stakeholder whose time to be looked at has come; the row is locked."""

    id: int
    workspace_id: int
    initiative_id: int
    person_id: int
    place: Place
    introduced_at: datetime | None
    snoozed_until: datetime | None
    group_only: bool
    slack_user_id: str
    tz: str
    person_stopped: bool
    person_gone: bool
    running: bool
    initiative_tz: str
    first_date: date
    times: Times = NOTHING_SET
    country: str | None = None
    """The workspace's public holidays."""


@dataclass(frozen=True, slots=True)
class AskRow:
    """The ask of one stakeholder in the running round."""

    id: int
    stakeholder_id: int
    delivered_at: datetime | None
    closed: bool
    answered: bool


@dataclass(frozen=True, slots=True)
class Message:
    """A row of the outbox about one subject."""

    state: State
    sending_at: datetime | None


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
    weeks: dict[int, int] = field(default_factory=dict)
    """The week of the newest ask by stakeholder."""
    sent: dict[int, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    """Counted messages of 28 days, and when the decided ones are planned, by person."""
    messages: dict[tuple[Kind, int], list[Message]] = field(
        default_factory=lambda: defaultdict(list)
    )


@dataclass(frozen=True, slots=True)
class NewAsk:
    """An ask to add."""

    place: Waiting
    cycle: Cycle
    plan_version_id: int
    slot: int | None
    origin: str


_stakeholder = cast(Table, tables.Stakeholder.__table__)
_person = cast(Table, tables.Person.__table__)
_workspace = cast(Table, tables.Workspace.__table__)
_initiative = cast(Table, tables.Initiative.__table__)
_ask = cast(Table, tables.Ask.__table__)
_answer = cast(Table, tables.Answer.__table__)
_outbox = cast(Table, tables.Outbox.__table__)

_PLACES = (
    select(
        _stakeholder.c.id,
        _stakeholder.c.workspace_id,
        _stakeholder.c.initiative_id,
        _stakeholder.c.person_id,
        _stakeholder.c.status,
        _stakeholder.c.introduced_at,
        _stakeholder.c.snoozed_until,
        _stakeholder.c.group_only_at,
        _person.c.slack_user_id,
        _person.c.tz,
        _person.c.stopped_at,
        _person.c.group_only_at.label("person_group_only_at"),
        _person.c.is_deleted,
        *(_person.c[name].label(f"person_{name}") for name in TIMES),
        _workspace.c.holidays.label("country"),
        _initiative.c.status.label("initiative_status"),
        _initiative.c.tz.label("initiative_tz"),
        _initiative.c.first_date,
        _initiative.c.visibility,
    )
    .join(_person, _person.c.id == _stakeholder.c.person_id)
    .join(_initiative, _initiative.c.id == _stakeholder.c.initiative_id)
    .join(_workspace, _workspace.c.id == _stakeholder.c.workspace_id)
    .where(_initiative.c.first_date.is_not(None))
)


def due(tx: Tx, now: datetime, limit: int) -> list[Waiting]:
    """Lock and return at most `limit` stakeholders to decide about, longest-waiting first."""
    statement = (
        _PLACES.where(
            _stakeholder.c.next_due_at <= now,
            _stakeholder.c.workspace_id.not_in(workspaces.removed()),
        )
        .order_by(_stakeholder.c.next_due_at, _stakeholder.c.id)
        .limit(limit)
        .with_for_update(key_share=True, skip_locked=True, of=_stakeholder)
    )
    return [_waiting(row) for row in tx.execute(statement)]


def place(tx: Tx, stakeholder_id: int) -> Waiting:
    """Lock and return one stakeholder."""
    statement = _PLACES.where(_stakeholder.c.id == stakeholder_id)
    return _waiting(tx.execute(statement.with_for_update(key_share=True, of=_stakeholder)).one())


def of_initiative(tx: Tx, initiative_id: int) -> list[Waiting]:
    """Return every stakeholder of an initiative."""
    statement = _PLACES.where(_stakeholder.c.initiative_id == initiative_id)
    return [_waiting(row) for row in tx.execute(statement.order_by(_stakeholder.c.id))]


def known(tx: Tx, places: Sequence[Waiting], since: datetime, now: datetime) -> Known:
    """Return what the policy has to know about `places`, in seven statements.

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
    facts.weeks = _weeks(tx, ids)
    _add_sent(tx, facts, {one.person_id for one in places}, since)
    workspace_ids = {one.workspace_id for one in places}
    _add_messages(tx, facts, workspace_ids, OF_A_PLACE, ids)
    _add_messages(tx, facts, workspace_ids, OF_AN_ASK, [ask.id for ask in facts.asks.values()])
    return facts


def sent_to(tx: Tx, person_ids: Collection[int], since: datetime) -> Mapping[int, list[datetime]]:
    """Return when people were or will be written to since `since`, by person: what counts."""
    facts = Known(since)
    _add_sent(tx, facts, person_ids, since)
    return facts.sent


def add_asks(tx: Tx, new: Sequence[NewAsk], now: datetime) -> dict[int, int]:
    """Add asks; return their ids by stakeholder, without those asked in that week already."""
    if not new:
        return {}
    added = insert_once(tx, tables.Ask).returning(tables.Ask.stakeholder_id, tables.Ask.id)
    rows = tx.execute(added, [_ask_row(one, now) for one in new])
    return {row.stakeholder_id: row.id for row in rows}


def reopen_asks(tx: Tx, ask_ids: Collection[int]) -> None:
    """Open asks again that ended without an answer."""
    if ask_ids:
        again = update(_ask).where(_ask.c.id.in_(ask_ids))
        tx.execute(
            again.values(
                closed_at=None, end_reason=None, ended_by_id=None, revision=_ask.c.revision + 1
            )
        )


def set_due(tx: Tx, due_at: Mapping[int, datetime | None]) -> None:
    """Set when to look at each stakeholder again; None waits until something happens."""
    idle = [stakeholder_id for stakeholder_id, at in due_at.items() if at is None]
    if idle:
        waits = update(_stakeholder).where(_stakeholder.c.id.in_(idle))
        tx.execute(waits.values(next_due_at=None))
    dated = [{"one": one, "at": at} for one, at in due_at.items() if at is not None]
    if dated:
        one = update(_stakeholder).where(_stakeholder.c.id == bindparam("one"))
        tx.execute(one.values(next_due_at=bindparam("at")), dated)


def decide_again(tx: Tx, kind: Kind, subject_id: int, now: datetime) -> None:
    """Have the clock look at the stakeholder whom a message of `kind` is for."""
    place = _stakeholder.c.id == subject_id
    if kind in OF_AN_ASK:
        place = _stakeholder.c.id.in_(select(_ask.c.stakeholder_id).where(_ask.c.id == subject_id))
    tx.execute(update(_stakeholder).where(place).values(next_due_at=now))


def delivered(tx: Tx, ask_id: int, now: datetime) -> None:
    """Note that an ask arrived, and decide about its reminder next."""
    stakeholder_id = tx.scalars(
        update(_ask)
        .where(_ask.c.id == ask_id)
        .values(delivered_at=now)
        .returning(_ask.c.stakeholder_id)
    ).one()
    set_due(tx, {stakeholder_id: now})


def _plans(tx: Tx, initiative_ids: Collection[int]) -> dict[int, int]:
    plan = tables.PlanVersion
    newest = (
        select(plan.initiative_id, func.max(plan.id))  # later versions have higher ids
        .where(plan.initiative_id.in_(initiative_ids))
        .group_by(plan.initiative_id)
    )
    return {row[0]: row[1] for row in tx.execute(newest)}


def _asks(tx: Tx, ids: Collection[int], rounds: Collection[Cycle]) -> dict[int, AskRow]:
    """Return the asks of `rounds`, by stakeholder.

    They are found by when they were opened: a condition on the round makes PostgreSQL read
    everybody's asks of that round instead of the few wanted.
    """
    if not rounds:
        return {}
    cycle_ids = {cycle.id for cycle in rounds}
    answered = exists().where(_answer.c.ask_id == _ask.c.id)
    statement = select(
        _ask.c.id,
        _ask.c.stakeholder_id,
        _ask.c.delivered_at,
        _ask.c.closed_at.is_not(None).label("closed"),
        answered.label("answered"),
        _ask.c.cycle_id,
    ).where(
        _ask.c.stakeholder_id.in_(ids),
        _ask.c.opened_at >= min(cycle.opens_at for cycle in rounds),
    )
    rows = tx.execute(statement.order_by(_ask.c.id))
    return {row.stakeholder_id: AskRow(*row[:5]) for row in rows if row.cycle_id in cycle_ids}


def _weeks(tx: Tx, ids: Collection[int]) -> dict[int, int]:
    newest = (
        select(_ask.c.stakeholder_id, func.max(_ask.c.slot))
        .where(_ask.c.stakeholder_id.in_(ids), _ask.c.slot.is_not(None))
        .group_by(_ask.c.stakeholder_id)
    )
    return {row[0]: row[1] for row in tx.execute(newest)}


def _add_sent(tx: Tx, facts: Known, person_ids: Collection[int], since: datetime) -> None:
    """Add the moments of what counts; states are told apart here: only the person is indexed."""
    statement = select(
        _outbox.c.person_id, _outbox.c.state, _outbox.c.sending_at, _outbox.c.not_before
    ).where(
        _outbox.c.person_id.in_(person_ids),
        _outbox.c.counted.is_(True),
        or_(_outbox.c.sending_at >= since, _outbox.c.sending_at.is_(None)),
    )
    for person_id, state, sending_at, not_before in tx.execute(statement):
        if state in WAITING:
            facts.sent[person_id].append(not_before)
        elif state in SPENT and sending_at is not None:
            facts.sent[person_id].append(sending_at)


def _add_messages(
    tx: Tx,
    facts: Known,
    workspace_ids: Collection[int],
    kinds: Iterable[Kind],
    subject_ids: Collection[int],
) -> None:
    if not subject_ids:
        return
    statement = select(
        _outbox.c.kind, _outbox.c.subject_id, _outbox.c.state, _outbox.c.sending_at
    ).where(
        _outbox.c.workspace_id.in_(workspace_ids),
        _outbox.c.kind.in_(_values(kinds)),
        _outbox.c.subject_id.in_(subject_ids),
    )
    for kind, subject_id, state, sending_at in tx.execute(statement.order_by(_outbox.c.id)):
        facts.messages[Kind(kind), subject_id].append(Message(State(state), sending_at))


def _values(names: Iterable[Kind | State]) -> list[str]:
    return [name.value for name in names]


def _ask_row(new: NewAsk, now: datetime) -> dict[str, Any]:
    visibility = Visibility.GROUP if new.place.group_only else Visibility.NAMED
    return {
        "workspace_id": new.place.workspace_id,
        "initiative_id": new.place.initiative_id,
        "stakeholder_id": new.place.id,
        "person_id": new.place.person_id,
        "cycle_id": new.cycle.id,
        "plan_version_id": new.plan_version_id,
        "origin": new.origin,
        "slot": new.slot,
        "visibility": visibility.value,
        "question_version": QUESTION_VERSION,
        "opened_at": now,
        "revision": 0,
    }


def _times(row: Any) -> Times:
    return to_times(*(getattr(row, f"person_{name}") for name in TIMES))


def _waiting(row: Any) -> Waiting:
    return Waiting(
        id=row.id,
        workspace_id=row.workspace_id,
        initiative_id=row.initiative_id,
        person_id=row.person_id,
        place=Place(row.status),
        introduced_at=row.introduced_at,
        snoozed_until=row.snoozed_until,
        group_only=(
            row.group_only_at is not None
            or row.person_group_only_at is not None
            or row.visibility == Visibility.GROUP.value
        ),
        slack_user_id=row.slack_user_id,
        tz=row.tz,
        person_stopped=row.stopped_at is not None,
        person_gone=row.is_deleted,
        running=row.initiative_status == Status.RUNNING.value,
        initiative_tz=row.initiative_tz,
        first_date=row.first_date,
        times=_times(row),
        country=row.country,
    )
