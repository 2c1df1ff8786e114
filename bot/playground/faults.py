"""Faults to order: what goes wrong on the way to or from the local Slack."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Literal

FaultKind = Literal["http", "error", "slow", "malformed", "cut_before", "cut_after"]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that will go wrong with one call of a method.

    ``http``: HTTP ``status``, with ``retry_after`` as header · ``error``: ``ok: false`` with
    ``code`` · ``slow``: the answer comes ``seconds`` later, the work is done at once ·
    ``malformed``: the work is done, the body is no JSON · ``cut_before``: connection closed,
    nothing done · ``cut_after``: the work is done, connection closed without an answer.
    """

    kind: FaultKind
    status: int = 500
    retry_after: int | None = None
    code: str = "internal_error"
    seconds: float = 0.0

    @property
    def works(self) -> bool:
        """Whether the method does its work in spite of this fault."""
        return self.kind in ("slow", "malformed", "cut_after")


class Faults:
    """A queue of faults per method; ``*`` stands for any method."""

    def __init__(self) -> None:
        self._queues: dict[str, deque[Fault]] = {}

    def add(self, method: str, fault: Fault, times: int = 1) -> None:
        """Let the next ``times`` calls of ``method`` go wrong in this way."""
        self._queues.setdefault(method, deque()).extend([fault] * times)

    def rate_limited(self, method: str, retry_after: int = 1, times: int = 1) -> None:
        """HTTP 429 with ``Retry-After``."""
        self.add(method, Fault("http", status=429, retry_after=retry_after), times)

    def server_error(self, method: str, status: int = 500, times: int = 1) -> None:
        """HTTP 500 (or another status) with a body that is no JSON."""
        self.add(method, Fault("http", status=status), times)

    def error(self, method: str, code: str, times: int = 1) -> None:
        """``ok: false`` with this error code."""
        self.add(method, Fault("error", code=code), times)

    def slow(self, method: str, seconds: float, times: int = 1) -> None:
        """The work is done, the answer is late."""
        self.add(method, Fault("slow", seconds=seconds), times)

    def malformed(self, method: str, times: int = 1) -> None:
        """The work is done, the answer cannot be read."""
        self.add(method, Fault("malformed"), times)

    def cut_before(self, method: str, times: int = 1) -> None:
        """The connection closes before anything is stored."""
        self.add(method, Fault("cut_before"), times)

    def cut_after(self, method: str, times: int = 1) -> None:
        """The connection closes after the work was done, without an answer."""
        self.add(method, Fault("cut_after"), times)

    def take(self, method: str) -> Fault | None:
        """The fault for this call, if one is due."""
        for name in (method, "*"):
            queue = self._queues.get(name)
            if queue:
                return queue.popleft()
        return None

    def clear(self) -> None:
        """Forget every fault that has not happened yet."""
        self._queues.clear()

    def left(self, method: str) -> int:
        """How many faults of a method are still to come."""
        return len(self._queues.get(method, ()))
