"""What the local Slack saw: one record per API call."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from .model import Json


@dataclass(slots=True)
class CallRecord:
    """One call of a Web API method, without its token."""

    method: str
    args: Json
    at: datetime
    team_id: str | None = None
    app_id: str | None = None
    result: Json | None = None
    http_status: int = 200
    seconds: float = 0.0
    fault: str | None = None

    @property
    def ok(self) -> bool:
        """Whether the method did its work."""
        return bool(self.result and self.result.get("ok"))

    @property
    def error(self) -> str | None:
        """The error code of the answer, if it had one."""
        found = (self.result or {}).get("error")
        return str(found) if found else None


class CallLog:
    """Every call in order, with an index by method."""

    def __init__(self) -> None:
        self.calls: list[CallRecord] = []
        self._by_method: dict[str, list[CallRecord]] = {}

    def add(self, record: CallRecord) -> None:
        """Append one call."""
        self.calls.append(record)
        self._by_method.setdefault(record.method, []).append(record)

    def of(self, method: str) -> list[CallRecord]:
        """The calls of one method, in order."""
        return list(self._by_method.get(method, ()))

    def count(self, method: str) -> int:
        """How often a method was called."""
        return len(self._by_method.get(method, ()))

    def clear(self) -> None:
        """Forget all calls."""
        self.calls.clear()
        self._by_method.clear()

    def __iter__(self) -> Iterator[CallRecord]:
        return iter(self.calls)

    def __len__(self) -> int:
        return len(self.calls)
