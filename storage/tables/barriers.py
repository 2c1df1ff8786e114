"""What gets in people's way, and what owners do about it."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    ForeignKey,
    Index,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, InWorkspace


class BarrierFact(InWorkspace, Base):
    """Somebody named what gets in their way, or said whether it still does; the newest holds."""

    __tablename__ = "barrier_fact"
    __table_args__ = (Index(None, "initiative_id", "id"), Index(None, "stakeholder_id", "id"))

    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id"))
    stakeholder_id: Mapped[int] = mapped_column(ForeignKey("stakeholder.id"))
    ask_id: Mapped[int | None] = mapped_column(ForeignKey("ask.id"), index=True)
    event: Mapped[str]  # named | solved | not_solved
    code: Mapped[str]
    by_name: Mapped[bool]
    """Whether owners may read it with the name, unless the person chose group figures later."""
    words_id: Mapped[int | None] = mapped_column(ForeignKey("free_text.id"), index=True)
    told_at: Mapped[datetime]


class BarrierReply(InWorkspace, Base):
    """What an owner answered to all who named one thing, or that it is solved; the newest holds."""

    __tablename__ = "barrier_reply"
    __table_args__ = (Index(None, "initiative_id", "id"),)

    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id"))
    code: Mapped[str]
    kind: Mapped[str]  # answer | solved
    words_id: Mapped[int | None] = mapped_column(ForeignKey("free_text.id"), index=True)
    replied_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    replied_at: Mapped[datetime]


class BarrierTotals(InWorkspace, Base):
    """What was told, when a round closed, of what people named without their name."""

    __tablename__ = "barrier_totals"
    __table_args__ = (UniqueConstraint("cycle_id"), Index(None, "initiative_id", "id"))

    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id"))
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"))
    told: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """{code: {people, since}}."""
    basis: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """{stakeholder: code}; never shown."""
    published_at: Mapped[datetime]
