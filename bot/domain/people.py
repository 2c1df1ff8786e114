"""People: who somebody is in Slack and what they chose over all initiatives."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.times import NOTHING_SET, Times


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
    times: Times = NOTHING_SET
    """When they can be written to, as far as they or Slack say."""


class Choice(StrEnum):
    """What somebody may choose about their place in one initiative.

    `left` is Slack's word; `off` and `on` are those of an owner who took them off the list, or
    put them back.
    """

    GROUP_ONLY = "group_only"
    NOT_MY_TOPIC = "not_my_topic"
    STOP = "stop"
    RESUME = "resume"
    SNOOZE = "snooze"
    LEFT = "left"
    OFF = "off"
    ON = "on"
    NO_ESTIMATE = "no_estimate"
    ESTIMATE = "estimate"
    FEWER = "fewer"
    USUAL = "usual"


class Setting(StrEnum):
    """What somebody may choose over all initiatives together."""

    STOP_ALL = "stop_all"
    RESUME_ALL = "resume_all"
    GROUP_ONLY = "group_only"
    HOURS = "hours"
    DAYS = "days"
    HOLIDAYS = "holidays"
    AWAY = "away"
    TALK_HOURS = "talk_hours"


@dataclass(frozen=True, slots=True)
class Settled:
    """How a choice over all initiatives ended; `changed` is False when it held already."""

    person: Person
    changed: bool


@dataclass(frozen=True, slots=True)
class Appointment:
    """A talk that somebody has agreed to: with whom (None: several), and when."""

    other: Person | None
    starts_at: datetime
    together: bool = False
    """Whether others come as well, whom `other` invited."""
