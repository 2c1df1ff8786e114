"""What people told owners, and what owners told the team."""

from datetime import date, datetime

from sqlalchemy import (
    ForeignKey,
    Index,
)
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, InWorkspace


class Input(InWorkspace, Base):
    """Something a stakeholder told the owner."""

    __tablename__ = "input"
    __table_args__ = (Index(None, "initiative_id", "created_at"), Index(None, "person_id"))

    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    named: Mapped[bool]
    about: Mapped[str] = mapped_column(default="initiative", server_default="initiative")
    """initiative | standing: standing = "that's wrong", about what owners read of the person."""
    words_id: Mapped[int] = mapped_column(ForeignKey("free_text.id"), index=True)
    plan_version_id: Mapped[int] = mapped_column(ForeignKey("plan_version.id"))
    created_at: Mapped[datetime]


class InputReply(InWorkspace, Base):
    """What became of an input; the newest holds."""

    __tablename__ = "input_reply"
    __table_args__ = (Index(None, "input_id", "replied_at"),)

    input_id: Mapped[int] = mapped_column(ForeignKey("input.id"))
    outcome: Mapped[str]  # used | partly | not_used
    words_id: Mapped[int | None] = mapped_column(ForeignKey("free_text.id"), index=True)
    replied_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    replied_at: Mapped[datetime]


class ProgressPost(InWorkspace, Base):
    """What an owner told the team, or that there was nothing new."""

    __tablename__ = "progress_post"
    __table_args__ = (Index(None, "initiative_id", "posted_at"),)

    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str]  # post | nothing_new
    moved_id: Mapped[int | None] = mapped_column(ForeignKey("free_text.id"), index=True)
    changed_id: Mapped[int | None] = mapped_column(ForeignKey("free_text.id"), index=True)
    next_id: Mapped[int | None] = mapped_column(ForeignKey("free_text.id"), index=True)
    next_on: Mapped[date | None]
    created_at: Mapped[datetime]
    posted_at: Mapped[datetime | None]
    """When the owner pressed Post; null while it is only previewed."""
