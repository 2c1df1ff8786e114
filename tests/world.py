"""A small made-up world in the database: a workspace, people, and one running initiative."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import Table, insert, inspect, select
from sqlalchemy.sql.dml import ReturningInsert

from bot.domain.initiatives import Place, Status, Visibility
from bot.domain.people import Actor, Person, Profile
from bot.services import people
from storage import tables, texts
from storage.database import Tx

MONDAY = datetime(2025, 3, 3, 9, 0, tzinfo=UTC)
"""A Monday morning, 10:00 in Berlin; the initiative started a week before."""

STARTED = datetime(2025, 2, 24, 9, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class World:
    """What `build` made: Dana leads the initiative, `asked` are asked about it."""

    workspace_id: int
    initiative_id: int
    plan_version_id: int
    owner: Person
    asked: tuple[Person, ...]
    stakeholder_ids: tuple[int, ...]

    @property
    def leader(self) -> Actor:
        """The owner as somebody who acts."""
        return Actor(self.workspace_id, self.owner.slack_user_id)

    def actor(self, place: int) -> Actor:
        """The person at `place` of `asked` as somebody who acts."""
        return Actor(self.workspace_id, self.asked[place].slack_user_id)


def build(
    tx: Tx,
    *,
    asked: int = 6,
    visibility: Visibility = Visibility.NAMED,
    channel_id: str | None = "C0SHELVES",
    tz: str = "Europe/Berlin",
    team_id: str = "T0DEMO",
    status: Status = Status.RUNNING,
) -> World:
    """Insert a workspace with Dana Demo, `asked` people U1… and an initiative she leads."""
    workspace_id = _add(tx, tables.Workspace, team_id=team_id, app_id="A1", created_at=STARTED)
    profiles = [Profile("UDANA", "Dana Demo", tz)]
    profiles += [Profile(f"U{n}", f"Person {n}", tz) for n in range(1, asked + 1)]
    people.learn(tx, workspace_id, profiles, STARTED)
    known = people.by_slack_ids(tx, workspace_id, [profile.slack_user_id for profile in profiles])
    owner, *others = [known[profile.slack_user_id] for profile in profiles]
    initiative_id = _add(
        tx,
        tables.Initiative,
        workspace_id=workspace_id,
        name="Shelf labels",
        tz=tz,
        visibility=visibility.value,
        status=status.value,
        channel_id=channel_id,
        first_date=date(2025, 2, 26),
        created_by_id=owner.id,
        created_at=STARTED,
        started_at=None if status is Status.DRAFT else STARTED,
    )
    _add(
        tx,
        tables.InitiativeOwner,
        workspace_id=workspace_id,
        initiative_id=initiative_id,
        person_id=owner.id,
        since=STARTED,
    )
    version_id = add_plan(tx, workspace_id, initiative_id, owner.id, 1, None)
    places = _add_all(
        tx, tables.Stakeholder, [_place(initiative_id, person, Place.ACTIVE) for person in others]
    )
    return World(workspace_id, initiative_id, version_id, owner, tuple(others), tuple(places))


def ask(tx: Tx, initiative_id: int, person: Person, place: Place = Place.ACTIVE) -> int:
    """Insert a place in the initiative; return its id."""
    return _add(tx, tables.Stakeholder, **_place(initiative_id, person, place))


def _place(initiative_id: int, person: Person, place: Place) -> dict[str, object]:
    return {
        "workspace_id": person.workspace_id,
        "initiative_id": initiative_id,
        "person_id": person.id,
        "status": place.value,
        "added_at": STARTED,
        "introduced_at": STARTED,
    }


def add_plan(
    tx: Tx,
    workspace_id: int,
    initiative_id: int,
    author_id: int,
    number: int,
    milestone_on: date | None,
    now: datetime = STARTED,
) -> int:
    """Insert a version of the plan; return its id."""

    def keep(words: str) -> int:
        return texts.keep(tx, workspace_id, author_id, words, now)

    return _add(
        tx,
        tables.PlanVersion,
        workspace_id=workspace_id,
        initiative_id=initiative_id,
        number=number,
        why_id=keep("Labels fall off."),
        benefit_id=keep("Less searching."),
        milestone_id=keep("The go-live") if milestone_on else None,
        milestone_on=milestone_on,
        created_at=now,
    )


def rows(tx: Tx, table: type[tables.Base]) -> list[dict[str, object]]:
    """Return every row of a table as a dict, by primary key."""
    columns = table.__table__.columns
    found = tx.execute(select(*columns).order_by(*table.__table__.primary_key))
    return [dict(row) for row in found.mappings()]


def _add(tx: Tx, table: type[tables.Identified], **values: object) -> int:
    return _add_all(tx, table, [values])[0]


def _add_all(
    tx: Tx, table: type[tables.Identified], values: Sequence[dict[str, object]]
) -> Sequence[int]:
    """Insert rows, leaving out the ORM, which takes twice as long; return their ids."""
    if not values:
        return ()
    plain = inspect(table).local_table
    assert isinstance(plain, Table)
    return tx.scalars(_added(plain), values).all()


@functools.cache
def _added(plain: Table) -> ReturningInsert[int]:
    return insert(plain).returning(plain.c.id, sort_by_parameter_order=True)
