"""The processes under measurement: `python -m … baseline|app|app-without-redraw`.

Settings come from the environment, as always. Says `ready PORT` when it serves.
"""

import asyncio
import gc
import os
import re
import signal
import sys
from collections.abc import Coroutine
from typing import Any

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot import config, logs
from bot.app import EVENTS_PATH, build
from handlers.context import Tasks
from tests.benchmarks.processes import READY

ANYTHING = re.compile(".*", re.DOTALL)


async def baseline() -> None:
    """Serve what the tap is compared with: Bolt and one listener that only acks."""
    settings = config.read(os.environ, "http")
    bolt = AsyncApp(
        client=AsyncWebClient(settings.bot_token, base_url=settings.api_url),
        signing_secret=settings.signing_secret,
        process_before_response=True,
    )

    @bolt.action(ANYTHING)
    async def ack_only(ack: AsyncAck) -> None:
        await ack()

    async def events(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await bolt.async_dispatch(await to_bolt_request(request)))

    application = web.Application()
    application.router.add_post(EVENTS_PATH, events)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, settings.host, settings.port).start()
    await _serve_on(runner.addresses[0][1])
    await runner.cleanup()


class NothingAfter(Tasks):
    """Leaves out the redraw, so that the tap alone can be measured."""

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Forget `work`."""
        work.close()


async def app(*, redraws: bool) -> None:
    """Serve the whole app."""
    settings = config.read(os.environ, "http")
    logs.set_up(settings.log_level)
    application = await build(settings)
    if not redraws:
        application.context.tasks = NothingAfter()
    await application.start()
    gc.freeze()  # as the app does that runs by itself
    await _serve_on(application.port)
    await application.stop()


async def _serve_on(port: int | None) -> None:
    stopping = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
    print(READY, port, flush=True)
    await stopping.wait()


def main() -> None:
    """Serve what the command line names."""
    what = sys.argv[1]
    asyncio.run(baseline() if what == "baseline" else app(redraws=what == "app"))


if __name__ == "__main__":
    main()
