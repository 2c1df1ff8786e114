"""Steps in the check-in: clicks and forms of somebody else's, or with nonsense in them."""

import json
from datetime import date

from sqlalchemy import select

from bot.domain.steps import Chosen
from bot.services import followups, pulses, steps
from bot.views import pulses as views
from storage import tables
from storage.database import Tx
from tests import histories, rounds
from tests.handlers.conftest import Office


async def offered(office: Office) -> int:
    """The first of the people asked has a finished check-in with an offer; return its id."""
    w, now = office.world, office.clock.now()
    await office.database.write(steps.set_offered, w.leader, w.initiative_id, "Label it", "k", now)
    await office.database.write(rounds.open_round, w)
    ask_id = await office.database.write(histories.ask, w, 0, now, (5, 5, 5))
    found = await office.database.read(pulses.check_in, ask_id, now)
    await office.database.write(followups.shown, found, now)
    message = views.check_in(found)
    await office.ctx.gateway.post("C0SHELVES", message.text, message.blocks)
    return ask_id


def chosen(tx: Tx) -> list[str]:
    return list(
        tx.scalars(
            select(tables.FreeText.words).join(
                tables.Commitment, tables.Commitment.words_id == tables.FreeText.id
            )
        )
    )


async def test_what_is_offered_to_one_another_cannot_take(office: Office) -> None:
    await offered(office)
    other = office.person(2)
    shown = other.messages("C0SHELVES")[-1]
    for label in ("Label it", "My own…", "Not now"):
        await other.click(shown, text=label)
        await office.settle()
        assert other.view is None
        assert "somebody else" in other.messages("C0SHELVES")[-1].text
    assert await office.database.read(chosen) == []


async def test_a_date_that_nobody_offered_is_refused(office: Office) -> None:
    ask_id = await offered(office)
    sam, w = office.person(1), office.world
    [act] = (
        await office.database.read(steps.offered, w.leader, w.initiative_id, office.clock.now())
    ).acts
    for argument in (f"{act.id}:2024-02-30", f"{act.id}:2024-01-05", "99:2025-03-07", ":", ""):
        button = {
            "type": "button",
            "text": {"type": "plain_text", "text": "Odd"},
            "action_id": f"step.date:{argument}",
            "value": str(ask_id),
        }
        odd = [{"type": "actions", "elements": [button]}]
        await office.ctx.gateway.post("C0SHELVES", "Odd", odd)
        await sam.click(sam.messages("C0SHELVES")[-1], text="Odd")
        await office.settle()
    assert await office.database.read(chosen) == []


async def test_a_form_draws_nobody_elses_check_in(office: Office) -> None:
    ask_id = await offered(office)
    w, other = office.world, office.person(2)
    typed = Chosen("Try it", date(2025, 3, 7))
    given = w.actor(1), w.stakeholder_ids[1], None, typed, "other", office.clock.now()
    await office.database.write(steps.choose, *given)
    await other.slash("/buyin", "steps")
    await office.settle()
    await other.click(other.inbox[-1], text="When and where?")
    await office.settle()
    assert other.view
    about = json.loads(other.view.private_metadata)
    other.view.private_metadata = json.dumps([*about, ask_id, "C0SHELVES", "", "1.0", ""])
    await other.submit({"plan": "Here"})
    await office.settle()
    assert not office.slack.log.of("chat.update")
