"""Tables and charts: ``table``, ``data_table`` and ``data_visualization``."""

from __future__ import annotations

from typing import Any

from .richtext import RICH_TEXT_FIELDS
from .schema import (
    Report,
    Rule,
    boolean,
    both,
    integer,
    items,
    number,
    one_of,
    shape,
    string,
    typed,
    unique,
)

_RAW_TEXT = shape({"text": string(None, 1)})
_RAW_NUMBER = shape({"value": number}, {"text": string()})
_RICH = shape({"elements": RICH_TEXT_FIELDS}, {"block_id": string(255)})
_PLAIN_CELL = typed({"raw_text": _RAW_TEXT, "raw_number": _RAW_NUMBER})
_CELL = typed({"raw_text": _RAW_TEXT, "raw_number": _RAW_NUMBER, "rich_text": _RICH})
_COLUMN = shape({}, {"align": one_of("left", "center", "right"), "is_wrapped": boolean})


def _characters(value: Any) -> int:
    if isinstance(value, dict):
        own = len(value["text"]) if isinstance(value.get("text"), str) else 0
        return own + sum(_characters(item) for item in value.values())
    return sum(_characters(item) for item in value) if isinstance(value, list) else 0


def _rows(header: Rule, most_characters: int) -> Rule:
    def check(value: Any, path: str, report: Report) -> None:
        rows = value.get("rows")
        if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
            return
        if len({len(row) for row in rows}) > 1:
            report.fail("all rows must have the same number of cells", f"{path}/rows")
        for index, cell in enumerate(rows[0] if rows else []):
            header(cell, f"{path}/rows/0/{index}", report)
        if _characters(rows) > most_characters:
            report.fail(f"must be less than {most_characters + 1} characters", f"{path}/rows")

    return check


def _no_rule(value: Any, path: str, report: Report) -> None:
    return None


TABLE = shape(
    {"rows": items(items(_CELL, 20), 100)},
    {"column_settings": items(_COLUMN, 20)},
    _rows(_no_rule, 10_000),
)
DATA_TABLE = shape(
    {"rows": items(items(_CELL, 20), 101, 2), "caption": string()},
    {"page_size": integer(1, 100), "row_header_column_index": integer(0, 19)},
    _rows(_PLAIN_CELL, 10_000),
)


def _positive(value: Any, path: str, report: Report) -> None:
    number(value, path, report)
    if isinstance(value, int | float) and value <= 0:
        report.fail("must be greater than 0", path)


_SEGMENT = shape({"label": string(20), "value": _positive})
_POINT = shape({"label": string(20), "value": number})
_SERIES = shape({"name": string(20), "data": items(_POINT, 20)})
_SERIES_LIST = both(items(_SERIES, 6), unique(lambda item: item.get("name"), "name"))


def _unique_categories(value: Any, path: str, report: Report) -> None:
    if isinstance(value, list) and len(set(map(str, value))) != len(value):
        report.fail("categories must be unique", path)


_AXIS = shape(
    {"categories": both(items(string(20), 20), _unique_categories)},
    {"x_label": string(50), "y_label": string(50)},
)


def _matching(value: Any, path: str, report: Report) -> None:
    axis, series = value.get("axis_config"), value.get("series")
    if not isinstance(axis, dict) or not isinstance(series, list):
        return
    wanted = axis.get("categories")
    for index, one in enumerate(series):
        data = one.get("data") if isinstance(one, dict) else None
        labels = [p.get("label") for p in data or [] if isinstance(p, dict)]
        if isinstance(wanted, list) and sorted(map(str, labels)) != sorted(map(str, wanted)):
            report.fail("labels must match axis_config.categories", f"{path}/series/{index}/data")


_AXES = shape({"series": _SERIES_LIST, "axis_config": _AXIS}, {}, _matching)
CHART = typed(
    {"pie": shape({"segments": items(_SEGMENT, 6)}), "bar": _AXES, "area": _AXES, "line": _AXES}
)
