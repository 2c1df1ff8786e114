"""What apps receive, held against the documented shapes."""

from __future__ import annotations

import json
from datetime import date
from typing import Any
from urllib.parse import parse_qs

import pytest

from bot.playground import CannotDo, Installation, Json, Message, UserDriver, Workspace

from .conftest import Receiver
from .helpers import Api, actions, button, field, modal, option, plain, section

COMMAND = {
    "token", "team_id", "team_domain", "channel_id", "channel_name", "user_id", "user_name",
    "command", "text", "api_app_id", "is_enterprise_install", "response_url", "trigger_id",
}  # fmt: skip
INTERACTION = {
    "type", "team", "user", "api_app_id", "token", "enterprise", "is_enterprise_install",
}  # fmt: skip
MESSAGE_CLICK = INTERACTION | {
    "container", "trigger_id", "channel", "message", "state", "response_url", "actions",
}  # fmt: skip
VIEW_CLICK = INTERACTION | {"container", "trigger_id", "view", "actions"}
SUBMISSION = INTERACTION | {"trigger_id", "view", "response_urls"}
EVENT = {
    "token", "team_id", "context_team_id", "context_enterprise_id", "enterprise_id",
    "api_app_id", "event", "type", "event_id", "event_time", "authorizations",
    "is_ext_shared_channel", "event_context",
}  # fmt: skip


async def posted(web_api: Api, dana: UserDriver, *blocks: Json) -> Message:
    body = await web_api("chat.postMessage", channel="U0001", text="t", blocks=list(blocks))
    assert body["ok"], body
    return dana.dm[-1]


async def test_slash_command(dana: UserDriver, receiver: Receiver, web_app: Installation) -> None:
    sent = await dana.slash("/web", "new thing", channel="C0001")
    assert set(sent.payload) == COMMAND
    headers, raw = receiver.last
    assert headers["Content-Type"] == "application/x-www-form-urlencoded"
    form = {key: values[0] for key, values in parse_qs(raw.decode()).items()}
    assert form["text"] == "new thing"
    assert form["channel_name"] == "general"
    in_dm = await dana.slash("/web")
    assert in_dm.payload["channel_name"] == "directmessage"
    assert in_dm.payload["text"] == ""
    secret = await dana.slash("/web", channel="C0002")
    assert secret.payload["channel_name"] == "privategroup"
    with pytest.raises(CannotDo):
        await dana.slash("/nothing")


async def test_click_in_a_message(
    web_api: Api, dana: UserDriver, receiver: Receiver, web_app: Installation
) -> None:
    message = await posted(
        web_api, dana, actions(button("Very", "ask", value="3", style="primary"), block_id="q")
    )
    click = await dana.click(message, text="Very")
    body = click.payload
    assert set(body) == MESSAGE_CLICK
    assert body["user"] == {
        "id": "U0001", "username": "dana", "name": "dana", "team_id": "T0DEMO1",
    }  # fmt: skip
    assert body["team"] == {"id": "T0DEMO1", "domain": "demo"}
    assert body["enterprise"] is None
    assert body["container"] == {
        "type": "message", "message_ts": message.ts, "channel_id": message.channel,
        "is_ephemeral": False,
    }  # fmt: skip
    assert body["channel"] == {"id": message.channel, "name": "directmessage"}
    assert body["message"]["ts"] == message.ts
    assert body["message"]["bot_profile"]["app_id"] == "A0WEB"
    (action,) = body["actions"]
    assert set(action) == {
        "type", "action_id", "block_id", "text", "value", "style", "action_ts",
    }  # fmt: skip
    assert (action["value"], action["block_id"], action["type"]) == ("3", "q", "button")
    assert body["response_url"].startswith(web_api.slack.url)
    _, raw = receiver.last
    assert json.loads(parse_qs(raw.decode())["payload"][0]) == body


async def test_whoever_is_faster_than_their_screen_is_heard(
    web_api: Api, dana: UserDriver, receiver: Receiver, web_app: Installation
) -> None:
    message = await posted(web_api, dana, actions(button("Very", "ask", value="3"), block_id="q1"))
    again = [actions(button("Very", "ask", value="3"), block_id="q2")]
    where = {"channel": message.channel, "ts": message.ts}
    assert (await web_api("chat.update", **where, text="t", blocks=again))["ok"]
    with pytest.raises(CannotDo):
        await dana.click(message, action_id="ask", block_id="q1")
    click = await dana.click(message, action_id="ask", block_id="q1", as_shown=True)
    assert click.payload["actions"][0]["block_id"] == "q1"


async def test_click_in_an_ephemeral_message(
    web_api: Api, ws: Workspace, web_app: Installation, dana: UserDriver, receiver: Receiver
) -> None:
    ws.invite("C0001", web_app.bot_user_id)
    blocks = [actions(button("Go"))]
    await web_api("chat.postEphemeral", channel="C0001", user="U0001", text="t", blocks=blocks)
    click = await dana.click(dana.messages("C0001")[-1], text="Go")
    assert set(click.payload) == MESSAGE_CLICK - {"message"}
    assert click.payload["container"]["is_ephemeral"] is True


PICKS: list[tuple[Json, Any, str, Any]] = [
    ({"type": "static_select", "options": [option("a"), option("b")]}, "B",
     "selected_option", option("b")),
    ({"type": "multi_static_select", "options": [option("a"), option("b")]}, ["a", "b"],
     "selected_options", [option("a"), option("b")]),
    ({"type": "radio_buttons", "options": [option("a"), option("b")]}, "a",
     "selected_option", option("a")),
    ({"type": "checkboxes", "options": [option("a"), option("b")]}, ["b"],
     "selected_options", [option("b")]),
    ({"type": "overflow", "options": [option("a"), option("b")]}, "b",
     "selected_option", option("b")),
    ({"type": "users_select"}, "U0002", "selected_user", "U0002"),
    ({"type": "multi_users_select"}, ["U0002"], "selected_users", ["U0002"]),
    ({"type": "conversations_select"}, "C0001", "selected_conversation", "C0001"),
    ({"type": "channels_select"}, "C0001", "selected_channel", "C0001"),
    ({"type": "datepicker"}, date(2026, 3, 9), "selected_date", "2026-03-09"),
    ({"type": "timepicker"}, "09:30", "selected_time", "09:30"),
    ({"type": "datetimepicker"}, 1_772_000_000, "selected_date_time", 1_772_000_000),
]  # fmt: skip


@pytest.mark.parametrize(
    ("element", "value", "name", "expected"), PICKS, ids=[row[0]["type"] for row in PICKS]
)
async def test_every_kind_of_choice(
    web_api: Api, dana: UserDriver, element: Json, value: Any, name: str, expected: Any
) -> None:
    message = await posted(web_api, dana, actions({**element, "action_id": "pick"}, block_id="b"))
    sent = await dana.select(message, "pick", value)
    (action,) = sent.payload["actions"]
    assert action[name] == expected
    if element["type"] != "overflow":
        state = sent.payload["state"]["values"]["b"]["pick"]
        assert state == {"type": element["type"], name: expected}


async def test_clicking_options(web_api: Api, dana: UserDriver) -> None:
    boxes = {"type": "checkboxes", "action_id": "c", "options": [option("a"), option("b")],
             "initial_options": [option("a")]}  # fmt: skip
    message = await posted(web_api, dana, actions(boxes))
    sent = await dana.click(message, text="B")
    assert len(sent.payload["actions"][0]["selected_options"]) == 2
    sent = await dana.click(message, text="A")
    assert sent.payload["actions"][0]["selected_options"] == [option("b")]


async def test_state_of_one_message_is_per_person(
    web_api: Api, ws: Workspace, web_app: Installation, dana: UserDriver
) -> None:
    ws.invite("C0001", web_app.bot_user_id)
    menu = {"type": "static_select", "action_id": "m", "options": [option("a")]}
    blocks = [actions(menu, button("Go"), block_id="b")]
    await web_api("chat.postMessage", channel="C0001", text="t", blocks=blocks)
    message = dana.messages("C0001")[-1]
    await dana.select(message, "m", "a")
    click = await ws.user("U0002").click(message, text="Go")
    state = click.payload["state"]["values"]["b"]["m"]
    assert state == {"type": "static_select", "selected_option": None}


async def test_modal_payloads(web_api: Api, dana: UserDriver, receiver: Receiver) -> None:
    command = await dana.slash("/web")
    view = modal(field("b"), actions(button("More"), block_id="m"), private_metadata="{}")
    await web_api("views.open", trigger_id=command.payload["trigger_id"], view=view)
    click = await dana.click(text="More")
    assert set(click.payload) == VIEW_CLICK
    assert dana.view is not None
    assert click.payload["container"] == {"type": "view", "view_id": dana.view.id}
    await dana.type("typed", "text")
    sent = await dana.submit()
    assert set(sent.payload) == SUBMISSION
    assert sent.payload["view"]["state"]["values"] == {
        "b": {"text": {"type": "plain_text_input", "value": "typed"}}
    }
    assert sent.payload["view"]["private_metadata"] == "{}"


async def test_dispatching_input(web_api: Api, dana: UserDriver) -> None:
    message = await posted(web_api, dana, field("b", dispatch_action=True), section("x"))
    sent = await dana.type("hello", "text", message)
    assert sent.payload["actions"][0]["value"] == "hello"
    quiet = await posted(web_api, dana, field("b"))
    assert (await dana.type("hello", "text", quiet)).sent is False


async def test_confirm_dialogs(web_api: Api, dana: UserDriver) -> None:
    dialog = {name: plain("x") for name in ("title", "text", "confirm", "deny")}
    message = await posted(web_api, dana, actions(button("Stop", confirm=dialog)))
    assert (await dana.click(message, text="Stop", confirm=False)).sent is False
    assert (await dana.click(message, text="Stop")).sent


async def test_what_is_not_there_cannot_be_clicked(web_api: Api, dana: UserDriver) -> None:
    message = await posted(web_api, dana, actions(button("Yes", "yes")))
    with pytest.raises(CannotDo, match="Yes"):
        await dana.click(message, text="No")
    await web_api("chat.delete", channel=message.channel, ts=message.ts)
    with pytest.raises(CannotDo):
        await dana.click(message, text="Yes")


async def test_events(
    ws: Workspace, web_app: Installation, dana: UserDriver, receiver: Receiver
) -> None:
    opened = await dana.open_home()
    assert set(opened.payload) == EVENT
    assert opened.payload["type"] == "event_callback"
    assert set(opened.event) == {"type", "user", "channel", "tab", "event_ts"}
    assert opened.payload["authorizations"] == [
        {"enterprise_id": None, "team_id": "T0DEMO1", "user_id": web_app.bot_user_id,
         "is_bot": True, "is_enterprise_install": False}
    ]  # fmt: skip
    (changed,) = await ws.update_user("U0001", tz="Asia/Tokyo")
    assert changed.event["user"]["tz"] == "Asia/Tokyo"
    (rest,) = await ws.set_dnd("U0001", ws.playground.world.now(), ws.playground.world.now())
    assert rest.event["dnd_status"]["dnd_enabled"] is True
    (joined,) = await ws.invite("C0001", web_app.bot_user_id, inviter="U0001")
    assert joined.event["type"] == "member_joined_channel"
    assert joined.event["inviter"] == "U0001"
    (left,) = await ws.remove("C0001", "U0002")
    assert left.event["type"] == "member_left_channel"
    (archived,) = await ws.archive("C0001")
    assert archived.event["type"] == "channel_archive"
    ws.add_usergroup("S0001", "team")
    (group,) = await ws.update_usergroup("S0001", members=["U0001"])
    assert group.event["subteam"]["users"] == ["U0001"]


async def test_events_need_subscription_scope_and_presence(ws: Workspace, slack: Any) -> None:
    ws.install_app("A0FEW", ["chat:write"], events=["user_change", "member_joined_channel"])
    assert await ws.update_user("U0001", tz="Asia/Tokyo") == []
    assert await ws.invite("C0001", "U0003") == []


async def test_uninstalling(ws: Workspace, web_app: Installation, receiver: Receiver) -> None:
    (gone,) = await ws.app_uninstalled(web_app)
    assert gone.event["type"] == "app_uninstalled"
    assert gone.payload["authorizations"] == []
    assert await ws.update_user("U0001", tz="Asia/Tokyo") == []


async def test_organisations(slack: Any, receiver: Receiver) -> None:
    ws = slack.add_workspace("Grid", "T0GRID1", enterprise_id="E0001")
    ws.add_user("U0009", "gil")
    ws.install_app("A0G", ["commands"], commands=["/g"], mode="http", request_url=receiver.url)
    sent = await ws.user("U0009").slash("/g")
    assert sent.payload["enterprise_id"] == "E0001"
    assert (await ws.user("U0009").open_home()).payload["context_enterprise_id"] == "E0001"
