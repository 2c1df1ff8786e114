"""Slack's do-not-disturb: asked for ahead of what is due, and kept as Slack tells it."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.services import calendars
from storage import times, workspaces
from storage.database import Tx
from storage.times import Window

AHEAD = timedelta(hours=2)
"""How long before something is due its reader's window is asked for."""

FRESH = timedelta(hours=3)
"""How long a window that was read is good enough; changes come as events in between."""

AT_ONCE = 1000
"""Twenty calls of fifty people: what Slack allows in a minute."""


def to_ask_about(tx: Tx, workspace_id: int, now: datetime) -> list[str]:
    """Return the Slack ids of those who get something soon and whose window is not known."""
    if not workspaces.get(tx, workspace_id).installed:
        return []
    return times.to_ask_about(tx, workspace_id, now + AHEAD, now - FRESH, AT_ONCE)


def learn(tx: Tx, workspace_id: int, told: Mapping[str, Window | None], now: datetime) -> bool:
    """Keep the next windows that Slack told, by Slack's id; None is none, or none known.

    People we don't know are left out. Whoever is out of a window earlier than we thought is
    decided about anew; a window that holds something up is looked at when that is due. Returns
    whether there is anything to decide.
    """
    known = times.windows(tx, workspace_id, list(told))
    times.set_windows(tx, {one.person_id: told[who] for who, one in known.items()}, now)
    freed = [one.person_id for who, one in known.items() if _frees(one.window, told[who], now)]
    calendars.changed(tx, freed, now)
    return bool(freed)


def _frees(before: Window | None, after: Window | None, now: datetime) -> bool:
    if before is None or before[1] <= now or before == after:
        return False
    return after is None or after[0] > before[0] or after[1] < before[1]
