"""Steps: offered in a finished check-in, asked about on the day, kept or not, and what follows."""

from datetime import timedelta

from bot.playground import UserDriver
from tests.scenario.office import Office, labels, open_office, read
from tests.scenario.rules import check_everything

ACTS = "Label one shelf\nShow a colleague"
ANSWERS = (5, 4, 4)


async def finish(office: Office, who: UserDriver) -> str:
    """Answer the newest check-in; return what it shows then."""
    await office.answer(who, office.check_in(who), *ANSWERS)
    return read(who, office.check_in(who))


def questions(office: Office, who: UserDriver) -> list[str]:
    """How often somebody was asked how a step went, as it reads now."""
    return [read(who, one) for one in office.sent(who) if "How did it go?" in str(one.history[0])]


async def own_step(office: Office, who: UserDriver, words: str) -> None:
    """Choose a step of one's own for the day after tomorrow, of one's own accord."""
    await office.slash(who, "commitments")
    await office.click(who, who.inbox[-1], "Choose one")
    on = office.clock.now().date() + timedelta(days=2)
    assert "Saved for" in await office.submit(who, {"promise": words, "promise_on": on})
    await who.close(everything=True)


async def check_same_words(office: Office, *people: UserDriver) -> None:
    """What the owner reads of somebody's step is what they read themselves."""
    told = await office.slash(office.dana, "steps")
    for number, who in enumerate(people, start=1):
        mark = f"@Person {number}: "
        [line] = [line for line in told.splitlines() if mark in line]
        assert line.partition(mark)[2] in await office.slash(who, "me")
    assert "my desk" not in told


async def test_from_the_offer_to_what_came_of_it(sqlite_url: str) -> None:
    async with open_office("socket", sqlite_url) as office:
        office.grain = timedelta(hours=1)
        await office.launch()
        assert "nothing yet" in await office.slash(office.dana, "steps")
        await office.click(office.dana, office.dana.inbox[-1], "Change")
        assert "Label one shelf" in await office.submit(office.dana, {"acts": ACTS})
        await office.dana.close(everything=True)
        await office.pass_by(days=3)

        kept, missed, unwilling = (office.person(number) for number in (1, 2, 3))
        assert "One thing you would do by *Thu 20 March*?" in await finish(office, kept)
        await office.click(kept, office.check_in(kept), "Label one shelf")
        assert labels(office.check_in(kept))[:4] == [
            "Tue 11 March",
            "Thu 13 March",
            "Thu 20 March",
            "Back",
        ]
        await office.click(kept, office.check_in(kept), "Tue 11 March")
        await office.click(kept, office.check_in(kept), "When and where?")
        await office.submit(kept, {"plan": "After lunch, at my desk"})
        shown = read(kept, office.check_in(kept))
        assert "Your step by *Tue 11 March*: Label one shelf" in shown
        assert "After lunch, at my desk" in shown
        assert "One thing you would do" not in shown

        await finish(office, missed)
        await office.click(missed, office.check_in(missed), "My own…")
        own = {"promise": "Count the <!here> shelves", "promise_on": "2025-03-11"}
        await office.submit(missed, own)
        assert "Your step by *Tue 11 March*: Count the" in read(missed, office.check_in(missed))

        await finish(office, unwilling)
        await office.click(unwilling, office.check_in(unwilling), "Not now")
        assert "OK, no step this time." in read(unwilling, office.check_in(unwilling))

        await office.pass_by(days=5, hours=3)
        [question] = questions(office, kept)
        assert "today" in question
        assert "After lunch, at my desk" in question
        await office.click(kept, office.sent(kept)[-1], "Done")
        assert "Done. Thank you." in read(kept, office.sent(kept)[-1])
        assert questions(office, missed)
        assert not questions(office, unwilling)
        await office.click(missed, office.sent(missed)[-1], "Why me?")
        assert "You chose a step with a date" in read(missed, missed.inbox[-1])

        await office.pass_by(days=4)  # three working days without a word
        assert "its day passed without a word" in await office.slash(missed, "steps")
        assert "by Tue 11 March: done" in await office.slash(kept, "me")
        assert "to the offer of a step" in await office.slash(unwilling, "me")
        await check_same_words(office, kept, missed)
        await own_step(office, missed, "Count them again")
        await office.pass_by(days=10)
        assert len(questions(office, missed)) == 2
        told = await office.slash(office.dana, "status")
        assert "I've paused check-ins to @Person 2" in told
        assert "I've paused check-ins to @Person 2" in await office.slash(missed, "me")
        check_everything(office)
