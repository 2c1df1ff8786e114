"""The services that every part of the local Slack shares."""

from __future__ import annotations

from dataclasses import dataclass, field

from .activity import Activity
from .clocks import Timing
from .faults import Faults
from .limits import RateLimits
from .log import CallLog
from .model import Installation, ResponseUrl, Trigger
from .world import World


@dataclass
class Core:
    """World, clocks, limits, faults and log in one place."""

    timing: Timing
    world: World
    limits: RateLimits
    faults: Faults = field(default_factory=Faults)
    log: CallLog = field(default_factory=CallLog)
    activity: Activity = field(default_factory=Activity)
    url: str = ""

    def new_trigger(
        self,
        install: Installation,
        user: str,
        channel: str | None = None,
        view_id: str | None = None,
    ) -> Trigger:
        """A ``trigger_id`` for something a person just did."""
        number = self.world.epoch()
        token = f"{number}.{len(self.world.triggers)}.{self.world.new_secret()}"
        born = self.timing.monotonic()
        trigger = Trigger(token, install.app_id, install.team_id, user, born, channel, view_id)
        self.world.triggers[token] = trigger
        return trigger

    def new_response_url(
        self,
        install: Installation,
        user: str,
        channel: str,
        kind: str = "actions",
        message_ts: str | None = None,
    ) -> str:
        """A ``response_url`` for something a person just did."""
        token = self.world.new_secret(12)
        self.world.response_urls[token] = ResponseUrl(
            token, install, channel, user, self.world.now(), message_ts
        )
        return f"{self.url}/response/{kind}/{install.team_id}/{token}"

    def file_url(self, file_id: str, secret: str) -> str:
        """Where a stored file is served."""
        return f"{self.url}/files/{file_id}/{secret}"
