"""``conversations.*``: opening, reading and joining."""

from __future__ import annotations

from bot.playground.api import Call, method
from bot.playground.model import Channel, Json, SlackError
from bot.playground.objects import channel_json

from .paging import page

_READ = {
    "public": "channels:read",
    "private": "groups:read",
    "im": "im:read",
    "mpim": "mpim:read",
}
_READS = tuple(_READ.values())
_TYPES = {
    "public_channel": "public",
    "private_channel": "private",
    "im": "im",
    "mpim": "mpim",
}
GROUP_SIZE = 8


def _readable(call: Call) -> Channel:
    channel = call.channel(call.text("channel"))
    call.needs(_READ[channel.kind])
    return channel


@method("conversations.info", *_READS, tier=3)
def info(call: Call) -> Json:
    """One conversation."""
    channel = _readable(call)
    body = channel_json(channel, call.installed.bot_user_id)
    if not call.flag("include_num_members"):
        body.pop("num_members", None)
    return {"channel": body}


@method("conversations.members", *_READS, tier=4)
def members(call: Call) -> Json:
    """Who is in a conversation, page by page."""
    channel = _readable(call)
    found, metadata = page(call, list(channel.members))
    return {"members": list(found), "response_metadata": metadata}


@method("conversations.list", *_READS, tier=2)
def list_conversations(call: Call) -> Json:
    """The conversations this bot can see."""
    names = [name.strip() for name in call.text("types", "public_channel").split(",")]
    if any(name not in _TYPES for name in names):
        raise SlackError("invalid_types")
    kinds = {_TYPES[name] for name in names}
    for kind in sorted(kinds):
        call.needs(_READ[kind])
    bot = call.installed.bot_user_id
    visible = [
        channel
        for channel in call.team.channels.values()
        if channel.kind in kinds and (channel.kind == "public" or bot in channel.members)
    ]
    if call.flag("exclude_archived"):
        visible = [channel for channel in visible if not channel.is_archived]
    found, metadata = page(call, visible)
    return {
        "channels": [channel_json(channel, bot) for channel in found],
        "response_metadata": metadata,
    }


@method("conversations.join", "channels:join", tier=3)
def join(call: Call) -> Json:
    """Let the bot into a public channel."""
    channel = call.channel(call.text("channel"))
    if channel.kind != "public":
        raise SlackError("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise SlackError("is_archived")
    joined = call.core.world.join(call.team, channel, call.installed.bot_user_id)
    body: Json = {"channel": channel_json(channel, call.installed.bot_user_id)}
    if not joined:
        body |= {
            "warning": "already_in_channel",
            "response_metadata": {"warnings": ["already_in_channel"]},
        }
    return body


@method("conversations.open", "im:write", "mpim:write", tier=3)
def open_conversation(call: Call) -> Json:
    """Open a direct message or a group message."""
    if call.text("channel"):
        return _opened(call, call.channel(call.text("channel")), True)
    ids = [part.strip() for part in call.text("users").split(",") if part.strip()]
    if not ids:
        raise SlackError("users_list_not_supplied")
    if len(ids) > GROUP_SIZE:
        raise SlackError("too_many_users")
    for user_id in ids:
        _check_person(call, user_id)
    if len(ids) > 1:
        call.needs("mpim:write")
        return _opened(call, *_group(call, ids))
    call.needs("im:write")
    key = (call.installed.bot_user_id, ids[0])
    known = key in call.team.direct
    channel = call.core.world.direct(call.installed, call.team.users[ids[0]])
    return _opened(call, channel, known)


def _check_person(call: Call, user_id: str) -> None:
    user = call.user(user_id, "user_not_found")
    if user.deleted:
        raise SlackError("user_disabled")
    if user.id == call.installed.bot_user_id or user.is_bot:
        raise SlackError("cannot_dm_bot")


def _group(call: Call, ids: list[str]) -> tuple[Channel, bool]:
    everybody = dict.fromkeys([call.installed.bot_user_id, *ids])
    mine = call.team.of_user.get(call.installed.bot_user_id, {})
    for channel_id in mine:
        channel = call.team.channels[channel_id]
        if channel.kind == "mpim" and channel.members.keys() == everybody.keys():
            return channel, True
    names = "--".join(call.team.users[user_id].name for user_id in ids)
    world = call.core.world
    channel = Channel(
        world.new_id("C"), call.team.id, f"mpdm-{names}-1", "mpim", everybody, created=world.epoch()
    )
    return world.put_channel(call.team, channel), False


def _opened(call: Call, channel: Channel, known: bool) -> Json:
    body: Json = {"channel": {"id": channel.id}}
    if call.flag("return_im"):
        body["channel"] = channel_json(channel, call.installed.bot_user_id)
    return {**body, "no_op": known, "already_open": known} if known else body
