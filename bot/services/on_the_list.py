"""Who is asked: owners add people to a running initiative and take them off."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from bot.domain import drafts
from bot.domain import owner_settings as rules
from bot.domain.drafts import Expansion, Members, Skip
from bot.domain.initiatives import Place, Stakeholder
from bot.domain.owner_settings import ListChanged, OnTheList
from bot.domain.people import Actor, Choice, Person
from bot.errors import FieldErrors
from bot.services import people, stakeholders
from bot.services.owner_settings import locked, running
from storage import audit, owner_settings
from storage import stakeholders as places
from storage.database import Tx

SHOWN = 40
"""How many people the form names."""


def form(tx: Tx, actor: Actor, initiative_id: int, now: datetime) -> OnTheList:
    """Return who is asked about an initiative, for somebody who leads it.

    Raises:
        Refused: if the actor does not lead it, or it does not run.
    """
    initiative = running(tx, actor, initiative_id, now)
    here = _here(stakeholders.of_initiative(tx, initiative.id))
    return OnTheList(initiative, len(here), tuple(place.person for place in here[:SHOWN]))


def change(
    tx: Tx,
    actor: Actor,
    initiative_id: int,
    add: Sequence[str],
    remove: Sequence[str],
    now: datetime,
) -> ListChanged:
    """Add people and take people off, by Slack id; who is on the list already stays as they are.

    Newcomers are introduced first. Whoever had said no themselves stays unasked, and nobody else
    learns of it. Those taken off get no further message.

    Raises:
        FieldErrors: if a field needs mending.
        Refused: as for `form`.
    """
    initiative, by = locked(tx, actor, initiative_id, now)
    held = {one.person.slack_user_id: one for one in stakeholders.of_initiative(tx, initiative.id)}
    known = people.by_slack_ids(tx, initiative.workspace_id, [*add, *remove])
    here = {one.person.slack_user_id for one in _here(held.values())}
    if wrong := rules.check_people(add, remove, known, here):
        raise FieldErrors(wrong)
    owners = {owner.slack_user_id for owner in initiative.owners}
    found = drafts.expand(Members(by_hand=tuple(add)), known, owners)
    new = [one for one in found.people if one.slack_user_id not in held]
    again = [one for one in found.people if one.slack_user_id in held.keys() - here]
    off = [held[one] for one in dict.fromkeys(remove)]
    size = len(here) + len(new) + len(again) - len(off)
    if wrong := rules.check_size(size, initiative.visibility, removes=bool(off)):
        raise FieldErrors(wrong)
    stakeholders.take_many_off(tx, off, actor, now)
    owner_settings.add_places(tx, initiative, new, by, now)
    _put_back(tx, [held[one.slack_user_id] for one in again], now)
    if new or again:
        who = (initiative.workspace_id, actor.slack_user_id, "stakeholders.added")
        audit.record(tx, *who, "initiative", initiative.id, now)
    return ListChanged(
        initiative=initiative,
        added=tuple(new),
        back=tuple(again),
        already=len(found.people) - len(new) - len(again),
        removed=tuple(place.person for place in off),
        skipped=tuple(_skipped(found, known)),
    )


def _put_back(tx: Tx, back: Sequence[Stakeholder], now: datetime) -> None:
    """Put people on the list again; whose own last word was a no stays unasked."""
    said_no = owner_settings.own_word(tx, [place.id for place in back])
    for status in (Place.ACTIVE, *owner_settings.NO.values()):
        ids = [place.id for place in back if said_no.get(place.id, Place.ACTIVE) is status]
        due = now if status is Place.ACTIVE else None
        places.change(tx, ids, status=status.value, next_due_at=due)
    places.add_choices(tx, back, Choice.ON, now)


def _here(held: Iterable[Stakeholder]) -> list[Stakeholder]:
    return [place for place in held if not place.place.is_gone]


def _skipped(found: Expansion, known: Mapping[str, Person]) -> Iterator[tuple[Skip, str]]:
    for reason, ids in found.skipped.items():
        for one in ids:
            yield reason, known[one].name if one in known else ""
