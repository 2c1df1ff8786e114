"""Composition objects: text, options, confirm dialogs, images by file."""

from __future__ import annotations

import re
from typing import Any

from .schema import (
    Report,
    Rule,
    boolean,
    both,
    exactly_one,
    integer,
    items,
    number,
    one_of,
    shape,
    string,
    typed,
    unique,
)

ACTION_ID = string(255)
BLOCK_ID = string(255)


def plain(most: int, least: int = 1) -> Rule:
    """A ``plain_text`` object of at most ``most`` characters."""
    fields = shape({"text": string(most, least)}, {"emoji": boolean})
    return typed({"plain_text": fields})


def text(most: int, least: int = 1) -> Rule:
    """A ``plain_text`` or ``mrkdwn`` object of at most ``most`` characters."""
    return typed(
        {
            "plain_text": shape({"text": string(most, least)}, {"emoji": boolean}),
            "mrkdwn": shape({"text": string(most, least)}, {"verbatim": boolean}),
        }
    )


CONFIRM = shape(
    {"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": one_of("primary", "danger")},
)


def option(label: Rule, *, url: bool = False) -> Rule:
    """One option of a menu or a group."""
    optional: dict[str, Rule] = {"description": label}
    if url:
        optional["url"] = string(3000)
    return shape({"text": label, "value": string(150)}, optional)


PLAIN_OPTION = option(plain(75))
TEXT_OPTION = option(text(75))
OVERFLOW_OPTION = option(plain(75), url=True)
UNIQUE_VALUES = unique(lambda item: item.get("value"), "value")


def options(rule: Rule, most: int) -> Rule:
    """A list of options with unique values."""
    return both(items(rule, most), UNIQUE_VALUES)


GROUP = shape({"label": plain(75), "options": items(PLAIN_OPTION, 100)})


def _group_values(value: Any, path: str, report: Report) -> None:
    seen: set[str] = set()
    for g, group in enumerate(value if isinstance(value, list) else []):
        inner = group.get("options") if isinstance(group, dict) else None
        for o, item in enumerate(inner if isinstance(inner, list) else []):
            key = item.get("value") if isinstance(item, dict) else None
            if isinstance(key, str) and key in seen:
                where = f"{path}/{g}/options/{o}/value"
                report.fail(f'`value` "{key}" already exists', where)
            if isinstance(key, str):
                seen.add(key)


GROUPS = both(items(GROUP, 100), _group_values)


def _slack_file(value: Any, path: str, report: Report) -> None:
    report.files.append((path, value))


def web_url(most: int) -> Rule:
    """A web address."""
    length = string(most)

    def rule(value: Any, path: str, report: Report) -> None:
        length(value, path, report)
        if isinstance(value, str) and value and not re.match(r"https?://|mailto:|slack://", value):
            report.fail("must be a valid URL", path)

    return rule


def pattern(regex: str, message: str) -> Rule:
    """A string of one form, such as a date."""
    compiled = re.compile(regex)

    def rule(value: Any, path: str, report: Report) -> None:
        if not isinstance(value, str) or not compiled.fullmatch(value):
            report.fail(message, path)

    return rule


_FILE_ID = r"^[F][A-Z0-9]{8,}$"
SLACK_FILE = shape(
    {},
    {"id": pattern(_FILE_ID, f"input must match regex pattern: {_FILE_ID}"), "url": string()},
    both(exactly_one("id", "url"), _slack_file),
)
DATE = pattern(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", "must be a valid date")
TIME = pattern(r"([01]\d|2[0-3]):[0-5]\d", "must be a valid time")
EPOCH = integer(1_000_000_000, 9_999_999_999)

__all__ = [
    "ACTION_ID",
    "BLOCK_ID",
    "CONFIRM",
    "DATE",
    "EPOCH",
    "GROUPS",
    "OVERFLOW_OPTION",
    "PLAIN_OPTION",
    "SLACK_FILE",
    "TEXT_OPTION",
    "TIME",
    "number",
    "option",
    "options",
    "plain",
    "text",
    "web_url",
]
