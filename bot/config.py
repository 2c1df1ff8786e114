"""Settings: read once from a mapping, checked all at once, frozen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from bot import holidays
from bot.errors import ConfigurationError

Mode = Literal["socket", "http"]

SLACK_API_URL = "https://slack.com/api/"
DATABASE_URL = "sqlite:///buyin.db"
SWITCH = ("on", "off")
LEAST_SECRET = 24
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")

MENDS = {
    "SLACK_BOT_TOKEN": (
        "install the app and copy the Bot User OAuth Token under OAuth & Permissions"
    ),
    "SLACK_APP_TOKEN": (
        "create one under Basic Information → App-Level Tokens with connections:write"
    ),
    "SLACK_SIGNING_SECRET": ("copy the Signing Secret under Basic Information → App Credentials"),
}
"""Where to get what is missing or wrong."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that is set from outside; secrets stay out of `repr`."""

    bot_token: str = field(repr=False)
    app_token: str = field(repr=False)
    signing_secret: str = field(repr=False)
    api_url: str
    database_url: str = field(repr=False)
    """May hold a password."""
    host: str
    port: int
    log_level: str
    mode: Mode
    person_estimates: bool = True
    """Whether standings of people are estimated at all."""
    secret_key: str = field(default="", repr=False)
    """Encrypts addresses of calendars and links to talks."""
    public_url: str = ""
    """Where people's browsers reach the app, "" if they don't."""
    holidays: str | None = None
    """Where the public holidays are of whoever chose none: DE, or DE-BY."""


def read(environment: Mapping[str, str], mode: Mode = "socket") -> Settings:
    """Return the settings for `mode`.

    Raises:
        ConfigurationError: with every mistake at once, each with where to get the right value.
    """
    given = {name: value.strip() for name, value in environment.items()}
    problems = [
        *_token(given, "SLACK_BOT_TOKEN", "xoxb-"),
        *(_token(given, "SLACK_APP_TOKEN", "xapp-") if mode == "socket" else ()),
        *(_secret(given) if mode == "http" else ()),
        *_api_url(given),
        *_database_url(given),
        *_port(given),
        *_log_level(given),
        *_person_estimates(given),
        *_holidays(given),
        *_secret_key(given),
        *_public_url(given),
    ]
    if problems:
        raise ConfigurationError(problems)
    return Settings(
        bot_token=given["SLACK_BOT_TOKEN"],
        app_token=given.get("SLACK_APP_TOKEN", ""),
        signing_secret=given.get("SLACK_SIGNING_SECRET", ""),
        api_url=(given.get("SLACK_API_URL") or SLACK_API_URL).rstrip("/") + "/",
        database_url=given.get("DATABASE_URL") or DATABASE_URL,
        host=given.get("HOST") or "127.0.0.1",
        port=int(given.get("PORT") or 3000),
        log_level=(given.get("LOG_LEVEL") or "INFO").upper(),
        mode=mode,
        person_estimates=_switch(given) == "on",
        secret_key=given.get("SECRET_KEY") or given["SLACK_BOT_TOKEN"],
        public_url=given.get("PUBLIC_URL", "").rstrip("/"),
        holidays=holidays.find(given["HOLIDAYS"]) if given.get("HOLIDAYS") else None,
    )


def database_url(environment: Mapping[str, str]) -> str:
    """Return the database's address alone, for commands that need no Slack.

    Raises:
        ConfigurationError: if it names no database we can use.
    """
    given = {name: value.strip() for name, value in environment.items()}
    if problems := _database_url(given):
        raise ConfigurationError(problems)
    return given.get("DATABASE_URL") or DATABASE_URL


def _token(given: Mapping[str, str], name: str, prefix: str) -> list[str]:
    value, mend = given.get(name, ""), MENDS[name]
    if value in ("", prefix):
        return [f"{name} is missing: {mend}."]
    if not value.startswith(prefix):
        return [f"{name} does not start with {prefix}, so it is another kind of token: {mend}."]
    return []


def _secret(given: Mapping[str, str]) -> list[str]:
    value, mend = given.get("SLACK_SIGNING_SECRET", ""), MENDS["SLACK_SIGNING_SECRET"]
    if not value:
        return [f"SLACK_SIGNING_SECRET is missing, and HTTP mode needs it: {mend}."]
    if value.startswith(("xoxb-", "xapp-")):
        return [f"SLACK_SIGNING_SECRET holds a token: {mend}."]
    return []


def _api_url(given: Mapping[str, str]) -> list[str]:
    value = given.get("SLACK_API_URL") or SLACK_API_URL
    try:
        parts = urlsplit(value)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        usable = False
    if usable:
        return []
    return [f"SLACK_API_URL is not a web address: leave it out to use {SLACK_API_URL}."]


def _database_url(given: Mapping[str, str]) -> list[str]:
    value = given.get("DATABASE_URL") or DATABASE_URL
    scheme, separator, rest = value.partition("://")
    if separator and rest and scheme.partition("+")[0] in ("sqlite", "postgresql", "postgres"):
        return []
    return [
        "DATABASE_URL names no database we can use: set sqlite:///file.db or "
        "postgresql://user:password@host/name."
    ]


def _secret_key(given: Mapping[str, str]) -> list[str]:
    value = given.get("SECRET_KEY", "")
    if not value or len(value) >= LEAST_SECRET:
        return []
    return [
        f"SECRET_KEY is shorter than {LEAST_SECRET} characters: leave it out, or make one with "
        "`openssl rand -base64 32`."
    ]


def _public_url(given: Mapping[str, str]) -> list[str]:
    value = given.get("PUBLIC_URL", "")
    try:
        parts = urlsplit(value)
        usable = parts.scheme == "https" and bool(parts.hostname) and not parts.query
    except ValueError:
        usable = False
    if usable or not value:
        return []
    return ["PUBLIC_URL is no https address: leave it out if browsers can't reach this app."]


def _port(given: Mapping[str, str]) -> list[str]:
    value = given.get("PORT") or "3000"
    if value.isascii() and value.isdigit() and int(value) <= 65535:
        return []
    return ["PORT is not a number from 0 to 65535: leave it out to use 3000."]


def _log_level(given: Mapping[str, str]) -> list[str]:
    value = (given.get("LOG_LEVEL") or "INFO").upper()
    if value in LOG_LEVELS:
        return []
    return [f"LOG_LEVEL is not a level we know: use one of {', '.join(LOG_LEVELS)}."]


def _person_estimates(given: Mapping[str, str]) -> list[str]:
    if _switch(given) in SWITCH:
        return []
    return ["PERSON_ESTIMATES is neither on nor off: leave it out to have them on."]


def _switch(given: Mapping[str, str]) -> str:
    return (given.get("PERSON_ESTIMATES") or "on").lower()


def _holidays(given: Mapping[str, str]) -> list[str]:
    value = given.get("HOLIDAYS")
    if not value or holidays.find(value):
        return []
    regions = holidays.regions_of(value)
    if regions:
        return [
            "HOLIDAYS names a region that we don't know: use the country's code alone, or with one "
            f"of {', '.join(regions)} after a hyphen."
        ]
    return [
        "HOLIDAYS names no place whose public holidays we know: leave it out, or use a country's "
        f"code, with a region's if you like ({holidays.EXAMPLES}). Codes: "
        f"{', '.join(holidays.countries())}."
    ]
