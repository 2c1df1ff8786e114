"""Somebody's own talks, with all they may do about each."""

from collections.abc import Collection
from datetime import datetime

from bot.domain.conversations import (
    UNANSWERED_FOR,
    Card,
    Conversation,
    Event,
    Form,
    HeldTalk,
    Offer,
    State,
)
from bot.domain.initiatives import Initiative, Status
from bot.domain.people import Actor, Person
from bot.domain.talk_plans import MOST_LISTED, MyTalks
from bot.services import (
    conversations,
    initiatives,
    people,
    sessions,
    talk_messages,
    talk_notes,
)
from storage import stakeholders as places
from storage import talk_people
from storage.database import Tx

OPEN = (State.ASKED, State.HOST_ASKED, State.OFFERED, State.AGREED)
OVER = (State.HELD, State.NOT_HELD)


def mine(tx: Tx, actor: Actor, now: datetime) -> MyTalks:
    """Return the actor's own talks that something can be done about, and whom they can ask for one.

    Those somebody offers them come first, then the next; those that are over come last.
    """
    who = people.person(tx, actor, now)
    held = talk_people.with_person(tx, who.id, (*OPEN, *OVER))
    asked = [one.id for one in held if one.state is State.HOST_ASKED and one.host == who]
    found = [one for one in held if _is_shown(one, who, now)]
    found.sort(key=lambda one: _turn(one, who, now))
    asked = asked[: max(MOST_LISTED - len(found), 1)]
    shown, later = found[: MOST_LISTED - len(asked)], found[MOST_LISTED - len(asked) :]
    listed = [_listed(tx, one, who, now) for one in shown]
    noted = talk_notes.noted(tx, [one.id for one in shown])
    as_guest = [one for one in held if one.guest == who and one.state in OPEN]
    led = [one for one in initiatives.led_by(tx, who.id) if one.status is Status.RUNNING]
    return MyTalks(
        person=who,
        talks=tuple(one for one in listed if _leaves_something_to_do(one, noted)),
        asked=tuple(talk_messages.host_asked(tx, one) for one in asked),
        more=len(later),
        may_ask=_may_ask(tx, who, as_guest),
        leads=tuple(led),
    )


def _may_ask(
    tx: Tx, who: Person, as_guest: list[Conversation]
) -> tuple[tuple[int, Initiative], ...]:
    """Return the places whose owners somebody can ask for a talk."""
    if any(one.state.is_open for one in as_guest):
        return ()
    has_open = {one.initiative_id for one in as_guest}
    asked = [
        place
        for place in places.of_person(tx, who.id, [Status.RUNNING])
        if not place.place.is_gone and place.initiative_id not in has_open
    ]
    about = initiatives.load_many(tx, {place.initiative_id for place in asked})
    return tuple((one.id, about[one.initiative_id]) for one in asked)


def _turn(talk: Conversation, who: Person, now: datetime) -> tuple[bool, bool, datetime, int]:
    return not _is_offer(talk, who), talk.state in OVER, talk.starts_at or now, talk.id


def _is_offer(talk: Conversation, who: Person) -> bool:
    return talk.state is State.OFFERED and talk.guest == who


def _is_shown(talk: Conversation, who: Person, now: datetime) -> bool:
    """Return whether somebody reads of a talk; a sponsor learns no name before a time is agreed."""
    if talk.form is Form.EVERYONE or talk.state is State.HOST_ASKED:
        return False
    if talk.state in OVER:
        lately = talk.ends_at is not None and talk.ends_at > now - UNANSWERED_FOR
        return lately and who in talk.coming
    if talk.form is Form.GROUP:
        return who in talk.coming or sessions.is_open(talk)
    return talk.guest == who or talk.state is State.AGREED or talk.offered_by == who


def _listed(tx: Tx, talk: Conversation, who: Person, now: datetime) -> Offer | Card | HeldTalk:
    if _is_offer(talk, who):
        return conversations.offer(tx, talk.id, now)
    if talk.state is State.OFFERED:
        tz = initiatives.load(tx, talk.initiative_id).tz
        return talk_notes.held(tx, [talk], tz)[0]
    return talk_messages.card(tx, talk, who, now)


def _leaves_something_to_do(one: Offer | Card | HeldTalk, noted: Collection[int]) -> bool:
    if not isinstance(one, Card) or not one.over or one.said in (None, Event.BOOKED):
        return True
    return one.is_host and one.said is Event.MET and one.talk.id not in noted
