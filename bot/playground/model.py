"""What a Slack workspace is made of, as plain dataclasses without behaviour."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Json = dict[str, Any]
ChannelKind = Literal["public", "private", "im", "mpim"]
Mode = Literal["socket", "http"]


class SlackError(Exception):
    """An answer with ``ok: false``; ``extra`` lands in the body next to the code."""

    def __init__(self, code: str, **extra: Any) -> None:
        super().__init__(code)
        self.code = code
        self.extra: Json = extra

    def body(self) -> Json:
        """The answer's body as Slack writes it."""
        return {"ok": False, "error": self.code, **self.extra}


@dataclass(slots=True)
class Dnd:
    """One person's next do-not-disturb window."""

    enabled: bool = False
    start: int = 1
    end: int = 1


@dataclass(slots=True, eq=False)
class SlackUser:
    """A member of a workspace: a person, a guest or a bot user."""

    id: str
    team_id: str
    name: str
    real_name: str = ""
    display_name: str = ""
    title: str = ""
    email: str = ""
    tz: str = "UTC"
    locale: str = "en-US"
    is_bot: bool = False
    deleted: bool = False
    is_admin: bool = False
    is_owner: bool = False
    is_primary_owner: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_stranger: bool = False
    is_visible: bool = True
    app_id: str | None = None
    bot_id: str | None = None
    updated: int = 0
    dnd: Dnd = field(default_factory=Dnd)


@dataclass(slots=True, eq=False)
class Message:
    """One message with everything that ever happened to it."""

    ts: str
    channel: str
    team_id: str
    user: str
    text: str
    blocks: list[Json]
    seq: int
    bot_id: str | None = None
    app_id: str | None = None
    attachments: list[Json] = field(default_factory=list)
    files: list[Json] = field(default_factory=list)
    metadata: Json | None = None
    thread_ts: str | None = None
    ephemeral_to: str | None = None
    edited_ts: str | None = None
    deleted: bool = False
    history: list[Json] = field(default_factory=list)
    inputs: dict[str, Json] = field(default_factory=dict)

    def note(self, what: str, at: datetime) -> None:
        """Remember the present state as one step of the message's history."""
        self.history.append(
            {"what": what, "at": at.isoformat(), "text": self.text, "blocks": self.blocks}
        )


@dataclass(slots=True, eq=False)
class Channel:
    """A conversation: public or private channel, direct message, group message."""

    id: str
    team_id: str
    name: str
    kind: ChannelKind
    members: dict[str, None] = field(default_factory=dict)
    is_archived: bool = False
    creator: str = "USLACKBOT"
    created: int = 0
    topic: str = ""
    purpose: str = ""
    user: str | None = None
    app_id: str | None = None
    messages: dict[str, Message] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class UserGroup:
    """A user group (subteam) such as ``@designers``."""

    id: str
    team_id: str
    handle: str
    name: str
    members: list[str]
    disabled: bool = False
    updated: int = 0


@dataclass(slots=True, eq=False)
class View:
    """A modal or a Home view with what the person entered so far."""

    id: str
    team_id: str
    app_id: str
    bot_id: str
    user: str
    kind: Literal["modal", "home"]
    blocks: list[Json]
    hash: str
    title: Json | None = None
    submit: Json | None = None
    close: Json | None = None
    private_metadata: str = ""
    callback_id: str = ""
    external_id: str = ""
    clear_on_close: bool = False
    notify_on_close: bool = False
    root_view_id: str = ""
    previous_view_id: str | None = None
    inputs: Json = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    origin_channel: str | None = None
    is_open: bool = True
    history: list[Json] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class App:
    """An app as its maker configured it; one app may be installed in many workspaces."""

    id: str
    name: str
    signing_secret: str
    app_token: str
    verification_token: str
    client_id: str
    client_secret: str
    mode: Mode
    request_url: str | None
    events: frozenset[str] | None
    commands: frozenset[str]
    hints: dict[str, dict[str, str]] = field(default_factory=dict)
    messages_tab: bool = True
    home_tab: bool = True
    extra_urls: dict[str, str] = field(default_factory=dict)

    def url_for(self, kind: str) -> str | None:
        """The request URL of one kind of delivery (they may differ per kind)."""
        return self.extra_urls.get(kind, self.request_url)


@dataclass(slots=True, eq=False)
class Installation:
    """One app in one workspace: the tokens, the bot and what it may do."""

    app: App
    team_id: str
    enterprise_id: str | None
    bot_token: str
    bot_user_id: str
    bot_id: str
    scopes: frozenset[str]
    revoked: bool = False
    uninstalled: bool = False
    installed_by: str = "USLACKBOT"

    @property
    def app_id(self) -> str:
        """The app's id."""
        return self.app.id

    @property
    def app_token(self) -> str:
        """The app-level token for Socket Mode."""
        return self.app.app_token

    @property
    def signing_secret(self) -> str:
        """The secret that signs HTTP deliveries."""
        return self.app.signing_secret

    @property
    def provided(self) -> str:
        """The granted scopes as Slack lists them."""
        return ",".join(sorted(self.scopes))


@dataclass(slots=True, eq=False)
class Trigger:
    """A ``trigger_id``: may be exchanged once, within three seconds."""

    id: str
    app_id: str
    team_id: str
    user: str
    born: float
    channel: str | None = None
    view_id: str | None = None
    used: bool = False


@dataclass(slots=True, eq=False)
class ResponseUrl:
    """A ``response_url``: five uses within thirty minutes."""

    token: str
    install: Installation
    channel: str
    user: str
    born: datetime
    message_ts: str | None = None
    uses: int = 0


@dataclass(slots=True, eq=False)
class StoredFile:
    """An uploaded file on its way from upload URL to shared."""

    id: str
    team_id: str
    app_id: str
    owner: str
    name: str
    length: int
    created: int
    alt_text: str = ""
    title: str = ""
    content: bytes | None = None
    complete: bool = False
    ready_at: float = 0.0
    channels: list[str] = field(default_factory=list)
    upload_token: str = ""
    secret: str = ""

    @property
    def is_picture(self) -> bool:
        """Whether an image block may show it."""
        return self.name.lower().endswith((".png", ".jpg", ".jpeg", ".gif"))


@dataclass(slots=True, eq=False)
class Team:
    """A workspace and all that lives in it."""

    id: str
    name: str
    domain: str
    enterprise_id: str | None = None
    users: dict[str, SlackUser] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    groups: dict[str, UserGroup] = field(default_factory=dict)
    installs: dict[str, Installation] = field(default_factory=dict)
    direct: dict[tuple[str, str], str] = field(default_factory=dict)
    of_user: dict[str, dict[str, None]] = field(default_factory=dict)
    stacks: dict[str, list[View]] = field(default_factory=dict)
    homes: dict[tuple[str, str], View] = field(default_factory=dict)
    notices: dict[str, list[str]] = field(default_factory=dict)
    last_ts: int = 0


@dataclass(slots=True, frozen=True)
class Change:
    """One thing that happened, for pages and tests that follow live."""

    seq: int
    kind: str
    team_id: str
    subject: Any
