"""The Web API's front door: tokens, scopes, limits, faults and the log."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from .core import Core
from .disturb import JSON_BODY, disturbed
from .log import CallRecord
from .model import App, Channel, Installation, Json, SlackError, SlackUser, Team
from .socketmode import SocketTransport


@dataclass(slots=True)
class Call:
    """One authorised call: who calls, with which arguments."""

    core: Core
    sockets: SocketTransport
    method: str
    args: Json
    app: App
    install: Installation | None

    @property
    def installed(self) -> Installation:
        """The installation the bot token belongs to."""
        if self.install is None:
            raise SlackError("not_allowed_token_type")
        return self.install

    @property
    def team(self) -> Team:
        """The workspace the bot token belongs to."""
        return self.core.world.teams[self.installed.team_id]

    def text(self, name: str, default: str = "") -> str:
        """A string argument."""
        value = self.args.get(name)
        return default if value is None else str(value)

    def flag(self, name: str) -> bool:
        """A true or false argument."""
        return self.args.get(name) in (True, "true", "1", "True", 1)

    def number(self, name: str, default: int) -> int:
        """A whole number argument."""
        try:
            return int(self.args.get(name) or default)
        except ValueError:
            raise invalid_arguments("must provide an integer", f"/{name}") from None

    def data(self, name: str) -> Any:
        """A JSON argument, given as JSON or as text; None when absent."""
        value = self.args.get(name)
        if not isinstance(value, str) or not value:
            return None if value == "" else value
        try:
            return json.loads(value)
        except ValueError:
            raise SlackError(
                "invalid_blocks_format" if name == "blocks" else "invalid_arguments"
            ) from None

    def needs(self, *scopes: str) -> None:
        """Refuse unless one of the scopes was granted."""
        if not self.installed.scopes.intersection(scopes):
            raise SlackError("missing_scope", needed=scopes[0], provided=self.installed.provided)

    def user(self, user_id: str, code: str = "user_not_found") -> SlackUser:
        """Somebody in this workspace."""
        found = self.team.users.get(user_id)
        if found is None:
            raise SlackError(code)
        if not found.is_visible:
            raise SlackError("user_not_visible")
        return found

    def channel(self, channel_id: str) -> Channel:
        """A conversation this bot can see; private ones only from inside."""
        found = self.team.channels.get(channel_id)
        if found is None:
            raise SlackError("channel_not_found")
        if found.kind != "public" and self.installed.bot_user_id not in found.members:
            raise SlackError("channel_not_found")
        return found


Method = Callable[[Call], Json]
OpenMethod = Callable[[Core, Json], Json]


@dataclass(frozen=True, slots=True)
class Spec:
    """One method: what it does, which token and scopes it takes, its tier."""

    run: Method | None
    token: str = "bot"  # noqa: S105 - a kind of token
    scopes: tuple[str, ...] = ()
    tier: int = 3
    open_run: OpenMethod | None = None


METHODS: dict[str, Spec] = {}


def method(
    name: str,
    *scopes: str,
    tier: int = 3,
    token: str = "bot",  # noqa: S107 - a kind of token
) -> Callable[[Method], Method]:
    """Register a Web API method; any one of the scopes is enough."""

    def register(run: Method) -> Method:
        METHODS[name] = Spec(run, token, scopes, tier)
        return run

    return register


def open_method(name: str) -> Callable[[OpenMethod], OpenMethod]:
    """Register a method that takes no token."""

    def register(run: OpenMethod) -> OpenMethod:
        METHODS[name] = Spec(None, open_run=run)
        return run

    return register


def invalid_arguments(message: str, pointer: str) -> SlackError:
    """``invalid_arguments`` with a message in Slack's form."""
    return details("invalid_arguments", [f"{message} [json-pointer:{pointer}]"])


def details(code: str, errors: list[str]) -> SlackError:
    """An error with its messages, as Slack lists them."""
    messages = {"messages": [f"[ERROR] {message}" for message in errors]}
    return SlackError(code, errors=errors, response_metadata=messages)


class HttpFault(Exception):
    """An answer that is not Slack's JSON: a rate limit or a server error."""

    def __init__(self, status: int, retry_after: int | None = None) -> None:
        super().__init__(str(status))
        self.status = status
        self.retry_after = retry_after


@dataclass
class WebApi:
    """Serves ``/api/METHOD``."""

    core: Core
    sockets: SocketTransport
    methods: dict[str, Spec] = field(default_factory=lambda: METHODS)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Serve one call with whatever fault was ordered for it."""
        with self.core.activity.running():
            name = request.match_info["method"]
            args, token = await self._read(request)
            record = CallRecord(name, args, self.core.world.now())
            self.core.log.add(record)
            fault = self.core.faults.take(name)
            started = self.core.timing.monotonic()
            try:
                return await disturbed(request, record, fault, lambda: self._answer(record, token))
            finally:
                record.seconds = self.core.timing.monotonic() - started

    async def _read(self, request: web.Request) -> tuple[Json, str]:
        args: Json = dict(request.query)
        if request.method == "POST":
            args |= await self._body(request)
        header = request.headers.get("Authorization", "")
        token = header[7:] if header.startswith("Bearer ") else ""
        given = args.pop("token", None)
        return args, token or str(given or "")

    async def _body(self, request: web.Request) -> Json:
        if request.content_type == JSON_BODY:
            try:
                found = json.loads(await request.read() or b"{}")
            except ValueError:
                return {"\0": "invalid_json"}
            return found if isinstance(found, dict) else {"\0": "json_not_object"}
        return dict(await request.post())

    def _answer(self, record: CallRecord, token: str) -> web.StreamResponse:
        headers: dict[str, str] = {}
        try:
            record.result = self._run(record, token, headers)
        except SlackError as error:
            record.result = error.body()
        except HttpFault as error:
            record.http_status = error.status
            record.result = {"ok": False, "error": "ratelimited"}
            headers["Retry-After"] = str(error.retry_after)
        return web.json_response(record.result, headers=headers, status=record.http_status)

    # -- running a method ------------------------------------------------------------------

    def _run(self, record: CallRecord, token: str, headers: dict[str, str]) -> Json:
        if "\0" in record.args:
            raise SlackError(str(record.args.pop("\0")))
        spec = self.methods.get(record.method)
        if spec is None:
            raise SlackError("unknown_method", req_method=record.method)
        if spec.open_run is not None:
            return {"ok": True, **spec.open_run(self.core, record.args)}
        app, install = self._authorise(spec, token)
        record.app_id, record.team_id = app.id, install.team_id if install else None
        if install is not None:
            headers["x-oauth-scopes"] = install.provided
            headers["x-accepted-oauth-scopes"] = ",".join(spec.scopes)
            self._check(record, spec, install)
        call = Call(self.core, self.sockets, record.method, record.args, app, install)
        return {"ok": True, **(spec.run(call) if spec.run else {})}

    def _authorise(self, spec: Spec, token: str) -> tuple[App, Installation | None]:
        world = self.core.world
        if not token:
            raise SlackError("not_authed")
        install = world.bot_tokens.get(token)
        app = install.app if install else world.app_tokens.get(token)
        if app is None:
            raise SlackError("invalid_auth")
        if (spec.token == "app") != (install is None):  # noqa: S105 - a kind of token
            raise SlackError("not_allowed_token_type")
        if install is not None and install.uninstalled:
            raise SlackError("account_inactive")
        if install is not None and install.revoked:
            raise SlackError("token_revoked")
        return app, install

    def _check(self, record: CallRecord, spec: Spec, install: Installation) -> None:
        if spec.scopes and not install.scopes.intersection(spec.scopes):
            raise SlackError("missing_scope", needed=spec.scopes[0], provided=install.provided)
        wait = self.core.limits.method(install.app_id, install.team_id, record.method, spec.tier)
        if wait:
            raise HttpFault(429, wait)
