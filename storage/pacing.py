"""Whom the clock decides about, and what its decisions change; `pacing_known` has the facts."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, cast

from sqlalchemy import Integer, Table, bindparam, select, update

from bot.domain.cycles import Cycle, Halt
from bot.domain.initiatives import Place, Status, Visibility, is_group_only
from bot.domain.outbox import Kind
from bot.domain.pacing_facts import Rule
from bot.domain.pulses import QUESTION_VERSION
from bot.domain.times import NOTHING_SET, Times
from storage import tables, workspaces
from storage.cycles import to_halt
from storage.database import Tx
from storage.outbox import insert_once
from storage.times import TIMES, to_times

OF_AN_ASK = (Kind.ASK, Kind.REMINDER)
SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A stakeholder as the clock sees one; whoever is decided about is locked."""

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
    cycle_days: int = 14
    misses: int = 0
    asked_at: datetime | None = None
    paused_until: datetime | None = None
    attention: bool = False
    """Attention is due; never for somebody in group figures."""
    settled: bool = False
    fewer: bool = False
    """They asked for fewer messages."""
    next_due_at: datetime | None = None
    halt: Halt | None = None
    """When nobody is asked at an owner's wish."""


@dataclass(frozen=True, slots=True)
class NewAsk:
    """An ask to add."""

    place: Waiting
    cycle: Cycle
    plan_version_id: int
    slot: int | None
    origin: str
    host_id: int | None = None
    """The ask in whose message it is offered."""


@dataclass(frozen=True, slots=True)
class Due:
    """When to decide about a stakeholder again, None until something happens; and why then."""

    at: datetime | None
    rules: tuple[Rule, ...] = ()

    @property
    def words(self) -> str:
        """The rules as they are stored."""
        return " ".join(self.rules)[:255]


_stakeholder = cast(Table, tables.Stakeholder.__table__)
_person = cast(Table, tables.Person.__table__)
_workspace = cast(Table, tables.Workspace.__table__)
_initiative = cast(Table, tables.Initiative.__table__)
_ask = cast(Table, tables.Ask.__table__)
_give = cast(Table, tables.Give.__table__)
_step_back = cast(Table, tables.StepBack.__table__)

ATTENDED = _stakeholder.c.attention_at.is_not(None) | _stakeholder.c.barrier_at.is_not(None)
"""Attention is due: by the estimate, or because something open is in their way."""

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
        _stakeholder.c.misses,
        _stakeholder.c.asked_at,
        _stakeholder.c.paused_until,
        _stakeholder.c.attention_at,
        _stakeholder.c.barrier_at,
        _stakeholder.c.settled,
        _stakeholder.c.fewer_at,
        _stakeholder.c.next_due_at,
        _person.c.slack_user_id,
        _person.c.tz,
        _person.c.stopped_at,
        _person.c.group_only_at.label("person_group_only_at"),
        _person.c.is_deleted,
        _workspace.c.holidays.label("country"),
        _initiative.c.status.label("initiative_status"),
        _initiative.c.tz.label("initiative_tz"),
        _initiative.c.first_date,
        _initiative.c.visibility,
        _initiative.c.cycle_days,
        _initiative.c.halted_at,
        _initiative.c.halted_until,
        *(_person.c[name].label(f"person_{name}") for name in TIMES),  # last: see `_waiting`
    )
    .join(_person, _person.c.id == _stakeholder.c.person_id)
    .join(_initiative, _initiative.c.id == _stakeholder.c.initiative_id)
    .join(_workspace, _workspace.c.id == _stakeholder.c.workspace_id)
    .where(_initiative.c.first_date.is_not(None))
)

_DUE = (  # built once: every tick asks it
    _PLACES.where(
        _stakeholder.c.next_due_at <= bindparam("now"),
        _stakeholder.c.workspace_id.not_in(workspaces.removed()),
    )
    .order_by(_stakeholder.c.next_due_at, _stakeholder.c.id)  # as the index has them
    .limit(bindparam("most", type_=Integer))
    .with_for_update(key_share=True, skip_locked=True, of=(_stakeholder, _person))
)

_BESIDE = _PLACES.where(
    _stakeholder.c.person_id.in_(bindparam("people", expanding=True)),
    _stakeholder.c.id.not_in(bindparam("ids", expanding=True)),
    _stakeholder.c.status == Place.ACTIVE.value,
    _initiative.c.status == Status.RUNNING.value,
).order_by(_stakeholder.c.id)
_SET_DUE = (
    update(_stakeholder)
    .where(_stakeholder.c.id == bindparam("one"))
    .values(next_due_at=bindparam("at"), due_rules=bindparam("words"))
)


def due(tx: Tx, now: datetime, limit: int) -> list[Waiting]:
    """Lock and return at most `limit` stakeholders to decide about, longest-waiting first.

    Their persons are locked as well: nobody else decides about another place of theirs meanwhile.
    """
    return [_waiting(row) for row in tx.execute(_DUE, {"now": now, "most": limit})]


def beside(tx: Tx, held: Collection[Waiting]) -> list[Waiting]:
    """Return the other places of the same people where somebody may write to them."""
    people, ids = {place.person_id for place in held}, [place.id for place in held]
    rows = tx.execute(_BESIDE, {"people": list(people), "ids": ids})
    return [_waiting(row) for row in rows]


def of_people(tx: Tx, person_ids: Collection[int]) -> list[Waiting]:
    """Return the places of people in what runs, also those where nobody may write to them."""
    statement = _PLACES.where(
        _stakeholder.c.person_id.in_(person_ids),
        _stakeholder.c.status.not_in([place.value for place in Place if place.is_gone]),
        _initiative.c.status == Status.RUNNING.value,
    )
    return [_waiting(row) for row in tx.execute(statement.order_by(_stakeholder.c.id))]


def people_of(tx: Tx, initiative_id: int) -> list[int]:
    """Return the ids of the people of an initiative, without those who left."""
    here = select(_stakeholder.c.person_id).where(
        _stakeholder.c.initiative_id == initiative_id,
        _stakeholder.c.status.not_in([place.value for place in Place if place.is_gone]),
    )
    return list(tx.scalars(here.order_by(_stakeholder.c.person_id)))


def lock(tx: Tx, held: Collection[Waiting]) -> frozenset[int]:
    """Lock these places, whose persons are locked; return the ids of those nobody else has."""
    if not held:
        return frozenset()
    free = select(_stakeholder.c.id).where(_stakeholder.c.id.in_([place.id for place in held]))
    return frozenset(tx.scalars(free.with_for_update(key_share=True, skip_locked=True)))


def place(tx: Tx, stakeholder_id: int) -> Waiting:
    """Lock and return one stakeholder."""
    statement = _PLACES.where(_stakeholder.c.id == stakeholder_id)
    return _waiting(tx.execute(statement.with_for_update(key_share=True, of=_stakeholder)).one())


def of_initiative(tx: Tx, initiative_id: int) -> list[Waiting]:
    """Return every stakeholder of an initiative."""
    statement = _PLACES.where(_stakeholder.c.initiative_id == initiative_id)
    return [_waiting(row) for row in tx.execute(statement.order_by(_stakeholder.c.id))]


def add_asks(tx: Tx, new: Sequence[NewAsk], now: datetime) -> dict[int, int]:
    """Add asks; return their ids by stakeholder, without those asked in that week already."""
    if not new:
        return {}
    added = insert_once(tx, _ask).returning(_ask.c.stakeholder_id, _ask.c.id)
    rows = tx.execute(added, [_ask_row(one, now) for one in new])
    return {row.stakeholder_id: row.id for row in rows}


def reopen_asks(tx: Tx, ask_ids: Collection[int]) -> None:
    """Open asks again that ended without an answer; each has a message of its own from now on."""
    if ask_ids:
        again = update(_ask).where(_ask.c.id.in_(ask_ids))
        tx.execute(
            again.values(
                closed_at=None,
                end_reason=None,
                ended_by_id=None,
                host_id=None,
                revision=_ask.c.revision + 1,
            )
        )


def join(tx: Tx, hosts: Mapping[int, int]) -> None:
    """Have asks offered in the messages of others: {ask: host}."""
    for ask_id, host_id in hosts.items():
        tx.execute(update(_ask).where(_ask.c.id == ask_id).values(host_id=host_id))


def adopt(tx: Tx, slots: Mapping[int, int]) -> None:
    """Count asks that people opened themselves as the ones of a week: {ask: week}."""
    for ask_id, slot in slots.items():
        tx.execute(update(_ask).where(_ask.c.id == ask_id).values(slot=slot))


def set_due(tx: Tx, due: Mapping[int, Due]) -> None:
    """Set when to decide about each stakeholder again, and why then."""
    idle: dict[str, list[int]] = defaultdict(list)
    for one, when in due.items():
        if when.at is None:
            idle[when.words].append(one)
    for words, ids in idle.items():
        waits = update(_stakeholder).where(_stakeholder.c.id.in_(ids))
        tx.execute(waits.values(next_due_at=None, due_rules=words))
    dated = [
        {"one": one, "at": when.at, "words": when.words}
        for one, when in due.items()
        if when.at is not None
    ]
    if dated:
        tx.execute(_SET_DUE, dated)


def decide_again(tx: Tx, kind: Kind, subject_id: int, now: datetime) -> None:
    """Have the clock look at those whom a message of `kind` is for or offers something to."""
    ids = {
        Kind.GIVE: select(_give.c.stakeholder_id).where(_give.c.id == subject_id),
        Kind.PAUSE_NOTE: select(_step_back.c.stakeholder_id).where(_step_back.c.id == subject_id),
        Kind.REMINDER: select(_ask.c.stakeholder_id).where(_ask.c.id == subject_id),
        Kind.ASK: select(_ask.c.stakeholder_id).where(
            (_ask.c.id == subject_id) | (_ask.c.host_id == subject_id)
        ),
    }.get(kind)
    place = _stakeholder.c.id == subject_id if ids is None else _stakeholder.c.id.in_(ids)
    tx.execute(update(_stakeholder).where(place).values(next_due_at=now))


def wake_owed(tx: Tx, initiative_id: int, now: datetime) -> None:
    """Have the clock look at everybody whom it asks nothing while the owners owe listening."""
    owed = update(_stakeholder).where(
        _stakeholder.c.initiative_id == initiative_id,
        _stakeholder.c.due_rules.contains(Rule.LISTENING_DEBT.value),
    )
    tx.execute(owed.values(next_due_at=now))


def wake_attended(tx: Tx, initiative_id: int, now: datetime) -> None:
    """Have the clock look at those whom attention is due: there is something to give."""
    attended = update(_stakeholder).where(_stakeholder.c.initiative_id == initiative_id, ATTENDED)
    tx.execute(attended.values(next_due_at=now))


def delivered(tx: Tx, ask_id: int, now: datetime) -> None:
    """Note that somebody has a check-in before them, and decide about its reminder next.

    One that another check-in offered counts as a moment older than that: next time it goes first.
    """
    place_id, host_id = tx.execute(
        update(_ask)
        .where(_ask.c.id == ask_id)
        .values(delivered_at=now)
        .returning(_ask.c.stakeholder_id, _ask.c.host_id)
    ).one()
    asked_at: datetime | None = now
    if host_id is not None:
        host_at = tx.scalars(select(_ask.c.delivered_at).where(_ask.c.id == host_id)).one()
        asked_at = host_at - SECOND if host_at else None
    place = update(_stakeholder).where(_stakeholder.c.id == place_id)
    tx.execute(place.values(next_due_at=now, asked_at=asked_at or now))


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
        "host_id": new.host_id,
    }


def _is_attended(row: Any) -> bool:
    return row.attention_at is not None or row.barrier_at is not None


def _waiting(row: Any) -> Waiting:
    group_only = is_group_only(row.visibility, row.group_only_at, row.person_group_only_at)
    return Waiting(
        id=row.id,
        workspace_id=row.workspace_id,
        initiative_id=row.initiative_id,
        person_id=row.person_id,
        place=Place(row.status),
        introduced_at=row.introduced_at,
        snoozed_until=row.snoozed_until,
        group_only=group_only,
        slack_user_id=row.slack_user_id,
        tz=row.tz,
        person_stopped=row.stopped_at is not None,
        person_gone=row.is_deleted,
        running=row.initiative_status == Status.RUNNING.value,
        initiative_tz=row.initiative_tz,
        first_date=row.first_date,
        times=to_times(*row[-len(TIMES) :]),
        country=row.country,
        cycle_days=row.cycle_days,
        misses=row.misses,
        asked_at=row.asked_at,
        paused_until=row.paused_until,
        attention=_is_attended(row) and not group_only,
        settled=row.settled and row.barrier_at is None and not group_only,
        fewer=row.fewer_at is not None,
        next_due_at=row.next_due_at,
        halt=to_halt(row.halted_at, row.halted_until),
    )
