"""Interactive elements and images, and which block takes which of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .common import (
    ACTION_ID,
    CONFIRM,
    DATE,
    EPOCH,
    GROUPS,
    OVERFLOW_OPTION,
    PLAIN_OPTION,
    SLACK_FILE,
    TEXT_OPTION,
    TIME,
    options,
    plain,
    web_url,
)
from .richtext import RICH_TEXT
from .schema import (
    Report,
    Rule,
    boolean,
    both,
    exactly_one,
    integer,
    items,
    one_of,
    shape,
    string,
    typed,
)


def _focus(value: Any, path: str, report: Report) -> None:
    boolean(value, path, report)
    if value is True:
        report.focused += 1
        if report.focused > 1:
            report.fail("only one element can have focus_on_load set to true", path)


def _interactive(**more: Rule) -> dict[str, Rule]:
    return {"action_id": ACTION_ID, "confirm": CONFIRM, **more}


def _pick(**more: Rule) -> dict[str, Rule]:
    return _interactive(placeholder=plain(150), focus_on_load=_focus, **more)


def _typed_input(**more: Rule) -> dict[str, Rule]:
    dispatch = shape(
        {}, {"trigger_actions_on": items(one_of("on_enter_pressed", "on_character_entered"), 2)}
    )
    return {
        "action_id": ACTION_ID,
        "placeholder": plain(150),
        "focus_on_load": _focus,
        "dispatch_action_config": dispatch,
        **more,
    }


def _all_options(value: Mapping[str, Any]) -> list[Any]:
    found = list(value.get("options") or [])
    for group in value.get("option_groups") or []:
        found.extend(group.get("options") or [] if isinstance(group, dict) else [])
    return found


def _same(one: Any, other: Any) -> bool:
    if not isinstance(one, dict) or not isinstance(other, dict):
        return False
    left, right = one.get("text") or {}, other.get("text") or {}
    if not isinstance(left, dict) or not isinstance(right, dict):
        return False
    return one.get("value") == other.get("value") and left.get("text") == right.get("text")


def _initial_known(value: Any, path: str, report: Report) -> None:
    known = _all_options(value)
    single = value.get("initial_option")
    if single is not None and not any(_same(single, item) for item in known):
        report.fail("must match one of the options", f"{path}/initial_option")
    many = value.get("initial_options")
    for index, item in enumerate(many if isinstance(many, list) else []):
        if not any(_same(item, candidate) for candidate in known):
            report.fail("must match one of the options", f"{path}/initial_options/{index}")


def _initial_count(value: Any, path: str, report: Report) -> None:
    most = value.get("max_selected_items")
    if not isinstance(most, int):
        return
    for name, chosen in value.items():
        if name.startswith("initial_") and isinstance(chosen, list) and len(chosen) > most:
            report.fail(f"no more than {most} items allowed", f"{path}/{name}")


def _min_max(low: str, high: str) -> Rule:
    def check(value: Any, path: str, report: Report) -> None:
        least, most = value.get(low), value.get(high)
        if isinstance(least, int) and isinstance(most, int) and least > most:
            report.fail(f"{low} must not be greater than {high}", f"{path}/{low}")

    return check


def _initial_length(value: Any, path: str, report: Report) -> None:
    initial, most = value.get("initial_value"), value.get("max_length")
    if isinstance(initial, str) and isinstance(most, int) and len(initial) > most:
        report.fail(f"must be less than {most + 1} characters", f"{path}/initial_value")


FILTER = shape(
    {},
    {
        "include": items(one_of("im", "mpim", "private", "public"), 4),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    },
)
_ONE_LIST = exactly_one("options", "option_groups")
_STATIC: dict[str, Rule] = {"options": options(PLAIN_OPTION, 100), "option_groups": GROUPS}
_CONVERSATIONS: dict[str, Rule] = {
    "default_to_current_conversation": boolean,
    "filter": FILTER,
}
_MANY: dict[str, Rule] = {"max_selected_items": integer(1)}
_IDS = items(string(), 100, 0)


def _selects() -> dict[str, Rule]:
    query: dict[str, Rule] = {"min_query_length": integer(0)}
    answer: dict[str, Rule] = {"response_url_enabled": boolean}
    return {
        "static_select": shape(
            {},
            _pick(**_STATIC, initial_option=PLAIN_OPTION),
            both(_ONE_LIST, _initial_known),
        ),
        "external_select": shape({}, _pick(**query, initial_option=PLAIN_OPTION)),
        "users_select": shape({}, _pick(initial_user=string())),
        "conversations_select": shape(
            {}, _pick(**_CONVERSATIONS, **answer, initial_conversation=string())
        ),
        "channels_select": shape({}, _pick(**answer, initial_channel=string())),
        "multi_static_select": shape(
            {},
            _pick(**_STATIC, **_MANY, initial_options=items(PLAIN_OPTION, 100)),
            both(_ONE_LIST, _initial_known, _initial_count),
        ),
        "multi_external_select": shape(
            {}, _pick(**query, **_MANY, initial_options=items(PLAIN_OPTION, 100)), _initial_count
        ),
        "multi_users_select": shape({}, _pick(**_MANY, initial_users=_IDS), _initial_count),
        "multi_conversations_select": shape(
            {}, _pick(**_CONVERSATIONS, **_MANY, initial_conversations=_IDS), _initial_count
        ),
        "multi_channels_select": shape({}, _pick(**_MANY, initial_channels=_IDS), _initial_count),
    }


def _choices() -> dict[str, Rule]:
    group: dict[str, Rule] = {"focus_on_load": _focus}
    return {
        "checkboxes": shape(
            {"options": options(TEXT_OPTION, 10)},
            _interactive(**group, initial_options=items(TEXT_OPTION, 10)),
            _initial_known,
        ),
        "radio_buttons": shape(
            {"options": options(TEXT_OPTION, 10)},
            _interactive(**group, initial_option=TEXT_OPTION),
            _initial_known,
        ),
        "overflow": shape({"options": options(OVERFLOW_OPTION, 5)}, _interactive()),
        "datepicker": shape({}, _pick(initial_date=DATE)),
        "timepicker": shape({}, _pick(initial_time=TIME, timezone=string())),
        "datetimepicker": shape({}, _interactive(**group, initial_date_time=EPOCH)),
    }


def _buttons() -> dict[str, Rule]:
    style = one_of("primary", "danger")
    label: dict[str, Rule] = {"accessibility_label": string(75)}
    trigger = shape({"url": string()}, {"customizable_input_parameters": items(shape({}), None, 0)})
    return {
        "button": shape(
            {"text": plain(75)},
            _interactive(**label, style=style, value=string(2000), url=web_url(3000)),
        ),
        "workflow_button": shape(
            {"text": plain(75), "workflow": shape({"trigger": trigger})},
            {"action_id": ACTION_ID, "style": style, **label},
        ),
        "feedback_buttons": shape(
            {"positive_button": _FEEDBACK, "negative_button": _FEEDBACK}, {"action_id": ACTION_ID}
        ),
        "icon_button": shape(
            {"icon": one_of("trash"), "text": plain(75)},
            _interactive(**label, value=string(2000), visible_to_user_ids=items(string(), 10)),
        ),
    }


_FEEDBACK = shape({"text": plain(75), "value": string(2000)}, {"accessibility_label": string(75)})


def _fields() -> dict[str, Rule]:
    lengths: dict[str, Rule] = {"min_length": integer(0, 3000), "max_length": integer(1, 3000)}
    bounds = {"min_value": string(), "max_value": string()}
    return {
        "plain_text_input": shape(
            {},
            _typed_input(**lengths, initial_value=string(3000, 0), multiline=boolean),
            both(_min_max("min_length", "max_length"), _initial_length),
        ),
        "number_input": shape(
            {"is_decimal_allowed": boolean}, _typed_input(**bounds, initial_value=string())
        ),
        "email_text_input": shape({}, _typed_input(initial_value=string())),
        "url_text_input": shape({}, _typed_input(initial_value=string())),
        "rich_text_input": shape({}, _typed_input(initial_value=RICH_TEXT)),
        "file_input": shape(
            {}, {"action_id": ACTION_ID, "filetypes": items(string()), "max_files": integer(1, 10)}
        ),
    }


IMAGE: Rule = shape(
    {"alt_text": string(2000)},
    {"image_url": web_url(3000), "slack_file": SLACK_FILE},
    exactly_one("image_url", "slack_file"),
)

ELEMENTS: dict[str, Rule] = {**_selects(), **_choices(), **_buttons(), **_fields(), "image": IMAGE}
_MENUS = [name for name in ELEMENTS if name.endswith("_select")]
_SHARED = [*_MENUS, "checkboxes", "radio_buttons", "datepicker", "timepicker"]

IN_SECTION = [*_SHARED, "button", "overflow", "image", "workflow_button"]
IN_ACTIONS = [*_SHARED, "button", "overflow", "datetimepicker", "workflow_button"]
IN_INPUT = [*_SHARED, "datetimepicker", *_fields()]
IN_CONTEXT_ACTIONS = ["feedback_buttons", "icon_button"]


def _surface_allows(value: Any, path: str, report: Report) -> None:
    kind = value.get("type") if isinstance(value, dict) else None
    if kind == "datetimepicker" and report.surface == "home":
        report.fail("unsupported type: datetimepicker", f"{path}/type")
    if kind == "file_input" and report.surface != "modal":
        report.fail("unsupported type: file_input", f"{path}/type")
    if isinstance(value, dict) and report.surface != "modal" and value.get("response_url_enabled"):
        report.fail("response_url_enabled is only allowed in modals", path)


def element(allowed: list[str]) -> Rule:
    """Any of the allowed elements, on a surface that has them."""
    return both(typed({name: ELEMENTS[name] for name in allowed}), _surface_allows)
