"""Processes under measurement, and what they cost."""

import asyncio
import os
import sys
from pathlib import Path
from typing import IO

import psutil

ROOT = Path(__file__).parents[2]
READY = "ready"
PATIENCE = 30.0


class Child:
    """A Python process of its own that says `ready PORT` once it serves."""

    def __init__(self, process: asyncio.subprocess.Process, port: int, errors: IO[bytes]) -> None:
        self.port = port
        self._process = process
        self._errors = errors
        self._watched = psutil.Process(process.pid)

    @classmethod
    async def start(cls, module: str, *arguments: str, log: Path, **settings: str) -> "Child":
        """Run `python -m module arguments` and wait until it serves.

        What it writes to stderr goes to the file `log`; `settings` are environment variables.
        """
        errors = log.open("wb")
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", module, *arguments),
            cwd=ROOT,
            env={**os.environ, **settings},
            stdout=asyncio.subprocess.PIPE,
            stderr=errors,
        )
        assert process.stdout is not None
        line = (await asyncio.wait_for(process.stdout.readline(), PATIENCE)).decode().split()
        if not line or line[0] != READY:
            raise RuntimeError(f"{module} did not start; see {log}:\n{_tail(log)}")
        return cls(process, int(line[1]), errors)

    def cpu(self) -> float:
        """Return the seconds of CPU it used so far, user and system, all threads."""
        times = self._watched.cpu_times()
        return times.user + times.system

    def memory(self) -> float:
        """Return its resident memory in MB."""
        return self._watched.memory_info().rss / 1e6

    async def stop(self) -> int:
        """Ask it to end and return its exit code."""
        if self._process.returncode is None:
            self._process.terminate()
        code = await asyncio.wait_for(self._process.wait(), PATIENCE)
        self._errors.close()
        return code


class Tree:
    """A process and everything it started, as a PostgreSQL server is."""

    def __init__(self, pid: int) -> None:
        self._root = psutil.Process(pid)

    def cpu(self) -> float:
        """Return the seconds of CPU used so far by those that live, and by those that ended."""
        total = 0.0
        for process in [self._root, *self._root.children(recursive=True)]:
            try:
                times = process.cpu_times()
            except psutil.NoSuchProcess:
                continue
            total += times.user + times.system
        ended = self._root.cpu_times()
        return total + ended.children_user + ended.children_system


def _tail(log: Path) -> str:
    return log.read_text()[-2000:]
