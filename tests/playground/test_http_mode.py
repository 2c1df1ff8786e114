"""Signed HTTP deliveries: by hand, and with Bolt."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground import Installation, Json, Playground, UserDriver, Workspace

from .conftest import Receiver
from .helpers import SCOPES, actions, button


async def test_signatures_hold(dana: UserDriver, web_app: Installation, receiver: Receiver) -> None:
    await dana.slash("/web", "a & b = ü")
    await dana.open_home()
    verifier = SignatureVerifier(web_app.signing_secret)
    for headers, raw in receiver.requests:
        assert verifier.is_valid_request(raw, headers)
    headers, raw = receiver.last
    assert not verifier.is_valid_request(raw + b" ", headers)


async def test_url_verification(
    slack: Playground, web_app: Installation, receiver: Receiver
) -> None:
    receiver.answer = lambda body: {"challenge": body["challenge"]}
    assert await slack.verify_request_url(web_app)
    receiver.answer = lambda body: {}
    assert not await slack.verify_request_url(web_app)


async def test_command_acks_become_messages(
    dana: UserDriver, ws: Workspace, web_app: Installation, receiver: Receiver
) -> None:
    receiver.answer = lambda body: web.Response(text="just text")
    assert (await dana.slash("/web", channel="C0001")).message is not None
    receiver.answer = lambda body: {"text": "for all", "response_type": "in_channel"}
    await dana.slash("/web", channel="C0001")
    texts = [message.text for message in dana.messages("C0001")]
    assert texts == ["just text", "for all"]
    assert [m.text for m in ws.user("U0002").messages("C0001")] == ["for all"]
    receiver.answer = lambda body: {"blocks": [{"type": "sparkle"}]}
    assert (await dana.slash("/web")).error == "invalid_blocks"


async def test_errors_and_redirects_fail(
    dana: UserDriver, web_app: Installation, receiver: Receiver
) -> None:
    receiver.answer = lambda body: web.Response(status=500)
    failed = await dana.slash("/web")
    assert (failed.status, failed.error) == (500, "http_error")
    assert "http_service_error" in dana.notices[-1]
    receiver.answer = lambda body: web.Response(status=302, headers={"Location": "/elsewhere"})
    assert (await dana.slash("/web")).status == 302


async def test_events_are_retried_three_times(
    dana: UserDriver, slack: Playground, web_app: Installation, receiver: Receiver
) -> None:
    receiver.answer = lambda body: web.Response(status=500)
    await dana.open_home()
    await slack.settle()
    assert len(receiver.requests) == 2
    await slack.run_retries()
    await slack.run_retries()
    assert await slack.run_retries() == []
    sent = [headers for headers, _ in receiver.requests]
    assert [one.get("X-Slack-Retry-Num") for one in sent] == [None, "1", "2", "3"]
    assert sent[3]["X-Slack-Retry-Reason"] == "http_error"
    ids = {json.loads(raw)["event_id"] for _, raw in receiver.requests}
    assert len(ids) == 1


async def test_a_retry_that_works_is_the_last(
    dana: UserDriver, slack: Playground, web_app: Installation, receiver: Receiver
) -> None:
    answers = iter([500, 500, 200])
    receiver.answer = lambda body: web.Response(status=next(answers))
    await dana.open_home()
    await slack.settle()
    await slack.run_retries()
    assert await slack.run_retries() == []


async def test_no_retry_header(
    dana: UserDriver, slack: Playground, web_app: Installation, receiver: Receiver
) -> None:
    receiver.answer = lambda body: web.Response(status=500, headers={"X-Slack-No-Retry": "1"})
    await dana.open_home()
    await slack.settle()
    assert len(receiver.requests) == 1


async def test_interactions_are_not_retried(
    dana: UserDriver, slack: Playground, web_app: Installation, receiver: Receiver
) -> None:
    receiver.answer = lambda body: web.Response(status=500)
    await dana.slash("/web")
    assert await slack.run_retries() == []
    assert len(receiver.requests) == 1


@pytest.fixture
async def bolt(slack: Playground, ws: Workspace) -> AsyncIterator[AsyncApp]:
    """A Bolt app behind a request URL."""
    install = ws.install_app("A0BOLT", SCOPES, commands=["/bolt"], mode="http")
    client = AsyncWebClient(install.bot_token, base_url=slack.api_url)
    found = AsyncApp(
        client=client, signing_secret=install.signing_secret, process_before_response=True
    )
    runner = web.AppRunner(found.server(port=0, path="/slack/events").web_app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    install.app.request_url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    assert await slack.verify_request_url(install)
    yield found
    await runner.cleanup()


async def test_a_bolt_app_over_http(bolt: AsyncApp, slack: Playground, dana: UserDriver) -> None:
    @bolt.command("/bolt")
    async def command(ack: Any, body: Json, client: AsyncWebClient) -> None:
        blocks = [actions(button("Yes", "yes"))]
        await client.chat_postMessage(channel=body["user_id"], text="Ready?", blocks=blocks)
        await ack()

    @bolt.action("yes")
    async def answered(ack: Any, respond: Any) -> None:
        await ack()
        await respond(text="Thanks", replace_original=True)

    assert (await dana.slash("/bolt")).ok
    assert (await dana.click(dana.dm[-1], text="Yes")).ok
    await slack.settle()
    assert dana.dm[-1].text == "Thanks"
