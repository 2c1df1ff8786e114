"""Reading a calendar in a process of its own: files come from strangers and may take for ever.

Standard input: a line of JSON that says for whom and when, then the file. Standard output: JSON.
"""

import asyncio
import json
import os
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog

from bot.domain.busy import Problem, Reading
from bot.feeds.problems import Unread

log = structlog.get_logger()

PROGRAM = (sys.executable, "-m", "bot.feeds.apart")
HOME = Path(__file__).parents[2]
SECONDS = 60.0
"""That a file may take by the clock; the machine may have much else to do."""

CPU_SECONDS = 20
"""That it may take of CPU time."""

MEMORY = 1024**3
"""Bytes."""


async def read(
    content: bytes, tz: str, start: datetime, end: datetime, seconds: float = SECONDS
) -> Reading:
    """Return when the calendar's owner, who is in `tz`, is busy between two moments.

    Raises:
        Unread: with what is wrong with it.
    """
    asked = {"tz": tz, "start": start.isoformat(), "end": end.isoformat()}
    pipe = asyncio.subprocess.PIPE
    try:
        program = await asyncio.create_subprocess_exec(
            *PROGRAM, cwd=HOME, stdin=pipe, stdout=pipe, stderr=asyncio.subprocess.DEVNULL
        )
    except OSError as error:
        log.error("calendar_reader_not_started", reason=type(error).__name__)
        raise Unread(Problem.TOO_MUCH) from None
    try:
        async with asyncio.timeout(seconds):
            written, _ = await program.communicate(json.dumps(asked).encode() + b"\n" + content)
    except TimeoutError:
        raise Unread(Problem.TOO_MUCH) from None
    finally:
        if program.returncode is None:
            program.kill()
            await program.wait()
    if program.returncode:  # it was stopped, or met what nobody thought of
        raise Unread(Problem.TOO_MUCH if program.returncode < 0 else Problem.BROKEN)
    return _reading(json.loads(written))


def _reading(answer: dict[str, Any]) -> Reading:
    if "problem" in answer:
        raise Unread(Problem(answer["problem"]))
    busy = [(datetime.fromisoformat(a), datetime.fromisoformat(b)) for a, b in answer["busy"]]
    return Reading(tuple(busy), answer["unread"])


def answer(given: bytes) -> dict[str, Any]:
    """Return what is answered to what stands on standard input."""
    from bot.feeds.reading import busy_times

    head, _, content = given.partition(b"\n")
    asked = json.loads(head)
    start, end = (datetime.fromisoformat(asked[name]) for name in ("start", "end"))
    try:
        found = busy_times(content, asked["tz"], start, end)
    except Unread as error:
        return {"problem": error.problem.value}
    except MemoryError:
        return {"problem": Problem.TOO_MUCH.value}
    busy = [[begun.isoformat(), over.isoformat()] for begun, over in found.busy]
    return {"busy": busy, "unread": found.unread}


def main() -> None:
    """Read what stands on standard input, and stand back for whoever answers people."""
    if hasattr(os, "nice"):
        os.nice(10)
    _limit()
    json.dump(answer(sys.stdin.buffer.read()), sys.stdout)


def _limit() -> None:
    try:
        import resource
    except ImportError:  # not on Windows, where the clock alone limits it
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))


if __name__ == "__main__":
    main()
