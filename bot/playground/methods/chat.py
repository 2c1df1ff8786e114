"""``chat.*``: posting, updating, deleting."""

from __future__ import annotations

from typing import Any

from bot.playground.api import Call, HttpFault, method
from bot.playground.content import POST_CHARACTERS, UPDATE_CHARACTERS, Content, read
from bot.playground.model import Channel, Json, Message, SlackError, SlackUser
from bot.playground.objects import message_json

UNLIMITED = 0


def _content(call: Call, longest: int, *, ephemeral: bool = False) -> Content:
    names = ("blocks", "attachments", "metadata")
    data: Json = {name: call.data(name) for name in names}
    data["text"] = call.args.get("text")
    return read(call.core, call.installed, data, longest, ephemeral=ephemeral)


def _reachable(call: Call, user: SlackUser) -> Channel:
    if not call.app.messages_tab:
        raise SlackError("messages_tab_disabled")
    if user.deleted:
        raise SlackError("user_disabled")
    if user.is_bot or user.id == "USLACKBOT":
        raise SlackError("cannot_dm_bot")
    return call.core.world.direct(call.installed, user)


def _target(call: Call, wanted: str) -> Channel:
    """The conversation to write to: by id, by ``#name`` or by a person's id."""
    if wanted.startswith(("U", "W")):
        return _reachable(call, call.user(wanted, "channel_not_found"))
    if wanted.startswith("#"):
        named = [c for c in call.team.channels.values() if c.name == wanted[1:] and c.name]
        wanted = named[0].id if named else ""
    channel = call.channel(wanted)
    if channel.kind == "im" and channel.user is not None:
        return _reachable(call, call.user(channel.user))
    return channel


def _may_post(call: Call, channel: Channel) -> None:
    if channel.is_archived:
        raise SlackError("is_archived")
    inside = call.installed.bot_user_id in channel.members
    public = channel.kind == "public" and "chat:write.public" in call.installed.scopes
    if not inside and not public:
        raise SlackError("not_in_channel")


def _limited(call: Call, channel: Channel) -> None:
    wait = call.core.limits.post(call.app.id, call.team.id, channel.id)
    if wait:
        raise HttpFault(429, wait)


def _new(call: Call, channel: Channel, content: Content, **more: Any) -> Message:
    install = call.installed
    return call.core.world.new_message(
        call.team,
        channel,
        user=install.bot_user_id,
        bot_id=install.bot_id,
        app_id=install.app_id,
        text=content.shown,
        blocks=content.blocks or [],
        attachments=content.attachments or [],
        metadata=content.metadata,
        **more,
    )


@method("chat.postMessage", "chat:write", tier=UNLIMITED)
def post_message(call: Call) -> Json:
    """Write into a channel or to a person."""
    channel = _target(call, call.text("channel"))
    _may_post(call, channel)
    content = _content(call, POST_CHARACTERS)
    if content.empty:
        raise SlackError("no_text")
    thread = call.text("thread_ts") or None
    if thread is not None and thread not in channel.messages:
        raise SlackError("thread_not_found")
    _limited(call, channel)
    message = _new(call, channel, content, thread_ts=thread)
    call.core.world.post(call.team, channel, message)
    body = message_json(message, call.installed)
    return {"channel": channel.id, "ts": message.ts, "message": body}


@method("chat.postEphemeral", "chat:write", tier=4)
def post_ephemeral(call: Call) -> Json:
    """Write something only one person in a channel sees."""
    channel = _target(call, call.text("channel"))
    _may_post(call, channel)
    person = call.user(call.text("user"), "user_not_in_channel")
    if person.id not in channel.members:
        raise SlackError("user_not_in_channel")
    content = _content(call, POST_CHARACTERS, ephemeral=True)
    if content.empty:
        raise SlackError("no_text")
    message = _new(call, channel, content, ephemeral_to=person.id)
    call.core.world.post(call.team, channel, message)
    return {"message_ts": message.ts}


def _own(call: Call, refused: str) -> tuple[Channel, Message]:
    channel = call.channel(call.text("channel"))
    message = channel.messages.get(call.text("ts"))
    if message is None or message.deleted or message.ephemeral_to is not None:
        raise SlackError("message_not_found")
    if message.bot_id != call.installed.bot_id:
        raise SlackError(refused)
    return channel, message


@method("chat.update", "chat:write", tier=3)
def update(call: Call) -> Json:
    """Replace text and blocks of an own message; blocks stay when none are given."""
    channel, message = _own(call, "cant_update_message")
    if channel.is_archived:
        raise SlackError("is_archived")
    content = _content(call, UPDATE_CHARACTERS)
    given = (content.text, content.blocks, content.attachments)
    if all(part is None for part in given):
        raise SlackError("no_text")
    apply(message, content)
    call.core.world.edited(message)
    body = message_json(message, call.installed)
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": body}


def apply(message: Message, content: Content) -> None:
    """Put new content into a message; what is not given stays."""
    if content.blocks is not None:
        message.blocks = content.blocks
    if content.text is not None:
        message.text = content.text
    elif content.blocks:
        message.text = content.shown
    if content.attachments is not None:
        message.attachments = content.attachments
    if content.metadata is not None:
        message.metadata = content.metadata


@method("chat.delete", "chat:write", tier=3)
def delete(call: Call) -> Json:
    """Take an own message away."""
    channel, message = _own(call, "cant_delete_message")
    call.core.world.delete(message)
    return {"channel": channel.id, "ts": message.ts}


@method("chat.getPermalink", tier=UNLIMITED)
def get_permalink(call: Call) -> Json:
    """A link to a message."""
    channel = call.channel(call.text("channel"))
    message = channel.messages.get(call.text("message_ts"))
    if message is None or message.deleted:
        raise SlackError("message_not_found")
    address = f"{call.core.url}/archives/{channel.id}/p{message.ts.replace('.', '')}"
    return {"channel": channel.id, "permalink": address}
