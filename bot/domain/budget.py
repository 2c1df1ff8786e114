"""One attention budget per person: what places in several initiatives mean to one another."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import groupby

from bot.domain import caps
from bot.domain.calendars import day_of
from bot.domain.cycles import day_in, week_of
from bot.domain.initiatives import Place
from bot.domain.outbox import PRIORITY, Kind
from bot.domain.pacing import day_due, interval_weeks, morning, next_send, next_week
from bot.domain.pacing_facts import Asked, Decided, Expected, Facts, NextSend, OpenMessage
from bot.domain.pacing_settings import PacingSettings

REACH = caps.LONGEST + timedelta(days=7)
"""How far ahead messages are expected."""

NEVER_ASKED = datetime.min.replace(tzinfo=UTC)


def look(
    places: Sequence[Facts], due: Collection[int], settings: PacingSettings, now: datetime
) -> dict[int, Decided]:
    """Decide about those of one person's `places` that are `due` (by index), most urgent first.

    `places` are all places of the person, each without what the others mean for it. A message
    that goes out now counts for the places decided after it; two check-ins of one day share it,
    and who waited longest goes first.
    """
    waiting = sorted(due, key=lambda one: (places[one].asked_at or NEVER_ASKED, places[one].seed))
    held = list(places)
    decided: dict[int, Decided] = {}
    while waiting:
        found = {one: next_send(beside(held, one, settings, now), settings, now) for one in waiting}
        first = _most_urgent(found, now)
        if first is None:
            return decided | found
        one, sent = first
        decided[one] = sent
        waiting.remove(one)
        if waiting:
            held = _after(held, one, sent)
    return decided


def beside(places: Sequence[Facts], one: int, settings: PacingSettings, now: datetime) -> Facts:
    """Return the facts of a place with what the person's places mean for it, itself included."""
    facts = places[one]
    crowded = _gives_way(facts) and not _has_plenty(places, settings)
    ahead = _ahead(places, settings, now) if crowded else ()
    message = _open_message(places, one) if len(places) > 1 else None
    if message is None and not ahead:
        return facts
    return replace(facts, open_message=message, ahead=ahead)


def _most_urgent(found: dict[int, Decided], now: datetime) -> tuple[int, NextSend] | None:
    goes = [
        (one, what) for one, what in found.items() if isinstance(what, NextSend) and what.at <= now
    ]
    return min(goes, key=lambda pair: PRIORITY[pair[1].kind], default=None)


def _gives_way(facts: Facts) -> bool:
    """Return whether it may get something that must leave room for what matters more."""
    asked = facts.asked
    is_open = asked is not None and not asked.answered and not asked.reminded
    return facts.attention or is_open


def _has_plenty(places: Sequence[Facts], settings: PacingSettings) -> bool:
    """Return whether a reminder can put nothing off, without looking ahead.

    In one initiative at most two check-ins are due in 28 days, and never two in a week.
    """
    only = places[0]
    if len(places) > 1 or only.attention or settings.per_week < 2:
        return False
    return len(only.sent_at) + 3 <= settings.per_month


def _after(held: list[Facts], one: int, sent: NextSend) -> list[Facts]:
    """Return all places after `sent` was decided for one of them."""
    if sent.kind is Kind.ASK:
        asked = Asked(answered=False, delivered_at=None, joins=sent.joins, planned_at=sent.at)
        held[one] = replace(held[one], asked=asked)
    if sent.joins:
        return held
    return [replace(facts, sent_at=(*facts.sent_at, sent.at)) for facts in held]


def _open_message(places: Sequence[Facts], one: int) -> OpenMessage | None:
    """Return the newest check-in of another place that the person has and has not answered."""
    full = {facts.asked.joins for facts in places if facts.asked}
    others = (facts for index, facts in enumerate(places) if index != one)
    found = sorted(_messages(others, full), key=lambda message: message.since)
    if not found:
        return None
    return replace(found[-1], until=max(message.until for message in found))


def _messages(places: Iterator[Facts], full: Collection[str]) -> Iterator[OpenMessage]:
    for facts in places:
        asked, running = facts.asked, facts.round
        if asked is None or running is None or asked.answered or asked.again or asked.joins:
            continue
        since = asked.delivered_at or asked.planned_at
        if since is not None and _is_asked(facts):
            room = facts.seed not in full
            yield OpenMessage(facts.seed, since, running.closes_at, room)


def _is_asked(facts: Facts) -> bool:
    silent = facts.person_stopped or facts.person_gone or not facts.running
    return not silent and facts.place is Place.ACTIVE


def _ahead(
    places: Sequence[Facts], settings: PacingSettings, now: datetime
) -> tuple[Expected, ...]:
    """Return what the person is to get from all places, as far as the caps reach, in order.

    Two check-ins of one day share a message.
    """
    every = (one for facts in places for one in expected(facts, settings, now))
    found = sorted(every, key=lambda one: (one.at, PRIORITY[one.kind]))
    ahead: list[Expected] = []
    for _, same_day in groupby(found, key=lambda one: day_of(one.at, places[0].whose)):
        today = list(same_day)
        ahead += [one for one in today if one.kind is Kind.ASK][::2]
        ahead += [one for one in today if one.kind is not Kind.ASK]
    return tuple(sorted(ahead, key=lambda one: one.at))


def expected(facts: Facts, settings: PacingSettings, now: datetime) -> Iterator[Expected]:
    """Yield what is due for one place in the next weeks if nobody answers, caps and hours aside."""
    if not _is_asked(facts):
        return
    until = now + REACH
    halted = facts.halt.until if facts.halt else now
    start = max(now, facts.snoozed_until or now, facts.paused_until or now, halted)
    if facts.introduced_at is None:
        yield Expected(start, Kind.INTRODUCTION)
    week = _first_week(facts, settings)
    gives = facts.attention and not facts.fewer and settings.gives_a_week
    if gives and facts.last_week is not None:
        for between in range(max(facts.last_week + 1, facts.week_at(start)), week):
            yield Expected(max(start, _moment(facts, settings, between)), Kind.GIVE)
    while (at := max(start, _moment(facts, settings, week))) < until:
        yield Expected(at, Kind.ASK)
        week = max(week, facts.week_at(start)) + interval_weeks(facts, settings)


def _first_week(facts: Facts, settings: PacingSettings) -> int:
    week = next_week(facts, settings)
    if week is not None and (facts.asked is None or not facts.asked.again):
        return week
    opens_on = facts.round.opens_on if facts.round else facts.first_date
    return week_of(facts.first_date, opens_on)


def _moment(facts: Facts, settings: PacingSettings, week: int) -> datetime:
    return morning(facts, settings, day_due(facts, settings, day_in(facts.first_date, week)))
