"""``files.*``: the three steps of an upload, and reading one back."""

from __future__ import annotations

from typing import Any

from bot.playground.api import Call, invalid_arguments, method
from bot.playground.core import Core
from bot.playground.model import Channel, Json, SlackError, StoredFile

_TYPES = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "svg": "image/svg+xml",
    "csv": "text/csv",
    "ics": "text/calendar",
    "txt": "text/plain",
    "json": "application/json",
    "pdf": "application/pdf",
}


LONGEST_ALT_TEXT = 1000


def extension(name: str) -> str:
    """A file name's ending in lower case."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def mimetype(name: str) -> str:
    """The media type Slack would show."""
    return _TYPES.get(extension(name), "application/octet-stream")


@method("files.getUploadURLExternal", "files:write", tier=4)
def get_upload_url(call: Call) -> Json:
    """Step one: an address to post the bytes to."""
    name, length = call.text("filename"), call.number("length", 0)
    if not name:
        raise invalid_arguments("missing required field: filename", "/filename")
    if length < 1:
        raise invalid_arguments("must be greater than 0", "/length")
    if len(call.text("alt_txt")) > LONGEST_ALT_TEXT:
        raise SlackError("alt_txt_too_large")
    world, install = call.core.world, call.installed
    stored = StoredFile(
        world.new_id("F"),
        call.team.id,
        install.app_id,
        install.bot_user_id,
        name,
        length,
        world.epoch(),
        alt_text=call.text("alt_txt"),
        upload_token=world.new_secret(),
        secret=world.new_secret(5),
    )
    world.files[stored.id] = world.uploads[stored.upload_token] = stored
    address = f"{call.core.url}/upload/v1/{stored.upload_token}"
    return {"upload_url": address, "file_id": stored.id}


@method("files.completeUploadExternal", "files:write", tier=4)
def complete_upload(call: Call) -> Json:
    """Step three: make the files real, in channels or in none."""
    listed = call.data("files")
    if not isinstance(listed, list) or not listed:
        raise invalid_arguments("must provide an array", "/files")
    found = [_uploaded(call, item) for item in listed]
    channels = [call.channel(part) for part in _channel_ids(call) if part]
    for channel in channels:
        if call.installed.bot_user_id not in channel.members:
            raise SlackError("not_in_channel")
    for item, stored in zip(listed, found, strict=True):
        stored.title = str(item.get("title") or stored.name)
        stored.complete = True
        stored.ready_at = call.core.timing.monotonic() + call.core.timing.file_delay
        stored.channels.extend(channel.id for channel in channels)
        call.core.world.changed("file_shared", call.team.id, stored)
    shown = [file_json(call.core, stored) for stored in found]
    for channel in channels:
        _show(call, channel, shown)
    return {"files": shown}


def _show(call: Call, channel: Channel, files: list[Json]) -> None:
    """Write the message by which people see files that were shared with them."""
    install, world = call.installed, call.core.world
    message = world.new_message(
        call.team,
        channel,
        user=install.bot_user_id,
        bot_id=install.bot_id,
        app_id=install.app_id,
        text=call.text("initial_comment"),
        blocks=[],
        files=files,
    )
    world.post(call.team, channel, message)


def _channel_ids(call: Call) -> list[str]:
    return [call.text("channel_id"), *call.text("channels").split(",")]


def _uploaded(call: Call, item: Any) -> StoredFile:
    stored = call.core.world.files.get(str(item.get("id")) if isinstance(item, dict) else "")
    if stored is None or stored.team_id != call.team.id or stored.app_id != call.app.id:
        raise SlackError("file_not_found")
    if stored.content is None:
        raise SlackError("file_not_found")
    return stored


@method("files.info", "files:read", tier=4)
def info(call: Call) -> Json:
    """One file."""
    stored = call.core.world.files.get(call.text("file"))
    if stored is None or stored.team_id != call.team.id or not stored.complete:
        raise SlackError("file_not_found")
    return {"file": file_json(call.core, stored), "comments": [], "response_metadata": {}}


def file_json(core: Core, stored: StoredFile) -> Json:
    """A file as the Web API shows it."""
    url = core.file_url(stored.id, stored.secret)
    processed = core.timing.monotonic() >= stored.ready_at
    return {
        "id": stored.id,
        "created": stored.created,
        "timestamp": stored.created,
        "name": stored.name,
        "title": stored.title or stored.name,
        "mimetype": mimetype(stored.name) if processed else "",
        "filetype": extension(stored.name) if processed else "",
        "user": stored.owner,
        "user_team": stored.team_id,
        "editable": False,
        "size": len(stored.content or b""),
        "mode": "hosted",
        "is_external": False,
        "is_public": bool(stored.channels),
        "url_private": url,
        "url_private_download": url,
        "permalink": url,
        "channels": list(stored.channels),
        "groups": [],
        "ims": [],
        "alt_txt": stored.alt_text,
    }
