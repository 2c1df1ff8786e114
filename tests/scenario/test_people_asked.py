"""What people asked read and can press: introductions, check-ins, their own settings."""

from datetime import UTC, datetime

from tests.scenario.conftest import Opener, everywhere
from tests.scenario.office import HOSTILE, LEE, Office, labels, read, shown

TUESDAY_NIGHT = datetime(2025, 3, 4, 20, tzinfo=UTC)


async def test_each_button_of_the_introduction(office: Office) -> None:
    await office.launch()
    await office.move_to(TUESDAY_NIGHT)
    grouped, tells, elsewhere, stopped, silent, again = (office.person(n) for n in range(1, 7))
    introduction = grouped.dm[0]
    assert labels(introduction) == [
        "Only in group figures",
        "Tell Dana Demo something",
        "Not my topic",
        "No messages, please",
        "Why me?",
    ]
    await grouped.click(introduction, text="Only in group figures", confirm=False)
    assert "Only in group figures" in labels(introduction)
    await office.click(grouped, introduction, "Only in group figures")
    assert "Only in group figures" not in labels(introduction)
    assert "only in totals of at least 5 people" in read(grouped, introduction)

    await office.click(tells, tells.dm[0], "Tell Dana Demo something")
    sent = await office.submit(tells, {"words": "Mornings are bad.", "named": "With my name"})
    assert "Sent with your name" in sent
    await tells.close()

    await office.click(elsewhere, elsewhere.dm[0], "Not my topic")
    assert "won't ask you about this again" in read(elsewhere, elsewhere.dm[0])
    await office.click(stopped, stopped.dm[0], "No messages, please")
    assert "no more messages from me" in read(stopped, stopped.dm[0])

    await office.click(again, again.dm[0], "Not my topic")
    await office.click(again, again.dm[0], "Ask me after all")
    assert "Not my topic" in labels(again.dm[0])

    await office.pass_by(days=1)
    assert [len(office.sent(who)) for who in (elsewhere, stopped)] == [1, 1]
    for who in (tells, silent, again):
        assert "sees this with your name" in read(who, office.check_in(who))
    assert "sees only totals of at least 5" in read(grouped, office.check_in(grouped))

    told = await office.slash(stopped, "resume")
    assert "you hear from me again" in told
    assert "Nothing was stopped" in await office.slash(stopped, "resume")
    await office.pass_by(days=2)
    assert len(office.sent(stopped)) == 2


async def test_an_introduction_to_group_figures_is_honest(opener: Opener) -> None:
    async with opener() as office:
        await office.launch(shown="group")
        await office.move_to(TUESDAY_NIGHT)
        words = read(office.person(1))
        assert "only in totals of at least 5 people" in words
        assert "whoever runs the server this app is on could technically read its database" in words
        assert "Only in group figures" not in labels(office.person(1).dm[0])
        await office.move_to(datetime(2025, 3, 5, 20, tzinfo=UTC))
        check_in = office.check_in(office.person(1))
        assert "sees only totals of at least 5" in read(office.person(1), check_in)
        told = await office.slash(office.dana, "status")
        assert "have answered" not in told
        assert "Person" not in told


@everywhere
async def test_three_taps_change_and_thanks(asked: Office) -> None:
    who = asked.person(1)
    check_in = asked.check_in(who)
    assert "Needed: *label 20 shelves*" in read(who, check_in)
    posted = len(asked.posts())
    await asked.answer(who, check_in, 4)
    assert "Useful: *Very*" in read(who, check_in)
    assert "[Extremely]" not in read(who, check_in)
    await asked.click(who, check_in, "Change")
    assert "[Extremely]" in read(who, check_in)
    await asked.answer(who, check_in, 5, 2)
    assert "Useful: *Extremely*" in read(who, check_in)
    assert "Saved, thank you" not in read(who, check_in)
    await asked.click(who, check_in, "Nothing needed from me")
    assert "Saved, thank you. The round closes" in read(who, check_in)
    assert "Not now" not in labels(check_in)
    assert len(asked.posts()) == posted
    assert len(asked.sent(who)) == 2

    elsewhere = await asked.slash(who, "", channel="C0SHELVES")
    assert "Useful: *Extremely*" in elsewhere
    private = who.messages("C0SHELVES")[-1]
    assert private.ephemeral_to == who.id
    await asked.click(who, private, "Change", block_id=private.blocks[1]["block_id"])
    await asked.answer(who, private, 1)
    assert "Useful: *Not at all*" in read(who, private)
    await asked.pass_by(minutes=1)
    assert "Useful: *Not at all*" in read(who, check_in)  # one check-in in two places
    await asked.slash(other := asked.person(2), "", channel="C0SHELVES")
    private = other.messages("C0SHELVES")[-1]
    await asked.click(other, private, "Not now")
    await asked.pass_by(minutes=1)
    assert "[Extremely]" not in read(other, asked.check_in(other))

    everything = await asked.slash(who, "me")
    assert "Not at all" in everything
    assert "Extremely" not in asked.person(2).read()


async def test_later_more_and_why(asked: Office) -> None:
    later, unsure, elsewhere, tells, stops, skips = (asked.person(n) for n in range(1, 7))
    check_in = asked.check_in(later)
    await asked.click(later, check_in, "Not now")
    assert labels(check_in) == ["A day", "A week", "A month", "Answer after all"]
    assert "before Wed 12 March" in read(later, check_in)
    await asked.click(later, check_in, "A month")
    assert "before Fri 4 April" in read(later, check_in)
    await asked.click(later, check_in, "A day")
    assert "before Thu 6 March" in read(later, check_in)
    await asked.click(later, check_in, "Answer after all")
    assert "[Extremely]" in read(later, check_in)
    await asked.click(later, check_in, "Not now")

    check_in = asked.check_in(unsure)
    await asked.click(unsure, check_in, "More")
    assert labels(check_in)[-6:] == [
        "I don't know enough to say",
        "Not my topic",
        "Tell Dana Demo something",
        "Why am I asked?",
        "Stop",
        "Less",
    ]
    await asked.click(unsure, check_in, "Less")
    await asked.click(unsure, check_in, "More")
    await asked.click(unsure, check_in, "Why am I asked?")
    assert "Dana Demo put you on the list" in read(unsure)
    assert "Messages from me in the last 28 days: 2 of at most 5." in read(unsure)
    await asked.click(unsure, check_in, "I don't know enough to say")
    assert "Would it help if Dana Demo explained?" in read(unsure, check_in)
    await asked.click(unsure, check_in, "In two lines")
    assert "like it explained in two lines" in read(unsure, check_in)

    check_in = asked.check_in(elsewhere)
    await asked.click(elsewhere, check_in, "More")
    await asked.click(elsewhere, check_in, "Not my topic")
    assert "I'll tell Dana Demo" in read(elsewhere, check_in)
    assert labels(check_in) == []

    check_in = asked.check_in(tells)
    await asked.click(tells, check_in, "More")
    await asked.click(tells, check_in, "Tell Dana Demo something")
    await asked.submit(tells, {"words": HOSTILE, "named": "Without my name"})
    await tells.close()
    assert "Without" not in asked.dana.read()

    check_in = asked.check_in(stops)
    await asked.answer(stops, check_in, 3)
    await asked.click(stops, check_in, "More")
    await asked.click(stops, check_in, "Stop")
    assert "no more messages from me" in read(stops, check_in)
    await asked.click(stops, check_in, "Resume")

    status = await asked.slash(asked.dana, "status")
    assert "@Person 2 would like it explained in two lines" in status
    assert "Somebody told you, without their name" in status
    assert "@Person 3 says it's not their topic" in status

    await asked.move_to(datetime(2025, 3, 12, 20, tzinfo=UTC))
    reminder = skips.dm[-1]
    assert "This is the only reminder" in read(skips, reminder)
    await asked.click(skips, reminder, "Skip this round")
    assert len(later.dm) + len(unsure.dm) + len(elsewhere.dm) == 6 + 1  # the answer to why
    assert "only reminder" not in later.read() + unsure.read() + elsewhere.read()


async def test_settings_hold_at_once_over_every_initiative(office: Office) -> None:
    lee = office.person(LEE)
    await office.launch()
    await office.launch("New printers", by=lee)
    await office.pass_by(days=5)
    one, two, three = (office.person(n) for n in range(1, 4))
    for who in (one, two, three):
        assert "Shelf labels" in who.read()
        assert "New printers" in who.read()
    me = await office.slash(one, "me")
    assert "Shelf labels" in me
    assert "New printers" in me
    await office.click(one, one.inbox[-1], "Only group figures, everywhere")
    assert "only in group figures, everywhere" in read(one, one.inbox[-1])
    for leader in (office.dana, lee):
        assert "Not everyone is counted here" in await office.slash(leader, "status")

    assert "no more messages" in await office.slash(two, "stop")
    assert "had stopped me before" in await office.slash(two, "stop")
    seen = {who.id: len(office.posts(who.id)) for who in (two, three)}
    await office.pass_by(days=16)
    assert len(office.posts(two.id)) == seen[two.id]
    assert len(office.posts(three.id)) > seen[three.id]
    assert "you hear from me again" in await office.slash(two, "resume")


async def test_two_initiatives_never_show_six_rows(office: Office) -> None:
    lee = office.person(LEE)
    await office.launch(people=["U1", "U2"])
    await office.launch("New printers", by=lee, people=["U1", "U2"])
    await office.pass_by(days=8)
    who = office.person(1)
    told = await office.slash(who)
    private = who.inbox[-1]
    assert told.count("[Extremely]") == 1
    await office.answer(who, private, 4, 4, 4)
    words = read(who, private)
    assert "One more, about *" in words
    await office.click(who, private, "Not today")
    assert "One more" not in read(who, private)
    assert (await office.slash(who)).count("[Extremely]") == 1
    other = office.person(2)
    await office.slash(other)
    private = other.inbox[-1]
    await office.answer(other, private, 4, 4, 4)
    await office.click(other, private, "OK")
    assert read(other, other.inbox[-1]).count("[Extremely]") == 1
    assert read(other, private).count("[Extremely]") == 0


async def test_anybody_may_answer_before_being_asked(office: Office) -> None:
    await office.launch()
    await office.move_to(TUESDAY_NIGHT)
    who = office.person(1)
    words = await office.slash(who)
    assert "the next check-in comes on Wed 5 March" in words
    nobody = await office.slash(office.person(LEE))
    assert "nobody asks you about anything here" in nobody
    await office.move_to(datetime(2025, 3, 5, 6, tzinfo=UTC))
    words = await office.slash(who)
    assert "[Extremely]" in words
    await office.answer(who, who.inbox[-1], 4, 4, 4)
    assert "Saved, thank you" in read(who, who.inbox[-1])
    await office.pass_by(days=6)
    assert len(office.counted(who.id)) == 1  # only the introduction: the answer is there already


async def test_the_home_of_everybody(asked: Office) -> None:
    newcomer, one, dana = asked.person(LEE), asked.person(1), asked.dana
    for who in (newcomer, one, dana):
        await who.open_home()
        await asked.settle()
    assert "Find out early who's with you" in read(newcomer, newcomer.home)
    assert labels(newcomer.home)[0] == "Launch an initiative"
    words = read(one, one.home)
    assert "2 of at most 5 messages this month" in words
    assert "Shelf labels*: 3 taps" in words
    await asked.click(one, one.home, "Answer")
    await asked.answer(one, one.view, 5)  # type: ignore[arg-type]
    assert "Useful: *Extremely*" in shown(one)
    await one.close()
    assert "Shelf labels*: 2 taps" in read(one, one.home)
    await asked.click(one, one.home, "What I hold about you")
    assert "Extremely" in shown(one)
    await one.close()
    await asked.click(one, one.home, "No messages, please")
    assert "none, you stopped them" in read(one, one.home)
    await asked.click(one, one.home, "Resume")
    assert "Messages:* on" in read(one, one.home)

    assert labels(dana.home)[:8] == [
        "Status",
        "Talks",
        "Ask now",
        "Tell the team",
        "Settings",
        "End it",
        "Launch an initiative",
        "Hours for talks",
    ]
    await asked.click(dana, dana.home, "Status")
    assert "Too early to say who's with you" in shown(dana)
    await dana.close()
    await asked.click(dana, dana.home, "Ask now")
    assert dana.view
    await dana.close()
