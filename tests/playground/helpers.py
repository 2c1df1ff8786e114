"""What the tests of the local Slack share: a moving clock, a bare client, small blocks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp

from bot.playground import Installation, Json, Playground

SCOPES = (
    "chat:write",
    "commands",
    "users:read",
    "dnd:read",
    "usergroups:read",
    "channels:read",
    "groups:read",
    "im:write",
    "mpim:write",
    "files:write",
    "files:read",
    "team:read",
    "channels:join",
)


class Clock:
    """A clock that moves when told to."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
        self.seconds = 1000.0

    def now(self) -> datetime:
        """The present moment."""
        return self.moment

    def monotonic(self) -> float:
        """Seconds that only grow."""
        return self.seconds

    def move(self, **by: float) -> None:
        """Let time pass."""
        step = timedelta(**by)
        self.moment += step
        self.seconds += step.total_seconds()


class Api:
    """Calls Web API methods without any library's help."""

    def __init__(self, slack: Playground, install: Installation) -> None:
        self.slack = slack
        self.token = install.bot_token
        self.session = aiohttp.ClientSession()

    async def __call__(self, method: str, **args: Any) -> Json:
        response = await self.raw(method, **args)
        found: Json = await response.json()
        return found

    async def raw(self, method: str, **args: Any) -> aiohttp.ClientResponse:
        """The HTTP response, with its body read."""
        token = args.pop("token", self.token)
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        async with self.session.post(
            f"{self.slack.api_url}{method}", json=args, headers=headers
        ) as response:
            await response.read()
            return response

    async def respond(self, url: str, **body: Any) -> tuple[int, Json]:
        """Post to a ``response_url``."""
        async with self.session.post(url, json=body) as response:
            return response.status, await response.json()


def plain(text: str) -> Json:
    """A ``plain_text`` object."""
    return {"type": "plain_text", "text": text}


def section(text: str, **more: Any) -> Json:
    """A section."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def button(text: str, action_id: str = "go", **more: Any) -> Json:
    """A button."""
    return {"type": "button", "text": plain(text), "action_id": action_id, **more}


def actions(*elements: Json, **more: Any) -> Json:
    """A row of elements."""
    return {"type": "actions", "elements": list(elements), **more}


def option(value: str, text: str | None = None) -> Json:
    """An option."""
    return {"text": plain(text or value.title()), "value": value}


def field(block_id: str, label: str = "Name", **more: Any) -> Json:
    """An input block with a text field."""
    element = {"type": "plain_text_input", "action_id": "text"}
    given = more.pop("element", element)
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "element": given,
        **more,
    }


def modal(*blocks: Json, **more: Any) -> Json:
    """A modal."""
    return {
        "type": "modal",
        "callback_id": "form",
        "title": plain("A form"),
        "submit": plain("Save"),
        "blocks": list(blocks) or [section("Hello")],
        **more,
    }


def home(*blocks: Json) -> Json:
    """A Home view."""
    return {"type": "home", "blocks": list(blocks) or [section("Home")]}
