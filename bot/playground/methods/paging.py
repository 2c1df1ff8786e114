"""Cursor paging as Slack does it: an opaque cursor, empty on the last page."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import TypeVar

from bot.playground.api import Call
from bot.playground.model import Json, SlackError

Item = TypeVar("Item")


def page(call: Call, items: Sequence[Item], default: int = 100) -> tuple[Sequence[Item], Json]:
    """One page of ``items`` and the ``response_metadata`` that leads to the next."""
    limit = call.number("limit", default)
    if not 1 <= limit <= 1000:
        raise SlackError("invalid_limit")
    start = _decode(call.text("cursor"))
    if start > len(items):
        raise SlackError("invalid_cursor")
    following = start + limit
    more = _encode(following) if following < len(items) else ""
    return items[start:following], {"next_cursor": more}


def _encode(position: int) -> str:
    return base64.b64encode(f"next:{position}".encode()).decode()


def _decode(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        word, _, position = base64.b64decode(cursor, validate=True).decode().partition(":")
        if word != "next":
            raise SlackError("invalid_cursor")
        return int(position)
    except (binascii.Error, ValueError):
        raise SlackError("invalid_cursor") from None
