"""The state of the local Slack and the stream of what changes in it."""

from __future__ import annotations

import asyncio
import itertools
import secrets
from collections.abc import AsyncGenerator, Callable
from datetime import UTC, datetime
from typing import Any

from .model import (
    App,
    Change,
    Channel,
    Installation,
    Json,
    Message,
    ResponseUrl,
    SlackError,
    SlackUser,
    StoredFile,
    Team,
    Trigger,
    View,
)

Listener = Callable[[Change], None]
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _base36(number: int) -> str:
    text = ""
    while number:
        number, rest = divmod(number, 36)
        text = _DIGITS[rest] + text
    return text or "0"


class World:
    """Every workspace, app, message and view. Nothing in here knows HTTP."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now
        self.teams: dict[str, Team] = {}
        self.apps: dict[str, App] = {}
        self.bot_tokens: dict[str, Installation] = {}
        self.app_tokens: dict[str, App] = {}
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self.views: dict[str, View] = {}
        self.files: dict[str, StoredFile] = {}
        self.uploads: dict[str, StoredFile] = {}
        self.codes: dict[str, Installation] = {}
        self.unused_codes: dict[str, bool] = {}
        self.changes_seen = 0
        self._ids = itertools.count(36**4)
        self._message_numbers = itertools.count(1)
        self._listeners: dict[int, Listener] = {}
        self._listener_numbers = itertools.count()

    # -- following -------------------------------------------------------------------------

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call ``listener`` on every change; the answer ends the subscription."""
        number = next(self._listener_numbers)
        self._listeners[number] = listener

        def stop() -> None:
            self._listeners.pop(number, None)

        return stop

    async def changes(self) -> AsyncGenerator[Change, None]:
        """Every change from now on, until the caller stops iterating."""
        queue: asyncio.Queue[Change] = asyncio.Queue()
        stop = self.subscribe(queue.put_nowait)
        try:
            while True:
                yield await queue.get()
        finally:
            stop()

    def changed(self, kind: str, team_id: str, subject: Any) -> None:
        """Tell everybody who follows."""
        self.changes_seen += 1
        if not self._listeners:
            return
        change = Change(self.changes_seen, kind, team_id, subject)
        for listener in list(self._listeners.values()):
            listener(change)

    # -- small makers ----------------------------------------------------------------------

    def new_id(self, prefix: str) -> str:
        """A fresh id such as ``D0000A3F7``."""
        return prefix + _base36(next(self._ids)).rjust(9, "0")

    def new_secret(self, size: int = 16) -> str:
        """A random string nobody can guess."""
        return secrets.token_hex(size)

    def epoch(self) -> int:
        """Now in whole seconds."""
        return int(self.now().astimezone(UTC).timestamp())

    def new_ts(self, team: Team) -> str:
        """A message ``ts``: now, and always later than the one before."""
        micros = int(self.now().timestamp() * 1_000_000)
        team.last_ts = max(micros, team.last_ts + 1)
        return f"{team.last_ts // 1_000_000}.{team.last_ts % 1_000_000:06d}"

    # -- people and conversations ----------------------------------------------------------

    def put_channel(self, team: Team, channel: Channel) -> Channel:
        """Add a conversation and index its members."""
        team.channels[channel.id] = channel
        for member in channel.members:
            team.of_user.setdefault(member, {})[channel.id] = None
        return channel

    def join(self, team: Team, channel: Channel, user_id: str) -> bool:
        """Make somebody a member; false when they were one already."""
        if user_id in channel.members:
            return False
        channel.members[user_id] = None
        team.of_user.setdefault(user_id, {})[channel.id] = None
        self.changed("member_joined", team.id, channel)
        return True

    def leave(self, team: Team, channel: Channel, user_id: str) -> bool:
        """Take somebody out; false when they were not in."""
        if channel.members.pop(user_id, channel) is channel:
            return False
        team.of_user.get(user_id, {}).pop(channel.id, None)
        self.changed("member_left", team.id, channel)
        return True

    def direct(self, install: Installation, user: SlackUser) -> Channel:
        """The direct message channel of an app's bot with a person, opened when needed."""
        team = self.teams[install.team_id]
        key = (install.bot_user_id, user.id)
        known = team.direct.get(key)
        if known is not None:
            return team.channels[known]
        members = dict.fromkeys((install.bot_user_id, user.id))
        channel = Channel(
            self.new_id("D"), team.id, "", "im", members, created=self.epoch(), user=user.id
        )
        channel.app_id = install.app_id
        team.direct[key] = channel.id
        return self.put_channel(team, channel)

    # -- messages --------------------------------------------------------------------------

    def post(self, team: Team, channel: Channel, message: Message) -> Message:
        """Store a message that was just written."""
        message.note("posted", self.now())
        channel.messages[message.ts] = message
        kind = "ephemeral_posted" if message.ephemeral_to else "message_posted"
        self.changed(kind, team.id, message)
        return message

    def new_message(self, team: Team, channel: Channel, **fields: Any) -> Message:
        """A message that is not stored yet."""
        return Message(
            ts=self.new_ts(team),
            channel=channel.id,
            team_id=team.id,
            seq=next(self._message_numbers),
            **fields,
        )

    def edited(self, message: Message, what: str = "updated") -> None:
        """Note that a message's text or blocks were replaced."""
        message.edited_ts = self.new_ts(self.teams[message.team_id])
        message.note(what, self.now())
        self.changed("message_updated", message.team_id, message)

    def delete(self, message: Message) -> None:
        """Take a message out of sight; its history stays."""
        message.deleted = True
        message.note("deleted", self.now())
        self.changed("message_deleted", message.team_id, message)

    # -- triggers and views ----------------------------------------------------------------

    def exchange(self, trigger_id: str, app_id: str, monotonic: float, life: float) -> Trigger:
        """Use a trigger once, within its life."""
        trigger = self.triggers.get(trigger_id)
        if trigger is None or trigger.app_id != app_id:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if monotonic - trigger.born > life:
            raise SlackError("expired_trigger_id")
        trigger.used = True
        return trigger

    def new_hash(self) -> str:
        """A view's ``hash``, new with every change."""
        return f"{self.epoch()}.{secrets.token_hex(4)}"

    def close_view(self, view: View) -> None:
        """Take a view off its owner's stack."""
        view.is_open = False
        stack = self.teams[view.team_id].stacks.get(view.user, [])
        if view in stack:
            stack.remove(view)
        self.changed("view_closed", view.team_id, view)

    def install_of(self, team_id: str, app_id: str) -> Installation:
        """The installation of an app in a workspace."""
        return self.teams[team_id].installs[app_id]

    def note_for(self, team_id: str, user: str, notice: str) -> None:
        """Something Slack's client would tell the person, such as a time-out."""
        self.teams[team_id].notices.setdefault(user, []).append(notice)
        self.changed("notice", team_id, {"user": user, "text": notice})


def view_snapshot(view: View, at: datetime) -> Json:
    """One step of a view's history."""
    return {"at": at.isoformat(), "title": view.title, "blocks": view.blocks}
