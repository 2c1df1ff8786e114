"""Setting up a workspace and letting things happen in it."""

from __future__ import annotations

import asyncio
from collections.abc import Generator, Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from . import payloads
from .delivery import Delivery
from .drivers import UserDriver
from .model import App, Channel, Dnd, Installation, Json, Mode, SlackUser, Team, UserGroup
from .objects import dnd_json, group_json, user_json

if TYPE_CHECKING:
    from .server import Playground


class Sent:
    """Events on their way; await it to have the deliveries, or let ``settle`` wait."""

    def __init__(self, tasks: list[asyncio.Task[Delivery]]) -> None:
        self.tasks = tasks

    def __await__(self) -> Generator[Any, None, list[Delivery]]:
        return self._all().__await__()

    async def _all(self) -> list[Delivery]:
        return [await task for task in self.tasks]


class Workspace:
    """One workspace, as its admin and its people would use it."""

    def __init__(self, playground: Playground, team: Team) -> None:
        self.playground = playground
        self.team = team
        self._core = playground.core
        self._drivers: dict[str, UserDriver] = {}

    @property
    def id(self) -> str:
        """The workspace's id."""
        return self.team.id

    # -- apps ------------------------------------------------------------------------------

    def install_app(
        self,
        app_id: str = "A0DEMO",
        bot_scopes: Iterable[str] = (),
        *,
        name: str = "buyin",
        signing_secret: str | None = None,
        events: Iterable[str] | None = None,
        commands: Iterable[str | Mapping[str, Any]] = (),
        mode: Mode = "socket",
        request_url: str | None = None,
        bot_token: str | None = None,
        app_token: str | None = None,
        bot_user_id: str | None = None,
        messages_tab: bool = True,
        home_tab: bool = True,
    ) -> Installation:
        """Install an app; a second workspace with the same ``app_id`` shares its settings.

        ``events=None`` subscribes to all events. A command is a name or an entry of the manifest's
        ``slash_commands``, whose description and usage hint people see when they type it.
        """
        world = self._core.world
        named = dict(_command(command) for command in commands)
        app = world.apps.get(app_id)
        if app is None:
            app = App(
                id=app_id,
                name=name,
                signing_secret=signing_secret or world.new_secret(),
                app_token=app_token or f"xapp-1-{app_id}-{world.new_secret()}",
                verification_token=world.new_secret(12),
                client_id=f"{len(world.apps) + 1}.{world.epoch()}",
                client_secret=world.new_secret(),
                mode=mode,
                request_url=request_url,
                events=None if events is None else frozenset(events),
                commands=frozenset(named),
                hints={name: hint for name, hint in named.items() if hint},
                messages_tab=messages_tab,
                home_tab=home_tab,
            )
            world.apps[app_id] = app
            world.app_tokens[app.app_token] = app
        return self._install(app, frozenset(bot_scopes), bot_token, bot_user_id)

    def _install(
        self, app: App, scopes: frozenset[str], token: str | None, bot_user: str | None
    ) -> Installation:
        world = self._core.world
        install = Installation(
            app=app,
            team_id=self.team.id,
            enterprise_id=self.team.enterprise_id,
            bot_token=token or f"xoxb-{self.team.id}-{app.id}-{world.new_secret()}",
            bot_user_id=bot_user or world.new_id("U"),
            bot_id=world.new_id("B"),
            scopes=scopes,
        )
        bot = SlackUser(
            install.bot_user_id,
            self.team.id,
            app.name,
            real_name=app.name,
            is_bot=True,
            app_id=app.id,
            bot_id=install.bot_id,
            updated=world.epoch(),
        )
        self.team.users[bot.id] = bot
        self.team.installs[app.id] = install
        world.bot_tokens[install.bot_token] = install
        return install

    def oauth_code(self, install: Installation, by: str = "USLACKBOT") -> str:
        """The ``code`` that Slack hands to the redirect address after an installation."""
        code = self._core.world.new_secret()
        install.installed_by = by
        self._core.world.codes[code] = install
        self._core.world.unused_codes[code] = True
        return code

    def app_uninstalled(self, install: Installation) -> Sent:
        """Somebody removed the app: its token dies, the app is told."""
        sent = self._emit({"type": "app_uninstalled"}, only=install)
        install.uninstalled = True
        self._leave_everywhere(install.bot_user_id)
        return sent

    def tokens_revoked(self, install: Installation) -> Sent:
        """The bot token was revoked; the app is told."""
        event = {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [install.bot_user_id]}}
        sent = self._emit(event, only=install)
        install.revoked = True
        return sent

    def _leave_everywhere(self, user_id: str) -> None:
        for channel_id in list(self.team.of_user.get(user_id, ())):
            channel = self.team.channels[channel_id]
            if channel.kind in ("public", "private"):
                self._core.world.leave(self.team, channel, user_id)

    # -- people ----------------------------------------------------------------------------

    def add_user(
        self, user_id: str, name: str | None = None, *, announce: bool = False, **fields: Any
    ) -> UserDriver:
        """Add a person; ``announce`` sends ``team_join``."""
        fields.setdefault("real_name", (name or user_id).title())
        fields.setdefault("display_name", name or user_id.lower())
        user = SlackUser(user_id, self.team.id, name or user_id.lower(), **fields)
        user.updated = self._core.world.epoch()
        self.team.users[user_id] = user
        self._core.world.changed("user_added", self.team.id, user)
        if announce:
            self._emit({"type": "team_join", "user": self._user(user)}, "users:read")
        return self.user(user_id)

    def update_user(self, user_id: str, **fields: Any) -> Sent:
        """Change a person's profile, zone or state; sends ``user_change``."""
        user = self.team.users[user_id]
        for name, value in fields.items():
            if not hasattr(user, name):
                raise AttributeError(f"a user has no {name!r}")
            setattr(user, name, value)
        user.updated = self._core.world.epoch()
        self._core.world.changed("user_changed", self.team.id, user)
        event = {"type": "user_change", "user": self._user(user), "cache_ts": user.updated}
        return self._emit(event, "users:read")

    def _user(self, user: SlackUser) -> Json:
        return user_json(user, self._core.world.now(), frozenset(), True)

    def set_dnd(
        self,
        user_id: str,
        start: datetime | None = None,
        end: datetime | None = None,
        enabled: bool = True,
    ) -> Sent:
        """Set a person's next do-not-disturb window; sends ``dnd_updated_user``."""
        dnd = Dnd(enabled, _epoch(start), _epoch(end))
        self.team.users[user_id].dnd = dnd
        event = {"type": "dnd_updated_user", "user": user_id, "dnd_status": dnd_json(dnd)}
        return self._emit(event, "dnd:read")

    def user(self, user_id: str) -> UserDriver:
        """A driver with that person's eyes and hands."""
        if user_id not in self._drivers:
            user = self.team.users[user_id]
            self._drivers[user_id] = UserDriver(self.playground, self.team, user)
        return self._drivers[user_id]

    def add_usergroup(self, group_id: str, handle: str, members: Iterable[str] = ()) -> UserGroup:
        """Add a user group."""
        group = UserGroup(group_id, self.team.id, handle, handle.title(), list(members))
        group.updated = self._core.world.epoch()
        self.team.groups[group_id] = group
        return group

    def update_usergroup(self, group_id: str, **fields: Any) -> Sent:
        """Change a group's members, handle or state; sends ``subteam_updated``."""
        group = self.team.groups[group_id]
        for name, value in fields.items():
            setattr(group, name, value)
        group.updated = self._core.world.epoch()
        event = {"type": "subteam_updated", "subteam": group_json(group, True)}
        return self._emit(event, "usergroups:read")

    # -- channels --------------------------------------------------------------------------

    def add_channel(
        self,
        channel_id: str,
        name: str | None = None,
        members: Iterable[str] = (),
        *,
        is_private: bool = False,
        creator: str = "USLACKBOT",
    ) -> Channel:
        """Add a channel with its members (people or bots)."""
        kind: Any = "private" if is_private else "public"
        everybody = dict.fromkeys(members)
        channel = Channel(channel_id, self.team.id, name or channel_id.lower(), kind, everybody)
        channel.creator, channel.created = creator, self._core.world.epoch()
        return self._core.world.put_channel(self.team, channel)

    def channel(self, channel_id: str) -> Channel:
        """A conversation by id."""
        return self.team.channels[channel_id]

    def invite(self, channel_id: str, user_id: str, inviter: str | None = None) -> Sent:
        """Let somebody into a channel; sends ``member_joined_channel``."""
        channel = self.team.channels[channel_id]
        if not self._core.world.join(self.team, channel, user_id):
            return Sent([])
        event = self._membership("member_joined_channel", channel, user_id)
        if inviter:
            event["inviter"] = inviter
        return self._emit_in(event, channel)

    def remove(self, channel_id: str, user_id: str) -> Sent:
        """Take somebody out of a channel; sends ``member_left_channel``."""
        channel = self.team.channels[channel_id]
        concerned = self._present(channel)
        if not self._core.world.leave(self.team, channel, user_id):
            return Sent([])
        event = self._membership("member_left_channel", channel, user_id)
        return self._emit_in(event, channel, concerned)

    def archive(self, channel_id: str, by: str = "USLACKBOT") -> Sent:
        """Archive a channel; sends ``channel_archive`` (``group_archive`` when private)."""
        channel = self.team.channels[channel_id]
        channel.is_archived = True
        self._core.world.changed("channel_archived", self.team.id, channel)
        kind = "channel_archive" if channel.kind == "public" else "group_archive"
        event = {"type": kind, "channel": channel_id, "user": by, "is_moved": 0}
        return self._emit_in(event, channel)

    def _membership(self, kind: str, channel: Channel, user_id: str) -> Json:
        letter = "C" if channel.kind == "public" else "G"
        return {
            "type": kind,
            "user": user_id,
            "channel": channel.id,
            "channel_type": letter,
            "team": self.team.id,
        }

    # -- events ----------------------------------------------------------------------------

    def _present(self, channel: Channel) -> list[Installation]:
        installs = self.team.installs.values()
        return [install for install in installs if install.bot_user_id in channel.members]

    def _emit_in(
        self, event: Json, channel: Channel, concerned: list[Installation] | None = None
    ) -> Sent:
        present = self._present(channel) if concerned is None else concerned
        scope = "channels:read" if channel.kind == "public" else "groups:read"
        sent = [self._emit(event, scope, only=install) for install in present]
        return Sent([task for one in sent for task in one.tasks])

    def _emit(
        self, event: Json, scope: str | None = None, only: Installation | None = None
    ) -> Sent:
        """Send an event to every app that listens; nothing goes out before the start."""
        tasks = []
        for install in [only] if only else list(self.team.installs.values()):
            if scope is not None and scope not in install.scopes:
                continue
            if self.playground.running and self.playground.subscribed(install, event):
                body = payloads.event(self._core, install, event)
                tasks.append(self.playground.dispatcher.event(install, body))
        return Sent(tasks)

    def send_event(self, install: Installation, event: Json) -> Sent:
        """Send any event, for what has no method of its own."""
        return self._emit(event, only=install)


def _command(given: str | Mapping[str, Any]) -> tuple[str, dict[str, str]]:
    if isinstance(given, str):
        return given, {}
    shown = {name: str(given.get(name) or "") for name in ("description", "usage_hint")}
    return str(given["command"]), shown


def _epoch(moment: datetime | None) -> int:
    return int(moment.timestamp()) if moment else 1
