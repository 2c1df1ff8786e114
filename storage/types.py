"""Column types that keep their promises on every database."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in time: refuses naive values, stores UTC, returns aware UTC.

    SQLAlchemy's `DateTime(timezone=True)` silently drops the offset on SQLite.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return `value` in UTC, in the form the database stores."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone; pass an aware datetime")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def result_processor(
        self, dialect: Dialect, coltype: object
    ) -> Callable[[Any], datetime | None]:
        """Return what makes an aware moment in UTC of a stored value, in one step.

        Thousands are read at a time; parsing and converting one after the other costs twice.
        """
        return _from_text if dialect.name == "sqlite" else _from_driver


def _from_text(stored: str | None) -> datetime | None:
    return None if stored is None else datetime.fromisoformat(f"{stored}+00:00")


def _from_driver(stored: datetime | None) -> datetime | None:
    return stored if stored is None or stored.tzinfo is UTC else stored.astimezone(UTC)
