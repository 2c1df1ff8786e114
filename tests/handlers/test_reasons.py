"""*Why me?* and the ways to get less, as people meet them in Slack."""

from datetime import timedelta

import pytest

from bot.domain.gives import GiveKind
from bot.domain.initiatives import Place
from bot.domain.outbox import Kind
from bot.domain.pauses import Pause, Reason
from bot.domain.progress import Written
from bot.domain.pulses import Choice
from bot.playground.drivers import UserDriver
from bot.services import progress, pulses, stakeholders
from storage import gives, outbox, pauses, tables
from storage.database import Tx
from tests.handlers.conftest import Office
from tests.handlers.test_people import introduce, place_of, read
from tests.storage.test_reasons import ask, decision
from tests.world import rows


async def press(office: Office, person: UserDriver, label: str, at: int = -1) -> str:
    """Press a button of a message in the DM; return what the newest message says then."""
    await person.click(person.dm[at], text=label)
    await office.settle()
    return read(person, person.dm[-1])


async def send(office: Office, kind: Kind, subject_id: int) -> UserDriver:
    """Send a message of `kind` to the first person."""
    now, world = office.clock.now(), office.world

    def queue(tx: Tx) -> None:
        outbox.queue(tx, [decision(world, kind, subject_id, now)], now)

    await office.database.write(queue)
    await office.deliver()
    return office.person(1)


async def reminded(office: Office) -> UserDriver:
    """Send the reminder of an open check-in to the first person."""
    return await send(office, Kind.REMINDER, await office.database.write(ask, office.world))


async def given(office: Office) -> UserDriver:
    """Send the line of a progress post to the first person."""
    world, now = office.world, office.clock.now()

    def post(tx: Tx) -> int:
        written = Written(changed="The go-live is later.")
        made = progress.preview(tx, world.leader, world.initiative_id, written, now)
        progress.post(tx, world.leader, made.id, now)
        place = world.stakeholder_ids[0], world.asked[0].id
        new = gives.NewGive(
            world.workspace_id, world.initiative_id, *place, GiveKind.PROGRESS_LINE, made.id
        )
        return gives.add(tx, [new], now, now)[place[0]]

    return await send(office, Kind.GIVE, await office.database.write(post))


async def noted(office: Office) -> UserDriver:
    """Pause the first person after silence, and send the note about it."""
    world, now = office.world, office.clock.now()

    def pause(tx: Tx) -> None:
        place = pauses.place(tx, world.stakeholder_ids[0])
        until = now + timedelta(days=42)
        pauses.add(tx, [(place, Pause(Reason.MISSED, now, until, note=True))])

    await office.database.write(pause)
    [row] = await office.database.read(rows, tables.StepBack)
    return await send(office, Kind.PAUSE_NOTE, int(str(row["id"])))


async def test_the_reminder_offers_fewer_messages(office: Office) -> None:
    sam = await reminded(office)
    assert "This is the only reminder. Leaving it is fine and isn't counted as a no." in read(
        sam, sam.dm[-1]
    )
    assert "at most one check-in every 4 weeks" in await press(office, sam, "Fewer messages")
    assert (await place_of(office)).fewer
    assert "at most one check-in every 4 weeks" in await press(office, sam, "Fewer messages", 0)
    assert "as often as before" in await press(office, sam, "As often as before")
    assert not (await place_of(office)).fewer
    assert "only reminder" in read(sam, sam.dm[0])


async def test_whoever_answers_meanwhile_is_not_reminded(office: Office) -> None:
    ask_id = await office.database.write(ask, office.world)

    def decide_and_answer(tx: Tx) -> None:
        now, world = office.clock.now(), office.world
        outbox.queue(tx, [decision(world, Kind.REMINDER, ask_id, now)], now)
        pulses.tap(tx, world.actor(0), ask_id, Choice("useful", 4), "k", now)

    await office.database.write(decide_and_answer)
    await office.deliver()
    assert office.person(1).dm == []
    [row] = await office.database.read(rows, tables.Outbox)
    assert (row["state"], row["reason"]) == ("dropped", "answered")


async def test_every_message_says_why(office: Office) -> None:
    sam = await introduce(office)
    assert "before anybody asks you anything" in await press(office, sam, "Why me?")
    assert sam.dm[-1].ephemeral_to == sam.id
    office.clock.move_to(office.clock.now() + timedelta(days=1))
    await reminded(office)
    assert "so you got the one reminder" in await press(office, sam, "Why me?")
    office.clock.move_to(office.clock.now() + timedelta(days=7))
    await given(office)
    assert "The go-live is later." in read(sam, sam.dm[-1])
    assert "rather than more questions" in await press(office, sam, "Why me?")
    office.clock.move_to(office.clock.now() + timedelta(days=1))
    await noted(office)
    assert "I'll stop asking about *Shelf labels* until" in read(sam, sam.dm[-1])
    shown = await press(office, sam, "Why me?")
    assert "nothing is concluded from it" in shown
    assert "Messages from me in the last 28 days: 4 of at most 5." in shown


@pytest.mark.parametrize(
    ("label", "answer", "place"),
    [
        ("Fewer", "at most one check-in every 4 weeks", Place.ACTIVE),
        ("Pause", "nothing more about *Shelf labels* before Mon 31 March", Place.ACTIVE),
        ("Stop this", "no more messages about *Shelf labels*", Place.STOPPED),
        ("Stop all", "no more messages from me", Place.ACTIVE),
        ("Talk to me instead", "Dana Demo reads in the next summary", Place.ACTIVE),
    ],
)
async def test_less_takes_the_place_of_the_question(
    office: Office, label: str, answer: str, place: Place
) -> None:
    sam = await introduce(office)
    await press(office, sam, "Why me?")
    assert answer in await press(office, sam, label)
    assert [message.ephemeral_to for message in sam.dm] == [None, sam.id]
    assert (await place_of(office)).place is place


async def test_back_from_each(office: Office) -> None:
    sam = await introduce(office)
    for less_of, back in (("Pause", "Resume"), ("Stop this", "Ask me after all")):
        await press(office, sam, "Why me?", 0)
        await press(office, sam, less_of)
        await press(office, sam, back)
        own = await place_of(office)
        assert (own.place, own.snoozed_until) == (Place.ACTIVE, None)


async def test_the_owner_reads_that_somebody_would_rather_talk(office: Office) -> None:
    sam = await introduce(office)
    await press(office, sam, "Why me?")
    await press(office, sam, "Talk to me instead")
    await office.dana.slash("/buyin", "status", channel="C0SHELVES")
    await office.settle()
    told = read(office.dana, office.dana.messages("C0SHELVES")[-1])
    assert "Somebody would like to talk" in told


async def test_the_note_of_a_pause_can_be_taken_back_or_made_final(office: Office) -> None:
    sam = await noted(office)
    assert "I may ask you about" in await press(office, sam, "Resume")
    [row] = await office.database.read(rows, tables.StepBack)
    assert (row["outcome"], row["ended_at"]) == ("resumed", office.clock.now())
    assert len(sam.dm) == 1


async def test_stop_for_good(office: Office) -> None:
    sam = await noted(office)
    assert "no more messages about *Shelf labels*" in await press(office, sam, "Stop for good")
    assert (await place_of(office)).place is Place.STOPPED
    assert len(sam.dm) == 1


async def test_forged_clicks_change_nothing(office: Office) -> None:
    await introduce(office)
    own = await place_of(office)
    kim = office.person(2)
    acts = ["place.fewer", "place.usual", "place.pause", "place.stop", "place.talk"]
    values = [str(own.id), "999999", "x", "", "-1"]
    row = {
        "type": "button",
        "action_id": "why",
        "value": "x",
        "text": {"type": "plain_text", "text": "Forged"},
    }
    for act in [*acts, "why"]:
        for value in [f"introduction:{one}" for one in values] if act == "why" else values:
            element = row | {"action_id": act} | ({"value": value} if value else {})
            blocks = [{"type": "actions", "elements": [element]}]
            await office.ctx.gateway.post("U2", "Forged", blocks)
            await kim.click(kim.dm[-1], text="Forged")
            await office.settle()
            told = read(kim, kim.dm[-1])
            assert "nothing was changed" in told.lower() or "nothing" in told, (act, value, told)
    assert await place_of(office) == own
    assert await office.database.read(rows, tables.StakeholderChoice) == []
    assert (await office.database.read(stakeholders.load, office.world.stakeholder_ids[1])).place
