"""``users.*``, ``usergroups.*``, ``dnd.*`` and ``bots.info``: who is there."""

from __future__ import annotations

from bot.playground.api import Call, method
from bot.playground.model import Json, SlackError, SlackUser
from bot.playground.objects import dnd_json, group_json, user_json

from .paging import page

DND_USERS = 50


def _json(call: Call, user: SlackUser) -> Json:
    scopes = call.installed.scopes
    return user_json(user, call.core.world.now(), scopes, call.flag("include_locale"))


@method("users.list", "users:read", tier=2)
def list_users(call: Call) -> Json:
    """Everybody, page by page; all at once without a limit, as Slack does."""
    everybody = [user for user in call.team.users.values() if user.is_visible]
    default = min(max(len(everybody), 1), 1000)
    found, metadata = page(call, everybody, default)
    return {
        "members": [_json(call, user) for user in found],
        "cache_ts": call.core.world.epoch(),
        "response_metadata": metadata,
    }


@method("users.info", "users:read", tier=4)
def info(call: Call) -> Json:
    """One person."""
    return {"user": _json(call, call.user(call.text("user")))}


@method("usergroups.list", "usergroups:read", tier=2)
def list_groups(call: Call) -> Json:
    """The user groups."""
    groups = list(call.team.groups.values())
    if not call.flag("include_disabled"):
        groups = [group for group in groups if not group.disabled]
    return {"usergroups": [group_json(group, call.flag("include_users")) for group in groups]}


@method("usergroups.users.list", "usergroups:read", tier=2)
def group_members(call: Call) -> Json:
    """Who is in a user group."""
    group = call.team.groups.get(call.text("usergroup"))
    if group is None or (group.disabled and not call.flag("include_disabled")):
        raise SlackError("no_such_subteam")
    return {"users": list(group.members)}


@method("dnd.info", "dnd:read", tier=3)
def dnd_info(call: Call) -> Json:
    """One person's do-not-disturb status."""
    user = call.user(call.text("user") or call.installed.bot_user_id)
    return dnd_json(user.dnd)


@method("dnd.teamInfo", "dnd:read", tier=2)
def dnd_team_info(call: Call) -> Json:
    """The do-not-disturb status of up to fifty people."""
    ids = [part.strip() for part in call.text("users").split(",") if part.strip()]
    if not ids:
        raise SlackError("no_users_provided")
    if len(ids) > DND_USERS:
        raise SlackError("too_many_users")
    known = [call.team.users[user_id] for user_id in ids if user_id in call.team.users]
    return {"users": {user.id: dnd_json(user.dnd) for user in known}}


@method("bots.info", "users:read", tier=3)
def bot_info(call: Call) -> Json:
    """A bot by its ``B…`` id."""
    for install in call.team.installs.values():
        if install.bot_id == call.text("bot"):
            bot = {
                "id": install.bot_id,
                "deleted": install.uninstalled,
                "name": install.app.name,
                "updated": 0,
                "app_id": install.app_id,
                "user_id": install.bot_user_id,
                "icons": {},
            }
            return {"bot": bot}
    raise SlackError("bot_not_found")
