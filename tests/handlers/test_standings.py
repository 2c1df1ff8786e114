"""What owners read about somebody, and what that person can do against it, in Slack."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.domain.initiatives import Status
from bot.domain.states import State
from bot.playground.drivers import UserDriver
from bot.playground.model import Message, View
from storage import tables
from tests import rounds
from tests.handlers.conftest import Office
from tests.world import rows

AFTER = rounds.opens_at(3) + timedelta(hours=9, minutes=30)
LINE = "Said *Not at all* to “will it work here”"
MARKS = dict.fromkeys(map(ord, "\u2068\u2069\u2060"))


def read(person: UserDriver, target: Message | View | None) -> str:
    """Return what somebody reads, without marks that nobody sees."""
    assert target
    return person.read(target).translate(MARKS)


async def play(office: Office) -> None:
    """Have two rounds pass in which Person 1 is not convinced and Person 2 is."""
    for number in (1, 2):
        await office.database.write(rounds.play, office.world, number, {0: [2, 1, 1], 1: [5, 5, 5]})
    office.clock.move_to(AFTER)


async def slash(office: Office, person: UserDriver, text: str) -> Message:
    """Type a command in the channel; return the answer."""
    await person.slash("/buyin", text, channel="C0SHELVES")
    await office.settle()
    return person.messages("C0SHELVES")[-1]


async def status(office: Office) -> str:
    """What Dana reads when she asks."""
    return read(office.dana, await slash(office, office.dana, "status"))


async def press(office: Office, person: UserDriver, target: Message | View, label: str) -> None:
    """Press a button by its label."""
    await person.click(target, text=label)
    await office.settle()


async def wrong(office: Office, number: int, words: str, name: str) -> Message:
    """Have somebody say that what Dana reads about them is wrong; return `/buyin me` as it was."""
    person = office.person(number)
    mine = await slash(office, person, "me")
    await press(office, person, mine, "That's wrong")
    await person.submit({"words": words, "named": name})
    await office.settle()
    await person.close(everything=True)
    return mine


async def test_a_person_reads_what_the_owner_reads(office: Office) -> None:
    await play(office)
    told = await status(office)
    mine = read(office.person(1), await slash(office, office.person(1), "me"))
    (line,) = re.findall(r"@u1: .*", told)
    assert LINE in line
    assert line in mine
    assert "Dana Demo may read" in mine
    assert "Your answers suggest this isn't working for you yet." in mine
    assert "@u2" not in told
    theirs = read(office.person(2), await slash(office, office.person(2), "me"))
    assert "Your answers are positive. Thank you." in theirs


async def test_that_it_is_wrong_reaches_the_owner_and_is_answered(office: Office) -> None:
    await play(office)
    await wrong(office, 1, "I had the wrong week in mind", "With my name")
    told = await status(office)
    assert "Person 1 says that what you read about them isn't right" in told
    assert "I had the wrong week in mind" in told
    await press(office, office.dana, office.dana.messages("C0SHELVES")[-1], "Partly")
    office.clock.move_to(AFTER + timedelta(hours=2))
    await office.deliver()
    reply = read(office.person(1), office.person(1).dm[-1])
    assert "You told Dana Demo that what they read about you isn't right" in reply
    mine = read(office.person(1), await slash(office, office.person(1), "me"))
    assert "that what they read about you isn't right:" in mine
    assert "reply: *using it in part*" in mine


async def test_without_a_name_and_without_words_nobody_learns_who(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    await play(office)
    await wrong(office, 2, "", "Without my name")
    told = await status(office)
    assert "Somebody says, without their name, that what you read about them isn't right." in told
    assert "Person 2" not in told
    assert "@u2" not in told
    assert "U2" not in capsys.readouterr().out
    audit = await office.database.read(rows, tables.Audit)
    assert "U2" not in {line["who"] for line in audit}
    mine = read(office.person(2), await slash(office, office.person(2), "me"))
    assert "Sent without your name; no reply yet" in mine


async def test_the_same_form_sent_twice_is_kept_once(office: Office) -> None:
    await play(office)
    await wrong(office, 1, "Not so", "With my name")
    sent = [one for one in office.slack.deliveries if one.payload.get("type") == "view_submission"]
    await office.slack.redeliver(sent[-1])
    await office.settle()
    assert len(await office.database.read(rows, tables.Input)) == 1


async def test_from_the_home_the_form_opens_above_the_dialog(office: Office) -> None:
    await play(office)
    person = office.person(1)
    await person.open_home()
    await office.settle()
    assert person.home
    await press(office, person, person.home, "What I hold about you")
    assert person.view
    assert LINE in read(person, person.view)
    await press(office, person, person.view, "That's wrong")
    assert len(person.stack) == 2
    await person.submit({"named": "With my name"})
    await office.settle()
    assert "Sent with your name" in read(person, person.view)
    await person.close()
    await press(office, person, person.view, "Don't estimate me")
    assert "You asked not to be estimated" in read(person, person.view)
    assert LINE not in read(person, person.view)


async def test_who_wants_no_estimate_is_gone_from_what_the_owner_reads(office: Office) -> None:
    await play(office)
    assert "@u1: Said" in await status(office)
    person = office.person(1)
    mine = await slash(office, person, "me")
    await press(office, person, mine, "Don't estimate me")
    words = read(person, mine)
    assert "You asked not to be estimated: Dana Demo reads your answers alone." in words
    assert LINE not in words
    told = await status(office)
    assert "@u1: Said" not in told
    assert "• @u1 answered *Not at all* to “will it work here”" in told
    await press(office, person, mine, "Estimate me again")
    assert LINE in read(person, mine)
    assert "@u1: Said" in await status(office)


async def test_a_second_click_on_an_old_copy_changes_nothing(office: Office) -> None:
    await play(office)
    person = office.person(1)
    blocks = (await slash(office, person, "me")).blocks
    await office.ctx.gateway.post("U1", "An old copy", blocks)
    copy = person.dm[-1]
    sent = await person.click(copy, text="Don't estimate me")
    await office.settle()
    await office.slack.redeliver(sent)
    await office.settle()
    choices = await office.database.read(rows, tables.StakeholderChoice)
    assert [one["kind"] for one in choices] == ["no_estimate"]


@pytest.mark.parametrize("label", ["That's wrong", "Don't estimate me"])
async def test_someone_elses_button_does_nothing(office: Office, label: str) -> None:
    await play(office)
    blocks = (await slash(office, office.person(1), "me")).blocks
    before = await status(office)
    for who in (office.person(2), office.dana):
        await office.ctx.gateway.post(who.id, "A copy of somebody else's", blocks)
        await press(office, who, who.dm[-1], label)
        assert who.view is None
        assert "belongs to somebody else" in str([message.text for message in who.dm])
    assert await status(office) == before
    assert await office.database.read(rows, tables.StakeholderChoice) == []


async def test_after_the_end_there_is_nothing_to_say_against(office: Office) -> None:
    await play(office)
    person = office.person(1)
    mine = await slash(office, person, "me")
    ended = update(tables.Initiative).values(status=Status.ENDED.value, ended_at=AFTER)
    await office.database.write(lambda tx: tx.execute(ended).close())
    await press(office, person, mine, "That's wrong")
    assert person.view is None
    assert "isn't running" in person.messages("C0SHELVES")[-1].text
    fresh = await slash(office, person, "me")
    assert "That's wrong" not in read(person, fresh)
    assert LINE not in read(person, fresh)


async def test_no_log_line_tells_where_anybody_stands(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    await play(office)
    await status(office)
    for number in (1, 2):
        await slash(office, office.person(number), "me")
    logged = capsys.readouterr().out.lower()
    inner = [state.value for state in State if state is not State.NEW]
    for word in (*inner, "density", "not_bought_in", "yes_saying", "position"):
        assert word not in logged
