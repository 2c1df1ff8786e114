"""What the page asks of the demo: the clock, moving it, who answers, what people really think."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.demo.cast import EVERYONE, OWNER, STAKEHOLDERS
from bot.demo.story import Story

Answer = tuple[int, Any]

STEPS = {
    "1h": timedelta(hours=1),
    "1d": timedelta(days=1),
    "1w": timedelta(weeks=1),
    "4w": timedelta(weeks=4),
}
LONGEST_WAIT = timedelta(weeks=5)
"""So far *to the next message* goes at most."""

AFTER_A_CLICK = 0.1
"""Seconds of real time after which what a click set off is done, such as messages to others."""


class Controls:
    """Serves `/_demo/…` for one story; one thing moves time at a time."""

    def __init__(self, story: Story) -> None:
        self._story = story
        self._stage = story.stage
        self._moving = asyncio.Lock()
        self._first = story.somebody_asked()

    async def handle(self, path: str, method: str, body: dict[str, Any]) -> Answer:
        """Serve one request of the page: the path behind the mount, the method, its JSON."""
        routes: dict[tuple[str, str], Callable[[dict[str, Any]], Awaitable[Answer]]] = {
            ("GET", "/state"): self._state,
            ("GET", "/truth"): self._truth,
            ("POST", "/move"): self._move,
            ("POST", "/answering"): self._answering,
        }
        route = routes.get((method, path))
        return await route(body) if route else (404, {"error": "not_found"})

    async def follow(self) -> None:
        """Do what clicks in the page leave to be done, until cancelled."""
        done = 0
        while True:
            await asyncio.sleep(AFTER_A_CLICK)
            async with self._moving:
                if len(self._stage.slack.deliveries) > done:
                    await self._stage.step_to(self._stage.clock.now())
                    done = len(self._stage.slack.deliveries)

    # -- the routes ------------------------------------------------------------------------

    async def _state(self, body: dict[str, Any]) -> Answer:
        now, first = self._stage.clock.now(), self._first.name.split()[0]
        return 200, {
            "now": now.isoformat(),
            "answering": self._story.answering,
            "truth_available": True,
            "personas": [
                {
                    "user_id": persona.user_id,
                    "name": persona.name,
                    "tz": persona.tz,
                    "local_time": now.astimezone(ZoneInfo(persona.tz)).isoformat(),
                    "role": "" if persona in STAKEHOLDERS else persona.truth,
                }
                for persona in EVERYONE
            ],
            "steps": [
                {
                    "title": "Answer as one of them",
                    "about": f"{first} has a check-in open, and goes on as you begin.",
                    "user_id": self._first.user_id,
                    "in": "dm",
                },
                {
                    "title": "Move time a month",
                    "about": "Some seconds; everybody else goes on too.",
                    "move": "4w",
                },
                {
                    "title": "Read the owner's digest",
                    "about": "Whom would you talk with first?",
                    "user_id": OWNER,
                    "in": "dm",
                },
            ],
        }

    async def _truth(self, body: dict[str, Any]) -> Answer:
        return 200, [
            {"user_id": persona.user_id, "truth": persona.truth} for persona in STAKEHOLDERS
        ]

    async def _answering(self, body: dict[str, Any]) -> Answer:
        self._story.answering = bool(body.get("on"))
        return await self._state(body)

    async def _move(self, body: dict[str, Any]) -> Answer:
        by = body.get("by")
        if by != "next" and by not in STEPS:
            return 400, {"error": "unknown", "detail": f"time does not move by {by!r}"}
        async with self._moving:
            if by == "next":
                await self._to_the_next_message()
            else:
                await self._story.move_to(self._stage.clock.now() + STEPS[by])
        return await self._state(body)

    async def _to_the_next_message(self) -> None:
        end = self._stage.clock.now() + LONGEST_WAIT
        known = self._messages()
        while self._messages() == known and self._stage.clock.now() < end:
            await self._story.move_to(min(end, await self._next_moment()))

    def _messages(self) -> int:
        return len(self._stage.slack.log.of("chat.postMessage"))

    async def _next_moment(self) -> datetime:
        """Return when something happens next, always later than now."""
        now = self._stage.clock.now()
        due = await self._stage.next_due()
        planned = self._story.planned_next()
        later = [moment for moment in (due, planned) if moment and moment > now]
        return min([*later, now + timedelta(days=1)])
