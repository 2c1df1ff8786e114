"""Talks in the database: what was offered, agreed, said and noted; facts are only appended."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import (
    Integer,
    Select,
    Table,
    bindparam,
    func,
    insert,
    or_,
    select,
    update,
)

from bot.domain.conversations import OPEN, Conversation, Event, Form, Invited, Origin, Said, State
from bot.domain.initiatives import Visibility
from bot.domain.people import Person
from bot.domain.talk_rules import NOTHING_LATELY, Lately
from storage import tables, workspaces
from storage.database import Tx
from storage.people import to_person

_talk = cast(Table, tables.Conversation.__table__)
_event = cast(Table, tables.ConversationEvent.__table__)
_guest = cast(Table, tables.ConversationGuest.__table__)
_person = cast(Table, tables.Person.__table__)
_place = cast(Table, tables.Stakeholder.__table__)

_COMES = {"yes": True, "no": False}
ALL = select(_talk).order_by(_talk.c.id)
"""Every talk, oldest first; for `matching`."""

_OPEN = [state.value for state in OPEN]
_OFFERED = (State.HOST_ASKED.value, State.OFFERED.value)


@dataclass(frozen=True, slots=True)
class NewTalk:
    """A talk to add."""

    workspace_id: int
    initiative_id: int
    form: Form
    origin: Origin
    state: State
    stakeholder_id: int | None = None
    person_id: int | None = None
    host_id: int | None = None
    offered_by_id: int | None = None
    next_due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """A time that somebody has agreed to talk at, and in which talk."""

    person_id: int
    talk_id: int
    starts_at: datetime
    ends_at: datetime


def add(tx: Tx, new: NewTalk, now: datetime) -> int:
    """Add a talk; return its id."""
    values = asdict(new) | {name: getattr(new, name).value for name in ("form", "origin", "state")}
    added = insert(_talk).values(**values, sequence=0, made_at=now, proposed=[])
    talk_id: int = tx.scalars(added.returning(_talk.c.id)).one()
    return talk_id


def get(tx: Tx, talk_id: int) -> Conversation | None:
    """Return one talk, or None if there is none with this id."""
    return next(iter(matching(tx, ALL.where(_talk.c.id == talk_id))), None)


def locked(tx: Tx, talk_id: int) -> Conversation | None:
    """Lock and return one talk, as the last change left it."""
    statement = ALL.where(_talk.c.id == talk_id)
    return next(iter(matching(tx, statement.with_for_update(key_share=True))), None)


def lock_people(tx: Tx, person_ids: Iterable[int]) -> None:
    """Let nobody else agree on a time with any of these people before this is over."""
    wanted = sorted(set(person_ids))
    chosen = select(_person.c.id).where(_person.c.id.in_(wanted)).order_by(_person.c.id)
    tx.execute(chosen.with_for_update(key_share=True))


def change(tx: Tx, talk_id: int, **values: Any) -> None:
    """Set columns of a talk."""
    tx.execute(update(_talk).where(_talk.c.id == talk_id).values(**values))


def say(
    tx: Tx,
    talk: Conversation,
    event: Event,
    by: int | None,
    now: datetime,
    starts_at: datetime | None = None,
) -> None:
    """Append what somebody (None: the app) said or did about a talk."""
    values = {"workspace_id": talk.workspace_id, "conversation_id": talk.id, "person_id": by}
    said = {"event": event.value, "starts_at": starts_at, "at": now}
    tx.execute(insert(_event).values(**values, **said))


def said(tx: Tx, talk_ids: Collection[int]) -> dict[int, list[Said]]:
    """Return what was said about talks, oldest first."""
    found: dict[int, list[Said]] = defaultdict(list)
    if talk_ids:
        columns = (_event.c.conversation_id, _event.c.event, _event.c.person_id, _event.c.at)
        statement = select(*columns).where(_event.c.conversation_id.in_(talk_ids))
        for row in tx.execute(statement.order_by(_event.c.id)):
            found[row[0]].append(Said(Event(row[1]), row[2], row[3]))
    return found


# --- looking for them ----------------------------------------------------------------------------


def of_initiative(tx: Tx, initiative_id: int, states: Iterable[State]) -> list[Conversation]:
    """Return the talks about an initiative in some states, oldest first."""
    wanted = _talk.c.state.in_([state.value for state in states])
    return matching(tx, ALL.where(_talk.c.initiative_id == initiative_id, wanted))


def waiting_at(
    tx: Tx, stakeholder_ids: Collection[int], states: Iterable[State]
) -> list[Conversation]:
    """Return the talks in some states that are about these places, oldest first."""
    wanted = _talk.c.state.in_([state.value for state in states])
    return matching(tx, ALL.where(_talk.c.stakeholder_id.in_(list(stakeholder_ids)), wanted))


def asked_for(tx: Tx, stakeholder_id: int) -> Conversation | None:
    """Return the talk that somebody asked for and nobody took up yet."""
    mine = _talk.c.stakeholder_id == stakeholder_id
    waits = ALL.where(mine, _talk.c.state == State.ASKED.value)
    return next(iter(matching(tx, waits)), None)


def open_of(tx: Tx, person_id: int) -> Conversation | None:
    """Return the open offer or the agreed talk of somebody, over all initiatives."""
    statement = ALL.where(_talk.c.person_id == person_id, _talk.c.state.in_(_OPEN))
    return next(iter(matching(tx, statement)), None)


def last_call(tx: Tx, initiative_id: int) -> datetime | None:
    """Return when everyone in group figures last got a general offer of a talk, if ever."""
    called = (_talk.c.initiative_id == initiative_id) & (_talk.c.form == Form.EVERYONE.value)
    last: datetime | None = tx.scalars(select(func.max(_talk.c.made_at)).where(called)).one()
    return last


def load_of(tx: Tx, host_id: int, now: datetime) -> tuple[int, list[datetime]]:
    """Return how many offers of a host wait for an answer, and when their agreed talks begin."""
    mine = (_talk.c.host_id == host_id) & _talk.c.state.in_(_OPEN)
    of_two = _talk.c.form == Form.ONE_ON_ONE.value
    statement = select(_talk.c.state, _talk.c.starts_at).where(mine, of_two)
    rows = tx.execute(statement).all()
    agreed = [row.starts_at for row in rows if row.starts_at and row.starts_at > now]
    return sum(row.state in _OFFERED for row in rows), agreed


@dataclass(frozen=True, slots=True)
class PlaceNow:
    """What keeps an offer from somebody, or calls for one."""

    attention_at: datetime | None = None
    """Since when attention is due."""
    fewer: bool = False
    until: datetime | None = None
    """Nothing reaches them before."""
    lately: Lately = NOTHING_LATELY

    def holds_back(self, now: datetime) -> bool:
        """Return whether an offer would not reach them now."""
        return self.fewer or (self.until is not None and self.until > now)


def places_now(tx: Tx, stakeholder_ids: Collection[int]) -> dict[int, PlaceNow]:
    """Return how it stands with these places, in one statement."""
    if not stakeholder_ids:
        return {}
    is_open = (
        select(_talk.c.id)
        .where(_talk.c.person_id == _place.c.person_id, _talk.c.state.in_(_OPEN))
        .exists()
    )
    offered = (
        select(func.max(_event.c.at))
        .join(_talk, _talk.c.id == _event.c.conversation_id)
        .where(_talk.c.stakeholder_id == _place.c.id, _event.c.event == Event.OFFERED.value)
        .scalar_subquery()
    )
    statement = select(
        _place.c.id,
        _place.c.attention_at,
        _place.c.fewer_at,
        is_open,
        offered,
        _place.c.paused_until,
        _place.c.snoozed_until,
    )
    found = {}
    for row in tx.execute(statement.where(_place.c.id.in_(list(stakeholder_ids)))):
        until = max((at for at in row[5:] if at is not None), default=None)
        fewer = row.fewer_at is not None
        found[row.id] = PlaceNow(row.attention_at, fewer, until, Lately(bool(row[3]), row[4]))
    return found


def last_answer(tx: Tx, stakeholder_id: int, question: str) -> int | None:
    """Return what somebody last answered by name to a question, 1…5; None if they did not."""
    ask, answer = tables.Ask, tables.Answer
    statement = (
        select(answer.value)
        .join(ask, ask.id == answer.ask_id)
        .where(
            ask.stakeholder_id == stakeholder_id,
            ask.visibility == Visibility.NAMED.value,
            answer.question == question,
        )
        .order_by(answer.id.desc())
        .limit(1)
    )
    return tx.scalars(statement).first()


def taken(tx: Tx, person_ids: Iterable[int], since: datetime) -> list[Taken]:
    """Return the times at which these people have agreed to talk, that end after `since`."""
    wanted = set(person_ids)
    columns = (_talk.c.id, _talk.c.starts_at, _talk.c.ends_at)
    agreed = (_talk.c.state == State.AGREED.value) & (_talk.c.ends_at > since)
    of_two = select(_talk.c.host_id, _talk.c.person_id, *columns).where(
        agreed, or_(_talk.c.host_id.in_(wanted), _talk.c.person_id.in_(wanted))
    )
    of_group = (
        select(_guest.c.person_id, *columns)
        .join(_talk, _talk.c.id == _guest.c.conversation_id)
        .where(agreed, _guest.c.person_id.in_(wanted), _guest.c.answer == "yes")
    )
    found = [Taken(row[0], *row[1:]) for row in tx.execute(of_group)]
    for host, guest, *when in tx.execute(of_two):
        found += [Taken(one, *when) for one in (host, guest) if one in wanted]
    return found


def answers_to_offers(tx: Tx, stakeholder_id: int) -> list[tuple[Event, datetime]]:
    """Return when somebody accepted or declined offers to talk."""
    told = (Event.ACCEPTED.value, Event.DECLINED.value)
    statement = (
        select(_event.c.event, _event.c.at)
        .join(_talk, _talk.c.id == _event.c.conversation_id)
        .where(_talk.c.stakeholder_id == stakeholder_id, _event.c.event.in_(told))
        .order_by(_event.c.id)
    )
    return [(Event(row[0]), row[1]) for row in tx.execute(statement)]


_DUE = (  # built once: every tick asks it
    select(_talk)
    .where(
        _talk.c.next_due_at <= bindparam("now"),
        _talk.c.workspace_id.not_in(workspaces.removed()),
    )
    .order_by(_talk.c.next_due_at, _talk.c.id)
    .limit(bindparam("most", type_=Integer))
    .with_for_update(key_share=True, skip_locked=True)
)


def due(tx: Tx, now: datetime, limit: int) -> list[Conversation]:
    """Lock and return at most `limit` talks that the clock has to look at."""
    return matching(tx, _DUE, now=now, most=limit)


def matching(tx: Tx, statement: Select[Any], **values: Any) -> list[Conversation]:
    """Return the talks that a query of `ALL` finds, with everybody in them."""
    rows = tx.execute(statement, values).all()
    if not rows:
        return []
    groups = _groups(tx, [row.id for row in rows if row.form == Form.GROUP.value])
    ids = {one for row in rows for one in (row.person_id, row.host_id, row.offered_by_id) if one}
    ids |= {one.person_id for held in groups.values() for one in held}
    known = {row.id: to_person(row) for row in tx.execute(people_of(ids))}
    return [_conversation(row, known, groups.get(row.id, ())) for row in rows]


def _groups(tx: Tx, talk_ids: Sequence[int]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    if talk_ids:
        chosen = select(_guest).where(_guest.c.conversation_id.in_(talk_ids))
        for row in tx.execute(chosen.order_by(_guest.c.id)):
            found[row.conversation_id].append(row)
    return found


def people_of(ids: Collection[int]) -> Select[Any]:
    """Return the query for the rows of these people."""
    return select(_person).where(_person.c.id.in_(ids))


def _conversation(row: Any, known: dict[int, Person], group: Iterable[Any]) -> Conversation:
    invited = (
        Invited(one.stakeholder_id, known[one.person_id], _COMES.get(one.answer)) for one in group
    )
    return Conversation(
        id=row.id,
        workspace_id=row.workspace_id,
        initiative_id=row.initiative_id,
        form=Form(row.form),
        origin=Origin(row.origin),
        state=State(row.state),
        sequence=row.sequence,
        made_at=row.made_at,
        stakeholder_id=row.stakeholder_id,
        guest=known.get(row.person_id),
        host=known.get(row.host_id),
        offered_by=known.get(row.offered_by_id),
        offered_at=row.offered_at,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        group=tuple(invited),
        next_due_at=row.next_due_at,
    )
