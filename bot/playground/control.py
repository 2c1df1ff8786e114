"""The same driving over HTTP, for other processes: JSON under ``/_control/``."""

from __future__ import annotations

import asyncio
import inspect
import json
from dataclasses import asdict, fields, is_dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from aiohttp import web

from .delivery import Delivery
from .faults import Fault
from .forms import CannotDo, FormIncomplete
from .model import Change, Installation, Json, Message, SlackError, View
from .objects import message_json, view_json
from .workspace import Sent

if TYPE_CHECKING:
    from .drivers import UserDriver
    from .server import Playground

WORKSPACE_ACTIONS = frozenset(
    {
        "install_app",
        "add_user",
        "update_user",
        "set_dnd",
        "add_usergroup",
        "update_usergroup",
        "add_channel",
        "invite",
        "remove",
        "archive",
        "app_uninstalled",
        "tokens_revoked",
        "send_event",
    }
)
USER_ACTIONS = frozenset(
    {"slash", "click", "select", "type", "fill", "submit", "close", "open_home", "options", "say"}
)


def guarded(handler: Any) -> Any:
    """A handler over JSON that tells what somebody cannot do instead of failing."""

    async def guard(request: web.Request) -> web.StreamResponse:
        try:
            body = await request.json() if request.can_read_body else {}
            return _json({"ok": True, **await handler(request, body)})
        except (CannotDo, SlackError, KeyError, TypeError, ValueError, AttributeError) as error:
            told: Json = {"error": type(error).__name__, "detail": str(error)}
            if isinstance(error, FormIncomplete):
                told["errors"] = error.errors
            return _json({"ok": False, **told}, 400)

    return guard


class Control:
    """Maps control requests onto the Python objects."""

    def __init__(self, playground: Playground) -> None:
        self._playground = playground

    def add_routes(self, router: web.UrlDispatcher) -> None:
        """Hang the control API into a server."""
        router.add_get("/_control/state", guarded(self.state))
        router.add_post("/_control/workspaces", guarded(self.add_workspace))
        router.add_post("/_control/workspaces/{team}/{do}", guarded(self.workspace_do))
        router.add_get("/_control/users/{team}/{user}", guarded(self.user_state))
        router.add_post("/_control/users/{team}/{user}/{do}", guarded(self.user_do))
        router.add_get("/_control/log", guarded(self.log))
        router.add_get("/_control/deliveries", guarded(self.deliveries))
        router.add_get("/_control/history/{team}/{channel}", guarded(self.history))
        router.add_post("/_control/faults", guarded(self.add_fault))
        router.add_delete("/_control/faults", guarded(self.clear_faults))
        router.add_post("/_control/limits", guarded(self.limits))
        router.add_post("/_control/settle", guarded(self.settle))
        router.add_post("/_control/retries", guarded(self.retries))
        router.add_post("/_control/disconnect", guarded(self.disconnect))
        router.add_get("/_control/events", self.events)

    # -- reading ---------------------------------------------------------------------------

    async def state(self, request: web.Request, body: Json) -> Json:
        """Every workspace with its people, channels and apps."""
        teams = self._playground.world.teams.values()
        return {
            "url": self._playground.url,
            "api_url": self._playground.api_url,
            "now": self._playground.world.now(),
            "workspaces": [
                {
                    "id": team.id,
                    "name": team.name,
                    "users": list(team.users.values()),
                    "channels": [_channel(channel) for channel in team.channels.values()],
                    "usergroups": list(team.groups.values()),
                    "apps": list(team.installs.values()),
                }
                for team in teams
            ],
        }

    async def user_state(self, request: web.Request, body: Json) -> Json:
        """What one person sees."""
        return self._seen(self._user(request))

    def _seen(self, user: UserDriver) -> Json:
        return {
            "inbox": [self._shown(user, message) for message in user.inbox],
            "view": self._shown(user, user.view) if user.view else None,
            "view_errors": user.view_errors,
            "home": self._shown(user, user.home) if user.home else None,
            "notices": user.notices,
        }

    def _shown(self, user: UserDriver, target: Message | View) -> Json:
        return {**_plain(target), "readable": user.read(target)}

    async def log(self, request: web.Request, body: Json) -> Json:
        """The API calls, all or of one method."""
        method = request.query.get("method")
        calls = self._playground.log.of(method) if method else self._playground.log.calls
        return {"calls": calls}

    async def deliveries(self, request: web.Request, body: Json) -> Json:
        """What was sent to apps."""
        return {"deliveries": self._playground.deliveries}

    async def history(self, request: web.Request, body: Json) -> Json:
        """Every message of a conversation with its history, deleted ones too."""
        team = self._playground.world.teams[request.match_info["team"]]
        channel = team.channels[request.match_info["channel"]]
        return {
            "messages": [
                {**_plain(message), "history": message.history, "deleted": message.deleted}
                for message in channel.messages.values()
            ]
        }

    # -- doing -----------------------------------------------------------------------------

    async def add_workspace(self, request: web.Request, body: Json) -> Json:
        """Add a workspace."""
        return {"result": {"team_id": self._playground.add_workspace(**body).id}}

    async def workspace_do(self, request: web.Request, body: Json) -> Json:
        """Anything a ``Workspace`` can do, with its arguments as JSON."""
        do = request.match_info["do"]
        if do not in WORKSPACE_ACTIONS:
            raise CannotDo(f"unknown action {do!r}")
        workspace = self._playground.workspace(request.match_info["team"])
        if "app_id" in body and do in ("app_uninstalled", "tokens_revoked", "send_event"):
            body["install"] = workspace.team.installs[body.pop("app_id")]
        for name in ("start", "end"):
            if name in body:
                body[name] = datetime.fromisoformat(body[name])
        result = getattr(workspace, do)(**body)
        return {"result": _plain(await result if isinstance(result, Sent) else result)}

    async def user_do(self, request: web.Request, body: Json) -> Json:
        """Anything a person can do; ``ts``/``channel``, ``view`` or ``home`` name the target.

        ``seen: false`` leaves what they see out of the answer.
        """
        do, user = request.match_info["do"], self._user(request)
        if do not in USER_ACTIONS:
            raise CannotDo(f"unknown action {do!r}")
        with_seen = body.pop("seen", True)
        if do in ("click", "select", "type", "fill", "options"):
            body["target"] = self._target(user, body)
        result = getattr(user, do)(**body)
        found = await result if inspect.isawaitable(result) else result
        return {"result": found, **(self._seen(user) if with_seen else {})}

    def _user(self, request: web.Request) -> UserDriver:
        workspace = self._playground.workspace(request.match_info["team"])
        return workspace.user(request.match_info["user"])

    def _target(self, user: UserDriver, body: Json) -> Message | View | None:
        if body.pop("home", False):
            return user.home
        if "view" in body:
            return self._playground.world.views[body.pop("view")]
        if "ts" in body:
            return user.team.channels[body.pop("channel")].messages[body.pop("ts")]
        return None

    async def add_fault(self, request: web.Request, body: Json) -> Json:
        """Order a fault: ``method``, ``kind``, ``times`` and the kind's own fields."""
        method, times = body.pop("method"), body.pop("times", 1)
        self._playground.faults.add(method, Fault(**body), times)
        return {}

    async def clear_faults(self, request: web.Request, body: Json) -> Json:
        """Forget all faults."""
        self._playground.faults.clear()
        return {}

    async def limits(self, request: web.Request, body: Json) -> Json:
        """Switch the rate limits on or off."""
        self._playground.limits.enabled = bool(body["enabled"])
        return {}

    async def settle(self, request: web.Request, body: Json) -> Json:
        """Wait until nothing is in flight."""
        await self._playground.settle(**body)
        return {}

    async def retries(self, request: web.Request, body: Json) -> Json:
        """Make waiting event retries happen now."""
        return {"deliveries": await self._playground.run_retries()}

    async def disconnect(self, request: web.Request, body: Json) -> Json:
        """Send ``disconnect`` to an app's connections."""
        app = self._playground.world.apps[body["app_id"]]
        reason = body.get("reason", "refresh_requested")
        return {"connections": await self._playground.disconnect(app, reason)}

    # -- following -------------------------------------------------------------------------

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Every change as a server-sent event."""
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        queue: asyncio.Queue[Change] = asyncio.Queue()
        stop = self._playground.world.subscribe(queue.put_nowait)
        try:
            while True:
                change = await queue.get()
                await response.write(f"data: {_dumps(_change(change))}\n\n".encode())
        except ConnectionError:
            return response
        finally:
            stop()


def _change(change: Change) -> Json:
    return {
        "seq": change.seq,
        "kind": change.kind,
        "team": change.team_id,
        "subject": _plain(change.subject),
    }


def _channel(channel: Any) -> Json:
    return {
        "id": channel.id,
        "name": channel.name,
        "kind": channel.kind,
        "is_archived": channel.is_archived,
        "members": list(channel.members),
    }


def _plain(value: Any) -> Any:
    """Playground objects as JSON data."""
    if isinstance(value, Message):
        extra = {"channel": value.channel, "ephemeral_to": value.ephemeral_to}
        return {**message_json(value), **extra}
    if isinstance(value, View):
        return {**view_json(value), "user": value.user, "is_open": value.is_open}
    if isinstance(value, Delivery):
        return {**_fields(value), "ok": value.ok}
    if isinstance(value, Installation):
        return _installation(value)
    if hasattr(value, "messages"):
        return _channel(value)
    if hasattr(value, "inbox"):
        return {"user_id": value.id}
    if isinstance(value, datetime | date):
        return value.isoformat()
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else value


def _fields(delivery: Delivery) -> Json:
    return {part.name: getattr(delivery, part.name) for part in fields(delivery)}


def _installation(install: Installation) -> Json:
    return {
        "app_id": install.app_id,
        "team_id": install.team_id,
        "bot_token": install.bot_token,
        "app_token": install.app_token,
        "signing_secret": install.signing_secret,
        "bot_user_id": install.bot_user_id,
        "bot_id": install.bot_id,
        "scopes": sorted(install.scopes),
        "mode": install.app.mode,
    }


def _dumps(body: Any) -> str:
    return json.dumps(body, default=_plain)


def _json(body: Json, status: int = 200) -> web.Response:
    return web.json_response(body, status=status, dumps=_dumps)
