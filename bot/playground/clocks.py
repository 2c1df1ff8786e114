"""The only place here that reads the real clocks; everything takes them as arguments."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

TRIGGER_LIFE = 3.0


def real_now() -> datetime:
    """The real time."""
    return datetime.now(UTC)


def real_monotonic() -> float:
    """Seconds that only ever grow."""
    return time.monotonic()


def real_wall() -> float:
    """Seconds since 1970, for signatures."""
    return time.time()


@dataclass
class Timing:
    """Clocks and time limits, all replaceable."""

    now: Callable[[], datetime] = real_now
    monotonic: Callable[[], float] = real_monotonic
    wall: Callable[[], float] = real_wall
    ack_timeout: float = 3.0
    trigger_life: float = TRIGGER_LIFE
    retry_delays: tuple[float, ...] = (0.0, 60.0, 300.0)
    ping_interval: float = 10.0
    file_delay: float = 0.0
