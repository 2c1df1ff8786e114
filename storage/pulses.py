"""Asks and answers in the database.

A tap is the one thing that many people do at once, so its statements are built once, run on the
connection itself and touch tables by Core: what the ORM adds would cost more than the work.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, cast

from sqlalchemy import (
    BigInteger,
    Integer,
    String,
    Table,
    bindparam,
    exists,
    func,
    insert,
    literal_column,
    select,
    update,
)

from bot.domain import questions
from bot.domain.initiatives import Place, Stakeholder, Status, Visibility, is_group_only
from bot.domain.people import Person
from bot.domain.pulses import KNOW, Choice, EndReason, Question
from storage import tables
from storage.database import Tx
from storage.results import rows_changed
from storage.times import TIMES, to_times
from storage.types import UtcDateTime

_ask = cast(Table, tables.Ask.__table__)
_answer = cast(Table, tables.Answer.__table__)
_cycle = cast(Table, tables.Cycle.__table__)
_person = cast(Table, tables.Person.__table__)
_initiative = cast(Table, tables.Initiative.__table__)
_stakeholder = cast(Table, tables.Stakeholder.__table__)

PERSON = (
    "id",
    "slack_user_id",
    "name",
    "tz",
    "is_bot",
    "is_deleted",
    "is_guest",
    "is_stranger",
    "stopped_at",
    "group_only_at",
    *TIMES,
)
QUESTIONS = [question.value for question in Question]


@dataclass(frozen=True, slots=True)
class AskRow:
    """One ask as it stands, with the place and the person it belongs to."""

    id: int
    initiative_id: int
    place: Stakeholder
    visibility: Visibility
    """As it was copied onto the ask; the place may have become stricter."""
    closed_at: datetime | None
    end_reason: EndReason | None
    revision: int
    closes_at: datetime
    """When its round is due to close."""
    round_closed: bool
    asked_before: datetime | None
    """When the place's ask before this one was opened."""
    questions: questions.Questions


@dataclass(frozen=True, slots=True)
class Held:
    """The answer that holds for one question of an ask."""

    id: int
    question: str
    value: int | None
    choice: str | None
    answered_at: datetime


@dataclass(frozen=True, slots=True)
class Open:
    """An initiative that a person could answer about now."""

    initiative_id: int
    name: str
    stakeholder_id: int
    cycle_id: int
    ask_id: int | None
    ask_closed: bool
    answered: int
    """How many of the questions."""
    knows_not: bool
    """Said that they do not know enough to say."""
    asked: str | None
    halted_until: datetime | None

    @property
    def questions(self) -> questions.Questions:
        """What the round asks."""
        return questions.read(self.asked)

    @property
    def is_done(self) -> bool:
        """Whether there is nothing left to answer."""
        return self.answered == len(self.questions) or self.knows_not

    @property
    def is_open(self) -> bool:
        """Whether an ask is there and takes answers."""
        return self.ask_id is not None and not self.ask_closed


class Target(NamedTuple):
    """What the right to answer an ask depends on."""

    workspace_id: int
    revision: int
    closed_at: datetime | None
    slack_user_id: str
    is_deleted: bool
    status: str
    """The initiative's."""


@dataclass(frozen=True, slots=True)
class VerdictFacts:
    """What a message about an ask depends on; `status` is the place's."""

    closed_at: datetime | None
    end_reason: str | None
    revision: int
    answered: bool
    snoozed_until: datetime | None
    status: str
    round_closed_at: datetime | None


# --- a tap: four statements -------------------------------------------------------------------

_TARGET = (
    select(
        _ask.c.workspace_id,
        _ask.c.revision,
        func.coalesce(_ask.c.closed_at, _cycle.c.closed_at),
        _person.c.slack_user_id,
        _person.c.is_deleted,
        _initiative.c.status,
    )
    .join(_person, _person.c.id == _ask.c.person_id)
    .join(_initiative, _initiative.c.id == _ask.c.initiative_id)
    .join(_cycle, _cycle.c.id == _ask.c.cycle_id)  # an ask may be added while its round closes
    .where(_ask.c.id == bindparam("ask_id"))
    .with_for_update(key_share=True, of=_ask)  # two taps at once on one ask wait for one another
)

_newest = (
    select(func.max(_answer.c.id))
    .where(
        _answer.c.ask_id == bindparam("ask_id", type_=BigInteger),
        _answer.c.question == bindparam("question", type_=String),
    )
    .scalar_subquery()
)
_same = exists(literal_column("1")).where(
    _answer.c.id == _newest,
    _answer.c.value.is_not_distinct_from(bindparam("value", type_=Integer)),
    _answer.c.choice.is_not_distinct_from(bindparam("choice", type_=String)),
)
_APPEND = insert(_answer).from_select(
    ["workspace_id", "ask_id", "question", "value", "choice", "answered_at"],
    select(
        bindparam("workspace_id", type_=BigInteger),
        bindparam("ask_id", type_=BigInteger),
        bindparam("question", type_=String),
        bindparam("value", type_=Integer),
        bindparam("choice", type_=String),
        bindparam("now", type_=UtcDateTime),
    ).where(~_same),
)
_REVISE = update(_ask).where(_ask.c.id == bindparam("one")).values(revision=bindparam("next"))


def target(tx: Tx, ask_id: int) -> Target | None:
    """Lock the ask and return what the right to answer it depends on, or None."""
    row = tx.connection().execute(_TARGET, {"ask_id": ask_id}).first()
    return Target(*row) if row else None


def append(tx: Tx, workspace_id: int, ask_id: int, given: Choice, now: datetime) -> bool:
    """Append an answer unless it is the one that holds; return whether it was appended."""
    values = {
        "workspace_id": workspace_id,
        "ask_id": ask_id,
        "question": given.question,
        "value": given.value,
        "choice": given.choice,
        "now": now,
    }
    return rows_changed(tx.connection().execute(_APPEND, values)) == 1


def revise(tx: Tx, ask_id: int, revision: int) -> None:
    """Set the revision of a locked ask."""
    tx.connection().execute(_REVISE, {"one": ask_id, "next": revision})


# --- what people see: read after every tap, so these statements are built once as well ---------

_HELD = (
    select(
        _answer.c.id,
        _answer.c.question,
        _answer.c.value,
        _answer.c.choice,
        _answer.c.answered_at,
    )
    .where(_answer.c.ask_id == bindparam("ask_id"))
    .order_by(_answer.c.id)
)
_answered = (
    select(func.count(_answer.c.question.distinct()))
    .where(_answer.c.ask_id == _ask.c.id, _answer.c.question.in_(QUESTIONS))
    .scalar_subquery()
)
_later = _answer.alias("later")
_taken_back = exists().where(
    _later.c.ask_id == _answer.c.ask_id,
    _later.c.question.in_(QUESTIONS),
    _later.c.id > _answer.c.id,
)
_knows_not = exists().where(
    _answer.c.ask_id == _ask.c.id, _answer.c.question == KNOW, ~_taken_back.correlate(_answer)
)
_mine = (_ask.c.stakeholder_id == _stakeholder.c.id) & (_ask.c.cycle_id == _cycle.c.id)
_OPEN = (
    select(
        _initiative.c.id.label("initiative_id"),
        _initiative.c.name,
        _stakeholder.c.id.label("stakeholder_id"),
        _cycle.c.id.label("cycle_id"),
        _ask.c.id.label("ask_id"),
        _ask.c.closed_at.is_not(None).label("ask_closed"),
        _answered.label("answered"),
        _knows_not.label("knows_not"),
        _cycle.c.questions.label("asked"),
        _initiative.c.halted_until,
    )
    .select_from(_stakeholder)
    .join(_initiative, _initiative.c.id == _stakeholder.c.initiative_id)
    .join(_cycle, _cycle.c.initiative_id == _initiative.c.id)
    .outerjoin(_ask, _mine)
    .where(
        _stakeholder.c.person_id == bindparam("person_id"),
        _stakeholder.c.status == Place.ACTIVE.value,
        _stakeholder.c.introduced_at.is_not(None),
        _initiative.c.status == Status.RUNNING.value,
        _cycle.c.closed_at.is_(None),
        _cycle.c.opens_at <= bindparam("now"),
    )
    .order_by(_ask.c.opened_at.is_(None), _ask.c.opened_at, _ask.c.id, _stakeholder.c.id)
)


_earlier = _ask.alias("earlier")
_before = (
    select(func.max(_earlier.c.opened_at))
    .where(_earlier.c.stakeholder_id == _ask.c.stakeholder_id, _earlier.c.id < _ask.c.id)
    .scalar_subquery()
)
_WHOLE = (
    select(
        _ask.c.id,
        _ask.c.workspace_id,
        _ask.c.initiative_id,
        _ask.c.stakeholder_id,
        _ask.c.visibility,
        _ask.c.closed_at,
        _ask.c.end_reason,
        _ask.c.revision,
        _cycle.c.closes_at,
        _cycle.c.closed_at.is_not(None).label("round_closed"),
        _before.label("asked_before"),
        _cycle.c.questions,
        _initiative.c.visibility.label("initiative_visibility"),
        _stakeholder.c.status,
        _stakeholder.c.added_at,
        _stakeholder.c.introduced_at,
        _stakeholder.c.group_only_at,
        _stakeholder.c.snoozed_until,
        _stakeholder.c.no_estimate_at,
        *(_person.c[name].label(f"person_{name}") for name in PERSON),
    )
    .join(_cycle, _cycle.c.id == _ask.c.cycle_id)
    .join(_initiative, _initiative.c.id == _ask.c.initiative_id)
    .join(_stakeholder, _stakeholder.c.id == _ask.c.stakeholder_id)
    .join(_person, _person.c.id == _ask.c.person_id)
    .where(_ask.c.id == bindparam("ask_id"))
)
_REVISION = select(_ask.c.revision).where(_ask.c.id == bindparam("ask_id"))


def load(tx: Tx, ask_id: int) -> AskRow | None:
    """Return an ask, or None if there is none with this id."""
    row = tx.connection().execute(_WHOLE, {"ask_id": ask_id}).one_or_none()
    if row is None:
        return None
    return AskRow(
        id=row.id,
        initiative_id=row.initiative_id,
        place=_place(row),
        visibility=Visibility(row.visibility),
        closed_at=row.closed_at,
        end_reason=EndReason(row.end_reason) if row.end_reason else None,
        revision=row.revision,
        closes_at=row.closes_at,
        round_closed=row.round_closed,
        asked_before=row.asked_before,
        questions=questions.read(row.questions),
    )


def _place(row: Any) -> Stakeholder:
    person = Person(
        id=row.person_id,
        workspace_id=row.workspace_id,
        slack_user_id=row.person_slack_user_id,
        name=row.person_name,
        tz=row.person_tz,
        is_bot=row.person_is_bot,
        is_deleted=row.person_is_deleted,
        is_guest=row.person_is_guest,
        is_stranger=row.person_is_stranger,
        stopped=row.person_stopped_at is not None,
        group_only=row.person_group_only_at is not None,
        times=to_times(*(getattr(row, f"person_{name}") for name in TIMES)),
    )
    return Stakeholder(
        id=row.stakeholder_id,
        workspace_id=row.workspace_id,
        initiative_id=row.initiative_id,
        person=person,
        place=Place(row.status),
        added_at=row.added_at,
        introduced_at=row.introduced_at,
        group_only=is_group_only(
            row.initiative_visibility, row.group_only_at, row.person_group_only_at
        ),
        snoozed_until=row.snoozed_until,
        no_estimate=row.no_estimate_at is not None,
    )


def revision(tx: Tx, ask_id: int) -> int | None:
    """Return how often an ask changed, or None if it is not there."""
    found: int | None = tx.connection().execute(_REVISION, {"ask_id": ask_id}).scalar()
    return found


def held(tx: Tx, ask_id: int) -> dict[str, Held]:
    """Return the answers that hold, by question."""
    rows = tx.connection().execute(_HELD, {"ask_id": ask_id})
    return {row.question: Held(*row) for row in rows}


def open_for(tx: Tx, person_id: int, now: datetime) -> list[Open]:
    """Return what a person could answer about now, in running rounds; longest open first."""
    rows = tx.connection().execute(_OPEN, {"person_id": person_id, "now": now})
    return [Open(**row._asdict()) for row in rows]


def verdict_facts(tx: Tx, ask_id: int) -> VerdictFacts | None:
    """Return what a message about an ask depends on; None if the ask is gone."""
    answered = exists().where(_answer.c.ask_id == _ask.c.id)
    statement = (
        select(
            _ask.c.closed_at,
            _ask.c.end_reason,
            _ask.c.revision,
            answered,
            _stakeholder.c.snoozed_until,
            _stakeholder.c.status,
            _cycle.c.closed_at,
        )
        .join(_stakeholder, _stakeholder.c.id == _ask.c.stakeholder_id)
        .join(_cycle, _cycle.c.id == _ask.c.cycle_id)
        .where(_ask.c.id == ask_id)
    )
    row = tx.execute(statement).one_or_none()
    return VerdictFacts(*row) if row else None
