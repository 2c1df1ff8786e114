"""What owners read and do: status, guess, rounds, what people told them, posts, the end."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from bot.playground import Message
from tests.scenario.conftest import Opener
from tests.scenario.office import (
    BERLIN,
    CHANNEL,
    DANA,
    HOSTILE,
    WEDNESDAY_NIGHT,
    Office,
    labels,
    plain,
    read,
    shown,
)

AFTER_ROUND_1 = datetime(2025, 3, 19, 20, tzinfo=UTC)


def digests(office: Office) -> list[Message]:
    """What Dana got as digests, oldest first."""
    return [one for one in office.sent(office.dana) if "something happened" in str(one.blocks)]


async def test_a_round_from_the_owners_side(asked: Office) -> None:
    dana = asked.dana
    told = await asked.slash(dana, "status")
    assert "Too early to say who's with you. 0 of 6 have answered" in told
    assert "tell two people face to face why this matters" in told
    assert digests(asked) == []

    await asked.click(dana, dana.inbox[-1], "Guess how many find it useful")
    await asked.submit(dana, {"useful_count": "5"})
    await dana.close()
    assert "Guess" not in str(labels_of(await asked.slash(dana, "status")))

    for number, values in enumerate([(5, 5, 4), (4, 4, 4), (3, 2, 3), (2, 2, 2), (4, 4, 4)], 1):
        who = asked.person(number)
        await asked.answer(who, asked.check_in(who), *values)
    told = await asked.slash(dana, "status")
    assert "5 of 6 have answered" in told
    assert "find it" not in told  # totals show when a round closes

    words = await asked.slash(dana, "ask")
    assert "Round 1 is open until Tue 18 March; 5 of 6 have answered" in words
    assert "start the next round from Wed 12 March" in words
    for refused in ("ask", "status", "post", "end"):
        assert "You don't lead an initiative here" in await asked.slash(asked.person(1), refused)

    before = len(digests(asked))
    await asked.move_to(AFTER_ROUND_1)
    fresh = digests(asked)[before:]
    assert fresh
    first = next(one for one in fresh if "Round 1 has closed" in read(dana, one))
    words = read(dana, first)
    assert "Round 1 has closed: 5 of 6 answered." in words
    assert "@Person 4 answered" in words
    assert "3 of 5 find it *very* or *extremely* useful" in words
    assert "You guessed 5 of 6. Of the 5 who answered, 3 find it" in words
    assert "Low answers" in words
    assert "Too early to say who's with you." in words
    assert "@Person 6" not in words  # one check-in left open says nothing
    for call in asked.slack.log.of("chat.postMessage"):
        if call.args["channel"] == DANA and "something happened" in str(call.args):
            local = call.at.astimezone(ZoneInfo(BERLIN)).time()
            assert time(8) <= local < time(18)

    answered = asked.check_in(asked.person(1)) if len(asked.sent(asked.person(1))) == 2 else None
    old = answered or asked.sent(asked.person(1))[1]
    assert "has closed. You answered: Useful *Extremely*" in read(asked.person(1), old)
    assert "3 of 5 find it" in read(asked.person(1), old)
    left = asked.sent(asked.person(6))[1]
    assert "You left it open, which is fine." in read(asked.person(6), left)
    await asked.move_to(datetime(2025, 3, 20, 20, tzinfo=UTC))
    opening = read(asked.person(2), asked.check_in(asked.person(2)))
    assert "Last round: 3 of 5 find it *very* or *extremely* useful" in opening

    count = len(digests(asked))
    await asked.move_to(datetime(2025, 3, 21, 5, tzinfo=UTC))
    assert len(digests(asked)) == count  # nothing happened, so nothing is said


async def test_a_round_may_be_started_once_people_were_introduced(office: Office) -> None:
    dana = office.dana
    await office.launch(first_on=date(2025, 3, 10))
    assert "Nobody has been told about" in await office.slash(dana, "ask")
    await office.move_to(datetime(2025, 3, 7, 20, tzinfo=UTC))
    before = await office.rows()
    words = await office.slash(dana, "ask")
    assert "Round 1 of *Shelf labels* is open:" in words
    assert "Person" not in words
    assert (await office.rows())["cycle"] == before["cycle"] + 1
    [again] = [one for one in office.slack.deliveries if one.payload.get("text") == "ask"][-1:]
    after = await office.rows()
    await office.slack.redeliver(again)
    await office.settle()
    assert await office.rows() == after


def row_after(message: Message, words: str) -> str:
    """Return the id of the buttons that follow the block with `words`."""
    places = [place for place, block in enumerate(message.blocks) if words in str(block)]
    return str(message.blocks[places[0] + 1]["block_id"])


def labels_of(words: str) -> list[str]:
    """Return the buttons in a text."""
    return [part.split("]")[0] for part in words.split("[")[1:]]


async def test_what_people_told_is_answered_and_the_giver_hears_it(asked: Office) -> None:
    dana, named, nameless, third = asked.dana, asked.person(1), asked.person(2), asked.person(3)
    for who, words, how in (
        (named, "Leave the mornings free.", "With my name"),
        (nameless, HOSTILE, "Without my name"),
        (third, "Print them twice.", "With my name"),
    ):
        check_in = asked.check_in(who)
        await asked.click(who, check_in, "More")
        await asked.click(who, check_in, "Tell Dana Demo something")
        await asked.submit(who, {"words": words, "named": how})
        await who.close()
    await asked.move_to(datetime(2025, 3, 6, 12, 10, tzinfo=UTC))
    digest = digests(asked)[-1]
    words = read(dana, digest)
    assert "Person 1 told you" in words
    assert "Somebody told you, without their name" in words
    assert "Person 2" not in words
    rows = [row_after(digest, words) for words in ("Leave the mornings", "channel")]
    before = await asked.rows()
    await asked.click(dana, digest, "Not now, because…", block_id=rows[1])
    await dana.close()
    assert await asked.rows() == before
    await asked.click(dana, digest, "Using it", block_id=rows[0])
    assert "Saved: using it" in read(dana, dana.dm[-1])
    await asked.click(dana, digest, "Not now, because…", block_id=rows[1])
    await asked.submit(dana, {"words": "The budget is spent."})
    await dana.close()
    assert "became" not in named.read()
    assert "told Dana" not in read(nameless, asked.sent(nameless)[-1])
    await asked.move_to(datetime(2025, 3, 6, 12, 55, tzinfo=UTC))
    assert len(asked.sent(named)) == 2
    await asked.move_to(datetime(2025, 3, 6, 13, 5, tzinfo=UTC))
    assert "Dana Demo: *using it*" in read(named, asked.sent(named)[-1])
    reply = read(nameless, asked.sent(nameless)[-1])
    assert "not now*, because" in reply
    assert "The budget is spent." in reply
    assert "doesn't see who wrote it" in reply
    assert "no reply yet" in await asked.slash(third, "me")
    times = [c.at for c in asked.slack.log.of("chat.postMessage") if "became of" in c.args["text"]]
    assert {(at.hour, at.minute < 35) for at in times} == {(13, True)}


async def test_a_post_waits_for_the_invitation(asked: Office) -> None:
    dana, bot = asked.dana, asked.install.bot_user_id
    await asked.workspace.remove(CHANNEL, bot)
    written = {"moved": HOSTILE, "changed": "Nothing yet, because …", "next": "Scanners."}
    posted = len(asked.posts(CHANNEL))
    await asked.slash(dana, "post")
    preview = await asked.submit(dana, {**written, "next_on": date(2025, 3, 14)})
    assert "This is the post" in preview
    assert "Nothing yet, because …" in preview
    await asked.click(dana, None, "Edit")
    preview = await asked.submit(dana, {"next": "Scanners, charged."})
    assert "Scanners, charged." in preview
    assert "answered last round" not in preview  # 6 people are too few to say
    await asked.submit(dana)
    await dana.close()
    await asked.deliver()
    assert len(asked.posts(CHANNEL)) == posted
    assert "Progress posts wait: I'm not in #shelves yet" in dana.read()
    await asked.workspace.invite(CHANNEL, bot)
    await asked.deliver()
    [post] = [one for one in dana.messages(CHANNEL) if one.ephemeral_to is None]
    assert "Scanners, charged." in read(dana, post)
    assert labels(post) == ["Tell Dana Demo something"]
    who = asked.person(1)
    await asked.click(who, post, "Tell Dana Demo something")
    await asked.submit(who, {"words": "Well done.", "named": "With my name"})
    await who.close()
    await asked.answer(who, asked.check_in(who), 4, 4, 4)  # who leaves one open is asked later
    await asked.move_to(datetime(2025, 3, 20, 20, tzinfo=UTC))
    check_in = read(who, asked.check_in(who))
    assert "• *Nothing yet, because" in check_in


async def test_participation_is_public_from_ten_people_on(opener: Opener) -> None:
    async with opener(asked=10) as office:
        dana = office.dana
        await office.launch()
        await office.move_to(WEDNESDAY_NIGHT)
        for number in range(1, 6):
            who = office.person(number)
            await office.answer(who, office.check_in(who), 4)
        await office.move_to(AFTER_ROUND_1)
        overdue = digests(office)[-1]
        assert "for two weeks" in read(dana, overdue)
        await office.click(dana, overdue, "Write it")
        await office.submit(dana, {"moved": "x", "changed": "y"})
        assert "5 of 10 answered last round. Thank you." in shown(dana)
        await office.submit(dana)
        await dana.close()
        await office.deliver()
        assert "5 of 10 answered last round" in read(dana, dana.messages(CHANNEL)[-1])


async def test_the_end_thanks_everybody_and_stops_everything(asked: Office) -> None:
    dana, who = asked.dana, asked.person(1)
    check_in = asked.check_in(who)
    await asked.answer(who, check_in, 4)
    await asked.slash(dana, "end")
    told = await asked.submit(dana, {"achieved": HOSTILE, "changed": "Mornings stay free."})
    assert "6 people get your thanks" in told
    await dana.close()
    before = await asked.rows()
    await who.click(check_in, text="More")
    await asked.settle()
    assert "has ended" in read(who, check_in)
    after = await asked.rows()
    assert after["answer"] == before["answer"]
    await asked.pass_by(days=14)
    for number in range(1, 7):
        person = asked.person(number)
        farewell = asked.sent(person)[-1]
        assert "Mornings stay free." in read(person, farewell)
        days = [f"deleted on {day} April" for day in ("Fri 4", "Sat 5")]  # by their own calendar
        assert any(day in read(person, farewell) for day in days)
        assert len(asked.sent(person)) == 3
    assert "has ended. `/buyin new` launches another" in plain(await asked.slash(dana, "end"))
