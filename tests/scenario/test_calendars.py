"""Away, public holidays and do-not-disturb: nothing until they are back, and then one message."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.playground import UserDriver
from bot.playground.model import Dnd
from tests.scenario.conftest import Opener
from tests.scenario.office import BERLIN, DANA, Office, labels, read

HOUR = timedelta(hours=1)
EASTER = datetime(2025, 4, 14, 7, 5, tzinfo=UTC)
"""The Monday before Easter, 09:05 in Berlin: Friday and the next Monday are holidays there."""


def days_of(moments: Iterable[datetime], tz: str = BERLIN) -> list[date]:
    """Return the dates of moments in a zone."""
    return [moment.astimezone(ZoneInfo(tz)).date() for moment in moments]


def got(office: Office, who: str, since: datetime) -> list[datetime]:
    """Return when somebody was posted to since a moment, by Slack's own log."""
    calls = [call for call in office.slack.log.of("chat.postMessage") if call.ok]
    return [call.at for call in calls if call.args["channel"] == who and call.at > since]


async def answered(office: Office, number: int) -> UserDriver:
    """Have somebody answer their check-in."""
    person = office.person(number)
    await office.answer(person, office.check_in(person), 2, 2, 2)
    return person


async def test_whoever_is_away_gets_nothing_until_they_are_back_and_then_one_message(
    asked: Office,
) -> None:
    since = asked.clock.now()
    first, _, third, *_ = [await answered(asked, number) for number in (1, 2, 3, 4, 5)]
    said = await asked.slash(first, "away until 24 March")
    assert "Away until Monday 24 March: I write again on that day at the earliest." in said
    await asked.slash(third, "away for 6 weeks")
    await asked.slash(asked.dana, "away until 24 March")

    await asked.move_to(datetime(2025, 3, 21, 10, tzinfo=UTC))
    assert got(asked, "U1", since) == got(asked, "U3", since) == []
    (other,) = days_of(got(asked, "U2", since))  # round 2 opened on the 19th
    assert date(2025, 3, 18) <= other <= date(2025, 3, 20)
    assert "Welcome back" in await asked.slash(third, "away off")
    await asked.deliver()
    assert days_of(got(asked, "U3", since)) == [date(2025, 3, 21)]

    await asked.move_to(datetime(2025, 3, 23, 22, tzinfo=UTC))
    assert got(asked, "U1", since) == got(asked, DANA, since) == []
    await asked.move_to(datetime(2025, 3, 24, 18, tzinfo=UTC))
    assert days_of(got(asked, "U1", since)) == [date(2025, 3, 24)]
    assert "Very" in labels(asked.check_in(first))
    assert days_of(got(asked, DANA, since)) == [date(2025, 3, 24)]  # one digest for all of it
    assert "Shelf labels" in read(asked.dana, asked.sent(asked.dana)[-1])
    assert "as far as I know" in await asked.slash(first, "away")


async def test_nothing_comes_on_public_holidays_but_to_who_works_on_them(opener: Opener) -> None:
    async with opener(start=EASTER, holidays="DE") as office:
        second = office.person(2)
        assert "Germany, as your workspace" in await office.slash(second, "me")
        await office.slash(second, "settings")
        assert "days like any other" in await office.submit(second, {"holidays": "none"})
        await second.close(everything=True)
        await office.launch()
        await office.move_to(datetime(2025, 4, 24, 18, tzinfo=UTC))
        holidays = {date(2025, 4, 18), date(2025, 4, 21)}
        for number in (1, 3):
            days = days_of(got(office, f"U{number}", EASTER))
            assert not holidays & set(days)
            assert len(days) == 3  # introduction, check-in and a reminder
            assert days[-1] == date(2025, 4, 23)  # three working days after Wednesday
        assert days_of(got(office, "U2", EASTER))[-1] == date(2025, 4, 21)


async def test_nobody_is_disturbed_and_each_gets_one_message_afterwards(office: Office) -> None:
    await office.launch()
    wednesday = datetime(2025, 3, 5, tzinfo=UTC)
    told, unheard = (wednesday + 6 * HOUR, wednesday + 13 * HOUR), wednesday + 12 * HOUR
    office.workspace.set_dnd("U1", *told)  # comes as an event
    await office.move_to(wednesday)
    office.workspace.team.users["U2"].dnd = _window(wednesday + 6 * HOUR, unheard)
    await office.move_to(wednesday + 11 * HOUR)
    assert got(office, "U1", wednesday) == got(office, "U2", wednesday) == []
    assert len(got(office, "U3", wednesday)) == 1
    await office.move_to(wednesday + 20 * HOUR)
    for who, end in (("U1", told[1]), ("U2", unheard)):
        (at,) = got(office, who, wednesday)
        assert end <= at < end + 2 * HOUR
    calls = office.slack.log.of("dnd.teamInfo")
    assert 0 < len(calls) < 60
    assert all(call.ok for call in calls)


def _window(start: datetime, end: datetime) -> Dnd:
    return Dnd(True, int(start.timestamp()), int(end.timestamp()))
