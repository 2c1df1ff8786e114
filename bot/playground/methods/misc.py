"""``auth.test``, ``team.info``, ``apps.connections.open``, ``api.test``."""

from __future__ import annotations

from bot.playground.api import Call, method
from bot.playground.model import Json, SlackError


@method("api.test", token="none", tier=4)  # noqa: S106 - a kind of token
def api_test(call: Call) -> Json:
    """Says that the API is there."""
    return {}


@method("auth.test", tier=0)
def auth_test(call: Call) -> Json:
    """Whose token this is."""
    install, team = call.installed, call.team
    return {
        "url": f"https://{team.domain}.slack.com/",
        "team": team.name,
        "user": team.users[install.bot_user_id].name,
        "team_id": team.id,
        "user_id": install.bot_user_id,
        "bot_id": install.bot_id,
        "enterprise_id": team.enterprise_id,
        "is_enterprise_install": False,
    }


@method("team.info", "team:read", tier=3)
def team_info(call: Call) -> Json:
    """The workspace."""
    team = call.team
    body: Json = {
        "id": team.id,
        "name": team.name,
        "url": f"https://{team.domain}.slack.com/",
        "domain": team.domain,
        "email_domain": "",
        "icon": {"image_default": True},
    }
    if team.enterprise_id:
        body |= {"enterprise_id": team.enterprise_id, "enterprise_name": f"{team.name} Org"}
    return {"team": body}


@method("apps.connections.open", tier=1, token="app")  # noqa: S106 - a kind of token
def connections_open(call: Call) -> Json:
    """A one-time WebSocket address for Socket Mode."""
    if call.app.mode != "socket":
        raise SlackError("forbidden_team")
    return {"url": call.sockets.ticket_url(call.app)}
