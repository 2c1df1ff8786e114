"""Dry runs: what the next weeks would bring, read in bulk; `domain.planned` works it out."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain import caps
from bot.domain.calendars import Calendar, Whose, next_working_moment
from bot.domain.initiatives import Initiative, Status
from bot.domain.outbox import Kind
from bot.domain.pacing_facts import Facts
from bot.domain.pacing_settings import PacingSettings
from bot.domain.people import Actor, Person
from bot.domain.planned import Missing, PersonFacts, PlaceFacts
from bot.domain.steps import StepQuestion
from bot.domain.times import NOTHING_SET
from bot.errors import Refused
from bot.services import (
    calendars,
    commitments,
    drafts,
    initiatives,
    pacing_facts,
    pacing_settings,
    people,
)
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
    """Return the running initiative or the draft that `words` name, and the ids of its people.

    Raises:
        Refused: if there is none, or it is not clear which.
    """
    initiative = initiatives.choose_led(tx, actor, words, now, drafts_too=True)
    return initiative, pacing.people_of(tx, initiative.id)


def of_draft(tx: Tx, actor: Actor, initiative_id: int, now: datetime) -> list[PersonFacts]:
    """Return what a draft would bring those picked, by nothing but their time zones.

    What they set, and what other initiatives send them, is theirs alone to know: an owner may
    pick anybody, and compare.

    Raises:
        Refused: if it is no draft of theirs, or could not start as it is.
    """
    found = drafts.asked(tx, actor, initiative_id, now)
    settings = pacing_settings.of(tx, found.initiative.workspace_id)
    everyone = [replace(person, stopped=False, times=NOTHING_SET) for person in found.people]
    whose = calendars.of_many(tx, everyone, now)
    return [_newcomer(one, found.initiative, whose[one.id], settings) for one in everyone]


def _newcomer(
    person: Person, initiative: Initiative, calendar: Calendar, settings: PacingSettings
) -> PersonFacts:
    assert initiative.first_date  # noqa: S101 - `asked` set it
    facts = Facts(
        seed=str(person.id),
        person=str(person.id),
        tz=person.tz,
        calendar=calendar,
        first_date=initiative.first_date,
        initiative_tz=initiative.tz,
        cycle_days=initiative.cycle_days,
    )
    return PersonFacts(calendar, settings, places=(PlaceFacts(initiative, facts),))


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
    questions = commitments.to_be_asked(tx, [one.id for one in picture.places])
    found = {}
    for person_id, held in pacing_facts.of_person(picture).items():
        steps = _steps_of(held, questions, pacing_facts.facts_of(held[0], picture).whose)
        ahead = [one.at for one in steps if not one.queued]
        places = tuple(
            PlaceFacts(
                about[one.initiative_id],
                _knowing(pacing_facts.facts_of(one, picture), ahead),
                (*pacing_facts.under_way(one, picture), *_of_steps(one.id, steps)),
                milestones[one.initiative_id],
            )
            for one in held
        )
        found[person_id] = _person_facts(held[0], places, picture)
    return found


def _steps_of(
    held: Sequence[Waiting], questions: Sequence[StepQuestion], whose: Whose
) -> list[StepQuestion]:
    """Return what one person will be asked about their steps, at moments of theirs."""
    ids = {one.id for one in held}
    mine = [one for one in questions if one.stakeholder_id in ids]
    return [replace(one, at=next_working_moment(one.at, whose)) for one in mine]


def _knowing(facts: Facts, ahead: Sequence[datetime]) -> Facts:
    """Return the facts with what is to come besides, in all of the person's initiatives."""
    return replace(facts, sent_at=(*facts.sent_at, *ahead)) if ahead else facts


def _of_steps(
    stakeholder_id: int, steps: Sequence[StepQuestion]
) -> tuple[tuple[Kind, datetime], ...]:
    return tuple((Kind.STEP_DUE, one.at) for one in steps if one.stakeholder_id == stakeholder_id)


def _person_facts(one: Waiting, places: tuple[PlaceFacts, ...], picture: Picture) -> PersonFacts:
    settings = picture.settings[one.workspace_id]
    return PersonFacts(places[0].facts.whose, settings, one.person_stopped, places)
