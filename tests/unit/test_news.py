"""When there is reason to send a digest, and when digests may arrive."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.news import (
    Before,
    Fingerprint,
    is_news,
    is_open,
    next_opening,
    read_fingerprint,
)

NOW = datetime(2025, 3, 12, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
BERLIN = "Europe/Berlin"
SAID = Fingerprint(frozenset({"round:1", "input:4"}), "9/23,4")


@pytest.mark.parametrize(
    ("things", "numbers", "days_ago", "news"),
    [
        ({"round:1", "input:4"}, "9/23,4", 3, False),
        ({"round:1", "input:4", "input:5"}, "9/23,4", 3, True),
        ({"round:1", "input:4", "input:5"}, "9/23,4", 0, False),  # one a day
        ({"round:1"}, "9/23,4", 3, False),  # a reply is no news to who wrote it
        ({"round:1"}, "9/23,3", 6, False),
        ({"round:1"}, "9/23,3", 7, True),
        ({"round:1"}, "9/23,4", 30, False),
    ],
)
def test_news_is_what_the_last_digest_did_not_say(
    things: set[str], numbers: str, days_ago: int, news: bool
) -> None:
    before = Before(SAID, NOW - DAY * days_ago)
    current = Fingerprint(frozenset(things), numbers)
    assert is_news(current, before, NOW - DAY * 60, NOW, BERLIN) is news


def test_before_the_first_digest_numbers_wait_a_week_from_the_start() -> None:
    moved = Fingerprint(frozenset(), "9/23,4")
    assert not is_news(moved, None, NOW - DAY * 6, NOW, BERLIN)
    assert is_news(moved, None, NOW - DAY * 7, NOW, BERLIN)
    assert is_news(SAID, None, NOW, NOW, BERLIN)
    assert not is_news(Fingerprint(frozenset()), None, NOW - DAY * 60, NOW, BERLIN)


@pytest.mark.parametrize("one", [SAID, Fingerprint(frozenset()), Fingerprint(frozenset({"a:1"}))])
def test_a_fingerprint_is_read_as_it_was_written(one: Fingerprint) -> None:
    assert read_fingerprint(one.written()) == one


@pytest.mark.parametrize(
    ("moment", "is_in", "opening"),
    [
        ("2025-03-12T07:59:59", False, "2025-03-12T08:00:00"),
        ("2025-03-12T08:00:00", True, "2025-03-13T08:00:00"),
        ("2025-03-12T15:29:59", True, "2025-03-13T08:00:00"),
        ("2025-03-12T15:30:00", False, "2025-03-13T08:00:00"),
        ("2025-03-14T15:00:00", True, "2025-03-17T08:00:00"),
        ("2025-03-28T15:00:00", True, "2025-03-31T07:00:00"),  # summer time begins
    ],
)
def test_digests_arrive_from_nine_to_half_past_four_on_weekdays(
    moment: str, is_in: bool, opening: str
) -> None:
    at = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    assert is_open(at, BERLIN) is is_in
    assert next_opening(at, BERLIN) == datetime.fromisoformat(opening).replace(tzinfo=UTC)
