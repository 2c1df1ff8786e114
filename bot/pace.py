"""`buyin pacing`: the numbers that decide how often people are written to, shown and changed."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from bot.clock import SystemClock
from bot.domain.pacing_settings import MEANINGS, PUSHIEST, PacingSettings, bounds
from bot.dry_run import NO_DATABASE, NOT_MIGRATED
from bot.errors import DatabaseUnavailable, Refused
from bot.services import pacing_settings
from storage import migrate
from storage.database import Database, Tx, database_url, open_database

NOWHERE = "The app is in no workspace yet: run it once, so that it learns which one it is in."


async def run(url: str, given: Sequence[str], now: datetime | None = None) -> str:
    """Take over `given` (name=value) in every workspace, and return the numbers that hold.

    Raises:
        DatabaseUnavailable: if there is no database at `url`, or it is not migrated.
        Refused: if a name or value is unknown, pushier than the caps, or there is no workspace.
    """
    _must_be_there(url)
    wanted = _read(given)
    database = open_database(url)
    try:
        if not await migrate.is_current(database):
            raise DatabaseUnavailable(NOT_MIGRATED)
        return await _changed(database, wanted, now or SystemClock().now())
    finally:
        await database.close()


def _must_be_there(url: str) -> None:
    file = database_url(url)
    if file.get_backend_name() == "sqlite" and not Path(file.database or "").exists():
        raise DatabaseUnavailable(NO_DATABASE.format(path=file.database))


def _read(given: Sequence[str]) -> dict[str, str]:
    pairs = [one.partition("=") for one in given]
    wrong = next((name for name, sign, _ in pairs if not sign), None)
    if wrong is not None:
        raise Refused(f"Write name=value, such as base_interval=21, not “{wrong}”.")
    return {name.strip(): text.strip() for name, _, text in pairs}


async def _changed(database: Database, wanted: dict[str, str], now: datetime) -> str:
    def change(tx: Tx) -> list[PacingSettings]:
        ids = list(pacing_settings.installed(tx))
        return [pacing_settings.change(tx, one, wanted, now) for one in ids]

    found = await database.write(change)
    if not found:
        raise Refused(NOWHERE)
    tables = [_table(one) for one in dict.fromkeys(found)]
    return "\n\n".join(tables)


def _table(settings: PacingSettings) -> str:
    lines = [_line(settings, name) for name in MEANINGS]
    return "\n".join([f"{'':21}{'now':>6}  {'from':>6} {'to':>6}", *lines])


def _line(settings: PacingSettings, name: str) -> str:
    value, (least, most) = getattr(settings, name), bounds(name)
    mark = "*" if value != getattr(PUSHIEST, name) else " "
    return f"{name:20}{mark}{value:>6g}  {least:>6g} {most:>6g}  {MEANINGS[name]}"
