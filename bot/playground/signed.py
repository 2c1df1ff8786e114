"""Signed HTTP deliveries, as Slack posts them to an app's request URL."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from typing import Any
from urllib.parse import urlencode

import aiohttp

from .core import Core
from .delivery import Answer, Delivery
from .model import App, Json


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """The ``X-Slack-Signature`` of a request body."""
    base = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


def encode(delivery: Delivery) -> tuple[bytes, str]:
    """The body of a delivery and its content type."""
    if delivery.kind == "events_api":
        return json.dumps(delivery.payload).encode(), "application/json"
    fields: Json = delivery.payload
    if delivery.kind == "interactive":
        fields = {"payload": json.dumps(delivery.payload)}
    return urlencode(fields).encode(), "application/x-www-form-urlencoded"


def decode(text: str) -> Any:
    """An answer's body: JSON when it is an object, else the text, or None when empty."""
    if not text.strip():
        return None
    try:
        found = json.loads(text)
    except ValueError:
        return text
    return found if isinstance(found, dict) else text


class HttpTransport:
    """Posts to request URLs with a three-second limit."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._session: aiohttp.ClientSession | None = None

    async def send(self, app: App, delivery: Delivery) -> Answer:
        """Post one payload and read the answer."""
        url = app.url_for(delivery.kind)
        if url is None:
            return Answer(error="no_request_url", no_retry=True)
        body, content_type = encode(delivery)
        headers = self.headers(app, body, content_type)
        if delivery.attempt:
            headers["X-Slack-Retry-Num"] = str(delivery.attempt)
            headers["X-Slack-Retry-Reason"] = delivery.reason
        return await self.post(url, body, headers)

    def headers(self, app: App, body: bytes, content_type: str) -> dict[str, str]:
        """The signed headers of a request."""
        timestamp = str(int(self._core.timing.wall()))
        return {
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": sign(app.signing_secret, timestamp, body),
        }

    async def post(self, url: str, body: bytes, headers: dict[str, str]) -> Answer:
        """Post bytes; every failure becomes an answer with an error."""
        limit = aiohttp.ClientTimeout(total=self._core.timing.ack_timeout)
        try:
            async with self._open().post(
                url, data=body, headers=headers, timeout=limit, allow_redirects=False
            ) as response:
                text = await response.text()
        except TimeoutError:
            return Answer(error="http_timeout")
        except (aiohttp.ClientError, OSError):
            return Answer(error="connection_failed")
        no_retry = response.headers.get("X-Slack-No-Retry") == "1"
        failed = "http_error" if response.status != 200 else None
        return Answer(response.status, decode(text), failed, no_retry)

    async def verify(self, app: App, challenge: str) -> bool:
        """The ``url_verification`` handshake for events."""
        payload = {
            "token": app.verification_token,
            "challenge": challenge,
            "type": "url_verification",
        }
        body = json.dumps(payload).encode()
        url = app.url_for("events_api")
        if url is None:
            return False
        answer = await self.post(url, body, self.headers(app, body, "application/json"))
        said = answer.body.get("challenge") if isinstance(answer.body, dict) else answer.body
        return answer.ok and said == challenge

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            connector = aiohttp.TCPConnector(limit=0)
            self._session = aiohttp.ClientSession(connector=connector)
        return self._session

    async def stop(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
            await asyncio.sleep(0)
