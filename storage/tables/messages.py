"""What the app sends of its own accord, and what it let go."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    ForeignKey,
    Index,
    Integer,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, InWorkspace


class Outbox(InWorkspace, Base):
    """A message the app decided to send: kind and ids only, rendered when it is sent."""

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("workspace_id", "kind", "subject_id", "recipient", "slot"),
        Index("ix_outbox_due", "state", "not_before"),
        Index("ix_outbox_person", "person_id", "sending_at"),
    )

    kind: Mapped[str]
    subject_id: Mapped[int]
    recipient: Mapped[str]  # Slack user or channel id
    slot: Mapped[str] = mapped_column(default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    initiative_id: Mapped[int | None] = mapped_column(ForeignKey("initiative.id"), index=True)
    counted: Mapped[bool] = mapped_column(default=False)
    """Whether it counts for the person's cap."""
    priority: Mapped[int] = mapped_column(Integer, default=50)
    state: Mapped[str]  # queued | claimed | sending | sent | failed | dropped | doubt
    reason: Mapped[str | None]
    created_at: Mapped[datetime]
    not_before: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    first_tried_at: Mapped[datetime | None]
    lease: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    sending_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class Nudge(InWorkspace, Base):
    """A message that arrived: where it stands in Slack."""

    __tablename__ = "nudge"
    __table_args__ = (UniqueConstraint("outbox_id"), Index(None, "person_id", "sent_at"))

    outbox_id: Mapped[int] = mapped_column(ForeignKey("outbox.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    initiative_id: Mapped[int | None] = mapped_column(ForeignKey("initiative.id"))
    kind: Mapped[str]
    channel_id: Mapped[str]
    ts: Mapped[str]
    sent_at: Mapped[datetime]


class NudgeAsk(InWorkspace, Base):
    """Which asks a message shows; one message may show two."""

    __tablename__ = "nudge_ask"
    __table_args__ = (UniqueConstraint("nudge_id", "ask_id"), Index(None, "ask_id"))

    nudge_id: Mapped[int] = mapped_column(ForeignKey("nudge.id"))
    ask_id: Mapped[int] = mapped_column(ForeignKey("ask.id"))


class Give(InWorkspace, Base):
    """A message that asks nothing, for one stakeholder; never twice the same."""

    __tablename__ = "give"
    __table_args__ = (
        UniqueConstraint("stakeholder_id", "kind", "subject_id"),
        Index(None, "person_id"),
    )

    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id"), index=True)
    stakeholder_id: Mapped[int] = mapped_column(ForeignKey("stakeholder.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str]  # barrier_answer | talk_offer | owner_line | input_change | progress_line
    subject_id: Mapped[int]  # of the table that the kind says
    created_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    """When it was queued; null while it waits for its week."""


class StepBack(InWorkspace, Base):
    """Asking stopped for a while, for one person; or an owner is advised to give more time."""

    __tablename__ = "step_back"

    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id"), index=True)
    stakeholder_id: Mapped[int | None] = mapped_column(ForeignKey("stakeholder.id"), index=True)
    """Null for the initiative as a whole."""
    reason: Mapped[str]  # missed | not_now | declined | not_done | more_time
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    note: Mapped[bool] = mapped_column(default=False)
    """Whether the person is to be told."""
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Numbers behind it; {quiet, asked} for the initiative as a whole."""
    ended_at: Mapped[datetime | None]
    """When an owner dealt with it, or the person wanted messages again."""
    outcome: Mapped[str | None]
    words_id: Mapped[int | None] = mapped_column(ForeignKey("free_text.id"), index=True)
    """Why an owner keeps the date."""


class Dropped(InWorkspace, Base):
    """Something that was due and was let go, and why."""

    __tablename__ = "dropped"
    __table_args__ = (
        UniqueConstraint("stakeholder_id", "kind", "number"),
        Index(None, "initiative_id", "dropped_at"),
    )

    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id"))
    stakeholder_id: Mapped[int] = mapped_column(ForeignKey("stakeholder.id"))
    kind: Mapped[str]  # ask | reminder | give | pause_note
    number: Mapped[int] = mapped_column(Integer)
    """The week of a give, counted as asks' slots are; the round of anything else."""
    rule: Mapped[str]
    dropped_at: Mapped[datetime]


class Digest(InWorkspace, Base):
    """A digest decided for one owner, with a fingerprint of what it said."""

    __tablename__ = "digest"
    __table_args__ = (Index(None, "initiative_id", "person_id", "decided_at"),)

    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    cycle_id: Mapped[int | None] = mapped_column(ForeignKey("cycle.id"))
    fingerprint: Mapped[str] = mapped_column(Text)
    decided_at: Mapped[datetime]
