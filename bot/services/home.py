"""The App Home: one read of what is open for a person and what they lead."""

from datetime import datetime

from bot.domain import caps
from bot.domain.home import HomeTab, Led, OpenCheckIn
from bot.domain.initiatives import Initiative, Place, Status
from bot.domain.people import Actor, Person
from bot.services import digests, initiatives, people, talk_hours, times
from storage import outbox, pulses, stakeholders
from storage.database import Tx


def tab(tx: Tx, actor: Actor, now: datetime) -> HomeTab:
    """Return what the App Home shows the actor."""
    who = people.person(tx, actor, now)
    led = [one for one in initiatives.led_by(tx, who.id) if one.status is not Status.ENDED]
    return HomeTab(
        mine=times.of_person(tx, who, now),
        open=_open(tx, who, now),
        asked_about=_asked_about(tx, who),
        leads=tuple(_led(tx, actor, one, now) for one in led),
        messages=len(outbox.counted_moments(tx, who.id, now - caps.LONGEST)),
        hosting=talk_hours.chosen(tx, who, now) if led else None,
    )


def _open(tx: Tx, who: Person, now: datetime) -> tuple[OpenCheckIn, ...]:
    return tuple(
        OpenCheckIn(one.initiative_id, one.name, one.answered, len(one.questions))
        for one in pulses.open_for(tx, who.id, now)
        if not one.is_done
    )


def _asked_about(tx: Tx, who: Person) -> tuple[str, ...]:
    places = stakeholders.of_person(tx, who.id, [Status.RUNNING])
    ids = {one.initiative_id for one in places if one.place is Place.ACTIVE}
    return tuple(one.name for one in initiatives.load_many(tx, ids).values())


def _led(tx: Tx, actor: Actor, initiative: Initiative, now: datetime) -> Led:
    if initiative.status is not Status.RUNNING:
        return Led(initiative)
    return Led(initiative, digests.numbers(tx, actor, initiative.id, now))
