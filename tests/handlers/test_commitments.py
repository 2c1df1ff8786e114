"""The owner is asked on the day how the own step went, and answers with one tap."""

from datetime import UTC, date, datetime

from bot.services import commitments
from tests.handlers.conftest import Office

FRIDAY = date(2025, 3, 7)
ON_THE_DAY = datetime(2025, 3, 7, 8, 30, tzinfo=UTC)


async def ask(office: Office, at: datetime = ON_THE_DAY) -> None:
    """Move time to the day and send what is due."""
    office.clock.move_to(at)
    await office.database.write(commitments.due_step, at, 100)
    await office.deliver()


async def promise(office: Office) -> None:
    """Dana promises a step for Friday."""
    await office.database.write(
        commitments.promise,
        office.world.owner.id,
        office.world.initiative_id,
        "Free two <!channel> people",
        FRIDAY,
        office.clock.now(),
    )


async def shown(office: Office) -> str:
    """What Dana's only message says now."""
    await office.settle()
    [message] = office.dana.dm
    return office.dana.read(message)


async def test_one_tap_says_it_is_done_and_may_be_changed(office: Office) -> None:
    await promise(office)
    await ask(office)
    question = await shown(office)
    assert "today" in question
    assert "Free two <!channel> people" in question
    await office.dana.click(office.dana.dm[0], text="Done")
    assert "Done. Thank you" in await shown(office)
    await office.dana.click(office.dana.dm[0], text="Change")
    assert "It won't happen" in await shown(office)
    await office.dana.click(office.dana.dm[0], text="It won't happen")
    assert "Thank you for saying so" in await shown(office)
    await office.deliver()
    assert len(office.dana.dm) == 1


async def test_it_gets_a_new_date_once(office: Office) -> None:
    await promise(office)
    await ask(office)
    await office.dana.click(office.dana.dm[0], text="New date")
    await office.settle()
    await office.dana.submit({"promise_on": "2025-03-07"})
    assert "later day" in office.dana.view_errors["promise_on"]
    await office.dana.submit({"promise_on": "2025-03-14"})
    assert "New date: Fri 14 March" in await shown(office)
    assert office.dana.view is None
    await ask(office, datetime(2025, 3, 14, 8, 30, tzinfo=UTC))
    again = office.dana.read(office.dana.dm[-1])
    assert "today" in again
    assert "New date" not in again


async def test_somebody_else_cannot_answer_for_the_owner(office: Office) -> None:
    await promise(office)
    await ask(office)
    message = office.dana.dm[0]
    await office.ctx.gateway.post("C0SHELVES", message.text, message.blocks)
    person = office.person(1)
    await person.click(person.messages("C0SHELVES")[-1], text="Done")
    await office.settle()
    assert "Only the person who said it" in person.messages("C0SHELVES")[-1].text
