"""What people see of their hours, days, holidays and absence."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from bot.domain.held import HeldAboutMe
from bot.domain.home import HomeTab
from bot.domain.people import Person, Setting
from bot.domain.settings import MySettings, Saved
from bot.domain.times import NO_HOLIDAYS, Times
from bot.views import held, home, settings
from bot.views.kit import Home, Message, Modal
from tests.golden import assert_golden

NOW = datetime(2025, 3, 3, 9, 0, tzinfo=UTC)
SAM = Person(2, 1, "USAM", "Sam Sample", "Europe/Lisbon")
USUAL = MySettings(SAM, NOW.date(), "Germany", "Germany")
NIGHTS = Times(
    opens=time(22),
    closes=time(6),
    days=frozenset({6, 0, 1, 2, 3}),
    holidays="PT-11",
    away_until=date(2025, 3, 17),
    quiet=(datetime(2025, 3, 3, 8, 0, tzinfo=UTC), datetime(2025, 3, 3, 16, 0, tzinfo=UTC)),
)
OWN = MySettings(replace(SAM, times=NIGHTS), NOW.date(), "Portugal (11)", "Germany")
CHOSE = tuple((setting, NOW) for setting in Setting)[-5:]


def set_to(**times: Any) -> MySettings:
    """Sam's settings, some of them changed."""
    return replace(USUAL, person=replace(SAM, times=replace(Times(), **times)))


WORKS = replace(set_to(holidays=NO_HOLIDAYS), holidays="")

VIEWS: dict[str, Message | Modal | Home] = {
    "settings_form": settings.form(USUAL),
    "settings_form_own": settings.form(OWN),
    "settings_saved": settings.saved(Saved(OWN, True)),
    "settings_same": settings.saved(Saved(USUAL, False)),
    "settings_away": settings.went_away(Saved(OWN, True)),
    "settings_away_long": settings.went_away(Saved(set_to(away_until=date(2026, 1, 5)), True)),
    "settings_back": settings.went_away(Saved(USUAL, True)),
    "settings_was_back": settings.went_away(Saved(USUAL, False)),
    "settings_is_away": settings.away(OWN),
    "settings_is_not_away": settings.away(USUAL),
    "settings_me": held.me(HeldAboutMe(OWN, settings=CHOSE)),
    "settings_home": home.home(HomeTab(OWN, asked_about=("Shelf labels",))),
}


@pytest.mark.parametrize("name", VIEWS)
def test_what_people_see(name: str) -> None:
    assert_golden(name, VIEWS[name])


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ({0, 1, 2, 3, 4}, "Monday to Friday"),
        ({6, 0, 1, 2, 3}, "Sunday to Thursday"),
        ({5, 6, 0}, "Saturday to Monday"),
        ({0, 1, 4}, "Monday, Tuesday and Friday"),
        ({0, 1}, "Monday and Tuesday"),
        ({6}, "Sunday"),
        (set(range(7)), "every day"),
        (set(range(6)), "Monday to Saturday"),
    ],
)
def test_days_are_told_as_people_do(days: set[int], words: str) -> None:
    assert settings.days_words(days) == words


@pytest.mark.parametrize(
    ("mine", "words"),
    [
        (USUAL, "*Public holidays:* Germany, as your workspace"),
        (replace(USUAL, holidays="", workspace_holidays=""), "*Public holidays:* none set"),
        (WORKS, "*Public holidays:* days like any other"),
        (OWN, "*Public holidays:* Portugal (11) · *Away:* until Mon 17 March"),
        (set_to(away_until=NOW.date()), "*Public holidays:* Germany, as your workspace"),
    ],
)
def test_holidays_and_absence_in_a_line(mine: MySettings, words: str) -> None:
    assert settings.lines(mine).splitlines()[-1] == words


def test_an_absence_that_is_over_is_not_filled_in() -> None:
    assert "initial_date" not in str(settings.form(set_to(away_until=NOW.date())).blocks)


def test_who_stopped_everything_is_told_that_it_stays_so() -> None:
    stopped = replace(OWN, person=replace(OWN.person, stopped=True))
    assert "`/buyin resume`" in settings.went_away(Saved(stopped, True)).text
    assert "`/buyin resume`" in str(settings.saved(Saved(stopped, True)).blocks)
