"""When the next message may go out: Slack's limits, kept without asking the database."""

from collections.abc import Callable

FORGET_ABOVE = 10_000
"""So many recipients are remembered before those of the past are forgotten."""


class Pace:
    """A leaky bucket over everybody, one message a second per recipient, and Slack's own pauses.

    Args:
        per_second: how many messages in a second, over all recipients.
        burst: how many may go out at once after a quiet time.
        gap: seconds between two messages to one recipient.
        time: a clock that never steps back, in seconds.
    """

    def __init__(
        self, per_second: float, burst: int, gap: float, time: Callable[[], float]
    ) -> None:
        self._interval = 1 / per_second
        self._slack = burst / per_second
        self._gap = gap
        self._time = time
        self._next = 0.0
        self._paused_until = 0.0
        self._recipients: dict[str, float] = {}

    def reserve(self, recipient: str) -> float:
        """Take the next turn for `recipient`; return in how many seconds it comes."""
        now = self._time()
        turn = max(self._next, now - self._slack)
        self._next = turn + self._interval
        start = max(now, turn, self._paused_until, self._recipients.get(recipient, 0.0))
        self._recipients[recipient] = start + self._gap
        if len(self._recipients) > FORGET_ABOVE:
            self._recipients = {who: at for who, at in self._recipients.items() if at > now}
        return start - now

    def pause(self, seconds: float) -> None:
        """Let nothing out for `seconds`, because Slack asks for it."""
        self._paused_until = max(self._paused_until, self._time() + seconds)
