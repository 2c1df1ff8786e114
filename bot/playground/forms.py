"""Elements as a person meets them: find one, choose a value, read the state of them all."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from .blocks import elements_of
from .model import Json

SINGLE = {
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "users_select": ("selected_user", "initial_user"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "channels_select": ("selected_channel", "initial_channel"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "plain_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
}
MANY = {
    "checkboxes": ("selected_options", "initial_options"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "multi_users_select": ("selected_users", "initial_users"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "file_input": ("files", ""),
}
STATE_FIELD = {**SINGLE, **MANY}


class CannotDo(Exception):
    """The person could not have done this in Slack's client."""


class FormIncomplete(CannotDo):
    """Slack's client refuses to submit; ``errors`` tells why, by ``block_id``."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(f"cannot submit: {errors}")
        self.errors = errors


@dataclass(frozen=True, slots=True)
class Found:
    """An element with its block, and the option when one was named."""

    block: Json
    element: Json
    option: Json | None = None

    @property
    def block_id(self) -> str:
        """The block's id."""
        return str(self.block["block_id"])

    @property
    def action_id(self) -> str:
        """The element's id."""
        return str(self.element["action_id"])


def options_of(element: Json) -> list[Json]:
    """All options of an element, out of groups too."""
    found = list(element.get("options") or [])
    for group in element.get("option_groups") or []:
        found.extend(group["options"])
    return found


def initial_state(element: Json) -> Json:
    """The state of an element nobody has touched."""
    kind = element["type"]
    name, initial = STATE_FIELD[kind]
    empty: Any = [] if kind in MANY else None
    return {"type": kind, name: element.get(initial, empty)}


def stateful(blocks: Sequence[Json]) -> Iterator[tuple[Json, Json]]:
    """Every block and element that carries a state."""
    for block in blocks:
        for _, element in elements_of(block):
            if element.get("type") in STATE_FIELD:
                yield block, element


def state_values(blocks: Sequence[Json], inputs: Json) -> Json:
    """``state.values``: what was entered, initial values where nothing was."""
    values: Json = {}
    for block, element in stateful(blocks):
        block_id, action_id = block["block_id"], element["action_id"]
        entered = inputs.get(block_id, {}).get(action_id)
        values.setdefault(block_id, {})[action_id] = entered or initial_state(element)
    return values


def keep_inputs(inputs: Json, blocks: Sequence[Json]) -> Json:
    """What stays of the entered values when the blocks are replaced.

    Slack keeps a value as long as ``block_id`` and ``action_id`` (and the kind of element) stay.
    """
    kept: Json = {}
    for block, element in stateful(blocks):
        block_id, action_id = block["block_id"], element["action_id"]
        entered = inputs.get(block_id, {}).get(action_id)
        if entered and entered["type"] == element["type"]:
            kept.setdefault(block_id, {})[action_id] = entered
    return kept


# -- finding -----------------------------------------------------------------------------------


def label_of(element: Json, block: Json) -> str:
    """What a person would call this element."""
    if element.get("type") in ("button", "workflow_button"):
        return str(element["text"]["text"])
    if block.get("type") == "input":
        return str(block["label"]["text"])
    placeholder = element.get("placeholder") or {}
    return str(placeholder.get("text", element.get("action_id", "")))


def find(
    blocks: Sequence[Json],
    action_id: str | None = None,
    block_id: str | None = None,
    value: str | None = None,
    text: str | None = None,
) -> Found:
    """The one element that fits; it says what there is when none fits."""
    for block in blocks:
        if block_id is not None and block.get("block_id") != block_id:
            continue
        for _, element in elements_of(block):
            if action_id is not None and element.get("action_id") != action_id:
                continue
            found = _fits(block, element, value, text)
            if found is not None:
                return found
    wanted = {"action_id": action_id, "block_id": block_id, "value": value, "text": text}
    raise CannotDo(f"nothing fits {wanted}; there is {overview(blocks)}")


def _fits(block: Json, element: Json, value: str | None, text: str | None) -> Found | None:
    if element.get("type") == "image":
        return None
    if value is None and text is None:
        return Found(block, element)
    for option in options_of(element):
        if value in (None, option["value"]) and text in (None, option["text"]["text"]):
            return Found(block, element, option)
    own = value in (None, element.get("value")) and text in (None, label_of(element, block))
    return Found(block, element) if own else None


def overview(blocks: Sequence[Json]) -> list[str]:
    """Every element in a few words, for error messages."""
    return [
        f"{block.get('block_id')}/{element.get('action_id')} {element['type']}"
        f" {label_of(element, block)!r} {[o['value'] for o in options_of(element)] or ''}".strip()
        for block in blocks
        for _, element in elements_of(block)
        if element.get("type") != "image"
    ]


def find_input(blocks: Sequence[Json], key: str) -> Found:
    """The stateful element with this ``block_id``, ``action_id`` or label."""
    for block, element in stateful(blocks):
        if key in (block["block_id"], element["action_id"], label_of(element, block)):
            return Found(block, element)
    raise CannotDo(f"no field {key!r}; there is {overview(blocks)}")


# -- choosing ----------------------------------------------------------------------------------


def choose(element: Json, value: Any) -> Json:
    """The element's state after a person entered or chose ``value``."""
    kind = element["type"]
    if kind not in STATE_FIELD:
        raise CannotDo(f"a {kind} has no value")
    name = STATE_FIELD[kind][0]
    if kind in MANY:
        listed = [value] if isinstance(value, str | dict) else list(value or [])
        _not_too_many(element, listed)
        return {"type": kind, name: [_one(element, item) for item in listed]}
    return {"type": kind, name: None if value is None else _one(element, value)}


def _not_too_many(element: Json, listed: list[Any]) -> None:
    most = element.get("max_selected_items") or element.get("max_files")
    if most and len(listed) > most:
        raise CannotDo(f"at most {most} can be chosen")


def _one(element: Json, value: Any) -> Any:
    kind = element["type"]
    if kind.endswith(("static_select", "external_select")) or kind in (
        "radio_buttons",
        "checkboxes",
    ):
        return _option(element, value)
    if kind in ("datepicker", "timepicker", "datetimepicker"):
        return _moment(value)
    if kind == "rich_text_input" and isinstance(value, str):
        section = {"type": "rich_text_section", "elements": [{"type": "text", "text": value}]}
        return {"type": "rich_text", "elements": [section]}
    if isinstance(value, str) and len(value) > element.get("max_length", 3000):
        raise CannotDo(f"at most {element.get('max_length', 3000)} characters fit")
    return value if isinstance(value, dict) else str(value)


def _option(element: Json, value: Any) -> Json:
    if isinstance(value, dict):
        return value
    for option in options_of(element):
        if value in (option["value"], option["text"]["text"]):
            return option
    offered = [option["value"] for option in options_of(element)]
    raise CannotDo(f"no option {value!r}; there is {offered}")


def _moment(value: Any) -> Any:
    if isinstance(value, datetime):
        return int(value.timestamp())
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return value.isoformat() if isinstance(value, date) else value


# -- checking, as Slack's client does before it submits ----------------------------------------


def problems(blocks: Sequence[Json], inputs: Json) -> dict[str, str]:
    """What Slack's client would complain about, by ``block_id``."""
    found: dict[str, str] = {}
    values = state_values(blocks, inputs)
    for block, element in stateful(blocks):
        if block["type"] != "input":
            continue
        state = values[block["block_id"]][element["action_id"]]
        value = state[STATE_FIELD[element["type"]][0]]
        problem = _problem(block, element, value)
        if problem:
            found[block["block_id"]] = problem
    return found


def _problem(block: Json, element: Json, value: Any) -> str | None:
    empty = value in (None, "", []) or (isinstance(value, str) and not value.strip())
    if empty:
        return None if block.get("optional") else "Please complete this required field."
    check = _CHECKS.get(element["type"])
    return check(element, value) if check else None


def _text_problem(element: Json, value: str) -> str | None:
    least, most = element.get("min_length", 0), element.get("max_length", 3000)
    if len(value) < least:
        return f"Must be at least {least} characters."
    return f"Must be at most {most} characters." if len(value) > most else None


def _number_problem(element: Json, value: str) -> str | None:
    form = r"-?\d+(\.\d+)?" if element.get("is_decimal_allowed") else r"-?\d+"
    if not re.fullmatch(form, value):
        return "Must be a number."
    low, high = element.get("min_value"), element.get("max_value")
    if low is not None and float(value) < float(low):
        return f"Must be {low} or more."
    return f"Must be {high} or less." if high is not None and float(value) > float(high) else None


def _email_problem(element: Json, value: str) -> str | None:
    return None if re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value) else "Must be an email."


def _url_problem(element: Json, value: str) -> str | None:
    return None if re.fullmatch(r"https?://\S+", value) else "Must be a URL."


_CHECKS = {
    "plain_text_input": _text_problem,
    "number_input": _number_problem,
    "email_text_input": _email_problem,
    "url_text_input": _url_problem,
}
