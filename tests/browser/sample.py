"""A small app on a local Slack, made by hand: every block, a form with errors, a Home tab."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import aiohttp
from aiohttp import web

from bot.playground import Installation, Json, Message, Playground, Workspace
from tests import patience

from .kitchen import HOME, KITCHEN, PICTURE, QUESTION, answered, form, mrkdwn_message, second_form

SCOPES = ("chat:write", "commands", "users:read", "files:write", "channels:read")
START = datetime(2026, 3, 2, 8, 5, tzinfo=UTC)


class Sample:
    """The app: what it was sent, and its answers."""

    def __init__(self, slack: Playground) -> None:
        self.slack = slack
        self.payloads: list[Json] = []
        self.session = aiohttp.ClientSession()
        self.ws: Workspace
        self.install: Installation
        self._tasks: set[asyncio.Task[Any]] = set()

    def last(self, kind: str) -> Json:
        """The newest payload of this type."""
        return next(body for body in reversed(self.payloads) if body.get("type") == kind)

    async def api(self, method: str, **args: Any) -> Json:
        """Call the Web API with the bot's token."""
        headers = {"Authorization": f"Bearer {self.install.bot_token}"}
        url = f"{self.slack.api_url}{method}"
        async with self.session.post(url, json=args, headers=headers) as response:
            found: Json = await response.json()
        if not found["ok"]:
            raise AssertionError(f"{method}: {found}")
        return found

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Serve the app's request URL."""
        sent = dict(await request.post()) or await request.json()
        body: Json = json.loads(str(sent["payload"])) if "payload" in sent else sent
        if "command" in body:
            body["type"] = "slash_commands"
        self.payloads.append(body)
        answer = await getattr(self, f"on_{body['type']}")(body)
        return web.Response() if answer is None else web.json_response(answer)

    async def on_slash_commands(self, body: Json) -> Json | None:
        """`/sample form` opens the form, `/sample hello` answers for the person alone."""
        if body["text"] == "form":
            await self.api("views.open", trigger_id=body["trigger_id"], view=form())
            return None
        return {"text": f"You typed *{body['text']}*", "response_type": "ephemeral"}

    async def on_block_actions(self, body: Json) -> None:
        """Answer a click in the message, or change the form."""
        action = body["actions"][0]
        if action["action_id"] == "answer":
            said = answered(action["value"])
            await self._respond(body["response_url"], replace_original=True, **said)
        elif action["action_id"] == "dismiss":
            await self._respond(body["response_url"], delete_original=True)
        elif action["action_id"] == "open_form":
            await self.api("views.open", trigger_id=body["trigger_id"], view=form())
        elif action["action_id"] == "more":
            view = body["view"]
            args = {"view_id": view["id"], "hash": view["hash"], "view": form(more=True)}
            await self.api("views.update", **args)
        elif action["action_id"] == "deeper":
            await self.api("views.push", trigger_id=body["trigger_id"], view=second_form())

    async def on_view_submission(self, body: Json) -> Json | None:
        """The name "taken" is an error; "clear" closes everything."""
        values = body["view"]["state"]["values"]
        name = values.get("name", {}).get("value", {}).get("value") or ""
        if name == "taken":
            errors = {"name": "There is one of that name already. Choose another."}
            return {"response_action": "errors", "errors": errors}
        if name == "push":
            return {"response_action": "push", "view": second_form()}
        if body["view"]["callback_id"] == "second":
            return {"response_action": "clear"}
        await self.api("chat.postMessage", channel=body["user"]["id"], text=f"Saved “{name}”.")
        return None

    async def on_view_closed(self, body: Json) -> None:
        """Nothing to do."""

    async def on_block_suggestion(self, body: Json) -> Json:
        """Cities that begin with what was typed."""
        cities = ["Berlin", "Bern", "Bergen", "Boston", "Kolkata"]
        found = [city for city in cities if city.lower().startswith(body["value"].lower())]
        return {"options": [_option(city) for city in found]}

    async def on_event_callback(self, body: Json) -> None:
        """Publish the Home tab when somebody opens it."""
        event = body["event"]
        if event["type"] == "app_home_opened" and event["tab"] == "home":
            await self.api("views.publish", user_id=event["user"], view=HOME)

    async def _respond(self, url: str, **body: Any) -> None:
        async with self.session.post(url, json=body) as response:
            assert response.status == 200, await response.text()

    # -- seeding -----------------------------------------------------------------------------

    async def seed(self) -> None:
        """A first morning: a picture, a question, every block, something for Dana alone."""
        picture = await self.upload("figures.png", PICTURE)
        await self.api("chat.postMessage", channel="C0001", text="Good morning, all.")
        await self.api("chat.postMessage", channel="C0001", **mrkdwn_message())
        blocks = KITCHEN(picture)
        await self.api("chat.postMessage", channel="U0DANA", text="All blocks", blocks=blocks)
        await self.api("chat.postMessage", channel="U0DANA", **QUESTION)
        await self.api("chat.postMessage", channel="U0EMIL", **QUESTION)
        for_dana = {"text": "Only for your eyes, Dana."}
        await self.api("chat.postEphemeral", channel="C0001", user="U0DANA", **for_dana)

    async def upload(self, name: str, content: bytes) -> str:
        """Store a picture; its id."""
        begun = await self.api("files.getUploadURLExternal", filename=name, length=len(content))
        async with self.session.post(begun["upload_url"], data=content) as response:
            assert response.status == 200
        await self.api("files.completeUploadExternal", files=[{"id": begun["file_id"]}])
        return str(begun["file_id"])

    def flood(self, count: int, channel: str = "C0001") -> list[Message]:
        """Many messages in one conversation, without the Web API."""
        world, team = self.slack.world, self.ws.team
        place = team.channels[channel]
        made = []
        for number in range(count):
            text = f"Message number *{number}* from <@U0EMIL>: all is well :seedling:"
            message = world.new_message(
                team, place, user="U0EMIL", text=text, blocks=[], ephemeral_to=None
            )
            made.append(world.post(team, place, message))
        return made


def _option(text: str) -> Json:
    return {"text": {"type": "plain_text", "text": text}, "value": text.lower()}


@asynccontextmanager
async def running(seeded: bool = True) -> AsyncIterator[Sample]:
    """A local Slack with people, a channel and the app."""
    slack = patience.slack(lambda: START)
    await slack.start()
    sample = Sample(slack)
    application = web.Application()
    application.router.add_post("/slack/events", sample.handle)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        _people(slack, sample, f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events")
        if seeded:
            await sample.seed()
        yield sample
    finally:
        await sample.session.close()
        await slack.stop()
        await runner.cleanup()


def _people(slack: Playground, sample: Sample, url: str) -> None:
    ws = sample.ws = slack.add_workspace("Sample", "T0SAMPLE")
    ws.add_user("U0DANA", "dana", real_name="Dana Demo", tz="Europe/Berlin", title="Owner")
    ws.add_user("U0EMIL", "emil", real_name="Emil Demo", tz="America/New_York")
    ws.add_user("U0FAY", "fay", real_name="Fay Demo", tz="Asia/Kolkata")
    command = {
        "command": "/sample",
        "description": "Try the sample",
        "usage_hint": "[form · hello]",
    }
    sample.install = ws.install_app(
        "A0SAMPLE", SCOPES, name="Sample app", commands=[command], mode="http", request_url=url
    )
    everybody = ["U0DANA", "U0EMIL", "U0FAY", sample.install.bot_user_id]
    ws.add_channel("C0001", "general", members=everybody)
    ws.add_channel("C0002", "shelves", members=["U0DANA", sample.install.bot_user_id])


async def _stay() -> None:
    async with running() as sample:
        print(sample.slack.url, flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_stay())
