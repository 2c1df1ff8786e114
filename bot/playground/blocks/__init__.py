"""Block Kit, strictly: what Slack would refuse is refused here with Slack's own words."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from typing import Any

from .common import plain
from .kinds import ALLOWED, BLOCKS
from .schema import Report, Rule, Surface, boolean, items, shape, string

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
MESSAGE_CHARACTERS = 13_000
MARKDOWN_CHARACTERS = 12_000
CHARTS = 2
_ROWS = ("actions", "context_actions")

__all__ = [
    "MESSAGE_CHARACTERS",
    "Report",
    "Surface",
    "check_message",
    "check_view",
    "elements_of",
    "fill_ids",
    "too_long",
]


def check_message(blocks: list[Any]) -> Report:
    """Everything that is wrong with a message's blocks."""
    report = Report("message")
    _count(blocks, MESSAGE_BLOCKS, "/blocks", report)
    _check_blocks(blocks, "/blocks", report)
    _message_totals(blocks, report)
    return report


def check_view(view: Any) -> Report:
    """Everything that is wrong with a modal or a Home view."""
    kind = view.get("type") if isinstance(view, dict) else None
    if kind not in ("modal", "home"):
        report = Report("modal")
        report.fail("must be a valid enum value", "/view/type")
        return report
    report = Report(kind)
    (_MODAL if kind == "modal" else _HOME)(view, "/view", report)
    blocks = view.get("blocks")
    if isinstance(blocks, list):
        _count(blocks, VIEW_BLOCKS, "/view/blocks", report)
        _check_blocks(blocks, "/view/blocks", report)
        _needs_submit(view, blocks, report)
    if report.errors:
        report.errors.insert(0, "failed to match all allowed schemas [json-pointer:/view]")
    return report


def too_long(blocks: list[Any]) -> bool:
    """Whether a whole message is more than Slack takes."""
    return len(json.dumps(blocks, separators=(",", ":"), ensure_ascii=False)) > MESSAGE_CHARACTERS


def elements_of(block: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The block's elements with the pointer of each inside the block."""
    accessory, inner = block.get("accessory"), block.get("element")
    if isinstance(accessory, dict):
        yield "/accessory", accessory
    if isinstance(inner, dict):
        yield "/element", inner
    if block.get("type") in _ROWS:
        listed = block.get("elements")
        for index, item in enumerate(listed if isinstance(listed, list) else []):
            if isinstance(item, dict):
                yield f"/elements/{index}", item


def fill_ids(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A copy with the ``block_id`` and ``action_id`` that Slack would make up."""
    filled = []
    for block in blocks:
        copy = {**block}
        copy.setdefault("block_id", _random_id())
        for name in ("accessory", "element"):
            if name in copy:
                copy[name] = _with_action_id(copy[name])
        if copy["type"] in _ROWS:
            copy["elements"] = [_with_action_id(element) for element in copy["elements"]]
        filled.append(copy)
    return filled


def _with_action_id(element: dict[str, Any]) -> dict[str, Any]:
    if element["type"] == "image" or "action_id" in element:
        return element
    return {**element, "action_id": _random_id()}


def _random_id() -> str:
    return secrets.token_urlsafe(4)[:5]


def _count(blocks: list[Any], most: int, path: str, report: Report) -> None:
    if len(blocks) > most:
        report.fail(f"no more than {most} items allowed", path)


def _check_blocks(blocks: list[Any], path: str, report: Report) -> None:
    seen: set[str] = set()
    for index, block in enumerate(blocks):
        where = f"{path}/{index}"
        if not isinstance(block, dict):
            report.fail("must provide an object", where)
            continue
        _check_block(block, where, report)
        _unique_block_id(block, where, seen, report)
        _unique_action_ids(block, where, report)


def _check_block(block: dict[str, Any], where: str, report: Report) -> None:
    kind = block.get("type")
    if kind is None:
        report.fail("missing required field: type", where)
    elif not isinstance(kind, str) or kind not in ALLOWED[report.surface]:
        report.fail(f"unsupported type: {kind}", f"{where}/type")
    else:
        BLOCKS[kind](block, where, report)


def _unique_block_id(block: dict[str, Any], where: str, seen: set[str], report: Report) -> None:
    block_id = block.get("block_id")
    if not isinstance(block_id, str):
        return
    if block_id in seen:
        report.fail(f'`block_id` "{block_id}" already exists', f"{where}/block_id")
    seen.add(block_id)


def _unique_action_ids(block: dict[str, Any], where: str, report: Report) -> None:
    seen: set[str] = set()
    for pointer, element in elements_of(block):
        action_id = element.get("action_id")
        if not isinstance(action_id, str):
            continue
        if action_id in seen:
            place = f"{where}{pointer}/action_id"
            report.fail(f'`action_id` "{action_id}" already exists', place)
        seen.add(action_id)


def _message_totals(blocks: list[Any], report: Report) -> None:
    known = [block for block in blocks if isinstance(block, dict)]
    charts = sum(block.get("type") == "data_visualization" for block in known)
    if charts > CHARTS:
        report.fail(f"no more than {CHARTS} data_visualization blocks allowed", "/blocks")
    marked = [b.get("text") for b in known if b.get("type") == "markdown"]
    if sum(len(item) for item in marked if isinstance(item, str)) > MARKDOWN_CHARACTERS:
        report.fail(f"must be less than {MARKDOWN_CHARACTERS + 1} characters", "/blocks")


def _needs_submit(view: dict[str, Any], blocks: list[Any], report: Report) -> None:
    has_input = any(isinstance(b, dict) and b.get("type") == "input" for b in blocks)
    if view["type"] == "modal" and has_input and view.get("submit") is None:
        report.fail("missing required field: submit", "/view")


_ANY_BLOCKS: Rule = items(lambda value, path, report: None, None, 0)
_SHARED: dict[str, Rule] = {
    "private_metadata": string(3000, 0),
    "callback_id": string(255, 0),
    "external_id": string(255, 0),
}
_MODAL = shape(
    {"title": plain(24), "blocks": _ANY_BLOCKS},
    {
        **_SHARED,
        "submit": plain(24),
        "close": plain(24),
        "clear_on_close": boolean,
        "notify_on_close": boolean,
        "submit_disabled": boolean,
    },
)
_HOME = shape({"blocks": _ANY_BLOCKS}, _SHARED)
