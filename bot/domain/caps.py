"""How often one person may be written to, over all initiatives together."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.domain import calendars
from bot.domain.calendars import Whose

WINDOWS = ((timedelta(days=7), 2), (timedelta(days=28), 5))
"""At most so many counted messages in so much time; besides, one per working day."""

LONGEST = timedelta(days=28)


def earliest(sent: Sequence[datetime], moment: datetime, whose: Whose) -> datetime:
    """Return the first moment from `moment` on when one more counted message is allowed.

    `sent` are the moments (aware, ascending) of the counted messages of the last 28 days; `whose`
    is the person's calendar or zone, which says where a day ends.
    """
    while True:
        later = max(
            _after_today(sent, moment, whose),
            *(_after_window(sent, moment, length, most) for length, most in WINDOWS),
        )
        if later == moment:
            return moment
        moment = later


def _after_today(sent: Sequence[datetime], moment: datetime, whose: Whose) -> datetime:
    today = calendars.day_of(moment, whose)
    if all(calendars.day_of(when, whose) != today for when in sent):
        return moment
    return calendars.day_after(moment, whose)


def _after_window(
    sent: Sequence[datetime], moment: datetime, length: timedelta, most: int
) -> datetime:
    inside = [when for when in sent if when > moment - length]
    return inside[-most] + length if len(inside) >= most else moment
