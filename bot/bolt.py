"""Bolt as we run it: one installation, no retries of its own, and requests that are counted."""

import asyncio
import logging
from typing import Any

import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.response import BoltResponse
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from bot.config import Settings
from bot.errors import DatabaseUnavailable, NotOurs
from bot.gateway import Gateway, Identity

log = structlog.get_logger()

NOT_SLACKS = "This address takes requests from Slack only: JSON or a form, signed by Slack."


class OneToken(AsyncAuthorize):
    """Tells Bolt who we are without asking Slack while a person waits."""

    def __init__(self, token: str) -> None:
        self._token = token
        self.identity: Identity | None = None

    async def __call__(
        self,
        *,
        context: Any,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None,
        **_: Any,
    ) -> AuthorizeResult:
        """Return our one installation, whoever asks."""
        who = self.identity
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_token=self._token,
            bot_user_id=who.user_id if who else None,
            bot_id=who.bot_id if who else None,
            user_id=user_id,
        )


class TrackedSocket(AsyncSocketModeHandler):
    """A Socket Mode connection that knows how many requests are under way."""

    def __init__(self, app: AsyncApp, settings: Settings, client: AsyncWebClient) -> None:
        super().__init__(app, settings.app_token, web_client=client)
        self._under_way = 0
        self._idle = asyncio.Event()
        self._idle.set()

    async def handle(  # type: ignore[override]
        self, client: SocketModeClient, req: SocketModeRequest
    ) -> None:
        """Serve one request and acknowledge it."""
        self._under_way += 1
        self._idle.clear()
        try:
            await super().handle(client, req)
        finally:
            self._under_way -= 1
            if not self._under_way:
                self._idle.set()

    async def finish(self, seconds: float) -> None:
        """Wait at most `seconds` until every request is answered, then hang up."""
        try:
            async with asyncio.timeout(seconds):
                await self._idle.wait()
        except TimeoutError:
            log.warning("requests_cut_off", count=self._under_way)
        await self.close_async()  # type: ignore[no-untyped-call]


def build_bolt(settings: Settings, gateway: Gateway, authorize: OneToken) -> AsyncApp:
    """Return Bolt without listeners; its clients share the gateway's session and retry nothing."""
    client = AsyncWebClient(base_url=settings.api_url, session=gateway.session, retry_handlers=[])
    quiet = logging.getLogger("slack_bolt.buyin")
    quiet.setLevel(logging.ERROR)  # Bolt's own advice is for developers, and tells too much
    bolt = AsyncApp(
        name="buyin",
        logger=quiet,
        client=client,
        authorize=authorize,
        signing_secret=settings.signing_secret,
        process_before_response=True,  # Bolt otherwise polls for the ack every 10 ms
        request_verification_enabled=settings.mode == "http",
    )
    bolt.error(_unserved)
    return bolt


async def _unserved(error: Exception) -> BoltResponse:
    """Answer a request that no handler could serve."""
    if isinstance(error, NotOurs):
        return BoltResponse(status=400, body=NOT_SLACKS)
    known = isinstance(error, DatabaseUnavailable)
    log.error("request_broke", error=type(error).__name__, exc_info=None if known else error)
    return BoltResponse(status=503 if known else 500, body="")
