"""Silence and pauses in the database: counted when a round closes, projected on the place."""

import functools
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Select, Table, bindparam, exists, func, insert, select, update

from bot.domain.initiatives import Place, Visibility
from bot.domain.pauses import MoreTime, Pause, Quiet, Reason, Snooze
from bot.domain.people import Choice
from bot.domain.pulses import EndReason
from storage import tables
from storage.database import Tx
from storage.people import to_person

_ask = cast(Table, tables.Ask.__table__)
_answer = cast(Table, tables.Answer.__table__)
_person = cast(Table, tables.Person.__table__)
_initiative = cast(Table, tables.Initiative.__table__)
_stakeholder = cast(Table, tables.Stakeholder.__table__)
_step_back = cast(Table, tables.StepBack.__table__)
_choice = cast(Table, tables.StakeholderChoice.__table__)

MORE_TIME = "more_time"
"""The reason of a row about an initiative as a whole."""


@dataclass(frozen=True, slots=True)
class Silent:
    """A place that a check-in more went unanswered at."""

    stakeholder_id: int
    workspace_id: int
    initiative_id: int
    misses: int
    tz: str


@dataclass(frozen=True, slots=True)
class Row:
    """A pause of one place that still holds."""

    id: int
    stakeholder_id: int
    reason: Reason
    since: datetime
    until: datetime
    note: bool


@dataclass(frozen=True, slots=True)
class Participation:
    """How many people of an initiative are asked, and how many of them are quiet."""

    asked: int
    quiet: int


def count_silence(tx: Tx, cycle_id: int) -> list[Silent]:
    """Count the check-ins of a closed round that nobody answered; return whose they are.

    An answer, to a check-in from the app or one they opened themselves, ends the counting.
    """
    answered = exists().where(_answer.c.ask_id == _ask.c.id)
    of_round = select(_ask.c.stakeholder_id).where(_ask.c.cycle_id == cycle_id)
    heard = update(_stakeholder).where(
        _stakeholder.c.id.in_(of_round.where(answered)), _stakeholder.c.misses > 0
    )
    tx.execute(heard.values(misses=0))
    missed = of_round.where(
        ~answered,
        _ask.c.origin == "app",
        _ask.c.delivered_at.is_not(None),
        _ask.c.end_reason.in_([EndReason.ROUND_CLOSED.value, EndReason.NEXT_ASK.value]),
    )
    silent = update(_stakeholder).where(_stakeholder.c.id.in_(missed))
    rows = tx.execute(silent.values(misses=_stakeholder.c.misses + 1).returning(_stakeholder.c.id))
    return _silent(tx, [row.id for row in rows])


def _silent(tx: Tx, ids: Collection[int]) -> list[Silent]:
    if not ids:
        return []
    columns = (_stakeholder.c.id, _stakeholder.c.workspace_id, _stakeholder.c.initiative_id)
    statement = (
        select(*columns, _stakeholder.c.misses, _person.c.tz)
        .join(_person, _person.c.id == _stakeholder.c.person_id)
        .where(_stakeholder.c.id.in_(ids), _stakeholder.c.status == Place.ACTIVE.value)
        .order_by(_stakeholder.c.id)
    )
    return [Silent(*row) for row in tx.execute(statement)]


def milestone(tx: Tx, initiative_id: int) -> date | None:
    """Return the date of the next milestone in the newest plan."""
    plan = tables.PlanVersion
    newest = select(plan.milestone_on).where(plan.initiative_id == initiative_id)
    return tx.scalars(newest.order_by(plan.number.desc()).limit(1)).one_or_none()


def add(tx: Tx, pauses: Sequence[tuple[Silent, Pause]]) -> None:
    """Append pauses, and let each place know until when nobody is asked."""
    if not pauses:
        return
    rows = [
        {
            "workspace_id": place.workspace_id,
            "initiative_id": place.initiative_id,
            "stakeholder_id": place.stakeholder_id,
            "reason": pause.reason.value,
            "since": pause.since,
            "until": pause.until,
            "note": pause.note,
            "facts": {"misses": place.misses},
        }
        for place, pause in pauses
    ]
    tx.execute(insert(_step_back), rows)
    for until, ids in _by_until(pauses).items():
        chosen = update(_stakeholder).where(_stakeholder.c.id.in_(ids))
        tx.execute(chosen.values(paused_until=until))


def _by_until(pauses: Iterable[tuple[Silent, Pause]]) -> dict[datetime, list[int]]:
    found: dict[datetime, list[int]] = defaultdict(list)
    for place, pause in pauses:
        found[pause.until].append(place.stakeholder_id)
    return found


def add_for_initiative(
    tx: Tx, workspace_id: int, initiative_id: int, facts: dict[str, Any], now: datetime
) -> None:
    """Append the advice to give an initiative more time."""
    values = {"workspace_id": workspace_id, "initiative_id": initiative_id, "facts": facts}
    tx.execute(insert(_step_back).values(**values, reason=MORE_TIME, since=now, note=False))


def doubted(tx: Tx, initiative_id: int) -> int:
    """Return for how many rounds in a row most people were probably not bought in."""
    found = select(tables.Initiative.doubted).where(tables.Initiative.id == initiative_id)
    return tx.scalars(found).one()


def advice(tx: Tx, initiative_id: int, since: datetime) -> MoreTime | None:
    """Return the newest advice of an initiative that nobody dealt with."""
    statement = (
        select(_step_back.c.id, _step_back.c.facts)
        .where(
            _step_back.c.initiative_id == initiative_id,
            _step_back.c.stakeholder_id.is_(None),
            _step_back.c.ended_at.is_(None),
            _step_back.c.since >= since,
        )
        .order_by(_step_back.c.id.desc())
        .limit(1)
    )
    row = tx.execute(statement).one_or_none()
    return MoreTime(row.id, row.facts["quiet"], row.facts["asked"]) if row else None


def has_advice(tx: Tx, initiative_id: int, since: datetime) -> bool:
    """Return whether an initiative's owners were advised since `since`, dealt with or not."""
    found = exists().where(
        _step_back.c.initiative_id == initiative_id,
        _step_back.c.stakeholder_id.is_(None),
        _step_back.c.since >= since,
    )
    return bool(tx.scalar(select(found)))


def holding(tx: Tx, stakeholder_ids: Collection[int], now: datetime) -> dict[int, Row]:
    """Return the newest pause that holds at `now`, by stakeholder."""
    if not stakeholder_ids:
        return {}
    columns = (_step_back.c.id, _step_back.c.stakeholder_id, _step_back.c.reason)
    statement = (
        select(*columns, _step_back.c.since, _step_back.c.until, _step_back.c.note)
        .where(
            _step_back.c.stakeholder_id.in_(stakeholder_ids),
            _step_back.c.ended_at.is_(None),
            _step_back.c.until > now,
        )
        .order_by(_step_back.c.id)
    )
    return {
        row.stakeholder_id: Row(
            row.id, row.stakeholder_id, Reason(row.reason), row.since, row.until, row.note
        )
        for row in tx.execute(statement)
    }


def get(tx: Tx, step_back_id: int) -> Row | None:
    """Return a pause that no owner and nobody else ended, or None."""
    columns = (_step_back.c.id, _step_back.c.stakeholder_id, _step_back.c.reason)
    statement = select(*columns, _step_back.c.since, _step_back.c.until, _step_back.c.note).where(
        _step_back.c.id == step_back_id,
        _step_back.c.stakeholder_id.is_not(None),
        _step_back.c.ended_at.is_(None),
    )
    row = tx.execute(statement).one_or_none()
    if row is None:
        return None
    return Row(row.id, row.stakeholder_id, Reason(row.reason), row.since, row.until, row.note)


@dataclass(frozen=True, slots=True)
class Told:
    """A row that an owner answers: about one place, or about the initiative as a whole."""

    initiative_id: int
    quiet: Quiet | None
    more_time: MoreTime | None
    outcome: str | None
    """What an owner answered before."""


def told(tx: Tx, step_back_id: int) -> Told | None:
    """Lock and return what an owner answers, dealt with or not; None if it is not there."""
    locked = select(tables.StepBack).where(tables.StepBack.id == step_back_id)
    fresh = locked.with_for_update(key_share=True).execution_options(populate_existing=True)
    row = tx.scalars(fresh).one_or_none()
    if row is None:
        return None
    if row.stakeholder_id is None:
        more = MoreTime(row.id, row.facts["quiet"], row.facts["asked"])
        return Told(row.initiative_id, None, more, row.outcome)
    person = tx.scalars(
        select(tables.Person)
        .join(_stakeholder, _stakeholder.c.person_id == tables.Person.id)
        .where(_stakeholder.c.id == row.stakeholder_id)
    ).one()
    return Told(row.initiative_id, _quiet(row, person), None, row.outcome)


def answer(tx: Tx, step_back_id: int, outcome: str) -> None:
    """Note what an owner will do about a pause, which goes on."""
    chosen = update(_step_back).where(_step_back.c.id == step_back_id)
    tx.execute(chosen.values(outcome=outcome))


def settle(tx: Tx, step_back_id: int, outcome: str, words_id: int, now: datetime) -> None:
    """Note what an owner decided about the date, and why."""
    chosen = update(_step_back).where(_step_back.c.id == step_back_id)
    tx.execute(chosen.values(outcome=outcome, words_id=words_id, ended_at=now))


def end(tx: Tx, stakeholder_ids: Collection[int], outcome: str, now: datetime) -> None:
    """End the pauses of these places: somebody wants messages again, or an owner took over."""
    if not stakeholder_ids:
        return
    open_ones = update(_step_back).where(
        _step_back.c.stakeholder_id.in_(stakeholder_ids), _step_back.c.ended_at.is_(None)
    )
    tx.execute(open_ones.values(ended_at=now, outcome=outcome))
    chosen = update(_stakeholder).where(_stakeholder.c.id.in_(stakeholder_ids))
    tx.execute(chosen.values(paused_until=None, misses=0))


def earlier(tx: Tx, stakeholder_id: int, reason: Reason) -> datetime | None:
    """Return when the last pause for `reason` began, or None if there was none."""
    newest = select(func.max(_step_back.c.since)).where(
        _step_back.c.stakeholder_id == stakeholder_id, _step_back.c.reason == reason.value
    )
    found: datetime | None = tx.scalars(newest).one()
    return found


def place(tx: Tx, stakeholder_id: int) -> Silent:
    """Return what a pause of one place needs to know."""
    columns = (_stakeholder.c.id, _stakeholder.c.workspace_id, _stakeholder.c.initiative_id)
    statement = (
        select(*columns, _stakeholder.c.misses, _person.c.tz)
        .join(_person, _person.c.id == _stakeholder.c.person_id)
        .where(_stakeholder.c.id == stakeholder_id)
    )
    return Silent(*tx.execute(statement).one())


def snoozes(tx: Tx, stakeholder_id: int, since: datetime | None) -> list[Snooze]:
    """Return the times somebody said *not now* here, since `since`, oldest first."""
    statement = select(_choice.c.made_at, _choice.c.until).where(
        _choice.c.stakeholder_id == stakeholder_id,
        _choice.c.kind == Choice.SNOOZE.value,
        _choice.c.until.is_not(None),
    )
    rows = tx.execute(statement.order_by(_choice.c.id))
    return [Snooze(*row) for row in rows if since is None or row.made_at > since]


def heard_at(tx: Tx, stakeholder_id: int) -> datetime | None:
    """Return when somebody last answered anything here."""
    newest = (
        select(func.max(_answer.c.answered_at))
        .join(_ask, _ask.c.id == _answer.c.ask_id)
        .where(_ask.c.stakeholder_id == stakeholder_id)
    )
    found: datetime | None = tx.scalars(newest).one()
    return found


def quiet(
    tx: Tx, initiative_id: int, now: datetime, stakeholder_id: int | None = None
) -> list[Quiet]:
    """Return the pauses of named people that owners have not dealt with, newest first.

    Nobody in group figures and nobody who stopped; with `stakeholder_id` only theirs.
    """
    statement = _quiet_now()
    if stakeholder_id is not None:
        statement = statement.where(_step_back.c.stakeholder_id == stakeholder_id)
    return [_quiet(*row) for row in tx.execute(statement, {"of": initiative_id, "now": now})]


@functools.cache  # built once: every digest asks it
def _quiet_now() -> Select[tables.StepBack, tables.Person]:
    return (
        select(tables.StepBack, tables.Person)
        .join(_stakeholder, _stakeholder.c.id == _step_back.c.stakeholder_id)
        .join(_person, _person.c.id == _stakeholder.c.person_id)
        .join(_initiative, _initiative.c.id == _stakeholder.c.initiative_id)
        .where(
            _step_back.c.initiative_id == bindparam("of"),
            _step_back.c.ended_at.is_(None),
            _step_back.c.outcome.is_(None),
            _step_back.c.until > bindparam("now"),
            _initiative.c.visibility == Visibility.NAMED.value,
            *_is_named(),
        )
        .order_by(_step_back.c.since.desc(), _step_back.c.id.desc())
        .execution_options(populate_existing=True)
    )


def _quiet(row: tables.StepBack, person: tables.Person) -> Quiet:
    assert row.stakeholder_id is not None  # noqa: S101 - they are joined by it
    return Quiet(
        id=row.id,
        stakeholder_id=row.stakeholder_id,
        person=to_person(person),
        reason=Reason(row.reason),
        since=row.since,
        until=row.until or row.since,
        misses=row.facts.get("misses", 0),
    )


def hidden_quiet(tx: Tx, initiative_id: int, now: datetime) -> tuple[int, int]:
    """Return how many are in group figures only, and how many of them are paused."""
    row = tx.execute(_hidden_quiet(), {"of": initiative_id, "now": now}).one()
    return row[0], row[1]


@functools.cache  # built once: every digest asks it
def _hidden_quiet() -> Select[int, int]:
    hidden = (
        _stakeholder.c.group_only_at.is_not(None)
        | _person.c.group_only_at.is_not(None)
        | (_initiative.c.visibility == Visibility.GROUP.value)
    )
    paused = func.count().filter(_stakeholder.c.paused_until > bindparam("now"))
    return (
        select(func.count(), paused)
        .select_from(_stakeholder)
        .join(_person, _person.c.id == _stakeholder.c.person_id)
        .join(_initiative, _initiative.c.id == _stakeholder.c.initiative_id)
        .where(
            _stakeholder.c.initiative_id == bindparam("of"),
            _stakeholder.c.status == Place.ACTIVE.value,
            _person.c.is_deleted.is_(False),
            hidden,
        )
    )


def participation(tx: Tx, initiative_id: int, silent_from: int, now: datetime) -> Participation:
    """Return how many named people are asked about an initiative, and how many are quiet.

    Quiet: at least `silent_from` check-ins in a row unanswered, or paused at `now`.
    """
    silent = (_stakeholder.c.misses >= silent_from) | (_stakeholder.c.paused_until > now)
    statement = (
        select(func.count(), func.count().filter(silent))
        .select_from(_stakeholder)
        .join(_person, _person.c.id == _stakeholder.c.person_id)
        .join(_initiative, _initiative.c.id == _stakeholder.c.initiative_id)
        .where(
            _stakeholder.c.initiative_id == initiative_id,
            _stakeholder.c.introduced_at.is_not(None),
            _initiative.c.visibility == Visibility.NAMED.value,
            *_is_named(),
        )
    )
    return Participation(*tx.execute(statement).one())


def _is_named() -> tuple[Any, ...]:
    return (
        _stakeholder.c.status == Place.ACTIVE.value,
        _stakeholder.c.group_only_at.is_(None),
        _person.c.group_only_at.is_(None),
        _person.c.stopped_at.is_(None),
        _person.c.is_deleted.is_(False),
    )
