"""What a workspace takes away: the app, its tokens, people, scopes, methods."""

from datetime import UTC, datetime

import pytest

from bot.playground.api import METHODS
from tests.scenario.conftest import Opener
from tests.scenario.office import (
    CHANNEL,
    DANA,
    NEW_YORK,
    SCOPES,
    WEDNESDAY_NIGHT,
    WHAT,
    Office,
    read,
    shown,
)

MONTH_LATER = datetime(2025, 3, 24, 20, tzinfo=UTC)


@pytest.mark.parametrize("how", ["app_uninstalled", "tokens_revoked"])
async def test_an_app_that_was_removed_sends_nothing(asked: Office, how: str) -> None:
    posts = len(asked.posts())
    calls = len(asked.slack.log.calls)
    for delivery in await getattr(asked.workspace, how)(asked.install):
        assert delivery.ok
    await asked.settle()
    await asked.move_to(MONTH_LATER)
    assert len(asked.posts()) == posts
    assert len(asked.slack.log.calls) == calls  # it does not even try


async def test_people_move_and_leave(asked: Office) -> None:
    moved, left = asked.person(1), asked.person(2)
    for delivery in await asked.workspace.update_user(moved.id, tz=NEW_YORK):
        assert delivery.ok
    for delivery in await asked.workspace.update_user(left.id, deleted=True):
        assert delivery.ok
    await asked.settle()
    seen = len(asked.posts(left.id))
    before = len(asked.counted(moved.id))
    await asked.move_to(MONTH_LATER)
    assert len(asked.posts(left.id)) == seen
    after = asked.counted(moved.id)[before:]
    assert after
    assert all(13 <= moment.hour < 21 for moment in after)  # 09:30 to 16:30 in New York
    asked.moved.add(moved.id)
    told = await asked.slash(asked.dana, "status")
    assert "@Person 2" not in told


async def test_somebody_whom_slack_no_longer_reaches(office: Office) -> None:
    await office.launch()
    office.slack.faults.error("chat.postMessage", "user_disabled")
    await office.move_to(MONTH_LATER)
    counts = [len(office.counted(f"U{number}")) for number in range(1, 7)]
    assert sorted(counts)[0] == 0
    assert sorted(counts)[1] >= 2


async def test_without_user_groups_and_do_not_disturb_everything_else_works(opener: Opener) -> None:
    without = [scope for scope in SCOPES if scope not in ("usergroups:read", "dnd:read")]
    async with opener(scopes=without) as office:
        office.workspace.add_usergroup("S1", "day", ["U1", "U2"])
        dana = office.dana
        await office.slash(dana, "new")
        assert "user groups" not in await office.submit(dana, WHAT)
        await office.submit(dana, office.who())
        await office.deliver()
        await dana.close()
        assert "6 people would hear" in read(dana, dana.dm[-1])
        await office.click(dana, dana.dm[-1], "Preview and start")
        await office.submit(dana)
        await dana.close()
        await office.move_to(WEDNESDAY_NIGHT)
        who = office.person(1)
        await office.answer(who, office.check_in(who), 4, 4, 4)
        assert "Saved, thank you" in read(who, office.check_in(who))
        warned = [line for line in office.logged if line["event"] == "ability_missing"]
        assert sorted(line["ability"] for line in warned) == ["do-not-disturb", "user groups"]


async def test_a_server_that_knows_fewer_methods(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("usergroups.list", "usergroups.users.list", "conversations.members"):
        monkeypatch.delitem(METHODS, name)
    dana = office.dana
    await office.slash(dana, "new")
    await office.submit(dana, WHAT)
    await office.submit(dana, {**office.who(["U1", "U2"]), "channels": [CHANNEL]})
    await office.deliver()
    await dana.close(everything=True)
    words = read(dana, dana.dm[-1])
    assert "2 people would hear from you" in words
    assert "I can't see who is in #shelves" in words or "Slack didn't tell me" in words
    await office.click(dana, dana.dm[-1], "Preview and start")
    assert "is running" in await office.submit(dana)
    await dana.close()
    await office.move_to(WEDNESDAY_NIGHT)
    assert len(office.counted("U1")) == 2
    assert shown(dana) == ""
    assert {args["channel"] for args in office.posts()} == {DANA, "U1", "U2"}


async def test_slack_that_is_busy_or_fails_now_and_then(office: Office) -> None:
    faults = office.slack.faults
    await office.launch()
    faults.rate_limited("chat.postMessage", retry_after=7)
    faults.error("chat.postMessage", "service_unavailable")
    faults.cut_before("chat.postMessage")
    faults.cut_after("chat.postMessage")
    await office.move_to(WEDNESDAY_NIGHT)
    told = [len(office.sent(office.person(number))) for number in range(1, 7)]
    assert sum(told) >= 12 - 3  # a lost answer is in doubt and is never sent twice
    assert max(told) == 2
