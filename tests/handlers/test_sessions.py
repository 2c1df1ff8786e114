"""People who took steps, together: an invitation, who comes, and a group message at its time."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.conversations import Form, Origin, State
from bot.domain.gives import GiveKind
from bot.domain.outbox import Decision, Kind
from bot.services import conversations, talk_messages
from storage import conversations as stored
from storage import gives, outbox, talk_people
from storage.conversations import NewTalk
from storage.database import Tx
from storage.gives import NewGive
from tests.handlers.conftest import Office
from tests.world import MONDAY

START = datetime(2025, 3, 18, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)


async def invite(office: Office) -> int:
    """Have U1, U2 and U3 before an invitation of Dana's; return the talk's id."""
    w, now = office.world, MONDAY + timedelta(hours=1)
    office.clock.move_to(now)

    def add(tx: Tx) -> int:
        new = NewTalk(
            workspace_id=w.workspace_id,
            initiative_id=w.initiative_id,
            form=Form.GROUP,
            origin=Origin.SUGGESTED,
            state=State.AGREED,
            host_id=w.owner.id,
            offered_by_id=w.owner.id,
            next_due_at=START - DAY,
        )
        talk_id = stored.add(tx, new, now)
        stored.change(tx, talk_id, starts_at=START, ends_at=START + timedelta(minutes=20))
        talk = stored.get(tx, talk_id)
        assert talk
        ids = list(zip(w.stakeholder_ids, [one.id for one in w.asked], strict=True))[:3]
        talk_people.add_guests(tx, talk, ids)
        common = (w.workspace_id, w.initiative_id)
        new_gives = [NewGive(*common, *one, GiveKind.SESSION, talk_id) for one in ids]
        added = gives.add(tx, new_gives, now, now)
        decisions = [
            Decision(w.workspace_id, Kind.GIVE, added[place], f"U{number}", now, "", person)
            for number, (place, person) in enumerate(ids, start=1)
        ]
        outbox.queue(tx, decisions, now)
        talk_messages.agreed(tx, talk, now, [], [w.owner])
        return talk_id

    talk_id = await office.database.write(add)
    await office.deliver()
    return talk_id


@pytest.mark.parametrize("allowed", [True, False])
async def test_who_comes_meets_in_a_group_message(office: Office, allowed: bool) -> None:
    if allowed:
        office.app.scopes |= {"mpim:write"}
    await invite(office)
    for number, said in ((1, "I'll come"), (2, "I'll come"), (3, "No, thanks")):
        who = office.person(number)
        assert "You each took a step" in who.read(who.dm[-1])
        if number == 2:  # from the list of their talks
            await who.slash("/buyin", "talks")
            await office.settle()
        await who.click(who.inbox[-1], text=said)
        await office.settle()
    await office.deliver()
    assert "Add to Google" in office.person(2).read(office.person(2).dm[-1])
    assert "you don't come" in office.person(3).read(office.person(3).dm[-1])
    office.clock.move_to(START - DAY)
    await office.database.write(conversations.lapse_due, START - DAY, 10)
    office.clock.move_to(START)
    await office.deliver()
    groups = [one for one in office.workspace.team.channels.values() if one.kind == "mpim"]
    assert len(groups) == int(allowed)
    for group in groups:
        assert group.members.keys() == {office.app.bot_user_id, "UDANA", "U1", "U2"}
        [message] = group.messages.values()
        assert "what comes next for" in message.text
    office.clock.move_to(START + timedelta(hours=1))
    await office.deliver()
    one = office.person(1)
    for who in (one, office.dana):
        await who.click(who.dm[-1], text="We met")
        await office.settle()
        assert "You met" in who.read(who.dm[-1])
    if allowed:
        await note_and_put_right(office)


async def test_a_session_that_is_called_off_is_off_in_its_invitations_too(office: Office) -> None:
    await invite(office)
    one, two, dana = office.person(1), office.person(2), office.dana
    await one.click(one.dm[-1], text="I'll come")
    await office.settle()
    assert "Add to Google" in one.read(one.dm[-1])
    await dana.slash("/buyin", "talks")
    await office.settle()
    await dana.click(dana.inbox[-1], text="Call it off")
    await office.settle()
    await office.deliver()
    assert "called it off" in one.read(one.dm[-1])
    for invited in (one.dm[0], two.dm[0]):
        assert invited.text.startswith("*Called off:* the talk about")
        assert [block["type"] for block in invited.blocks] == ["section"]


async def note_and_put_right(office: Office) -> None:
    """Have Dana note what U2 alone said; who reads it then, and can put it right."""
    dana, one, other = office.dana, office.person(1), office.person(2)
    await dana.click(dana.dm[-1], text="Note what you learned")
    await office.settle()
    about = str(office.world.asked[1].id)
    await dana.submit({"about": about, "words": "Will show it to others."})
    await office.settle()
    for who, told in ((one, False), (other, True)):
        await who.slash("/buyin", "me")
        await office.settle()
        assert ("Will show it to others." in who.read(who.inbox[-1])) is told
    await other.click(other.inbox[-1], text="Put it right")
    await office.settle()
    await other.submit({"words": "I may."})
    await office.settle()
    await other.slash("/buyin", "me")
    await office.settle()
    assert "I may." in other.read(other.inbox[-1])
