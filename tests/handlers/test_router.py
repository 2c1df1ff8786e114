"""What people read when something between Slack and us goes wrong."""

from datetime import UTC, date, datetime

import pytest

from bot.playground.core import Core
from bot.services import commitments
from tests.handlers.conftest import Office
from tests.handlers.test_people import introduce, last_slash


@pytest.fixture
def no_addresses(office: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    """A Slack-compatible server that gives no `response_url`."""
    monkeypatch.setattr(Core, "new_response_url", lambda *_, **__: "")
    return office


async def test_a_dialog_slack_refuses_is_said_where_it_was_asked_for(office: Office) -> None:
    office.slack.faults.error("views.open", "expired_trigger_id")
    await office.dana.slash("/buyin", "new")
    await office.settle()
    assert office.dana.view is None
    assert "Please try once more" in office.dana.read(office.dana.inbox[-1])


async def test_help_lists_what_there_is(office: Office) -> None:
    await office.dana.slash("/buyin", "help")
    await office.settle()
    listing = office.dana.read(office.dana.inbox[-1])
    assert "/buyin status" in listing
    assert "I don't know" not in listing


async def test_an_unknown_subcommand_gets_the_list_of_known_ones(office: Office) -> None:
    await office.dana.slash("/buyin", "dance")
    await office.settle()
    assert "I don't know" in office.dana.read(office.dana.inbox[-1])


async def test_commands_are_answered_without_an_address(no_addresses: Office) -> None:
    person = no_addresses.person(1)
    assert "Done: no more messages" in await last_slash(no_addresses, person, "stop")
    assert "Done: no more" not in str(no_addresses.person(2).messages("C0SHELVES"))
    no_addresses.slack.faults.error("chat.postEphemeral", "not_in_channel")
    await person.slash("/buyin", "resume", channel="C0SHELVES")
    await no_addresses.settle()
    assert "you hear from me again" in person.read(person.dm[-1])


async def test_an_introduction_is_redrawn_without_an_address(no_addresses: Office) -> None:
    person = await introduce(no_addresses)
    await person.click(person.dm[-1], text="Not my topic")
    await no_addresses.settle()
    [message] = person.dm
    assert "won't ask you about this again" in person.read(message)


async def test_the_owners_step_is_redrawn_without_an_address(no_addresses: Office) -> None:
    office, dana, w = no_addresses, no_addresses.dana, no_addresses.world
    friday, due = date(2025, 3, 7), datetime(2025, 3, 7, 8, 30, tzinfo=UTC)
    step = (w.owner.id, w.initiative_id, "Free two people", friday, office.clock.now())
    await office.database.write(commitments.promise, *step)
    office.clock.move_to(due)
    await office.database.write(commitments.due_step, due, 100)
    await office.deliver()
    await dana.click(dana.dm[0], text="New date")
    await office.settle()
    await dana.submit({"promise_on": "2025-03-14"})
    await office.settle()
    [message] = dana.dm
    assert "New date: Fri 14 March" in dana.read(message)
    await dana.click(message, text="Change")
    await office.settle()
    assert "It won't happen" in dana.read(dana.dm[0])
