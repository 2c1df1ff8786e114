"""Steps somebody chose."""

from datetime import date, datetime

from sqlalchemy import (
    ForeignKey,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, InWorkspace


class Commitment(InWorkspace, Base):
    """A concrete act plus a date: a stakeholder's, or an owner's if there is no stakeholder."""

    __tablename__ = "commitment"
    __table_args__ = (
        Index(None, "initiative_id", "due_on"),
        Index("ix_commitment_person_id", "person_id"),
        Index(
            "ix_commitment_silent_at",
            "silent_at",
            sqlite_where=text("silent_at IS NOT NULL"),
            postgresql_where=text("silent_at IS NOT NULL"),
        ),
    )

    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    stakeholder_id: Mapped[int | None] = mapped_column(ForeignKey("stakeholder.id"), index=True)
    words_id: Mapped[int] = mapped_column(ForeignKey("free_text.id"), index=True)
    due_on: Mapped[date]
    created_at: Mapped[datetime]
    ask_id: Mapped[int | None] = mapped_column(ForeignKey("ask.id"), index=True)
    """The check-in that offered it; null for an owner's, and for one of their own accord."""
    silent_at: Mapped[datetime | None]
    """Projection: when it counts as missed unless somebody says how it went; null = never."""


class CommitmentOutcome(InWorkspace, Base):
    """How a commitment ended, or the new date it got; the newest holds."""

    __tablename__ = "commitment_outcome"
    __table_args__ = (Index(None, "commitment_id", "told_at"),)

    commitment_id: Mapped[int] = mapped_column(ForeignKey("commitment.id"))
    outcome: Mapped[str]  # kept | partly | moved | not_kept | missed
    new_due_on: Mapped[date | None]
    told_at: Mapped[datetime]


class CommitmentPlan(InWorkspace, Base):
    """When and where somebody will do it, in their own words; the newest holds."""

    __tablename__ = "commitment_plan"

    commitment_id: Mapped[int] = mapped_column(ForeignKey("commitment.id"), index=True)
    words_id: Mapped[int] = mapped_column(ForeignKey("free_text.id"), index=True)
    told_at: Mapped[datetime]


class ActList(InWorkspace, Base):
    """What an owner wrote that people could do, at most three; the newest list holds."""

    __tablename__ = "act_list"

    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id"), index=True)
    first_id: Mapped[int | None] = mapped_column(ForeignKey("free_text.id"), index=True)
    second_id: Mapped[int | None] = mapped_column(ForeignKey("free_text.id"), index=True)
    third_id: Mapped[int | None] = mapped_column(ForeignKey("free_text.id"), index=True)
    created_at: Mapped[datetime]


class FollowedUp(InWorkspace, Base):
    """What somebody was asked after a finished check-in: at most one thing."""

    __tablename__ = "followed_up"
    __table_args__ = (UniqueConstraint("ask_id"),)

    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id"), index=True)
    stakeholder_id: Mapped[int] = mapped_column(ForeignKey("stakeholder.id"), index=True)
    ask_id: Mapped[int] = mapped_column(ForeignKey("ask.id"))
    kind: Mapped[str]  # barrier | step
    asked_at: Mapped[datetime]


class StepDeclined(InWorkspace, Base):
    """That somebody said *not now* to the offer of a step."""

    __tablename__ = "step_declined"
    __table_args__ = (UniqueConstraint("followed_up_id"),)

    followed_up_id: Mapped[int] = mapped_column(ForeignKey("followed_up.id"))
    told_at: Mapped[datetime]
