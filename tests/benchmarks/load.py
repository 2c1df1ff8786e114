"""A load generator that costs little: raw streams, kept connections, requests made beforehand."""

import asyncio
import random
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

HOST = "127.0.0.1"
WORKERS_OPEN = 128
"""Connections of an open-loop run; enough that an arrival never waits for a free one."""

MOMENT = 0.3


@dataclass(slots=True)
class Outcome:
    """How one run of requests ended."""

    seconds: float = 0.0
    acked: int = 0
    refused: int = 0
    latencies: list[float] = field(default_factory=list)
    """Seconds from when a request was due until its answer was read, one per request."""

    def add(self, other: "Outcome") -> None:
        """Count `other` in."""
        self.seconds += other.seconds
        self.acked += other.acked
        self.refused += other.refused
        self.latencies += other.latencies

    def quantile(self, share: float) -> float:
        """Return the latency (s) that `share` of the requests stayed within."""
        if len(self.latencies) < 2:
            return sum(self.latencies)
        return statistics.quantiles(self.latencies, n=1000, method="inclusive")[
            min(int(share * 1000), 999) - 1
        ]


async def closed_loop(port: int, requests: Sequence[bytes], connections: int) -> Outcome:
    """Send `requests` over `connections`, each sending its next when it got its answer."""
    outcome, source, started = Outcome(), iter(requests), time.perf_counter()
    await _together(connections, lambda: _send_all(port, source, outcome))
    outcome.seconds = time.perf_counter() - started
    return outcome


async def open_loop(port: int, requests: Sequence[bytes], rate: float) -> Outcome:
    """Send `requests` at random moments, `rate` a second, whether or not answers have come.

    A latency counts from the moment the request was due, so that a stall is not hidden.
    """
    outcome, loop = Outcome(), asyncio.get_running_loop()
    moments = _arrivals(rate, len(requests), loop.time() + 0.1)
    source = iter(zip(moments, requests, strict=True))
    started = loop.time()
    await _together(WORKERS_OPEN, lambda: _send_when_due(port, source, outcome))
    outcome.seconds = loop.time() - started
    return outcome


def _arrivals(rate: float, count: int, start: float) -> list[float]:
    chance, moment, moments = random.Random(7), start, []
    for _ in range(count):
        moments.append(moment)
        moment += chance.expovariate(rate)
    return moments


async def _together(count: int, worker: Callable[[], "asyncio._CoroutineLike[None]"]) -> None:
    async with asyncio.TaskGroup() as group:
        for _ in range(count):
            group.create_task(worker())


async def _send_all(port: int, source: Iterator[bytes], outcome: Outcome) -> None:
    reader, writer = await asyncio.open_connection(HOST, port)
    for request in source:
        due = time.perf_counter()
        await _exchange(reader, writer, request, outcome)
        outcome.latencies.append(time.perf_counter() - due)
    writer.close()


async def _send_when_due(
    port: int, source: Iterator[tuple[float, bytes]], outcome: Outcome
) -> None:
    loop = asyncio.get_running_loop()
    reader, writer = await asyncio.open_connection(HOST, port)
    for due, request in source:
        if due > loop.time():
            await asyncio.sleep(due - loop.time())
        await _exchange(reader, writer, request, outcome)
        outcome.latencies.append(loop.time() - due)
    writer.close()


async def _exchange(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes, outcome: Outcome
) -> None:
    writer.write(request)
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    _, _, rest = head.partition(b"content-length:")
    length = int(rest.partition(b"\r\n")[0] or 0)
    if length:
        await reader.readexactly(length)
    if head.startswith(b"http/1.1 200"):
        outcome.acked += 1
    else:
        outcome.refused += 1


class Sink:
    """Answers every request with `ok`: stands for Slack's Web API and for response_urls."""

    REPLY = b'{"ok":true,"team_id":"T0BENCH","user_id":"U0APP","bot_id":"B0APP","team":"Bench"}'

    def __init__(self) -> None:
        self.received = 0
        self.port = 0
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> "Sink":
        self._server = await asyncio.start_server(self._serve, HOST, 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._server:
            self._server.close()

    async def quiet(self) -> None:
        """Wait until nothing has come in for a moment."""
        before = -1
        while before != self.received:
            before = self.received
            await asyncio.sleep(MOMENT)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
        answer = head + b"content-length: %d\r\n\r\n%s" % (len(self.REPLY), self.REPLY)
        try:
            while True:
                asked = (await reader.readuntil(b"\r\n\r\n")).lower()
                _, _, rest = asked.partition(b"content-length:")
                await reader.readexactly(int(rest.partition(b"\r\n")[0] or 0))
                self.received += 1
                writer.write(answer)
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            writer.close()
