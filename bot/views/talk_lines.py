"""When a talk is, in words, and what becomes of it when somebody stops or pauses."""

from collections.abc import Iterable
from datetime import datetime

from bot.domain.calendars import local_date, zone
from bot.domain.people import Appointment
from bot.views.kit import day, mention


def slot_words(moment: datetime, tz: str) -> str:
    """Return a moment as somebody in the zone `tz` says it: `Tue 4 March, 10:00`."""
    return f"{day(local_date(moment, tz))}, {moment.astimezone(zone(tz)):%H:%M}"


def off_too(talks: Iterable[Appointment], tz: str) -> str:
    """Return what a stop did to the talks somebody in `tz` had agreed to; "" if to none."""
    return "".join(
        f"\nYou don't come to the talk{_when(one, tz)} either."
        if one.together
        else f"\nYour talk{_when(one, tz)} is called off too."
        for one in talks
    )


def kept(talks: Iterable[Appointment], tz: str) -> str:
    """Return that a pause keeps the talks somebody in `tz` agreed to; "" if there are none."""
    stays = "stays, with its reminder; `/buyin talks` changes that."
    return "".join(f"\nYour talk{_when(one, tz)} {stays}" for one in talks)


def _when(one: Appointment, tz: str) -> str:
    whom = f" with {mention(one.other.slack_user_id)}" if one.other else ""
    return f"{whom} on {slot_words(one.starts_at, tz)}"
