"""Asks and answers."""

from datetime import datetime

from sqlalchemy import (
    ForeignKey,
    Index,
    Integer,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, InWorkspace


class Ask(InWorkspace, Base):
    """One pulse to one stakeholder."""

    __tablename__ = "ask"
    __table_args__ = (
        UniqueConstraint("stakeholder_id", "slot"),
        Index(None, "stakeholder_id", "opened_at"),
        Index(None, "cycle_id"),
        Index(
            "ix_ask_host_id",
            "host_id",
            sqlite_where=text("host_id IS NOT NULL"),
            postgresql_where=text("host_id IS NOT NULL"),
        ),
    )

    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id"), index=True)
    stakeholder_id: Mapped[int] = mapped_column(ForeignKey("stakeholder.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"))
    plan_version_id: Mapped[int] = mapped_column(ForeignKey("plan_version.id"))
    origin: Mapped[str]  # app | self
    slot: Mapped[int | None] = mapped_column(Integer)
    """Weeks since the initiative's first Monday; null for an ask the person started."""
    visibility: Mapped[str]
    question_version: Mapped[int] = mapped_column(Integer, default=1)
    opened_at: Mapped[datetime]
    delivered_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    end_reason: Mapped[str | None]  # next_ask | round_closed | not_now | not_my_topic | stopped | …
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    revision: Mapped[int] = mapped_column(Integer, default=0)
    host_id: Mapped[int | None] = mapped_column(ForeignKey("ask.id"))
    """The check-in of another initiative that offers this one: it has no message of its own."""


class Answer(InWorkspace, Base):
    """One tapped value; the newest per ask and question holds, older ones stay."""

    __tablename__ = "answer"
    __table_args__ = (Index(None, "ask_id", "question", "id"),)

    ask_id: Mapped[int] = mapped_column(ForeignKey("ask.id"))
    question: Mapped[str]  # useful | sure | effort | know | explain
    value: Mapped[int | None] = mapped_column(Integer)  # 1…5; null when recorded, not scored
    choice: Mapped[str | None]  # nothing_needed | dont_know | two_lines | fifteen_minutes | …
    answered_at: Mapped[datetime]
