"""Steps somebody chose."""

from datetime import date, datetime

from sqlalchemy import (
    ForeignKey,
    Index,
)
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, InWorkspace


class Commitment(InWorkspace, Base):
    """A concrete act plus a date; in this release only owners make them."""

    __tablename__ = "commitment"
    __table_args__ = (Index(None, "initiative_id", "due_on"),)

    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    stakeholder_id: Mapped[int | None] = mapped_column(ForeignKey("stakeholder.id"), index=True)
    words_id: Mapped[int] = mapped_column(ForeignKey("free_text.id"), index=True)
    due_on: Mapped[date]
    created_at: Mapped[datetime]


class CommitmentOutcome(InWorkspace, Base):
    """How a commitment ended, or the new date it got; the newest holds."""

    __tablename__ = "commitment_outcome"
    __table_args__ = (Index(None, "commitment_id", "told_at"),)

    commitment_id: Mapped[int] = mapped_column(ForeignKey("commitment.id"))
    outcome: Mapped[str]  # kept | partly | moved | not_kept
    new_due_on: Mapped[date | None]
    told_at: Mapped[datetime]
