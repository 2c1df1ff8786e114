"""When to write to somebody, and when not: the one policy, a pure function of facts.

Constants are starting values (method.md section 3), to be checked by our own evaluation.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.domain import caps
from bot.domain.calendars import (
    Calendar,
    Whose,
    add_working_days,
    at_local,
    day_of,
    jitter,
    next_working_moment,
    working_day_before,
    zone,
)
from bot.domain.initiatives import Place
from bot.domain.outbox import Kind


class Rule(StrEnum):
    """What decided: why nothing is sent, or why not earlier."""

    NOT_RUNNING = "not_running"
    STOPPED = "stopped"
    STOPPED_HERE = "stopped_here"
    NOT_MY_TOPIC = "not_my_topic"
    LEFT = "left"
    ON_ITS_WAY = "on_its_way"
    NO_ROUND = "no_round"
    ANSWERED = "answered"
    NOT_DELIVERED = "not_delivered"
    ONE_REMINDER = "one_reminder"
    TOO_LATE = "too_late"
    BEFORE_FIRST_DATE = "before_first_date"
    AFTER_INTRODUCTION = "after_introduction"
    ROUND_OPENS = "round_opens"
    REMINDER_WAITS = "reminder_waits"
    ONE_A_WEEK = "one_a_week"
    SNOOZED = "snoozed"
    HOURS = "hours"
    CAP = "cap"


@dataclass(frozen=True, slots=True)
class PacingSettings:
    """Numbers of the policy that a deployment may tune."""

    introduced_before: int = 2
    """Working days between introduction and first date."""
    rest_after_introduction: int = 1
    """Working days between introduction and first check-in at least."""
    reminder_after: int = 3
    """Working days."""
    jitter_minutes: int = 90
    least_left: timedelta = timedelta(hours=24)
    """Nobody is asked or reminded when the round closes sooner than this."""


@dataclass(frozen=True, slots=True)
class OpenRound:
    """The round that runs now; `opens_on` is local to the initiative."""

    number: int
    opens_on: date
    opens_at: datetime
    closes_at: datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """The check-in this stakeholder has in the running round."""

    answered: bool
    delivered_at: datetime | None
    reminded: bool = False
    again: bool = False
    """It has to be sent: it was ended without an answer (snoozed), or never went out."""


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is known when the clock looks at one stakeholder."""

    seed: str
    """Stable per stakeholder; spreads messages over the morning."""
    tz: str
    first_date: date
    running: bool = True
    place: Place = Place.ACTIVE
    person_stopped: bool = False
    person_gone: bool = False
    introduced_at: datetime | None = None
    snoozed_until: datetime | None = None
    on_its_way: bool = False
    """A message to this stakeholder is in the outbox and has not left yet."""
    sent_at: tuple[datetime, ...] = ()
    """Counted messages to the person, all initiatives, 28 days back; queued ones as planned."""
    round: OpenRound | None = None
    asked: Asked | None = None
    week_free_at: datetime | None = None
    """When the week of the last check-in ends: there is one a week at most."""
    calendar: Calendar | None = None
    """The person's own hours and days; None is somebody in `tz` who set nothing."""

    @property
    def whose(self) -> Calendar:
        """The calendar that every rule about the person's time goes by."""
        return self.calendar or Calendar.of(self.tz)


@dataclass(frozen=True, slots=True)
class NextSend:
    """Send `kind` at `at` at the earliest; `rules` moved it there."""

    kind: Kind
    at: datetime
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True)
class Nothing:
    """Nothing to send until something happens; `rules` say why."""

    rules: tuple[Rule, ...]


def next_send(facts: Facts, settings: PacingSettings, now: datetime) -> NextSend | Nothing:
    """Return what this stakeholder gets next and when at the earliest, with the reasons."""
    barred = _barred(facts)
    if barred:
        return Nothing((barred,))
    if facts.introduced_at is None:
        return _introduction(facts, settings, now)
    if facts.round is None:
        return Nothing((Rule.NO_ROUND,))
    if facts.asked is None or (facts.asked.again and not facts.asked.answered):
        return _ask(facts, facts.introduced_at, facts.round, settings, now)
    return _reminder(facts, facts.asked, facts.round, settings, now)


def cap_allows(sent_at: Sequence[datetime], whose: Whose, moment: datetime) -> datetime:
    """Return the first moment from `moment` on at which one more message keeps every cap.

    At most one per working day of `whose` calendar or zone, 2 in 7 days and 5 in 28. `sent_at`
    may hold moments to come, of messages already decided.
    """
    return caps.earliest(sorted(sent_at), moment, whose)


def _barred(facts: Facts) -> Rule | None:
    reasons = (
        (not facts.running, Rule.NOT_RUNNING),
        (facts.person_gone or facts.place is Place.LEFT, Rule.LEFT),
        (facts.person_stopped, Rule.STOPPED),
        (facts.place is Place.STOPPED, Rule.STOPPED_HERE),
        (facts.place is Place.NOT_MY_TOPIC, Rule.NOT_MY_TOPIC),
        (facts.on_its_way, Rule.ON_ITS_WAY),
    )
    return next((rule for holds, rule in reasons if holds), None)


def _introduction(facts: Facts, settings: PacingSettings, now: datetime) -> NextSend | Nothing:
    due = now
    if facts.round is None:  # once a round runs, whoever was not introduced yet is late already
        whose = facts.whose
        day = working_day_before(facts.first_date, settings.introduced_before, whose)
        due = at_local(day, whose.opens, whose.tz) + _lateness(facts, settings, "introduction")
    earliest = [(due, Rule.BEFORE_FIRST_DATE)]
    return _settled(Kind.INTRODUCTION, facts, settings, now, earliest)


def _ask(
    facts: Facts,
    introduced_at: datetime,
    running: OpenRound,
    settings: PacingSettings,
    now: datetime,
) -> NextSend | Nothing:
    morning = at_local(running.opens_on, facts.whose.opens, facts.whose.tz)
    rested = _working_days_after(introduced_at, settings.rest_after_introduction, facts.whose)
    earliest = [
        (morning + _lateness(facts, settings, str(running.number)), Rule.ROUND_OPENS),
        (running.opens_at, Rule.ROUND_OPENS),
        (rested, Rule.AFTER_INTRODUCTION),
    ]
    if facts.week_free_at and facts.asked is None:
        earliest.append((facts.week_free_at, Rule.ONE_A_WEEK))
    return _settled(Kind.ASK, facts, settings, now, earliest)


def _reminder(
    facts: Facts, asked: Asked, running: OpenRound, settings: PacingSettings, now: datetime
) -> NextSend | Nothing:
    if asked.answered:
        return Nothing((Rule.ANSWERED,))
    if asked.reminded:
        return Nothing((Rule.ONE_REMINDER,))
    if asked.delivered_at is None:
        return Nothing((Rule.NOT_DELIVERED,))
    due = _working_days_after(asked.delivered_at, settings.reminder_after, facts.whose)
    return _settled(Kind.REMINDER, facts, settings, now, [(due, Rule.REMINDER_WAITS)])


def _settled(
    kind: Kind,
    facts: Facts,
    settings: PacingSettings,
    now: datetime,
    earliest: list[tuple[datetime, Rule]],
) -> NextSend | Nothing:
    """Move to the last of `earliest`, then on until hours and caps agree."""
    if facts.snoozed_until:
        earliest.append((facts.snoozed_until, Rule.SNOOZED))
    moment = max(now, *(due for due, _ in earliest))
    rules = tuple(rule for due, rule in earliest if due == moment and due > now)
    late = _lateness(facts, settings, f"{moment:%j}")
    while True:
        in_hours = next_working_moment(moment, facts.whose, late)
        allowed = cap_allows(facts.sent_at, facts.whose, in_hours)
        rules += (Rule.HOURS,) * (in_hours != moment) + (Rule.CAP,) * (allowed != in_hours)
        if allowed == in_hours:
            break
        moment = allowed
    if kind is not Kind.INTRODUCTION and facts.round and _too_late(facts.round, allowed, settings):
        return Nothing((*rules, Rule.TOO_LATE))
    return NextSend(kind, allowed, tuple(dict.fromkeys(rules)))


def _too_late(running: OpenRound, moment: datetime, settings: PacingSettings) -> bool:
    return moment > running.closes_at - settings.least_left


def _working_days_after(moment: datetime, days: int, whose: Calendar) -> datetime:
    local = moment.astimezone(zone(whose.tz))
    today = day_of(moment, whose)
    day = add_working_days(today, days, whose) + (local.date() - today)
    return at_local(day, local.time(), whose.tz)


def _lateness(facts: Facts, settings: PacingSettings, what: str) -> timedelta:
    return jitter(f"{facts.seed}:{what}", settings.jitter_minutes)
