"""The payloads Slack sends to an app, field by field."""

from __future__ import annotations

from typing import Any

from .core import Core
from .forms import STATE_FIELD, Found, state_values
from .model import Channel, Installation, Json, Message, SlackUser, Team, View
from .objects import channel_stub, message_json, team_json, view_json


def enterprise(team: Team) -> Json | None:
    """The organisation a workspace belongs to, if any."""
    if team.enterprise_id is None:
        return None
    return {"id": team.enterprise_id, "name": f"{team.name} Org"}


def _person(user: SlackUser) -> Json:
    return {"id": user.id, "username": user.name, "name": user.name, "team_id": user.team_id}


def _interaction(install: Installation, team: Team, user: SlackUser, kind: str) -> Json:
    return {
        "type": kind,
        "team": team_json(team),
        "user": _person(user),
        "api_app_id": install.app_id,
        "token": install.app.verification_token,
        "enterprise": enterprise(team),
        "is_enterprise_install": False,
    }


def slash_command(
    core: Core, install: Installation, user: SlackUser, channel: Channel, command: str, text: str
) -> dict[str, str]:
    """The form fields of a slash command."""
    team = core.world.teams[install.team_id]
    fields = {
        "token": install.app.verification_token,
        "team_id": team.id,
        "team_domain": team.domain,
        "channel_id": channel.id,
        "channel_name": channel_stub(channel)["name"],
        "user_id": user.id,
        "user_name": user.name,
        "command": command,
        "text": text,
        "api_app_id": install.app_id,
        "is_enterprise_install": "false",
        "response_url": core.new_response_url(install, user.id, channel.id, "commands"),
        "trigger_id": core.new_trigger(install, user.id, channel.id).id,
    }
    if team.enterprise_id is not None:
        fields |= {"enterprise_id": team.enterprise_id, "enterprise_name": f"{team.name} Org"}
    return fields


def action(core: Core, team: Team, found: Found, state: Json | None) -> Json:
    """One entry of ``actions``."""
    element = found.element
    kind = element["type"]
    body: Json = {"type": kind, "action_id": found.action_id, "block_id": found.block_id}
    copied: tuple[str, ...] = ()
    if kind in ("button", "workflow_button"):
        copied = ("text", "value", "style", "url")
    elif kind == "overflow":
        body["selected_option"] = found.option
    else:
        name, initial = STATE_FIELD[kind]
        body[name] = (state or {}).get(name)
        copied = ("placeholder", initial, "timezone")
    body |= {name: element[name] for name in copied if element.get(name) is not None}
    if "confirm" in element:
        body["confirm"] = element["confirm"]
    return {**body, "action_ts": core.world.new_ts(team)}


def message_actions(
    core: Core,
    install: Installation,
    user: SlackUser,
    message: Message,
    action_body: Json,
) -> Json:
    """``block_actions`` from a message."""
    team = core.world.teams[install.team_id]
    channel = team.channels[message.channel]
    ephemeral = message.ephemeral_to is not None
    body = _interaction(install, team, user, "block_actions")
    body["container"] = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": ephemeral,
    }
    body["trigger_id"] = core.new_trigger(install, user.id, channel.id).id
    body["channel"] = channel_stub(channel)
    if not ephemeral:
        body["message"] = message_json(message, install)
    inputs = message.inputs.get(user.id, {})
    body["state"] = {"values": state_values(message.blocks, inputs)}
    body["response_url"] = core.new_response_url(
        install, user.id, channel.id, "actions", message.ts
    )
    return {**body, "actions": [action_body]}


def view_actions(
    core: Core, install: Installation, user: SlackUser, view: View, action_body: Json
) -> Json:
    """``block_actions`` from a modal or the Home tab."""
    team = core.world.teams[install.team_id]
    body = _interaction(install, team, user, "block_actions")
    body["container"] = {"type": "view", "view_id": view.id}
    body["trigger_id"] = core.new_trigger(install, user.id, None, view.id).id
    body["view"] = view_json(view)
    return {**body, "actions": [action_body]}


def view_submission(core: Core, install: Installation, user: SlackUser, view: View) -> Json:
    """``view_submission``, with ``response_urls`` for the channels chosen in the form."""
    team = core.world.teams[install.team_id]
    body = _interaction(install, team, user, "view_submission")
    body["trigger_id"] = core.new_trigger(install, user.id, None, view.id).id
    body["view"] = view_json(view)
    return {**body, "response_urls": _response_urls(core, install, user, view)}


def _response_urls(core: Core, install: Installation, user: SlackUser, view: View) -> list[Json]:
    values = state_values(view.blocks, view.inputs)
    urls: list[Json] = []
    for block in view.blocks:
        element = block.get("element") or {}
        if not element.get("response_url_enabled"):
            continue
        state = values[block["block_id"]][element["action_id"]]
        channel = state[STATE_FIELD[element["type"]][0]]
        if channel:
            url = core.new_response_url(install, user.id, channel, "app")
            urls.append(_response_url(block["block_id"], element["action_id"], channel, url))
    return urls


def _response_url(block_id: str, action_id: str, channel: str, url: str) -> Json:
    return {
        "block_id": block_id,
        "action_id": action_id,
        "channel_id": channel,
        "response_url": url,
    }


def view_closed(
    core: Core, install: Installation, user: SlackUser, view: View, cleared: bool
) -> Json:
    """``view_closed``."""
    team = core.world.teams[install.team_id]
    body = _interaction(install, team, user, "view_closed")
    return {**body, "view": view_json(view), "is_cleared": cleared}


def block_suggestion(
    core: Core,
    install: Installation,
    user: SlackUser,
    found: Found,
    query: str,
    target: Message | View,
) -> Json:
    """``block_suggestion`` for an external select."""
    team = core.world.teams[install.team_id]
    body = _interaction(install, team, user, "block_suggestion")
    body |= {"action_id": found.action_id, "block_id": found.block_id, "value": query}
    if isinstance(target, View):
        container: Json = {"type": "view", "view_id": target.id}
        body["view"] = view_json(target)
    else:
        container = {
            "type": "message",
            "message_ts": target.ts,
            "channel_id": target.channel,
            "is_ephemeral": target.ephemeral_to is not None,
        }
        body["channel"] = channel_stub(team.channels[target.channel])
        body["message"] = message_json(target, install)
    return {**body, "container": container}


def event(core: Core, install: Installation, inner: Json) -> Json:
    """The Events API envelope around one event."""
    team = core.world.teams[install.team_id]
    stamped = {**inner, "event_ts": core.world.new_ts(team)}
    authorization: Json = {
        "enterprise_id": team.enterprise_id,
        "team_id": team.id,
        "user_id": install.bot_user_id,
        "is_bot": True,
        "is_enterprise_install": False,
    }
    gone: Any = inner["type"] in ("app_uninstalled", "tokens_revoked")
    return {
        "token": install.app.verification_token,
        "team_id": team.id,
        "context_team_id": team.id,
        "context_enterprise_id": team.enterprise_id,
        "enterprise_id": team.enterprise_id,
        "api_app_id": install.app_id,
        "event": stamped,
        "type": "event_callback",
        "event_id": core.world.new_id("Ev"),
        "event_time": core.world.epoch(),
        "authorizations": [] if gone else [authorization],
        "is_ext_shared_channel": False,
        "event_context": f"4-{core.world.new_secret(12)}",
    }
