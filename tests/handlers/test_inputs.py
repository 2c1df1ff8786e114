"""Telling the owners something and being answered, as people do it in Slack."""

from datetime import timedelta

import pytest

from bot.domain.initiatives import Initiative
from bot.services import initiatives, inputs
from bot.views.inputs import input_blocks, tell_button
from bot.views.kit import actions
from tests.handlers.conftest import Office

HOUR = timedelta(hours=1)


async def show_button(office: Office) -> None:
    """Post the button in the channel, as a progress post does."""
    initiative: Initiative = await office.database.read(
        initiatives.load, office.world.initiative_id
    )
    blocks = [actions([tell_button(initiative)])]
    await office.ctx.gateway.post("C0SHELVES", "News on Shelf labels", blocks)


async def show_digest(office: Office) -> None:
    """Show Dana what waits for her."""
    waiting = await office.database.read(
        inputs.open_for, office.world.initiative_id, office.world.owner
    )
    await office.ctx.gateway.post("UDANA", "For your reply", input_blocks(waiting))


async def tell(office: Office, number: int, words: str, name: str) -> None:
    """Have one of the people asked tell the owner something."""
    await show_button(office)
    person = office.person(number)
    await person.click(person.messages("C0SHELVES")[-1], text="Tell Dana Demo something")
    await office.settle()
    await person.submit({"words": words, "named": name})
    await office.settle()


async def test_a_nameless_word_is_answered_at_the_full_hour(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    giver = office.person(2)
    await tell(office, 2, "Too few <!channel> labels", "Without my name")
    assert giver.view
    assert "Sent without your name" in giver.read(giver.view)

    await show_digest(office)
    digest = office.dana.dm[-1]
    assert "without their name" in office.dana.read(digest)
    await office.dana.click(digest, text="Not now, because…")
    await office.settle()
    await office.dana.submit({"words": "\u200b"})
    assert list(office.dana.view_errors) == ["words"]
    await office.dana.submit({"words": "No budget before May"})
    await office.deliver()
    assert giver.dm == []

    office.clock.move_to(office.clock.now() + HOUR)
    await office.deliver()
    [answer] = giver.dm
    shown = giver.read(answer)
    assert "not now" in shown
    assert "No budget before May" in shown
    assert "doesn't see who wrote it" in shown
    assert "U2" not in capsys.readouterr().out
    assert all("U2" not in str(message.blocks) for message in office.dana.dm)


async def test_one_tap_answers_and_a_line_may_follow(office: Office) -> None:
    await tell(office, 1, "Bigger labels", "With my name")
    await show_digest(office)
    digest = office.dana.dm[-1]
    assert "Person 1" in office.dana.read(digest)
    await office.dana.click(digest, text="Using it")
    await office.settle()
    confirmation = office.dana.dm[-1]
    assert "Saved: using it" in office.dana.read(confirmation)
    await office.dana.click(confirmation, text="Add a line")
    await office.settle()
    await office.dana.submit({"words": "From May on"})
    await office.dana.click(digest, text="Using it")
    office.clock.move_to(office.clock.now() + HOUR)
    await office.deliver()
    [answer] = office.person(1).dm
    assert "From May on" in office.person(1).read(answer)


async def test_who_is_not_asked_gets_a_clear_answer(office: Office) -> None:
    await show_button(office)
    await office.dana.click(office.dana.messages("C0SHELVES")[-1], text="Tell Dana Demo something")
    await office.settle()
    assert office.dana.view is None
    assert "people who are asked" in office.dana.messages("C0SHELVES")[-1].text


async def test_white_space_is_told_at_the_field(office: Office) -> None:
    await show_button(office)
    person = office.person(1)
    await person.click(person.messages("C0SHELVES")[-1], text="Tell Dana Demo something")
    await office.settle()
    await person.submit({"words": "\u200b \u200b"})
    assert list(person.view_errors) == ["words"]
    await person.submit({"words": "🙂" * 1500})
    assert person.view
    assert "Sent with your name" in person.read(person.view)
