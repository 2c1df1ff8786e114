"""How long tests wait for what Slack, or a person, would not wait for.

A machine that others share may stop us for longer than Slack waits. How fast we are is for the
benchmarks to say; that the local Slack counts its seconds, for `tests/playground`.
"""

from collections.abc import Callable
from datetime import datetime

from bot.playground import Playground
from bot.playground.clocks import real_now

ACK = 60.0
"""Seconds for an ack. Slack gives 3."""

TRIGGER = 60.0
"""Seconds that a click may open a dialog. Slack gives 3."""

PROGRAM = 120.0
"""Seconds for a program that we start to end."""


PAGE = 60.0
"""Seconds for a page to show something."""


def slack(now: Callable[[], datetime] = real_now) -> Playground:
    """Return a local Slack that waits for us; `now` gives its time, aware."""
    return Playground(now, rate_limits=False, ack_timeout=ACK, trigger_life=TRIGGER)


def wait_for_us(running: Playground) -> None:
    """Let a local Slack that others set up wait for us as well."""
    timing = running.core.timing
    timing.ack_timeout, timing.trigger_life = ACK, TRIGGER
