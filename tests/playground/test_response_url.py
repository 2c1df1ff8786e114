"""``response_url``: five uses, thirty minutes, replacing and deleting."""

from __future__ import annotations

import aiohttp
import pytest

from bot.playground import Installation, Message, Playground, UserDriver, Workspace

from .helpers import Api, Clock, actions, button, section


async def clicked(web_api: Api, dana: UserDriver) -> tuple[Message, str]:
    blocks = [actions(button("Go"))]
    await web_api("chat.postMessage", channel="U0001", text="t", blocks=blocks)
    message = dana.dm[-1]
    click = await dana.click(message, text="Go")
    return message, str(click.payload["response_url"])


async def test_five_uses(web_api: Api, dana: UserDriver) -> None:
    _, url = await clicked(web_api, dana)
    found = [await web_api.respond(url, text=f"{number}") for number in range(6)]
    assert found[:5] == [(200, {"ok": True})] * 5
    assert found[5] == (404, {"ok": False, "error": "used_url"})
    assert [message.text for message in dana.dm[1:]] == ["0", "1", "2", "3", "4"]


async def test_thirty_minutes(web_api: Api, dana: UserDriver, clock: Clock) -> None:
    _, url = await clicked(web_api, dana)
    clock.move(minutes=30)
    assert (await web_api.respond(url, text="x"))[0] == 200
    clock.move(seconds=1)
    assert await web_api.respond(url, text="x") == (404, {"ok": False, "error": "expired_url"})
    unknown = url.rsplit("/", 1)[0] + "/nonsense"
    assert (await web_api.respond(unknown, text="x"))[0] == 404


async def test_replace_and_delete(web_api: Api, dana: UserDriver) -> None:
    message, url = await clicked(web_api, dana)
    await web_api.respond(url, text="new", replace_original=True, blocks=[section("new")])
    assert message.blocks[0]["text"]["text"] == "new"
    assert message.history[-1]["what"] == "replaced"
    await web_api.respond(url, delete_original=True)
    assert message.deleted
    assert message not in dana.dm
    status, body = await web_api.respond(url, text="x", replace_original=True)
    assert (status, body["error"]) == (400, "message_not_found")


async def test_ephemeral_by_default(
    web_api: Api, ws: Workspace, web_app: Installation, dana: UserDriver
) -> None:
    command = await dana.slash("/web", channel="C0001")
    url = str(command.payload["response_url"])
    await web_api.respond(url, text="for you")
    await web_api.respond(url, text="for all", response_type="in_channel")
    assert [m.text for m in dana.messages("C0001")] == ["for you", "for all"]
    assert [m.text for m in ws.user("U0002").messages("C0001")] == ["for all"]
    await web_api.respond(url, text="changed", replace_original=True)
    assert dana.messages("C0001")[0].text == "changed"


async def test_works_on_ephemeral_messages(
    web_api: Api, ws: Workspace, web_app: Installation, dana: UserDriver
) -> None:
    ws.invite("C0001", web_app.bot_user_id)
    blocks = [actions(button("Go"))]
    await web_api("chat.postEphemeral", channel="C0001", user="U0001", text="t", blocks=blocks)
    message = dana.messages("C0001")[-1]
    click = await dana.click(message, text="Go")
    await web_api.respond(click.payload["response_url"], text="done", replace_original=True)
    assert (message.text, message.blocks) == ("done", [])


async def test_strict_about_content(web_api: Api, dana: UserDriver, slack: Playground) -> None:
    _, url = await clicked(web_api, dana)
    assert (await web_api.respond(url))[1]["error"] == "no_text"
    status, body = await web_api.respond(url, text="x", blocks=[{"type": "sparkle"}])
    assert (status, body["error"]) == (400, "invalid_blocks")
    assert body["errors"] == ["unsupported type: sparkle [json-pointer:/blocks/0/type]"]
    before = len(dana.dm)
    slack.faults.server_error("response_url")
    slack.faults.rate_limited("response_url")
    slack.faults.malformed("response_url")
    for status in (500, 429, 200):
        async with web_api.session.post(url, json={"text": "x"}) as response:
            assert response.status == status
    slack.faults.cut_after("response_url")
    with pytest.raises(aiohttp.ClientError):
        await web_api.respond(url, text="x")
    assert len(dana.dm) == before + 2
