"""`buyin plan`: what one person would get in the next weeks, for whoever runs the app."""

from datetime import datetime
from pathlib import Path

from bot.clock import SystemClock
from bot.domain import planned
from bot.errors import DatabaseUnavailable
from bot.services import plans
from bot.views import plans as views
from storage import migrate
from storage.database import database_url, open_database

NO_DATABASE = (
    "There is no database at {path} yet: `buyin run` makes one, or set DATABASE_URL to the one in "
    "use."
)
NOT_MIGRATED = "The database is not migrated: run `buyin migrate` first."


async def run(url: str, slack_user_id: str, days: int, now: datetime | None = None) -> str:
    """Return what one person would get in `days` days, as text without names or answers.

    Raises:
        DatabaseUnavailable: if there is no database at `url`, or it is not migrated.
        Refused: if the app is in no workspace, or nobody has this Slack id.
    """
    _must_be_there(url)
    moment = now or SystemClock().now()
    database = open_database(url)
    try:
        if not await migrate.is_current(database):
            raise DatabaseUnavailable(NOT_MIGRATED)
        known = await database.read(plans.of_user, slack_user_id, moment)
    finally:
        await database.close()
    return "\n\n".join(views.printed(planned.mine(one, moment, days)) for one in known)


def _must_be_there(url: str) -> None:
    """Refuse an SQLite file that does not exist: opening would make it."""
    named = database_url(url)
    if named.get_backend_name() == "sqlite" and not Path(named.database or "").exists():
        raise DatabaseUnavailable(NO_DATABASE.format(path=named.database))
