"""When to write to somebody, and when not: the one policy, a pure function of facts.

Its numbers stand in `pacing_settings`, what it is told in `pacing_facts`; what several places of
one person mean to one another is in `budget`.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from math import ceil

from bot.domain import caps, gives
from bot.domain.calendars import (
    NEVER,
    Calendar,
    Whose,
    add_working_days,
    at_local,
    day_of,
    is_working_moment,
    jitter,
    next_working_moment,
    working_day_before,
    zone,
)
from bot.domain.cycles import day_in, first_day_of, week_of
from bot.domain.initiatives import Place
from bot.domain.outbox import PRIORITY, Kind
from bot.domain.pacing_facts import (
    Asked,
    Decided,
    Dropped,
    Facts,
    NextSend,
    Nothing,
    OpenMessage,
    OpenRound,
    Rule,
    looks_at,
)
from bot.domain.pacing_settings import WEEK, PacingSettings

LOOK_AGAIN = timedelta(days=1)
"""How soon to look again where something may change without anybody telling the clock."""

NO_HOURS_LOOK = timedelta(weeks=4)
NOTE_LEFT = timedelta(days=7)
"""A note that asking has stopped is not worth sending when less than this is left of the pause."""


def next_send(facts: Facts, settings: PacingSettings, now: datetime) -> Decided:
    """Return what this stakeholder gets next and when at the earliest, with the reasons."""
    barred = _barred(facts)
    if barred:
        return Nothing((barred,))
    if facts.introduced_at is None:
        return _introduction(facts, settings, now)
    if facts.round is None:
        return Nothing((Rule.NO_ROUND,))
    if facts.note and facts.is_paused(now):
        return _note(facts, settings, now)
    if facts.asked is None or (facts.asked.again and not facts.asked.answered):
        first = _ask(facts, facts.introduced_at, facts.round, settings, now)
    else:
        first = _reminder(facts, facts.asked, facts.round, settings, now)
    if facts.fewer or not facts.attention or facts.is_paused(now):
        return first
    return _sooner(first, _give(facts, settings, now))


def cap_allows(
    sent_at: Sequence[datetime],
    whose: Whose,
    moment: datetime,
    windows: caps.Windows = caps.WINDOWS,
) -> datetime:
    """Return the first moment from `moment` on at which one more message keeps every cap.

    At most one per working day of `whose` calendar or zone, 2 in 7 days and 5 in 28. `sent_at`
    may hold moments to come, of messages already decided.
    """
    return caps.earliest(sorted(sent_at), moment, whose, windows)


def interval_weeks(facts: Facts, settings: PacingSettings) -> int:
    """Return how many weeks lie between the last check-in of this stakeholder and the next one."""
    days = max(settings.base_interval, facts.last_days or facts.cycle_days)
    if facts.settled and not facts.misses:
        days = max(days, settings.settled_interval)
    factors = (1.0, settings.after_one_miss, settings.after_two_misses)
    least = settings.fewer_interval if facts.fewer else 0
    return ceil(max(days * factors[min(facts.misses, 2)], least) / WEEK)


def next_week(facts: Facts, settings: PacingSettings) -> int | None:
    """Return the week in which the next check-in is due; None if there was none yet."""
    if facts.last_week is None:
        return None
    by_hand = facts.round is not None and facts.round.by_hand and facts.asked is None
    if by_hand and not (facts.misses or facts.settled or facts.fewer):
        return facts.last_week + 1
    return facts.last_week + interval_weeks(facts, settings)


def owes(facts: Facts, settings: PacingSettings, moment: datetime) -> bool:
    """Return whether the owners owe so much listening at `moment` that nobody is asked."""
    if facts.unshared >= settings.debt_rounds:
        return True
    if facts.waiting_since is None:
        return False
    return moment > facts.waiting_since + timedelta(days=settings.debt_days)


def spread(facts: Facts, settings: PacingSettings, what: str) -> timedelta:
    """Return how long after their hours begin this person is written to on a day.

    It leaves half of the hours for what cannot go out at once.
    """
    whose = facts.whose
    minutes = (whose.closes.hour - whose.opens.hour) * 60 + whose.closes.minute - whose.opens.minute
    if whose.closes <= whose.opens:
        minutes += 24 * 60
    most = min(settings.jitter_minutes, minutes // 2)
    return jitter(f"{facts.person}:{what}", most)


def morning(facts: Facts, settings: PacingSettings, day: date) -> datetime:
    """Return when what is due on `day` may go out: always the same for one person and day."""
    whose = facts.whose
    return at_local(day, whose.opens, whose.tz) + spread(facts, settings, day.isoformat())


def day_due(facts: Facts, settings: PacingSettings, day: date) -> date:
    """Return `day`, or for some a working day later: never another week, always the same."""
    late = jitter(f"{facts.person}:{day}:days", 1).seconds % (settings.jitter_days + 1)
    if not late:
        return day
    later = add_working_days(day, late, facts.whose)
    same_week = week_of(facts.first_date, later) == week_of(facts.first_date, day)
    return later if same_week else day


# --- each kind ----------------------------------------------------------------------------------


def _barred(facts: Facts) -> Rule | None:
    reasons = (
        (not facts.running, Rule.NOT_RUNNING),
        (facts.person_gone or facts.place.is_gone, Rule.LEFT),
        (facts.person_stopped, Rule.STOPPED),
        (facts.place is Place.STOPPED, Rule.STOPPED_HERE),
        (facts.place is Place.NOT_MY_TOPIC, Rule.NOT_MY_TOPIC),
        (facts.on_its_way, Rule.ON_ITS_WAY),
    )
    return next((rule for holds, rule in reasons if holds), None)


def _introduction(facts: Facts, settings: PacingSettings, now: datetime) -> Decided:
    due = now
    if facts.round is None:  # once a round runs, whoever was not introduced yet is late already
        day = working_day_before(facts.first_date, settings.introduced_before, facts.whose)
        due = morning(facts, settings, day)
    return _settled(Kind.INTRODUCTION, facts, settings, now, [(due, Rule.BEFORE_FIRST_DATE)])


def _note(facts: Facts, settings: PacingSettings, now: datetime) -> Decided:
    decided = _settled(Kind.PAUSE_NOTE, facts, settings, now, [])
    until = facts.paused_until or now
    if isinstance(decided, NextSend) and decided.at <= until - NOTE_LEFT:
        return decided
    number = facts.round.number if facts.round else 0
    dropped = Dropped(Kind.PAUSE_NOTE, number, Rule.TOO_LATE)
    return Nothing((Rule.PAUSED, Rule.TOO_LATE), look_at=until, dropped=(dropped,))


def _ask(
    facts: Facts,
    introduced_at: datetime,
    running: OpenRound,
    settings: PacingSettings,
    now: datetime,
) -> Decided:
    rested = _working_days_after(introduced_at, settings.rest_after_introduction, facts.whose)
    earliest = [
        _due(facts, running, settings),
        (running.opens_at, Rule.ROUND_OPENS),
        (rested, Rule.AFTER_INTRODUCTION),
    ]
    if facts.heard_week is not None and facts.asked is None:
        free = first_day_of(facts.first_date, facts.heard_week + 1)
        earliest.append((at_local(free, facts.whose.day_begins, facts.whose.tz), Rule.ONE_A_WEEK))
    if facts.paused_until is not None:
        earliest.append((facts.paused_until, Rule.PAUSED))
    if facts.open_message is None:
        return _owing(_settled(Kind.ASK, facts, settings, now, earliest), facts, settings)
    return _beside(facts.open_message, facts, settings, now, earliest)


def _due(facts: Facts, running: OpenRound, settings: PacingSettings) -> tuple[datetime, Rule]:
    """Return when the check-in is due by the rounds and the interval, and which of them it is."""
    week = next_week(facts, settings)
    by_hand = running.by_hand and facts.last_week is not None and week == facts.last_week + 1
    if week is None or facts.asked is not None or by_hand:
        return morning(facts, settings, running.opens_on), Rule.ROUND_OPENS
    day = max(day_in(facts.first_date, week), running.opens_on)
    due = morning(facts, settings, day_due(facts, settings, day))
    if day == running.opens_on:
        return due, Rule.ROUND_OPENS
    rule = Rule.SETTLED if facts.settled else Rule.INTERVAL
    rule = Rule.FEWER if facts.fewer else rule
    return due, Rule.AFTER_SILENCE if facts.misses else rule


def _beside(
    message: OpenMessage,
    facts: Facts,
    settings: PacingSettings,
    now: datetime,
    earliest: list[tuple[datetime, Rule]],
) -> Decided:
    """Join the other initiative's message if both are due on one day, else wait for its end."""
    if message.has_room:
        free, whose = replace(facts, sent_at=()), facts.whose
        alone = _settled(Kind.ASK, free, settings, now, list(earliest))
        if isinstance(alone, NextSend) and day_of(alone.at, whose) == day_of(message.since, whose):
            joined = replace(alone, rules=(*alone.rules, Rule.SHARED), joins=message.seed)
            return _owing(joined, facts, settings)
    due = max(now, facts.snoozed_until or now, *(moment for moment, _ in earliest))
    waits = [*earliest, (message.until, Rule.ONE_OPEN)]
    decided = _owing(_settled(Kind.ASK, facts, settings, now, waits), facts, settings)
    return replace(decided, look_at=due if due > now else now + LOOK_AGAIN)


def _owing(decided: Decided, facts: Facts, settings: PacingSettings) -> Decided:
    """Hold an ask or reminder back that would fall into a time when the owners owe listening."""
    if isinstance(decided, Nothing) or not owes(facts, settings, decided.at):
        return decided
    return Nothing((*decided.rules, Rule.LISTENING_DEBT))


def _reminder(
    facts: Facts, asked: Asked, running: OpenRound, settings: PacingSettings, now: datetime
) -> Decided:
    reasons = (
        (asked.answered, Rule.ANSWERED),
        (asked.reminded, Rule.ONE_REMINDER),
        (facts.fewer, Rule.FEWER),
        (asked.delivered_at is None, Rule.NOT_DELIVERED),
        (facts.misses >= settings.no_reminder_after, Rule.NO_REMINDER),
    )
    no = next((rule for holds, rule in reasons if holds), None)
    if no or asked.delivered_at is None:
        offered = no is Rule.NOT_DELIVERED and facts.open_message is not None
        look_at = now + LOOK_AGAIN if offered else None  # whether its host still can offer it
        return Nothing((no or Rule.NOT_DELIVERED,), look_at)
    due = _working_days_after(asked.delivered_at, settings.reminder_after, facts.whose)
    waits = [(due, Rule.REMINDER_WAITS)]
    decided = _owing(_settled(Kind.REMINDER, facts, settings, now, waits), facts, settings)
    if isinstance(decided, NextSend) and not _has_room(facts, settings, decided):
        look_at = due if due > now else None  # there may be room by then
        decided = Nothing((*decided.rules, Rule.CHECK_INS_FIRST), look_at)
    if isinstance(decided, NextSend) or due > now:
        return decided
    reason = next(rule for rule in (*decided.rules, Rule.TOO_LATE) if rule is not Rule.HOURS)
    return replace(decided, dropped=(Dropped(Kind.REMINDER, running.number, reason),))


def _give(facts: Facts, settings: PacingSettings, now: datetime) -> Decided:
    """Return the give of the next week that has neither a check-in nor a give yet."""
    until = next_week(facts, settings)
    if not settings.gives_a_week or until is None or facts.last_week is None:
        return Nothing(())
    week = max(facts.last_week + 1, facts.week_at(now))
    if facts.given_at:
        week = max(week, facts.week_at(facts.given_at[-1]) + 1)
    if week >= until:
        return Nothing(())
    day = day_due(facts, settings, day_in(facts.first_date, week))
    due = morning(facts, settings, day), Rule.BETWEEN
    decided = _settled(Kind.GIVE, facts, settings, now, [due])
    if isinstance(decided, Nothing):
        return decided
    rests = gives.rests_until(facts.given_at, decided.at, settings)
    if rests is not None:
        return Nothing((Rule.GIVES_REST,), look_at=rests)
    return _given(decided, facts, settings, now, (week, due[0]))


def _given(
    decided: NextSend,
    facts: Facts,
    settings: PacingSettings,
    now: datetime,
    due: tuple[int, datetime],
) -> Decided:
    """Give in the week and from the moment `due`, or not at all: it moves to no other week."""
    week, look_at = due
    why: Rule | None = None
    if facts.week_at(decided.at) != week:
        why = next((rule for rule in decided.rules if rule is not Rule.BETWEEN), Rule.TOO_LATE)
    elif facts.give is None:
        why, look_at = Rule.NOTHING_TO_GIVE, decided.at
    elif not _has_room(facts, settings, decided):
        why, look_at = Rule.CHECK_INS_FIRST, decided.at
    if why is None:
        return decided
    if look_at > now:
        return Nothing((why,), look_at)  # it may have changed by then
    whose = facts.whose
    following = at_local(first_day_of(facts.first_date, week + 1), whose.day_begins, whose.tz)
    return Nothing((why,), following, (Dropped(Kind.GIVE, week, why),))


def _has_room(facts: Facts, settings: PacingSettings, decided: NextSend) -> bool:
    """Return whether everything that matters more than `decided` still fits under the caps."""
    rank = PRIORITY[decided.kind]
    before = [one.at for one in facts.ahead if PRIORITY[one.kind] < rank]
    sent = sorted(facts.sent_at)
    return caps.leaves_room(sent, decided.at, before, facts.whose, settings.windows)


def _sooner(first: Decided, second: Decided) -> Decided:
    """Return what comes first of two; the other one is looked at again when it is due."""
    sends = [one for one in (first, second) if isinstance(one, NextSend)]
    dropped = first.dropped + second.dropped
    looks = [at for at in map(looks_at, (first, second)) if at is not None]
    look_at = min(looks, default=None)
    if not sends:
        return Nothing(tuple(dict.fromkeys(first.rules + second.rules)), look_at, dropped)
    chosen = min(sends, key=lambda one: (one.at, PRIORITY[one.kind]))
    held = [one for one in (first, second) if isinstance(one, Nothing)]
    beside = held[0].rules if held else ()
    return replace(chosen, look_at=look_at, dropped=dropped, beside=beside)


# --- into the person's time ---------------------------------------------------------------------


def _settled(
    kind: Kind,
    facts: Facts,
    settings: PacingSettings,
    now: datetime,
    earliest: list[tuple[datetime, Rule]],
) -> Decided:
    """Move to the last of `earliest`, then on until hours and caps agree."""
    if facts.snoozed_until:
        earliest.append((facts.snoozed_until, Rule.SNOOZED))
    if facts.halt:
        earliest.append((facts.halt.until, Rule.HALTED))
    moment = max((now, *(due for due, _ in earliest)))
    rules = tuple(rule for due, rule in earliest if due == moment and due > now)
    allowed, moved = _in_time(facts, settings, moment)
    rules += moved
    if allowed >= NEVER:
        return Nothing((*rules, Rule.NO_HOURS), look_at=now + NO_HOURS_LOOK)
    bound = kind in (Kind.ASK, Kind.REMINDER)
    if bound and facts.round and _too_late(facts.round, allowed, settings):
        return Nothing((*rules, Rule.TOO_LATE))
    return NextSend(kind, allowed, tuple(dict.fromkeys(rules)), due=max(earliest, default=None))


def _in_time(
    facts: Facts, settings: PacingSettings, moment: datetime
) -> tuple[datetime, tuple[Rule, ...]]:
    whose, sent = facts.whose, sorted(facts.sent_at)
    rules: tuple[Rule, ...] = ()
    while True:
        in_hours = _in_hours(facts, settings, moment)
        if in_hours >= NEVER:
            return in_hours, rules
        allowed = caps.earliest(sent, in_hours, whose, settings.windows)
        rules += (Rule.HOURS,) * (in_hours != moment) + (Rule.CAP,) * (allowed != in_hours)
        if allowed == in_hours:
            return allowed, rules
        moment = allowed


def _in_hours(facts: Facts, settings: PacingSettings, moment: datetime) -> datetime:
    """Return `moment` or the next that is in working hours, and no earlier than `morning`.

    So a message comes at the same time whenever it was decided.
    """
    found = next_working_moment(moment, facts.whose)
    if found >= NEVER:
        return found
    usual = morning(facts, settings, day_of(found, facts.whose))
    return usual if usual > found and is_working_moment(usual, facts.whose) else found


def _too_late(running: OpenRound, moment: datetime, settings: PacingSettings) -> bool:
    return moment > running.closes_at - timedelta(hours=settings.least_left)


def _working_days_after(moment: datetime, days: int, whose: Calendar) -> datetime:
    local = moment.astimezone(zone(whose.tz))
    today = day_of(moment, whose)
    day = add_working_days(today, days, whose) + (local.date() - today)
    return at_local(day, local.time(), whose.tz)
