"""Talks: who is to talk with whom, when, what became of it and what was noted of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    ForeignKey,
    Index,
    Integer,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, InWorkspace

OPEN = "state IN ('host_asked', 'offered', 'agreed')"


class Conversation(InWorkspace, Base):
    """A talk of two, a group session, or an offer to everyone in group figures.

    State, times and sequence are projections of its events.
    """

    __tablename__ = "conversation"
    __table_args__ = (
        UniqueConstraint("host_id", "starts_at"),  # null = no time agreed
        Index(None, "initiative_id"),
        Index(
            "uq_conversation_open",
            "person_id",
            unique=True,
            sqlite_where=text(OPEN),
            postgresql_where=text(OPEN),
        ),
    )

    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id"))
    stakeholder_id: Mapped[int | None] = mapped_column(ForeignKey("stakeholder.id"), index=True)
    """Null where it is not about one person alone."""
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    host_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """Who talks with them; null while nobody took up what was asked for."""
    offered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    form: Mapped[str]  # one_on_one | group | everyone
    origin: Mapped[str]  # suggested | asked
    state: Mapped[str]
    sequence: Mapped[int] = mapped_column(Integer, default=0)
    """Which version of the meeting calendars have to believe."""
    made_at: Mapped[datetime]
    offered_at: Mapped[datetime | None]
    """When the offer arrived."""
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    proposed: Mapped[list[Any]] = mapped_column(default=list)
    """Times that a group was asked about, in seconds since 1970."""
    next_due_at: Mapped[datetime | None] = mapped_column(index=True)
    """When the clock has to look at it; null = never of its own accord."""


class ConversationEvent(InWorkspace, Base):
    """What somebody said or did about a talk; null = the app itself."""

    __tablename__ = "conversation_event"
    __table_args__ = (Index(None, "conversation_id"),)

    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    event: Mapped[str]
    starts_at: Mapped[datetime | None]
    at: Mapped[datetime]


class ConversationGuest(InWorkspace, Base):
    """Somebody invited to a group session, and what they answered; the answer is a projection."""

    __tablename__ = "conversation_guest"
    __table_args__ = (UniqueConstraint("conversation_id", "stakeholder_id"),)

    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"))
    stakeholder_id: Mapped[int] = mapped_column(ForeignKey("stakeholder.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    answer: Mapped[str | None]  # yes | no
    times: Mapped[list[Any]] = mapped_column(default=list)
    """Which of the proposed times they can make, in seconds since 1970."""
    answered_at: Mapped[datetime | None]


class ConversationNote(InWorkspace, Base):
    """What an owner noted after a talk, or what the person put right; the newest of each holds."""

    __tablename__ = "conversation_note"
    __table_args__ = (Index(None, "conversation_id"),)

    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str]
    """note | correction"""
    about_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    """Whom alone a note of a group session is about."""
    barrier: Mapped[str | None]
    words_id: Mapped[int | None] = mapped_column(ForeignKey("free_text.id"), index=True)
    commitment_id: Mapped[int | None] = mapped_column(ForeignKey("commitment.id"), index=True)
    """What the owner promised in it."""
    noted_at: Mapped[datetime]
