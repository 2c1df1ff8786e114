"""Deleting what an ended initiative holds about people."""

import functools
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, bindparam, delete, select, update

from bot.domain.gives import GiveKind
from bot.domain.initiatives import Status
from bot.domain.outbox import Kind
from storage import tables, texts
from storage.database import Tx

TO_PEOPLE = (
    Kind.INTRODUCTION,
    Kind.ASK,
    Kind.PAUSE_NOTE,
    Kind.GIVE,
    Kind.REMINDER,
    Kind.TALK_CARD,
    Kind.TALK_OPENS,
    Kind.TALK_REMINDER,
    Kind.TALK_OFFER,
    Kind.TALK_HOST,
    Kind.TALK_AFTER,
    Kind.STEP_DUE,
    Kind.FAREWELL,
    Kind.INPUT_REPLY,
    Kind.ASK_REDRAW,
    Kind.ROUND_RESULT,
    Kind.TALK_REDRAW,
)


@dataclass(frozen=True, slots=True)
class Ended:
    """An initiative whose time is over."""

    id: int
    workspace_id: int


def due(tx: Tx, now: datetime, limit: int) -> list[Ended]:
    """Lock and return at most `limit` ended initiatives that still hold something too long."""
    return [Ended(*row) for row in tx.execute(_due(), {"now": now, "most": limit})]


@functools.cache  # built once: every tick asks it
def _due() -> Select[int, int]:
    table = tables.Initiative
    return (
        select(table.id, table.workspace_id)
        .where(table.status == Status.ENDED.value, table.next_due_at <= bindparam("now"))
        .order_by(table.next_due_at, table.id)
        .limit(bindparam("most", type_=Integer))
        .with_for_update(key_share=True, skip_locked=True)
    )


def forget(tx: Tx, initiative_id: int) -> None:
    """Delete everything about the people asked; children go before what they point at."""
    words = _words(tx, initiative_id)
    asks = select(tables.Ask.id).where(tables.Ask.initiative_id == initiative_id)
    inputs = select(tables.Input.id).where(tables.Input.initiative_id == initiative_id)
    talks = select(tables.Conversation.id).where(tables.Conversation.initiative_id == initiative_id)
    places = select(tables.Stakeholder.id).where(tables.Stakeholder.initiative_id == initiative_id)
    messages = select(tables.Outbox.id).where(
        tables.Outbox.initiative_id == initiative_id,
        tables.Outbox.kind.in_([kind.value for kind in TO_PEOPLE]),
    )
    of_people = select(tables.Commitment.id).where(tables.Commitment.stakeholder_id.in_(places))
    followed = select(tables.FollowedUp.id).where(tables.FollowedUp.initiative_id == initiative_id)
    gone: list[tuple[Any, ColumnElement[bool]]] = [
        (tables.ConversationNote, tables.ConversationNote.conversation_id.in_(talks)),
        (tables.ConversationGuest, tables.ConversationGuest.conversation_id.in_(talks)),
        (tables.ConversationEvent, tables.ConversationEvent.conversation_id.in_(talks)),
        (tables.Conversation, tables.Conversation.initiative_id == initiative_id),
        (tables.InputReply, tables.InputReply.input_id.in_(inputs)),
        (tables.Input, tables.Input.initiative_id == initiative_id),
        (tables.Answer, tables.Answer.ask_id.in_(asks)),
        (tables.NudgeAsk, tables.NudgeAsk.ask_id.in_(asks)),
        (tables.Give, tables.Give.initiative_id == initiative_id),
        (tables.BarrierFact, tables.BarrierFact.initiative_id == initiative_id),
        (tables.BarrierReply, tables.BarrierReply.initiative_id == initiative_id),
        (tables.BarrierTotals, tables.BarrierTotals.initiative_id == initiative_id),
        (tables.StepBack, tables.StepBack.initiative_id == initiative_id),
        (tables.Dropped, tables.Dropped.initiative_id == initiative_id),
        (tables.CommitmentOutcome, tables.CommitmentOutcome.commitment_id.in_(of_people)),
        (tables.CommitmentPlan, tables.CommitmentPlan.commitment_id.in_(of_people)),
        (tables.Commitment, tables.Commitment.id.in_(of_people)),
        (tables.StepDeclined, tables.StepDeclined.followed_up_id.in_(followed)),
        (tables.FollowedUp, tables.FollowedUp.initiative_id == initiative_id),
        (tables.Ask, tables.Ask.initiative_id == initiative_id),
        (tables.Nudge, tables.Nudge.outbox_id.in_(messages)),
        (tables.Outbox, tables.Outbox.id.in_(messages)),
        (tables.Standing, tables.Standing.initiative_id == initiative_id),
        (tables.InitiativeSnapshot, tables.InitiativeSnapshot.initiative_id == initiative_id),
        (tables.StakeholderChoice, tables.StakeholderChoice.stakeholder_id.in_(places)),
        (tables.Stakeholder, tables.Stakeholder.initiative_id == initiative_id),
    ]
    guests = update(tables.Ask).where(tables.Ask.host_id.in_(asks))
    tx.execute(guests.values(host_id=None))
    for table, which in gone:
        tx.execute(delete(table).where(which))
    _forget_basis(tx, initiative_id)
    texts.forget(tx, words)


def _words(tx: Tx, initiative_id: int) -> list[int | None]:
    given, reply, act = tables.Input, tables.InputReply, tables.Commitment
    statements = (
        select(given.words_id).where(given.initiative_id == initiative_id),
        select(reply.words_id)
        .join(given, given.id == reply.input_id)
        .where(given.initiative_id == initiative_id),
        select(act.words_id).where(
            act.initiative_id == initiative_id, act.stakeholder_id.is_not(None)
        ),
        select(tables.CommitmentPlan.words_id)
        .join(act, act.id == tables.CommitmentPlan.commitment_id)
        .where(act.initiative_id == initiative_id),
        select(tables.BarrierFact.words_id).where(
            tables.BarrierFact.initiative_id == initiative_id
        ),
        select(tables.BarrierReply.words_id).where(
            tables.BarrierReply.initiative_id == initiative_id
        ),
        select(tables.StepBack.words_id).where(tables.StepBack.initiative_id == initiative_id),
        select(tables.ConversationNote.words_id)
        .join(tables.Conversation)
        .where(tables.Conversation.initiative_id == initiative_id),
        select(tables.Give.subject_id)
        .where(
            tables.Give.initiative_id == initiative_id,
            tables.Give.kind == GiveKind.OWNER_LINE.value,
        )
        .distinct(),
    )
    return [words for statement in statements for words in tx.scalars(statement)]


def _forget_basis(tx: Tx, initiative_id: int) -> None:
    """Published figures stay; whose values are behind them does not, nor who was picked or told."""
    figure, initiative, digest = tables.GroupFigure, tables.Initiative, tables.Digest
    tx.execute(update(figure).where(figure.initiative_id == initiative_id).values(basis={}))
    tx.execute(update(digest).where(digest.initiative_id == initiative_id).values(fingerprint="-"))
    owned = update(initiative).where(initiative.id == initiative_id)
    tx.execute(owned.values(picked={}, skipped={}, next_snapshot_at=None))
