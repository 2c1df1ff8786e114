"""Hours for talks and calendars, as people set and connect them in Slack."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest
from structlog.testing import capture_logs

from bot.domain.busy import READ_EVERY, Feed, Problem, Reading
from bot.feeds.problems import Unread
from bot.feeds.reader import Feeds
from bot.services import talk_hours
from bot.views.talk_hours import PROBLEMS
from handlers.talk_hours import read_due
from storage import tables
from storage.due import next_due
from tests.handlers.conftest import Office
from tests.handlers.test_settings import dialog, slash, submit
from tests.world import MONDAY, rows

ADDRESS = "https://calendar.example/private-abc123/basic.ics"
TUESDAY = datetime(2025, 3, 4, 8, 0, tzinfo=UTC)
BUSY = ((TUESDAY, TUESDAY + timedelta(hours=3)),)


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Both databases are looked at where calendars are stored."""
    return sqlite_url


@dataclass(slots=True)
class Calendars:
    """Stands in for the reader of feeds: what each address gives."""

    found: dict[str, Reading | Problem] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    async def read(self, address: str, tz: str, now: datetime) -> Reading:
        """Return what was put there."""
        assert tz == "Europe/Berlin"
        self.asked.append(address)
        found = self.found.get(address, Problem.UNREACHABLE)
        if isinstance(found, Problem):
            raise Unread(found)
        return found


def _calendars(office: Office, **found: Reading | Problem) -> Calendars:
    calendars = Calendars({ADDRESS: Reading(BUSY), **found})
    office.ctx.feeds = cast(Feeds, calendars)
    return calendars


async def _form(office: Office) -> str:
    await office.dana.slash("/buyin", "hours", channel="C0SHELVES")
    await office.settle()
    return dialog(office.dana)


async def _feed(office: Office) -> Feed | None:
    mine = await office.database.read(talk_hours.mine, office.world.leader, office.clock.now())
    return mine.feed


async def test_hours_are_set_in_the_form_and_with_a_command(office: Office) -> None:
    assert "whenever you work" in await _form(office)
    await submit(office, office.dana, hours="Tue 10-11, Thu 14-16")
    assert "Tuesday, 10:00–11:00; Thursday, 14:00–16:00" in dialog(office.dana)
    assert "Tue 10:00-11:00, Thu 14:00-16:00" in await _form(office)
    await submit(office, office.dana, hours="Sat 10-11")
    assert "Saturday 10:00–11:00 isn't in your hours" in office.dana.view_errors["hours"]
    told = await slash(office, office.dana, "hours wed 10-12")
    assert "Wednesday, 10:00–12:00" in told
    assert "I don't understand “maybe”" in await slash(office, office.dana, "hours maybe")


async def test_a_calendar_is_connected_and_forgotten(office: Office) -> None:
    calendars = _calendars(office)
    await _form(office)
    with capture_logs() as logged:
        await submit(office, office.dana, feed=f" {ADDRESS.replace('https', 'webcal')} ")
    assert calendars.asked == [ADDRESS]
    assert "Connected" in dialog(office.dana)
    assert "1 busy time in the next 60 days" in dialog(office.dana)
    [held] = await office.database.read(rows, tables.CalendarFeed)
    assert "calendar.example" not in str(held)
    assert "abc123" not in str(logged)
    shown = await _form(office)
    assert "abc123" not in shown
    await office.dana.click(text="Forget this calendar")
    await office.settle()
    assert "deleted" in dialog(office.dana)
    assert await office.database.read(rows, tables.CalendarFeed) == []


async def test_an_address_that_is_none_is_refused_in_the_form(office: Office) -> None:
    calendars = _calendars(office)
    await _form(office)
    await submit(office, office.dana, feed=ADDRESS)
    before = await _feed(office)
    refused = {
        "http://calendar.example/a.ics": Problem.NOT_SECURE,
        "https://192.168.1.4/a.ics": Problem.NOT_PUBLIC,
        "webcal://localhost:8443/a.ics": Problem.NOT_PUBLIC,
        "https:///a.ics": Problem.NOT_AN_ADDRESS,
    }
    await _form(office)
    for address, problem in refused.items():
        await submit(office, office.dana, hours="Tue 10-11", feed=address)
        assert office.dana.view_errors == {"feed": PROBLEMS[problem]}
        assert office.dana.view  # it stays open, with what was written in it
    assert calendars.asked == [ADDRESS]
    assert await office.database.read(rows, tables.PersonSetting) == []
    assert before is not None
    assert await _feed(office) == before


async def test_a_refused_calendar_leaves_the_one_before_in_place(office: Office) -> None:
    """One plain sentence each, and the old busy times stay."""
    calendars = _calendars(office)
    await _form(office)
    await submit(office, office.dana, feed=ADDRESS)
    before = await _feed(office)
    other = "https://other.example/a.ics"
    for problem in (Problem.NOT_PUBLIC, Problem.TOO_BIG, Problem.TOO_SLOW, Problem.NOT_A_CALENDAR):
        calendars.found[other] = problem
        await _form(office)
        await submit(office, office.dana, feed=other)
        assert f"{PROBLEMS[problem]} The calendar wasn't connected." in dialog(office.dana)
        assert await _feed(office) == before
    assert before is not None
    assert before.busy == BUSY


async def test_whoever_closed_the_form_reads_in_the_dm_how_it_ended(office: Office) -> None:
    _calendars(office)
    await _form(office)
    await office.dana.submit({"feed": ADDRESS})
    await office.dana.close()
    await office.settle()
    shown = dialog(office.dana) if office.dana.view else office.dana.dm[-1].text
    assert "Connected" in shown


async def test_calendars_are_read_again_and_keep_what_they_had(office: Office) -> None:
    calendars = _calendars(office)
    workspace = office.world.workspace_id
    await _form(office)
    await submit(office, office.dana, feed=ADDRESS)
    assert await read_due(office.ctx, workspace) == 0
    due = await office.database.read(next_due)
    assert due is not None
    assert due <= MONDAY + READ_EVERY
    office.clock.move_to(MONDAY + READ_EVERY)
    calendars.found[ADDRESS] = Problem.TOO_SLOW
    with capture_logs() as logged:
        assert await read_due(office.ctx, workspace) == 1
    assert {"event": "calendar_not_read", "problem": "too_slow"}.items() <= logged[0].items()
    assert "abc123" not in str(logged)
    feed = await _feed(office)
    assert feed is not None
    assert (feed.busy, feed.problem, feed.worked_at) == (BUSY, Problem.TOO_SLOW, MONDAY)
    assert PROBLEMS[Problem.TOO_SLOW] in await slash(office, office.dana, "me")
    calendars.found[ADDRESS] = Reading()
    office.clock.move_to(MONDAY + 2 * READ_EVERY)
    assert await read_due(office.ctx, workspace) == 1
    feed = await _feed(office)
    assert feed is not None
    assert (feed.busy, feed.problem, feed.worked_at) == ((), None, MONDAY + 2 * READ_EVERY)


async def test_another_key_asks_for_the_address_again(office: Office) -> None:
    _calendars(office)
    await _form(office)
    await submit(office, office.dana, feed=ADDRESS)
    office.ctx.seal = type(office.ctx.seal)("another")
    office.clock.move_to(MONDAY + READ_EVERY)
    await read_due(office.ctx, office.world.workspace_id)
    assert PROBLEMS[Problem.KEY_CHANGED] in await _form(office)


async def test_leaders_find_the_form_on_their_home(office: Office) -> None:
    await office.dana.open_home()
    await office.settle()
    assert office.dana.home is not None
    await office.dana.click(office.dana.home, text="Hours for talks")
    await office.settle()
    assert "Offer talks with me on" in dialog(office.dana)
