"""Gives: what there is to give, what it says, and whether it is still wanted."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain import gives as rules
from bot.domain.barriers import LABELS, BarrierReply, is_of
from bot.domain.conversations import Call, Card, Offer
from bot.domain.gives import OF_A_BARRIER, OF_A_TALK, Give, GiveKind, Given
from bot.domain.initiatives import Place
from bot.domain.outbox import Claimed, Drop, Send, Verdict
from bot.errors import Refused
from bot.services import conversations, initiatives
from storage import barriers, gives, pacing, progress, texts
from storage import stakeholders as places
from storage.database import Tx

Getting = pacing.Waiting | gives.Receiver
"""Whom something may be given to, as the clock knows them or as an owner's line does."""

GONE = "That isn't there any more."


@dataclass(slots=True)
class Shelf:
    """What there is to give to some people, and what they got."""

    rows: dict[int, list[gives.Row]] = field(default_factory=dict)
    """By stakeholder, oldest first."""
    posts: dict[int, gives.Post] = field(default_factory=dict)
    """The newest by initiative."""
    heard: dict[tuple[int, int], datetime] = field(default_factory=dict)
    """Since when the input of a (person, initiative) is used."""


def shelf(tx: Tx, held: Collection[Getting], now: datetime) -> Shelf:
    """Return what there is to give at these places, in at most three statements."""
    rows = gives.of_places(tx, [place.id for place in held], now)
    due = [place for place in held if place.attention]
    if not due:
        return Shelf(rows)
    posts = gives.newest_posts(tx, {place.initiative_id for place in due})
    pairs = {(place.person_id, place.initiative_id) for place in due}
    return Shelf(rows, posts, gives.heard(tx, pairs) if posts else {})


def to_give(shelf: Shelf, place: Getting) -> Give | None:
    """Return what helps this person most now, if there is anything they did not get yet."""
    rows = shelf.rows.get(place.id, [])
    given = {(row.kind, row.subject_id) for row in rows if row.decided_at is not None}
    offered = [Give(row.kind, row.subject_id, row.id) for row in rows if row.decided_at is None]
    return rules.first_to_give([*offered, *_of_posts(shelf, place)], given)


def given_at(shelf: Shelf, place: Getting) -> tuple[datetime, ...]:
    """Return when this person got something of the last weeks, oldest first."""
    rows = shelf.rows.get(place.id, [])
    return tuple(sorted(row.decided_at for row in rows if row.decided_at is not None))


def _of_posts(shelf: Shelf, place: Getting) -> Iterable[Give]:
    """Yield the newest post, if no check-in has told of it yet."""
    post = shelf.posts.get(place.initiative_id)
    if post is None or place.asked_at is None or post.posted_at <= place.asked_at:
        return
    heard = shelf.heard.get((place.person_id, place.initiative_id))
    used = heard is not None and heard <= post.posted_at
    yield Give(GiveKind.INPUT_CHANGE if used else GiveKind.PROGRESS_LINE, post.id)


def given(tx: Tx, give_id: int) -> Given:
    """Return what the message about a give says.

    Raises:
        Refused: if it is not there any more, or there is nothing to say.
    """
    found = gives.get(tx, give_id)
    own = places.load(tx, found[1]) if found else None
    words = _words(tx, found[0]) if found else ""
    if found is None or own is None or not words:
        raise Refused(GONE)
    initiative, about = initiatives.load(tx, own.initiative_id), _barrier(tx, found[0])
    code = about.code if about else None
    return Given(give_id, found[0].kind, own, initiative, words, code)


def shown(tx: Tx, give_id: int, now: datetime) -> Given | Offer | Call | Card:
    """Return what the message about a give says: news, or an invitation to talk.

    Raises:
        Refused: if it is not there any more, or there is nothing to say.
    """
    found = gives.get(tx, give_id)
    if found and found[0].kind in (GiveKind.TALK_OFFER, GiveKind.SESSION):
        return conversations.invitation(tx, found[0].subject_id, found[1], give_id, now)
    if found and found[0].kind is GiveKind.TALK_CALL:
        return conversations.call(tx, found[1], give_id)
    return given(tx, give_id)


def offers_talk(shelf: Shelf, place: pacing.Waiting) -> bool:
    """Return whether an owner offered this person a talk that they have not heard of yet."""
    rows = shelf.rows.get(place.id, [])
    offers = [row for row in rows if row.kind in OF_A_TALK and row.decided_at is None]
    return any((row.kind is GiveKind.TALK_CALL) is place.group_only for row in offers)


def arrived(tx: Tx, give_id: int, now: datetime) -> None:
    """Note what the arrival of a give means for its subject."""
    found = gives.get(tx, give_id)
    if found and found[0].kind is GiveKind.TALK_OFFER:
        conversations.offer_arrived(tx, found[0].subject_id, now)


def _is_there(tx: Tx, give: Give) -> bool:
    """Return whether there still is something to say."""
    if give.kind in OF_A_TALK:
        return isinstance(conversations.still_open(tx, give.subject_id), Send)
    return bool(_words(tx, give))


def _words(tx: Tx, give: Give) -> str:
    if give.kind in rules.OF_A_POST:
        post = progress.get(tx, give.subject_id)
        return post.written.changed if post and post.posted_at else ""
    if give.kind in OF_A_BARRIER:
        return _barrier_words(tx, give)
    return texts.words_of(tx, [give.subject_id]).get(give.subject_id, "")


def _barrier(tx: Tx, give: Give) -> BarrierReply | None:
    return barriers.reply(tx, give.subject_id) if give.kind in OF_A_BARRIER else None


def _barrier_words(tx: Tx, give: Give) -> str:
    """Return an owner's answer; who calls something solved need not say anything."""
    reply = _barrier(tx, give)
    if reply is None:
        return ""
    words = texts.words_of(tx, [reply.words_id]).get(reply.words_id or 0, "")
    return words or (LABELS[reply.code] if give.kind is GiveKind.BARRIER_SOLVED else "")


def wanted(tx: Tx, claimed: Claimed, now: datetime) -> Verdict:
    """Return whether a give is still to be sent."""
    found = gives.get(tx, claimed.subject_id)
    own = places.load(tx, found[1]) if found else None
    if found is None or own is None or not _is_there(tx, found[0]):
        return Drop("gone")
    if own.place is not Place.ACTIVE:
        return Drop(own.place.value)
    if own.group_only is not (found[0].kind is GiveKind.TALK_CALL):
        return Drop("group_only")
    about = _barrier(tx, found[0])
    if about and not is_of(barriers.newest(tx, own.id), about):
        return Drop("changed")
    snoozed = own.snoozed_until is not None and own.snoozed_until > now
    return Drop("snoozed") if snoozed else Send()
