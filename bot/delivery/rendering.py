"""What a row of the outbox looks like when it is sent: a table by kind."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain.conversations import Call, Card, Offer
from bot.domain.gives import Given
from bot.domain.outbox import EDITS, Claimed, Kind
from bot.errors import BuyinError
from bot.services import (
    commitments,
    conversations,
    digests,
    drafts,
    endings,
    gives,
    inputs,
    introductions,
    owners,
    pauses,
    progress,
    pulses,
    talk_messages,
)
from bot.views import commitments as commitment_views
from bot.views import conversations as conversation_views
from bot.views import digests as digest_views
from bot.views import drafts as draft_views
from bot.views import endings as ending_views
from bot.views import gives as give_views
from bot.views import inputs as input_views
from bot.views import introductions as introduction_views
from bot.views import owner_settings as owner_views
from bot.views import pauses as pause_views
from bot.views import progress as progress_views
from bot.views import pulses as pulse_views
from bot.views import steps as step_views
from bot.views import talk_notes as talk_note_views
from bot.views.kit import Message
from storage import outbox
from storage.database import Tx

Places = list[tuple[str, str]]


def _of_ask(tx: Tx, claimed: Claimed) -> Places:
    return outbox.messages_showing(tx, claimed.subject_id)


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one kind is made: `load` reads what `view` shows; an edit goes to `places`."""

    load: Callable[[Tx, Claimed, datetime], Any]
    view: Callable[[Any], Message]
    places: Callable[[Tx, Claimed], Places] = _of_ask


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message ready to send; `places` are the (channel id, ts) it replaces, if it edits."""

    message: Message
    places: tuple[tuple[str, str], ...] = ()


def _given(one: Given | Offer | Call | Card) -> Message:
    match one:
        case Offer():
            return conversation_views.offer(one)
        case Call():
            return conversation_views.call(one)
        case Card():
            return conversation_views.session(one)
        case _:
            return give_views.give(one)


RECIPES: dict[Kind, Recipe] = {
    Kind.ASK: Recipe(
        lambda tx, claimed, now: pulses.check_in(tx, claimed.subject_id, now),
        pulse_views.check_in,
    ),
    Kind.PAUSE_NOTE: Recipe(
        lambda tx, claimed, now: pauses.note(tx, claimed.subject_id),
        pause_views.note,
    ),
    Kind.GIVE: Recipe(
        lambda tx, claimed, now: gives.shown(tx, claimed.subject_id, now),
        _given,
    ),
    Kind.REMINDER: Recipe(
        lambda tx, claimed, now: pulses.check_in(tx, claimed.subject_id, now),
        pulse_views.reminder,
    ),
    Kind.ASK_REDRAW: Recipe(
        lambda tx, claimed, now: pulses.check_in(tx, claimed.subject_id, now),
        pulse_views.check_in,
    ),
    Kind.ROUND_RESULT: Recipe(
        lambda tx, claimed, now: pulses.check_in(tx, claimed.subject_id, now),
        pulse_views.check_in,
    ),
    Kind.INTRODUCTION: Recipe(
        lambda tx, claimed, now: introductions.introduction(tx, claimed.subject_id, now),
        introduction_views.introduction,
    ),
    Kind.INPUT_REPLY: Recipe(
        lambda tx, claimed, now: inputs.reply_told(tx, claimed.subject_id, now),
        input_views.reply_message,
    ),
    Kind.PROGRESS_POST: Recipe(
        lambda tx, claimed, now: progress.load(tx, claimed.subject_id, now),
        progress_views.post_message,
    ),
    Kind.POST_WAITING: Recipe(
        lambda tx, claimed, now: progress.waiting(tx, claimed, now),
        progress_views.waiting_message,
    ),
    Kind.TALK_OFFER: Recipe(
        lambda tx, claimed, now: conversations.offer(tx, claimed.subject_id, now),
        conversation_views.offer,
    ),
    Kind.TALK_HOST: Recipe(
        lambda tx, claimed, now: talk_messages.host_asked(tx, claimed.subject_id),
        conversation_views.host_asked,
    ),
    Kind.TALK_OPENS: Recipe(
        lambda tx, claimed, now: talk_messages.of_host(tx, claimed.subject_id, now),
        conversation_views.opens,
    ),
    Kind.TALK_CARD: Recipe(talk_messages.load, conversation_views.card),
    Kind.TALK_REMINDER: Recipe(talk_messages.load, conversation_views.reminder),
    Kind.TALK_AFTER: Recipe(talk_messages.load, talk_note_views.after),
    Kind.TALK_REDRAW: Recipe(
        talk_messages.load, conversation_views.outdated, talk_messages.outdated
    ),
    Kind.COMMITMENT_DUE: Recipe(
        lambda tx, claimed, now: commitments.due(tx, claimed.subject_id, now),
        commitment_views.due_message,
    ),
    Kind.STEP_DUE: Recipe(
        lambda tx, claimed, now: commitments.due(tx, claimed.subject_id, now),
        step_views.due_message,
    ),
    Kind.DIGEST: Recipe(
        lambda tx, claimed, now: digests.load(tx, claimed.subject_id, now),
        digest_views.digest_message,
    ),
    Kind.DRAFT_SAVED: Recipe(
        lambda tx, claimed, now: drafts.draft_saved(tx, claimed.subject_id, now),
        draft_views.draft_saved,
    ),
    Kind.OWNER_CHANGED: Recipe(
        owners.note,
        owner_views.note,
    ),
    Kind.FAREWELL: Recipe(
        lambda tx, claimed, now: endings.farewell(tx, claimed.subject_id, now),
        ending_views.farewell,
    ),
}


def render(tx: Tx, claimed: Claimed, now: datetime) -> Rendered:
    """Return what `claimed` says now.

    Raises:
        BuyinError: if nobody wrote a recipe for this kind.
    """
    recipe = RECIPES.get(claimed.kind)
    if recipe is None:
        raise BuyinError(f"nobody knows how to render {claimed.kind.value}")
    places = recipe.places(tx, claimed) if claimed.kind in EDITS else []
    return Rendered(recipe.view(recipe.load(tx, claimed, now)), tuple(places))
