"""Initiatives, their owners, and the people they ask."""

from datetime import date, datetime
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


class Initiative(InWorkspace, Base):
    """A change somebody leads."""

    __tablename__ = "initiative"
    __table_args__ = (Index(None, "status", "next_due_at"),)

    name: Mapped[str]
    tz: Mapped[str]
    visibility: Mapped[str]  # named | group
    status: Mapped[str]  # draft | running | ended
    channel_id: Mapped[str | None]
    first_date: Mapped[date | None]
    cycle_days: Mapped[int] = mapped_column(Integer, default=14)
    picked: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What the owner picked: {people, channels, groups} as Slack ids, before it is expanded."""
    skipped: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Who was left out when the picks were expanded: {reason: [slack user id]}."""
    revision: Mapped[int] = mapped_column(Integer, default=1)
    created_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    achieved_id: Mapped[int | None] = mapped_column(ForeignKey("free_text.id"), index=True)
    """What the owner says at the end was achieved; `changed_id`: what changed because of people."""
    changed_id: Mapped[int | None] = mapped_column(ForeignKey("free_text.id"), index=True)
    next_due_at: Mapped[datetime | None]
    """When the clock has to look at this initiative again (open or close a round)."""
    next_snapshot_at: Mapped[datetime | None] = mapped_column(index=True)
    """When the clock has to bring its standings up to date; null = there are none to keep."""
    doubted: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    """For how many rounds in a row most people asked were probably not bought in …"""
    doubted_round: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    """… up to this one."""
    questions: Mapped[str | None]
    """What the next rounds ask, separated by spaces; null = all three questions."""
    halted_at: Mapped[datetime | None]
    """Since when nobody is asked at an owner's wish; the last time only …"""
    halted_until: Mapped[datetime | None]
    """… and until when; in the past = asking goes on."""


class InitiativeOwner(InWorkspace, Base):
    """Who leads an initiative, from when until when."""

    __tablename__ = "initiative_owner"
    __table_args__ = (UniqueConstraint("initiative_id", "person_id", "since"),)

    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    next_digest_at: Mapped[datetime | None] = mapped_column(index=True)


class PlanVersion(InWorkspace, Base):
    """What the initiative said about itself at one time; numbered from 1."""

    __tablename__ = "plan_version"
    __table_args__ = (UniqueConstraint("initiative_id", "number"),)

    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id"))
    number: Mapped[int] = mapped_column(Integer)
    why_id: Mapped[int] = mapped_column(ForeignKey("free_text.id"), index=True)
    benefit_id: Mapped[int] = mapped_column(ForeignKey("free_text.id"), index=True)
    needed_id: Mapped[int | None] = mapped_column(ForeignKey("free_text.id"), index=True)
    milestone_id: Mapped[int | None] = mapped_column(ForeignKey("free_text.id"), index=True)
    milestone_on: Mapped[date | None]
    created_at: Mapped[datetime]


class Stakeholder(InWorkspace, Base):
    """One person's place in one initiative."""

    __tablename__ = "stakeholder"
    __table_args__ = (
        UniqueConstraint("initiative_id", "person_id"),
        Index(None, "person_id"),
        Index(
            "ix_stakeholder_due",
            "next_due_at",
            "id",  # thousands may be due at one moment, and are taken in this order
            sqlite_where=text("next_due_at IS NOT NULL"),
        ),
    )

    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    status: Mapped[str]  # active | stopped | not_my_topic | left | off
    added_at: Mapped[datetime]
    introduced_at: Mapped[datetime | None]
    group_only_at: Mapped[datetime | None]
    no_estimate_at: Mapped[datetime | None]
    snoozed_until: Mapped[datetime | None]
    next_due_at: Mapped[datetime | None]
    """When the clock has to decide about this stakeholder again; null = nothing to decide."""
    due_rules: Mapped[str | None]
    """What decided the last time: rules of the pacing policy, separated by spaces."""
    misses: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    """Projection: check-ins unanswered in a row, up to the last closed round."""
    asked_at: Mapped[datetime | None]
    """Projection: when the last check-in arrived."""
    paused_until: Mapped[datetime | None]
    """Projection of the last `step_back`: nobody is asked before."""
    attention_at: Mapped[datetime | None]
    """Projection of the standing: since when attention is due; null = it is not."""
    barrier_at: Mapped[datetime | None]
    """Projection of the last `barrier_fact`: since when something open asks for attention."""
    settled: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    """Projection of the standing: a supporter of whom little can change."""
    fewer_at: Mapped[datetime | None]
    """Projection of the last `fewer` or `usual` choice: since when they want fewer messages."""
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """Who put them on the list later; null = who drew it up."""


class StakeholderChoice(InWorkspace, Base):
    """What a stakeholder chose for one initiative, dated; the projection is on `stakeholder`."""

    __tablename__ = "stakeholder_choice"
    __table_args__ = (Index(None, "stakeholder_id", "made_at"),)

    stakeholder_id: Mapped[int] = mapped_column(ForeignKey("stakeholder.id"))
    kind: Mapped[str]  # group_only | not_my_topic | stop | resume | snooze | left | no_estimate | …
    until: Mapped[datetime | None]
    made_at: Mapped[datetime]


class Cycle(InWorkspace, Base):
    """A numbered window of one initiative, whole local days in the initiative's zone."""

    __tablename__ = "cycle"
    __table_args__ = (UniqueConstraint("initiative_id", "number"),)

    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id"))
    number: Mapped[int] = mapped_column(Integer)
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    by_hand: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    """An owner started it before its day."""
    questions: Mapped[str | None]
    """What it asks, as it was set when it opened; null = all three questions."""
    days: Mapped[int | None] = mapped_column(Integer)
    """How long it was to last when it opened …"""
    days_before: Mapped[int | None] = mapped_column(Integer)
    """… and the round before it, where that was another length."""


class InitiativeSetting(InWorkspace, Base):
    """What an owner set, dated; the projection is on `initiative`."""

    __tablename__ = "initiative_setting"
    __table_args__ = (Index(None, "initiative_id", "made_at"),)

    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str]  # length | questions | pause | resume
    value: Mapped[str]
    made_at: Mapped[datetime]
