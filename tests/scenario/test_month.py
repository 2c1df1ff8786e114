"""A month with two initiatives for the same people: nobody hears too much, everybody the result."""

import re
from datetime import UTC, datetime, timedelta

from tests.scenario.office import LEE, Office, labels, open_office, read
from tests.scenario.rules import check_everything

END_OF_MONTH = datetime(2025, 4, 2, 20, tzinfo=UTC)
ANSWERS = ((5, 5, 4), (4, 4, 4), (4, 2, 3), (2, 2, 2), (4, 4, 5))


async def answer_what_is_open(office: Office) -> None:
    """Have everybody but the last answer the check-in in their DM, and the one it offers then."""
    for number, values in enumerate(ANSWERS, 1):
        who = office.person(number)
        message = office.sent(who)[-1]
        if "Extremely" in labels(message):
            await office.answer(who, message, *values)
        if "OK" in labels(message):
            await office.click(who, message, "OK")
            await office.answer(who, who.inbox[-1], *values)


async def share_back(office: Office) -> None:
    """Have both who lead tell their team what changed."""
    for leader in (office.dana, office.person(LEE)):
        await office.slash(leader, "post")
        await office.submit(leader, {"changed": "The labels are bigger."})
        await office.submit(leader)
        await leader.close(everything=True)


async def test_a_month_with_two_initiatives(postgres_url: str) -> None:
    """In HTTP mode on PostgreSQL; the demo is a month in Socket Mode on SQLite."""
    async with open_office("http", postgres_url) as office:
        office.grain = timedelta(hours=2)
        await office.launch()
        await office.launch("New printers", by=office.person(LEE))
        while office.clock.now() < END_OF_MONTH:
            await office.pass_by(days=1)
            await answer_what_is_open(office)
            if office.clock.now().day == 14:  # nobody is asked for long who is told nothing
                await share_back(office)
        for number in range(1, 7):
            who = office.person(number)
            got = office.counted(who.id)
            assert 4 <= len(got) <= 7, got  # in 31 days; the rules look at every window of 28
            assert "Shelf labels" in who.read()
            assert "New printers" in who.read()
            for message in office.sent(who):
                assert sum(label == "Extremely" for label in labels(message)) <= 1
        silent = office.person(6)
        assert silent.read().count("This is the only reminder") <= 2
        answered = [office.sent(office.person(number)) for number in range(1, 6)]
        assert not any("only reminder" in str(one.history[0]) for each in answered for one in each)
        check_everything(office)
        closed = [one for one in office.sent(office.person(1)) if "has closed" in one.text]
        assert closed
        for leader in (office.dana, office.person(LEE)):
            assert "Round 1 has closed" in read(leader)
            told = await office.slash(leader, "status")
            assert "has closed" in told
            await check_own_words(office, told)
        await check_against(office)
        check_everything(office)


async def check_own_words(office: Office, told: str) -> None:
    """Everybody reads in `/buyin me` the very lines that an owner just read about them."""
    lines = re.findall(r"@Person (\d)(: Said| answered|: \d)(.*)", told)
    assert {number for number, *_ in lines} == {"3", "4"}  # the two who said something low
    for number, start, rest in lines:
        mine = await office.slash(office.person(int(number)), "me")
        assert f"@Person {number}{start}{rest}" in mine
        assert "may read" in mine


async def check_against(office: Office) -> None:
    """Who wants no estimate is in no list any more, and who is wronged is heard without a name."""
    who = office.person(4)
    mine = await office.slash(who, "me")
    assert mine.count("Your answers suggest this isn't working for you yet.") == 2
    await office.click(who, who.inbox[-1], "That's wrong")
    await office.submit(who, {"words": "It works by now.", "named": "Without my name"})
    await who.close()
    told = await office.slash(office.dana, "status") + await office.slash(
        office.person(LEE), "status"
    )
    assert told.count("without their name, that what you read about them isn't right") == 1
    await office.click(who, who.inbox[-1], "Don't estimate me")
    told = await office.slash(office.dana, "status") + await office.slash(
        office.person(LEE), "status"
    )
    assert told.count("@Person 4: Said") == 1
