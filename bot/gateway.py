"""The one door to Slack: what we send, what we read, and Slack's errors in our own words."""

import asyncio
import functools
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.channels import ChannelInfo, UserGroup
from bot.domain.people import Profile
from bot.errors import BuyinError, SlackInDoubt, SlackMissingAbility, SlackRetryLater
from bot.slack_answers import answered, code_of, dnd_window, profile_of, refusal, scopes_of

log = structlog.get_logger()

Payload = Mapping[str, Any]
Blocks = Sequence[Payload]

PAGE = 200
LARGEST_DND_BATCH = 50
LONGEST_ALTERNATIVE = 1000
TIMEOUT = aiohttp.ClientTimeout(total=30, sock_connect=10)
PATIENCE = 120.0
"""Seconds that a read waits in all when Slack asks to slow down."""

OPTIONAL = {
    "conversations.open": "group messages",
    "dnd.teamInfo": "do-not-disturb",
    "files.completeUploadExternal": "pictures",
    "files.getUploadURLExternal": "pictures",
    "usergroups.list": "user groups",
    "usergroups.users.list": "user groups",
}
"""Abilities that are switched off, without asking again, once they turn out to be missing."""


@dataclass(frozen=True, slots=True)
class Posted:
    """Where a message stands in Slack."""

    channel: str
    ts: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the token says we are; `scopes` is None where the server does not tell.

    `team_id` is "" for an installation over a whole organisation.
    """

    team_id: str
    enterprise_id: str
    user_id: str
    bot_id: str
    team: str
    scopes: frozenset[str] | None
    server_time: str | None
    """The server's Date header."""


class Gateway:
    """Speaks to one Slack with one bot token, through one shared session.

    The SDK's retry handlers are off: they post again after a broken connection, which would
    send a message twice. Create it while an event loop runs; `close` it at the end.

    Raises, from every method:
        SlackFailure: Slack refused for good.
        SlackMissingAbility: a scope or the whole method is missing.
        SlackRetryLater: nothing happened; try again after `seconds`.
        SlackInDoubt: it may have happened (writes only).
    """

    def __init__(
        self,
        token: str,
        base_url: str = "https://slack.com/api/",
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.session = aiohttp.ClientSession(timeout=TIMEOUT)
        self.client = AsyncWebClient(
            token=token, base_url=base_url, session=self.session, retry_handlers=[]
        )
        self.missing: dict[str, str] = {}
        """What this Slack cannot do for us: {ability: Slack's reason}."""
        self._sleep = sleep

    async def close(self) -> None:
        """Close the shared session."""
        await self.session.close()

    # --- what we send -------------------------------------------------------------------------

    async def post(self, channel: str, text: str, blocks: Blocks | None = None) -> Posted:
        """Post to a channel or, by user id, to a person's DM."""
        reply = await self._call(
            "chat.postMessage",
            self.client.chat_postMessage(
                channel=channel,
                text=text,
                blocks=_plain(blocks),
                unfurl_links=False,
                unfurl_media=False,
            ),
        )
        return Posted(str(reply.get("channel") or channel), str(reply.get("ts") or ""))

    async def open_group(self, user_ids: Sequence[str]) -> str:
        """Open the group message of these people and the app, or find it; return its channel."""
        opening = self.client.conversations_open(users=list(user_ids))
        reply = await self._call("conversations.open", opening)
        return str((reply.get("channel") or {}).get("id") or "")

    async def update(
        self, channel: str, ts: str, text: str, blocks: Blocks | None = None
    ) -> Posted:
        """Replace a message of ours; `channel` is the id that `post` returned."""
        reply = await self._call(
            "chat.update",
            self.client.chat_update(channel=channel, ts=ts, text=text, blocks=_plain(blocks)),
        )
        return Posted(str(reply.get("channel") or channel), str(reply.get("ts") or ts))

    async def post_ephemeral(
        self, channel: str, user: str, text: str, blocks: Blocks | None = None
    ) -> None:
        """Show `user` alone a message in `channel`; it may get lost when they are not there."""
        await self._call(
            "chat.postEphemeral",
            self.client.chat_postEphemeral(
                channel=channel, user=user, text=text, blocks=_plain(blocks)
            ),
        )

    async def respond(
        self,
        response_url: str,
        text: str,
        blocks: Blocks | None = None,
        *,
        replace_original: bool = False,
        delete_original: bool = False,
        response_type: str = "ephemeral",
    ) -> None:
        """Answer a command or a click; a response_url serves 5 times in 30 minutes."""
        payload: dict[str, Any] = {"text": text, "response_type": response_type}
        if blocks:
            payload["blocks"] = _plain(blocks)
        if delete_original:
            payload = {"delete_original": True}
        elif replace_original:
            payload["replace_original"] = True
        await self._call("response_url", self._post_to(response_url, payload))

    async def open_view(self, trigger_id: str, view: Payload) -> str:
        """Open a modal; return the view's id. A trigger lives 3 seconds, once."""
        reply = await self._call(
            "views.open", self.client.views_open(trigger_id=trigger_id, view=dict(view))
        )
        return _view_id(reply)

    async def push_view(self, trigger_id: str, view: Payload) -> str:
        """Put a modal on top of the open one; return its id."""
        reply = await self._call(
            "views.push", self.client.views_push(trigger_id=trigger_id, view=dict(view))
        )
        return _view_id(reply)

    async def update_view(self, view_id: str, view: Payload, hash_: str | None = None) -> str:
        """Replace an open modal; with `hash_`, only if nobody changed it since."""
        reply = await self._call(
            "views.update",
            self.client.views_update(view_id=view_id, view=dict(view), hash=hash_),
        )
        return _view_id(reply)

    async def publish_home(self, user: str, view: Payload, hash_: str | None = None) -> None:
        """Set what `user` sees on the app's Home."""
        await self._call(
            "views.publish",
            self.client.views_publish(user_id=user, view=dict(view), hash=hash_),
        )

    @property
    def can_upload(self) -> bool:
        """Whether nothing yet has shown that this Slack takes no pictures from us."""
        return OPTIONAL["files.getUploadURLExternal"] not in self.missing

    async def upload(self, name: str, content: bytes, alternative: str) -> str:
        """Give Slack a file that nobody sees yet; return its id, for an image block.

        Slack looks at it before it lets it stand in a message, which takes some seconds. A second
        upload of the same is harmless, and only takes room. `alternative` is cut to what Slack
        takes.
        """
        begun = await self._call(
            "files.getUploadURLExternal",
            self.client.files_getUploadURLExternal(
                filename=name, length=len(content), alt_txt=alternative[:LONGEST_ALTERNATIVE]
            ),
        )
        file_id = str(begun.get("file_id") or "")
        await self._call("upload", self._put(str(begun.get("upload_url") or ""), content))
        await self._call(
            "files.completeUploadExternal",
            self.client.files_completeUploadExternal(files=[{"id": file_id, "title": name}]),
        )
        return file_id

    async def share(self, name: str, content: bytes, channel: str, words: str) -> None:
        """Put a file into a conversation, under `words` about it.

        `channel` is the id that `post` returned.
        """
        begun = await self._call(
            "files.getUploadURLExternal",
            self.client.files_getUploadURLExternal(filename=name, length=len(content)),
        )
        file_id = str(begun.get("file_id") or "")
        await self._call("upload", self._put(str(begun.get("upload_url") or ""), content))
        await self._call(
            "files.completeUploadExternal",
            self.client.files_completeUploadExternal(
                files=[{"id": file_id, "title": name}],
                channel_id=channel,
                initial_comment=words,
            ),
        )

    # --- what we read -------------------------------------------------------------------------

    async def auth_test(self) -> Identity:
        """Return who the token says we are."""
        reply = await self._call("auth.test", self.client.auth_test())
        scopes = reply.headers.get("x-oauth-scopes")
        whole_organisation = bool(reply.get("is_enterprise_install"))
        return Identity(
            team_id="" if whole_organisation else str(reply.get("team_id") or ""),
            enterprise_id=str(reply.get("enterprise_id") or ""),
            user_id=str(reply.get("user_id") or ""),
            bot_id=str(reply.get("bot_id") or ""),
            team=str(reply.get("team") or ""),
            scopes=None if scopes is None else scopes_of(scopes),
            server_time=reply.headers.get("Date"),
        )

    async def open_socket(self, app_token: str) -> str:
        """Return the address of a new Socket Mode connection for the app-level token."""
        reply = await self._call(
            "apps.connections.open", self.client.apps_connections_open(app_token=app_token)
        )
        return str(reply.get("url") or "")

    async def users(self) -> AsyncIterator[Profile]:
        """Yield everybody in Slack's directory, also bots and people who left."""
        async for page in self._pages("users.list", self.client.users_list):
            for raw in page.get("members") or []:
                yield profile_of(raw)

    async def user(self, user_id: str) -> Profile:
        """Return one person of Slack's directory."""
        reply = await self._read("users.info", self.client.users_info, user=user_id)
        return profile_of(reply.get("user") or {"id": user_id})

    async def channel_members(self, channel: str) -> list[str]:
        """Return the user ids in a channel, bots included."""
        members: list[str] = []
        read = functools.partial(self.client.conversations_members, channel=channel)
        async for page in self._pages("conversations.members", read):
            members += page.get("members") or []
        return members

    async def channel(self, channel_id: str) -> ChannelInfo:
        """Return what a channel is and whether we are inside."""
        reply = await self._read(
            "conversations.info", self.client.conversations_info, channel=channel_id
        )
        raw = reply.get("channel") or {}
        return ChannelInfo(
            id=str(raw.get("id") or channel_id),
            name=str(raw.get("name") or ""),
            is_private=bool(raw.get("is_private")),
            is_archived=bool(raw.get("is_archived")),
            is_member=bool(raw.get("is_member")),
        )

    async def usergroups(self) -> list[UserGroup]:
        """Return the workspace's user groups that are in use."""
        reply = await self._read("usergroups.list", self.client.usergroups_list)
        return [
            UserGroup(str(raw["id"]), str(raw.get("handle") or ""), str(raw.get("name") or ""))
            for raw in reply.get("usergroups") or []
            if not raw.get("date_delete")
        ]

    async def usergroup_members(self, usergroup_id: str) -> list[str]:
        """Return the user ids in a user group."""
        reply = await self._read(
            "usergroups.users.list", self.client.usergroups_users_list, usergroup=usergroup_id
        )
        return list(reply.get("users") or [])

    async def dnd(self, user_ids: Sequence[str]) -> dict[str, tuple[datetime, datetime]]:
        """Return the next do-not-disturb window (UTC) of those who have one.

        Whoever is not in the answer is not in do-not-disturb, or Slack does not tell.
        """
        windows: dict[str, tuple[datetime, datetime]] = {}
        for start in range(0, len(user_ids), LARGEST_DND_BATCH):
            batch = list(user_ids[start : start + LARGEST_DND_BATCH])
            reply = await self._read("dnd.teamInfo", self.client.dnd_teamInfo, users=batch)
            for user_id, raw in (reply.get("users") or {}).items():
                if window := dnd_window(raw):
                    windows[user_id] = window
        return windows

    # --- how a call ends ----------------------------------------------------------------------

    async def _pages(self, method: str, call: Callable[..., Awaitable[Any]]) -> AsyncIterator[Any]:
        cursor, seen = "", set[str]()
        while cursor not in seen:  # a server that repeats a cursor would never end
            seen.add(cursor)
            page = await self._read(method, call, limit=PAGE, cursor=cursor or None)
            yield page
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return

    async def _read(
        self, method: str, call: Callable[..., Awaitable[Any]], **arguments: Any
    ) -> Any:
        """Read; reading twice is harmless, so be patient and never in doubt."""
        ability = OPTIONAL.get(method)
        if ability in self.missing:
            raise SlackMissingAbility(method, self.missing[ability])
        waited = 0.0
        while True:
            try:
                return await self._call(method, call(**arguments))
            except SlackRetryLater as error:
                later = error
            except SlackInDoubt:
                later = SlackRetryLater(method, 5.0)
            if waited + later.seconds > PATIENCE:
                raise later
            waited += later.seconds
            await self._sleep(later.seconds)

    async def _call(self, method: str, call: Awaitable[Any]) -> Any:
        try:
            return await call
        except Exception as error:
            mapped = _mapped(method, error)
            if mapped is None:
                raise
            if isinstance(mapped, SlackMissingAbility):
                self._remember(OPTIONAL.get(method, method), mapped.code)
            raise mapped from error

    def _remember(self, ability: str, reason: str) -> None:
        if ability not in self.missing:
            self.missing[ability] = reason
            log.warning("ability_missing", ability=ability, reason=reason)

    async def _put(self, url: str, content: bytes) -> None:
        async with self.session.post(url, data=content) as reply:
            if reply.status != 200:
                raise refusal("upload", reply.status, f"http_{reply.status}", reply.headers)

    async def _post_to(self, url: str, payload: dict[str, Any]) -> None:
        async with self.session.post(url, json=payload) as reply:
            body = (await reply.text())[:200]
            if reply.status == 200 and '"ok":false' not in body.replace(" ", ""):
                return
            raise refusal("response_url", reply.status, code_of(body, reply.status), reply.headers)


def _mapped(method: str, error: Exception) -> BuyinError | None:
    if isinstance(error, BuyinError):
        return error
    if isinstance(error, SlackApiError):
        return answered(method, error.response)
    if isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError):
        return SlackRetryLater(method, 5.0)  # nothing was sent
    unreadable = isinstance(error, AttributeError | ValueError)  # the SDK met a body not Slack's
    if unreadable or isinstance(error, aiohttp.ClientError | TimeoutError | OSError):
        return SlackInDoubt(method)
    return None


def _plain(blocks: Blocks | None) -> list[dict[str, Any]] | None:
    return [dict(block) for block in blocks] if blocks is not None else None


def _view_id(reply: Any) -> str:
    return str((reply.get("view") or {}).get("id") or "")
