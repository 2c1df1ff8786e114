"""The local Slack: one object that holds it all, and its HTTP server."""

from __future__ import annotations

import ipaddress
from collections.abc import Awaitable, Callable
from datetime import datetime

from aiohttp import web

from . import methods
from .api import WebApi
from .clocks import TRIGGER_LIFE, Timing, real_monotonic, real_now, real_wall
from .control import Control
from .core import Core
from .delivery import Delivery, Dispatcher
from .faults import Faults
from .limits import RateLimits
from .log import CallLog
from .model import App, Installation, Json, Message, SlackUser, Team, View
from .readable import Reader
from .respond import Responder
from .signed import HttpTransport
from .socketmode import SocketTransport
from .web import Page, mounted
from .webfiles import FileServer
from .workspace import Workspace
from .world import World

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Mount = Callable[[str, str, Json], Awaitable[tuple[int, Json | list[Json]]]]
"""Serves one request: the path behind the mount, the HTTP method, the JSON body; status, answer."""
MAX_BODY = 64 * 1024 * 1024
__all__ = ["Playground", "methods"]


class Playground:
    """A Slack on this machine. Listens on loopback only."""

    def __init__(
        self,
        now: Callable[[], datetime] = real_now,
        *,
        rate_limits: bool = False,
        monotonic: Callable[[], float] = real_monotonic,
        wall: Callable[[], float] = real_wall,
        ack_timeout: float = 3.0,
        trigger_life: float = TRIGGER_LIFE,
        ping_interval: float = 10.0,
        file_delay: float = 0.0,
        mounts: dict[str, Mount] | None = None,
    ) -> None:
        timing = Timing(now, monotonic, wall, ack_timeout, trigger_life)
        timing.ping_interval, timing.file_delay = ping_interval, file_delay
        self.core = Core(timing, World(now), RateLimits(monotonic, rate_limits))
        self.sockets = SocketTransport(self.core)
        self.http = HttpTransport(self.core)
        self.dispatcher = Dispatcher(self.core, self.sockets, self.http)
        self._workspaces: dict[str, Workspace] = {}
        self.mounts: dict[str, Mount] = dict(mounts or {})
        self._runner: web.AppRunner | None = None

    # -- parts -----------------------------------------------------------------------------

    @property
    def world(self) -> World:
        """All state, with ``subscribe`` and ``changes`` to follow it live."""
        return self.core.world

    @property
    def log(self) -> CallLog:
        """Every API call."""
        return self.core.log

    @property
    def faults(self) -> Faults:
        """What shall go wrong."""
        return self.core.faults

    @property
    def limits(self) -> RateLimits:
        """The rate limits (``limits.enabled`` switches them)."""
        return self.core.limits

    @property
    def deliveries(self) -> list[Delivery]:
        """Everything that was sent to apps."""
        return self.dispatcher.deliveries

    @property
    def url(self) -> str:
        """The server's address, without a slash at the end."""
        return self.core.url

    @property
    def api_url(self) -> str:
        """The base of the Web API, with a slash at the end."""
        return f"{self.core.url}/api/"

    @property
    def running(self) -> bool:
        """Whether the server listens."""
        return self._runner is not None

    # -- life ------------------------------------------------------------------------------

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listen on a loopback address; any other host is refused."""
        if not _is_loopback(host):
            raise ValueError(f"the local Slack listens on loopback only, not on {host!r}")
        application = web.Application(
            middlewares=[_local_only], client_max_size=MAX_BODY, handler_args=None
        )
        self._routes(application)
        runner = web.AppRunner(
            application, access_log=None, shutdown_timeout=0.05, handler_cancellation=True
        )
        await runner.setup()
        site = web.TCPSite(runner, host, port)
        await site.start()
        self._runner = runner
        bound = runner.addresses[0][1]
        name = f"[{host}]" if ":" in host else host
        self.core.url = f"http://{name}:{bound}"

    def _routes(self, application: web.Application) -> None:
        files, api = FileServer(self.core), WebApi(self.core, self.sockets)
        router = application.router
        router.add_route("*", "/api/{method}", api.handle)
        router.add_get("/link/", self.sockets.handle)
        router.add_post("/response/{kind}/{team}/{token}", Responder(self.core).handle)
        router.add_post("/upload/v1/{token}", files.upload)
        router.add_get("/files/{id}/{secret}", files.serve)
        Control(self).add_routes(router)
        Page(self).add_routes(router)
        router.add_route("*", "/{path:.*}", mounted(self.mounts))

    async def stop(self) -> None:
        """Close every connection and stop listening."""
        await self.dispatcher.stop()
        await self.sockets.stop()
        await self.http.stop()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def __aenter__(self) -> Playground:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    # -- workspaces ------------------------------------------------------------------------

    def add_workspace(
        self, name: str = "Demo", team_id: str = "T0DEMO1", enterprise_id: str | None = None
    ) -> Workspace:
        """Add a workspace."""
        domain = name.lower().replace(" ", "-")
        team = Team(team_id, name, domain, enterprise_id)
        bot = SlackUser("USLACKBOT", team_id, "slackbot", "Slackbot", "Slackbot")
        team.users[bot.id] = bot
        self.world.teams[team_id] = team
        self._workspaces[team_id] = Workspace(self, team)
        return self._workspaces[team_id]

    def workspace(self, team_id: str) -> Workspace:
        """A workspace by id."""
        return self._workspaces[team_id]

    def subscribed(self, install: Installation, event: Json) -> bool:
        """Whether an app listens to an event."""
        if install.uninstalled:
            return False
        return install.app.events is None or event["type"] in install.app.events

    # -- waiting and reading ---------------------------------------------------------------

    async def settle(self, quiet: float = 0.02, limit: float = 30.0) -> None:
        """Wait until nothing has been in flight for a moment."""
        await self.core.activity.settle(quiet, limit)

    async def connected(self, app: App | Installation) -> None:
        """Wait until an app has a Socket Mode connection."""
        await self.sockets.connected(app.app if isinstance(app, Installation) else app)

    async def disconnect(self, app: App | Installation, reason: str = "refresh_requested") -> int:
        """Send ``disconnect`` (``warning``, ``refresh_requested``, ``link_disabled``)."""
        return await self.sockets.disconnect(
            app.app if isinstance(app, Installation) else app, reason
        )

    def drop_connections(self, app: App | Installation) -> int:
        """Cut every connection of an app without a word, as a network does."""
        return self.sockets.drop(app.app if isinstance(app, Installation) else app)

    async def redeliver(self, delivery: Delivery) -> Delivery:
        """Send the very same payload once more, as Slack sometimes does."""
        install = self.world.install_of(delivery.team_id, delivery.app_id)
        return await self.dispatcher.send(install, delivery.kind, delivery.payload)

    async def run_retries(self) -> list[Delivery]:
        """Make the waiting event retries happen now."""
        return await self.dispatcher.run_retries()

    async def verify_request_url(self, app: App | Installation) -> bool:
        """The ``url_verification`` handshake."""
        found = app.app if isinstance(app, Installation) else app
        return await self.http.verify(found, self.world.new_secret())

    def text_of(self, target: Message | View, viewer: str | None = None) -> str:
        """A message or view as plain text for one person."""
        reader = Reader(self.world.teams[target.team_id], viewer)
        return reader.view(target) if isinstance(target, View) else reader.message(target)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@web.middleware
async def _local_only(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse requests that name another host or come from one, so that no web page reaches in."""
    host = request.host.rsplit(":", 1)[0].strip("[]")
    if not _is_loopback(host):
        return web.Response(status=403, text="loopback only")
    origin = request.headers.get("Origin")
    if origin is not None and origin != f"http://{request.host}":
        return web.Response(status=403, text="only from this address")
    return await handler(request)
