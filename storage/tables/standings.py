"""Estimates, and what was published about groups."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    ForeignKey,
    Integer,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, InWorkspace


class Standing(InWorkspace, Base):
    """The estimate for one stakeholder as of the last closed round, and week by week before.

    Inner workings: a projection of the facts that `buyin rebuild` makes anew, never shown.
    """

    __tablename__ = "standing"
    __table_args__ = (UniqueConstraint("stakeholder_id"),)

    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id"), index=True)
    stakeholder_id: Mapped[int] = mapped_column(ForeignKey("stakeholder.id"))
    density: Mapped[bytes]  # 93 float64, little-endian
    week: Mapped[int] = mapped_column(Integer)
    """The week of the last evidence in `density`; -1 if there is none."""
    cycle: Mapped[int] = mapped_column(Integer)
    """The number of the last round whose facts are all in it; 0 if there is none."""
    until: Mapped[datetime]
    """Every fact up to this moment is in it."""
    facts: Mapped[int] = mapped_column(Integer)
    """How many rows those were: another number means that one came late."""
    pulses: Mapped[int] = mapped_column(Integer)
    """Answered asks that are not in `tail`."""
    tail: Mapped[bytes]  # the facts up to `until` that states still count, packed
    first_week: Mapped[int] = mapped_column(Integer)
    history: Mapped[bytes]  # one packed record per week from `first_week` on


class InitiativeSnapshot(InWorkspace, Base):
    """One initiative at the end of one week: how many stand where, and what named people said."""

    __tablename__ = "initiative_snapshot"
    __table_args__ = (UniqueConstraint("initiative_id", "week"),)

    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id"))
    week: Mapped[int] = mapped_column(Integer)
    """Weeks since Monday, 5 January 1970, UTC."""
    counts: Mapped[dict[str, Any]]  # {state: how many}
    silent: Mapped[int] = mapped_column(Integer)
    asked: Mapped[int] = mapped_column(Integer)
    """Named people whom a check-in reached in the four weeks before."""
    answered: Mapped[int] = mapped_column(Integer)
    """Those of them who answered in it how useful it is."""
    favourable: Mapped[int] = mapped_column(Integer)
    """Those of them who find it useful."""


class OwnerGuess(InWorkspace, Base):
    """How many an owner thought would find it useful, before round 1 closed."""

    __tablename__ = "owner_guess"
    __table_args__ = (UniqueConstraint("initiative_id", "person_id"),)

    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    useful_count: Mapped[int] = mapped_column(Integer)
    guessed_at: Mapped[datetime]


class GroupFigure(InWorkspace, Base):
    """What everyone may see about a closed cycle, frozen when it closed."""

    __tablename__ = "group_figure"
    __table_args__ = (UniqueConstraint("cycle_id", "question"),)

    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id"), index=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"))
    question: Mapped[str]  # useful | sure | effort | took_part
    shown: Mapped[str]  # counts | answered_only | kept_from_before | too_few
    figure: Mapped[dict[str, Any]]
    """What is published; see `bot.domain.figures`."""
    basis: Mapped[dict[str, Any]]
    """{values: {stakeholder id: value}, unseen: [stakeholder id], of: asked}; never shown."""
    published_at: Mapped[datetime]
