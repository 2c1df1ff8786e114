"""What pacing takes from the estimates, week by week: whom attention is due, who is settled."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.attention import Need, most_in_doubt, need
from bot.domain.pacing_settings import PacingSettings
from bot.domain.records import Records, history_of
from bot.domain.series import STATES
from bot.domain.states import State
from bot.services import pacing_settings
from storage import needs
from storage.database import Tx
from storage.needs import Doubt, Row

NEW = STATES.index(State.NEW)
WEEKS = 3
"""The newest week, and the two before that a drop is looked for in."""


def note(tx: Tx, workspace_id: int, initiative_id: int, round_closed: int, now: datetime) -> None:
    """Take over what the newest week of each estimate means for pacing.

    `round_closed` is the number of the last closed round, 0 if there is none.
    """
    settings = pacing_settings.of(tx, workspace_id)
    rows = needs.of_initiative(tx, initiative_id)
    weeks = {row.stakeholder_id: history_of(row.history)[-WEEKS:] for row in rows}
    found = {one: _need(records, settings) for one, records in weeks.items()}
    _write(tx, rows, found, now)
    needs.forget_others(tx, initiative_id, found.keys())
    _note_doubt(tx, initiative_id, round_closed, list(weeks.values()), settings)


def forget(tx: Tx, initiative_id: int) -> None:
    """Forget it all: nothing is concluded about anybody in this initiative any more."""
    needs.forget_others(tx, initiative_id, ())


def _need(records: Records, settings: PacingSettings) -> Need:
    if not len(records) or records[-1]["state"] == NEW:
        return Need()  # too little was heard to conclude anything
    last = records[-1]
    before = [float(one["position"]) for one in records[:-1] if one["state"] != NEW]
    interval = float(last["low"]), float(last["high"])
    doubt, position = float(last["not_bought_in"]), float(last["position"])
    return need(doubt, interval, before, position, settings)


def _write(tx: Tx, rows: Sequence[Row], found: dict[int, Need], now: datetime) -> None:
    was = {row.stakeholder_id: Need(row.attention, row.settled) for row in rows}
    due = [one for one, new in found.items() if new.attention and not was[one].attention]
    over = [one for one, new in found.items() if was[one].attention and not new.attention]
    settled = [one for one, new in found.items() if new.settled and not was[one].settled]
    moved = [one for one, new in found.items() if was[one].settled and not new.settled]
    needs.set_attention(tx, due, now)
    needs.set_attention(tx, over, None)
    needs.set_settled(tx, settled, True)
    needs.set_settled(tx, moved, False)


def _note_doubt(
    tx: Tx,
    initiative_id: int,
    round_closed: int,
    weeks: Sequence[Records],
    settings: PacingSettings,
) -> None:
    before = needs.doubt(tx, initiative_id)
    if round_closed <= before.up_to:
        return
    last = [records[-1] for records in weeks if len(records)]
    chances = [float(one["not_bought_in"]) for one in last if one["state"] != NEW]
    enough = len(chances) >= settings.quiet_least
    doubted = enough and round(most_in_doubt(chances), 6) >= settings.doubt
    needs.set_doubt(tx, initiative_id, Doubt(before.rounds + 1 if doubted else 0, round_closed))
