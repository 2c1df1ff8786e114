"""What people see of their hours for talks and their calendar, and talks as calendars take them."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import vobject

from bot.domain.busy import Feed, Problem
from bot.domain.calendars import Calendar
from bot.domain.held import HeldAboutMe
from bot.domain.home import HomeTab, Led
from bot.domain.initiatives import Initiative, Plan, Status, Visibility
from bot.domain.meetings import Meeting, uid
from bot.domain.people import Person
from bot.domain.settings import MySettings
from bot.domain.talk_hours import MyTalks, understood
from bot.errors import Refused
from bot.feeds.reading import busy_times
from bot.invites import KEPT, Invites
from bot.seal import FEEDS, LINKS, Seal, SealBroken
from bot.views import held, home, invites, talk_hours
from bot.views.kit import Home, Message, Modal
from tests.golden import assert_golden

NOW = datetime(2025, 3, 3, 9, 0, tzinfo=UTC)
DANA = Person(1, 1, "UDANA", "Dana Demo", "Europe/Berlin")
NEW = MyTalks(DANA, Calendar("Europe/Berlin"), NOW)
SET = replace(NEW, hours=understood("Tue 9:30-11, Thu 9:30-11, Wed 14-16, Wed 10-11"))
BUSY = tuple((NOW + timedelta(hours=n), NOW + timedelta(hours=n + 1)) for n in range(0, 28, 2))
WORKS = replace(SET, feed=Feed(NOW, NOW, None, NOW, BUSY))
FAILED = replace(
    SET,
    feed=Feed(NOW, NOW, Problem.TOO_SLOW, NOW + timedelta(days=1), BUSY, 2),
)
NIGHT = replace(NEW, calendar=Calendar("Asia/Kolkata", time(22), time(6), frozenset({6, 0, 1, 2})))

DRAFT = Initiative(
    7, 1, "Shelf labels", "Europe/Berlin", Visibility.NAMED, Status.DRAFT, None, None, 14,
    Plan(1, 1, "Labels fall off.", "Less searching."), (DANA,), 1, NOW,
)  # fmt: skip

VIEWS: dict[str, Message | Modal | Home] = {
    "talk_hours_form": talk_hours.form(NEW),
    "talk_hours_form_feed": talk_hours.form(WORKS),
    "talk_hours_form_night": talk_hours.form(NIGHT),
    "talk_hours_saved": talk_hours.saved(SET),
    "talk_hours_reading": talk_hours.reading(SET),
    "talk_hours_connected": talk_hours.connected(WORKS),
    "talk_hours_not_connected": talk_hours.not_connected(FAILED, Problem.NOT_PUBLIC),
    "talk_hours_forgotten": talk_hours.forgotten(SET),
    "talk_hours_told": talk_hours.told(SET),
    "talk_hours_outside": talk_hours.saved(replace(NIGHT, hours=SET.hours)),
    "talk_hours_home": home.home(
        HomeTab(MySettings(DANA, NOW.date()), leads=(Led(DRAFT),), hosting=FAILED)
    ),
    "talk_hours_me": held.me(HeldAboutMe(MySettings(DANA, NOW.date()), hosting=FAILED)),
}


@pytest.mark.parametrize("name", VIEWS)
def test_what_people_see(name: str) -> None:
    assert_golden(name, VIEWS[name])


@pytest.mark.parametrize("problem", Problem)
def test_each_refusal_is_one_plain_sentence(problem: Problem) -> None:
    sentence = talk_hours.PROBLEMS[problem]
    assert sentence.endswith(".")
    assert sentence.replace("(.ics)", "").count(".") == 1
    assert len(sentence) <= 150


def test_what_is_written_is_understood_again() -> None:
    assert understood(talk_hours.written(SET.hours)) == SET.hours


# --- calendars --------------------------------------------------------------------------------

TALK = Meeting(
    uid("T0DEMO", 7),
    0,
    datetime(2025, 3, 30, 9, 0, tzinfo=UTC),  # the day on which clocks change in Berlin
    datetime(2025, 3, 30, 9, 20, tzinfo=UTC),
    NOW,
    'Talk; about, "Shelf labels" \\ & more\nBEGIN:VALARM ü' + " long" * 30,
    'Dana "D" Demo',
    ("Sam; Sample, Jr.", "Person 1"),
    "20 minutes.\nNo is fine.",
)
MOVED = TALK.moved(TALK.starts_at + timedelta(days=1), TALK.ends_at + timedelta(days=1), NOW)


def _event(meeting: Meeting) -> Any:
    return vobject.readOne(invites.ics(meeting).decode()).vevent


def test_another_programs_parser_reads_the_file() -> None:
    calendar = vobject.readOne(invites.ics(TALK).decode())
    event = calendar.vevent
    assert calendar.method.value == "PUBLISH"
    assert event.uid.value == TALK.uid
    assert event.sequence.value == "0"
    assert (event.dtstart.value, event.dtend.value) == (TALK.starts_at, TALK.ends_at)
    assert event.summary.value == TALK.title
    assert event.organizer.params["CN"] == ["Dana 'D' Demo"]
    assert event.description.value.startswith("20 minutes.\nNo is fine.\nWith Dana 'D' Demo, Sam;")
    assert event.status.value == "CONFIRMED"
    assert "valarm" not in event.contents


def test_moving_and_calling_off_are_later_versions_of_the_same() -> None:
    moved, off = _event(MOVED), _event(MOVED.called_off(NOW))
    assert [one.uid.value for one in (moved, off)] == [TALK.uid] * 2
    assert [one.sequence.value for one in (moved, off)] == ["1", "2"]
    assert moved.dtstart.value == MOVED.starts_at
    assert off.status.value == "CANCELLED"
    assert vobject.readOne(invites.ics(MOVED.called_off(NOW)).decode()).method.value == "CANCEL"


def test_lines_are_as_long_as_the_standard_allows() -> None:
    content = invites.ics(TALK)
    assert content.endswith(b"END:VCALENDAR\r\n")
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert content.replace(b"\r\n", b"").count(b"\n") == 0


def test_our_own_reader_keeps_an_agreed_talk_free_and_a_cancelled_one_not() -> None:
    window = NOW, NOW + timedelta(days=60)
    found = busy_times(invites.ics(TALK), "Europe/Berlin", *window)
    assert found.busy == ((TALK.starts_at, TALK.ends_at),)
    off = busy_times(invites.ics(TALK.called_off(NOW)), "Europe/Berlin", *window)
    assert off.busy == ()


def test_links_open_the_talk_in_google_and_outlook() -> None:
    addresses = [element["url"] for element in invites.card_links(TALK)]
    google, outlook = (parse_qs(urlsplit(address).query) for address in addresses)
    assert google["dates"] == ["20250330T090000Z/20250330T092000Z"]
    assert google["text"] == outlook["subject"] == [TALK.title]
    assert outlook["startdt"] == ["2025-03-30T09:00:00Z"]
    assert all("+" not in address for address in addresses)
    long = replace(TALK, title="ü" * 500, details="€" * 5000)
    assert all(len(element["url"]) <= 3000 for element in invites.card_links(long))
    assert invites.card_links(TALK.called_off(NOW)) == []


def test_a_link_leads_to_the_file_until_a_week_after_the_talk() -> None:
    own = Invites(Seal("a secret"), "https://buyin.example")
    url = own.url(TALK)
    assert url is not None
    assert len(url) <= 3000
    token = url.removeprefix("https://buyin.example/talks/").removesuffix(".ics")
    assert own.opened(token, NOW) == invites.ics(TALK)
    assert "Dana" not in url
    with pytest.raises(Refused, match="expired"):
        own.opened(token, TALK.ends_at + KEPT + timedelta(seconds=1))
    for other in (Invites(Seal("another"), own.public_url), Invites()):
        with pytest.raises(Refused, match="expired"):
            other.opened(token, NOW)
    with pytest.raises(Refused, match="expired"):
        own.opened(token[:-4] + "AAAA", NOW)


def test_a_message_about_a_talk_gets_the_link_where_there_is_one() -> None:
    message = Message("Agreed: Tuesday at ten.", meeting=TALK)
    assert Invites().linked(message) == message
    linked = Invites(Seal("a secret"), "https://buyin.example").linked(message)
    assert linked.blocks[0]["elements"][0]["url"].startswith("https://buyin.example/talks/")


def test_what_is_sealed_is_opened_with_the_same_key_for_the_same_purpose_alone() -> None:
    seal = Seal("a secret")
    sealed = seal.close("https://calendar.example/private", FEEDS)
    assert "calendar" not in sealed
    assert "secret" not in repr(seal)
    assert Seal("a secret").open(sealed, FEEDS) == "https://calendar.example/private"
    for other, purpose in ((seal, LINKS), (Seal("another"), FEEDS), (Seal(), FEEDS)):
        with pytest.raises(SealBroken):
            other.open(sealed, purpose)


def test_the_reference_of_golden_files_is_here() -> None:
    folder = Path(__file__).parents[1] / "golden_views"
    assert {path.stem for path in folder.glob("talk_hours_*.json")} == VIEWS.keys()
