"""Owners set an initiative that runs: rounds, a pause, who is asked, and who leads it."""

from datetime import date, timedelta

from sqlalchemy import insert, select, update

from bot.domain.people import Actor
from bot.playground.drivers import UserDriver
from storage import tables
from storage.database import Tx
from tests.handlers.conftest import Office
from tests.handlers.test_home import open_round
from tests.world import MONDAY, rows

MARKS = dict.fromkeys(map(ord, "*\u2068\u2069\u2060"))


def said(person: UserDriver) -> str:
    """Return what the open dialog says, "" without one."""
    return person.read(person.view).translate(MARKS) if person.view else ""


def home(person: UserDriver) -> str:
    """Return what the Home says."""
    assert person.home
    return person.read(person.home).translate(MARKS)


async def press(office: Office, person: UserDriver, label: str, *, on_home: bool = False) -> str:
    """Press a button on the Home or in the open dialog; return what the dialog says then."""
    await person.click(person.home if on_home else person.view, text=label)
    await office.settle()
    return said(person)


async def settings(office: Office) -> str:
    """Open the settings from the Home."""
    await office.dana.open_home()
    await office.settle()
    return await press(office, office.dana, "Settings", on_home=True)


async def submit(office: Office, person: UserDriver, values: dict[str, object]) -> str:
    """Send the open form; return what the dialog says then."""
    await person.submit(values)
    await office.settle()
    return said(person)


async def initiative(office: Office) -> dict[str, object]:
    """Return the row of the initiative."""
    [row] = await office.database.read(rows, tables.Initiative)
    return row


async def test_rounds_and_questions_hold_from_the_next_round_on(office: Office) -> None:
    await open_round(office)
    words = await settings(office)
    assert "6 people on the list" in words
    assert "Round 1 is open until Wed 12 March" in words
    wrong = await office.dana.submit({"length": "28", "questions": []})
    assert "one question alone is too little" in str(wrong.body)
    told = await submit(office, office.dana, {"length": "28", "questions": ["sure"]})
    assert "From round 2 on, a round lasts 4 weeks and asks how useful it is and how sure" in told
    row = await initiative(office)
    assert (row["cycle_days"], row["questions"]) == (28, "useful sure")
    kept = await office.database.read(rows, tables.InitiativeSetting)
    assert [(one["kind"], one["value"]) for one in kept] == [
        ("length", "28"),
        ("questions", "useful sure"),
    ]
    await office.dana.close(everything=True)
    await settings(office)
    told = await submit(office, office.dana, {"length": "28", "questions": ["sure"]})
    assert "nothing changed" in told


async def test_a_pause_is_seen_wherever_it_matters_and_ends_on_the_home(office: Office) -> None:
    await open_round(office)
    person = office.person(1)
    await person.slash("/buyin")
    await office.settle()
    await settings(office)
    await press(office, office.dana, "Pause asking")
    wrong = await office.dana.submit({"until": MONDAY.date()})
    assert "Pick tomorrow or later" in str(wrong.body)
    told = await submit(office, office.dana, {"until": date(2025, 3, 20)})
    assert "Nobody is asked about Shelf labels before Thu 20 March." in told
    assert "Paused: nobody is asked before Thu 20 March." in home(office.dana)
    await office.dana.close()
    assert "Resume asking" in said(office.dana)  # the form below was drawn again
    await office.dana.close(everything=True)
    for words, who in (("status", office.dana), ("plan", office.dana), ("ask", office.dana)):
        await who.slash("/buyin", words)
        await office.settle()
        assert "before Thu 20 March" in who.read(who.inbox[-1]), words
    await person.slash("/buyin", "me")
    await office.settle()
    assert "paused it: nobody is asked about this before Thu 20 March" in person.read(
        person.inbox[-1]
    ).translate(MARKS)
    await press(office, office.dana, "Resume asking", on_home=True)
    assert "goes on" in said(office.dana)
    assert "Round 1 closes" in home(office.dana)


async def test_people_are_added_and_taken_off(office: Office) -> None:
    office.workspace.add_user("UNEW", "newcomer", tz="Asia/Tokyo")
    await open_round(office)
    await settings(office)
    words = await press(office, office.dana, "Who is asked")
    assert "6 people on the list of Shelf labels" in words
    for wrong, why in (
        ({}, "Pick somebody to add"),
        ({"remove": ["UDANA"]}, "isn't on the list"),
        ({"add": ["U1"], "remove": ["U1"]}, "picked in both"),
        ({"add": ["UNEW"]}, "looking up"),
    ):
        answer = await office.dana.submit({"add": [], "remove": [], **wrong})
        await office.settle()
        assert why in str(answer.body), wrong
    told = await submit(office, office.dana, {"add": ["UNEW", "UDANA"], "remove": ["U2"]})
    assert "Added: newcomer" in told
    assert "Off the list: Person 2" in told
    assert "leads it, so isn't asked" in told
    await office.deliver()
    places = await office.database.read(rows, tables.Stakeholder)
    assert [one["status"] for one in places] == ["active", "off", *["active"] * 5]
    assert office.person(2).inbox == []
    await office.person(2).slash("/buyin", "me")
    await office.settle()
    gone = office.person(2).read(office.person(2).inbox[-1])
    assert "took you off the list" in gone


async def test_an_owner_is_added_told_and_may_leave(office: Office) -> None:
    await open_round(office)
    await settings(office)
    await press(office, office.dana, "Who leads it")
    told = await submit(office, office.dana, {"owners": ["UDANA", "U3"]})
    assert "now leads Shelf labels" in told
    await office.dana.close(everything=True)
    kim = office.person(3)
    office.clock.move_to(MONDAY + timedelta(hours=1))
    await office.deliver()
    assert "asked you to lead" in kim.read(kim.dm[-1])
    places = await office.database.read(rows, tables.Stakeholder)
    assert [one["status"] for one in places].count("off") == 1  # who leads it isn't asked
    await kim.click(kim.dm[-1], text="Not me")
    await office.settle()
    assert "you don't lead" in kim.read(kim.inbox[-1])
    await settings(office)
    words = await press(office, office.dana, "Who leads it")
    assert "U3" not in words


async def test_nobody_else_sets_anything(office: Office) -> None:
    """Neither who is asked, nor who no longer leads it, nor somebody with an old dialog."""
    await settings(office)
    await press(office, office.dana, "Who leads it")

    def hand_over(tx: Tx) -> None:
        owner = tables.InitiativeOwner
        tx.execute(update(owner).values(until=MONDAY))
        tx.execute(
            insert(owner).values(
                workspace_id=office.world.workspace_id,
                initiative_id=office.world.initiative_id,
                person_id=office.world.asked[0].id,
                since=MONDAY,
            )
        )

    await office.database.write(hand_over)
    told = await submit(office, office.dana, {"owners": ["UDANA", "U3"]})
    assert "Only the people who lead" in told
    await office.dana.close()
    told = await submit(office, office.dana, {"length": "42", "questions": ["sure"]})
    assert "Only the people who lead" in told
    await office.dana.close(everything=True)
    await press(office, office.dana, "Settings", on_home=True)
    assert "Only the people who lead" in said(office.dana)
    await office.person(2).slash("/buyin", "edit Shelf")
    await office.settle()
    assert "You don't lead" in office.person(2).read(office.person(2).inbox[-1])
    row = await initiative(office)
    assert row["cycle_days"] == 14
    owners = await office.database.read(_owners)
    assert owners == ["U1"]
    assert Actor(1, "UDANA").slack_user_id not in owners


def _owners(tx: Tx) -> list[str]:
    owner, person = tables.InitiativeOwner, tables.Person
    found = select(person.slack_user_id).join(owner, owner.person_id == person.id)
    return list(tx.scalars(found.where(owner.until.is_(None))))
