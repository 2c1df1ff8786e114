"""When somebody can talk: their hours for talks, and what keeps them busy, on top of their days."""

from collections.abc import Iterable
from datetime import datetime

from bot.domain import talk_hours as rules
from bot.domain.calendars import Calendar
from bot.domain.people import Actor, Person
from bot.domain.slots import Availability
from bot.domain.talk_hours import WHENEVER, MyTalks, TalkHours
from bot.errors import FieldErrors, Refused
from bot.services import calendars, people
from storage import audit, busy
from storage import talk_hours as stored
from storage.database import Tx

FIELD = "hours"


def mine(tx: Tx, actor: Actor, now: datetime) -> MyTalks:
    """Return when the actor has talks, for the actor alone."""
    return of_person(tx, people.person(tx, actor, now), now)


def of_person(tx: Tx, person: Person, now: datetime) -> MyTalks:
    """Return when a person has talks, for that person alone."""
    hours = stored.of_people(tx, [person.id]).get(person.id, WHENEVER)
    return MyTalks(person, calendars.of(tx, person, now), now, hours, busy.of_person(tx, person.id))


def chosen(tx: Tx, person: Person, now: datetime) -> MyTalks | None:
    """Return when a person has talks, if they set hours or connected a calendar."""
    mine = of_person(tx, person, now)
    return mine if mine.hours or mine.feed else None


def save(tx: Tx, actor: Actor, words: str, now: datetime) -> MyTalks:
    """Take over the hours that the actor wrote; those that hold already change nothing.

    Raises:
        FieldErrors: if they cannot be understood, or nobody could be offered a talk in them.
        Refused: if Slack says that their account was deactivated.
    """
    who = people.present(tx, actor, now)
    try:
        hours = rules.understood(words)
    except rules.NotUnderstood as error:
        raise FieldErrors({FIELD: str(error)}) from error
    _check(hours, calendars.of(tx, who, now))
    if hours != stored.of_people(tx, [who.id]).get(who.id, WHENEVER):
        stored.set_(tx, who, hours, now)
        what = ("people.talk_hours", "person", who.id)
        audit.record(tx, who.workspace_id, who.slack_user_id, *what, now)
    return of_person(tx, who, now)


def said(tx: Tx, actor: Actor, words: str, now: datetime) -> MyTalks:
    """Do as `save` for a command, which has no field to show what is wrong in.

    Raises:
        Refused: with what is wrong.
    """
    try:
        return save(tx, actor, words, now)
    except FieldErrors as error:
        raise Refused(f"{error.errors[FIELD]} Nothing was changed.") from error


def availability(tx: Tx, everybody: Iterable[Person], now: datetime) -> dict[int, Availability]:
    """Return when people of one workspace could talk, by their id.

    What they agreed to already is not in it: whoever plans talks adds that to `busy`.
    """
    asked = list(everybody)
    ids = [one.id for one in asked]
    days, taken = calendars.of_many(tx, asked, now), busy.of_people(tx, ids)
    hours = stored.of_people(tx, ids)
    return {
        one: Availability(days[one], taken.get(one, ()), hours.get(one, WHENEVER)) for one in ids
    }


def _check(hours: TalkHours, calendar: Calendar) -> None:
    if found := hours.outside(calendar):
        raise FieldErrors({FIELD: rules.not_in_hours(found, calendar)})
