"""Group figures, and the answers they are made of, in the database."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, func, select, true

from bot.domain.cycles import Cycle
from bot.domain.figures import Basis, Figure, Measure, Part, Published, Shown, Someone, Told
from bot.domain.initiatives import Place, Visibility, is_group_only
from bot.domain.people import Person
from storage import tables
from storage.database import Tx
from storage.outbox import insert_once

_figures = cast(Table, tables.GroupFigure.__table__)
_cycles = cast(Table, tables.Cycle.__table__)
_place = cast(Table, tables.Stakeholder.__table__)
_person = cast(Table, tables.Person.__table__)
_initiative = cast(Table, tables.Initiative.__table__)

_SOMEONE = (
    _place.c.id,
    _place.c.status,
    _place.c.introduced_at,
    _place.c.group_only_at,
    _initiative.c.visibility,
    _person.c.group_only_at,
    _person.c.id,
    _person.c.workspace_id,
    _person.c.slack_user_id,
    _person.c.name,
    _person.c.tz,
    _person.c.is_bot,
    _person.c.is_deleted,
    _person.c.is_guest,
    _person.c.is_stranger,
    _person.c.stopped_at.is_not(None),
    _person.c.group_only_at.is_not(None),
)
"""A place with its person, in no more columns than needed: an initiative may have a thousand."""

_PLACES = {place.value: place for place in Place}
_GROUP = Visibility.GROUP.value

# Read after every tap or for every digest, so they are built once, and without the ORM.
_PEOPLE = (
    select(*_SOMEONE)
    .join(_person, _person.c.id == _place.c.person_id)
    .join(_initiative, _initiative.c.id == _place.c.initiative_id)
    .where(_place.c.initiative_id == bindparam("initiative_id"))
    .order_by(_place.c.id)
)
_ROUNDS = (
    select(
        _cycles.c.id,
        _cycles.c.initiative_id,
        _cycles.c.number,
        _cycles.c.opens_at,
        _cycles.c.closes_at,
        _cycles.c.closed_at,
    )
    .where(_cycles.c.initiative_id == bindparam("initiative_id"))
    .order_by(_cycles.c.number)
)
_PAST = (
    select(
        _figures.c.question,
        _figures.c.shown,
        _figures.c.figure,
        _cycles.c.number,
        _cycles.c.closed_at,
        func.coalesce(  # a figure of before it was noted there has it behind it alone
            _figures.c.figure["of"].as_integer(), _figures.c.basis["of"].as_integer()
        ),
        _initiative.c.visibility,
    )
    .join(_cycles, _cycles.c.id == _figures.c.cycle_id)
    .join(_initiative, _initiative.c.id == _figures.c.initiative_id)
    .where(_figures.c.initiative_id == bindparam("initiative_id"), _cycles.c.closed_at.is_not(None))
    .order_by(_cycles.c.number, _figures.c.id)
)
_LAST_ROUND = (
    select(_figures.c.cycle_id)
    .join(_cycles, _cycles.c.id == _figures.c.cycle_id)
    .where(_figures.c.initiative_id == bindparam("initiative_id"))
    .order_by(_cycles.c.number.desc())
    .limit(1)
)
_FIGURES = (
    select(_figures.c.question, _figures.c.shown, _figures.c.figure, _cycles.c.number)
    .join(_cycles, _cycles.c.id == _figures.c.cycle_id)
    .order_by(_figures.c.id)
)
_OF_ROUND = _FIGURES.where(_figures.c.cycle_id == bindparam("cycle_id"))
_NEWEST = _FIGURES.where(_figures.c.cycle_id == _LAST_ROUND.correlate(None).scalar_subquery())


def people_of(tx: Tx, initiative_id: int, stakeholder_id: int | None = None) -> list[Someone]:
    """Return everyone who is or was asked about an initiative, in the order they were added.

    With `stakeholder_id` only that one. When they can be written to is left out.
    """
    asked = _PEOPLE
    if stakeholder_id is not None:
        asked = asked.where(_place.c.id == stakeholder_id)
    rows = tx.connection().execute(asked, {"initiative_id": initiative_id})
    return [_someone(row) for row in rows.all()]


def _someone(row: Sequence[Any]) -> Someone:
    place_id, status, introduced_at, here, visibility, everywhere, *who = row
    place, person = _PLACES[status], Person(*who)
    if visibility == _GROUP:
        return Someone(place_id, person, place, introduced_at, group_only=True)
    chosen = min(filter(None, (here, everywhere)), default=None)
    hidden = is_group_only(visibility, chosen)
    return Someone(place_id, person, place, introduced_at, hidden, chosen)


def told_in(tx: Tx, cycle_ids: Collection[int], stakeholder_id: int | None = None) -> list[Told]:
    """Return every answer given in these rounds, in the order they were given.

    With `stakeholder_id` only those of that one.
    """
    if not cycle_ids:
        return []
    ask, answer = tables.Ask, tables.Answer
    rows = tx.execute(
        select(
            ask.stakeholder_id,
            ask.cycle_id,
            answer.question,
            answer.value,
            answer.choice,
            answer.answered_at,
            ask.visibility,
        )
        .join(ask, ask.id == answer.ask_id)
        .where(ask.cycle_id.in_(cycle_ids))
        .where(ask.stakeholder_id == stakeholder_id if stakeholder_id is not None else true())
        .order_by(answer.id)
    )
    return [Told(*row[:6], by_name=row[6] == Visibility.NAMED.value) for row in rows]


def cycles_of(tx: Tx, initiative_id: int) -> list[Cycle]:
    """Return the rounds of an initiative in order."""
    return [Cycle(*row) for row in tx.execute(_ROUNDS, {"initiative_id": initiative_id})]


def published(tx: Tx, initiative_id: int) -> list[Published]:
    """Return every figure of an initiative with its basis, oldest round first."""
    figure, cycle = tables.GroupFigure, tables.Cycle
    rows = tx.execute(
        select(figure.question, figure.shown, figure.figure, figure.basis, cycle.number)
        .join(cycle, cycle.id == figure.cycle_id)
        .where(figure.initiative_id == initiative_id)
        .order_by(cycle.number, figure.id)
    )
    return [
        Published(_figure(row.question, row.shown, row.figure, row.number), _basis(row.basis))
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Past:
    """A figure of a round that closed at `closed_at`, without the answers behind it.

    `of` is how many were asked of whom the answered are a part, which owners may know if
    `by_name`.
    """

    figure: Figure
    closed_at: datetime
    of: int | None
    by_name: bool


def past(tx: Tx, initiative_id: int) -> list[Past]:
    """Return the figures of every closed round, oldest first, in one statement.

    What is behind them stays in the database: a thousand answers a figure take long to read.
    """
    rows = tx.execute(_PAST, {"initiative_id": initiative_id})
    named = Visibility.NAMED.value
    return [Past(_figure(*row[:4]), row[4], row[5], row[6] == named) for row in rows]


def of_round(tx: Tx, cycle_id: int) -> list[Figure]:
    """Return the figures of one round; none while it is open."""
    return [_figure(*row) for row in tx.execute(_OF_ROUND, {"cycle_id": cycle_id})]


def newest(tx: Tx, initiative_id: int) -> list[Figure]:
    """Return the figures of the last closed round that has some."""
    return [_figure(*row) for row in tx.execute(_NEWEST, {"initiative_id": initiative_id})]


def part_of(tx: Tx, cycle_id: int) -> Part | None:
    """Return how many took part in a closed round, as its owners may know it."""
    figure = tables.GroupFigure
    stored = select(figure.basis).where(
        figure.cycle_id == cycle_id, figure.question == Measure.TOOK_PART.value
    )
    basis = tx.scalars(stored).one_or_none()
    return _basis(basis).part if basis else None


def add(
    tx: Tx, workspace_id: int, cycle: Cycle, published: Sequence[Published], now: datetime
) -> None:
    """Write the figures of a round; those that are there stay as they are."""
    rows = [
        {
            "workspace_id": workspace_id,
            "initiative_id": cycle.initiative_id,
            "cycle_id": cycle.id,
            "question": one.figure.measure.value,
            "shown": one.figure.shown.value,
            "figure": _numbers(one),
            "basis": _written(one.basis),
            "published_at": now,
        }
        for one in published
    ]
    tx.execute(insert_once(tx, tables.GroupFigure), rows)


def _numbers(published: Published) -> dict[str, int]:
    figure, numbers = published.figure, {"of": published.basis.invited}
    numbers |= {"answered": figure.answered, "favourable": figure.favourable}
    numbers["invited"] = figure.invited
    return {name: number for name, number in numbers.items() if number is not None}


def _written(basis: Basis) -> dict[str, Any]:
    if basis.part:
        return asdict(basis.part)
    values = {str(person): value for person, value in basis.values.items()}
    written = {"values": values, "unseen": sorted(basis.unseen)}
    return written if basis.invited is None else written | {"of": basis.invited}


def _figure(measure: str, shown: str, numbers: dict[str, Any], round_number: int) -> Figure:
    return Figure(
        Measure(measure),
        Shown(shown),
        answered=numbers.get("answered", 0),
        favourable=numbers.get("favourable"),
        invited=numbers.get("invited"),
        round=round_number,
    )


def _basis(stored: dict[str, Any]) -> Basis:
    if "invited" in stored:
        return Basis(part=Part(**stored))
    values = {int(person): value for person, value in stored.get("values", {}).items()}
    return Basis(values, frozenset(stored.get("unseen", ())), invited=stored.get("of"))
