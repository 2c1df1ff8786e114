"""The App Home, as people open it and act on it."""

from datetime import timedelta

import pytest
from sqlalchemy import insert

from bot.playground.drivers import UserDriver
from bot.services import held, home, people
from storage import tables
from storage.database import Tx
from tests.handlers.conftest import Office
from tests.world import MONDAY, STARTED, rows


async def opened(office: Office, person: UserDriver) -> str:
    """Open the Home; return what it says."""
    await person.open_home()
    await office.settle()
    return shown(person)


def shown(person: UserDriver) -> str:
    """Return what the Home says now."""
    assert person.home
    return person.read(person.home).translate(dict.fromkeys(map(ord, "*\u2068\u2069\u2060")))


async def open_round(office: Office) -> None:
    """Have round 1 run."""

    def add(tx: Tx) -> None:
        tx.execute(
            insert(tables.Cycle).values(
                workspace_id=office.world.workspace_id,
                initiative_id=office.world.initiative_id,
                number=1,
                opens_at=STARTED,
                closes_at=MONDAY + timedelta(days=9),
            )
        )

    await office.database.write(add)


async def test_a_first_time_person_sees_what_it_is_for(office: Office) -> None:
    office.workspace.add_user("UNEW", "newcomer", tz="Asia/Tokyo")
    words = await opened(office, office.workspace.user("UNEW"))
    assert "Find out early who's with you" in words
    assert "Launch an initiative" in words


async def test_the_messages_tab_draws_nothing(office: Office) -> None:
    await office.person(1).open_home(tab="messages")
    await office.settle()
    assert office.person(1).home is None


async def test_launching_from_the_home_opens_the_form(office: Office) -> None:
    await opened(office, office.dana)
    await office.dana.click(office.dana.home, text="Launch an initiative")
    await office.settle()
    assert office.dana.view is not None


async def test_a_check_in_is_answered_above_the_home(office: Office) -> None:
    await open_round(office)
    person = office.person(1)
    assert "Shelf labels: 3 taps" in await opened(office, person)
    assert await office.database.read(rows, tables.Ask) == []  # looking starts nothing
    await person.click(person.home, text="Answer")
    await office.settle()
    for label in ("Very", "Fairly", "Some"):
        await person.click(person.view, text=label)
        await office.settle()
    answers = await office.database.read(rows, tables.Answer)
    assert [answer["value"] for answer in answers] == [4, 3, 3]
    assert person.view is not None
    assert "Saved, thank you" in person.read(person.view)
    assert "Nothing is open for you" in shown(person)


async def test_settings_change_and_show_at_once(office: Office) -> None:
    person = office.person(1)
    assert "0 of at most 5 messages this month" in await opened(office, person)
    await person.click(person.home, text="No messages, please")
    await office.settle()
    assert "none, you stopped them" in shown(person)
    await person.click(person.home, text="Resume")
    await office.settle()
    assert "Messages: on" in shown(person)
    await person.click(person.home, text="Only group figures, everywhere")
    await office.settle()
    assert "only in group figures, everywhere" in shown(person)
    known = await office.database.read(people.by_id, office.world.asked[0].id)
    assert (known.stopped, known.group_only) == (False, True)


async def test_everything_held_opens_above_the_home(office: Office) -> None:
    person = office.person(1)
    await opened(office, person)
    await person.click(person.home, text="What I hold about you")
    await office.settle()
    assert person.view is not None
    assert "Shelf labels" in person.read(person.view)
    await person.click(person.view, text="Not my topic")
    await office.settle()
    assert person.view is not None
    assert "You said it isn't your topic" in person.read(person.view)
    assert "Shelf labels" not in shown(person)


async def test_an_owner_sees_where_it_is_and_asks_now(office: Office) -> None:
    await open_round(office)
    words = await opened(office, office.dana)
    assert "Shelf labels" in words
    assert "Round 1 closes on Wed 12 March" in words
    await office.dana.click(office.dana.home, text="Ask now")
    await office.settle()
    assert office.dana.view is not None
    assert "Round" in office.dana.read(office.dana.view)
    await office.dana.close()
    await office.dana.click(office.dana.home, text="Status")
    await office.settle()
    assert office.dana.view is not None
    assert "Too early to say" in office.dana.read(office.dana.view)
    await office.dana.close()
    for label in ("Tell the team", "End it"):
        await office.dana.click(office.dana.home, text=label)
        await office.settle()
        assert office.dana.view is not None
        await office.dana.close()


async def test_a_button_that_no_longer_holds_gets_its_answer_in_a_dialog(office: Office) -> None:
    await opened(office, office.dana)

    def retire(tx: Tx) -> None:
        tx.execute(tables.InitiativeOwner.__table__.update().values(until=MONDAY))  # type: ignore[attr-defined]

    await office.database.write(retire)
    await office.dana.click(office.dana.home, text="Ask now")
    await office.settle()
    assert office.dana.view is not None
    assert "Only the people who lead" in office.dana.read(office.dana.view)


async def test_looking_at_the_home_or_what_is_held_keeps_no_writer_busy(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    dana = office.dana

    async def none(*_: object) -> None:
        raise AssertionError("a look wrote something")

    monkeypatch.setattr(office.database, "write", none)
    actor = office.world.leader
    assert (await office.ctx.read_own(home.tab, actor)).person.slack_user_id == dana.id
    assert (await office.ctx.read_own(held.about, actor)).person.slack_user_id == dana.id
