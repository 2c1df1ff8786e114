"""Hours for talks and busy times, on both databases."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.busy import AGAIN_AFTER, FRESH, READ_EVERY, Problem, Reading
from bot.domain.calendars import Calendar
from bot.domain.people import Profile
from bot.domain.slots import Availability, propose
from bot.domain.talk_hours import TalkHours
from bot.errors import FieldErrors, Refused
from bot.services import busy, people, talk_hours
from storage.busy import EPOCH
from storage.database import Database, Tx
from storage.tables import Audit, CalendarFeed, PersonSetting
from tests import world
from tests.world import MONDAY

HOUR = timedelta(hours=1)
TUESDAY = datetime(2025, 3, 4, 8, 0, tzinfo=UTC)  # nine o'clock in Berlin


async def test_hours_for_talks_are_kept_as_dated_settings(database: Database) -> None:
    def work(tx: Tx) -> None:
        built = world.build(tx, asked=1)
        assert not talk_hours.mine(tx, built.leader, MONDAY).hours
        mine = talk_hours.save(tx, built.leader, "Tue 10-11, Thu 14-16", MONDAY)
        talk_hours.save(tx, built.leader, "thursday 14:00-16:00, tue 10-11", MONDAY + HOUR)
        assert [row["kind"] for row in world.rows(tx, PersonSetting)] == ["talk_hours"]
        assert [row["what"] for row in world.rows(tx, Audit)] == ["people.talk_hours"]
        found = talk_hours.availability(tx, (built.owner, *built.asked), MONDAY)
        assert found[built.owner.id].talk_hours == mine.hours
        assert found[built.asked[0].id] == Availability(Calendar.of("Europe/Berlin"))
        talk_hours.save(tx, built.leader, "any time", MONDAY + 2 * HOUR)
        assert talk_hours.mine(tx, built.leader, MONDAY + 2 * HOUR).hours == TalkHours()

    await database.write(work)


async def test_hours_in_which_nobody_could_be_offered_a_talk_are_refused(
    database: Database,
) -> None:
    def work(tx: Tx) -> None:
        leader = world.build(tx, asked=0).leader
        for words, told in (
            ("Tue 7-8", "Tuesday 07:00–08:00 isn't in your hours (09:30–16:30"),
            ("Sat 10-12", "Saturday 10:00–12:00 isn't in your hours"),
            ("Tue 16:20-18", "isn't in your hours"),
            ("sometimes", "I don't understand"),
        ):
            with pytest.raises(FieldErrors, match=told.replace("(", r"\(")):
                talk_hours.save(tx, leader, words, MONDAY)
        with pytest.raises(Refused, match=r"Nothing was changed\."):
            talk_hours.said(tx, leader, "9-11", MONDAY)
        assert world.rows(tx, PersonSetting) == []

    await database.write(work)


def _busy(*hours: int) -> Reading:
    return Reading(tuple((TUESDAY + n * HOUR, TUESDAY + (n + 1) * HOUR) for n in hours))


async def test_busy_times_are_kept_free_until_the_feed_is_forgotten(database: Database) -> None:
    def work(tx: Tx) -> None:
        built = world.build(tx, asked=1)
        owner, guest = built.owner, built.asked[0]
        reading = _busy(*range(12))
        busy.connect(tx, built.leader, "sealed", reading, MONDAY)
        found = talk_hours.availability(tx, (owner, guest), MONDAY)
        assert found[owner.id].busy == reading.busy
        days = {one.starts_at.date() for one in propose(found[owner.id], found[guest.id], MONDAY)}
        assert days
        assert TUESDAY.date() not in days
        assert busy.forget(tx, built.leader, MONDAY).feed is None
        assert world.rows(tx, CalendarFeed) == []
        with pytest.raises(Refused, match="No calendar was connected"):
            busy.forget(tx, built.leader, MONDAY)

    await database.write(work)


async def test_a_reading_that_fails_leaves_the_busy_times(database: Database) -> None:
    def work(tx: Tx) -> None:
        built = world.build(tx, asked=0)
        busy.connect(tx, built.leader, "sealed", _busy(1), MONDAY)
        assert busy.begin_due(tx, built.workspace_id, MONDAY, 10) == []
        later = MONDAY + READ_EVERY
        [due] = busy.begin_due(tx, built.workspace_id, later, 10)
        assert (due.address, due.tz) == ("sealed", "Europe/Berlin")
        assert busy.begin_due(tx, built.workspace_id, later, 10) == []  # another replica
        assert busy.failed(tx, due, Problem.TOO_SLOW, later)
        feed = talk_hours.mine(tx, built.leader, later).feed
        assert feed is not None
        assert (feed.busy, feed.problem) == (_busy(1).busy, Problem.TOO_SLOW)
        assert (feed.worked_at, feed.tried_at) == (MONDAY, later)
        [again] = busy.begin_due(tx, built.workspace_id, later + AGAIN_AFTER, 10)
        assert busy.worked(tx, again, _busy(2, 3), later + AGAIN_AFTER)
        feed = talk_hours.mine(tx, built.leader, later).feed
        assert feed is not None
        assert (feed.busy, feed.problem) == (_busy(2, 3).busy, None)

    await database.write(work)


async def test_a_reading_of_an_earlier_address_comes_too_late(database: Database) -> None:
    def work(tx: Tx) -> None:
        built = world.build(tx, asked=0)
        busy.connect(tx, built.leader, "one", _busy(1), MONDAY)
        later = MONDAY + READ_EVERY
        [due] = busy.begin_due(tx, built.workspace_id, later, 10)
        busy.connect(tx, built.leader, "two", _busy(5), later)
        assert not busy.worked(tx, due, _busy(2), later)
        assert not busy.failed(tx, due, Problem.BROKEN, later)
        feed = talk_hours.mine(tx, built.leader, later).feed
        assert feed is not None
        assert feed.busy == _busy(5).busy

    await database.write(work)


async def test_a_calendar_is_read_before_times_are_proposed(database: Database) -> None:
    def work(tx: Tx) -> None:
        built = world.build(tx, asked=0)
        busy.connect(tx, built.leader, "sealed", _busy(1), MONDAY)
        for later, found in ((FRESH, 0), (FRESH + HOUR / 60, 1)):
            busy.look_again(tx, [built.owner.id], MONDAY + later)
            assert len(busy.begin_due(tx, built.workspace_id, MONDAY + later, 10)) == found
            assert not busy.is_due(tx, built.workspace_id, MONDAY + later)

    await database.write(work)


async def test_the_calendar_of_somebody_who_left_is_forgotten(database: Database) -> None:
    def work(tx: Tx) -> None:
        built = world.build(tx, asked=0)
        busy.connect(tx, built.leader, "sealed", _busy(1), MONDAY)
        left = Profile("UDANA", "Dana Demo", "Europe/Berlin", is_deleted=True)
        people.learn(tx, built.workspace_id, [left], MONDAY)
        assert busy.begin_due(tx, built.workspace_id, MONDAY + READ_EVERY, 10) == []
        assert world.rows(tx, CalendarFeed) == []

    await database.write(work)


async def test_busy_times_are_kept_to_the_whole_minute_around(database: Database) -> None:
    def work(tx: Tx) -> None:
        built = world.build(tx, asked=0)
        second = timedelta(seconds=1)
        odd = Reading(((EPOCH + second, EPOCH + timedelta(minutes=5) + second),), 2)
        feed = busy.connect(tx, built.leader, "sealed", odd, MONDAY).feed
        assert feed is not None
        assert feed.busy == ((EPOCH, EPOCH + timedelta(minutes=6)),)
        assert feed.unread == 2

    await database.write(work)
