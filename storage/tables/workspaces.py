"""Workspaces, the people in them, and what is kept about running them."""

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import (
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, Identified, InWorkspace


class Workspace(Identified, Base):
    """One installation of the app."""

    __tablename__ = "workspace"
    __table_args__ = (UniqueConstraint("enterprise_id", "team_id", "app_id"),)

    enterprise_id: Mapped[str] = mapped_column(default="")  # "" = none: NULLs are never equal
    team_id: Mapped[str] = mapped_column(default="")
    app_id: Mapped[str] = mapped_column(default="")
    bot_user_id: Mapped[str | None]
    name: Mapped[str | None]
    created_at: Mapped[datetime]
    uninstalled_at: Mapped[datetime | None]
    directory_synced_at: Mapped[datetime | None]
    estimates_off_at: Mapped[datetime | None]
    """When estimates of people were switched off here; null while they are made."""
    holidays: Mapped[str | None]
    """The country whose public holidays hold for whoever chose none: DE, or DE-BY."""
    pacing: Mapped[dict[str, Any] | None]
    """Numbers of the pacing policy that differ here: {name: value}; null = none."""


class FreeText(InWorkspace, Base):
    """Words somebody typed; `author_id` is who can have them erased."""

    __tablename__ = "free_text"
    __table_args__ = (Index(None, "author_id"),)

    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    words: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]


class Person(InWorkspace, Base):
    """A Slack user over all initiatives, as Slack's directory has them."""

    __tablename__ = "person"
    __table_args__ = (UniqueConstraint("workspace_id", "slack_user_id"),)

    slack_user_id: Mapped[str]
    name: Mapped[str] = mapped_column(default="")
    tz: Mapped[str] = mapped_column(default="UTC")
    locale: Mapped[str | None]
    is_bot: Mapped[bool] = mapped_column(default=False)
    is_deleted: Mapped[bool] = mapped_column(default=False)
    is_guest: Mapped[bool] = mapped_column(default=False)
    is_stranger: Mapped[bool] = mapped_column(default=False)
    dm_channel_id: Mapped[str | None]
    seen_at: Mapped[datetime]
    """When Slack last told us about this person."""
    stopped_at: Mapped[datetime | None]
    """Projection of the last `stop_all`/`resume_all` setting."""
    group_only_at: Mapped[datetime | None]
    """Projection of the first `group_only` setting: it only gets stricter."""
    opens: Mapped[time | None]
    """Projection of the last `hours` setting, like `closes`; null = as everybody."""
    closes: Mapped[time | None]
    work_days: Mapped[str | None]
    """Projection of the last `days` setting: ISO days of the week, 1 = Monday; 12345."""
    holidays: Mapped[str | None]
    """Projection of the last `holidays` setting: "" = none; null = as the workspace."""
    away_until: Mapped[date | None]
    """Projection of the last `away` setting: the first day back, local."""
    quiet_from: Mapped[datetime | None]
    """Slack's next do-not-disturb window, until `quiet_until`; read at `quiet_read_at`."""
    quiet_until: Mapped[datetime | None]
    quiet_read_at: Mapped[datetime | None]


class PersonSetting(InWorkspace, Base):
    """A choice of a person over all initiatives, dated; the newest of a kind holds."""

    __tablename__ = "person_setting"
    __table_args__ = (Index(None, "person_id", "kind", "set_at"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str]
    value: Mapped[dict[str, Any]] = mapped_column(default=dict)
    set_at: Mapped[datetime]


class Audit(InWorkspace, Base):
    """Who did what, when, to which row; never what was said."""

    __tablename__ = "audit"
    __table_args__ = (Index(None, "workspace_id", "done_at"),)

    who: Mapped[str]  # Slack user id, or "app"
    what: Mapped[str]
    subject: Mapped[str]
    subject_id: Mapped[int | None]
    done_at: Mapped[datetime]


class ReceivedKey(Base):
    """What Slack already gave us, so that its retries and double clicks change nothing."""

    __tablename__ = "received_key"
    __table_args__ = (Index(None, "received_at"),)

    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspace.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(512), primary_key=True)
    received_at: Mapped[datetime]
