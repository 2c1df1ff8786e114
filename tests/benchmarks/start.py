"""From the command to ready, idle memory, and what importing costs."""

import asyncio
import os
import socket
import statistics
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import aiohttp
import psutil

from bot.playground import Installation, Playground
from tests.benchmarks.clicks import SECRET
from tests.benchmarks.postgres import Postgres
from tests.benchmarks.processes import PATIENCE, ROOT
from tests.benchmarks.table import Line, show

SETTLED = 2.0
"""Seconds after ready at which the idle memory is read: the first tick and look are over."""

SCOPES = ("chat:write", "commands", "users:read", "channels:read")

Ready = Callable[[], Awaitable[None]]


async def run(server: Postgres, place: Path, *, quick: bool) -> None:
    """Measure with SQLite, in both modes, and print the table."""
    times = 2 if quick else 5
    database = {"DATABASE_URL": f"sqlite:///{place / 'start.db'}"}
    await _python("-m", "bot", "migrate", **database)
    http = [await _over_http(database) for _ in range(times)]
    sockets = [await _over_a_socket(database) for _ in range(times)]
    imports = [await _import_seconds() for _ in range(times)]
    show("Start", [*_lines("http", http), *_lines("socket", sockets), _import_line(imports)])


async def _over_http(database: dict[str, str]) -> tuple[float, float]:
    port = _free_port()

    async def ready() -> None:
        async with aiohttp.ClientSession() as session:
            while not await _answers(session, f"http://127.0.0.1:{port}/readyz"):  # noqa: ASYNC110
                await asyncio.sleep(0.01)

    async with Playground() as slack:
        url = f"http://127.0.0.1:{port}/slack/events"
        app = slack.add_workspace().install_app(
            bot_scopes=SCOPES, mode="http", request_url=url, signing_secret=SECRET
        )
        return await _started(slack, app, ready, PORT=str(port), **database)


async def _over_a_socket(database: dict[str, str]) -> tuple[float, float]:
    async with Playground() as slack:
        app = slack.add_workspace().install_app(bot_scopes=SCOPES, mode="socket")
        return await _started(
            slack, app, lambda: slack.connected(app), PORT=str(_free_port()), **database
        )


async def _started(
    slack: Playground, app: Installation, ready: Ready, **settings: str
) -> tuple[float, float]:
    """Return the seconds until `ready`, and the idle memory in MB."""
    settings |= {
        "SLACK_BOT_TOKEN": app.bot_token,
        "SLACK_APP_TOKEN": app.app_token,
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_URL": slack.api_url,
        "LOG_LEVEL": "WARNING",
    }
    started = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "run", "--mode", app.app.mode),
        cwd=ROOT,
        env={**os.environ, **settings},
    )
    await asyncio.wait_for(ready(), PATIENCE)
    seconds = time.perf_counter() - started
    await asyncio.sleep(SETTLED)
    memory = psutil.Process(process.pid).memory_info().rss / 1e6
    process.terminate()
    await asyncio.wait_for(process.wait(), PATIENCE)
    return seconds, memory


async def _answers(session: aiohttp.ClientSession, url: str) -> bool:
    try:
        async with session.get(url) as reply:
            return reply.status == 200
    except aiohttp.ClientError:
        return False


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


async def _import_seconds() -> float:
    """Return how much longer Python takes when it imports `bot.app` than when it does nothing."""
    alone = await _python("-c", "pass")
    return await _python("-c", "import bot.app") - alone


async def _python(*arguments: str, **settings: str) -> float:
    """Run Python to its end; return the seconds that took."""
    started = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *arguments,
        cwd=ROOT,
        stdout=asyncio.subprocess.DEVNULL,
        env={**os.environ, **settings},
    )
    if await process.wait():
        raise RuntimeError(f"python {' '.join(arguments)} failed; see above")
    return time.perf_counter() - started


def _lines(mode: str, results: list[tuple[float, float]]) -> list[Line]:
    until = "until /readyz answers 200" if mode == "http" else "until the socket is connected"
    seconds = statistics.median(seconds for seconds, _ in results)
    memory = statistics.median(memory for _, memory in results)
    how = f"python -m bot run --mode {mode} {until}, SQLite; median of {len(results)}"
    idle = f"resident, {SETTLED:.0f} s after ready; median of {len(results)}"
    return [
        Line(f"{mode}: start to ready", f"{seconds:.2f} s", "< 2 s", how),
        Line(f"{mode}: idle memory", f"{memory:.0f} MB", "< 120 MB", idle),
    ]


def _import_line(seconds: list[float]) -> Line:
    how = f"wall time of `import bot.app` less that of an empty Python; median of {len(seconds)}"
    return Line("import bot.app", f"{statistics.median(seconds):.2f} s", "", how)
