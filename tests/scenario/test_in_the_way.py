"""Something is in the way: it is named, an owner answers, and asks whether it is solved."""

from datetime import timedelta

from tests.scenario.office import WEDNESDAY_NIGHT, Office, labels, open_office, read
from tests.scenario.rules import check_everything

FREED = "You are freed on Tuesdays."
ANSWERS = {1: (5, 5, 4), 2: (4, 4, 4), 3: (4, 5, 4), 4: (2, 1, 2), 5: (2, 2, 2), 6: (4, 4, 4)}


async def days(office: Office, number: int) -> None:
    """Let days pass; everybody answers on the day they are asked."""
    for _ in range(number):
        await office.pass_by(days=1)
        for person, values in ANSWERS.items():
            who = office.person(person)
            message = office.sent(who)[-1]
            if "Extremely" in labels(message):
                await office.answer(who, message, *values)


async def press(office: Office, action_id: str, code: str) -> None:
    """Have Dana press a button about one thing in the way, in what she read last."""
    shown = office.dana.inbox[-1]
    blocks = [block for block in shown.blocks if block["type"] == "actions"]
    [value] = {
        one["value"]
        for block in blocks
        for one in block["elements"]
        if one["action_id"] == action_id and one["value"].endswith(f":{code}")
    }
    delivery = await office.dana.click(shown, action_id=action_id, value=value)
    assert delivery.ok, delivery.error
    await office.settle()


async def test_from_the_tap_to_the_answer_and_back(sqlite_url: str) -> None:
    async with open_office("socket", sqlite_url) as office:
        office.grain = timedelta(hours=3)
        await office.launch()
        await office.move_to(WEDNESDAY_NIGHT)
        await days(office, 1)
        sam, kim, content = (office.person(number) for number in (4, 5, 1))
        assert "What gets in the way" not in read(content, office.check_in(content))

        asked = office.check_in(sam)
        assert "What gets in the way most?" in read(sam, asked)
        await office.click(sam, asked, "Rather not say")
        assert "Nothing is passed on" in read(sam, asked)
        await office.click(sam, asked, "No time")
        assert "reads this with your name" in read(sam, asked)
        await office.click(sam, asked, "Add a few words")
        assert "Kept" in await office.submit(sam, {"words": "Mornings are full."})
        await sam.close(everything=True)

        hers = office.check_in(kim)
        await office.click(kim, hers, "Leaders aren't behind it")
        assert "only in numbers of at least 5 people, without your name" in read(kim, hers)
        told = await office.slash(office.dana, "status")
        assert "named *No time* on" in told
        assert "Mornings are full." in told
        assert "Leaders" not in told
        await office.click(kim, hers, "Yes, tell Dana Demo it's me")
        assert "reads this with your name" in read(kim, hers)
        assert "Leaders aren't behind it" in await office.slash(office.dana, "status")

        for code, words in (("no_time", FREED), ("leaders_not_behind", "Ada will speak.")):
            await press(office, "barrier.answer", code)
            assert "gets it once" in await office.submit(office.dana, {"words": words})
            await office.dana.close(everything=True)
        await days(office, 9)
        [answer] = [one for one in office.sent(sam) if FREED in read(sam, one)]
        assert "Ada will speak." in kim.read()
        await office.click(sam, answer, "Why me?")
        assert "You named what gets in your way" in read(sam, sam.inbox[-1])
        assert FREED not in content.read()

        await office.slash(office.dana, "status")
        await press(office, "barrier.close", "no_time")
        assert "is asked whether" in await office.submit(office.dana, {"words": "Shifts moved."})
        await office.dana.close(everything=True)
        await days(office, 14)
        [question] = [one for one in office.sent(sam) if "Not yet" in labels(one)]
        assert "Shifts moved." in read(sam, question)
        await office.click(sam, question, "Not yet")
        assert "still is in the way" in read(sam, question)
        assert "isn't solved yet" in await office.slash(office.dana, "status")
        mine = await office.slash(sam, "me")
        assert "isn't solved yet" in mine
        assert "Not in my way any more" in labels(sam.inbox[-1])
        await office.click(sam, sam.inbox[-1], "Not in my way any more")
        assert "isn't solved yet" not in await office.slash(office.dana, "status")

        await office.slash(content, "me")
        await office.click(content, content.inbox[-1], "Something's in my way")
        kept = await office.submit(content, {"what": "Need training or access", "words": "Keys"})
        assert "reads it with your name" in kept
        await content.close(everything=True)
        assert "named *Need training or access*" in await office.slash(office.dana, "status")
    check_everything(office)
