"""Slack's payloads, parsed once at the edge into frozen dataclasses.

Shapes: https://docs.slack.dev/reference/interaction-payloads and
https://docs.slack.dev/interactivity/implementing-slash-commands.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bot.domain.people import Actor
from bot.errors import NotOurs

Payload = Mapping[str, Any]
CLICK_KEY = ("block_id", "action_id", "action_ts")


@dataclass(frozen=True, slots=True)
class Origin:
    """Which installation a payload comes from; empty strings where Slack says nothing."""

    enterprise_id: str
    team_id: str
    app_id: str


@dataclass(frozen=True, slots=True)
class Fields:
    """What was filled into a form: one value per block, whatever the element."""

    values: Mapping[str, Payload] = field(default_factory=dict)

    def text(self, block_id: str) -> str:
        """Return typed text without surrounding white space, or the chosen option's value."""
        element = self.values.get(block_id, {})
        chosen = element.get("selected_option") or {}
        return str(element.get("value") or chosen.get("value") or "").strip()

    def chosen(self, block_id: str) -> tuple[str, ...]:
        """Return every chosen id or option value of a multi-select or checkbox group."""
        element = self.values.get(block_id, {})
        options = [option["value"] for option in element.get("selected_options") or []]
        for name in ("selected_users", "selected_channels", "selected_conversations"):
            options.extend(element.get(name) or [])
        return tuple(options)

    def one(self, block_id: str) -> str | None:
        """Return the chosen id of a single users, channels or conversations select."""
        element = self.values.get(block_id, {})
        for name in ("selected_user", "selected_channel", "selected_conversation"):
            if element.get(name):
                return str(element[name])
        return None

    def clock(self, block_id: str) -> str:
        """Return the chosen time of day as `HH:MM`, "" if there is none."""
        return str(self.values.get(block_id, {}).get("selected_time") or "")

    def date(self, block_id: str) -> date | None:
        """Return the chosen date."""
        chosen = self.values.get(block_id, {}).get("selected_date")
        return date.fromisoformat(chosen) if chosen else None


@dataclass(frozen=True, slots=True)
class Address:
    """Where an answer goes; a Slack-compatible server may give no `response_url`."""

    user_id: str
    channel_id: str
    response_url: str
    message_ts: str = ""
    """The message that was clicked, if it lasts: one that only the person sees has none."""


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command: `/buyin ask now` has the subcommand `ask` and the rest `now`."""

    actor: Actor
    subcommand: str
    rest: str
    channel_id: str
    trigger_id: str
    response_url: str
    key: str

    @property
    def address(self) -> Address:
        """Where the answer goes: where the command was typed."""
        return Address(self.actor.slack_user_id, self.channel_id, self.response_url)


@dataclass(frozen=True, slots=True)
class Click:
    """A click on an element of a message, a modal or the App Home."""

    actor: Actor
    action_id: str
    argument: str
    block_id: str
    value: str
    chosen: tuple[str, ...]
    channel_id: str | None
    message_ts: str | None
    is_ephemeral: bool
    view_id: str | None
    view_hash: str | None
    callback_id: str | None
    metadata: str
    fields: Fields
    trigger_id: str
    response_url: str | None
    key: str

    @property
    def address(self) -> Address:
        """Where the answer goes: where the click was made."""
        ts = "" if self.is_ephemeral else self.message_ts or ""
        who = self.actor.slack_user_id
        return Address(who, self.channel_id or "", self.response_url or "", ts)


@dataclass(frozen=True, slots=True)
class Submission:
    """A submitted modal."""

    actor: Actor
    callback_id: str
    view_id: str
    root_view_id: str
    view_hash: str
    metadata: str
    fields: Fields
    trigger_id: str
    key: str


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened in the workspace; `body` is the inner event."""

    workspace_id: int
    type: str
    body: Payload
    key: str


def origin_of(body: Payload) -> Origin:
    """Return the installation that `body` comes from.

    One for a whole organisation has no team: whose team a person is in says nothing about it.
    """
    installed: Payload = next(iter(body.get("authorizations") or ()), body)
    team = body.get("team")
    enterprise_id = (
        _id_of(installed.get("enterprise"))
        or installed.get("enterprise_id")
        or (team.get("enterprise_id") if isinstance(team, Mapping) else None)
    )
    if enterprise_id and installed.get("is_enterprise_install") in (True, "true"):
        team_id = None
    else:
        team_id = (
            (body.get("view") or {}).get("app_installed_team_id")
            or installed.get("team_id")
            or _id_of(team)
            or body.get("team_id")
            or _team_of(body.get("user"))
        )
    return Origin(str(enterprise_id or ""), str(team_id or ""), str(body.get("api_app_id") or ""))


def _id_of(named: Any) -> str | None:
    """Return the id in an object that Slack sends as one, or as the id alone."""
    return named.get("id") if isinstance(named, Mapping) else named


def _team_of(user: Any) -> str | None:
    return user.get("team_id") if isinstance(user, Mapping) else None


def parse_command(body: Payload, workspace_id: int) -> Command:
    """Return the slash command in `body`.

    Raises:
        NotOurs: if a documented field is missing.
    """
    words = str(body.get("text") or "").split(maxsplit=1)
    return Command(
        actor=Actor(workspace_id, _need(body, "user_id")),
        subcommand=words[0].lower() if words else "",
        rest=words[1] if len(words) > 1 else "",
        channel_id=str(body.get("channel_id") or ""),
        trigger_id=str(body.get("trigger_id") or ""),
        response_url=str(body.get("response_url") or ""),
        key=f"command:{body.get('trigger_id')}",
    )


def parse_click(body: Payload, workspace_id: int) -> Click:
    """Return the first click in `body` (Slack sends one at a time).

    Raises:
        NotOurs: if a documented field is missing.
    """
    if not body.get("actions"):
        raise NotOurs("a click without actions")
    action: Payload = body["actions"][0]
    view, container = body.get("view") or {}, body.get("container") or {}
    user_id = _need(body.get("user") or {}, "id")
    action_id, _, argument = _need(action, "action_id").partition(":")
    place = str(container.get("message_ts") or view.get("id") or "")
    state = (view or body).get("state") or {}
    return Click(
        actor=Actor(workspace_id, user_id),
        action_id=action_id,
        argument=argument,
        block_id=str(action.get("block_id") or ""),
        value=_value(action),
        chosen=Fields({"": action}).chosen(""),
        channel_id=container.get("channel_id") or (body.get("channel") or {}).get("id"),
        message_ts=container.get("message_ts"),
        is_ephemeral=bool(container.get("is_ephemeral")),
        view_id=view.get("id"),
        view_hash=view.get("hash"),
        callback_id=view.get("callback_id"),
        metadata=str(view.get("private_metadata") or ""),
        fields=_fields(state),
        trigger_id=str(body.get("trigger_id") or ""),
        response_url=body.get("response_url"),
        key=f"click:{user_id}:{place}:" + ":".join(str(action.get(name)) for name in CLICK_KEY),
    )


def parse_submission(body: Payload, workspace_id: int) -> Submission:
    """Return the submitted modal in `body`.

    Raises:
        NotOurs: if a documented field is missing.
    """
    view: Payload = body.get("view") or {}
    view_id, callback_id = _need(view, "id"), _need(view, "callback_id")
    return Submission(
        actor=Actor(workspace_id, _need(body.get("user") or {}, "id")),
        callback_id=callback_id,
        view_id=view_id,
        root_view_id=str(view.get("root_view_id") or view_id),
        view_hash=str(view.get("hash") or ""),
        metadata=str(view.get("private_metadata") or ""),
        fields=_fields(view.get("state") or {}),
        trigger_id=str(body.get("trigger_id") or ""),
        key=f"submission:{view_id}:{callback_id}",
    )


def parse_event(body: Payload, workspace_id: int) -> Event:
    """Return the event in `body`; without an id nothing tells it from another.

    Raises:
        NotOurs: if a documented field is missing that is needed.
    """
    event: Payload = body.get("event") or {}
    event_id = body.get("event_id")  # some Slack-compatible servers send none
    key = f"event:{event_id}" if event_id else ""
    return Event(workspace_id, _need(event, "type"), event, key)


def _fields(state: Payload) -> Fields:
    values: Mapping[str, Mapping[str, Payload]] = state.get("values") or {}
    return Fields({block: next(iter(held.values()), {}) for block, held in values.items()})


def _value(action: Payload) -> str:
    chosen = action.get("selected_option") or {}
    picked = (action.get(f"selected_{what}") for what in ("date", "time", "user", "channel"))
    return str(action.get("value") or chosen.get("value") or next(filter(None, picked), ""))


def _need(body: Payload, name: str) -> str:
    value = body.get(name)
    if not value:
        raise NotOurs(f"{name} is missing")
    return str(value)
