"""Moments as plain integers, for who reads so many that a `datetime` each would cost too much."""

from typing import Any

from sqlalchemy import BigInteger
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class micros(FunctionElement[int]):  # noqa: N801 - reads like an SQL function
    """The microseconds since 1970 UTC of a moment's column."""

    type = BigInteger()
    inherit_cache = True


@compiles(micros, "sqlite")
def _on_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    """A moment is stored as text, with six digits after the seconds."""
    moment = compiler.process(element.clauses, **options)
    seconds = f"CAST(strftime('%s', {moment}) AS INTEGER)"
    return f"({seconds} * 1000000 + CAST(substr({moment}, 21) AS INTEGER))"


@compiles(micros, "postgresql")
def _on_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    moment = compiler.process(element.clauses, **options)
    return f"CAST(EXTRACT(EPOCH FROM {moment}) * 1000000 AS BIGINT)"
