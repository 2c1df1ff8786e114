"""What Slack's answers mean: errors, people and do-not-disturb windows in our own words."""

import functools
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.domain.people import Profile
from bot.errors import (
    BuyinError,
    SlackFailure,
    SlackInDoubt,
    SlackMissingAbility,
    SlackRetryLater,
)

MISSING = frozenset(
    {
        "access_denied",
        "feature_not_enabled",
        "file_uploads_disabled",
        "method_deprecated",
        "method_not_supported",
        "missing_scope",
        "no_permission",
        "not_allowed_token_type",
        "paid_teams_only",
        "plan_upgrade_required",
        "unknown_method",
    }
)
"""The server or the installation cannot do this; the rest still works."""

LATER = frozenset(
    {
        "message_limit_exceeded",
        "rate_limited",
        "ratelimited",
        "request_timeout",  # Slack did not get the whole request, so it did nothing
        "team_added_to_org",
    }
)
ADDRESSES = frozenset({"response_url", "upload"})
"""Not methods but addresses that Slack gave us for a while; one that is gone is no ability."""

UNSURE = frozenset({"fatal_error", "internal_error", "service_unavailable"})
"""Slack says that some of the call may have succeeded."""


def profile_of(raw: Mapping[str, Any]) -> Profile:
    """Return what Slack's user object says, whatever it leaves out."""
    profile = raw.get("profile") or {}
    name = (
        profile.get("display_name")
        or profile.get("real_name")
        or raw.get("real_name")
        or raw.get("name")
        or ""
    )
    return Profile(
        slack_user_id=str(raw["id"]),
        name=str(name),
        tz=_zone(raw.get("tz")),
        locale=raw.get("locale"),
        is_bot=bool(raw.get("is_bot")) or raw["id"] == "USLACKBOT",
        is_deleted=bool(raw.get("deleted")),
        is_guest=bool(raw.get("is_restricted") or raw.get("is_ultra_restricted")),
        is_stranger=bool(raw.get("is_stranger")),
    )


def refusal(method: str, status: int, code: str, headers: Mapping[str, str]) -> BuyinError:
    """Return what an unwelcome answer means for us."""
    if status == 429 or code in LATER:
        return SlackRetryLater(method, _seconds(headers.get("Retry-After")))
    if code in UNSURE or status >= 500:
        return SlackInDoubt(method)
    if code in MISSING or (status in (404, 405) and method not in ADDRESSES):
        return SlackMissingAbility(method, code)
    return SlackFailure(method, code)


def answered(method: str, response: Any) -> BuyinError:
    """Return what a response other than "ok" means; `response` is the SDK's or aiohttp's."""
    status = int(getattr(response, "status_code", 0) or getattr(response, "status", 0))
    headers = getattr(response, "headers", None) or {}
    data = getattr(response, "data", None)
    code = str(data.get("error") or "") if isinstance(data, dict) else ""
    if not code and status == 200:
        return SlackInDoubt(method)  # neither yes nor no
    return refusal(method, status, code or f"http_{status}", headers)


def code_of(body: str, status: int) -> str:
    """Return the error code that a plain-text answer consists of."""
    word = body.strip().strip('"')
    return word if word.isidentifier() else f"http_{status}"


def _seconds(retry_after: str | None) -> float:
    try:
        return max(1.0, float(retry_after or 30))
    except ValueError:
        return 30.0


def scopes_of(header: str) -> frozenset[str]:
    """Return the scopes that the header `x-oauth-scopes` lists."""
    return frozenset(scope.strip() for scope in header.split(",") if scope.strip())


def dnd_window(raw: Mapping[str, Any]) -> tuple[datetime, datetime] | None:
    """Return the next do-not-disturb window (UTC), or None if there is none."""
    start, end = raw.get("next_dnd_start_ts"), raw.get("next_dnd_end_ts")
    if not raw.get("dnd_enabled") or not start or not end or end <= start:
        return None
    return datetime.fromtimestamp(start, UTC), datetime.fromtimestamp(end, UTC)


@functools.cache
def _zone(name: str | None) -> str:
    if not name:
        return "UTC"
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return "UTC"
    return name
