"""The ``rich_text`` block with all its parts."""

from __future__ import annotations

from .schema import Rule, boolean, integer, items, one_of, shape, string, typed

_MARK_NAMES = "bold italic strike code underline highlight client_highlight unlink"
_MARKS: dict[str, Rule] = dict.fromkeys(_MARK_NAMES.split(), boolean)
STYLE = shape({}, _MARKS)
_STYLED: dict[str, Rule] = {"style": STYLE}

INLINE = typed(
    {
        "text": shape({"text": string()}, _STYLED),
        "link": shape({"url": string()}, {"text": string(), "unsafe": boolean, **_STYLED}),
        "emoji": shape(
            {"name": string()}, {"unicode": string(), "skin_tone": integer(1), **_STYLED}
        ),
        "user": shape({"user_id": string()}, _STYLED),
        "usergroup": shape({"usergroup_id": string()}, _STYLED),
        "channel": shape({"channel_id": string()}, _STYLED),
        "team": shape({"team_id": string()}, _STYLED),
        "broadcast": shape({"range": one_of("here", "channel", "everyone")}, _STYLED),
        "color": shape({"value": string()}, _STYLED),
        "date": shape(
            {"timestamp": integer(0), "format": string()},
            {"url": string(), "fallback": string(), **_STYLED},
        ),
    }
)
_BORDER: dict[str, Rule] = {"border": integer(0, 1)}
_INLINE_LIST = items(INLINE, None, 0)
SECTION = shape({"elements": _INLINE_LIST})
_PARTS: dict[str, Rule] = {
    "rich_text_section": SECTION,
    "rich_text_quote": shape({"elements": _INLINE_LIST}, _BORDER),
    "rich_text_preformatted": shape({"elements": _INLINE_LIST}, {"language": string(), **_BORDER}),
    "rich_text_list": shape(
        {
            "elements": items(typed({"rich_text_section": SECTION})),
            "style": one_of("bullet", "ordered"),
        },
        {"indent": integer(0, 8), "offset": integer(0), **_BORDER},
    ),
}
RICH_TEXT_FIELDS = items(typed(_PARTS))
RICH_TEXT: Rule = typed(
    {"rich_text": shape({"elements": RICH_TEXT_FIELDS}, {"block_id": string(255)})}
)
