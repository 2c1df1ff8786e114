"""One's own talks: everything a message offers can be done from `/buyin talks` as well."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from bot import scheduler
from bot.domain.conversations import Form, Origin, State
from bot.domain.gives import GiveKind
from bot.domain.outbox import Decision, Kind
from bot.playground import Message, UserDriver
from bot.services import conversations, pacing, talk_messages
from bot.views.ids import Act
from storage import conversations as stored
from storage import gives, outbox, tables
from storage.conversations import NewTalk
from storage.database import Tx
from storage.gives import NewGive
from tests.handlers.conftest import Office
from tests.world import MONDAY, STARTED

HOUR = timedelta(hours=1)
TEN = datetime(2025, 3, 4, 9, 0, tzinfo=UTC)
"""Tuesday 10:00 in Berlin."""


async def add(office: Office, form: Form = Form.ONE_ON_ONE, *, agreed: bool = False) -> int:
    """Add an offer of Dana's to U1, agreed on if wanted; or a general one, which U1 gets."""
    w = office.world
    office.clock.move_to(MONDAY + HOUR)

    def write(tx: Tx) -> int:
        of_two = form is Form.ONE_ON_ONE
        new = NewTalk(
            workspace_id=w.workspace_id,
            initiative_id=w.initiative_id,
            form=form,
            origin=Origin.SUGGESTED,
            state=State.OFFERED,
            host_id=w.owner.id,
            offered_by_id=w.owner.id,
            stakeholder_id=w.stakeholder_ids[0] if of_two else None,
            person_id=w.asked[0].id if of_two else None,
        )
        talk_id = stored.add(tx, new, MONDAY)
        if agreed:
            conversations.accept(tx, w.actor(0), talk_id, TEN, MONDAY)
        if form is Form.EVERYONE:
            _send(tx, office, talk_id)
        return talk_id

    talk_id = await office.database.write(write)
    await office.deliver()
    return talk_id


def _send(tx: Tx, office: Office, talk_id: int) -> None:
    """Have U1, who shows in group figures only, get the general offer."""
    w, now = office.world, office.clock.now()
    hidden = tables.Stakeholder.id == w.stakeholder_ids[0]
    tx.execute(update(tables.Stakeholder).where(hidden).values(group_only_at=MONDAY))
    one = (w.workspace_id, w.initiative_id, w.stakeholder_ids[0], w.asked[0].id)
    added = gives.add(tx, [NewGive(*one, GiveKind.TALK_CALL, talk_id)], now, now)
    give_id = added[w.stakeholder_ids[0]]
    what = (w.workspace_id, Kind.GIVE, give_id, "U1", now, "", w.asked[0].id)
    outbox.queue(tx, [Decision(*what)], now)


async def talks(office: Office, who: UserDriver) -> Message:
    """Return the list of somebody's talks."""
    await who.slash("/buyin", "talks")
    await office.settle()
    return who.inbox[-1]


async def press(office: Office, who: UserDriver, label: str) -> str:
    """Click on a button of the list; return the list as it is then."""
    await who.click(who.inbox[-1], text=label)
    await office.settle()
    return who.read(who.inbox[-1])


async def test_a_talk_is_agreed_moved_and_called_off_from_the_list(office: Office) -> None:
    await add(office)
    one, dana = office.person(1), office.dana
    listed = await talks(office, one)
    await one.click(listed, action_id=f"{Act.TALK_ACCEPT}:0")
    await office.settle()
    shown = one.read(listed)
    assert "Agreed:" in shown
    assert "Other times" not in shown
    await office.deliver()
    assert "Add to Google" in one.read(one.dm[-1])  # a card that lasts, for both
    assert "Add to Google" in dana.read(dana.dm[-1])
    await one.click(listed, text="Another time")
    await office.settle()
    assert one.view
    options = one.view.blocks[-1]["element"]["options"]
    await one.submit({"time": options[-1]["value"]})
    await office.settle()
    await one.close(everything=True)
    assert options[-1]["text"]["text"] in one.read(listed)
    await one.click(listed, text="Call it off")
    await office.settle()
    off = one.read(listed)
    assert "You called it off" in off
    assert "No talk is offered to you or agreed on" in off
    await office.deliver()
    assert "is off. Nothing is concluded" in dana.read(dana.dm[-1])


async def card_of_both(office: Office) -> tuple[UserDriver, UserDriver]:
    """Have U1 agree on a time in the invitation itself; return them and Dana, who has a card."""
    talk_id = await add(office)

    def send(tx: Tx) -> None:
        talk = stored.get(tx, talk_id)
        assert talk
        talk_messages.offer(tx, talk, office.clock.now())

    await office.database.write(send)
    await office.deliver()
    one = office.person(1)
    await one.click(one.dm[-1], action_id=f"{Act.TALK_ACCEPT}:0")
    await office.settle()
    await office.deliver()
    return one, office.dana


async def move(office: Office, who: UserDriver) -> str:
    """Move the talk from somebody's last card; return the words of the new time."""
    await who.click(who.dm[-1], text="Another time")
    await office.settle()
    assert who.view
    chosen = who.view.blocks[-1]["element"]["options"][-1]
    await who.submit({"time": chosen["value"]})
    await office.settle()
    await who.close(everything=True)
    return str(chosen["text"]["text"])


async def test_no_message_keeps_an_earlier_time_once_a_talk_is_moved_or_off(
    office: Office,
) -> None:
    one, dana = await card_of_both(office)
    assert all("Add to Google" in who.read(who.dm[-1]) for who in (one, dana))
    first = {who: who.read(who.dm[-1]) for who in (one, dana)}
    later = await move(office, dana)
    await office.deliver()
    for who in (one, dana):
        old, new = (who.read(message) for message in who.dm[-2:])
        assert later in old
        assert later in new
        assert old != first[who]
        assert "Add to" not in old
        assert "Another time" not in old
        assert "Add to Google" in new
    await dana.click(dana.dm[-1], text="Call it off")
    await office.settle()
    await office.deliver()
    assert all("You called it off" in dana.read(message) for message in dana.dm)
    *old_ones, told = (one.read(message) for message in one.dm)
    assert "is off. Nothing is concluded" in told
    assert all("*Called off:* the talk with" in old for old in old_ones)
    shown = [who.read(message) for who in (one, dana) for message in who.dm]
    assert not any("Add to" in words or "Another time" in words for words in shown)


async def test_what_tells_of_a_talk_stays_once_its_time_has_passed(office: Office) -> None:
    _, dana = await card_of_both(office)
    shown = dana.read(dana.dm[-1])
    await move(office, dana)
    office.clock.move_to(MONDAY + timedelta(weeks=8))
    await office.deliver()
    assert shown in [dana.read(message) for message in dana.dm]


async def test_a_host_acts_from_the_list_too(office: Office) -> None:
    await add(office)
    dana = office.dana
    await talks(office, dana)
    shown = await press(office, dana, "Take it back")
    assert "Taken back" in shown
    assert "No talk is offered to you or agreed on" in shown
    await add(office, agreed=True)
    office.clock.move_to(TEN + HOUR)
    await talks(office, dana)
    shown = await press(office, dana, "We met")
    await dana.click(dana.inbox[-1], text="Note what you learned")
    await office.settle()
    await dana.submit({"words": "Mornings are bad."})
    await office.settle()
    await dana.close(everything=True)
    assert "No talk is offered" in dana.read(await talks(office, dana))
    one = office.person(1)
    await talks(office, one)
    assert "You met" in await press(office, one, "We met")


async def test_the_home_lists_talks_in_a_dialog_that_is_drawn_again(office: Office) -> None:
    await add(office)
    one = office.person(1)
    await one.open_home()
    await office.settle()
    await one.click(one.home, text="Talks: yours, or ask for one")
    await office.settle()
    await one.click(one.view, text="No, thanks")
    await office.settle()
    assert len(one.stack) == 1
    shown = one.read(one.view)
    assert "OK, no talk" in shown
    assert "Other times" not in shown


async def test_whoever_asks_after_a_general_offer_reads_that_it_was_told(office: Office) -> None:
    await add(office, Form.EVERYONE)
    one = office.person(1)
    offer = one.dm[-1]
    await one.click(offer, text="Ask Dana Demo for a chat")
    await office.settle()
    assert "Done:" in one.read(offer)
    assert "Nobody is told who gets" not in one.read(offer)


@pytest.mark.parametrize("place", ["command", "home"])
async def test_a_stop_says_that_it_calls_a_talk_off(office: Office, place: str) -> None:
    await add(office, agreed=True)
    one = office.person(1)
    if place == "home":
        await one.open_home()
        await office.settle()
        await one.click(one.home, text="No messages, please")
    else:
        await one.slash("/buyin", "stop")
    await office.settle()
    shown = one.read(one.view) if place == "home" else one.read(one.inbox[-1])
    assert "is called off too" in shown
    await office.deliver()
    assert "is off. Nothing is concluded" in office.dana.read(office.dana.dm[-1])


async def test_a_pause_says_that_a_talk_stays(office: Office) -> None:
    one, asked_on = office.person(1), STARTED + timedelta(days=2, hours=2)
    await office.database.write(pacing.schedule_all, office.world.initiative_id, STARTED)
    office.clock.move_to(asked_on)
    await scheduler.tick(office.database, asked_on)
    await office.deliver()
    await add(office, agreed=True)
    await one.click(one.dm[0], text="Not now")
    await office.settle()
    assert "stays, with its reminder" in one.read(one.inbox[-1])
    await one.slash("/buyin", "stop")
    await office.settle()
    assert "is called off too" in one.read(one.inbox[-1])
