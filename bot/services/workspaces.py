"""Workspaces: which installation a payload belongs to, and what its removal means."""

from datetime import datetime

from bot.domain.outbox import Kind
from bot.domain.workspaces import Workspace
from storage import audit, outbox, stakeholders, workspaces
from storage.database import Tx

UNINSTALLED = "uninstalled"
NO_TOKEN = frozenset(
    {"account_inactive", "invalid_auth", "not_authed", "token_expired", "token_revoked"}
)
"""Slack's reasons that mean the same as a removal."""

KEPT = (Kind.INPUT_REPLY, Kind.PROGRESS_POST)
"""What somebody wrote and nobody decides again, so it must survive the time without the app."""


def resolve(
    tx: Tx, enterprise_id: str | None, team_id: str | None, app_id: str | None, now: datetime
) -> Workspace:
    """Return the installation that these ids name; remember it if it is new.

    Slack does not name every id everywhere (`auth.test` knows no app, some payloads no
    enterprise), so an id that is missing fits, and is learnt when it is named later.
    """
    ids = {
        "enterprise_id": enterprise_id or "",
        "team_id": team_id or "",
        "app_id": app_id or "",
    }
    found = workspaces.find(tx, **ids)
    if found is None:
        workspaces.add(tx, **ids, now=now)
        found = workspaces.find(tx, **ids)
        assert found is not None  # noqa: S101 - just added
    learnt = {name: value for name, value in ids.items() if value and not getattr(found, name)}
    if not learnt:
        return found
    workspaces.change(tx, found.id, **learnt)
    return workspaces.get(tx, found.id)


def uninstalled(tx: Tx, workspace_id: int, now: datetime) -> None:
    """Stop all sending: the app was removed or its token is void. Again changes nothing."""
    if not workspaces.get(tx, workspace_id).installed:
        return
    workspaces.change(tx, workspace_id, uninstalled_at=now)
    outbox.drop_waiting(tx, workspace_id, UNINSTALLED, now)
    audit.record(tx, workspace_id, "app", "uninstalled", "workspace", workspace_id, now)


def installed(tx: Tx, workspace_id: int, bot_user_id: str | None, now: datetime) -> None:
    """Note that the token works (again), and which user the app is.

    On the way back everybody is decided about anew, because what waited was dropped; what
    people wrote goes out after all.
    """
    known = workspaces.get(tx, workspace_id)
    if known.installed and known.bot_user_id == bot_user_id:
        return
    workspaces.change(tx, workspace_id, uninstalled_at=None, bot_user_id=bot_user_id)
    if not known.installed:
        stakeholders.decide_again_all(tx, workspace_id, now)
        outbox.requeue_ended(tx, workspace_id, KEPT, {UNINSTALLED, *NO_TOKEN}, now)
    audit.record(tx, workspace_id, "app", "installed", "workspace", workspace_id, now)
