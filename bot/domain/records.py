"""How standings are kept in the store: packed bytes, little-endian, the same on every machine."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.domain.batches import Batch
from bot.domain.series import Figures, Verdicts
from bot.domain.standings import CELLS, Floats

WEEK_RECORD = np.dtype(
    [
        ("state", "u1"),  # a place in STATES
        ("silent", "u1"),
        ("not_bought_in", "<f4"),
        ("position", "<f4"),
        ("low", "<f4"),
        ("high", "<f4"),
        ("yes_saying", "<f4"),
    ]
)
"""One week of one person's history; a history is these, one after the other."""

FACT_RECORD = np.dtype([("at", "<i8"), ("subject", "<i8"), ("kind", "u1")])

Records = NDArray[Any]


def records(verdicts: Verdicts, figures: Figures) -> Records:
    """Return the week records of people (N,) or people and weeks (N, W).

    The history of person i is `records(...)[i].tobytes()`; a further week is appended to it.
    """
    found = np.zeros(verdicts.state.shape, dtype=WEEK_RECORD)
    found["state"], found["silent"] = verdicts.state, verdicts.is_silent
    for name in ("not_bought_in", "position", "low", "high", "yes_saying"):
        found[name] = getattr(figures, name)
    return found


def history_of(kept: bytes) -> Records:
    """Return the week records of one person's history, oldest first."""
    return np.frombuffer(kept, dtype=WEEK_RECORD)


def pack_densities(density: Floats) -> list[bytes]:
    """Return each row of `density` (N, 93) as bytes."""
    return [row.tobytes() for row in np.ascontiguousarray(density, dtype="<f8")]


def unpack_densities(kept: Sequence[bytes]) -> Floats:
    """Return the densities (N, 93) that were packed."""
    return np.frombuffer(b"".join(kept), dtype="<f8").reshape(-1, CELLS).astype(np.float64)


def pack_facts(batch: Batch, people: int) -> list[bytes]:
    """Return the facts of each of `people` people as bytes, in an order not told by arrival."""
    order = np.lexsort((batch.kind, batch.subject, batch.at, batch.person))
    rows = np.zeros(len(batch), dtype=FACT_RECORD)
    rows["at"], rows["subject"] = batch.at[order], batch.subject[order]
    rows["kind"] = batch.kind[order]
    ends = np.searchsorted(batch.person[order], np.arange(people + 1))
    return [rows[ends[one] : ends[one + 1]].tobytes() for one in range(people)]


def unpack_facts(kept: Sequence[bytes]) -> Batch:
    """Return the facts that were packed; person 0 is the first."""
    rows = np.frombuffer(b"".join(kept), dtype=FACT_RECORD)
    counts = np.array([len(one) // FACT_RECORD.itemsize for one in kept], dtype=np.int64)
    person = np.repeat(np.arange(len(kept)), counts)
    at, subject = rows["at"].astype(np.int64), rows["subject"].astype(np.int64)
    return Batch(person, at, rows["kind"].astype(np.int64), subject)
