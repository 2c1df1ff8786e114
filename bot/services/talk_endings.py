"""Offers of talks that end because their reason is gone; everything else of talks stands above."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.domain.conversations import Conversation, Event, Origin, State
from bot.domain.gives import OF_A_TALK
from bot.domain.people import Person
from storage import conversations, gives
from storage.database import Tx

UNANSWERED = (State.ASKED, State.HOST_ASKED, State.OFFERED)
"""What is taken back; a time agreed on stays, and either side can call it off."""


def end(
    tx: Tx, talks: Iterable[Conversation], state: State, by: Person | None, now: datetime
) -> None:
    """End offers that are still open; what was not sent yet is not sent any more."""
    for talk in talks:
        conversations.change(tx, talk.id, state=state.value, next_due_at=None)
        event = Event.WITHDRAWN if state is State.WITHDRAWN else Event.LAPSED
        conversations.say(tx, talk, event, by.id if by else None, now)
        gives.take_back(tx, OF_A_TALK, [talk.id])


def withdraw(
    tx: Tx, stakeholder_ids: Sequence[int], now: datetime, *, unless_asked: bool = False
) -> None:
    """Take back what waits for an answer at these places: nobody is to be asked there any more.

    With `unless_asked` not what they asked for themselves.
    """
    if stakeholder_ids:
        found = conversations.waiting_at(tx, stakeholder_ids, UNANSWERED)
        kept = Origin.ASKED if unless_asked else None
        _withdraw(tx, [one for one in found if one.origin is not kept], now)


def withdraw_all(tx: Tx, initiative_id: int, now: datetime) -> None:
    """Take back everything of an initiative that waits for an answer: it ended."""
    _withdraw(tx, conversations.of_initiative(tx, initiative_id, UNANSWERED), now)


def _withdraw(tx: Tx, talks: Iterable[Conversation], now: datetime) -> None:
    end(tx, talks, State.WITHDRAWN, None, now)
