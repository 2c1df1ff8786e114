"""`buyin demo`: a made-up month in moved time, printed as people saw it; then it stays up."""

import asyncio
import signal
import tempfile
import webbrowser
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from bot.demo.controls import Controls
from bot.demo.stage import Stage, open_stage
from bot.demo.story import Story
from bot.demo.transcript import Transcript

STARTS = datetime(2026, 3, 2, 8, 5, tzinfo=UTC)
ENDS = datetime(2026, 4, 3, 15, 0, tzinfo=UTC)

OPENING = """\
A month of one made-up initiative, on a local Slack: the real app, real Slack payloads, moved time.
Everybody in it is invented. Each message is printed in full when somebody reads it first."""


async def run(
    *, once: bool = False, show: Callable[[str], None] = print, has_screen: bool = False
) -> None:
    """Play the month and print it; stay up until SIGINT or SIGTERM unless `once`.

    With a screen the page opens by itself.
    """
    with tempfile.TemporaryDirectory(prefix="buyin-demo-") as folder:
        async with open_stage(Path(folder), STARTS) as stage:
            show(OPENING)
            story = Story(stage, Transcript(show))
            await story.launch()
            await story.move_to(ENDS)
            show(_sums(stage))
            if not once:
                await _stay(story, show, has_screen)


async def _stay(story: Story, show: Callable[[str], None], has_screen: bool) -> None:
    """Show the page until somebody asks to stop; time stands still until it is moved there."""
    controls = Controls(story)
    slack = story.stage.slack
    slack.mounts["/_demo"] = controls.handle
    following = asyncio.create_task(controls.follow())
    show(f"\nLook at it, answer and move time in your browser: {slack.url} (Ctrl-C ends it).")
    if has_screen:
        webbrowser.open(slack.url)
    stopping = asyncio.create_task(_asked_to_stop())
    await asyncio.wait({following, stopping}, return_when=asyncio.FIRST_COMPLETED)
    if following.done():
        following.result()  # what went wrong there ends the demo with its reason
    following.cancel()


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
