"""Dry runs: what the next weeks would bring, read in bulk; `domain.planned` works it out."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from bot.domain import caps
from bot.domain.initiatives import Initiative, Status
from bot.domain.outbox import Kind
from bot.domain.pacing_settings import PacingSettings
from bot.domain.people import Actor, Person
from bot.domain.planned import Missing, PersonFacts, PlaceFacts
from bot.errors import Refused
from bot.services import calendars, initiatives, pacing_facts, pacing_settings, people
from bot.services.pacing_facts import Picture
from storage import dropped, pacing, pauses, workspaces
from storage.database import Tx
from storage.pacing import Waiting

NOT_INSTALLED = "Buy-in is in no workspace yet: install it, start `buyin run` once, and try again."
UNKNOWN = (
    "Nobody here is called {user}. Give the member ID as Slack shows it in a profile: U and then "
    "letters and digits."
)


def mine(tx: Tx, actor: Actor, now: datetime) -> PersonFacts:
    """Return what decides about everything the actor gets, for the actor alone."""
    return of_person(tx, people.person(tx, actor, now), now)


def of_person(tx: Tx, person: Person, now: datetime) -> PersonFacts:
    """Return what decides about everything one person gets."""
    held = _of_people(tx, [person.id], now).get(person.id)
    if held is not None:
        return replace(held, lately=_lately(tx, person.id, held, now))
    calendar = calendars.of(tx, person, now)
    settings = pacing_settings.of(tx, person.workspace_id)
    return PersonFacts(calendar, settings, person.stopped)


def _lately(tx: Tx, person_id: int, held: PersonFacts, now: datetime) -> tuple[Missing, ...]:
    """Return what was let go lately; not news: who gets it follows from what is concluded."""
    about = {one.initiative.id: one.initiative for one in held.places}
    return tuple(
        Missing(row.dropped_at, about[row.initiative_id], row.what.kind, row.what.rule)
        for row in dropped.of_person(tx, person_id, now - caps.LONGEST)
        if row.initiative_id in about and row.what.kind is not Kind.GIVE
    )


def of_user(tx: Tx, slack_user_id: str, now: datetime) -> list[PersonFacts]:
    """Return the same for an operator, by Slack's id, in each workspace that has the person.

    Raises:
        Refused: if no workspace has the app, or none of them this person.
    """
    installed = workspaces.installed(tx)
    if not installed:
        raise Refused(NOT_INSTALLED)
    known = [people.by_slack_ids(tx, one, [slack_user_id]) for one in installed]
    found = [person for one in known for person in one.values()]
    if not found:
        raise Refused(UNKNOWN.format(user=slack_user_id))
    return [of_person(tx, person, now) for person in found]


def leads_any(tx: Tx, actor: Actor) -> bool:
    """Return whether the actor leads something that has not ended."""
    known = people.by_slack_ids(tx, actor.workspace_id, [actor.slack_user_id])
    mine = [one for person in known.values() for one in initiatives.led_by(tx, person.id)]
    return any(one.status is not Status.ENDED for one in mine)


def led(tx: Tx, actor: Actor, words: str, now: datetime) -> tuple[Initiative, list[int]]:
    """Return the running initiative that `words` name, and the ids of its people.

    Raises:
        Refused: if there is none, or it is not clear which.
    """
    initiative = initiatives.choose_led(tx, actor, words, now)
    return initiative, pacing.people_of(tx, initiative.id)


def settings_of(tx: Tx, initiative: Initiative) -> PacingSettings:
    """Return the numbers of the policy that hold for an initiative."""
    return pacing_settings.of(tx, initiative.workspace_id)


def of_people(tx: Tx, person_ids: Collection[int], now: datetime) -> list[PersonFacts]:
    """Return what decides about everything that some people get."""
    return list(_of_people(tx, person_ids, now).values())


def _of_people(tx: Tx, person_ids: Collection[int], now: datetime) -> dict[int, PersonFacts]:
    picture = pacing_facts.read(tx, pacing.of_people(tx, person_ids), now)
    about = initiatives.load_many(tx, {one.initiative_id for one in picture.places})
    milestones = {one: pauses.milestone(tx, one) for one in about}
    found = {}
    for person_id, held in pacing_facts.of_person(picture).items():
        places = tuple(
            PlaceFacts(
                about[one.initiative_id],
                pacing_facts.facts_of(one, picture),
                pacing_facts.under_way(one, picture),
                milestones[one.initiative_id],
            )
            for one in held
        )
        found[person_id] = _person_facts(held[0], places, picture)
    return found


def _person_facts(one: Waiting, places: tuple[PlaceFacts, ...], picture: Picture) -> PersonFacts:
    settings = picture.settings[one.workspace_id]
    return PersonFacts(places[0].facts.whose, settings, one.person_stopped, places)
