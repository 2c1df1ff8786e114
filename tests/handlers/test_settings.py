"""Hours, days, holidays, absence and do-not-disturb, as people set them in Slack."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

import pytest

from bot.domain.people import Person
from bot.domain.times import Times
from bot.playground.drivers import UserDriver
from bot.playground.model import Dnd
from bot.services import people, quiet
from handlers import quiet as reading
from storage import stakeholders, tables
from storage.database import Tx
from tests.handlers.conftest import SCOPES, Office
from tests.world import MONDAY, rows

MARKS = dict.fromkeys(map(ord, "*\u2068\u2069\u2060"))


async def slash(office: Office, person: UserDriver, text: str) -> str:
    """Type a command; return what the person reads afterwards."""
    await person.slash("/buyin", text, channel="C0SHELVES")
    await office.settle()
    return person.read(person.messages("C0SHELVES")[-1]).translate(MARKS)


async def form(office: Office, person: UserDriver) -> str:
    """Open the form; return what it says."""
    await person.slash("/buyin", "settings", channel="C0SHELVES")
    await office.settle()
    return dialog(person)


def dialog(person: UserDriver) -> str:
    """Return the open dialog as text."""
    assert person.view is not None
    return person.read(person.view).translate(MARKS)


async def submit(office: Office, person: UserDriver, **values: object) -> None:
    """Send the open form."""
    await person.submit(values)
    await office.settle()


async def stored(office: Office, number: int = 1) -> Person:
    """Return one of those asked as the store has them."""
    return await office.database.read(people.by_id, office.world.asked[number - 1].id)


async def test_the_form_shows_what_holds_and_keeps_what_is_filled_in(office: Office) -> None:
    person = office.person(1)
    shown = await form(office, person)
    assert "Europe/Berlin" in shown
    await submit(
        office,
        person,
        opens=time(7),
        closes=time(11),
        days=["Monday", "Tuesday"],
        holidays="germany, bayern",
        away=date(2025, 3, 10),
    )
    shown = dialog(person)
    assert "Saved." in shown
    assert "Monday and Tuesday, 7:00–11:00" in shown
    assert "Germany (BY) · Away: until Mon 10 March" in shown
    assert (await stored(office)).times == Times(
        time(7), time(11), frozenset({0, 1}), "DE-BY", date(2025, 3, 10)
    )
    await person.close(everything=True)
    await form(office, person)
    assert person.view is not None
    assert "'initial_value': 'DE-BY'" in str(person.view.blocks)
    assert "Monday and Tuesday, 7:00–11:00" in await slash(office, person, "me")


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"opens": "25:00"}, "opens", "Choose a time of day"),
        ({"opens": time(9), "closes": time(10)}, "closes", "at least two hours"),
        ({"holidays": "Narnia"}, "holidays", "I don't know the public holidays there"),
        ({"holidays": "<!channel> <@U1>"}, "holidays", "I don't know the public holidays there"),
        ({"away": date(2025, 3, 3)}, "away", "That day isn't ahead"),
        ({"away": date(2027, 3, 3)}, "away", "more than a year away"),
    ],
)
async def test_a_mistake_is_told_at_its_field_and_nothing_changes(
    office: Office, values: dict[str, object], field: str, words: str
) -> None:
    person = office.person(1)
    await form(office, person)
    await submit(office, person, **values)
    assert words in person.view_errors[field]
    assert (await stored(office)).times == Times()
    assert await office.database.read(rows, tables.PersonSetting) == []


async def test_messages_stop_and_come_again_from_the_form(office: Office) -> None:
    person = office.person(1)
    await form(office, person)
    await person.click(person.view, text="No messages, please")
    await office.settle()
    assert (await stored(office)).stopped
    assert "Resume" in dialog(person)
    await person.click(person.view, text="Resume")
    await office.settle()
    assert not (await stored(office)).stopped
    await person.click(person.view, text="Only group figures, everywhere")
    await office.settle()
    assert (await stored(office)).group_only
    assert "Only group figures, everywhere" not in dialog(person)
    await submit(office, person, away=date(2025, 3, 4))
    assert "Away: until Tue 4 March" in dialog(person)


async def test_the_home_shows_the_settings_and_opens_the_form(office: Office) -> None:
    person = office.person(1)
    await person.open_home()
    await office.settle()
    assert person.home is not None
    assert "Monday to Friday, 9:30–16:30" in person.read(person.home).translate(MARKS)
    await person.click(person.home, text="Hours, days and away")
    await office.settle()
    await submit(office, person, days=["Sunday"])
    assert "Sunday, 9:30–16:30" in person.read(person.home).translate(MARKS)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("away until Friday", "Away until Friday 7 March: I write again on that day"),
        ("away until next monday", "Away until Monday 10 March"),
        ("AWAY for 2 weeks", "Away until Monday 17 March"),
        ("away 12.5.", "Away until Monday 12 May"),
        ("away", "You aren't away, as far as I know."),
        ("away off", "You weren't away"),
        ("away until yesterday", "That day isn't ahead of us, so nothing was changed."),
        ("away until", "I can't tell until when, so nothing was changed."),
        ("away until 12 May 2031", "That's more than a year away, so nothing was changed."),
        ("away 5/12", "That date can be read in two ways, so nothing was changed."),
        ("away <!channel> <@U2> *now*", "I can't tell until when, so nothing was changed."),
    ],
)
async def test_being_away_is_typed_as_people_do(office: Office, text: str, answer: str) -> None:
    person = office.person(1)
    shown = await slash(office, person, text)
    assert answer in shown
    assert "U2" not in shown
    changed = answer.startswith("Away until")
    assert ((await stored(office)).times != Times()) is changed


async def test_coming_back(office: Office) -> None:
    person = office.person(1)
    await slash(office, person, "away for 3 days")
    assert "Away until Thursday 6 March" in await slash(office, person, "away")
    assert "Welcome back" in await slash(office, person, "away back")
    assert (await stored(office)).times == Times()


async def test_somebody_nobody_told_us_about_may_be_away(office: Office) -> None:
    office.workspace.add_user("UNEW", "newcomer", tz="Asia/Tokyo")
    new = office.workspace.user("UNEW")
    office.workspace.add_channel("C0NEW", "new", members=["UNEW"])
    await new.slash("/buyin", "away tomorrow", channel="C0NEW")
    await office.settle()
    assert "Away until Tuesday 4 March" in new.read(new.messages("C0NEW")[-1]).translate(MARKS)


# --- do-not-disturb ---------------------------------------------------------------------------

START, END = MONDAY - timedelta(hours=1), MONDAY + timedelta(hours=2)


async def test_slack_tells_when_somebody_is_not_to_be_disturbed(office: Office) -> None:
    office.app.scopes |= {"dnd:read"}
    office.workspace.set_dnd("U1", START, END)
    await office.settle()
    assert (await stored(office)).times == Times(quiet=(START, END))
    shown = await slash(office, office.person(1), "me")
    assert "do not disturb from Mon 3 March, 09:00, until Mon 3 March, 12:00" in shown
    office.workspace.set_dnd("U1", enabled=False)
    await office.settle()
    assert (await stored(office)).times == Times()


async def test_slack_is_asked_about_those_who_get_something_soon(office: Office) -> None:
    office.app.scopes |= {"dnd:read"}
    for number in (1, 2):
        office.workspace.team.users[f"U{number}"].dnd = _dnd(START, END)
    await office.database.write(_due, office.world.stakeholder_ids[:1])
    workspace_id = office.world.workspace_id
    assert await reading.read_ahead(office.ctx, workspace_id) == 1
    (call,) = office.slack.log.of("dnd.teamInfo")
    assert call.args["users"] == "U1"
    assert (await stored(office)).times == Times(quiet=(START, END))
    assert (await stored(office, 2)).times == Times()
    assert await reading.read_ahead(office.ctx, workspace_id) == 0
    assert len(office.slack.log.of("dnd.teamInfo")) == 1


async def test_without_the_scope_nobody_counts_as_not_to_be_disturbed(office: Office) -> None:
    assert "dnd:read" not in SCOPES
    await office.database.write(_due, office.world.stakeholder_ids)
    for _ in range(2):
        assert await reading.read_ahead(office.ctx, office.world.workspace_id) == 0
    assert len(office.slack.log.of("dnd.teamInfo")) == 1
    assert (await stored(office)).times == Times()


async def test_a_refusal_is_not_repeated_every_minute(office: Office) -> None:
    office.app.scopes |= {"dnd:read"}
    await office.database.write(_due, office.world.stakeholder_ids)
    office.slack.faults.error("dnd.teamInfo", "user_not_visible")
    workspace_id = office.world.workspace_id
    assert await reading.read_ahead(office.ctx, workspace_id) == 6
    assert await office.database.read(quiet.to_ask_about, workspace_id, MONDAY) == []


def _dnd(start: datetime, end: datetime) -> Dnd:
    return Dnd(True, int(start.timestamp()), int(end.timestamp()))


def _due(tx: Tx, ids: Sequence[int]) -> None:
    stakeholders.change(tx, ids, next_due_at=MONDAY)
