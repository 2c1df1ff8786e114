"""People: who somebody is in Slack and what they chose over all initiatives."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who acts in Slack right now, as a payload names them."""

    workspace_id: int
    slack_user_id: str


@dataclass(frozen=True, slots=True)
class Profile:
    """What Slack's directory says of a user."""

    slack_user_id: str
    name: str
    tz: str = "UTC"
    locale: str | None = None
    is_bot: bool = False
    is_deleted: bool = False
    is_guest: bool = False
    is_stranger: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """A Slack user over all initiatives."""

    id: int
    workspace_id: int
    slack_user_id: str
    name: str
    tz: str
    is_bot: bool = False
    is_deleted: bool = False
    is_guest: bool = False
    is_stranger: bool = False
    stopped: bool = False
    """Wants no messages at all until they resume."""
    group_only: bool = False
    """Shows up in group figures only, in every initiative."""
