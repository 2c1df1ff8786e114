"""Messages and views made by hand: all that the page can draw."""

from __future__ import annotations

import struct
import zlib
from typing import Any

Json = dict[str, Any]


def _png(width: int, height: int, grey: int) -> bytes:
    """Return a plain picture: Slack takes no SVG in blocks."""
    rows = (b"\0" + bytes([grey]) * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )


PICTURE = _png(400, 160, 200)


def plain(text: str) -> Json:
    """A plain text object."""
    return {"type": "plain_text", "text": text, "emoji": True}


def mrkdwn(text: str) -> Json:
    """A mrkdwn object."""
    return {"type": "mrkdwn", "text": text}


def button(text: str, action_id: str, **more: Any) -> Json:
    """A button."""
    return {"type": "button", "text": plain(text), "action_id": action_id, **more}


def option(text: str, value: str = "", **more: Any) -> Json:
    """An option."""
    return {"text": plain(text), "value": value or text.lower(), **more}


def entry(block_id: str, label: str, element: Json, **more: Any) -> Json:
    """An input block; the element's id is `value`."""
    control = {"action_id": "value", **element}
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "element": control,
        **more,
    }


MARKDOWN = "## Markdown\n\n- **bold** and *italic*\n- [ ] to do\n\n> quote"
FIVE = ["Not at all", "A little", "Partly", "Mostly", "Very"]
QUESTION: Json = {
    "text": "How useful is *Shelf labels* for your work? Tap one.",
    "blocks": [
        {
            "type": "section",
            "text": mrkdwn("*Shelf labels*: how useful is it for your own work?"),
        },
        {
            "type": "actions",
            "block_id": "useful",
            "elements": [
                button(text, "answer", value=str(number)) | {"action_id": f"answer_{number}"}
                for number, text in enumerate(FIVE, 1)
            ],
        },
        {
            "type": "actions",
            "block_id": "choice",
            "elements": [
                button("Answer", "answer", value="Very", style="primary"),
                button(
                    "Stop",
                    "dismiss",
                    style="danger",
                    confirm={
                        "title": plain("Stop these messages?"),
                        "text": plain("You will not be asked again."),
                        "confirm": plain("Stop"),
                        "deny": plain("Keep them"),
                        "style": "danger",
                    },
                ),
                button("Open the form", "open_form"),
            ],
        },
        {
            "type": "context",
            "elements": [mrkdwn("You are asked because you work with shelves. Dana sees it.")],
        },
    ],
}


def answered(value: str) -> Json:
    """The question after a tap."""
    text = f"Thank you. You answered *{value}*."
    return {"text": text, "blocks": [{"type": "section", "text": mrkdwn(text)}]}


def mrkdwn_message() -> Json:
    """Everything that mrkdwn has."""
    text = (
        "*bold* _italic_ ~strike~ `code <b>` and *_both_*, not 2*3*4 nor snake_case_word\n"
        "> a quote with <https://example.com/a?b=1&amp;c=2|a link>\n"
        "• one\n• two with :tada: and :unknown_name:\n"
        "For <@U0DANA>, <@U0EMIL>, <#C0001> and <!here>: "
        "<!date^1772438700^{date_short_pretty} at {time}|2 March>\n"
        "&lt;script&gt;alert(1)&lt;/script&gt; &amp; <javascript:alert(1)|not a link>\n"
        "```\nif a < b:\n    go()\n```"
    )
    return {"text": text}


def _rich() -> Json:
    def words(text: str, **style: bool) -> Json:
        return {"type": "text", "text": text, **({"style": style} if style else {})}

    def piece(*elements: Json) -> Json:
        return {"type": "rich_text_section", "elements": list(elements)}

    user = {"type": "user", "user_id": "U0EMIL"}
    emoji = {"type": "emoji", "name": "tada"}
    return {
        "type": "rich_text",
        "elements": [
            piece(words("Rich "), words("bold", bold=True), words(" for "), user, emoji),
            {
                "type": "rich_text_list",
                "style": "ordered",
                "elements": [piece(words("first")), piece(words("second"))],
            },
            {"type": "rich_text_quote", "elements": [words("a quote")]},
            {"type": "rich_text_preformatted", "elements": [words("code()")]},
        ],
    }


def _table() -> Json:
    def cell(text: str) -> Json:
        return {"type": "raw_text", "text": text}

    rows = [
        [cell("Team"), cell("Labels")],
        [cell("North"), cell("60")],
        [cell("South"), cell("45")],
    ]
    return {
        "type": "table",
        "rows": rows,
        "column_settings": [{"align": "left"}, {"align": "right"}],
    }


def _data_table() -> Json:
    head = [{"type": "raw_text", "text": text} for text in ("Week", "Answers")]
    rows = [
        [{"type": "raw_text", "text": f"Week {week}"}, {"type": "raw_number", "value": 7 + week}]
        for week in (1, 2)
    ]
    return {"type": "data_table", "caption": "Answers by week", "rows": [head, *rows]}


def _chart(kind: str) -> Json:
    weeks = ["W1", "W2", "W3"]
    if kind == "pie":
        parts = [("With you", 6), ("Too early to say", 4), ("Worth a talk", 2)]
        segments = [{"label": label, "value": value} for label, value in parts]
        return {
            "type": "data_visualization",
            "title": "Where things stand",
            "chart": {"type": "pie", "segments": segments},
        }
    series = [
        {
            "name": name,
            "data": [{"label": w, "value": v} for w, v in zip(weeks, values, strict=True)],
        }
        for name, values in (("Useful", [3, 4, 5]), ("Sure", [2, 3, 3]))
    ]
    axis = {"categories": weeks, "x_label": "Week", "y_label": "Answer"}
    return {
        "type": "data_visualization",
        "title": f"A {kind} chart",
        "chart": {"type": kind, "series": series, "axis_config": axis},
    }


def KITCHEN(picture: str) -> list[Json]:  # noqa: N802 - reads like the constants next to it
    """Every block; `picture` is the id of an uploaded file."""
    image = {"type": "image", "alt_text": "A rising line"}
    return [
        {"type": "header", "text": plain("All blocks :seedling:")},
        {
            "type": "section",
            "block_id": "side",
            "text": mrkdwn("A section with something at its side"),
            "accessory": {
                "type": "overflow",
                "action_id": "menu",
                "options": [option("Edit"), option("Remove")],
            },
        },
        {
            "type": "section",
            "fields": [mrkdwn("*Asked*\n12"), mrkdwn("*Answered*\n9"), plain("No *markup* here")],
        },
        {
            "type": "section",
            "text": mrkdwn("A picture at the side"),
            "accessory": {**image, "slack_file": {"id": picture}},
        },
        {"type": "divider"},
        {
            "type": "context",
            "elements": [
                {**image, "slack_file": {"id": picture}},
                mrkdwn("small _print_"),
                plain("plain"),
            ],
        },
        {**image, "title": plain("The figures"), "slack_file": {"id": picture}},
        {**image, "image_url": "https://example.com/elsewhere.png"},
        _rich(),
        {"type": "markdown", "text": MARKDOWN},
        _table(),
        _data_table(),
        _chart("pie"),
        _chart("bar"),
        {
            "type": "actions",
            "block_id": "pickers",
            "elements": [
                {"type": "static_select", "action_id": "static", "placeholder": plain("Choose one"),
                 "options": [option(text) for text in FIVE]},
                {"type": "users_select", "action_id": "person", "placeholder": plain("A person")},
                {"type": "external_select", "action_id": "city", "min_query_length": 2,
                 "placeholder": plain("A city")},
                {"type": "datepicker", "action_id": "day", "initial_date": "2026-03-05"},
                {"type": "timepicker", "action_id": "time", "initial_time": "09:30"},
                {"type": "datetimepicker", "action_id": "moment", "initial_date_time": 1772438700},
                {"type": "radio_buttons", "action_id": "radio",
                 "options": [option("Yes"), option("No")]},
                {"type": "checkboxes", "action_id": "boxes",
                 "options": [option("Tea"), option("Coffee")]},
            ],
        },
        {"type": "context_actions", "elements": [
            {"type": "icon_button", "icon": "trash", "text": plain("Delete"), "action_id": "bin"},
        ]},
    ]  # fmt: skip


def form(more: bool = False) -> Json:
    """A modal with every input."""
    blocks = [
        entry(
            "name", "Name", {"type": "plain_text_input", "max_length": 80,
                             "placeholder": plain("Shelf labels")},
            hint=plain("As people will read it."),
        ),
        entry("why", "Why now?", {"type": "plain_text_input", "multiline": True}, optional=True),
        entry("people", "Who", {"type": "multi_users_select", "placeholder": plain("People")},
              optional=True),
        entry("place", "Channel", {"type": "conversations_select"}, optional=True),
        entry("first", "First day", {"type": "datepicker"}, optional=True),
        entry("count", "How many", {"type": "number_input", "is_decimal_allowed": False},
              optional=True),
        entry("mail", "E-mail", {"type": "email_text_input"}, optional=True),
        entry("link", "Link", {"type": "url_text_input"}, optional=True),
        entry("files", "Files", {"type": "file_input"}, optional=True),
        entry(
            "shown", "Shown",
            {"type": "radio_buttons",
             "options": [option("With names", "named", description=plain("The owner sees who")),
                         option("Group only", "group")],
             "initial_option": option("With names", "named",
                                      description=plain("The owner sees who"))},
        ),
        entry("days", "Days", {"type": "checkboxes",
                               "options": [option("Monday"), option("Tuesday")]}, optional=True),
        {"type": "actions", "block_id": "extra",
         "elements": [button("Show more", "more"), button("Go deeper", "deeper")]},
    ]  # fmt: skip
    if more:
        field = {"type": "plain_text_input"}
        blocks.insert(1, entry("second", "A second field", field, optional=True))
    return {
        "type": "modal",
        "callback_id": "first",
        "title": plain("A new initiative"),
        "submit": plain("Save"),
        "close": plain("Cancel"),
        "blocks": blocks,
    }


def second_form() -> Json:
    """What is pushed on top of the form."""
    return {
        "type": "modal",
        "callback_id": "second",
        "title": plain("One level deeper"),
        "submit": plain("Done"),
        "blocks": [{"type": "section", "text": mrkdwn("Nothing to fill in here.")}],
    }


HOME: Json = {
    "type": "home",
    "blocks": [
        {"type": "header", "text": plain("Your Home")},
        {"type": "section", "text": mrkdwn("Nothing is open for you.")},
        {"type": "actions", "elements": [button("Open the form", "open_form", style="primary")]},
    ],
}
