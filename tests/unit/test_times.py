"""What people fill in about their hours, days and holidays; and the library of holidays."""

from datetime import date, time

import pytest

from bot import config, holidays
from bot.domain import times
from bot.domain.calendars import Calendar
from bot.domain.times import Given, Times
from bot.errors import ConfigurationError

WEEK = ("0", "1", "2", "3", "4")


@pytest.mark.parametrize(
    ("opens", "closes", "wrong"),
    [
        ("08:00", "12:00", {}),
        ("22:00", "06:00", {}),  # through the night
        ("23:00", "01:00", {}),
        ("00:00", "23:59", {}),
        ("08:00", "10:00", {}),
        ("08:00", "09:59", {"closes": times.TOO_SHORT}),
        ("23:30", "01:00", {"closes": times.TOO_SHORT}),
        ("08:00", "08:00", {"closes": times.TOO_SHORT}),
        ("25:00", "26:00", {"opens": times.NO_TIME, "closes": times.NO_TIME}),
        ("8:00", "", {"opens": times.NO_TIME, "closes": times.NO_TIME}),
        ("08:60", "<!here>", {"opens": times.NO_TIME, "closes": times.NO_TIME}),
        ("08:00:00", "12:00\n", {"opens": times.NO_TIME, "closes": times.NO_TIME}),
    ],
)
def test_hours_are_two_hours_or_more(opens: str, closes: str, wrong: dict[str, str]) -> None:
    assert times.errors_in(Given(opens, closes, WEEK)) == wrong


@pytest.mark.parametrize("chosen", [(), ("7",), ("-1", "x", "")])
def test_no_day_chosen_is_said(chosen: tuple[str, ...]) -> None:
    assert times.errors_in(Given("09:30", "16:30", chosen)) == {"days": times.NO_DAY}


def test_what_everybody_has_is_not_kept() -> None:
    usual = Given("09:30", "16:30", WEEK)
    assert times.hours_in(usual) == (None, None)
    assert times.days_in(usual) is None
    own = Given("22:00", "06:00", ("0", "6"))
    assert times.hours_in(own) == (time(22), time(6))
    assert times.days_in(own) == frozenset({0, 6})


def test_a_calendar_has_what_was_set_and_else_what_everybody_has() -> None:
    assert Times().calendar("Asia/Tokyo", frozenset()) == Calendar("Asia/Tokyo")
    day = date(2025, 3, 4)
    own = Times(time(7), time(9), frozenset({5}), "DE", day).calendar("UTC", frozenset({day}))
    assert own == Calendar(
        "UTC", time(7), time(9), frozenset({5}), frozenset({day}), away_until=day
    )


@pytest.mark.parametrize(
    ("words", "code", "name"),
    [
        ("DE", "DE", "Germany"),
        ("de-by", "DE-BY", "Germany (BY)"),
        ("Germany, Bayern", "DE-BY", "Germany (BY)"),
        ("DEU", "DE", "Germany"),
        ("france", "FR", "France"),
        ("UK", "GB", "United Kingdom"),
        ("US-CA", "US-CA", "United States (CA)"),
        ("Timor-Leste", "TL", "Timor Leste"),
        ("South Korea", "KR", "South Korea"),
    ],
)
def test_places_are_found_however_they_are_written(words: str, code: str, name: str) -> None:
    assert holidays.find(words) == code
    assert holidays.name(code) == name


@pytest.mark.parametrize("words", ["", "Narnia", "DE-ZZ", "XX", "<@U1>", "-", "x" * 5000])
def test_places_nobody_knows_are_not_found(words: str) -> None:
    assert holidays.find(words) is None


def test_public_holidays_by_country_region_and_year() -> None:
    epiphany, boxing_day = date(2025, 1, 6), date(2025, 12, 26)
    assert epiphany in holidays.dates("DE-BY", 2025)
    assert epiphany not in holidays.dates("DE", 2025)
    assert boxing_day in holidays.dates("DE", 2025)
    assert {day.year for day in holidays.dates("DE", 2025)} == {2024, 2025, 2026, 2027}
    assert date(2025, 7, 4) in holidays.dates("US", 2025)
    assert holidays.dates("ZZ", 2025) == frozenset()


def test_every_country_that_is_offered_can_be_used() -> None:
    for code in holidays.countries():
        assert holidays.find(code) == code
        assert holidays.find(holidays.name(code)) == code
        assert isinstance(holidays.dates(code, 2025), frozenset)


TOKENS = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}


@pytest.mark.parametrize(
    ("given", "code"), [("", None), ("DE", "DE"), ("de-by", "DE-BY"), ("Germany", "DE")]
)
def test_the_workspaces_holidays_come_from_the_environment(given: str, code: str | None) -> None:
    assert config.read({**TOKENS, "HOLIDAYS": given}).holidays == code


@pytest.mark.parametrize(
    ("given", "told"),
    [("Narnia", "AD, AE, AF"), ("DE-XX", "BB, BE, BW, BY"), ("GERMANY/Nowhere", "BB, BE, BW, BY")],
)
def test_a_place_nobody_knows_is_told_with_those_there_are(given: str, told: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        config.read({**TOKENS, "HOLIDAYS": given})
    assert str(refused.value).startswith("HOLIDAYS names")
    assert told in str(refused.value)
    assert given not in str(refused.value)
