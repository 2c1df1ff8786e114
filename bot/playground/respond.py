"""``response_url`` and the messages an app puts into an ack."""

from __future__ import annotations

import json
from datetime import timedelta

from aiohttp import web

from .content import POST_CHARACTERS, Content, read
from .core import Core
from .disturb import disturbed
from .log import CallRecord
from .methods.chat import apply
from .model import Channel, Installation, Json, Message, ResponseUrl, SlackError

USES = 5
LIFE = timedelta(minutes=30)


def say(
    core: Core,
    install: Installation,
    channel: Channel,
    user: str,
    body: Json,
) -> Message | None:
    """Write what an ack or a ``response_url`` says; None when it says nothing."""
    in_channel = body.get("response_type") == "in_channel"
    content = read(core, install, body, POST_CHARACTERS, ephemeral=not in_channel)
    if content.empty:
        return None
    team = core.world.teams[install.team_id]
    message = core.world.new_message(
        team,
        channel,
        user=install.bot_user_id,
        bot_id=install.bot_id,
        app_id=install.app_id,
        text=content.shown,
        blocks=content.blocks or [],
        attachments=content.attachments or [],
        metadata=content.metadata,
        ephemeral_to=None if in_channel else user,
        thread_ts=str(body["thread_ts"]) if body.get("thread_ts") else None,
    )
    return core.world.post(team, channel, message)


class Responder:
    """Serves ``/response/…``."""

    def __init__(self, core: Core) -> None:
        self._core = core

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Serve one use of a ``response_url``."""
        with self._core.activity.running():
            record = CallRecord("response_url", {}, self._core.world.now())
            self._core.log.add(record)
            raw = await request.read()
            token = request.match_info["token"]
            fault = self._core.faults.take("response_url")
            return await disturbed(request, record, fault, lambda: self._answer(token, raw, record))

    def _answer(self, token: str, raw: bytes, record: CallRecord) -> web.StreamResponse:
        try:
            record.args = self._body(raw)
            self._use(token, record)
            record.result = {"ok": True}
        except SlackError as error:
            gone = error.code in ("expired_url", "used_url")
            record.result, record.http_status = error.body(), 404 if gone else 400
        return web.json_response(record.result, status=record.http_status)

    def _body(self, raw: bytes) -> Json:
        try:
            found = json.loads(raw)
        except ValueError:
            raise SlackError("invalid_payload") from None
        if not isinstance(found, dict):
            raise SlackError("invalid_payload")
        return found

    def _use(self, token: str, record: CallRecord) -> None:
        known = self._core.world.response_urls.get(token)
        if known is None or self._core.world.now() - known.born > LIFE:
            raise SlackError("expired_url")
        if known.uses >= USES:
            raise SlackError("used_url")
        if known.install.uninstalled:
            raise SlackError("account_inactive")
        record.app_id, record.team_id = known.install.app_id, known.install.team_id
        self._apply(known, record.args)
        known.uses += 1

    def _apply(self, known: ResponseUrl, body: Json) -> None:
        team = self._core.world.teams[known.install.team_id]
        channel = team.channels[known.channel]
        origin = channel.messages.get(known.message_ts or "")
        if body.get("delete_original") in (True, "true"):
            self._delete(origin)
            return
        if body.get("replace_original") in (True, "true") and origin is not None:
            self._replace(known, origin, body)
            return
        message = say(self._core, known.install, channel, known.user, body)
        if message is None:
            raise SlackError("no_text")
        if known.message_ts is None and message.ephemeral_to is not None:
            known.message_ts = message.ts

    def _delete(self, origin: Message | None) -> None:
        if origin is None or origin.deleted:
            raise SlackError("message_not_found")
        self._core.world.delete(origin)

    def _replace(self, known: ResponseUrl, origin: Message, body: Json) -> None:
        if origin.deleted:
            raise SlackError("message_not_found")
        alone = origin.ephemeral_to is not None
        content: Content = read(self._core, known.install, body, POST_CHARACTERS, ephemeral=alone)
        if content.empty:
            raise SlackError("no_text")
        if content.blocks is None:
            content.blocks = []
        apply(origin, content)
        self._core.world.edited(origin, "replaced")
