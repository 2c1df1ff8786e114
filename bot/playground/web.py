"""The page: a messenger in the browser, its files, its data and what happens live."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, web

from . import seen
from .control import guarded
from .methods.files import file_json
from .model import Change, Json, Message, StoredFile, View

if TYPE_CHECKING:
    from .drivers import UserDriver
    from .server import Playground

PAGE = Path(__file__).parent / "page"
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}
TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}
VIEW_CHANGES = ("view_opened", "view_updated", "view_closed", "view_errors")
PLACE_CHANGES = ("member_joined", "member_left", "user_added", "user_changed", "channel_archived")


class Page:
    """Serves the page and what it shows; what people do goes through the control API."""

    def __init__(self, playground: Playground) -> None:
        self._playground = playground
        self._world = playground.world
        self._marks: dict[tuple[str, str], dict[str, str]] = {}

    def add_routes(self, router: web.UrlDispatcher) -> None:
        """Hang the page into a server."""
        router.add_get("/", self.index)
        router.add_get("/archives/{channel}/p{stamp}", self.permalink)
        router.add_get("/page/{path:.+}", self.file)
        router.add_get("/_page/people", guarded(self.people))
        router.add_get("/_page/{team}/files/{id}", self.stored_file)
        router.add_get("/_page/{team}/{user}", guarded(self.snapshot))
        router.add_get("/_page/{team}/{user}/messages/{channel}", guarded(self.messages))
        router.add_post("/_page/{team}/{user}/read", guarded(self.read))
        router.add_post("/_page/{team}/{user}/upload/{name}", self.upload)
        router.add_get("/_page/{team}/{user}/live", self.live)

    # -- files -----------------------------------------------------------------------------

    async def index(self, request: web.Request) -> web.StreamResponse:
        """The page itself."""
        return _page_file(PAGE / "index.html")

    async def file(self, request: web.Request) -> web.StreamResponse:
        """One of the page's own files."""
        path = (PAGE / request.match_info["path"]).resolve()
        if not path.is_relative_to(PAGE) or path.suffix not in TYPES or not path.is_file():
            return web.Response(status=404, text="not found")
        return _page_file(path)

    async def permalink(self, request: web.Request) -> web.StreamResponse:
        """A link to a message leads to the page at that message."""
        stamp = request.match_info["stamp"]
        place = request.match_info["channel"]
        raise web.HTTPFound(f"/?in={place}&ts={stamp[:-6]}.{stamp[-6:]}")

    async def stored_file(self, request: web.Request) -> web.StreamResponse:
        """An uploaded file by its id, as ``slack_file`` names it."""
        stored = self._world.files.get(request.match_info["id"])
        if stored is None or stored.team_id != request.match_info["team"]:
            return web.Response(status=404, text="not found")
        raise web.HTTPFound(f"/files/{stored.id}/{stored.secret}")

    # -- data ------------------------------------------------------------------------------

    def _eyes(self, request: web.Request) -> UserDriver:
        workspace = self._playground.workspace(request.match_info["team"])
        return workspace.user(request.match_info["user"])

    def _marks_of(self, eyes: UserDriver) -> dict[str, str]:
        return self._marks.setdefault((eyes.team.id, eyes.id), {})

    async def people(self, request: web.Request, body: Json) -> Json:
        """Whom one can be: everybody in every workspace."""
        return {
            "teams": [
                {
                    "id": team.id,
                    "name": team.name,
                    "people": [seen.person(user, team) for user in team.users.values()],
                }
                for team in self._world.teams.values()
            ]
        }

    async def snapshot(self, request: web.Request, body: Json) -> Json:
        """What one person sees, without the messages."""
        eyes = self._eyes(request)
        return seen.snapshot(self._world, eyes, self._marks_of(eyes))

    async def messages(self, request: web.Request, body: Json) -> Json:
        """Some messages of a conversation."""
        channel = request.match_info["channel"]
        return seen.messages(self._eyes(request), channel, dict(request.query))

    async def read(self, request: web.Request, body: Json) -> Json:
        """This person read a conversation up to ``ts``."""
        eyes, channel = self._eyes(request), body["channel"]
        marks = self._marks_of(eyes)
        marks[channel] = max(marks.get(channel, ""), body["ts"])
        count = seen.unread(eyes.team.channels[channel], eyes, marks[channel])
        change = {"user": eyes.id, "channel": channel, "unread": count}
        self._world.changed("read", eyes.team.id, change)
        return {"unread": count}

    async def upload(self, request: web.Request) -> web.StreamResponse:
        """A person's file for a ``file_input``."""
        eyes, content = self._eyes(request), await request.read()
        name = request.match_info["name"]
        world = self._world
        stored = StoredFile(
            world.new_id("F"), eyes.team.id, "", eyes.id, name, len(content), world.epoch(),
            title=name, content=content, complete=True, secret=world.new_secret(5),
        )  # fmt: skip
        world.files[stored.id] = stored
        return web.json_response({"ok": True, "file": file_json(self._playground.core, stored)})

    # -- live ------------------------------------------------------------------------------

    async def live(self, request: web.Request) -> web.StreamResponse:
        """What changes for one person, over a WebSocket.

        Not server-sent events: a browser opens six of those to one host, and every window
        needs one.
        """
        eyes = self._eyes(request)
        socket = web.WebSocketResponse(heartbeat=30)
        await socket.prepare(request)
        queue: asyncio.Queue[Change] = asyncio.Queue()
        stop = self._world.subscribe(queue.put_nowait)
        sending = asyncio.create_task(self._send_changes(socket, eyes, queue))
        try:
            async for received in socket:
                if received.type is WSMsgType.ERROR:
                    break
        finally:
            stop()
            sending.cancel()
        return socket

    async def _send_changes(
        self, socket: web.WebSocketResponse, eyes: UserDriver, queue: asyncio.Queue[Change]
    ) -> None:
        while not socket.closed:
            changes = [await queue.get()]
            while not queue.empty():
                changes.append(queue.get_nowait())
            news = self._news(eyes, changes)
            if news:
                body = {"now": self._world.now().timestamp(), "news": news}
                await socket.send_str(json.dumps(body))

    def _news(self, eyes: UserDriver, changes: list[Change]) -> list[Json]:
        """What of the changes concerns this person; the same thing twice is said once."""
        told: dict[str, Json] = {}
        for change in changes:
            if change.team_id != eyes.team.id:
                continue
            key, news = self._one_news(eyes, change)
            if news is not None:
                told.pop(key, None)
                told[key] = news
        return list(told.values())

    def _one_news(self, eyes: UserDriver, change: Change) -> tuple[str, Json | None]:
        subject = change.subject
        if isinstance(subject, Message) and change.kind != "input":
            return f"message {subject.channel} {subject.ts}", self._message_news(eyes, subject)
        if isinstance(subject, View):
            if subject.user != eyes.id:
                return "", None
            return self._view_news(eyes, change.kind, subject)
        if change.kind in PLACE_CHANGES:
            return "place", {"kind": "place"}
        if isinstance(subject, dict) and subject.get("user") == eyes.id:
            key = f"{change.kind} {subject.get('channel', change.seq)}"
            return key, {**subject, "kind": change.kind}
        return "", None

    def _message_news(self, eyes: UserDriver, message: Message) -> Json | None:
        channel = eyes.team.channels[message.channel]
        if message.ephemeral_to not in (None, eyes.id):
            return None
        if channel.kind != "public" and eyes.id not in channel.members:
            return None
        place = {"channel": channel.id, "ts": message.ts}
        count = seen.unread(channel, eyes, self._marks_of(eyes).get(channel.id, ""))
        if message.deleted:
            return {"kind": "gone", **place, "unread": count}
        thread = message.thread_ts or message.ts
        replies = sum(one.thread_ts == thread for one in channel.messages.values())
        found = seen.message(message, eyes, replies if thread == message.ts else 0)
        return {"kind": "message", **place, "message": found, "unread": count}

    def _view_news(self, eyes: UserDriver, kind: str, view: View) -> tuple[str, Json | None]:
        if view.kind == "home":
            found = seen.home(eyes.team, view.app_id, eyes.id)
            if kind in ("home_published", "view_updated"):
                return f"home {view.app_id}", {"kind": "home", "app_id": view.app_id, "view": found}
            return "", None
        if kind in VIEW_CHANGES:
            return "stack", {"kind": "stack", "stack": seen.stack(eyes)}
        return "", None


def _page_file(path: Path) -> web.Response:
    body = path.read_bytes()
    return web.Response(
        body=body, content_type=TYPES[path.suffix], charset="utf-8", headers=HEADERS
    )


def mounted(mounts: dict[str, Any]) -> Any:
    """A handler that passes requests on to whatever was mounted in front of their path."""

    async def handle(request: web.Request) -> web.StreamResponse:
        for prefix, handler in mounts.items():
            if request.path.startswith(f"{prefix}/"):
                try:
                    body = await request.json() if request.can_read_body else dict(request.query)
                except ValueError:
                    return web.json_response({"error": "the body is not JSON"}, status=400)
                status, answer = await handler(request.path[len(prefix) :], request.method, body)
                return web.json_response(answer, status=status)
        return web.Response(status=404, text="not found")

    return handle
