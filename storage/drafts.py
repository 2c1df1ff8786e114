"""Drafts in the database: what an owner typed and picked before an initiative starts."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from bot.domain.drafts import Draft, Expansion, Picks, Reference, Skip, What
from bot.domain.initiatives import Initiative, Place, Status, Visibility
from bot.domain.people import Person
from storage import tables, texts
from storage.database import Tx
from storage.people import to_person
from storage.results import rows_changed


def add(tx: Tx, owner: Person, what: What, form_id: str, now: datetime) -> int:
    """Add a draft that `owner` leads and return its id; `form_id` is the form it came from."""
    initiative_id = tx.scalars(
        insert(tables.Initiative)
        .values(
            workspace_id=owner.workspace_id,
            name=what.name,
            tz=owner.tz,
            visibility=Visibility.NAMED.value,
            status=Status.DRAFT.value,
            picked={"form": form_id},
            created_by_id=owner.id,
            created_at=now,
        )
        .returning(tables.Initiative.id)
    ).one()
    keys = {"workspace_id": owner.workspace_id, "initiative_id": initiative_id}
    tx.execute(insert(tables.InitiativeOwner).values(**keys, person_id=owner.id, since=now))
    tx.execute(
        insert(tables.PlanVersion).values(
            **keys, number=1, created_at=now, **_plan(tx, owner, what, now)
        )
    )
    return initiative_id


def made_from(tx: Tx, owner_id: int, form_id: str) -> int | None:
    """Return the draft that the form `form_id` made, if it did."""
    table = tables.Initiative
    rows = tx.execute(
        select(table.id, table.picked)
        .where(table.created_by_id == owner_id)
        .order_by(table.id.desc())
        .limit(20)
    )
    return next((row.id for row in rows if row.picked.get("form") == form_id), None)


def load(tx: Tx, initiative: Initiative) -> Draft:
    """Return what the owner of `initiative` picked, and whom that comes down to."""
    table = tables.Initiative
    row = tx.execute(select(table.picked, table.skipped).where(table.id == initiative.id)).one()
    picks = Picks(
        people=tuple(row.picked.get("people", ())),
        channels=tuple(row.picked.get("channels", ())),
        groups=tuple(row.picked.get("groups", ())),
    )
    return Draft(initiative, picks, _expansion(tx, row.picked.get("expanded"), row.skipped))


def not_looked_up(tx: Tx, workspace_id: int) -> list[int]:
    """Return the drafts whose picks were saved but never looked up."""
    table = tables.Initiative
    rows = tx.execute(
        select(table.id, table.picked).where(
            table.workspace_id == workspace_id,
            table.status == Status.DRAFT.value,
            table.channel_id.is_not(None),
        )
    )
    return [row.id for row in rows if "expanded" not in row.picked]


def lock(tx: Tx, seen: Reference) -> bool:
    """Keep the draft as it is until the end of the transaction; False if it moved on."""
    table = tables.Initiative
    unchanged = select(table.id).where(
        table.id == seen.id,
        table.revision == seen.revision,
        table.status == Status.DRAFT.value,
    )
    return tx.scalar(unchanged.with_for_update(key_share=True)) is not None


def advance(tx: Tx, seen: Reference, **values: Any) -> bool:
    """Set columns and raise the revision; return False if the draft moved on since `seen`."""
    table = tables.Initiative
    unchanged = update(table).where(
        table.id == seen.id,
        table.revision == seen.revision,
        table.status == Status.DRAFT.value,
    )
    return rows_changed(tx.execute(unchanged.values(revision=seen.revision + 1, **values))) == 1


def rewrite_plan(tx: Tx, author: Person, initiative_id: int, what: What, now: datetime) -> None:
    """Replace the words of a draft's plan; nobody has been shown the old ones."""
    table = tables.PlanVersion
    names = ("why_id", "benefit_id", "needed_id", "milestone_id")
    columns = [getattr(table, name) for name in names]
    old = tx.execute(select(*columns).where(table.initiative_id == initiative_id)).one()
    changed = update(table).where(table.initiative_id == initiative_id)
    tx.execute(changed.values(**_plan(tx, author, what, now)))
    texts.forget(tx, old)


def set_picks(tx: Tx, initiative_id: int, picks: Picks) -> None:
    """Store what the owner picked; whom it came down to before is forgotten."""
    chosen = {"people": picks.people, "channels": picks.channels, "groups": picks.groups}
    _change_picked(tx, initiative_id, {name: list(ids) for name, ids in chosen.items()}, {})


def set_expansion(tx: Tx, initiative_id: int, expansion: Expansion, listed: int) -> None:
    """Store whom the picks come down to, if that is at most `listed` people."""
    fits = expansion.found <= listed
    expanded = {
        "people": [person.id for person in expansion.people] if fits else [],
        "found": expansion.found,
        "unreadable": list(expansion.unreadable),
        "failed": expansion.failed,
    }
    skipped = {reason.value: list(ids) for reason, ids in expansion.skipped.items()}
    _change_picked(tx, initiative_id, {"expanded": expanded}, skipped)


def add_stakeholders(
    tx: Tx, initiative: Initiative, people: Sequence[Person], now: datetime
) -> None:
    """Give everyone in `people` a place in the initiative, in one statement."""
    rows = [
        {
            "workspace_id": initiative.workspace_id,
            "initiative_id": initiative.id,
            "person_id": person.id,
            "status": Place.ACTIVE.value,
            "added_at": now,
        }
        for person in people
    ]
    if rows:
        tx.execute(insert(tables.Stakeholder), rows)


def forget_words(tx: Tx, initiative_id: int) -> None:
    """Empty the words of a draft that was discarded."""
    table = tables.PlanVersion
    names = (table.why_id, table.benefit_id, table.needed_id, table.milestone_id)
    ids = tx.execute(select(*names).where(table.initiative_id == initiative_id)).one()
    words = update(tables.FreeText).where(tables.FreeText.id.in_([one for one in ids if one]))
    tx.execute(words.values(words=""))


def _plan(tx: Tx, author: Person, what: What, now: datetime) -> dict[str, Any]:
    def kept(words: str) -> int | None:
        return texts.keep(tx, author.workspace_id, author.id, words, now) if words else None

    return {
        "why_id": kept(what.why),
        "benefit_id": kept(what.benefit),
        "needed_id": kept(what.needed),
        "milestone_id": kept(what.milestone),
        "milestone_on": what.milestone_on,
    }


def _change_picked(
    tx: Tx, initiative_id: int, picked: dict[str, Any], skipped: dict[str, Any]
) -> None:
    table = tables.Initiative
    old = tx.scalars(select(table.picked).where(table.id == initiative_id)).one()
    kept = {name: value for name, value in old.items() if name != "expanded"}
    changed = update(table).where(table.id == initiative_id)
    tx.execute(changed.values(picked=kept | picked, skipped=skipped))


def _expansion(
    tx: Tx, expanded: dict[str, Any] | None, skipped: dict[str, Any]
) -> Expansion | None:
    if expanded is None:
        return None
    return Expansion(
        people=_people(tx, expanded["people"]),
        skipped={Skip(reason): tuple(ids) for reason, ids in skipped.items()},
        unreadable=tuple(expanded["unreadable"]),
        failed=expanded["failed"],
        found=expanded["found"],
    )


def _people(tx: Tx, ids: Sequence[int]) -> tuple[Person, ...]:
    table = tables.Person
    rows = tx.scalars(
        select(table)
        .where(table.id.in_(ids))
        .order_by(table.id)
        .execution_options(populate_existing=True)
    )
    return tuple(to_person(row) for row in rows)
