"""Ways to get less from one initiative, chosen below *Why me?*."""

from datetime import datetime, timedelta

from bot.domain.calendars import MIDNIGHT, at_local, local_date
from bot.domain.conversations import RATHER_TALK
from bot.domain.initiatives import Initiative, Stakeholder
from bot.domain.people import Actor, Appointment, Choice, Settled
from bot.domain.pulses import CheckIn
from bot.services import initiatives, people, pulses, stakeholders, talk_wishes
from storage import conversations
from storage.database import Tx

PAUSE = timedelta(days=28)
CalledOff = tuple[Appointment, ...]


def choose(
    tx: Tx, actor: Actor, stakeholder_id: int, choice: Choice, now: datetime
) -> tuple[Stakeholder, Initiative]:
    """Take the actor's choice about one initiative; return their place and what it is about.

    Raises:
        Refused: if the place is not the actor's own, or the initiative ended.
    """
    chosen = stakeholders.choose(tx, actor, stakeholder_id, choice, now)
    return chosen.stakeholder, initiatives.load(tx, chosen.stakeholder.initiative_id)


def stop(
    tx: Tx, actor: Actor, stakeholder_id: int, now: datetime
) -> tuple[Stakeholder, Initiative, CalledOff]:
    """Send nothing about one initiative any more; return also the talks that this called off.

    Raises:
        Refused: if the place is not the actor's own, or the initiative ended.
    """
    before = talk_wishes.agreed(tx, actor, now)
    own, about = choose(tx, actor, stakeholder_id, Choice.STOP, now)
    return own, about, _called_off(tx, actor, before, now)


def stop_all(tx: Tx, actor: Actor, now: datetime) -> tuple[Settled, CalledOff]:
    """Send nothing any more, from any initiative; return also the talks that this called off."""
    before = talk_wishes.agreed(tx, actor, now)
    settled = people.stop_all(tx, actor, now)
    return settled, _called_off(tx, actor, before, now)


def stop_from(tx: Tx, actor: Actor, ask_id: int, now: datetime) -> tuple[CheckIn, CalledOff]:
    """Do the same from a check-in; return it as it is then.

    Raises:
        Refused: if the check-in is not the actor's own.
    """
    before = talk_wishes.agreed(tx, actor, now)
    shown = pulses.stop(tx, actor, ask_id, now)
    return shown, _called_off(tx, actor, before, now)


def _called_off(tx: Tx, actor: Actor, before: CalledOff, now: datetime) -> CalledOff:
    left = talk_wishes.agreed(tx, actor, now) if before else ()
    return tuple(one for one in before if one not in left)


def pause(
    tx: Tx, actor: Actor, stakeholder_id: int, now: datetime
) -> tuple[Stakeholder, Initiative]:
    """Send nothing about one initiative for four weeks; again on the same day changes nothing.

    Raises:
        Refused: if the place is not the actor's own, or the initiative ended.
    """
    own = stakeholders.own_place(tx, actor, stakeholder_id)
    tz = own.person.tz
    until = at_local(local_date(now, tz) + PAUSE, MIDNIGHT, tz)
    if own.snoozed_until is None or own.snoozed_until < until:
        own = stakeholders.choose(tx, actor, own.id, Choice.SNOOZE, now, until).stakeholder
    return own, initiatives.load(tx, own.initiative_id)


def talk_instead(
    tx: Tx, actor: Actor, stakeholder_id: int, key: str, now: datetime
) -> tuple[Stakeholder, Initiative]:
    """Tell the owners, with the actor's name, that they would rather talk; and pause.

    While that waits for a reply, or a talk is offered to them already, nothing is told again.

    Raises:
        Refused: if the place is not the actor's own, or the initiative is not running.
    """
    own = stakeholders.own_place(tx, actor, stakeholder_id)
    if conversations.open_of(tx, own.person.id) is None:
        talk_wishes.ask(tx, actor, own.id, RATHER_TALK, key, now)
    return pause(tx, actor, stakeholder_id, now)
