"""Signed clicks on check-in buttons, as Slack posts them, made before they are needed."""

import hashlib
import hmac
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote_plus

from bot.views.ids import Act
from bot.views.kit import Message
from tests.benchmarks import world
from tests.benchmarks.world import Size

SECRET = "bench-signing-secret"
BODY_BYTES = 2_700
"""What the body of a click on a button of a message weighs in practice."""

VALUES = 5
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """One question's five buttons, as somebody's check-in shows them."""

    block_id: str
    buttons: Sequence[Json]


def rows_of(message: Message) -> list[Row]:
    """Return the rows of answers in a check-in."""
    blocks = [block for block in message.blocks if block["type"] == "actions"]
    rows = [Row(block["block_id"], block["elements"][:VALUES]) for block in blocks]
    return [row for row in rows if row.buttons[0]["action_id"].startswith(Act.PULSE_ANSWER)]


@dataclass(slots=True)
class Clicks:
    """An endless supply of taps on everybody's open ask, in turn.

    The question moves on when every ask had its tap, and the value when every question had one,
    so that every tap has something to write.
    """

    rows: Sequence[Row]
    size: Size
    response_port: int
    taken: int = field(default=0, init=False)

    def take(self, count: int) -> list[bytes]:
        """Return the next `count` requests, signed now (a signature is good for 5 minutes)."""
        first, self.taken = self.taken, self.taken + count
        stamp = str(int(time.time()))
        return [self._request(number, stamp) for number in range(first, self.taken)]

    def _request(self, number: int, stamp: str) -> bytes:
        round_, place = divmod(number, self.size.people)
        turn, question = divmod(round_, len(self.rows))
        row, ask = self.rows[question], str(world.open_ask(place + 1, self.size))
        shown = row.buttons[turn % VALUES]
        block_id = row.block_id.replace(shown["value"], ask, 1)
        click = shown | {"value": ask, "block_id": block_id}
        return _signed(_body(place + 1, number, click, self.response_port), stamp)


def _signed(body: bytes, stamp: str) -> bytes:
    base = b"v0:" + stamp.encode() + b":" + body
    signature = hmac.new(SECRET.encode(), base, hashlib.sha256).hexdigest()
    head = (
        "POST /slack/events HTTP/1.1\r\n"
        "Host: 127.0.0.1\r\n"
        "User-Agent: Slackbot 1.0 (+https://api.slack.com/robots)\r\n"
        "Accept: application/json,*/*\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n"
        f"X-Slack-Request-Timestamp: {stamp}\r\n"
        f"X-Slack-Signature: v0={signature}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _body(stakeholder: int, number: int, click: Json, response_port: int) -> bytes:
    payload = _payload(stakeholder, number, click, response_port)
    payload["message"]["text"] += "." * (BODY_BYTES - len(_encoded(payload)))
    return _encoded(payload)


def _encoded(payload: Json) -> bytes:
    return b"payload=" + quote_plus(json.dumps(payload, separators=(",", ":"))).encode()


def _payload(stakeholder: int, number: int, click: Json, response_port: int) -> Json:
    user, channel = world.slack_id(stakeholder + 1), f"D{stakeholder:07d}"
    message_ts = f"1772600000.{stakeholder:06d}"
    return {
        "type": "block_actions",
        "user": {"id": user, "username": "dana", "name": "dana", "team_id": world.TEAM},
        "api_app_id": world.APP,
        "token": "verification-token",
        "container": {
            "type": "message",
            "message_ts": message_ts,
            "channel_id": channel,
            "is_ephemeral": False,
        },
        "trigger_id": f"{number}.1772600000.{'f' * 32}",
        "team": {"id": world.TEAM, "domain": "bench"},
        "enterprise": None,
        "is_enterprise_install": False,
        "channel": {"id": channel, "name": "directmessage"},
        "message": _message(message_ts, click),
        "state": {"values": {}},
        "response_url": f"http://127.0.0.1:{response_port}/actions/{world.TEAM}/{number}/token",
        "actions": [
            {
                **click,
                "action_ts": f"{1772600000 + number // 1000}.{number % 1000:03d}000",
            }
        ],
    }


def _message(ts: str, click: Json) -> Json:
    return {
        "user": "U0APP",
        "type": "message",
        "ts": ts,
        "bot_id": "B0APP",
        "app_id": world.APP,
        "text": "Three taps about Initiative 1",
        "team": world.TEAM,
        "blocks": [
            {"type": "actions", "block_id": click["block_id"], "elements": [_without_place(click)]},
        ],
    }


def _without_place(click: Json) -> Json:
    return {name: value for name, value in click.items() if name != "block_id"}
