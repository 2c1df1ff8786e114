"""What one person would get, and what owners may read of that."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.domain.calendars import Calendar, local_date
from bot.domain.initiatives import Initiative, Place, Plan, Status, Visibility
from bot.domain.outbox import Kind
from bot.domain.pacing_facts import Asked, Facts, OpenRound, Rule
from bot.domain.pacing_settings import PacingSettings
from bot.domain.people import Person
from bot.domain.planned import ClockChange, Moved, Off, PersonFacts, PlaceFacts, mine
from bot.domain.weeks_ahead import LEAST_PEOPLE, LEAST_RANGE, check_ins, coarse, of_initiative

BERLIN = "Europe/Berlin"
NOW = datetime(2025, 2, 27, 12, tzinfo=UTC)
FIRST = date(2025, 3, 4)
PACE = PacingSettings(jitter_days=0, jitter_minutes=0)
DANA = Person(1, 1, "UDANA", "Dana Demo", BERLIN)


def initiative(number: int = 1, name: str = "Shelf labels", first: date = FIRST) -> Initiative:
    return Initiative(
        id=number,
        workspace_id=1,
        name=name,
        tz=BERLIN,
        visibility=Visibility.NAMED,
        status=Status.RUNNING,
        channel_id="C1",
        first_date=first,
        cycle_days=14,
        plan=Plan(1, 1, "Why.", "Better."),
        owners=(DANA,),
        revision=1,
        created_at=NOW,
    )


def place(about: Initiative, calendar: Calendar, person: int = 7, **known: Any) -> PlaceFacts:
    facts = Facts(
        seed=f"{person}:{about.id}",
        person=str(person),
        tz=calendar.tz,
        calendar=calendar,
        first_date=about.first_date or FIRST,
        initiative_tz=about.tz,
    )
    return PlaceFacts(about, replace(facts, **known))


def person(calendar: Calendar, *places: PlaceFacts) -> PersonFacts:
    return PersonFacts(calendar, PACE, places=places)


def one(calendar: Calendar, number: int = 7, **known: Any) -> PersonFacts:
    """Somebody who is asked about one initiative."""
    return person(calendar, place(initiative(), calendar, number, **known))


def test_a_holiday_moves_a_check_in_and_says_so() -> None:
    calendar = Calendar(BERLIN, holidays=frozenset({date(2025, 3, 18)}))
    plan = mine(one(calendar), NOW)
    asks = [line for line in plan.answering.coming if line.kind is Kind.ASK]
    assert local_date(asks[1].at, BERLIN) == date(2025, 3, 19)
    assert asks[1].moved == (Moved(date(2025, 3, 18), Off.HOLIDAY),)
    assert asks[1].weeks == 2
    assert plan.holidays == (date(2025, 3, 18),)


def test_being_away_moves_what_still_fits_into_the_round() -> None:
    calendar = Calendar(BERLIN, away_until=date(2025, 3, 10))
    plan = mine(one(calendar), NOW)
    first = plan.answering.coming[0]
    assert first.kind is Kind.INTRODUCTION
    assert local_date(first.at, BERLIN) == date(2025, 3, 10)
    assert first.moved[0].why is Off.AWAY


def test_the_change_of_clocks_is_marked_and_moves_nothing() -> None:
    plan = mine(one(Calendar(BERLIN)), NOW)
    assert plan.changes == (ClockChange(date(2025, 3, 30), 60),)
    hours = {line.at.astimezone(UTC).hour for line in plan.answering.coming}
    assert hours == {7, 8}  # 9:30 in Berlin, in winter and in summer


def test_silence_brings_reminders_and_answers_do_not() -> None:
    plan = mine(one(Calendar(BERLIN)), NOW)
    assert Kind.REMINDER in {line.kind for line in plan.silent.coming}
    assert Kind.REMINDER not in {line.kind for line in plan.answering.coming}


def test_what_the_app_concludes_changes_nothing_in_it() -> None:
    usual = mine(one(Calendar(BERLIN)), NOW)
    assert mine(one(Calendar(BERLIN), attention=True), NOW) == usual


def test_somebody_whose_check_in_waits_in_the_outbox_reads_it_first() -> None:
    opens = datetime(2025, 3, 3, 23, tzinfo=UTC)
    now = datetime(2025, 3, 4, 8, 31, tzinfo=UTC)
    running = OpenRound(1, FIRST, opens, opens + timedelta(days=14))
    asked = Asked(answered=False, delivered_at=None, planned_at=now)
    own = place(
        initiative(),
        Calendar(BERLIN),
        introduced_at=NOW,
        round=running,
        asked=asked,
        on_its_way=True,
        last_week=0,
        heard_week=0,
        sent_at=(NOW, now),
    )
    known = person(Calendar(BERLIN), replace(own, under_way=((Kind.ASK, now),)))
    plan = mine(known, now)
    first, second, *_ = plan.silent.coming
    assert (first.kind, first.at) == (Kind.ASK, now)
    assert second.kind is Kind.REMINDER
    assert plan.answering.coming[1].kind is Kind.ASK


@pytest.mark.parametrize(
    ("known", "rule"),
    [
        ({"place": Place.STOPPED}, Rule.STOPPED_HERE),
        ({"place": Place.NOT_MY_TOPIC}, Rule.NOT_MY_TOPIC),
    ],
)
def test_where_nothing_comes_it_says_why(known: dict[str, Any], rule: Rule) -> None:
    plan = mine(one(Calendar(BERLIN), **known), NOW)
    assert plan.silent.coming == ()
    assert [line.rule for line in plan.silent.missing] == [rule]


# --- what owners read -----------------------------------------------------------------------------


@pytest.mark.parametrize("of", [*range(LEAST_PEOPLE, 131), 400, 999, 1000])
def test_every_number_shows_as_a_wide_range(of: int) -> None:
    ranges = [coarse(number, of) for number in range(of + 1)]
    for number, (low, high) in enumerate(ranges):
        assert low <= number <= high <= of
        assert high - low + 1 >= LEAST_RANGE
        assert {coarse(each, of) for each in range(low, high + 1)} == {(low, high)}


@pytest.mark.parametrize("of", [10, 12, 23, 57, 1000])
def test_what_up_to_four_people_set_never_shows_where_all_others_hear(of: int) -> None:
    assert {coarse(of - some, of) for some in range(LEAST_RANGE)} == {coarse(of, of)}


SECRETS: list[dict[str, Any]] = [
    {"place": Place.STOPPED},
    {"person_stopped": True},
    {"snoozed_until": NOW + timedelta(days=90)},
    {"paused_until": NOW + timedelta(days=90)},
    {"misses": 2},
    {"settled": True},
    {"attention": True},
    {"calendar": Calendar(BERLIN, away_until=date(2025, 6, 1))},
    {"calendar": Calendar("Pacific/Kiritimati", days=frozenset({6}))},
    {"sent_at": (NOW - timedelta(days=1), NOW)},
]


def crowd(count: int, **known: Any) -> list[PersonFacts]:
    """`count` people, the last of whom has something that is nobody's business."""
    people = [one(Calendar(BERLIN), number) for number in range(count - 1)]
    rest = dict(known)
    whose = rest.pop("calendar", Calendar(BERLIN))
    assert isinstance(whose, Calendar)
    last = place(initiative(), whose, count, **rest)
    return [*people, person(whose, last)]


@pytest.mark.parametrize("secret", SECRETS, ids=lambda one: next(iter(one)))
def test_nobodys_pause_absence_or_answers_show_in_what_owners_read(
    secret: dict[str, Any],
) -> None:
    usual = of_initiative(initiative(), PACE, crowd(LEAST_PEOPLE), NOW)
    assert any(week.hear and week.hear[1] == LEAST_PEOPLE for week in usual.weeks)
    assert of_initiative(initiative(), PACE, crowd(LEAST_PEOPLE, **secret), NOW) == usual


@pytest.mark.parametrize("secret", SECRETS, ids=lambda one: next(iter(one)))
def test_among_few_people_owners_read_the_rounds_only(secret: dict[str, Any]) -> None:
    usual = of_initiative(initiative(), PACE, crowd(LEAST_PEOPLE - 1), NOW)
    assert all(week.hear is None for week in usual.weeks)
    assert [opens for week in usual.weeks for opens in week.opens][:2] == [
        (1, date(2025, 3, 4)),
        (2, date(2025, 3, 18)),
    ]
    assert of_initiative(initiative(), PACE, crowd(LEAST_PEOPLE - 1, **secret), NOW) == usual


def test_an_owner_who_owes_a_reply_reads_that_nobody_is_asked() -> None:
    owing = [one(Calendar(BERLIN), n, unshared=2) for n in range(12)]
    assert of_initiative(initiative(), PACE, owing, NOW).owed
    assert not of_initiative(initiative(), PACE, crowd(12), NOW).owed


def test_before_the_start_it_names_the_days_of_check_ins() -> None:
    assert check_ins(FIRST, BERLIN, 14, PacingSettings(), 45) == (
        date(2025, 3, 4),
        date(2025, 3, 18),
        date(2025, 4, 1),
        date(2025, 4, 15),
    )
