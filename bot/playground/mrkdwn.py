"""What a person reads of Slack's mrkdwn: mentions, links, dates and entities resolved."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from .model import Team

_TOKEN = re.compile(r"<([^<>]+)>")
_DATE_PART = re.compile(r"\{(\w+)\}")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


def readable(text: str, team: Team, viewer: str | None = None) -> str:
    """One piece of mrkdwn as plain text for somebody in the workspace."""
    shown = _TOKEN.sub(lambda match: _token(match.group(1), team, viewer), text)
    return unescape(shown)


def unescape(text: str) -> str:
    """Slack's three entities as characters."""
    for entity, character in _ENTITIES:
        text = text.replace(entity, character)
    return text


def _token(inner: str, team: Team, viewer: str | None) -> str:
    target, _, label = inner.partition("|")
    if target.startswith("@"):
        return "@" + user_name(target[1:], team)
    if target.startswith("#"):
        return "#" + channel_name(target[1:], team)
    if target.startswith("!subteam^"):
        return "@" + group_name(target[9:], team)
    if target.startswith("!date^"):
        return date_text(target[6:], label, team, viewer)
    if target.startswith("!"):
        return "@" + (label or target[1:])
    return f"{label} ({target})" if label and label != target else target


def user_name(user_id: str, team: Team) -> str:
    """How a person is called in a mention."""
    user = team.users.get(user_id)
    return (user.display_name or user.real_name or user.name) if user else user_id


def channel_name(channel_id: str, team: Team) -> str:
    """A channel's name."""
    channel = team.channels.get(channel_id)
    return channel.name if channel else channel_id


def group_name(group_id: str, team: Team) -> str:
    """A user group's handle."""
    group = team.groups.get(group_id)
    return group.handle if group else group_id


def date_text(spec: str, fallback: str, team: Team, viewer: str | None) -> str:
    """``<!date^…>`` in the viewer's time zone; the fallback when it cannot be read."""
    parts = spec.split("^")
    person = team.users.get(viewer or "")
    zone = ZoneInfo(person.tz if person else "UTC")
    try:
        moment = datetime.fromtimestamp(int(parts[0]), UTC).astimezone(zone)
    except ValueError:
        return fallback
    form = parts[1] if len(parts) > 1 else "{date_num}"
    return _DATE_PART.sub(lambda match: _date_part(match.group(1), moment), form)


def _date_part(name: str, moment: datetime) -> str:
    day = str(moment.day)
    clock = moment.strftime("%I:%M %p").lstrip("0")
    forms = {
        "date_num": moment.strftime("%Y-%m-%d"),
        "date_slash": moment.strftime("%m/%d/%Y"),
        "date": f"{moment:%B} {day}, {moment:%Y}",
        "date_short": f"{moment:%b} {day}, {moment:%Y}",
        "date_long": f"{moment:%A}, {moment:%B} {day}, {moment:%Y}",
        "time": clock,
        "time_secs": moment.strftime("%I:%M:%S %p").lstrip("0"),
        "day_divider_pretty": f"{moment:%A}, {moment:%B} {day}",
    }
    return forms.get(name.removesuffix("_pretty"), forms.get(name, "{" + name + "}"))
