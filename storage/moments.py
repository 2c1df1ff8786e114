"""Moments in bulk: whoever reads a million of them cannot afford a `datetime` each.

The database packs them into one value per row, as it has them, and numpy takes them apart.
"""

from collections.abc import Sequence
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import BigInteger
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import NullType

from storage.types import UtcDateTime

Ints = NDArray[np.int64]

NEVER = -1
"""What stands for a moment that is null: the microsecond before 1970."""

_NEVER = "'1969-12-31 23:59:59.999999'"
_Y2K = 946_684_800_000_000
"""PostgreSQL counts from 2000."""

_TEXT = np.dtype("S26")
_TOLD_ON_SQLITE = np.dtype([("what", "u1"), ("at", _TEXT)])
_TOLD_ON_POSTGRESQL = np.dtype([("what", ">i2"), ("at", ">i8")])
_FIRST_CHARACTER = 48
_DIGITS = 13
_FIRST = 10 ** (_DIGITS - 1)
"""Added to a number, so that each has as many digits."""

_WRITTEN = np.dtype((np.uint8, _DIGITS))
_TENS = 10.0 ** np.arange(_DIGITS - 1, -1, -1)


class micros(FunctionElement[int]):  # noqa: N801 - reads like an SQL function
    """The microseconds since 1970 UTC of a moment."""

    type = BigInteger()
    inherit_cache = True


class packed(FunctionElement[Any]):  # noqa: N801
    """Several moments of one row in one value, to be unpacked by `unpacked`."""

    type = NullType()
    inherit_cache = True


class gathered(FunctionElement[Any]):  # noqa: N801
    """Small numbers (0…70) with a moment each, of all rows of a group, in one value."""

    type = NullType()
    inherit_cache = True


class bundled(FunctionElement[Any]):  # noqa: N801
    """Whole numbers (0…9 · 10^12) and moments of many rows, a record each, in one value."""

    type = NullType()
    inherit_cache = True


@compiles(micros, "sqlite")
def _micros_on_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    """A moment is stored as text, with six digits after the seconds."""
    moment = compiler.process(element.clauses, **options)
    seconds = f"CAST(strftime('%s', {moment}) AS INTEGER)"
    return f"({seconds} * 1000000 + CAST(substr({moment}, 21) AS INTEGER))"


@compiles(micros, "postgresql")
def _micros_on_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    moment = compiler.process(element.clauses, **options)
    return f"CAST(EXTRACT(EPOCH FROM {moment}) * 1000000 AS BIGINT)"


@compiles(packed, "sqlite")
def _packed_on_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    moments = [compiler.process(one, **options) for one in element.clauses]
    return " || ".join(f"COALESCE({one}, {_NEVER})" for one in moments)


@compiles(packed, "postgresql")
def _packed_on_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    moments = [compiler.process(one, **options) for one in element.clauses]
    never = f"TIMESTAMPTZ {_NEVER[:-1]}+00'"
    return " || ".join(f"timestamptz_send(COALESCE({one}, {never}))" for one in moments)


@compiles(gathered, "sqlite")
def _gathered_on_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    what, moment = (compiler.process(one, **options) for one in element.clauses)
    return f"COALESCE(group_concat(char({_FIRST_CHARACTER} + {what}) || {moment}, ''), '')"


@compiles(gathered, "postgresql")
def _gathered_on_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    what, moment = (compiler.process(one, **options) for one in element.clauses)
    one = f"int2send(CAST({what} AS SMALLINT)) || timestamptz_send({moment})"
    return f"COALESCE(string_agg({one}, ''::bytea), ''::bytea)"


@compiles(bundled, "sqlite")
def _bundled_on_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    parts = []
    for one in element.clauses:
        value = compiler.process(one, **options)
        is_moment = isinstance(one.type, UtcDateTime)
        digits = f"({_FIRST} + {value})"
        parts.append(f"COALESCE({value}, {_NEVER})" if is_moment else digits)
    return f"COALESCE(group_concat({' || '.join(parts)}, ''), '')"


@compiles(bundled, "postgresql")
def _bundled_on_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    never = f"TIMESTAMPTZ {_NEVER[:-1]}+00'"
    parts = []
    for one in element.clauses:
        value = compiler.process(one, **options)
        is_moment = isinstance(one.type, UtcDateTime)
        number = f"int8send(CAST({value} AS BIGINT))"
        parts.append(f"timestamptz_send(COALESCE({value}, {never}))" if is_moment else number)
    return f"COALESCE(string_agg({' || '.join(parts)}, ''::bytea), ''::bytea)"


def unbundled(value: str | bytes, numbers: int, moments: int) -> Ints:
    """Return the records (N, numbers + moments) that `bundled` made, numbers being named first."""
    is_text = isinstance(value, str)
    raw = value.encode("ascii") if isinstance(value, str) else value
    number, moment = (_WRITTEN, _TEXT) if is_text else (np.dtype(">i8"), np.dtype(">i8"))
    fields = [(f"n{one}", number) for one in range(numbers)]
    fields += [(f"m{one}", moment) for one in range(moments)]
    known = np.frombuffer(raw, np.dtype(fields))
    records = np.empty((len(known), numbers + moments), dtype=np.int64)
    for one in range(numbers):
        column = known[f"n{one}"]
        records[:, one] = _numbers(column) if is_text else column.astype(np.int64)
    for one in range(moments):
        records[:, numbers + one] = _at(known[f"m{one}"], is_text=is_text)
    return records


def unpacked(values: Sequence[str] | Sequence[bytes], moments: int) -> Ints:
    """Return what `packed` made of `moments` moments a row: (moments, N), microseconds."""
    raw, is_text = _joined(values)
    dtype = _TEXT if is_text else np.dtype(">i8")
    return _at(np.frombuffer(raw, dtype), is_text=is_text).reshape(-1, moments).T


def scattered(values: Sequence[str] | Sequence[bytes]) -> tuple[Ints, Ints, Ints]:
    """Return what `gathered` made: of which row each is (0…N-1), the numbers and the moments."""
    raw, is_text = _joined(values)
    dtype = _TOLD_ON_SQLITE if is_text else _TOLD_ON_POSTGRESQL
    told = np.frombuffer(raw, dtype)
    counts = np.fromiter(map(len, values), np.int64, len(values)) // dtype.itemsize
    what = told["what"].astype(np.int64) - (_FIRST_CHARACTER if is_text else 0)
    return np.repeat(np.arange(len(values)), counts), what, _at(told["at"], is_text=is_text)


def _joined(values: Sequence[str] | Sequence[bytes]) -> tuple[bytes, bool]:
    if values and isinstance(values[0], str):
        return "".join(chain(values)).encode("ascii"), True  # type: ignore[arg-type]
    return b"".join(chain(values)), False  # type: ignore[arg-type]


def _numbers(digits: NDArray[Any]) -> Ints:
    """Return numbers below 10^13 written as text: exact as sums of floats, and much faster."""
    values = digits.astype(np.float64) @ _TENS - _FIRST_CHARACTER * _TENS.sum() - _FIRST
    found: Ints = values.astype(np.int64)
    return found


def _at(raw: NDArray[Any], *, is_text: bool) -> Ints:
    if is_text:
        return raw.astype("M8[us]").astype(np.int64)
    return raw.astype(np.int64) + _Y2K
