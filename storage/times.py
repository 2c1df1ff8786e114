"""When people can be written to, in the database: what they set, and Slack's do-not-disturb."""

from typing import Any

from bot.domain.times import NOTHING_SET, Times

TIMES = ("opens", "closes", "work_days", "holidays", "away_until", "quiet_from", "quiet_until")
"""Columns of a person that say when they can be written to."""

NONE_SET = (None,) * len(TIMES)


def to_times(*row: Any) -> Times:
    """Return what the columns `TIMES` of a person say."""
    if row == NONE_SET:
        return NOTHING_SET  # most people, so nothing is built for them
    opens, closes, days, holidays, away_until, quiet_from, quiet_until = row
    return Times(
        opens=opens,
        closes=closes,
        days=None if days is None else days_of(days),
        holidays=holidays,
        away_until=away_until,
        quiet=(quiet_from, quiet_until) if quiet_from and quiet_until else None,
    )


def days_of(written: str) -> frozenset[int]:
    """Return the days of the week (0 = Monday) that `work_days` holds."""
    return frozenset(int(sign) - 1 for sign in written)
