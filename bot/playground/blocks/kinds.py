"""Every block type with its fields and its surfaces."""

from __future__ import annotations

from typing import Any

from .common import BLOCK_ID, SLACK_FILE, plain, text, web_url
from .data import CHART, DATA_TABLE, TABLE
from .elements import IMAGE, IN_ACTIONS, IN_CONTEXT_ACTIONS, IN_INPUT, IN_SECTION, element
from .richtext import RICH_TEXT_FIELDS
from .schema import Report, Rule, Shape, Surface, boolean, exactly_one, items, shape, string, typed

_ID: dict[str, Rule] = {"block_id": BLOCK_ID}


def _text_or_fields(value: Any, path: str, report: Report) -> None:
    if value.get("text") is None and value.get("fields") is None:
        report.fail("missing required field: text", path)


def _no_file_dispatch(value: Any, path: str, report: Report) -> None:
    inner = value.get("element")
    if (
        isinstance(inner, dict)
        and inner.get("type") == "file_input"
        and value.get("dispatch_action")
    ):
        report.fail("file_input cannot dispatch actions", path)


_CONTEXT_ITEM = typed(
    {
        "image": IMAGE,
        "plain_text": shape({"text": string(3000)}, {"emoji": boolean}),
        "mrkdwn": shape({"text": string(3000)}, {"verbatim": boolean}),
    }
)

BLOCKS: dict[str, Shape] = {
    "section": shape(
        {},
        {
            **_ID,
            "text": text(3000),
            "fields": items(text(2000), 10),
            "accessory": element(IN_SECTION),
            "expand": boolean,
        },
        _text_or_fields,
    ),
    "header": shape({"text": plain(150)}, _ID),
    "divider": shape({}, _ID),
    "context": shape({"elements": items(_CONTEXT_ITEM, 10)}, _ID),
    "actions": shape({"elements": items(element(IN_ACTIONS), 25)}, _ID),
    "image": shape(
        {"alt_text": string(2000)},
        {**_ID, "image_url": web_url(3000), "slack_file": SLACK_FILE, "title": plain(2000)},
        exactly_one("image_url", "slack_file"),
    ),
    "input": shape(
        {"label": plain(2000), "element": element(IN_INPUT)},
        {**_ID, "hint": plain(2000), "optional": boolean, "dispatch_action": boolean},
        _no_file_dispatch,
    ),
    "rich_text": shape({"elements": RICH_TEXT_FIELDS}, _ID),
    "markdown": shape({"text": string(12_000)}, _ID),
    "video": shape(
        {
            "alt_text": string(2000),
            "title": plain(200),
            "thumbnail_url": web_url(3000),
            "video_url": web_url(3000),
        },
        {
            **_ID,
            "author_name": string(50),
            "description": plain(200),
            "provider_icon_url": web_url(3000),
            "provider_name": string(),
            "title_url": web_url(3000),
        },
    ),
    "file": shape({"external_id": string(), "source": string()}, _ID),
    "context_actions": shape({"elements": items(element(IN_CONTEXT_ACTIONS), 5)}, _ID),
    "table": shape(TABLE.required, {**_ID, **TABLE.optional}, TABLE.also),
    "data_visualization": shape({"title": string(50), "chart": CHART}, _ID),
    "data_table": shape(DATA_TABLE.required, {**_ID, **DATA_TABLE.optional}, DATA_TABLE.also),
}

_EVERYWHERE = (
    "section",
    "header",
    "divider",
    "context",
    "actions",
    "image",
    "input",
    "rich_text",
    "video",
)
_MESSAGES_ONLY = (
    "markdown",
    "file",
    "context_actions",
    "table",
    "data_visualization",
    "data_table",
)
ALLOWED: dict[Surface, frozenset[str]] = {
    "message": frozenset(_EVERYWHERE + _MESSAGES_ONLY),
    "modal": frozenset(_EVERYWHERE),
    "home": frozenset(_EVERYWHERE),
}
