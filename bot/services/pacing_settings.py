"""The numbers of the pacing policy of a workspace, and how an operator changes them."""

from collections.abc import Collection, Mapping
from datetime import datetime

from bot.domain.pacing_settings import PacingSettings, changed, kept, restored
from storage import audit, stakeholders, workspaces
from storage.database import Tx


def of(tx: Tx, workspace_id: int) -> PacingSettings:
    """Return the numbers that hold in a workspace."""
    return of_many(tx, [workspace_id])[workspace_id]


def of_many(tx: Tx, workspace_ids: Collection[int]) -> dict[int, PacingSettings]:
    """Return the numbers that hold in each of these workspaces."""
    stored = workspaces.pacing(tx, workspace_ids)
    return {workspace_id: restored(stored.get(workspace_id)) for workspace_id in workspace_ids}


def change(tx: Tx, workspace_id: int, given: Mapping[str, str], now: datetime) -> PacingSettings:
    """Take over what an operator typed, by name; everybody is decided about anew.

    Raises:
        Refused: if a name or value is unknown or pushier than the caps allow.
    """
    before = of(tx, workspace_id)
    after = changed(before, given)
    if after == before:
        return after
    workspaces.change(tx, workspace_id, pacing=kept(after) or None)
    stakeholders.decide_again_all(tx, workspace_id, now)
    what = f"pacing.changed:{','.join(sorted(given))}"[:255]
    audit.record(tx, workspace_id, "operator", what, "workspace", workspace_id, now)
    return after


def installed(tx: Tx) -> dict[int, PacingSettings]:
    """Return the numbers of every workspace that has the app, by its id."""
    return of_many(tx, workspaces.installed(tx))
