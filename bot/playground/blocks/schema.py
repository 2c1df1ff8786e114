"""A small schema language: each rule looks at a value and reports as Slack words it.

Messages end in ``[json-pointer:/…]`` like the real ones, so what a developer reads in a failing
test is what Slack would have told them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Surface = Literal["message", "modal", "home"]


@dataclass(slots=True)
class Report:
    """Collects what is wrong with one message or view."""

    surface: Surface
    errors: list[str] = field(default_factory=list)
    files: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    focused: int = 0

    def fail(self, message: str, path: str) -> None:
        """Add one error at a json pointer."""
        self.errors.append(f"{message} [json-pointer:{path}]")


Rule = Callable[[Any, str, Report], None]


def string(most: int | None = None, least: int = 1) -> Rule:
    """A string of ``least`` to ``most`` characters."""

    def rule(value: Any, path: str, report: Report) -> None:
        if not isinstance(value, str):
            report.fail("must provide a string", path)
        elif len(value) < least:
            report.fail(f"must be more than {least - 1} characters", path)
        elif most is not None and len(value) > most:
            report.fail(f"must be less than {most + 1} characters", path)

    return rule


def boolean(value: Any, path: str, report: Report) -> None:
    """True or false."""
    if not isinstance(value, bool):
        report.fail("must provide a boolean", path)


def integer(low: int | None = None, high: int | None = None) -> Rule:
    """A whole number within bounds."""

    def rule(value: Any, path: str, report: Report) -> None:
        if isinstance(value, bool) or not isinstance(value, int):
            report.fail("must provide an integer", path)
        elif low is not None and value < low:
            report.fail(f"must be greater than {low - 1}", path)
        elif high is not None and value > high:
            report.fail(f"must be less than {high + 1}", path)

    return rule


def number(value: Any, path: str, report: Report) -> None:
    """Any finite number."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
        report.fail("must provide a number", path)


def one_of(*values: str) -> Rule:
    """One of a fixed set of strings."""

    def rule(value: Any, path: str, report: Report) -> None:
        if value not in values:
            report.fail("must be a valid enum value", path)

    return rule


def items(rule: Rule, most: int | None = None, least: int = 1) -> Rule:
    """A list of ``least`` to ``most`` items that each follow ``rule``."""

    def check(value: Any, path: str, report: Report) -> None:
        if not isinstance(value, list):
            report.fail("must provide an array", path)
            return
        if len(value) < least:
            report.fail(f"no less than {least} items required", path)
        if most is not None and len(value) > most:
            report.fail(f"no more than {most} items allowed", path)
        for index, item in enumerate(value):
            rule(item, f"{path}/{index}", report)

    return check


@dataclass(frozen=True, slots=True)
class Shape:
    """An object's fields: those it must have and those it may have."""

    required: Mapping[str, Rule]
    optional: Mapping[str, Rule] = field(default_factory=dict)
    also: Rule | None = None

    def __call__(self, value: Any, path: str, report: Report) -> None:
        """Check one object against this shape."""
        if not isinstance(value, dict):
            report.fail("must provide an object", path)
            return
        for name in self.required:
            if value.get(name) is None:
                report.fail(f"missing required field: {name}", path)
        for name, item in value.items():
            self._field(name, item, path, report)
        if self.also is not None:
            self.also(value, path, report)

    def _field(self, name: str, item: Any, path: str, report: Report) -> None:
        rule = self.required.get(name) or self.optional.get(name)
        if rule is None:
            if name != "type":
                report.fail(f"invalid additional property: {name}", path)
        elif item is not None or name not in self.required:
            rule(item, f"{path}/{name}", report)


def shape(
    required: Mapping[str, Rule],
    optional: Mapping[str, Rule] | None = None,
    also: Rule | None = None,
) -> Shape:
    """An object with these fields (``type`` is always allowed)."""
    return Shape(required, optional or {}, also)


def typed(shapes: Mapping[str, Rule], what: str = "type") -> Rule:
    """An object whose ``type`` chooses the shape; other types are refused."""

    def rule(value: Any, path: str, report: Report) -> None:
        if not isinstance(value, dict):
            report.fail("must provide an object", path)
            return
        kind = value.get("type")
        chosen = shapes.get(kind) if isinstance(kind, str) else None
        if kind is None:
            report.fail(f"missing required field: {what}", path)
        elif chosen is None:
            report.fail(f"unsupported type: {kind}", f"{path}/type")
        else:
            chosen(value, path, report)

    return rule


def only(names: Sequence[str], rule: Rule) -> Rule:
    """``rule``, but just for objects of the named types."""

    def check(value: Any, path: str, report: Report) -> None:
        kind = value.get("type") if isinstance(value, dict) else None
        if isinstance(kind, str) and kind not in names:
            report.fail(f"unsupported type: {kind}", f"{path}/type")
        else:
            rule(value, path, report)

    return check


def both(*rules: Rule) -> Rule:
    """All the given rules."""

    def check(value: Any, path: str, report: Report) -> None:
        for rule in rules:
            rule(value, path, report)

    return check


def exactly_one(*names: str) -> Rule:
    """Exactly one of the named fields must be present."""

    def check(value: Any, path: str, report: Report) -> None:
        present = [name for name in names if value.get(name) is not None]
        if not present:
            report.fail(f"missing required field: {names[0]}", path)
        elif len(present) > 1:
            report.fail(f"only one of {', '.join(names)} allowed", path)

    return check


def unique(path_of: Callable[[Any], Any], what: str) -> Rule:
    """Within a list no two items may have the same key."""

    def check(value: Any, path: str, report: Report) -> None:
        if not isinstance(value, list):
            return
        seen: set[Any] = set()
        for index, item in enumerate(value):
            key = path_of(item) if isinstance(item, dict) else None
            if isinstance(key, str) and key in seen:
                report.fail(f'`{what}` "{key}" already exists', f"{path}/{index}/{what}")
            if isinstance(key, str):
                seen.add(key)

    return check
