"""Calendar feeds that people gave, and when they are busy by them."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, InWorkspace


class CalendarFeed(InWorkspace, Base):
    """The feed of one person's calendar: its sealed address, and from it busy times alone."""

    __tablename__ = "calendar_feed"
    __table_args__ = (UniqueConstraint("person_id"), Index(None, "next_read_at"))

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    address: Mapped[str] = mapped_column(Text)
    """Encrypted: whoever knows it can read the whole calendar."""
    since: Mapped[datetime]
    """When this address was given; a reading of an earlier one comes too late."""
    next_read_at: Mapped[datetime]
    tried_at: Mapped[datetime]
    worked_at: Mapped[datetime | None]
    problem: Mapped[str | None]
    """Why the last try did not work; null if it did."""
    busy: Mapped[list[Any]] = mapped_column(default=list)
    """From when it last worked: [[start, end], …] in minutes since 1970, UTC, in order."""
    unread: Mapped[int] = mapped_column(default=0)
    """How many events could not be understood then."""
