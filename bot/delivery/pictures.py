"""Pictures: drawn in a process of their own, and put into messages that already stand.

No message waits for its picture, and none is sent for it: a picture joins by an edit, which may be
repeated. One that cannot be had is left out; the message says the same in words.
"""

import asyncio
import contextlib
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import structlog

from bot.delivery.pace import Pace
from bot.errors import (
    BuyinError,
    SlackFailure,
    SlackInDoubt,
    SlackMissingAbility,
    SlackRetryLater,
)
from bot.gateway import Gateway, Posted
from bot.views import drawing
from bot.views.drawing import Dot
from bot.views.kit import Message, Picture

log = structlog.get_logger()

Draw = Callable[[str, Sequence[Dot]], Awaitable[bytes]]

FILE_NAME = "trend.png"
HOME = Path(drawing.__file__).parents[2]
PROGRAM = (sys.executable, "-m", drawing.__name__)
LONGEST_DRAWING = 60.0
"""Seconds; a first start may look for fonts, which takes some."""

WAITING_AT_MOST = 200
REMEMBERED = 50
"""So many files are used again, for another owner or the next day."""

NOT_READY = "invalid_blocks"
"""What Slack calls a file that it has not looked at yet; the blocks themselves were fine before."""

LOOKS = (2.0, 2.0, 4.0, 8.0, 16.0, 32.0)
"""Seconds before each try to show a file that Slack just got."""

UPLOADS = 3
LONGEST_PAUSE = 120.0
"""Seconds; a picture that Slack wants later than that is left out."""

IN_DOUBT = 5.0
"""Seconds before a call is repeated whose answer got lost."""


class NotDrawn(BuyinError):
    """There is no picture; the text is the name of what went wrong."""


class Pictures:
    """Puts pictures into messages, one after the other, in the background.

    Args:
        gateway: where messages stand and files go.
        edits: the pace of edits, which a picture is.
        draw: makes a PNG of a title and dots.
        sleep: waits for seconds.
    """

    def __init__(
        self,
        gateway: Gateway,
        edits: Pace,
        draw: Draw | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._gateway = gateway
        self._edits = edits
        self._draw = draw or draw_apart
        self._sleep = sleep
        self._one = asyncio.Lock()
        """One is drawn at a time: they are never urgent."""
        self._files: dict[Picture, str] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def add(self, outbox_id: int, posted: Posted, message: Message, *, patient: bool) -> None:
        """Have the message's picture, if it has one, join it where it stands.

        `patient` waits for Slack to look at a new file before it is shown first.
        """
        if message.picture is None or not self._gateway.can_upload:
            return
        if len(self._tasks) >= WAITING_AT_MOST:
            log.warning("picture_left_out", outbox=outbox_id, reason="too_many")
            return
        task = asyncio.create_task(self._show(outbox_id, posted, message, patient))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def finish(self) -> None:
        """Wait until every picture is shown or left out."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    async def stop(self, seconds: float) -> None:
        """Wait at most `seconds` for the pictures under way; leave out the rest."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.finish()
        for task in self._tasks:
            task.cancel()
        await self.finish()

    async def _show(self, outbox_id: int, posted: Posted, message: Message, patient: bool) -> None:
        try:
            assert message.picture is not None  # noqa: S101 - `add` said so
            async with self._one:
                file_id = await self._file(message.picture)
            await self._put_in(posted, message, file_id, patient)
        except BuyinError as error:
            log.warning("picture_left_out", outbox=outbox_id, reason=_reason(error))
        except Exception as error:
            log.error("picture_broke", outbox=outbox_id, exc_info=error)
        else:
            log.info("picture_shown", outbox=outbox_id)

    async def _file(self, picture: Picture) -> str:
        """Return the file with the picture, drawn and uploaded unless Slack has it already."""
        known = self._files.get(picture)
        if known:
            return known
        if not self._gateway.can_upload:
            raise NotDrawn("missing_ability")
        png = await self._draw(picture.title, picture.dots)
        self._files[picture] = file_id = await self._uploaded(png, picture.alternative)
        if len(self._files) > REMEMBERED:
            del self._files[next(iter(self._files))]
        return file_id

    async def _uploaded(self, png: bytes, alternative: str) -> str:
        for left in reversed(range(UPLOADS)):
            try:
                return await self._gateway.upload(FILE_NAME, png, alternative)
            except (SlackRetryLater, SlackInDoubt) as error:
                pause = _pause(error)
                if not left or pause > LONGEST_PAUSE:
                    raise
            await self._sleep(pause)
        raise NotDrawn("not_uploaded")

    async def _put_in(self, posted: Posted, message: Message, file_id: str, patient: bool) -> None:
        shown = message.with_picture(file_id)
        looks = LOOKS if patient else (0.0, *LOOKS)
        for look in looks:
            await self._sleep(look + self._edits.reserve(posted.channel))
            try:
                await self._gateway.update(posted.channel, posted.ts, shown.text, shown.blocks)
                return
            except SlackFailure as error:
                if error.code != NOT_READY:
                    raise
            except (SlackRetryLater, SlackInDoubt) as error:
                if _pause(error) > LONGEST_PAUSE:
                    raise
                self._edits.pause(_pause(error))
        self._forget(file_id)
        raise NotDrawn("not_ready")

    def _forget(self, file_id: str) -> None:
        self._files = {one: known for one, known in self._files.items() if known != file_id}


async def draw_apart(title: str, dots: Sequence[Dot]) -> bytes:
    """Return a PNG that a process of its own drew, so that nobody here waits for it.

    Raises:
        NotDrawn: if that did not work.
    """
    pipe = asyncio.subprocess.PIPE
    try:
        program = await asyncio.create_subprocess_exec(
            *PROGRAM, cwd=HOME, stdin=pipe, stdout=pipe, stderr=pipe
        )
    except OSError as error:
        raise NotDrawn(type(error).__name__) from error
    try:
        async with asyncio.timeout(LONGEST_DRAWING):
            png, complaint = await program.communicate(drawing.written(title, dots))
    except TimeoutError:
        raise NotDrawn("took_too_long") from None
    finally:
        if program.returncode is None:
            program.kill()
            await program.wait()
    if program.returncode:
        raise NotDrawn(_name_of(complaint) or f"exit_{program.returncode}")
    return png


def _name_of(complaint: bytes) -> str:
    """Return the name of the exception that a traceback ends with."""
    lines = complaint.decode(errors="replace").strip().splitlines()
    return lines[-1].partition(":")[0][:40] if lines else ""


def _pause(error: SlackRetryLater | SlackInDoubt) -> float:
    return error.seconds if isinstance(error, SlackRetryLater) else IN_DOUBT


def _reason(error: BuyinError) -> str:
    if isinstance(error, SlackMissingAbility):
        return "missing_ability"
    if isinstance(error, SlackFailure):
        return error.code
    return str(error) if isinstance(error, NotDrawn) else type(error).__name__
