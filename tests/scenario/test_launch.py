"""An owner launches an initiative: forms, summary, preview, start, introductions, own step."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.domain.calendars import add_working_days
from bot.playground import FormIncomplete
from tests.scenario.conftest import Opener, both
from tests.scenario.office import (
    DANA,
    WHAT,
    Office,
    labels,
    read,
    shown,
)

GROUP = "S0DAY"


def add_people_who_are_left_out(office: Office) -> None:
    """Add a channel and a user group that hold more than people one would ask."""
    ws = office.workspace
    ws.add_user("UBOT", "helper", is_bot=True)
    ws.add_user("UGONE", "gone", deleted=True)
    ws.add_user("UGUEST", "guest", is_restricted=True)
    ws.add_user("UOTHER", "elsewhere", is_stranger=True)
    ws.add_channel("C0MIX", "mixed", members=["UBOT", "UGONE", "UGUEST", "UOTHER", DANA, "U1"])
    ws.invite("C0MIX", office.install.bot_user_id)
    ws.add_channel("C0SECRET", "secret", members=[DANA, "U6"], is_private=True)
    ws.add_usergroup(GROUP, "day", ["U2", "U3", "U4", "U5"])


async def test_what_is_wrong_in_the_forms_is_said_under_the_field_and_mends(office: Office) -> None:
    dana = office.dana
    await office.slash(dana, "new")
    assert "Nobody is written to yet" in shown(dana)
    before = await office.rows()
    with pytest.raises(FormIncomplete):
        await dana.submit({"name": "Shelf labels"})
    await office.submit(dana, {**WHAT, "milestone_on": None})
    assert "milestone_on" in dana.view_errors
    assert await office.rows() == before
    await office.submit(dana, {"milestone_on": date(2025, 5, 12)})
    assert "Do any of these people report to you?" in shown(dana)

    before = await office.rows()
    picked = {**office.who(["U1", "U2", "U3", "U4"]), "shown": "group"}
    with pytest.raises(FormIncomplete):  # the tick is required
        await office.submit(dana, {**picked, "fair": []})
    await office.submit(dana, picked)
    assert dana.view_errors == {
        "people": "Group figures need at least 5 answers; you've listed 4 people. "
        "Add people or choose 'with names'."
    }
    await office.submit(dana, {"people": [DANA]})
    assert "people" in dana.view_errors
    await office.submit(dana, {"people": []})
    assert list(dana.view_errors) == ["people"]
    await office.submit(dana, {"people": ["U1"], "shown": "named", "first_on": date(2025, 3, 3)})
    assert list(dana.view_errors) == ["first_on"]
    assert await office.rows() == before
    assert "Draft saved" in await office.submit(dana, {"first_on": date(2025, 3, 6)})
    await office.deliver()
    assert "1 person would hear from you" in read(dana, dana.dm[-1])


@both
async def test_nobody_is_written_to_before_start(office: Office) -> None:
    add_people_who_are_left_out(office)
    dana = office.dana
    step = {"promise": "Test the batteries", "promise_on": date(2025, 3, 7)}
    saved = await office.draft(
        dana, {}, people=["U1", "UOTHER"], channels=["C0MIX", "C0SECRET"], groups=[GROUP]
    )
    words = read(dana, saved)
    assert "6 people would hear from you on Mon 3 March." in words  # one stranger was picked
    for left_out in (
        "You, because you lead this",
        "2 apps",
        "1 person who left",
        "1 guest (pick them by name to ask them)",
        "I can't see who is in #secret. Type /invite @Buy-in there",
    ):
        assert left_out in words.replace("`", ""), words
    await office.pass_by(days=1)
    await office.click(dana, saved, "Edit")
    assert "Scanners on the floor" in shown(dana)
    await office.submit(dana)
    await office.submit(
        dana, {**office.who([f"U{n}" for n in range(1, 7)]), "channels": [], "groups": []}
    )
    await office.deliver()
    await dana.close(everything=True)
    saved = dana.dm[-1]
    # it is 09:05 in Berlin, in Auckland it is evening
    assert "6 people would hear from you: 5 on Tue 4 March, 1 later (time zone)." in read(
        dana, saved
    )
    assert {args["channel"] for args in office.posts()} == {DANA}

    await office.click(dana, saved, "Preview and start")
    for shown_ in ("1. Introduction", "2. First check-in", "[Not my topic]", "[Extremely]"):
        assert shown_ in shown(dana)
    assert "buttons work once it runs" in shown(dana)
    assert {args["channel"] for args in office.posts()} == {DANA}
    assert "is running" in await office.submit(dana, step)
    await dana.close(everything=True)
    assert "is running" in read(dana, saved)

    await office.move_to(datetime(2025, 3, 7, 20, tzinfo=UTC))
    for number in range(1, 7):
        person = office.person(number)
        introduction, check_in = person.dm
        assert "Their first step* by Fri 7 March: Test the batteries" in read(person, introduction)
        assert "Three taps about every two weeks; answering is up to you" in person.read()
        zone = ZoneInfo(person.user.tz)
        first, second = (moment.astimezone(zone).date() for moment in office.counted(person.id))
        assert add_working_days(first, 1) <= second
        assert "Your first check-in about" in read(person, check_in)
    asked = next(one for one in dana.dm if "It won't happen" in labels(one))
    assert "Test the batteries" in read(dana, asked)
    await office.click(dana, asked, "Done")
    assert "It won't happen" not in labels(asked)


async def test_more_than_a_thousand_stay_a_draft(opener: Opener) -> None:
    async with opener() as office:
        crowd = [f"UX{number}" for number in range(1001)]
        for user_id in crowd:
            office.workspace.add_user(user_id)
        office.workspace.add_channel("C0ALL", "all", [*crowd, office.install.bot_user_id])
        dana = office.dana
        saved = await office.draft(dana, {}, people=[], channels=["C0ALL"])
        assert "That is 1,001 people, and I can ask at most 1,000" in read(dana, saved)
        assert labels(saved) == ["Edit", "Discard"]
        await office.click(dana, saved, "Edit")
        await office.submit(dana)
        await office.submit(dana, {**office.who(), "channels": []})
        await office.deliver()
        assert "6 people would hear" in read(dana, dana.dm[-1])
        await dana.close(everything=True)
        await office.click(dana, dana.dm[-1], "Discard")
        assert {args["channel"] for args in office.posts()} == {DANA}


async def test_a_form_of_an_older_revision_keeps_what_was_typed(office: Office) -> None:
    dana = office.dana
    saved = await office.draft(dana, {})
    await office.click(dana, saved, "Edit")
    assert dana.view
    older = dana.view.private_metadata
    await office.submit(dana, {"name": "Renamed meanwhile"})
    await dana.close(everything=True)
    await office.click(dana, saved, "Edit")
    before = await office.rows()
    dana.view.private_metadata = older
    told = await office.submit(dana, {"name": "Typed in the older window"})
    assert "changed in another window" in told
    assert "Typed in the older window" in told
    assert await office.rows() == before
    assert "Who is asked" in await office.submit(dana)
