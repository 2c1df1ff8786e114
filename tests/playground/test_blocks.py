"""The Block Kit validator against every limit, each just inside and just outside."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.playground import Json
from bot.playground.blocks import check_message, check_view, fill_ids

from .helpers import actions, button, field, home, modal, option, plain, section


def static(options: list[Json], **more: Any) -> Json:
    return {"type": "static_select", "action_id": "pick", "options": options, **more}


def options(count: int) -> list[Json]:
    return [option(f"v{number}") for number in range(count)]


def choices(kind: str, count: int, **more: Any) -> Json:
    return actions({"type": kind, "action_id": "c", "options": options(count), **more})


def confirm(**sizes: int) -> Json:
    length = {"title": 1, "text": 1, "confirm": 1, "deny": 1, **sizes}
    dialog = {name: plain("x" * size) for name, size in length.items()}
    return actions(button("a", confirm=dialog))


def text_input(**more: Any) -> Json:
    return field("b", element={"type": "plain_text_input", "action_id": "a", **more})


def picture(**more: Any) -> Json:
    return {"type": "image", "alt_text": "a", "image_url": "https://example.com/a.png", **more}


def table(rows: int, columns: int = 2, **more: Any) -> Json:
    cell = {"type": "raw_text", "text": "x"}
    return {"type": "data_table", "caption": "c", "rows": [[cell] * columns] * rows, **more}


def chart(title: int = 5, segments: int = 2, label: int = 5, value: float = 1) -> Json:
    parts = [{"label": "x" * label, "value": value} for _ in range(segments)]
    return {
        "type": "data_visualization",
        "title": "t" * title,
        "chart": {"type": "pie", "segments": parts},
    }


def lines(categories: int = 3, points: int = 3, series: int = 1) -> Json:
    data = [{"label": f"c{number}", "value": number} for number in range(points)]
    return {
        "type": "data_visualization",
        "title": "t",
        "chart": {
            "type": "line",
            "series": [{"name": f"s{number}", "data": data} for number in range(series)],
            "axis_config": {"categories": [f"c{number}" for number in range(categories)]},
        },
    }


# (what, a maker of one block or a list of blocks, a size that fits, a size that does not)
LIMITS: list[tuple[str, Callable[[int], Json], int, int]] = [
    ("section text", lambda n: section("x" * n), 3000, 3001),
    ("section text not empty", lambda n: section("x" * n), 1, 0),
    ("fields", lambda n: {"type": "section", "fields": [plain("x")] * n}, 10, 11),
    ("field text", lambda n: {"type": "section", "fields": [plain("x" * n)]}, 2000, 2001),
    ("header", lambda n: {"type": "header", "text": plain("x" * n)}, 150, 151),
    ("block_id", lambda n: section("x", block_id="b" * n), 255, 256),
    ("action_id", lambda n: actions(button("x", "a" * n)), 255, 256),
    ("actions", lambda n: actions(*[button("x", f"a{i}") for i in range(n)]), 25, 26),
    ("context", lambda n: {"type": "context", "elements": [plain("x")] * n}, 10, 11),
    ("button text", lambda n: actions(button("x" * n)), 75, 76),
    ("button value", lambda n: actions(button("x", value="v" * n)), 2000, 2001),
    ("button url", lambda n: actions(button("x", url="https://" + "x" * (n - 8))), 3000, 3001),
    ("accessibility", lambda n: actions(button("x", accessibility_label="x" * n)), 75, 76),
    ("select options", lambda n: actions(static(options(n))), 100, 101),
    ("radio options", lambda n: choices("radio_buttons", n), 10, 11),
    ("checkbox options", lambda n: choices("checkboxes", n), 10, 11),
    ("overflow options", lambda n: choices("overflow", n), 5, 6),
    ("option text", lambda n: actions(static([option("v", "x" * n)])), 75, 76),
    ("option value", lambda n: actions(static([option("v" * n, "x")])), 150, 151),
    ("placeholder", lambda n: actions(static(options(1), placeholder=plain("x" * n))), 150, 151),
    ("label", lambda n: field("b", "x" * n), 2000, 2001),
    ("hint", lambda n: field("b", hint=plain("x" * n)), 2000, 2001),
    ("max_length", lambda n: text_input(max_length=n), 3000, 3001),
    ("max_length not 0", lambda n: text_input(max_length=n), 1, 0),
    ("min_length", lambda n: text_input(min_length=n), 0, 3001),
    ("initial fits", lambda n: text_input(max_length=5, initial_value="x" * n), 5, 6),
    ("alt text", lambda n: picture(alt_text="x" * n), 2000, 2001),
    ("image url", lambda n: picture(image_url="https://" + "x" * (n - 8)), 3000, 3001),
    ("image title", lambda n: picture(title=plain("x" * n)), 2000, 2001),
    ("confirm title", lambda n: confirm(title=n), 100, 101),
    ("confirm text", lambda n: confirm(text=n), 300, 301),
    ("confirm yes", lambda n: confirm(confirm=n), 30, 31),
    ("confirm no", lambda n: confirm(deny=n), 30, 31),
    ("data_table rows", table, 101, 102),
    ("data_table few rows", table, 2, 1),
    ("data_table columns", lambda n: table(2, n), 20, 21),
    ("data_table page", lambda n: table(2, page_size=n), 100, 101),
    ("chart title", lambda n: chart(title=n), 50, 51),
    ("chart segments", lambda n: chart(segments=n), 6, 7),
    ("chart label", lambda n: chart(label=n), 20, 21),
    ("chart value", lambda n: chart(value=n), 1, 0),
    ("chart series", lambda n: lines(series=n), 6, 7),
    ("chart points match", lambda n: lines(categories=3, points=n), 3, 2),
]


@pytest.mark.parametrize(
    ("make", "fits", "breaks"), [row[1:] for row in LIMITS], ids=[row[0] for row in LIMITS]
)
def test_limits(make: Callable[[int], Json], fits: int, breaks: int) -> None:
    assert check_message([make(fits)]).errors == []
    assert check_message([make(breaks)]).errors != []


def test_numbers_of_blocks() -> None:
    divider = {"type": "divider"}
    assert check_message([divider] * 50).errors == []
    assert check_message([divider] * 51).errors == [
        "no more than 50 items allowed [json-pointer:/blocks]"
    ]
    assert check_view(home(*[divider] * 100)).errors == []
    assert check_view(home(*[divider] * 101)).errors[1:] == [
        "no more than 100 items allowed [json-pointer:/view/blocks]"
    ]
    assert check_message([chart()] * 3).errors != []


WRONG: list[tuple[str, Json]] = [
    ("no type", {"text": plain("x")}),
    ("unknown block", {"type": "sparkle"}),
    ("unknown element", actions({"type": "slider", "action_id": "a"})),
    ("additional property", {"type": "divider", "text": plain("x")}),
    ("section without text", {"type": "section"}),
    ("text as a string", {"type": "section", "text": "x"}),
    ("header in mrkdwn", {"type": "header", "text": {"type": "mrkdwn", "text": "x"}}),
    ("button in mrkdwn", actions({**button("x"), "text": {"type": "mrkdwn", "text": "x"}})),
    ("button style", actions(button("x", style="default"))),
    ("button without text", actions({"type": "button", "action_id": "a"})),
    ("duplicate action_id", actions(button("a"), button("b"))),
    ("duplicate values", actions(static([option("v"), option("v")]))),
    ("options and groups", actions(static(options(1), option_groups=[]))),
    ("no options", actions({"type": "static_select", "action_id": "a"})),
    ("foreign initial", actions(static(options(2), initial_option=option("other")))),
    ("relabelled initial", actions(static(options(2), initial_option=option("v0", "Other")))),
    ("bad date", actions({"type": "datepicker", "action_id": "a", "initial_date": "2.3.2026"})),
    ("bad time", actions({"type": "timepicker", "action_id": "a", "initial_time": "25:00"})),
    ("field in actions", actions({"type": "plain_text_input", "action_id": "a"})),
    ("field in section", section("x", accessory={"type": "plain_text_input", "action_id": "a"})),
    ("button in input", field("b", element=button("x"))),
    ("input without label", {"type": "input", "element": text_input()["element"]}),
    ("label in mrkdwn", field("b", label="x") | {"label": {"type": "mrkdwn", "text": "x"}}),
    ("image without alt", {"type": "image", "image_url": "https://example.com/a.png"}),
    ("image twice", picture(slack_file={"id": "F1"})),
    ("image nowhere", {"type": "image", "alt_text": "a"}),
    ("file_input in a message", field("b", element={"type": "file_input", "action_id": "a"})),
    ("empty actions", {"type": "actions", "elements": []}),
    ("button in context", {"type": "context", "elements": [button("x")]}),
    ("rich text part", {"type": "rich_text", "elements": [{"type": "text", "text": "x"}]}),
    ("rich text kind", {"type": "rich_text", "elements": [
        {"type": "rich_text_section", "elements": [{"type": "sparkle"}]}]}),
    ("number_input without decimals flag", field("b", element={"type": "number_input"})),
    ("table rows differ", {"type": "data_table", "caption": "c", "rows": [
        [{"type": "raw_text", "text": "a"}], [{"type": "raw_text", "text": "a"}] * 2]}),
    ("table without caption", {k: v for k, v in table(2).items() if k != "caption"}),
    ("rich header", {"type": "data_table", "caption": "c", "rows": [
        [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": []}]}],
        [{"type": "raw_text", "text": "a"}]]}),
    ("two filters", actions({"type": "conversations_select", "filter": {"include": []}})),
    ("too many initial", actions({"type": "multi_users_select", "max_selected_items": 1,
                                  "initial_users": ["U1", "U2"]})),
]  # fmt: skip


@pytest.mark.parametrize("block", [row[1] for row in WRONG], ids=[row[0] for row in WRONG])
def test_wrong_blocks(block: Json) -> None:
    assert check_message([block]).errors != []


RIGHT: list[tuple[str, Json]] = [
    ("section with a picture", section("x", accessory=picture())),
    ("section with a menu", section("x", accessory=static(options(2)))),
    ("groups", actions({"type": "static_select", "action_id": "a", "option_groups": [
        {"label": plain("G"), "options": options(2)}], "initial_option": option("v1")})),
    ("people", actions({"type": "users_select", "action_id": "a"},
                       {"type": "multi_users_select", "action_id": "b"})),
    ("pickers", actions({"type": "datepicker", "action_id": "a", "initial_date": "2026-03-02"},
                        {"type": "timepicker", "action_id": "b", "initial_time": "09:30"},
                        {"type": "datetimepicker", "action_id": "c"})),
    ("radio in mrkdwn", actions({"type": "radio_buttons", "action_id": "a", "options": [
        {"text": {"type": "mrkdwn", "text": "*b*"}, "value": "v", "description": plain("d")}]})),
    ("context", {"type": "context", "elements": [picture(), plain("x")]}),
    ("input", field("b", optional=True, dispatch_action=True, hint=plain("h"))),
    ("markdown", {"type": "markdown", "text": "# x"}),
    ("chart", lines()),
    ("table", table(3)),
    ("rich text", {"type": "rich_text", "elements": [
        {"type": "rich_text_list", "style": "bullet", "elements": [
            {"type": "rich_text_section", "elements": [
                {"type": "user", "user_id": "U1"}, {"type": "text", "text": "x", "style": {
                    "bold": True}}, {"type": "link", "url": "https://example.com"},
                {"type": "emoji", "name": "wave"}]}]},
        {"type": "rich_text_quote", "elements": [{"type": "text", "text": "q"}]},
        {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "p"}]}]}),
]  # fmt: skip


@pytest.mark.parametrize("block", [row[1] for row in RIGHT], ids=[row[0] for row in RIGHT])
def test_right_blocks(block: Json) -> None:
    assert check_message([block]).errors == []


def test_ids_are_unique_where_slack_wants_it() -> None:
    same_block = [section("a", block_id="b"), section("b", block_id="b")]
    assert check_message(same_block).errors == [
        '`block_id` "b" already exists [json-pointer:/blocks/1/block_id]'
    ]
    same_action_elsewhere = [actions(button("a")), actions(button("b"))]
    assert check_message(same_action_elsewhere).errors == []


def test_long_text_is_reported_as_slack_reports_it() -> None:
    assert check_message([section("x" * 3001)]).errors == [
        "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"
    ]


VIEW_LIMITS: list[tuple[str, Callable[[int], Json], int, int]] = [
    ("title", lambda n: modal(title=plain("x" * n)), 24, 25),
    ("submit", lambda n: modal(submit=plain("x" * n)), 24, 25),
    ("close", lambda n: modal(close=plain("x" * n)), 24, 25),
    ("private_metadata", lambda n: modal(private_metadata="x" * n), 3000, 3001),
    ("callback_id", lambda n: modal(callback_id="x" * n), 255, 256),
    ("external_id", lambda n: modal(external_id="x" * n), 255, 256),
]


@pytest.mark.parametrize(
    ("make", "fits", "breaks"), [r[1:] for r in VIEW_LIMITS], ids=[r[0] for r in VIEW_LIMITS]
)
def test_view_limits(make: Callable[[int], Json], fits: int, breaks: int) -> None:
    assert check_view(make(fits)).errors == []
    assert check_view(make(breaks)).errors != []


def test_surfaces() -> None:
    picker = actions({"type": "datetimepicker", "action_id": "a"})
    assert check_view(modal(picker)).errors == []
    assert check_view(home(picker)).errors != []
    files = field("b", element={"type": "file_input", "action_id": "a"})
    assert check_view(modal(files)).errors == []
    assert check_view(home(files)).errors != []
    assert check_view(home(chart())).errors != []
    assert check_view(modal({"type": "markdown", "text": "x"})).errors != []
    assert check_view({**home(), "title": plain("x")}).errors != []
    assert check_view({"type": "workflow_step", "blocks": []}).errors != []
    answer = {"type": "conversations_select", "action_id": "a", "response_url_enabled": True}
    assert check_view(modal(field("b", element=answer))).errors == []
    assert check_message([field("b", element=answer)]).errors != []


def test_a_form_needs_a_submit_button() -> None:
    view = modal(field("b"))
    del view["submit"]
    assert "missing required field: submit [json-pointer:/view]" in check_view(view).errors
    assert check_view({**modal(), "submit": plain("x")}).errors == []


def test_one_focus_per_view() -> None:
    def focused(block: str) -> Json:
        element = {"type": "plain_text_input", "action_id": "a", "focus_on_load": True}
        return field(block, element=element)

    assert check_view(modal(focused("a"))).errors == []
    assert check_view(modal(focused("a"), focused("b"))).errors != []


def test_filling_in_ids_leaves_the_original_alone() -> None:
    block = {"type": "actions", "elements": [{"type": "button", "text": plain("x")}]}
    filled = fill_ids([block])
    assert "block_id" not in block
    assert filled[0]["elements"][0]["action_id"]
