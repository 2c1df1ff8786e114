"""Weeks in which those who lead it change nearly everything about an initiative that runs."""

from datetime import date, timedelta

from tests.scenario.office import LEE, WEDNESDAY_NIGHT, Office, labels, open_office, read, shown
from tests.scenario.rules import check_everything


async def opened(office: Office, label: str) -> None:
    """Open the settings by the command, and one of the forms behind them."""
    if office.dana.view:
        await office.dana.close(everything=True)
    await office.slash(office.dana, "edit")
    if label:
        await office.click(office.dana, office.dana.view, label)


def check_ins(office: Office, number: int) -> int:
    """How many check-ins somebody got so far."""
    sent = office.sent(office.person(number))
    return sum("pulse.answer" in str(message.history[0]) for message in sent)


async def test_everything_changes_and_nobody_is_lost(sqlite_url: str) -> None:
    async with open_office("socket", sqlite_url) as office:
        office.grain = timedelta(hours=3)
        await office.launch(people=[f"U{number}" for number in range(1, 6)])
        await office.move_to(WEDNESDAY_NIGHT)
        assert [check_ins(office, number) for number in range(1, 7)] == [1, 1, 1, 1, 1, 0]
        first = office.check_in(office.person(1))
        await office.answer(office.person(1), first, 4, 4)

        await opened(office, "")
        await office.submit(office.dana, {"length": "21", "questions": ["sure"]})
        await opened(office, "Who is asked")
        told = await office.submit(office.dana, {"add": ["U6"], "remove": ["U2"]})
        assert "Off the list: Person 2" in told.replace("*", "")
        await opened(office, "Who leads it")
        told = await office.submit(office.dana, {"owners": ["UDANA", LEE]})
        assert "from Wed 19 March on" in told
        await office.deliver()
        assert "You're not asked about" in read(office.person(2), office.check_in(office.person(2)))
        await office.click(office.person(1), first, "Some")  # the third question still stands
        assert "Saved, thank you" in read(office.person(1), first)

        await office.pass_by(days=2)
        lee = office.person(LEE)
        assert "asked you to lead" in read(lee)
        await opened(office, "Pause asking")
        await office.submit(office.dana, {"until": date(2025, 3, 17)})
        await office.deliver()
        three = office.person(3)
        assert "Paused by who leads it" in read(three, office.check_in(three))
        assert "Paused: nobody is asked" in (await office.slash(office.dana, "status")).replace(
            "*", ""
        )
        sent = len(office.posts())
        await office.move_to(WEDNESDAY_NIGHT + timedelta(days=11))
        assert (
            len([one for one in office.posts()[sent:] if one["channel"] not in ("UDANA", LEE)]) == 0
        )

        await office.pass_by(days=5)  # asking went on, and round 2 is open
        assert [check_ins(office, number) for number in range(1, 7)] == [2, 1, 2, 2, 2, 2]
        again = office.check_in(three)
        assert "Two taps" in read(three, again)
        assert "New: Lee Demo leads this now" in read(three, again)
        assert "Nothing needed from me" not in labels(again)
        await office.answer(three, again, 4, 5)
        assert "Saved, thank you" in read(three, again)
        status = await office.slash(lee, "status")
        assert "Round 2" in status
        await office.slash(office.person(2), "me")
        assert "took you off the list" in read(office.person(2))
        assert shown(office.person(2)) == ""
        check_everything(office)
