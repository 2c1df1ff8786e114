"""What the app writes about an agreed talk: the card, the reminder, and the question afterwards."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.calendars import is_working_moment, local_date, next_working_moment
from bot.domain.conversations import (
    AFTERWARDS,
    ASKED_AGAIN_AFTER,
    Card,
    Conversation,
    Event,
    HostAsked,
    State,
)
from bot.domain.outbox import Claimed, Decision, Drop, Kind, Postpone, Send, Verdict
from bot.domain.people import Person
from bot.domain.talk_hours import LENGTH
from bot.domain.talk_rules import asks_at, remind_at
from bot.errors import Refused
from bot.services import calendars, initiatives
from storage import conversations, outbox, workspaces
from storage import talk_messages as messages
from storage.database import Tx

GONE = "That talk isn't there any more. `/buyin talks` shows those that are."
OF_A_TIME = (Event.ACCEPTED, Event.MOVED, Event.CANCELLED)
TOLD_OF = (State.AGREED, State.HELD, State.NOT_HELD)
"""Both sides are asked how it went, whatever the other one said."""

AGAIN = "again"
"""What tells the second question afterwards from the first."""


def card(tx: Tx, talk: Conversation, reader: Person, now: datetime) -> Card:
    """Return an agreed talk, or one called off, as one of its two sides sees it."""
    known = conversations.said(tx, [talk.id])[talk.id]
    last = next((one for one in reversed(known) if one.event in OF_A_TIME), None)
    mine = [one.event for one in known if one.by == reader.id and one.event in AFTERWARDS]
    off = last.by if last and last.event is Event.CANCELLED else None
    return Card(
        talk=talk,
        initiative=initiatives.load(tx, talk.initiative_id),
        reader=reader,
        today=local_date(now, reader.tz),
        team_id=workspaces.get(tx, talk.workspace_id).team_id,
        changed_at=last.at if last else now,
        moved=talk.state is State.AGREED and talk.sequence > 0,
        cancelled_by=next((one for one in _sides(talk) if one.id == off), None),
        said=mine[-1] if mine else None,
        over=talk.state in TOLD_OF and talk.ends_at is not None and talk.ends_at <= now,
    )


def load(tx: Tx, claimed: Claimed, now: datetime) -> Card:
    """Return the talk that a message is about, as its recipient sees it.

    Raises:
        Refused: if it is not there any more, or not theirs.
    """
    talk = conversations.get(tx, claimed.subject_id)
    reader = _reader(talk, claimed)
    if talk is None or reader is None:
        raise Refused(GONE)
    return card(tx, talk, reader, now)


def _reader(talk: Conversation | None, claimed: Claimed) -> Person | None:
    if talk is None:
        return None
    return next((one for one in _sides(talk) if one.id == claimed.person_id), None)


def _sides(talk: Conversation) -> list[Person]:
    """Return everybody of a talk, also who was invited to it and has not said that they come."""
    sides = [one for one in (talk.guest, talk.host) if one]
    return [*sides, *(one.person for one in talk.group)]


def agreed(
    tx: Tx,
    talk: Conversation,
    now: datetime,
    told: Iterable[Person],
    sides: Sequence[Person] | None = None,
) -> None:
    """Tell people of the agreed time, and remind and ask both `sides` in due course."""
    decisions = [_message(talk, Kind.TALK_CARD, one, now) for one in told]
    sides = [one for one in (talk.guest, talk.host) if one] if sides is None else sides
    whose = calendars.of_many(tx, sides, now)
    for one in sides:
        if talk.starts_at and (at := remind_at(talk.starts_at, whose[one.id], now)):
            decisions.append(_message(talk, Kind.TALK_REMINDER, one, at))
        if talk.ends_at:
            at = asks_at(talk.ends_at, whose[one.id])
            decisions.append(_message(talk, Kind.TALK_AFTER, one, at))
    if talk.sequence:
        decisions += [_message(talk, Kind.TALK_REDRAW, one, now) for one in sides]
    outbox.queue(tx, decisions, now)


def called_off(tx: Tx, talk: Conversation, by: Person | None, now: datetime) -> None:
    """Tell everybody else that an agreed talk does not take place.

    What tells anybody of it already says so, too.
    """
    others = [one for one in talk.coming if by is None or one.id != by.id]
    told = [_message(talk, Kind.TALK_CARD, one, now) for one in others]
    redrawn = [_message(talk, Kind.TALK_REDRAW, one, now) for one in _sides(talk)]
    outbox.queue(tx, told + redrawn, now)


def ask_again(tx: Tx, talk: Conversation, who: Person, now: datetime) -> None:
    """Ask somebody once more, who has booked and not yet met."""
    at = now + ASKED_AGAIN_AFTER
    outbox.queue(tx, [_message(talk, Kind.TALK_AFTER, who, at, AGAIN)], now)


def offer(tx: Tx, talk: Conversation, now: datetime) -> None:
    """Send somebody the times they asked for: an answer to them, which counts for no cap."""
    if talk.guest:
        outbox.queue(tx, [_message(talk, Kind.TALK_OFFER, talk.guest, now)], now)


def ask_host(tx: Tx, talk: Conversation, now: datetime) -> None:
    """Ask a sponsor whether they can; no name is in it."""
    if talk.host:
        outbox.queue(tx, [_message(talk, Kind.TALK_HOST, talk.host, now)], now)


def open_together(tx: Tx, talk: Conversation, now: datetime) -> None:
    """Have a group message opened with everybody who comes, when a group session begins."""
    if talk.host is None or talk.starts_at is None:
        return
    told = replace(_message(talk, Kind.TALK_OPENS, talk.host, talk.starts_at), person_id=None)
    outbox.queue(tx, [told], now)  # of nobody: it stands in no one's direct messages


def of_host(tx: Tx, talk_id: int, now: datetime) -> Card:
    """Return a talk as its host sees it.

    Raises:
        Refused: if it is not there any more.
    """
    talk = conversations.get(tx, talk_id)
    if talk is None or talk.host is None:
        raise Refused(GONE)
    return card(tx, talk, talk.host, now)


def opens_wanted(tx: Tx, claimed: Claimed, now: datetime) -> Verdict:
    """Return whether a group message is still to be opened: not once the time is over."""
    talk = conversations.get(tx, claimed.subject_id)
    if talk is None or talk.state is not State.AGREED or claimed.slot != str(talk.sequence):
        return Drop("overtaken")
    return Send() if talk.ends_at and now < talk.ends_at else Drop("too_late")


def host_asked(tx: Tx, talk_id: int) -> HostAsked:
    """Return what a sponsor is asked; who the guest is cannot be in it.

    Raises:
        Refused: if it is not there any more.
    """
    talk = conversations.get(tx, talk_id)
    if talk is None or talk.host is None or talk.offered_by is None:
        raise Refused(GONE)
    initiative = initiatives.load(tx, talk.initiative_id)
    return HostAsked(talk.id, talk.state, initiative, talk.offered_by)


def host_wanted(tx: Tx, claimed: Claimed, now: datetime) -> Verdict:
    """Return whether a sponsor is still to be asked."""
    talk = conversations.get(tx, claimed.subject_id)
    return Send() if talk and talk.state is State.HOST_ASKED else Drop("over")


def _message(talk: Conversation, kind: Kind, to: Person, at: datetime, again: str = "") -> Decision:
    return Decision(
        workspace_id=talk.workspace_id,
        kind=kind,
        subject_id=talk.id,
        recipient=to.slack_user_id,
        not_before=at,
        slot=f"{talk.sequence}{again}",
        person_id=to.id,
        initiative_id=talk.initiative_id,
    )


# --- is it still to be sent? ---------------------------------------------------------------------


def card_wanted(tx: Tx, claimed: Claimed, now: datetime) -> Verdict:
    """Return whether somebody is still to read that a talk was agreed, moved or called off.

    It waits for their hours, but never until the talk has begun.
    """
    talk = conversations.get(tx, claimed.subject_id)
    reader = _reader(talk, claimed)
    if talk is None or reader is None or claimed.slot != str(talk.sequence):
        return Drop("overtaken")
    if talk.state not in (State.AGREED, State.CANCELLED):
        return Drop("over")
    if talk.state is State.AGREED and reader not in talk.coming:
        return Drop("not_coming")
    calendar = calendars.of(tx, reader, now)
    if is_working_moment(now, calendar):
        return Send()
    opening = next_working_moment(now, calendar)
    begins = talk.starts_at or (talk.ends_at - LENGTH if talk.ends_at else opening)
    return Postpone(opening, "hours") if opening < begins else Send()


def outdated(tx: Tx, claimed: Claimed) -> list[tuple[str, str]]:
    """Return (channel id, ts) of the messages that tell the recipient an earlier time."""
    if claimed.person_id is None:
        return []
    return messages.of_earlier(tx, claimed.subject_id, claimed.person_id, claimed.slot)


def redraw_wanted(tx: Tx, claimed: Claimed, now: datetime) -> Verdict:
    """Return whether messages still tell somebody an earlier time of a talk that is ahead."""
    talk = conversations.get(tx, claimed.subject_id)
    if talk is None or claimed.slot != str(talk.sequence):
        return Drop("overtaken")
    if talk.state not in (State.AGREED, State.CANCELLED):
        return Drop("over")
    if talk.ends_at is None or talk.ends_at <= now:
        return Drop("too_late")
    return Send() if outdated(tx, claimed) else Drop("not_shown")


def reminder_wanted(tx: Tx, claimed: Claimed, now: datetime) -> Verdict:
    """Return whether somebody is still to be reminded of a talk."""
    talk = conversations.get(tx, claimed.subject_id)
    if talk is None or talk.state is not State.AGREED or claimed.slot != str(talk.sequence):
        return Drop("overtaken")
    if claimed.person_id not in {one.id for one in talk.coming}:
        return Drop("not_coming")
    return Send() if talk.starts_at and now < talk.starts_at else Drop("too_late")


def after_wanted(tx: Tx, claimed: Claimed, now: datetime) -> Verdict:
    """Return whether somebody is still to be asked how a talk went."""
    talk = conversations.get(tx, claimed.subject_id)
    if talk is None or talk.starts_at is None or talk.state not in TOLD_OF:
        return Drop("over")
    if claimed.slot.removesuffix(AGAIN) != str(talk.sequence):
        return Drop("overtaken")
    if claimed.person_id not in {one.id for one in talk.coming}:
        return Drop("not_coming")
    mine = [
        one.event
        for one in conversations.said(tx, [talk.id])[talk.id]
        if one.by == claimed.person_id and one.event in AFTERWARDS
    ]
    told = mine and (mine[-1] is not Event.BOOKED or not claimed.slot.endswith(AGAIN))
    return Drop("answered") if told else Send()
