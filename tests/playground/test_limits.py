"""The strict mode's rate limits, over a moved clock."""

from __future__ import annotations

import pytest

from bot.playground import Installation, Playground, Workspace

from .helpers import Api, Clock


@pytest.fixture(autouse=True)
def strict(slack: Playground) -> None:
    """Switch the limits on."""
    slack.limits.enabled = True


async def status(api: Api, method: str, **args: object) -> tuple[int, str | None]:
    response = await api.raw(method, **args)
    return response.status, response.headers.get("Retry-After")


async def test_one_message_a_second_per_channel(
    api: Api, ws: Workspace, app: Installation, clock: Clock
) -> None:
    ws.invite("C0001", app.bot_user_id)
    burst = [await status(api, "chat.postMessage", channel="C0001", text="x") for _ in range(4)]
    assert burst == [(200, None)] * 3 + [(429, "1")]
    other = await status(api, "chat.postMessage", channel="U0001", text="x")
    assert other == (200, None)
    clock.move(seconds=1)
    assert (await status(api, "chat.postMessage", channel="C0001", text="x"))[0] == 200
    assert (await status(api, "chat.postMessage", channel="C0001", text="x"))[0] == 429


async def test_several_hundred_messages_per_workspace(
    api: Api, ws: Workspace, slack: Playground
) -> None:
    for number in range(301):
        ws.add_user(f"U1{number:03d}")
    found = [
        (await status(api, "chat.postMessage", channel=f"U1{number:03d}", text="x"))[0]
        for number in range(301)
    ]
    assert (found.count(200), found.count(429)) == (300, 1)


async def test_tiers(api: Api, clock: Clock) -> None:
    found = [(await status(api, "dnd.teamInfo", users="U0001"))[0] for _ in range(21)]
    assert (found.count(200), found[-1]) == (20, 429)
    assert (await status(api, "dnd.teamInfo", users="U0001"))[1] == "3"
    clock.move(seconds=3)
    assert (await status(api, "dnd.teamInfo", users="U0001"))[0] == 200
    assert (await status(api, "users.info", user="U0001"))[0] == 200


async def test_limits_are_per_app_and_can_be_off(
    api: Api, slack: Playground, ws: Workspace
) -> None:
    for _ in range(21):
        last = await status(api, "users.list")
    assert last[0] == 429
    other = Api(slack, ws.install_app("A0TWO", ["users:read"]))
    assert (await status(other, "users.list"))[0] == 200
    await other.session.close()
    slack.limits.enabled = False
    assert (await status(api, "users.list"))[0] == 200
