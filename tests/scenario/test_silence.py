"""Weeks in which some stay silent: asking stops, its owner is asked for a word and for time."""

from datetime import UTC, date, datetime, timedelta

from tests.scenario.office import Office, labels, open_office, read
from tests.scenario.rules import check_everything

SILENT = (4, 5, 6)
ANSWERS = {1: (5, 5, 4), 2: (4, 4, 4), 3: (4, 5, 3)}
LAST_DAY = datetime(2025, 5, 9, 20, tzinfo=UTC)


async def post(office: Office) -> None:
    """Have the owner tell the team something, so that asking goes on."""
    await office.slash(office.dana, "post")
    await office.submit(office.dana, {"changed": "The labels are bigger."})
    await office.submit(office.dana)
    await office.dana.close(everything=True)


async def answer_what_is_open(office: Office) -> None:
    for number, values in ANSWERS.items():
        who = office.person(number)
        message = office.sent(who)[-1]
        if "Extremely" in labels(message):
            await office.answer(who, message, *values)


async def weeks(office: Office, until: datetime) -> None:
    """Let days pass; some answer at once, and the owner posts every ten days."""
    day = 0
    while office.clock.now() < until:
        await office.pass_by(days=1)
        await answer_what_is_open(office)
        if day % 10 == 9:
            await post(office)
        day += 1


async def status(office: Office) -> str:
    return await office.slash(office.dana, "status")


async def test_silence_ends_in_a_pause_a_word_and_more_time(sqlite_url: str) -> None:
    async with open_office("socket", sqlite_url) as office:
        office.grain = timedelta(hours=6)
        await office.launch()
        await weeks(office, LAST_DAY)
        for number in SILENT:
            told = read(office.person(number))
            assert told.count("I'll stop asking about *Shelf labels* until") == 1
            assert told.count("This is the only reminder") <= 2
        assert "I'll stop asking" not in office.person(1).read()

        told = await status(office)
        assert "3 of 6 are quiet. Before *Scanners on the floor* (Mon 12 May)" in told
        assert "I've paused check-ins to" in told
        message = office.dana.inbox[-1]
        await office.click(office.dana, message, "Move the date")
        moved = await office.submit(
            office.dana, {"on": date(2025, 5, 26), "why": "Several had no time."}
        )
        assert "is now planned for Mon 26 May" in moved
        await office.dana.close(everything=True)

        await office.click(office.dana, message, "I'll talk with them")
        assert "stay paused until" in read(office.dana, office.dana.inbox[-1])
        told = await status(office)
        assert "two more weeks" not in told
        assert "1 other is paused as well" in told
        await office.click(office.dana, office.dana.inbox[-1], "Take off the list")
        assert "isn't asked about *Shelf labels* any more" in read(
            office.dana, office.dana.inbox[-1]
        )
        off = [
            number
            for number in SILENT
            if "took you off the list" in await office.slash(office.person(number), "me")
        ]
        assert len(off) == 1

        back = office.person(next(number for number in SILENT if number not in off))
        note = [one for one in office.sent(back) if "I'll stop asking" in one.text][-1]
        await office.click(back, note, "Resume")
        seen = len(office.sent(office.person(1)))
        await weeks(office, office.clock.now() + timedelta(days=14))
        fresh = "\n".join(str(one.history[0]) for one in office.sent(office.person(1))[seen:])
        assert "moved from 12 May to 26 May" in fresh
        assert "Several had no time." in fresh
        assert "pulse.answer" in str([one.history[0] for one in office.sent(back)[-2:]])
        check_everything(office)
