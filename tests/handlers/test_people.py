"""Introductions, choices from any message, and what is held: as people meet them in Slack."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from bot.domain.initiatives import Place, Stakeholder
from bot.domain.outbox import Decision, Kind
from bot.domain.people import Person
from bot.playground.drivers import UserDriver
from bot.playground.model import Message
from bot.services import people, stakeholders, workspaces
from handlers.directory import sync_directory
from storage import outbox, tables
from storage.database import Tx
from tests.handlers.conftest import Office
from tests.world import rows


def read(person: UserDriver, message: Message) -> str:
    """Return a message as the person reads it, without the signs that set typed words apart."""
    return person.read(message).translate(dict.fromkeys(map(ord, "\u2068\u2069\u2060")))


async def introduce(office: Office, number: int = 1) -> UserDriver:
    """Send the introduction to one of the people asked."""
    person, place_id = office.world.asked[number - 1], office.world.stakeholder_ids[number - 1]

    def queue(tx: Tx) -> None:
        fresh = update(tables.Stakeholder).where(tables.Stakeholder.id == place_id)
        tx.execute(fresh.values(introduced_at=None, next_due_at=None))
        decision = Decision(
            workspace_id=office.world.workspace_id,
            kind=Kind.INTRODUCTION,
            subject_id=place_id,
            recipient=person.slack_user_id,
            not_before=office.clock.now(),
            person_id=person.id,
            initiative_id=office.world.initiative_id,
        )
        outbox.queue(tx, [decision], office.clock.now())

    await office.database.write(queue)
    await office.deliver()
    return office.person(number)


async def place_of(office: Office, number: int = 1) -> Stakeholder:
    """Return the place of one of the people asked."""
    return await office.database.read(stakeholders.load, office.world.stakeholder_ids[number - 1])


async def person_of(office: Office, number: int = 1) -> Person:
    """Return one of the people asked as the store has them."""
    return await office.database.read(people.by_id, office.world.asked[number - 1].id)


async def last_slash(office: Office, person: UserDriver, text: str) -> str:
    """Type a command; return what the person reads afterwards."""
    await person.slash("/buyin", text, channel="C0SHELVES")
    await office.settle()
    return read(person, person.messages("C0SHELVES")[-1])


async def test_the_introduction_arrives_and_counts(office: Office) -> None:
    person = await introduce(office)
    [message] = person.dm
    shown = read(person, message)
    assert "Dana Demo leads" in shown
    assert "answering is up to you" in shown
    assert "not to judge anyone's performance" in shown
    place = await place_of(office)
    assert place.introduced_at == office.clock.now()
    (row, *_) = await office.database.read(rows, tables.Stakeholder)
    assert row["next_due_at"] == office.clock.now()
    assert "1 of at most 5 messages" in await last_slash(office, person, "me")


async def test_an_introduction_that_is_not_wanted_any_more_is_not_sent(office: Office) -> None:
    actor, place_id = office.world.actor(0), office.world.stakeholder_ids[0]
    await office.database.write(
        stakeholders.choose, actor, place_id, "not_my_topic", office.clock.now()
    )
    person = await introduce(office)
    assert person.dm == []


async def test_group_figures_only_from_the_introduction(office: Office) -> None:
    person = await introduce(office)
    await person.click(person.dm[-1], text="Only in group figures")
    await office.settle()
    [message] = person.dm
    shown = read(person, message)
    assert "Done: Dana Demo sees your answers only in totals" in shown
    assert "whoever runs the server" in shown
    assert "Only in group figures" not in str(message.blocks)
    assert (await place_of(office)).group_only


async def test_not_my_topic_and_back(office: Office) -> None:
    person = await introduce(office)
    await person.click(person.dm[-1], text="Not my topic")
    await office.settle()
    assert "won't ask you about this again" in read(person, person.dm[-1])
    assert (await place_of(office)).place is Place.NOT_MY_TOPIC
    await person.click(person.dm[-1], text="Ask me after all")
    await office.settle()
    assert "What to expect" in read(person, person.dm[-1])
    assert (await place_of(office)).place is Place.ACTIVE


async def test_no_messages_please_and_back(office: Office) -> None:
    person = await introduce(office)
    await person.click(person.dm[-1], text="No messages, please")
    await office.settle()
    [message] = person.dm
    assert "Done: no more messages from me." in read(person, message)
    assert (await person_of(office)).stopped
    await person.click(message, text="Resume")
    await office.settle()
    assert not (await person_of(office)).stopped
    assert "What to expect" in read(person, person.dm[-1])


async def test_stop_and_resume_by_command_say_what_happened(office: Office) -> None:
    person = office.person(1)
    assert "Done: no more messages" in await last_slash(office, person, "stop")
    assert "You had stopped me before" in await last_slash(office, person, "STOP")
    assert "you hear from me again" in await last_slash(office, person, "resume")
    assert "Nothing was stopped" in await last_slash(office, person, "resume")
    assert not (await person_of(office)).stopped


async def test_the_button_below_the_answer_to_stop_resumes(office: Office) -> None:
    person = office.person(1)
    await last_slash(office, person, "stop")
    await person.click(person.messages("C0SHELVES")[-1], text="Resume")
    await office.settle()
    assert "you hear from me again" in read(person, person.messages("C0SHELVES")[-1])


async def test_me_is_private_and_draws_itself_anew(office: Office) -> None:
    person = office.person(1)
    shown = await last_slash(office, person, "me")
    assert "Shelf labels" in shown
    assert "led by Dana Demo" in shown
    assert "Europe/Berlin" in shown
    assert all(
        "Only you see this" not in read(office.person(2), message)
        for message in office.person(2).messages("C0SHELVES")
    )
    message = person.messages("C0SHELVES")[-1]
    await person.click(message, text="Only group figures, everywhere")
    await office.settle()
    after = read(person, person.messages("C0SHELVES")[-1])
    assert "only in totals of at least 5 people" in after
    assert (await person_of(office)).group_only


async def test_me_for_somebody_the_app_never_met(office: Office) -> None:
    office.workspace.add_user("UNEW", "newcomer", tz="Asia/Tokyo")
    office.workspace.invite("C0SHELVES", "UNEW")
    await office.settle()
    newcomer = office.workspace.user("UNEW")
    assert "Nobody asks you about anything" in await last_slash(office, newcomer, "me")


async def test_someone_elses_button_changes_nothing(office: Office) -> None:
    await introduce(office, 1)
    blocks = office.person(1).dm[-1].blocks
    await office.ctx.gateway.post("U2", "A copy of somebody else's message", blocks)
    other = office.person(2)
    await other.click(other.dm[-1], text="Not my topic")
    await office.settle()
    assert "belongs to somebody else" in str([message.text for message in other.dm])
    assert (await place_of(office, 1)).place is Place.ACTIVE
    assert (await place_of(office, 2)).place is Place.ACTIVE


async def test_whoever_left_gets_a_clear_answer(office: Office) -> None:
    person = await introduce(office)
    gone = update(tables.Person).where(tables.Person.slack_user_id == "U1")
    await office.database.write(lambda tx: tx.execute(gone.values(is_deleted=True)).close())
    await person.click(person.dm[0], text="Only in group figures")
    await office.settle()
    assert "deactivated" in str([message.text for message in person.dm])
    assert not (await place_of(office)).group_only


# --- what Slack tells of people and of the app ------------------------------------------------


async def test_a_new_time_zone_is_followed(office: Office) -> None:
    await office.workspace.update_user("U1", tz="America/Lima")
    await office.settle()
    assert (await person_of(office)).tz == "America/Lima"


async def test_somebody_deactivated_is_asked_nothing_any_more(office: Office) -> None:
    await office.workspace.update_user("U1", deleted=True)
    await office.settle()
    assert (await place_of(office)).place is Place.LEFT


async def test_the_directory_is_read_in_full(office: Office) -> None:
    for number in range(20, 460):
        office.workspace.add_user(f"U{number}", f"u{number}", tz="Asia/Tokyo")
    await office.settle()
    count = await sync_directory(office.ctx, office.world.workspace_id)
    known = await office.database.read(
        people.by_slack_ids, office.world.workspace_id, [f"U{n}" for n in range(20, 460)]
    )
    assert count >= 440
    assert {person.tz for person in known.values()} == {"Asia/Tokyo"}
    assert len(known) == 440
    synced = await office.database.read(people.last_synced, office.world.workspace_id)
    assert synced == office.clock.now()


async def test_a_slack_that_shows_no_directory_is_no_failure(office: Office) -> None:
    office.slack.faults.error("users.list", "missing_scope")
    assert await sync_directory(office.ctx, office.world.workspace_id) == 0


@pytest.mark.parametrize("order", [("gone", "revoked"), ("revoked", "gone")])
async def test_a_removed_app_sends_nothing(office: Office, order: tuple[str, str]) -> None:
    events: dict[str, dict[str, Any]] = {
        "gone": {"type": "app_uninstalled"},
        "revoked": {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": ["UBOT"]}},
    }
    for name in order:
        await office.workspace.send_event(office.app, events[name])
    await office.settle()
    assert (await introduce(office)).dm == []
    found = await office.database.read(rows, tables.Outbox)
    assert [row["state"] for row in found] in (["queued"], ["dropped"])


async def test_a_revoked_token_of_somebody_else_stops_nothing(office: Office) -> None:
    await office.workspace.send_event(
        office.app, {"type": "tokens_revoked", "tokens": {"oauth": ["U1"], "bot": []}}
    )
    await office.settle()
    assert len((await introduce(office)).dm) == 1


async def test_an_invited_app_sends_the_post_that_waited(office: Office) -> None:
    us = office.app.bot_user_id
    now = office.clock.now()
    await office.database.write(workspaces.installed, office.world.workspace_id, us, now)

    def failed(tx: Tx) -> None:
        decision = Decision(
            office.world.workspace_id, Kind.PROGRESS_POST, 1, "C0OTHER", now + timedelta(days=1)
        )
        outbox.queue(tx, [decision], now)
        tx.execute(update(tables.Outbox).values(state="failed", reason="not_in_channel"))

    await office.database.write(failed)
    office.workspace.add_channel("C0OTHER", "other", members=["U1"])
    office.workspace.invite("C0OTHER", "U2")
    await office.settle()
    assert [row["state"] for row in await office.database.read(rows, tables.Outbox)] == ["failed"]
    office.workspace.invite("C0OTHER", us)
    await office.settle()
    assert [row["state"] for row in await office.database.read(rows, tables.Outbox)] == ["queued"]
