"""Socket Mode: one-time tickets, ``hello``, envelopes, acks, pings and disconnects."""

from __future__ import annotations

import asyncio
import contextlib
import json
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from .core import Core
from .delivery import Answer, Delivery
from .model import App, Json

MOST_CONNECTIONS = 10


@dataclass(eq=False)
class Connection:
    """One WebSocket of an app, with the envelopes that wait for an ack."""

    number: int
    app: App
    socket: web.WebSocketResponse
    transport: asyncio.Transport | None
    waiting: dict[str, asyncio.Future[Answer]] = field(default_factory=dict)
    unanswered_pings: int = 0
    received: list[Json] = field(default_factory=list)

    async def send(self, body: Json) -> None:
        """Send one JSON message."""
        await self.socket.send_str(json.dumps(body))

    def acked(self, body: Json) -> None:
        """An ack came in."""
        self.received.append(body)
        waiting = self.waiting.pop(str(body.get("envelope_id")), None)
        if waiting is not None and not waiting.done():
            waiting.set_result(Answer(200, body.get("payload")))

    def lost(self) -> None:
        """The connection is gone: nobody will ack any more."""
        for waiting in self.waiting.values():
            if not waiting.done():
                waiting.set_result(Answer(error="connection_lost"))
        self.waiting.clear()


class SocketTransport:
    """All Socket Mode connections, shared round robin."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._tickets: dict[str, App] = {}
        self._connections: dict[str, list[Connection]] = {}
        self._turn: dict[str, int] = {}
        self._numbers = 0
        self._arrived: dict[str, asyncio.Event] = {}

    # -- connecting ------------------------------------------------------------------------

    def ticket_url(self, app: App, debug: bool = False) -> str:
        """A WebSocket address that works once."""
        ticket = self._core.world.new_secret()
        self._tickets[ticket] = app
        base = self._core.url.replace("http", "ws", 1)
        more = "&debug_reconnects=true" if debug else ""
        return f"{base}/link/?ticket={ticket}&app_id={app.id}{more}"

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Serve one WebSocket from ``hello`` to the end."""
        app = self._tickets.pop(request.query.get("ticket", ""), None)
        if app is None:
            return web.json_response({"ok": False, "error": "invalid_ticket"}, status=401)
        socket = web.WebSocketResponse(timeout=1.0, autoping=False, max_msg_size=0)
        await socket.prepare(request)
        if len(self.connections(app)) >= MOST_CONNECTIONS:
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return socket
        self._numbers += 1
        connection = Connection(self._numbers, app, socket, request.transport)
        self._connections.setdefault(app.id, []).append(connection)
        await self._serve(connection)
        return socket

    async def _serve(self, connection: Connection) -> None:
        pings = asyncio.create_task(self._ping(connection))
        try:
            await connection.send(self._hello(connection))
            self._event(connection.app).set()
            await self._read(connection)
        finally:
            pings.cancel()
            self._drop(connection)

    def _hello(self, connection: Connection) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self.connections(connection.app)),
            "debug_info": {
                "host": f"applink-{connection.number}",
                "build_number": 1,
                "approximate_connection_time": 18_060,
            },
            "connection_info": {"app_id": connection.app.id},
        }

    async def _read(self, connection: Connection) -> None:
        async for message in connection.socket:
            if message.type == WSMsgType.PING:
                await connection.socket.pong(message.data)
            elif message.type == WSMsgType.PONG:
                connection.unanswered_pings = 0
            elif message.type == WSMsgType.TEXT:
                with contextlib.suppress(ValueError):
                    connection.acked(json.loads(message.data))

    async def _ping(self, connection: Connection) -> None:
        while True:
            await asyncio.sleep(self._core.timing.ping_interval)
            if connection.unanswered_pings >= 4:
                await connection.socket.close()
                return
            connection.unanswered_pings += 1
            with contextlib.suppress(ConnectionError):
                await connection.socket.ping(f"Ping from applink-{connection.number}".encode())

    def _drop(self, connection: Connection) -> None:
        here = self._connections.get(connection.app.id, [])
        if connection in here:
            here.remove(connection)
        if not here:
            self._event(connection.app).clear()
        connection.lost()

    def _event(self, app: App) -> asyncio.Event:
        return self._arrived.setdefault(app.id, asyncio.Event())

    def connections(self, app: App) -> list[Connection]:
        """The open connections of an app."""
        return list(self._connections.get(app.id, ()))

    async def connected(self, app: App) -> None:
        """Wait until an app has at least one connection."""
        await self._event(app).wait()

    # -- delivering ------------------------------------------------------------------------

    async def send(self, app: App, delivery: Delivery) -> Answer:
        """Send one envelope and wait for its ack; events go on to another connection."""
        tried: set[int] = set()
        while True:
            connection = self._next(app, tried)
            if connection is None:
                return Answer(error="timeout" if tried else "no_connection")
            answer = await self._try(connection, delivery, len(tried))
            if answer.ok or delivery.kind != "events_api":
                return answer
            tried.add(connection.number)

    def _next(self, app: App, tried: set[int]) -> Connection | None:
        free = [one for one in self._connections.get(app.id, ()) if one.number not in tried]
        if not free:
            return None
        turn = self._turn.get(app.id, 0)
        self._turn[app.id] = turn + 1
        return free[turn % len(free)]

    async def _try(self, connection: Connection, delivery: Delivery, resent: int) -> Answer:
        envelope = self._envelope(delivery, resent)
        waiting: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        connection.waiting[envelope["envelope_id"]] = waiting
        try:
            await connection.send(envelope)
            return await asyncio.wait_for(waiting, self._core.timing.ack_timeout)
        except TimeoutError:
            return Answer(error="timeout")
        except ConnectionError:
            return Answer(error="connection_lost")
        finally:
            connection.waiting.pop(envelope["envelope_id"], None)

    def _envelope(self, delivery: Delivery, resent: int) -> Json:
        envelope: Json = {
            "envelope_id": self._core.world.new_secret(),
            "type": delivery.kind,
            "accepts_response_payload": delivery.kind != "events_api",
            "payload": delivery.payload,
        }
        if delivery.kind == "events_api":
            attempt = delivery.attempt + resent
            envelope["retry_attempt"] = attempt
            envelope["retry_reason"] = (delivery.reason or "timeout") if attempt else ""
        return envelope

    # -- disconnecting ---------------------------------------------------------------------

    async def disconnect(self, app: App, reason: str, close: bool = True) -> int:
        """Send ``disconnect`` to every connection; ``warning`` leaves them open."""
        connections = self.connections(app)
        for connection in connections:
            host = f"applink-{connection.number}"
            body = {"type": "disconnect", "reason": reason, "debug_info": {"host": host}}
            with contextlib.suppress(ConnectionError):
                await connection.send(body)
            if close and reason != "warning":
                await connection.socket.close()
        return len(connections)

    def drop(self, app: App) -> int:
        """Cut every connection of an app without a close frame."""
        connections = self.connections(app)
        for connection in connections:
            if connection.transport is not None:
                connection.transport.abort()
            self._drop(connection)
        return len(connections)

    async def stop(self) -> None:
        """Close every connection."""
        for connections in list(self._connections.values()):
            for connection in list(connections):
                await connection.socket.close(code=1001)
                self._drop(connection)
