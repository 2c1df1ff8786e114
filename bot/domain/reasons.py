"""Why somebody gets a message, and why now: facts that can be told in plain words."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.calendars import local_date
from bot.domain.cycles import day_in
from bot.domain.gives import GiveKind
from bot.domain.initiatives import Initiative, Place, Stakeholder
from bot.domain.outbox import Kind
from bot.domain.pacing import next_week
from bot.domain.pacing_facts import Facts
from bot.domain.pacing_settings import PacingSettings

FEWER_WEEKS = 4
"""Who asked for fewer messages gets at most one check-in in so many weeks."""


@dataclass(frozen=True, slots=True)
class CheckInTimes:
    """When the check-in that a message is about was opened, and the one before it; local days."""

    on: date
    before: date | None = None
    by_hand: bool = False
    """The person opened it themselves."""


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why somebody got a message, for that person alone; dates are local to them.

    Nothing in it is about anybody else, and nothing names another initiative.
    """

    kind: Kind
    stakeholder: Stakeholder
    initiative: Initiative
    added_by: str
    """Name of the owner who put them on the list (typed text, not escaped)."""
    today: date
    messages: int
    """Counted messages of the last 28 days, over all initiatives."""
    most: int
    """How many there may be at most."""
    fewer: bool = False
    check_in: CheckInTimes | None = None
    next_on: date | None = None
    """No check-in comes before this day; None if nothing can be said, or none comes any more."""
    left_open: int = 0
    give: GiveKind | None = None
    told: str = ""
    """What they told the owners and is used (typed text, not escaped)."""


def next_on(facts: Facts, settings: PacingSettings, now: datetime) -> date | None:
    """Return the day before which no check-in comes of its own accord, if it is to come.

    The latest day that holds whatever the person does meanwhile: an answer ends what silence
    lengthened, and who is settled today need not be tomorrow.
    """
    if not facts.running or facts.place is not Place.ACTIVE or facts.person_stopped:
        return None
    surely = facts.misses if facts.asked is None else 0
    week = next_week(_bare(facts, surely), settings)
    tz = facts.whose.tz
    days = [facts.first_date if week is None else day_in(facts.first_date, week)]
    days += [local_date(at, tz) for at in (facts.snoozed_until, facts.paused_until) if at]
    days += [facts.halt.ends_on(tz)] if facts.halt else []
    latest = max(days)
    return latest if latest > local_date(now, tz) else None


def _bare(facts: Facts, misses: int) -> Facts:
    return Facts(
        seed=facts.seed,
        tz=facts.tz,
        first_date=facts.first_date,
        cycle_days=facts.cycle_days,
        last_week=facts.last_week,
        misses=misses,
        fewer=facts.fewer,
    )
