"""When the next check-in may come, as it is told; and what *Fewer* changes."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.calendars import local_date
from bot.domain.gives import Give, GiveKind
from bot.domain.initiatives import Place
from bot.domain.outbox import Kind
from bot.domain.pacing import interval_weeks, next_send, next_week
from bot.domain.pacing_facts import Asked, Facts, NextSend, OpenRound, Rule
from bot.domain.pacing_settings import PacingSettings
from bot.domain.plans import Assumed, plan
from bot.domain.reasons import next_on

SETTINGS = PacingSettings()
FIRST = date(2025, 2, 26)
NOW = datetime(2025, 3, 13, 9, 0, tzinfo=UTC)
ROUND = OpenRound(
    2,
    date(2025, 3, 12),
    datetime(2025, 3, 11, 23, 0, tzinfo=UTC),
    datetime(2025, 3, 25, 23, 0, tzinfo=UTC),
)
ANSWERED = Asked(answered=True, delivered_at=datetime(2025, 3, 12, 9, 0, tzinfo=UTC))
ASKED = Facts(
    seed="1",
    person="1",
    tz="Europe/Berlin",
    first_date=FIRST,
    introduced_at=datetime(2025, 2, 24, 9, 0, tzinfo=UTC),
    initiative_tz="Europe/Berlin",
    round=ROUND,
    asked=ANSWERED,
    last_week=2,
    heard_week=2,
)


@pytest.mark.parametrize("misses", [0, 1, 2])
@pytest.mark.parametrize("settled", [False, True])
@pytest.mark.parametrize("fewer", [False, True])
@pytest.mark.parametrize("answered", [False, True])
@pytest.mark.parametrize("held", [None, "snoozed_until", "paused_until"])
def test_no_check_in_comes_before_the_day_that_was_told(
    misses: int, settled: bool, fewer: bool, answered: bool, held: str | None
) -> None:
    facts = replace(ASKED, misses=misses, settled=settled, fewer=fewer)
    facts = replace(facts, asked=replace(ANSWERED, answered=answered))
    if held:
        facts = replace(facts, **{held: NOW + timedelta(days=40)})  # type: ignore[arg-type]
    told = next_on(facts, SETTINGS, NOW)
    assert told is not None
    for assumed in (Assumed(), Assumed(answers=True)):
        span = (NOW, NOW + timedelta(days=90))
        lines = plan([facts], SETTINGS, span, assumed).lines
        asks = [local_date(line.at, facts.tz) for line in lines if line.kind is Kind.ASK]
        assert asks
        assert min(asks) >= told


def test_nothing_is_told_of_what_will_not_come() -> None:
    assert next_on(replace(ASKED, running=False), SETTINGS, NOW) is None
    assert next_on(replace(ASKED, place=Place.OFF), SETTINGS, NOW) is None
    assert next_on(replace(ASKED, person_stopped=True), SETTINGS, NOW) is None
    overdue = replace(ASKED, last_week=-4, asked=None)
    assert next_on(overdue, SETTINGS, NOW) is None


@pytest.mark.parametrize(("misses", "weeks"), [(0, 4), (1, 4), (2, 4), (3, 4)])
def test_fewer_is_four_weeks_at_least(misses: int, weeks: int) -> None:
    assert interval_weeks(replace(ASKED, fewer=True, misses=misses), SETTINGS) >= weeks
    slow = replace(SETTINGS, base_interval=42)
    assert interval_weeks(replace(ASKED, fewer=True), slow) == 6


def test_fewer_holds_when_a_round_is_started_by_hand() -> None:
    by_hand = replace(ASKED, asked=None, round=replace(ROUND, number=3, by_hand=True))
    assert next_week(by_hand, SETTINGS) == 3
    assert next_week(replace(by_hand, fewer=True), SETTINGS) == 6


def test_fewer_is_no_reminder_and_nothing_in_between() -> None:
    unanswered = replace(ASKED, fewer=True, asked=replace(ANSWERED, answered=False))
    assert next_send(unanswered, SETTINGS, NOW).rules == (Rule.FEWER,)
    given = replace(ASKED, attention=True, give=Give(GiveKind.PROGRESS_LINE, 1))
    week = NOW + timedelta(days=7)
    found = next_send(given, SETTINGS, week)
    assert isinstance(found, NextSend)
    assert found.kind is Kind.GIVE
    assert not isinstance(next_send(replace(given, fewer=True), SETTINGS, week), NextSend)
