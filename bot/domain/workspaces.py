"""Workspaces: one installation of the app each."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Workspace:
    """One installation of the app; Slack's ids are "" where Slack named none."""

    id: int
    enterprise_id: str
    team_id: str
    app_id: str
    bot_user_id: str | None
    installed: bool
    """False after the app was removed: nothing is sent any more."""
    holidays: str | None = None
    """The country whose public holidays hold for whoever chose none."""
