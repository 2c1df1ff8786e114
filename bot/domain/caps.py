"""How often one person may be written to, over all initiatives together."""

from bisect import insort
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.domain import calendars
from bot.domain.calendars import Whose

Windows = tuple[tuple[timedelta, int], ...]

WINDOWS: Windows = ((timedelta(days=7), 2), (timedelta(days=28), 5))
"""At most so many counted messages in so much time; besides, one per working day."""

LONGEST = timedelta(days=28)


def earliest(
    sent: Sequence[datetime], moment: datetime, whose: Whose, windows: Windows = WINDOWS
) -> datetime:
    """Return the first moment from `moment` on when one more counted message is allowed.

    `sent` are the moments (aware, ascending) of the counted messages of the last 28 days; `whose`
    is the person's calendar or zone, which says where a day ends. A workspace may have gentler
    `windows`.
    """
    while sent:
        later = max(
            _after_today(sent, moment, whose),
            *(_after_window(sent, moment, length, most) for length, most in windows),
        )
        if later == moment:
            break
        moment = later
    return moment


def leaves_room(
    sent: Sequence[datetime],
    moment: datetime,
    ahead: Sequence[datetime],
    whose: Whose,
    windows: Windows = WINDOWS,
) -> bool:
    """Return whether a message at `moment` puts none of those due `ahead` off to another day.

    `sent` and `ahead` are ascending; what lies further ahead than the caps reach is not touched.
    """
    without, with_it = list(sent), sorted([*sent, moment])
    for due in ahead:
        if due >= moment + LONGEST:
            break
        usual = earliest(without, due, whose, windows)
        put_off = earliest(with_it, due, whose, windows)
        if calendars.day_of(put_off, whose) != calendars.day_of(usual, whose):
            return False
        insort(without, usual)
        insort(with_it, put_off)
    return True


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
