"""The gateway: Slack's answers in our words, and nothing is ever posted twice."""

import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.errors import (
    BuyinError,
    SlackFailure,
    SlackInDoubt,
    SlackMissingAbility,
    SlackRetryLater,
)
from bot.gateway import Gateway
from bot.playground.faults import Faults
from bot.slack_answers import profile_of
from tests.delivery.conftest import LocalSlack


async def test_a_message_by_user_id_arrives_in_the_direct_messages(slack: LocalSlack) -> None:
    posted = await slack.gateway.post("U1", "Hello Dana", [_section("Hello *Dana*")])
    assert posted.channel.startswith("D")
    assert slack.texts() == ["Hello Dana"]
    await slack.gateway.update(posted.channel, posted.ts, "Good bye")
    assert slack.texts() == ["Good bye"]


def _section(text: str) -> dict[str, object]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


Fault = Callable[[Faults], None]


@pytest.mark.parametrize(
    ("fault", "error", "stored"),
    [
        (lambda faults: faults.rate_limited("chat.postMessage", 7), SlackRetryLater, 0),
        (lambda faults: faults.error("chat.postMessage", "ratelimited"), SlackRetryLater, 0),
        (lambda faults: faults.server_error("chat.postMessage"), SlackInDoubt, 0),
        (lambda faults: faults.server_error("chat.postMessage", 503), SlackInDoubt, 0),
        (lambda faults: faults.error("chat.postMessage", "internal_error"), SlackInDoubt, 0),
        (lambda faults: faults.malformed("chat.postMessage"), SlackInDoubt, 1),
        (lambda faults: faults.cut_before("chat.postMessage"), SlackInDoubt, 0),
        (lambda faults: faults.cut_after("chat.postMessage"), SlackInDoubt, 1),
        (lambda faults: faults.error("chat.postMessage", "user_disabled"), SlackFailure, 0),
        (lambda faults: faults.error("chat.postMessage", "missing_scope"), SlackMissingAbility, 0),
    ],
)
async def test_each_way_to_fail_has_its_name_and_is_tried_once(
    slack: LocalSlack, fault: Fault, error: type[BuyinError], stored: int
) -> None:
    fault(slack.server.faults)
    with pytest.raises(error) as caught:
        await slack.gateway.post("U1", "Hello")
    assert type(caught.value) is error
    assert slack.server.log.count("chat.postMessage") <= 1
    assert len(slack.texts()) == stored
    assert slack.waits == []


async def test_slack_says_how_long_to_wait(slack: LocalSlack) -> None:
    slack.server.faults.rate_limited("chat.postMessage", 7)
    with pytest.raises(SlackRetryLater) as caught:
        await slack.gateway.post("U1", "Hello")
    assert caught.value.seconds == 7


async def test_a_slack_nobody_listens_at_is_safe_to_try_again() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    gateway = Gateway("xoxb-1", f"http://127.0.0.1:{port}/api/")
    with pytest.raises(SlackRetryLater):
        await gateway.post("U1", "Hello")
    await gateway.close()


async def test_a_channel_we_are_not_in_is_refused_for_good(slack: LocalSlack) -> None:
    with pytest.raises(SlackFailure) as caught:
        await slack.gateway.post("C2", "Hello")
    assert caught.value.code == "not_in_channel"


async def test_the_directory_comes_page_by_page_and_waits_when_asked_to(slack: LocalSlack) -> None:
    for number in range(300):
        slack.workspace.add_user(f"UX{number}", f"extra{number}")
    slack.workspace.update_user("U2", is_restricted=True, tz="America/Bogota")
    slack.server.faults.rate_limited("users.list", 3)
    people = {person.slack_user_id: person async for person in slack.gateway.users()}
    assert {"U1", "U5", "UX299", slack.app.bot_user_id} <= set(people)
    assert people["U2"].is_guest
    assert people["U2"].tz == "America/Bogota"
    assert people[slack.app.bot_user_id].is_bot
    assert slack.waits == [3]
    assert slack.server.log.count("users.list") >= 2


async def test_channels_and_their_members(slack: LocalSlack) -> None:
    assert set(await slack.gateway.channel_members("C1")) == {"U1", "U2", slack.app.bot_user_id}
    channel = await slack.gateway.channel("C1")
    assert (channel.name, channel.is_member, channel.is_private) == ("kiosk", True, False)
    assert not (await slack.gateway.channel("C2")).is_member


async def test_an_ability_that_is_missing_is_remembered_and_not_asked_for_again(
    slack: LocalSlack,
) -> None:
    for _ in range(2):
        with pytest.raises(SlackMissingAbility):
            await slack.gateway.usergroups()
    assert slack.gateway.missing == {"user groups": "missing_scope"}
    assert slack.server.log.count("usergroups.list") == 1


async def test_the_token_tells_who_we_are_and_what_we_may(slack: LocalSlack) -> None:
    identity = await slack.gateway.auth_test()
    assert (identity.team_id, identity.user_id) == ("T1", slack.app.bot_user_id)
    assert identity.scopes is not None
    assert "chat:write" in identity.scopes
    assert identity.server_time is not None


# --- a server that keeps only to the letter of Slack's documentation ---------------------------


Bare = Callable[[object, int], Awaitable[Gateway]]


@pytest.fixture
async def bare() -> AsyncIterator[Bare]:
    """Build a gateway to a server whose one answer to everything is given."""
    opened: list[tuple[Gateway, TestServer]] = []

    async def build(answer: object, status: int = 200) -> Gateway:
        async def serve(_: web.Request) -> web.Response:
            if isinstance(answer, str):
                return web.Response(text=answer, status=status)
            return web.json_response(answer, status=status)

        application = web.Application()
        application.router.add_route("*", "/{rest:.*}", serve)
        server = TestServer(application)
        await server.start_server()

        async def no_wait(_: float) -> None:
            return None

        gateway = Gateway("xoxb-1", str(server.make_url("/api/")), sleep=no_wait)
        opened.append((gateway, server))
        return gateway

    yield build
    for gateway, server in opened:
        await gateway.close()
        await server.close()


@pytest.mark.parametrize(
    ("answer", "status", "error"),
    [
        ("Not Found", 404, SlackMissingAbility),
        ("Method Not Allowed", 405, SlackMissingAbility),
        ("Forbidden", 403, SlackFailure),
        ("slow down", 429, SlackRetryLater),
        ("oops", 502, SlackInDoubt),
        ("ok", 200, SlackInDoubt),
        ([], 200, SlackInDoubt),
        ([1], 200, SlackInDoubt),
        ({}, 200, SlackInDoubt),
        ({"ok": False}, 200, SlackInDoubt),
        ({"ok": False, "error": "unknown_method"}, 200, SlackMissingAbility),
        ({"ok": False, "error": "something_new"}, 200, SlackFailure),
    ],
)
async def test_unusual_answers_have_a_meaning(
    bare: Bare, answer: object, status: int, error: type[BuyinError]
) -> None:
    gateway = await bare(answer, status)
    with pytest.raises(error) as caught:
        await gateway.post("U1", "Hello")
    assert type(caught.value) is error


async def test_fields_that_are_absent_do_no_harm(bare: Bare) -> None:
    gateway = await bare({"ok": True}, 200)
    assert (await gateway.post("U1", "Hello")).channel == "U1"
    assert [person async for person in gateway.users()] == []
    assert await gateway.channel_members("C1") == []
    assert (await gateway.channel("C1")).id == "C1"
    assert (await gateway.user("U1")).tz == "UTC"
    assert await gateway.usergroups() == []
    assert await gateway.dnd(["U1"]) == {}
    assert (await gateway.auth_test()).scopes is None


async def test_a_cursor_that_repeats_ends_the_reading(bare: Bare) -> None:
    page = {"ok": True, "members": ["U1"], "response_metadata": {"next_cursor": "again"}}
    gateway = await bare(page, 200)
    assert await gateway.channel_members("C1") == ["U1", "U1"]


async def test_do_not_disturb_windows_are_in_utc(bare: Bare) -> None:
    window = {"dnd_enabled": True, "next_dnd_start_ts": 1741122000, "next_dnd_end_ts": 1741161600}
    none = {"dnd_enabled": False, "next_dnd_start_ts": 1, "next_dnd_end_ts": 1}
    gateway = await bare({"ok": True, "users": {"U1": window, "U2": none}}, 200)
    windows = await gateway.dnd(["U1", "U2"])
    assert windows == {
        "U1": (
            datetime(2025, 3, 4, 21, 0, tzinfo=UTC),
            datetime(2025, 3, 5, 8, 0, tzinfo=UTC),
        )
    }


@pytest.mark.parametrize(
    ("answer", "status", "error"),
    [("expired_url", 404, SlackFailure), ("used_url", 404, SlackFailure), ("x", 500, SlackInDoubt)],
)
async def test_a_response_url_that_no_longer_serves(
    bare: Bare, answer: str, status: int, error: type[BuyinError]
) -> None:
    gateway = await bare(answer, status)
    url = gateway.client.base_url + "respond"
    with pytest.raises(error):
        await gateway.respond(url, "Hello")


async def test_answering_where_somebody_clicked(bare: Bare) -> None:
    gateway = await bare("ok", 200)
    await gateway.respond(gateway.client.base_url + "respond", "Hello", replace_original=True)


def test_a_person_of_whom_slack_says_nearly_nothing() -> None:
    person = profile_of({"id": "U1", "tz": "Mars/Olympus", "profile": None})
    assert (person.name, person.tz, person.is_deleted) == ("", "UTC", False)
    assert profile_of({"id": "USLACKBOT"}).is_bot
