"""The policy: who is written to when, and never too much."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import calendars
from bot.domain.cycles import Halt
from bot.domain.initiatives import Place
from bot.domain.outbox import Kind
from bot.domain.pacing import cap_allows, next_send, next_week
from bot.domain.pacing_facts import Asked, Facts, NextSend, Nothing, OpenRound, Rule, let_go
from bot.domain.pacing_settings import PacingSettings
from tests.unit.test_calendars import zones

SETTINGS = PacingSettings()
TUESDAY = date(2025, 3, 4)
START = datetime(2025, 2, 20, 12, 0, tzinfo=UTC)
ROUND = OpenRound(
    1, TUESDAY, datetime(2025, 3, 3, 23, 0, tzinfo=UTC), datetime(2025, 3, 17, 23, 0, tzinfo=UTC)
)
NEW = Facts(seed="1", tz="Europe/Berlin", first_date=TUESDAY)
KNOWN = replace(NEW, introduced_at=datetime(2025, 2, 28, 9, 0, tzinfo=UTC), round=ROUND)
DELIVERED = datetime(2025, 3, 4, 9, 0, tzinfo=UTC)
OPEN = replace(KNOWN, asked=Asked(answered=False, delivered_at=DELIVERED), sent_at=(DELIVERED,))


def sends(facts: Facts, now: datetime) -> NextSend:
    decision = next_send(facts, SETTINGS, now)
    assert isinstance(decision, NextSend), decision
    return decision


def refuses(facts: Facts, now: datetime) -> tuple[Rule, ...]:
    decision = next_send(facts, SETTINGS, now)
    assert isinstance(decision, Nothing), decision
    return decision.rules


def test_the_introduction_comes_two_working_days_before() -> None:
    decision = sends(NEW, START)
    assert decision.kind is Kind.INTRODUCTION
    local = decision.at.astimezone(calendars.zone(NEW.tz))
    assert local.date() == date(2025, 2, 28)
    assert (
        timedelta(0)
        <= decision.at - calendars.at_local(local.date(), calendars.OPENS, NEW.tz)
        <= timedelta(minutes=90)
    )
    assert Rule.BEFORE_FIRST_DATE in decision.rules


def test_a_late_start_introduces_at_once() -> None:
    now = datetime(2025, 3, 4, 10, 0, tzinfo=UTC)
    assert sends(NEW, now).at == now


def test_the_first_check_in_comes_on_the_first_date() -> None:
    decision = sends(KNOWN, ROUND.opens_at)
    assert decision.kind is Kind.ASK
    assert calendars.local_date(decision.at, KNOWN.tz) == TUESDAY


@given(st.integers(0, 22 * 24 * 60).map(lambda n: START + timedelta(minutes=n)), zones)
def test_a_working_day_lies_between_introduction_and_check_in(when: datetime, tz: str) -> None:
    introduced = calendars.next_working_moment(when, tz)
    facts = replace(KNOWN, tz=tz, introduced_at=introduced)
    decision = next_send(facts, SETTINGS, max(introduced, ROUND.opens_at))
    if isinstance(decision, NextSend):
        rested = calendars.add_working_days(calendars.local_date(introduced, tz), 1)
        assert calendars.local_date(decision.at, tz) >= rested
        assert decision.at - introduced >= timedelta(hours=22)


def test_one_reminder_after_three_working_days() -> None:
    decision = sends(OPEN, DELIVERED)
    assert decision.kind is Kind.REMINDER
    assert decision.at == datetime(2025, 3, 7, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("asked", "rule"),
    [
        (Asked(answered=True, delivered_at=DELIVERED), Rule.ANSWERED),
        (Asked(answered=True, delivered_at=None, again=True), Rule.ANSWERED),
        (Asked(answered=False, delivered_at=DELIVERED, reminded=True), Rule.ONE_REMINDER),
        (Asked(answered=False, delivered_at=None), Rule.NOT_DELIVERED),
    ],
)
def test_nobody_else_is_reminded(asked: Asked, rule: Rule) -> None:
    assert refuses(replace(OPEN, asked=asked), DELIVERED) == (rule,)


def test_no_reminder_when_the_round_is_about_to_close() -> None:
    late = Asked(answered=False, delivered_at=ROUND.closes_at - timedelta(days=3))
    assert Rule.TOO_LATE in refuses(replace(OPEN, asked=late), ROUND.closes_at - timedelta(days=2))


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"running": False}, Rule.NOT_RUNNING),
        ({"person_stopped": True}, Rule.STOPPED),
        ({"person_gone": True}, Rule.LEFT),
        ({"place": Place.STOPPED}, Rule.STOPPED_HERE),
        ({"place": Place.NOT_MY_TOPIC}, Rule.NOT_MY_TOPIC),
        ({"place": Place.LEFT}, Rule.LEFT),
        ({"on_its_way": True}, Rule.ON_ITS_WAY),
    ],
)
@pytest.mark.parametrize("facts", [NEW, KNOWN, OPEN])
def test_whoever_said_no_is_left_alone(facts: Facts, change: dict[str, object], rule: Rule) -> None:
    assert refuses(replace(facts, **change), START) == (rule,)  # type: ignore[arg-type]


def test_a_pause_moves_the_check_in() -> None:
    until = datetime(2025, 3, 10, 10, 0, tzinfo=UTC)
    decision = sends(replace(KNOWN, snoozed_until=until), ROUND.opens_at)
    assert decision.at == until
    assert decision.rules == (Rule.SNOOZED,)


def test_nobody_hears_anything_while_owners_pause_it() -> None:
    until = datetime(2025, 3, 10, 10, 0, tzinfo=UTC)
    halt = Halt(START, until)
    for facts, kind in ((NEW, Kind.INTRODUCTION), (KNOWN, Kind.ASK), (OPEN, Kind.REMINDER)):
        decision = sends(replace(facts, halt=halt), ROUND.opens_at)
        assert (decision.kind, decision.at, decision.rules) == (kind, until, (Rule.HALTED,))
    rest_of_round = Halt(START, ROUND.closes_at)
    rules = refuses(replace(KNOWN, halt=rest_of_round), ROUND.opens_at)
    assert let_go(rules) is Rule.HALTED
    assert sends(replace(KNOWN, halt=Halt(START, ROUND.opens_at)), ROUND.opens_at).rules != rules


def test_another_length_of_rounds_counts_from_the_next_check_in_on() -> None:
    longer = replace(KNOWN, cycle_days=28, last_week=0)
    assert next_week(replace(longer, last_days=14), SETTINGS) == 2
    assert next_week(replace(longer, last_days=28), SETTINGS) == 4
    assert next_week(replace(longer, last_days=14, misses=1), SETTINGS) == 3
    assert next_week(longer, SETTINGS) == 4  # of who was asked before anybody noted it


def test_a_paused_check_in_comes_again_in_the_same_round() -> None:
    asked = Asked(answered=False, delivered_at=DELIVERED, again=True)
    facts = replace(OPEN, asked=asked, snoozed_until=DELIVERED + timedelta(days=7))
    assert sends(facts, DELIVERED).kind is Kind.ASK


def test_one_check_in_a_week() -> None:
    facts = replace(KNOWN, heard_week=0)  # they asked for one themselves
    decision = sends(facts, datetime(2025, 3, 6, 9, 0, tzinfo=UTC))
    assert calendars.local_date(decision.at, KNOWN.tz) == date(2025, 3, 10)
    assert Rule.ONE_A_WEEK in decision.rules


def test_between_rounds_nobody_is_asked() -> None:
    assert refuses(replace(KNOWN, round=None), START) == (Rule.NO_ROUND,)


def within_caps(sent: list[datetime], tz: str) -> bool:
    sent = sorted(sent)
    local = [calendars.local_date(moment, tz) for moment in sent]
    apart = all(before != after for before, after in pairwise(local))
    in_week = all(c - a >= timedelta(days=7) for a, c in zip(sent, sent[2:], strict=False))
    in_month = all(f - a >= timedelta(days=28) for a, f in zip(sent, sent[5:], strict=False))
    return apart and in_week and in_month


@given(st.lists(st.integers(0, 60 * 24 * 90), max_size=40), zones)
def test_caps_are_never_breached(wishes: list[int], tz: str) -> None:
    sent: list[datetime] = []
    for minutes in wishes:  # in any order: what is decided first may be planned for later
        wish = START + timedelta(minutes=minutes)
        moment = cap_allows(sent, tz, wish)
        assert moment >= wish
        sent.append(moment)
    assert within_caps(sent, tz)


@given(st.lists(st.integers(0, 60 * 24 * 40), max_size=8), zones)
def test_the_cap_waits_no_longer_than_needed(gaps: list[int], tz: str) -> None:
    sent: list[datetime] = []
    for minutes in sorted(gaps):
        sent.append(cap_allows(sent, tz, START + timedelta(minutes=minutes)))
    now = max(sent, default=START)
    moment = cap_allows(sent, tz, now)
    earlier = moment - timedelta(minutes=1)
    assert earlier < now or not within_caps([*sent, earlier], tz)
