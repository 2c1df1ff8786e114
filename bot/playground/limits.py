"""Slack's rate limits as token buckets over real (monotonic) time."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

TIERS: dict[int, float] = {1: 1.0, 2: 20.0, 3: 50.0, 4: 100.0}
CHANNEL_PER_SECOND = 1.0
CHANNEL_BURST = 3.0
POSTS_PER_MINUTE = 300.0
SPECIAL_PER_MINUTE = 600.0
TIER_ONE_BURST = 10.0


@dataclass(slots=True)
class Bucket:
    """Tokens that refill steadily up to a burst."""

    capacity: float
    per_second: float
    tokens: float
    seen: float

    def take(self, now: float) -> float:
        """Take one token; the answer is the wait in seconds, 0 when there was one."""
        self.tokens = min(self.capacity, self.tokens + (now - self.seen) * self.per_second)
        self.seen = now
        if self.tokens >= 1.0:
            self.tokens -= 1.0
            return 0.0
        return (1.0 - self.tokens) / self.per_second


class RateLimits:
    """Per method and workspace, per channel for posts; switched off unless asked for."""

    def __init__(self, monotonic: Callable[[], float], enabled: bool = False) -> None:
        self.enabled = enabled
        self._monotonic = monotonic
        self._buckets: dict[tuple[str, ...], Bucket] = {}

    def method(self, app: str, team: str, name: str, tier: int) -> int:
        """Seconds to wait before this call is allowed; 0 when it is allowed now."""
        if not self.enabled:
            return 0
        per_minute = TIERS.get(tier, SPECIAL_PER_MINUTE)
        burst = TIER_ONE_BURST if tier == 1 else per_minute
        return self._take((app, team, name), burst, per_minute / 60)

    def post(self, app: str, team: str, channel: str) -> int:
        """The same for a message: one a second per channel, several hundred per workspace."""
        if not self.enabled:
            return 0
        wait = self._take((app, team, "#", channel), CHANNEL_BURST, CHANNEL_PER_SECOND)
        return wait or self._take((app, team, "#"), POSTS_PER_MINUTE, POSTS_PER_MINUTE / 60)

    def _take(self, key: tuple[str, ...], capacity: float, per_second: float) -> int:
        now = self._monotonic()
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = self._buckets[key] = Bucket(capacity, per_second, capacity, now)
        return math.ceil(bucket.take(now))
