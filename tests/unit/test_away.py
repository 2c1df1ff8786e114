"""Until when somebody is away, however they write it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import away
from bot.errors import Refused

WEDNESDAY = date(2026, 4, 15)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("until Friday", date(2026, 4, 17)),
        ("until friday.", date(2026, 4, 17)),
        ("till Fri", date(2026, 4, 17)),
        ("this friday", date(2026, 4, 17)),
        ("wednesday", date(2026, 4, 22)),  # today's name means the next one
        ("until next monday", date(2026, 4, 20)),
        ("next friday", date(2026, 4, 24)),
        ("friday next week", date(2026, 4, 24)),
        ("next week", date(2026, 4, 20)),
        ("next month", date(2026, 5, 1)),
        ("tomorrow", date(2026, 4, 16)),
        ("the day after tomorrow", date(2026, 4, 17)),
        ("until 12 May", date(2026, 5, 12)),
        ("12th of May", date(2026, 5, 12)),
        ("May 12", date(2026, 5, 12)),
        ("May 12th, 2026", date(2026, 5, 12)),
        ("Tuesday, 12 May", date(2026, 5, 12)),
        ("until Sept 3", date(2026, 9, 3)),
        ("May", date(2026, 5, 1)),
        ("12.5.", date(2026, 5, 12)),
        ("12.5", date(2026, 5, 12)),
        ("12.05.26", date(2026, 5, 12)),
        ("12.5.2026", date(2026, 5, 12)),
        ("2026-05-12", date(2026, 5, 12)),
        ("13/5", date(2026, 5, 13)),
        ("12/31", date(2026, 12, 31)),
        ("5/5/2026", date(2026, 5, 5)),
        ("for 2 weeks", date(2026, 4, 29)),
        ("in ten days", date(2026, 4, 25)),
        ("another week", date(2026, 4, 22)),
        ("a fortnight", date(2026, 4, 29)),
        ("two months", date(2026, 6, 15)),
        ("UNTIL   FRIDAY", date(2026, 4, 17)),
    ],
)
def test_a_day_is_understood(words: str, day: date) -> None:
    assert away.until(words, WEDNESDAY) == day


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("until", away.UNCLEAR),
        ("until later", away.UNCLEAR),
        ("30 February", away.UNCLEAR),
        ("2026-02-30", away.UNCLEAR),
        ("99.99.", away.UNCLEAR),
        ("Monday, 12 May", away.UNCLEAR),  # that is a Tuesday
        ("monday tuesday", away.UNCLEAR),
        ("<!channel> friday", away.UNCLEAR),
        ("<@U1>", away.UNCLEAR),
        ("friday; drop table person", away.UNCLEAR),
        ("\u202eyadirf", away.UNCLEAR),
        ("0 days", away.PAST),
        ("until yesterday", away.PAST),
        ("today", away.PAST),
        ("14 April", away.PAST),
        ("15 April", away.PAST),
        ("3 January", away.PAST),
        ("2026-04-15", away.PAST),
        ("12 May 2028", away.TOO_FAR),
        ("for 400 days", away.TOO_FAR),
        ("9999999999999999999999 weeks", away.TOO_FAR),
        ("29 February", away.TOO_FAR),
        ("5/12", away.TWO_WAYS),
        ("5/12/2026", away.TWO_WAYS),
    ],
)
def test_what_is_unclear_past_or_too_far_is_refused_in_one_sentence(
    words: str, sentence: str
) -> None:
    with pytest.raises(Refused) as refused:
        away.until(words, WEDNESDAY)
    assert str(refused.value) == sentence
    assert "nothing was changed" in sentence


@pytest.mark.parametrize("words", ["off", "Off", "back", "I'm back", "over", "cancel"])
def test_somebody_says_that_they_are_back(words: str) -> None:
    assert away.is_over(words)


@pytest.mark.parametrize("words", ["", "until", "until off friday", "offline", "friday"])
def test_anything_else_is_no_return(words: str) -> None:
    assert not away.is_over(words)


def test_around_new_year_and_leap_days_the_next_one_is_meant() -> None:
    assert away.until("3 January", date(2026, 12, 20)) == date(2027, 1, 3)
    assert away.until("29 February", date(2028, 2, 1)) == date(2028, 2, 29)
    assert away.until("a month", date(2027, 1, 31)) == date(2027, 2, 28)
    assert away.until("a month", date(2028, 1, 31)) == date(2028, 2, 29)


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(1, 366))
def test_every_day_of_the_year_ahead_can_be_written(today: date, days: int) -> None:
    day = today + timedelta(days=days)
    for words in (
        day.isoformat(),
        f"{day.day} {day:%B} {day.year}",
        f"{day:%b} {day.day}, {day.year}",
        f"{day.day}.{day.month}.{day.year}",
        f"{day:%A}, {day.day} {day:%B} {day.year}",
        f"for {days} days",
    ):
        assert away.until(words, today) == day


@given(st.text(max_size=60), st.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_whatever_is_typed_gives_a_day_ahead_or_a_sentence(words: str, today: date) -> None:
    try:
        found = away.until(words, today)
    except Refused:
        return
    assert today < found <= today + away.LONGEST


PIECES = st.sampled_from(
    ["until", "next", "friday", "may", "12", "12th", "2", "weeks", "month", "/", "5/6", "1.2.", "-"]
)


@given(st.lists(PIECES, max_size=5), st.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_half_sentences_give_a_day_ahead_or_a_sentence(words: list[str], today: date) -> None:
    test_whatever_is_typed_gives_a_day_ahead_or_a_sentence.hypothesis.inner_test(  # type: ignore[attr-defined]
        " ".join(words), today
    )
