"""What all tables have in common."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    ForeignKey,
    Integer,
    MetaData,
    String,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from storage.types import UtcDateTime

BigId = BigInteger().with_variant(Integer, "sqlite")  # SQLite auto-numbers only INTEGER keys


class Base(DeclarativeBase):
    """The declarative base; constraint names are fixed so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads this class attribute
        int: BigId,
        datetime: UtcDateTime(),
        dict[str, Any]: JSON(),
        list[Any]: JSON(),
        str: String(255),
    }


class Identified:
    """What every row has."""

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)


class InWorkspace(Identified):
    """A row that belongs to one workspace."""

    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspace.id"))
