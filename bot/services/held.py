"""Everything the app holds about one person, gathered for that person alone."""

from datetime import datetime

from bot.domain import caps
from bot.domain.accounts import Estimating
from bot.domain.held import HeldAboutMe, HeldLead, HeldPlace
from bot.domain.initiatives import Initiative, Stakeholder
from bot.domain.people import Actor, Person
from bot.services import (
    barriers,
    digests,
    initiatives,
    inputs,
    people,
    standings,
    talk_hours,
    talk_wishes,
    times,
)
from storage import commitments, held, stakeholders, steps
from storage.database import Tx


def about(tx: Tx, actor: Actor, now: datetime) -> HeldAboutMe:
    """Return everything held about the actor; nobody else can ask for it."""
    who = people.person(tx, actor, now)
    return HeldAboutMe(
        mine=times.of_person(tx, who, now),
        places=_places(tx, who, now),
        leads=_leads(tx, who),
        settings=tuple(held.settings(tx, who.id)),
        messages=tuple(held.messages(tx, who.id, now - caps.LONGEST)),
        hosting=talk_hours.chosen(tx, who, now),
    )


def _places(tx: Tx, who: Person, now: datetime) -> tuple[HeldPlace, ...]:
    mine = stakeholders.of_person(tx, who.id)
    about: dict[int, Initiative] = initiatives.load_many(
        tx, {place.initiative_id for place in mine}
    )
    check_ins, choices = held.check_ins(tx, who.id), held.choices(tx, who.id)
    told = inputs.of_giver(tx, who.id)
    chosen, declined = commitments.of_person(tx, who.id), steps.declined(tx, who.id)
    return tuple(
        HeldPlace(
            stakeholder=place,
            initiative=about[place.initiative_id],
            check_ins=tuple(check_ins.get(place.id, ())),
            inputs=tuple(one for one in reversed(told) if one.initiative_id == place.initiative_id),
            choices=tuple(choices.get(place.id, ())),
            read=digests.about(tx, about[place.initiative_id], place, now),
            estimating=_estimating(tx, place),
            steps=tuple(one for one in reversed(chosen) if one.stakeholder_id == place.id),
            no_steps=tuple(reversed(declined.get(place.id, ()))),
            barrier=barriers.held(tx, place),
            talks=talk_wishes.held_at(tx, place, about[place.initiative_id]),
        )
        for place in reversed(mine)
    )


def _estimating(tx: Tx, place: Stakeholder) -> Estimating:
    if place.no_estimate:
        return Estimating.NOT_ME
    on = standings.are_on(tx, place.workspace_id)
    return Estimating.YES if on else Estimating.NOT_HERE


def _leads(tx: Tx, who: Person) -> tuple[HeldLead, ...]:
    posts, promised = held.posts(tx, who.id), held.steps(tx, who.id)
    guesses = held.guesses(tx, who.id)
    return tuple(
        HeldLead(one, posts.get(one.id, 0), tuple(promised.get(one.id, ())), guesses.get(one.id))
        for one in initiatives.led_by(tx, who.id)
    )
