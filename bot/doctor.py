"""The doctor: looks at everything that can be set up wrong, and says what to do about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.util import find_spec
from pathlib import Path

from bot import config
from bot.clock import Clock, SystemClock
from bot.config import MENDS, Mode, Settings
from bot.domain.outbox import State
from bot.errors import (
    BuyinError,
    ConfigurationError,
    SlackFailure,
    SlackInDoubt,
    SlackRetryLater,
)
from bot.gateway import Gateway, Identity
from storage import migrate, outbox
from storage.database import Database, SqliteDatabase, database_url, open_database
from storage.migrate import Schema

REQUIRED = {
    "chat:write": "send check-ins",
    "commands": "answer /buyin",
    "users:read": "know names and time zones",
}
"""Scopes without which the app is of no use, and what each is for."""

OPTIONAL = {
    "channels:read": "everyone in a public channel, and knowing whether we are inside",
    "groups:read": "everyone in a private channel",
    "usergroups:read": "user groups",
    "dnd:read": "do-not-disturb windows",
}
"""Scopes without which one ability is off, and which."""

PICTURES = "files:write"
"""The scope worth adding: the trend as a picture too, and calendar files without a public URL."""

GROUPS = "mpim:write"
"""The scope with which a group session gets a group message of its own at its time."""

EVENTS = frozenset(
    {
        "app_home_opened",
        "app_uninstalled",
        "dnd_updated_user",
        "member_joined_channel",
        "team_join",
        "tokens_revoked",
        "user_change",
    }
)
COMMAND = "/buyin"
LARGEST_SKEW = 60.0
"""Seconds between our clock and Slack's; signatures older than 300 are refused."""

MANIFEST = Path(__file__).parents[1] / "manifest.yml"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: `ok`, `note` or `broken`, and what to do if it is not ok."""

    subject: str
    state: str
    words: str
    mend: str = ""

    @property
    def is_broken(self) -> bool:
        """Whether the app cannot work like this."""
        return self.state == "broken"

    def line(self) -> str:
        """Return the finding as a line of text."""
        mend = f"\n          → {self.mend}" if self.mend else ""
        return f"{self.state:<7} {self.subject}: {self.words}{mend}"


def _ok(subject: str, words: str) -> Finding:
    return Finding(subject, "ok", words)


def _note(subject: str, words: str, mend: str) -> Finding:
    return Finding(subject, "note", words, mend)


def _broken(subject: str, words: str, mend: str) -> Finding:
    return Finding(subject, "broken", words, mend)


async def examine(
    environment: Mapping[str, str], mode: Mode = "socket", clock: Clock | None = None
) -> list[Finding]:
    """Return what was found, in the order in which one would mend it."""
    clock = clock or SystemClock()
    try:
        settings = config.read(environment, mode)
    except ConfigurationError as error:
        broken = [_broken("settings", problem, "See .env.example.") for problem in error.problems]
        return [*broken, *await _database_alone(environment), manifest()]
    return [
        _ok("settings", f"complete for mode {mode}"),
        *await _slack(settings, clock),
        *await database(settings.database_url),
        manifest(),
    ]


async def _database_alone(environment: Mapping[str, str]) -> list[Finding]:
    try:
        url = config.database_url(environment)
    except ConfigurationError:
        return []  # already said
    return await database(url)


async def _slack(settings: Settings, clock: Clock) -> list[Finding]:
    gateway = Gateway(settings.bot_token, settings.api_url)
    try:
        findings = await _bot_token(gateway, settings, clock)
        if settings.mode == "socket" and not any(finding.is_broken for finding in findings):
            findings.append(await _app_token(gateway, settings))
        return findings
    finally:
        await gateway.close()


async def _bot_token(gateway: Gateway, settings: Settings, clock: Clock) -> list[Finding]:
    try:
        identity = await gateway.auth_test()
    except SlackFailure as error:
        words = f"Slack does not accept SLACK_BOT_TOKEN ({error.code})"
        return [_broken("bot token", words, _sentence(MENDS["SLACK_BOT_TOKEN"]))]
    except (SlackRetryLater, SlackInDoubt):
        words = f"Slack cannot be reached at {settings.api_url}"
        return [_broken("Slack", words, "Check the network and SLACK_API_URL.")]
    where = identity.team or identity.team_id
    findings = [_ok("bot token", f"accepted in the workspace {where}"), *scopes(identity)]
    return [*findings, pictures(identity), skew(identity.server_time, clock.now())]


async def _app_token(gateway: Gateway, settings: Settings) -> Finding:
    try:
        await gateway.open_socket(settings.app_token)
    except SlackFailure as error:
        words = f"Slack does not accept SLACK_APP_TOKEN ({error.code})"
        return _broken("app token", words, _sentence(MENDS["SLACK_APP_TOKEN"]))
    except (SlackRetryLater, SlackInDoubt):
        return _broken("app token", "Slack did not answer", "Try again in a minute.")
    return _ok("app token", "opens a Socket Mode connection")


def scopes(identity: Identity) -> list[Finding]:
    """Return which scopes are missing, and what is off because of it."""
    granted = identity.scopes
    if granted is None:
        words = "the server does not tell which are granted"
        return [_note("scopes", words, "Missing ones show up in the log as ability_missing.")]
    mend = "Add it under OAuth & Permissions → Bot Token Scopes, then reinstall the app."
    findings = [
        _broken("scopes", f"{scope} is missing, which it takes to {purpose}", mend)
        for scope, purpose in REQUIRED.items()
        if scope not in granted
    ]
    findings += [
        _note("scopes", f"{scope} is missing, so this is off: {ability}", mend)
        for scope, ability in OPTIONAL.items()
        if scope not in granted
    ]
    return findings or [_ok("scopes", "all granted")]


def pictures(identity: Identity) -> Finding:
    """Return whether owners get the trend as a picture beside its words."""
    if find_spec("matplotlib") is None:
        words = "matplotlib is not installed, so the trend comes in words only"
        return _note("pictures", words, "Install what requirements.txt lists.")
    if identity.scopes is None:
        words = "the server does not tell whether it takes them"
        return _note("pictures", words, "Where it does not, the trend comes in words.")
    if PICTURES not in identity.scopes:
        words = (
            f"{PICTURES} is not granted, so the trend comes in words only, and talks come with a "
            "calendar file only where PUBLIC_URL is set"
        )
        return _note("pictures", words, "Nothing to do; or add it, then reinstall the app.")
    return _ok("pictures", "the trend comes as a picture too")


def skew(server_time: str | None, now: datetime) -> Finding:
    """Return whether our clock agrees with the server's Date header."""
    try:
        theirs = parsedate_to_datetime(server_time or "")
    except (ValueError, TypeError):
        return _note("clock", "the server does not tell its time", "Compare by hand.")
    if theirs.tzinfo is None:
        theirs = theirs.replace(tzinfo=UTC)
    seconds = abs((now - theirs).total_seconds())
    if seconds <= LARGEST_SKEW:
        return _ok("clock", "agrees with Slack's")
    words = f"this machine is {seconds:.0f} seconds off Slack's clock"
    return _broken("clock", words, "Turn on network time (NTP); Slack refuses old signatures.")


async def database(url: str) -> list[Finding]:
    """Return whether the database can be reached and has this release's schema."""
    if _is_new_file(url):
        return [_note("database", "a new file", "`buyin run` creates it; nothing to do.")]
    opened = open_database(url)
    try:
        schema = await opened.read(migrate.schema)
        doubtful = await _in_doubt(opened) if schema is Schema.CURRENT else []
    except Exception as error:
        reason = str(error) if isinstance(error, BuyinError) else type(error).__name__
        words = f"cannot be opened ({reason})"
        return [_broken("database", words, "Check DATABASE_URL and that the server runs.")]
    finally:
        await opened.close()
    if schema is Schema.CURRENT:
        return [_ok("database", "reachable and migrated"), *doubtful]
    if schema is Schema.UNKNOWN:
        return [_broken("database", "holds tables of another release", migrate.FOREIGN)]
    if schema is Schema.EMPTY and isinstance(opened, SqliteDatabase):
        return [_note("database", "is empty", "`buyin run` creates its tables; nothing to do.")]
    state = "is empty" if schema is Schema.EMPTY else "was made by an earlier release"
    return [_broken("database", state, "Run `buyin migrate`.")]


async def _in_doubt(opened: Database) -> list[Finding]:
    count = (await opened.read(outbox.count_by_state)).get(State.DOUBT.value, 0)
    if not count:
        return []
    are = "message is" if count == 1 else "messages are"
    words = f"{count} {are} in doubt: Slack's answer got lost, so nobody knows if they arrived"
    return [_note("messages", words, "Nothing to do; they are never sent twice.")]


def _is_new_file(url: str) -> bool:
    parsed = database_url(url)
    return parsed.get_backend_name() == "sqlite" and not Path(parsed.database or "").exists()


def manifest(path: Path = MANIFEST) -> Finding:
    """Return whether manifest.yml asks for what the code needs, no more and no less."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError:
        words = "manifest.yml is not here, as in an installed package"
        return _note("manifest", words, "Take it from the repository to create the app.")
    listed = {line.strip()[2:].split(" #")[0].strip() for line in lines if _is_entry(line)}
    wanted = {*REQUIRED, *OPTIONAL, *EVENTS, f"command: {COMMAND}"}
    if listed == wanted:
        return _ok("manifest", "asks for exactly what the code needs")
    lacking, extra = sorted(wanted - listed), sorted(listed - wanted)
    words = (
        f"lacks {', '.join(lacking) or 'nothing'}; has too much: {', '.join(extra) or 'nothing'}"
    )
    return _broken("manifest", words, "Take manifest.yml of this release.")


def _sentence(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}."


def _is_entry(line: str) -> bool:
    return line.strip().startswith("- ")
