"""What one person's messenger shows, as JSON for the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .forms import state_values
from .model import Channel, Installation, Json, Message, SlackUser, Team, View
from .mrkdwn import user_name
from .objects import view_json

if TYPE_CHECKING:
    from .drivers import UserDriver
    from .world import World

PAGE_OF_MESSAGES = 60
MOST_MESSAGES = 500


def snapshot(world: World, eyes: UserDriver, marks: dict[str, str]) -> Json:
    """Everything but the messages: people, conversations, apps, open views.

    ``marks`` holds the ``ts`` up to which each conversation was read.
    """
    team = eyes.team
    apps = [_app(world, install, eyes.user) for install in team.installs.values()]
    return {
        "now": world.now().timestamp(),
        "team": {"id": team.id, "name": team.name},
        "me": eyes.id,
        "people": [person(user, team) for user in team.users.values()],
        "groups": [{"id": group.id, "handle": group.handle} for group in team.groups.values()],
        "channels": [
            _channel(channel, eyes, marks.get(channel.id, ""))
            for channel in team.channels.values()
            if _visible(channel, eyes.id)
        ],
        "apps": apps,
        "stack": stack(eyes),
        "homes": {app["app_id"]: home(team, app["app_id"], eyes.id) for app in apps},
    }


def person(user: SlackUser, team: Team) -> Json:
    """A member of the workspace."""
    return {
        "id": user.id,
        "name": user_name(user.id, team),
        "real_name": user.real_name,
        "title": user.title,
        "tz": user.tz,
        "locale": user.locale,
        "is_bot": user.is_bot or user.id == "USLACKBOT",
        "deleted": user.deleted,
        "app_id": user.app_id,
    }


def _visible(channel: Channel, user_id: str) -> bool:
    return channel.kind == "public" or user_id in channel.members


def _channel(channel: Channel, eyes: UserDriver, mark: str) -> Json:
    return {
        "id": channel.id,
        "name": channel.name,
        "kind": channel.kind,
        "topic": channel.topic or channel.purpose,
        "is_archived": channel.is_archived,
        "is_member": eyes.id in channel.members,
        "members": list(channel.members),
        "app_id": channel.app_id,
        "unread": unread(channel, eyes, mark),
    }


def unread(channel: Channel, eyes: UserDriver, mark: str) -> int:
    """How many messages of others came after ``mark`` (a ``ts``)."""
    if eyes.id not in channel.members:
        return 0
    number = 0
    for message in reversed(channel.messages.values()):
        if message.ts <= mark:
            break
        number += eyes.sees(message) and message.user != eyes.id
    return number


def _app(world: World, install: Installation, user: SlackUser) -> Json:
    return {
        "app_id": install.app_id,
        "name": install.app.name,
        "bot_user_id": install.bot_user_id,
        "channel": world.direct(install, user).id,
        "home_tab": install.app.home_tab,
        "messages_tab": install.app.messages_tab,
        "uninstalled": install.uninstalled,
        "commands": [
            {"command": name, **install.app.hints.get(name, {})}
            for name in sorted(install.app.commands)
        ],
    }


# -- messages ----------------------------------------------------------------------------------


def message(found: Message, eyes: UserDriver, replies: int = 0) -> Json:
    """One message with what this person chose in it; ``replies`` counts its thread."""
    return {
        "ts": found.ts,
        "channel": found.channel,
        "user": found.user,
        "app_id": found.app_id,
        "text": found.text,
        "blocks": found.blocks,
        "attachments": [str(item.get("fallback") or "") for item in found.attachments],
        "files": [{"id": item["id"], "name": item["name"]} for item in found.files],
        "thread_ts": found.thread_ts,
        "replies": replies,
        "ephemeral": found.ephemeral_to is not None,
        "values": state_values(found.blocks, found.inputs.get(eyes.id, {})),
    }


def messages(eyes: UserDriver, channel: str, query: Json) -> Json:
    """One screenful: the newest, or those ``before``, ``after`` or ``from`` a ``ts``.

    ``thread`` asks for a thread's root and replies instead.
    """
    seen = eyes.messages(channel)
    counts: dict[str, int] = {}
    for one in seen:
        if one.thread_ts is not None:
            counts[one.thread_ts] = counts.get(one.thread_ts, 0) + 1
    thread = query.get("thread")
    if thread:
        shown = [one for one in seen if thread in (one.ts, one.thread_ts)]
        return _screen(eyes, shown, counts, 0, len(shown))
    roots = [one for one in seen if one.thread_ts in (None, one.ts)]
    return _screen(eyes, roots, counts, *_range([one.ts for one in roots], query))


def _range(stamps: list[str], query: Json) -> tuple[int, int]:
    most = max(1, min(int(query.get("limit", PAGE_OF_MESSAGES)), MOST_MESSAGES))
    if "before" in query:
        end = sum(ts < query["before"] for ts in stamps)
        return max(0, end - most), end
    if "after" in query or "from" in query:
        first = query.get("from", "")
        start = sum(ts < first if first else ts <= query["after"] for ts in stamps)
        return start, min(len(stamps), start + most)
    return max(0, len(stamps) - most), len(stamps)


def _screen(
    eyes: UserDriver, listed: list[Message], counts: dict[str, int], start: int, end: int
) -> Json:
    return {
        "messages": [message(one, eyes, counts.get(one.ts, 0)) for one in listed[start:end]],
        "older": start > 0,
        "newer": end < len(listed),
    }


# -- views -------------------------------------------------------------------------------------


def view(found: View) -> Json:
    """A modal or Home view with its errors."""
    return {**view_json(found), "errors": found.errors}


def stack(eyes: UserDriver) -> list[Json]:
    """The open modals, the top one last."""
    return [view(one) for one in eyes.stack]


def home(team: Team, app_id: str, user_id: str) -> Any:
    """An app's Home view, or None while it published none."""
    found = team.homes.get((app_id, user_id))
    return None if found is None else view(found)
