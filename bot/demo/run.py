"""`buyin demo`: a made-up month in moved time, printed as people saw it; then it stays up."""

import asyncio
import signal
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from bot.demo.stage import Stage, open_stage
from bot.demo.story import Story
from bot.demo.transcript import Transcript

STARTS = datetime(2026, 3, 2, 8, 5, tzinfo=UTC)
ENDS = datetime(2026, 4, 3, 15, 0, tzinfo=UTC)

OPENING = """\
A month of one made-up initiative, on a local Slack: the real app, real Slack payloads, moved time.
Everybody in it is invented. Each message is printed in full when somebody reads it first."""


async def run(*, once: bool = False, show: Callable[[str], None] = print) -> None:
    """Play the month and print it; stay up until SIGINT or SIGTERM unless `once`."""
    with tempfile.TemporaryDirectory(prefix="buyin-demo-") as folder:
        async with open_stage(Path(folder), STARTS) as stage:
            show(OPENING)
            story = Story(stage, Transcript(show))
            await story.launch()
            await story.move_to(ENDS)
            show(_sums(stage))
            if not once:
                show(f"\nThe local Slack listens on {stage.slack.url} (Ctrl-C ends it).")
                await _asked_to_stop()


def _sums(stage: Stage) -> str:
    sent = len(stage.slack.log.of("chat.postMessage"))
    edits = len(stage.slack.log.of("chat.update"))
    return f"\n━━━ The month in numbers ━━━\n{sent} messages sent, {edits} edited in place."


async def _asked_to_stop() -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    await stop.wait()
