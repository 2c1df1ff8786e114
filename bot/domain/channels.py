"""Channels and user groups as Slack tells them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ChannelInfo:
    """A channel; `is_member` says whether the app is inside."""

    id: str
    name: str
    is_private: bool
    is_archived: bool
    is_member: bool


@dataclass(frozen=True, slots=True)
class UserGroup:
    """A user group; `handle` is what people type after the @."""

    id: str
    handle: str
    name: str
