"""Standings are kept: checkpoints when rounds close, a record a week, and how initiatives stand."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import numpy as np
import pytest

from bot.domain.evidence import week_of
from bot.domain.records import history_of, unpack_densities, unpack_facts
from bot.domain.snapshots import Counts, Heard, InitiativeSnapshot
from bot.domain.states import State
from bot.services import snapshots, standings, stakeholders
from storage import standings as stored
from storage import tables
from storage.database import Database, Tx
from tests import histories, world
from tests.histories import HOUR
from tests.world import MONDAY, STARTED, World, rows

DAY = timedelta(days=1)
WEEK = timedelta(weeks=1)
NEXT = datetime(2025, 3, 10, tzinfo=MONDAY.tzinfo)
"""The Monday, 00:00 UTC, after MONDAY."""


def begin(tx: Tx, **how: int) -> World:
    """Make the small world with standings kept from now on."""
    w = world.build(tx, **how)
    standings.begin(tx, w.initiative_id, STARTED)
    return w


def catch_up(tx: Tx, now: datetime) -> int:
    """Do all that is due at `now`; return in how many portions."""
    portions = 0
    while snapshots.snapshot_due(tx, now, 500):
        portions += 1
        assert portions < 100
    return portions


async def test_a_week_is_kept_when_it_is_over(database: Database) -> None:
    def work(tx: Tx) -> None:
        w = begin(tx)
        histories.ask(tx, w, 0, MONDAY, [5, 5, 5])
        histories.ask(tx, w, 1, MONDAY, [1, None])
        histories.ask(tx, w, 2, MONDAY)
        first = week_of(STARTED)
        assert catch_up(tx, STARTED + DAY) == 0
        catch_up(tx, MONDAY)  # of the first week, before anybody was asked
        nobody = Counts({State.NEW: 6}, 0)
        assert standings.trend(tx, w.initiative_id) == [InitiativeSnapshot(first, nobody, Heard())]
        assert catch_up(tx, NEXT - HOUR) == 0
        catch_up(tx, NEXT)
        assert standings.trend(tx, w.initiative_id)[1:] == [
            InitiativeSnapshot(first + 1, nobody, Heard(asked=3, answered=2, favourable=1))
        ]
        kept = rows(tx, tables.Standing)
        assert [len(history_of(row["history"])) for row in kept] == [2] * 6  # type: ignore[arg-type]

    await database.write(work)
