"""Check-ins as people meet them in Slack: three taps, More, reminders, /buyin and /buyin ask."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot import scheduler
from bot.domain.endings import LastWords
from bot.playground.drivers import UserDriver
from bot.playground.model import Message
from bot.services import endings, pacing
from storage import tables
from tests.handlers.conftest import Office
from tests.storage.test_pulses import another, answers, asks
from tests.world import STARTED

WEDNESDAY = datetime(2025, 2, 26, 10, 30, tzinfo=UTC)
"""The first date, 11:30 in Berlin."""

DAY = timedelta(days=1)


@pytest.fixture
async def asked(office: Office) -> Office:
    """The office on the first date: everyone has the check-in in their DM."""
    office.clock.move_to(STARTED)
    await office.database.write(pacing.schedule_all, office.world.initiative_id, office.clock.now())
    await move(office, WEDNESDAY)
    return office


async def move(office: Office, moment: datetime) -> None:
    """Let the clock do its work until `moment`, and the sender after it."""
    office.clock.move_to(moment)
    await scheduler.tick(office.database, moment)
    await office.deliver()


async def tap(office: Office, person: UserDriver, question: str, answer: object) -> None:
    """Tap one answer on the newest message, and wait until it is drawn again."""
    await person.click(person.dm[-1], action_id=f"pulse.answer:{question}:{answer}")
    await office.settle()


async def press(office: Office, person: UserDriver, label: str, on: Message | None = None) -> str:
    """Press the button called `label`; return what the newest message says then."""
    await person.click(on or person.dm[-1], text=label)
    await office.settle()
    return person.read(person.dm[-1])


async def kept(office: Office) -> list[tuple[object, ...]]:
    return [row[1:] for row in await office.database.read(answers)]


async def test_three_taps_are_a_check_in(asked: Office) -> None:
    sam = asked.person(1)
    [message] = sam.dm
    assert "How useful is" in sam.read(message)
    await tap(asked, sam, "useful", 4)
    assert "Useful: *Very*" in str(sam.dm[-1].blocks)
    await tap(asked, sam, "sure", 2)
    await tap(asked, sam, "effort", "nothing_needed")
    assert len(sam.dm) == 1
    shown = sam.read(sam.dm[-1])
    assert "Saved, thank you. The round closes Tue 11 March" in shown
    assert "Not now" not in shown
    assert await kept(asked) == [
        ("useful", 4, None),
        ("sure", 2, None),
        ("effort", None, "nothing_needed"),
    ]


async def test_an_answer_can_be_changed(asked: Office) -> None:
    sam = asked.person(1)
    await tap(asked, sam, "useful", 4)
    await press(asked, sam, "Change")
    assert "Useful: *Very*" not in str(sam.dm[-1].blocks)
    await tap(asked, sam, "useful", 1)
    assert "Useful: *Not at all*" in str(sam.dm[-1].blocks)
    assert [row[1] for row in await kept(asked)] == [4, 1]


async def test_quick_taps_end_in_one_picture_of_the_store(asked: Office) -> None:
    sam = asked.person(1)
    message = sam.dm[-1]
    clicks = [f"pulse.answer:useful:{n}" for n in (1, 5, 3)] + ["pulse.answer:sure:2"]
    await asyncio.gather(*(sam.click(message, action_id=action) for action in clicks))
    await asked.settle()
    stored = {row[0]: row[1] for row in await kept(asked)}
    shown = str(sam.dm[-1].blocks)
    label = {1: "Not at all", 3: "Fairly", 5: "Extremely"}[stored["useful"]]  # type: ignore[index]
    assert f"Useful: *{label}*" in shown
    assert "Sure it works here: *A little*" in shown


async def test_more_unfolds_and_folds_in_place(asked: Office) -> None:
    sam = asked.person(1)
    shown = await press(asked, sam, "More")
    for label in ("I don't know enough to say", "Not my topic", "Tell Dana Demo something"):
        assert label in shown
    assert "Not my topic" not in await press(asked, sam, "Less")
    assert len(sam.dm) == 1


async def test_not_knowing_is_an_answer(asked: Office) -> None:
    sam = asked.person(1)
    await press(asked, sam, "More")
    shown = await press(asked, sam, "I don't know enough to say")
    assert "Would it help if" in shown
    assert "15 minutes" in await press(asked, sam, "In 15 minutes")
    assert await kept(asked) == [("know", None, "dont_know"), ("explain", None, "fifteen_minutes")]
    assert "How useful is" in await press(asked, sam, "Answer after all")


async def test_why_am_i_asked(asked: Office) -> None:
    sam = asked.person(1)
    await press(asked, sam, "More")
    shown = await press(asked, sam, "Why am I asked?")
    assert sam.dm[-1].ephemeral_to == sam.id
    assert "put you on the list" in shown
    assert "last 28 days: 1 of at most 5" in shown


async def test_not_now_is_a_week_and_may_be_a_day(asked: Office) -> None:
    sam = asked.person(1)
    assert "before Wed 5 March" in await press(asked, sam, "Not now")
    assert "before Thu 27 February" in await press(asked, sam, "A day")
    assert "How useful is" in await press(asked, sam, "Answer after all")


async def test_not_my_topic_and_stop(asked: Office) -> None:
    sam, kim = asked.person(1), asked.person(2)
    for who in (sam, kim):
        await press(asked, who, "More")
    assert "won't ask you about" in await press(asked, sam, "Not my topic")
    assert "no more messages" in await press(asked, kim, "Stop")
    for n in range(1, 30):
        await move(asked, WEDNESDAY + n * DAY)
    assert len(sam.dm) == len(kim.dm) == 1
    assert len(asked.person(3).dm) > 1


async def test_the_only_reminder_opens_the_check_in_in_place(asked: Office) -> None:
    sam, kim = asked.person(1), asked.person(2)
    await tap(asked, kim, "useful", 3)
    await move(asked, WEDNESDAY + 5 * DAY)  # Monday, the third working day
    assert len(kim.dm) == 1
    first, reminder = sam.dm
    assert "This is the only reminder" in sam.read(reminder)
    assert "How useful is" in await press(asked, sam, "Answer", reminder)
    await tap(asked, sam, "useful", 5)
    assert "Useful: *Extremely*" in str(sam.dm[-1].blocks)
    await move(asked, asked.clock.now() + timedelta(minutes=1))
    assert "Useful: *Extremely*" in str(sam.dm[0].blocks)  # the other view of the same ask
    assert first.ts == sam.dm[0].ts
    await move(asked, WEDNESDAY + 9 * DAY)
    assert len(sam.dm) == 2


async def test_a_skipped_round_stays_quiet(asked: Office) -> None:
    sam = asked.person(1)
    await move(asked, WEDNESDAY + 5 * DAY)
    assert "nothing more about" in await press(asked, sam, "Skip this round")
    await move(asked, WEDNESDAY + 9 * DAY)
    assert len(sam.dm) == 2


async def test_a_closed_round_turns_into_its_result(asked: Office) -> None:
    sam = asked.person(1)
    await tap(asked, sam, "useful", 4)
    asked.clock.move_to(datetime(2025, 3, 11, 23, 30, tzinfo=UTC))
    await scheduler.tick(asked.database, asked.clock.now())
    await sam.click(sam.dm[0], action_id="pulse.answer:sure:1")  # before it is drawn again
    await asked.settle()
    assert "has closed" in sam.read(sam.dm[0])
    assert "That round has closed, so nothing was saved" in sam.read(sam.dm[-1])
    assert await kept(asked) == [("useful", 4, None)]


async def test_everyone_asked_sees_the_result_where_they_were_asked(asked: Office) -> None:
    await move(asked, datetime(2025, 3, 11, 23, 30, tzinfo=UTC))
    for number in range(1, 7):
        [message] = asked.person(number).dm
        shown = asked.person(number).read(message)
        assert "has closed" in shown
        assert "Last round:" in shown


async def test_buyin_is_the_same_ask_with_two_views(asked: Office) -> None:
    sam = asked.person(1)
    await sam.slash("/buyin", channel="C0SHELVES")
    await asked.settle()
    private = sam.messages("C0SHELVES")[-1]
    assert private.ephemeral_to == sam.id
    await sam.click(private, action_id="pulse.answer:useful:2")
    await asked.settle()
    assert "Useful: *A little*" in str(sam.messages("C0SHELVES")[-1].blocks)
    await move(asked, asked.clock.now() + timedelta(minutes=1))
    assert "Useful: *A little*" in str(sam.dm[0].blocks)
    assert len(await asked.database.read(asks)) == 6


async def test_buyin_says_what_is_next_when_nothing_is_open(office: Office) -> None:
    office.clock.move_to(WEDNESDAY - DAY)
    await office.person(1).slash("/buyin")
    await office.settle()
    shown = office.person(1).read()
    assert "Nothing is open for you right now" in shown
    assert "Wed 26 February" in shown


async def test_one_initiative_at_a_time(asked: Office) -> None:
    await asked.database.write(another, asked.world)
    await scheduler.tick(asked.database, asked.clock.now())
    sam = asked.person(1)
    for question in ("useful", "sure", "effort"):
        assert "One more" not in sam.read(sam.dm[-1])
        await tap(asked, sam, question, 3)
    assert "One more, about" in sam.read(sam.dm[-1])
    shown = await press(asked, sam, "OK")
    assert "Another" in shown
    assert sam.dm[-1].ephemeral_to == sam.id
    assert "One more" not in sam.read(sam.dm[0])


async def test_a_forged_click_changes_nothing(asked: Office) -> None:
    sam, kim = asked.person(1), asked.person(2)
    mine = sam.dm[-1]
    element = mine.blocks[2]["elements"][0]
    stolen = kim.dm[-1].blocks[2]["elements"][0]["value"]
    for value in (stolen, "999", "x", "-1", "9" * 30):
        element["value"] = value
        await sam.click(mine, action_id="pulse.answer:useful:1")
        await asked.settle()
        assert "nothing was" in sam.read(sam.dm[-1])
    element["value"] = stolen
    for action in ("pulse.answer:useful:9", "pulse.answer:nothing", "pulse.change:mood"):
        element["action_id"] = action
        await sam.click(mine, action_id=action)
        await asked.settle()
    assert await kept(asked) == []


async def test_an_owner_asks_now(asked: Office) -> None:
    dana = asked.dana
    await dana.slash("/buyin", "ask")
    await asked.settle()
    refusal = dana.read(dana.dm[-1])
    assert "Round 1 is open until" in refusal
    assert "start the next round from Wed 5 March" in refusal
    await tap(asked, asked.person(1), "useful", 4)  # the others left it open: they are asked later
    asked.clock.move_to(WEDNESDAY + 8 * DAY)
    await dana.slash("/buyin", "ask shelf")
    await asked.settle()
    assert "Round 2 of" in dana.read(dana.dm[-1])
    assert "1 asked, 5 not this week" in dana.read(dana.dm[-1])
    numbers = select(tables.Cycle.number).order_by(tables.Cycle.number)
    assert await asked.database.read(lambda tx: list(tx.scalars(numbers))) == [1, 2]


async def test_nobody_else_asks_now(asked: Office) -> None:
    sam = asked.person(1)
    await sam.slash("/buyin", "ask")
    await asked.settle()
    assert "don't lead" in sam.read(sam.dm[-1])


async def test_a_check_in_is_redrawn_where_the_click_has_no_address_that_works(
    asked: Office,
) -> None:
    sam = asked.person(1)
    asked.slack.faults.error("response_url", "expired_url")
    message = sam.dm[-1]
    await sam.click(message, action_id="pulse.answer:useful:4")
    await asked.settle()
    assert "Useful: *Very*" in sam.read(sam.dm[-1])


async def test_a_paused_check_in_loses_its_buttons_when_the_initiative_ends(asked: Office) -> None:
    sam, w = asked.person(1), asked.world
    assert "nothing more about" in await press(asked, sam, "Not now")
    paused = sam.dm[-1]
    words = LastWords("Every shelf has a label.", "The font is bigger.")
    now = asked.clock.now()
    await asked.database.write(endings.end, w.leader, w.initiative_id, words, "k", now)
    await asked.deliver()
    (shown,) = [one for one in sam.dm if one.ts == paused.ts]
    assert "has ended" in sam.read(shown)
    assert "actions" not in str(shown.blocks)
