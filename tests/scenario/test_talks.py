"""A talk, from the prompt to its owner until what was learned stands in `/buyin me`."""

from datetime import timedelta

from bot.playground import Message, UserDriver
from tests.scenario.office import Office, labels, open_office, plain, read, shown
from tests.scenario.rules import check_everything
from tests.scenario.test_attention import days


async def offer(office: Office) -> None:
    """Have Dana plan talks and offer one to the first she is prompted for."""
    told = await office.slash(office.dana, "status")
    assert "One person is worth 20 minutes this week." in told
    await office.click(office.dana, office.dana.inbox[-1], "Plan talks")
    plan = shown(office.dana)
    assert "Not at all to “will it work here”" in plan.replace("*", ""), plan
    assert "What's hardest in your work right now?" in plan
    await office.click(office.dana, office.dana.view, "Offer a talk")
    assert "gets three times that suit you both" in shown(office.dana)
    await office.dana.close(everything=True)


async def invitation(office: Office, who: UserDriver) -> Message:
    """Return the invitation once it has arrived, among the messages of the next weeks."""
    for _ in range(14):
        await days(office, 1)
        found = [one for one in office.sent(who) if "to hear why, not to" in plain(one.text)]
        if found:
            return found[0]
    raise AssertionError(f"no invitation, only:\n{who.read()}")


async def test_a_talk_from_the_prompt_to_what_was_learned(sqlite_url: str) -> None:
    async with open_office("socket", sqlite_url) as office:
        office.grain = timedelta(hours=3)
        await office.launch()
        await days(office, 18)  # round 1 has closed; one of six doubts
        await offer(office)
        sam = office.person(4)
        invited = await invitation(office, sam)
        words = read(sam, invited)
        assert "You weren't sure Shelf labels will work here." in words.replace("*", "")
        assert "“No” is fine and isn't held against you." in words
        times = labels(invited)[:3]
        await office.click(sam, invited, "Why me?")
        assert "offer" in read(sam, sam.inbox[-1])
        office.grain = timedelta(minutes=30)  # a reminder is worth nothing hours later
        await office.click(sam, invited, times[2])
        assert times[2] in read(sam, invited)
        await office.deliver()
        await days(office, 1)
        [card] = [one for one in office.sent(office.dana) if "Agreed:" in plain(one.text)]
        assert "Add to Google" in labels(card)
        await days(office, 7)
        for who in (sam, office.dana):
            assert any("Coming up:" in plain(one.text) for one in office.sent(who))
        for who, answer in ((sam, "We met"), (office.dana, "We met")):
            [asked] = [one for one in office.sent(who) if "Did you?" in plain(one.text)]
            await office.click(who, asked, answer)
        [told] = [one for one in office.sent(office.dana) if "You met" in plain(one.text)]
        await office.click(office.dana, told, "Note what you learned")
        await office.submit(office.dana, {"words": "Mornings are bad.", "barrier": "No time"})
        await office.dana.close(everything=True)
        mine = await office.slash(sam, "me")
        assert "Mornings are bad." in mine
        await office.click(sam, sam.inbox[-1], "Put it right")
        await office.submit(sam, {"words": "Only Mondays are."})
        await sam.close(everything=True)
        await office.slash(office.dana, "status")
        await office.slash(office.dana, "talks")
        await office.click(office.dana, office.dana.inbox[-1], "Talks about Shelf labels")
        assert "Only Mondays are." in shown(office.dana)
        await office.dana.close(everything=True)
        check_everything(office)
