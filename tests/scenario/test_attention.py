"""Weeks in which it works for most and not for one: news in between, a line, fewer, a debt paid."""

from datetime import datetime, timedelta

from tests.scenario.office import Office, labels, open_office, plain, read
from tests.scenario.rules import check_everything

ANSWERS = {1: (5, 5, 4), 2: (4, 4, 4), 3: (4, 5, 3), 4: (1, 1, 1), 5: (5, 4, 4), 6: (4, 4, 4)}
LINE = "I heard that mornings are bad; we'll look at it together."


async def days(office: Office, number: int) -> None:
    """Let days pass; everybody answers on the day they are asked."""
    for _ in range(number):
        await office.pass_by(days=1)
        for person, values in ANSWERS.items():
            who = office.person(person)
            message = office.sent(who)[-1]
            if "Extremely" in labels(message):
                await office.answer(who, message, *values)


async def post(office: Office, changed: str) -> None:
    await office.slash(office.dana, "post")
    await office.submit(office.dana, {"changed": changed})
    await office.submit(office.dana)
    await office.dana.close(everything=True)


def asks(office: Office, number: int) -> int:
    """How many check-ins somebody got so far."""
    sent = office.sent(office.person(number))
    return sum("pulse.answer" in str(message.history[0]) for message in sent)


def asked_at(office: Office, who: str) -> list[datetime]:
    """When somebody got check-ins, by Slack's own log."""
    calls = [call for call in office.slack.log.of("chat.postMessage") if call.ok]
    mine = [call for call in calls if call.args["channel"] == who]
    return [call.at for call in mine if "pulse.answer" in str(call.args.get("blocks"))]


async def test_more_of_what_helps_and_less_when_asked(sqlite_url: str) -> None:
    async with open_office("socket", sqlite_url) as office:
        office.grain = timedelta(hours=3)
        await office.launch()
        await days(office, 18)  # round 1 has closed, and everybody answered in round 2
        sam = office.person(4)
        await post(office, "The labels are bigger.")
        await days(office, 8)
        news = [one for one in office.sent(sam) if "what changed because of people" in one.text]
        assert ["The labels are bigger." in read(sam, one) for one in news] == [True]
        for number in (1, 2, 3, 5, 6):
            assert "what changed because of people" not in office.person(number).read()

        await days(office, 6)  # asked again, and there is nothing new to give afterwards
        told = await office.slash(office.dana, "status")
        assert "I have no news for 1 person who could use some" in told
        await office.click(office.dana, office.dana.inbox[-1], "Write a line")
        assert "1 person gets it once" in await office.submit(office.dana, {"words": LINE})
        await office.dana.close(everything=True)
        assert "no news for" not in await office.slash(office.dana, "status")
        await days(office, 10)
        [line] = [one for one in office.sent(sam) if "a line from" in plain(one.text)]
        assert LINE in read(sam, line)
        assert sum(LINE in office.person(number).read() for number in ANSWERS) == 1
        await office.click(sam, line, "Why me?")
        why = read(sam, sam.inbox[-1])
        assert "It's a line from Dana Demo." in why
        assert "rather than more questions" in why

        await office.click(sam, sam.inbox[-1], "Fewer")
        await post(office, "Scanners, charged.")
        await days(office, 32)
        *_, before, last = asked_at(office, sam.id)
        assert last - before >= timedelta(days=26)  # four weeks, but for a day of jitter
        assert last > office.clock.now() - timedelta(days=32)
        assert "Scanners, charged." not in "".join(
            one.text for one in office.sent(sam) if "what changed because" in one.text
        )
        check_everything(office)


async def test_asking_stops_until_people_are_heard(sqlite_url: str) -> None:
    async with open_office("socket", sqlite_url) as office:
        office.grain = timedelta(hours=3)
        await office.launch()
        await days(office, 4)
        one = office.person(1)
        await office.click(one, office.check_in(one), "More")
        await office.click(one, office.check_in(one), "Tell Dana Demo something")
        await office.submit(one, {"words": "Mornings are bad.", "named": "With my name"})
        await one.close(everything=True)
        await days(office, 14)
        before = {number: asks(office, number) for number in ANSWERS}
        await days(office, 14)
        assert {number: asks(office, number) for number in ANSWERS} == before
        told = await office.slash(office.dana, "status")
        assert "Check-ins are paused until you reply." in told
        assert "Check-ins are paused until you reply." in read(office.dana)
        await office.click(office.dana, office.dana.inbox[-1], "Using it")
        await days(office, 3)
        assert all(asks(office, number) == before[number] + 1 for number in ANSWERS)
        assert "are paused until" not in await office.slash(office.dana, "status")
        check_everything(office)
