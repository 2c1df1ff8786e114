"""How Slack writes users, channels, messages and views in JSON."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from .forms import state_values
from .model import Channel, Dnd, Installation, Json, Message, SlackUser, Team, UserGroup, View


def plain_text(text: str) -> Json:
    """A ``plain_text`` object."""
    return {"type": "plain_text", "text": text, "emoji": True}


def user_json(user: SlackUser, now: datetime, scopes: frozenset[str], locale: bool) -> Json:
    """A user as ``users.info`` and ``user_change`` show it."""
    local = now.astimezone(ZoneInfo(user.tz))
    offset = local.utcoffset()
    body: Json = {
        "id": user.id,
        "team_id": user.team_id,
        "name": user.name,
        "deleted": user.deleted,
        "profile": _profile(user, scopes),
        "is_bot": user.is_bot,
        "is_app_user": False,
        "updated": user.updated,
    }
    if not user.deleted:
        body |= _active_fields(user)
        body |= {"tz": user.tz, "tz_label": local.tzname() or user.tz}
        body["tz_offset"] = int(offset.total_seconds()) if offset else 0
    if user.is_stranger:
        body["is_stranger"] = True
    if locale:
        body["locale"] = user.locale
    return body


def _active_fields(user: SlackUser) -> Json:
    return {
        "color": "4bbe2e",
        "real_name": user.real_name,
        "is_admin": user.is_admin,
        "is_owner": user.is_owner,
        "is_primary_owner": user.is_primary_owner,
        "is_restricted": user.is_restricted,
        "is_ultra_restricted": user.is_ultra_restricted,
        "is_email_confirmed": not user.is_bot,
        "who_can_share_contact_card": "EVERYONE",
    }


def _profile(user: SlackUser, scopes: frozenset[str]) -> Json:
    profile: Json = {
        "real_name": user.real_name,
        "real_name_normalized": user.real_name,
        "display_name": user.display_name,
        "display_name_normalized": user.display_name,
        "title": user.title,
        "team": user.team_id,
        "avatar_hash": "g0000000000",
        "status_text": "",
        "status_emoji": "",
    }
    if user.bot_id:
        profile |= {"bot_id": user.bot_id, "api_app_id": user.app_id}
    if user.email and "users:read.email" in scopes:
        profile["email"] = user.email
    return profile


def channel_json(channel: Channel, viewer: str | None = None) -> Json:
    """A conversation as ``conversations.info`` shows it."""
    kind = channel.kind
    if kind == "im":
        return {
            "id": channel.id,
            "created": channel.created,
            "is_archived": channel.is_archived,
            "is_im": True,
            "is_org_shared": False,
            "context_team_id": channel.team_id,
            "user": channel.user,
            "is_user_deleted": False,
            "priority": 0,
        }
    return {
        "id": channel.id,
        "name": channel.name,
        "name_normalized": channel.name,
        "created": channel.created,
        "creator": channel.creator,
        "is_channel": kind == "public",
        "is_group": kind == "private",
        "is_im": False,
        "is_mpim": kind == "mpim",
        "is_private": kind != "public",
        "is_archived": channel.is_archived,
        "is_general": False,
        "is_shared": False,
        "is_ext_shared": False,
        "is_org_shared": False,
        "is_pending_ext_shared": False,
        "is_member": viewer in channel.members,
        "context_team_id": channel.team_id,
        "topic": {"value": channel.topic, "creator": "", "last_set": 0},
        "purpose": {"value": channel.purpose, "creator": "", "last_set": 0},
        "num_members": len(channel.members),
    }


def channel_stub(channel: Channel) -> Json:
    """The short form that interaction payloads carry."""
    names = {"im": "directmessage", "private": "privategroup", "mpim": "mpdm"}
    return {"id": channel.id, "name": names.get(channel.kind, channel.name)}


def group_json(group: UserGroup, with_users: bool) -> Json:
    """A user group."""
    body: Json = {
        "id": group.id,
        "team_id": group.team_id,
        "is_usergroup": True,
        "is_subteam": True,
        "name": group.name,
        "description": "",
        "handle": group.handle,
        "is_external": False,
        "date_create": group.updated,
        "date_update": group.updated,
        "date_delete": group.updated if group.disabled else 0,
        "user_count": len(group.members),
    }
    if with_users:
        body["users"] = list(group.members)
    return body


def dnd_json(dnd: Dnd) -> Json:
    """A do-not-disturb status; a colleague's snooze is never in it."""
    return {
        "dnd_enabled": dnd.enabled,
        "next_dnd_start_ts": dnd.start,
        "next_dnd_end_ts": dnd.end,
    }


def message_json(message: Message, install: Installation | None = None) -> Json:
    """A message as the Web API and interaction payloads show it."""
    body: Json = {
        "type": "message",
        "user": message.user,
        "ts": message.ts,
        "text": message.text,
        "team": message.team_id,
    }
    if message.bot_id:
        body |= {"bot_id": message.bot_id, "app_id": message.app_id}
    if install is not None and message.bot_id == install.bot_id:
        body["bot_profile"] = bot_profile(install)
    if message.blocks:
        body["blocks"] = message.blocks
    for name in ("attachments", "files", "metadata", "thread_ts"):
        value: Any = getattr(message, name)
        if value:
            body[name] = value
    if message.edited_ts:
        body["edited"] = {"user": message.bot_id or message.user, "ts": message.edited_ts}
    return body


def bot_profile(install: Installation) -> Json:
    """The bot as messages carry it."""
    return {
        "id": install.bot_id,
        "deleted": install.uninstalled,
        "name": install.app.name,
        "updated": 0,
        "app_id": install.app_id,
        "user_id": install.bot_user_id,
        "icons": {},
        "team_id": install.team_id,
    }


def view_json(view: View) -> Json:
    """A view with its state, as the Web API and view payloads show it."""
    return {
        "id": view.id,
        "team_id": view.team_id,
        "type": view.kind,
        "blocks": view.blocks,
        "private_metadata": view.private_metadata,
        "callback_id": view.callback_id,
        "state": {"values": state_values(view.blocks, view.inputs)},
        "hash": view.hash,
        "title": view.title or plain_text("View Title"),
        "clear_on_close": view.clear_on_close,
        "notify_on_close": view.notify_on_close,
        "close": view.close,
        "submit": view.submit,
        "previous_view_id": view.previous_view_id,
        "root_view_id": view.root_view_id or view.id,
        "app_id": view.app_id,
        "external_id": view.external_id,
        "app_installed_team_id": view.team_id,
        "bot_id": view.bot_id,
    }


def team_json(team: Team) -> Json:
    """The short form that interaction payloads carry."""
    return {"id": team.id, "domain": team.domain}
