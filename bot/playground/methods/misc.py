"""``auth.test``, ``team.info``, ``apps.connections.open``, ``api.test``."""

from __future__ import annotations

from bot.playground.api import Call, method, open_method
from bot.playground.core import Core
from bot.playground.model import Json, SlackError


@open_method("api.test")
def api_test(core: Core, args: Json) -> Json:
    """Says that the API is there."""
    if args.get("error"):
        raise SlackError(str(args["error"]), args=args)
    return {"args": args} if args else {}


@open_method("oauth.v2.access")
def oauth_access(core: Core, args: Json) -> Json:
    """Exchange the code of an installation for its token."""
    app = next((a for a in core.world.apps.values() if a.client_id == args.get("client_id")), None)
    if app is None:
        raise SlackError("invalid_client_id")
    if args.get("client_secret") != app.client_secret:
        raise SlackError("bad_client_secret")
    install = core.world.codes.get(str(args.get("code")))
    if install is None or install.app is not app:
        raise SlackError("invalid_code")
    if not core.world.unused_codes.pop(str(args["code"]), None):
        raise SlackError("code_already_used")
    team = core.world.teams[install.team_id]
    enterprise = {"id": team.enterprise_id} if team.enterprise_id else None
    return {
        "app_id": app.id,
        "authed_user": {"id": install.installed_by},
        "scope": install.provided,
        "token_type": "bot",
        "access_token": install.bot_token,
        "bot_user_id": install.bot_user_id,
        "team": {"id": team.id, "name": team.name},
        "enterprise": enterprise,
        "is_enterprise_install": False,
    }


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
