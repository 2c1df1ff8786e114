"""Triggers, modals and the Home tab."""

from __future__ import annotations

from typing import Any

import pytest

from bot.playground import (
    Delivery,
    FormIncomplete,
    Installation,
    Json,
    Playground,
    UserDriver,
    Workspace,
)

from .conftest import Receiver
from .helpers import Api, Clock, actions, button, field, home, modal, option, plain, section


async def trigger(web_app: Installation, person: UserDriver) -> str:
    """A fresh trigger_id, as a command brings it."""
    return str((await person.slash("/web")).payload["trigger_id"])


@pytest.fixture
def opened(web_api: Api, web_app: Installation, dana: UserDriver) -> Any:
    """Opens a modal for Dana."""

    async def open_it(view: Json) -> Json:
        body = await web_api("views.open", trigger_id=await trigger(web_app, dana), view=view)
        assert body["ok"], body
        view_json: Json = body["view"]
        return view_json

    return open_it


async def test_a_trigger_lives_three_seconds(
    web_api: Api, web_app: Installation, dana: UserDriver, clock: Clock
) -> None:
    first = await trigger(web_app, dana)
    clock.move(seconds=3.1)
    late = await web_api("views.open", trigger_id=first, view=modal())
    assert late["error"] == "expired_trigger_id"
    assert dana.view is None
    second = await trigger(web_app, dana)
    clock.move(seconds=2.9)
    assert (await web_api("views.open", trigger_id=second, view=modal()))["ok"]


async def test_a_trigger_is_exchanged_once(
    web_api: Api, web_app: Installation, dana: UserDriver
) -> None:
    once = await trigger(web_app, dana)
    assert (await web_api("views.open", trigger_id=once, view=modal()))["ok"]
    again = await web_api("views.open", trigger_id=once, view=modal())
    assert again["error"] == "exchanged_trigger_id"
    unknown = await web_api("views.open", trigger_id="1.2.3", view=modal())
    assert unknown["error"] == "invalid_trigger_id"
    assert (await web_api("views.open", view=modal()))["error"] == "invalid_arguments"


async def test_bad_views_are_refused_with_the_place(
    web_api: Api, web_app: Installation, dana: UserDriver
) -> None:
    view = modal(title=plain("x" * 25))
    body = await web_api("views.open", trigger_id=await trigger(web_app, dana), view=view)
    assert body["error"] == "invalid_arguments"
    assert body["response_metadata"]["messages"] == [
        "[ERROR] failed to match all allowed schemas [json-pointer:/view]",
        "[ERROR] must be less than 25 characters [json-pointer:/view/title/text]",
    ]
    wrong = await web_api("views.publish", user_id="U0001", view=modal())
    assert wrong["error"] == "invalid_arguments"


async def test_view_json_as_documented(opened: Any, web_app: Installation) -> None:
    view = await opened(modal(field("b"), private_metadata="m", notify_on_close=True))
    assert set(view) >= {
        "id", "team_id", "type", "blocks", "private_metadata", "callback_id", "state", "hash",
        "title", "clear_on_close", "notify_on_close", "close", "submit", "previous_view_id",
        "root_view_id", "app_id", "external_id", "app_installed_team_id", "bot_id",
    }  # fmt: skip
    assert view["root_view_id"] == view["id"]
    assert view["previous_view_id"] is None
    assert view["app_id"] == web_app.app_id


async def test_stack_of_three(
    opened: Any, web_api: Api, dana: UserDriver, receiver: Receiver
) -> None:
    first = await opened(modal(actions(button("More")), title=plain("One")))
    for title in ("Two", "Three"):
        click = await dana.click(text="More")
        view = modal(actions(button("More")), title=plain(title))
        body = await web_api("views.push", trigger_id=click.payload["trigger_id"], view=view)
        assert body["view"]["root_view_id"] == first["id"]
    click = await dana.click(text="More")
    full = await web_api("views.push", trigger_id=click.payload["trigger_id"], view=modal())
    assert full["error"] == "push_limit_reached"
    assert [view.title["text"] for view in dana.stack if view.title] == ["One", "Two", "Three"]
    await dana.close()
    assert len(dana.stack) == 2
    await dana.close(everything=True)
    assert dana.view is None


async def test_push_needs_a_modal(web_api: Api, web_app: Installation, dana: UserDriver) -> None:
    from_command = await trigger(web_app, dana)
    body = await web_api("views.push", trigger_id=from_command, view=modal())
    assert body["error"] == "invalid_trigger_id"


async def test_update_checks_id_and_hash(opened: Any, web_api: Api, dana: UserDriver) -> None:
    view = await opened(modal(external_id="mine"))
    stale = await web_api("views.update", view_id=view["id"], hash="old", view=modal())
    assert stale["error"] == "hash_conflict"
    fresh = await web_api("views.update", view_id=view["id"], hash=view["hash"], view=modal())
    assert fresh["view"]["hash"] != view["hash"]
    assert (await web_api("views.update", view_id="V9", view=modal()))["error"] == "not_found"
    await dana.close()
    gone = await web_api("views.update", view_id=view["id"], view=modal())
    assert gone["error"] == "not_found"


async def test_update_by_external_id(opened: Any, web_api: Api, dana: UserDriver) -> None:
    await opened(modal(external_id="mine"))
    view = modal(section("new"), external_id="mine")
    assert (await web_api("views.update", external_id="mine", view=view))["ok"]
    assert dana.view is not None
    assert dana.view.blocks[0]["text"]["text"] == "new"


async def test_update_keeps_what_was_typed(opened: Any, web_api: Api, dana: UserDriver) -> None:
    view = await opened(modal(field("a", "First"), field("b", "Second")))
    await dana.fill(dana.view, {"First": "kept", "Second": "lost"})
    changed = modal(section("new"), field("a", "First again"), field("c", "Third"))
    body = await web_api("views.update", view_id=view["id"], view=changed)
    values = body["view"]["state"]["values"]
    assert values["a"]["text"]["value"] == "kept"
    assert values["c"]["text"]["value"] is None
    assert "b" not in values


async def test_initial_values_count_until_changed(
    opened: Any, dana: UserDriver, receiver: Receiver
) -> None:
    text = {"type": "plain_text_input", "action_id": "t", "initial_value": "before"}
    menu = {"type": "static_select", "action_id": "s", "options": [option("a"), option("b")],
            "initial_option": option("a")}  # fmt: skip
    await opened(modal(field("t", element=text), field("s", element=menu)))
    values = (await dana.submit({"s": "B"})).payload["view"]["state"]["values"]
    assert values["t"]["t"] == {"type": "plain_text_input", "value": "before"}
    assert values["s"]["s"]["selected_option"]["value"] == "b"


async def test_the_client_refuses_what_slacks_would(
    opened: Any, dana: UserDriver, slack: Playground
) -> None:
    short = {"type": "plain_text_input", "action_id": "t", "min_length": 3}
    number = {"type": "number_input", "action_id": "n", "is_decimal_allowed": False,
              "max_value": "10"}  # fmt: skip
    await opened(modal(
        field("must", "Must"), field("may", "May", optional=True),
        field("short", "Short", element=short), field("n", "Number", element=number),
    ))  # fmt: skip
    before = len(slack.deliveries)
    with pytest.raises(FormIncomplete) as caught:
        await dana.submit({"Short": "ab", "Number": "11"})
    assert set(caught.value.errors) == {"must", "short", "n"}
    assert len(slack.deliveries) == before
    assert (await dana.submit({"Must": "x", "Short": "abc", "Number": "10"})).ok


SubmitAnswer = Json | None


async def submit(dana: UserDriver, receiver: Receiver, answer: SubmitAnswer) -> Delivery:
    receiver.answer = lambda body: answer
    return await dana.submit({"Name": "x"})


async def test_response_actions(opened: Any, dana: UserDriver, receiver: Receiver) -> None:
    await opened(modal(field("b")))
    await submit(dana, receiver, {"response_action": "errors", "errors": {"b": "not this"}})
    assert dana.view_errors == {"b": "not this"}
    pushed = modal(field("b"), title=plain("Pushed"))
    await submit(dana, receiver, {"response_action": "push", "view": pushed})
    assert len(dana.stack) == 2
    updated = modal(field("b"), title=plain("Updated"))
    await submit(dana, receiver, {"response_action": "update", "view": updated})
    assert dana.view is not None
    assert dana.view.title == plain("Updated")
    await submit(dana, receiver, {"response_action": "clear"})
    assert dana.view is None


async def test_wrong_response_actions_leave_the_modal(
    opened: Any, dana: UserDriver, receiver: Receiver
) -> None:
    await opened(modal(field("b")))
    wrong = await submit(dana, receiver, {"response_action": "errors", "errors": {"zzz": "no"}})
    assert wrong.error == "invalid_response_errors"
    wrong = await submit(dana, receiver, {"response_action": "update", "view": {"type": "modal"}})
    assert wrong.error == "invalid_arguments"
    assert "missing required field: title" in wrong.reason
    wrong = await submit(dana, receiver, {"response_action": "explode"})
    assert not wrong.ok
    assert dana.view is not None
    assert len(dana.notices) == 3


async def test_an_app_that_does_not_answer(
    opened: Any, dana: UserDriver, receiver: Receiver, slack: Playground
) -> None:
    await opened(modal(field("b")))
    slack.core.timing.ack_timeout = 0.01
    receiver.url = ""
    dana.team.installs["A0WEB"].app.request_url = "http://127.0.0.1:9/"
    failed = await dana.submit({"Name": "x"})
    assert failed.error == "connection_failed"
    assert dana.view is not None
    assert dana.notices


async def test_view_closed_only_when_asked_for(
    opened: Any, dana: UserDriver, receiver: Receiver
) -> None:
    await opened(modal())
    assert (await dana.close()).sent is False
    await opened(modal(notify_on_close=True))
    closed = await dana.close()
    assert closed.payload["type"] == "view_closed"
    assert closed.payload["is_cleared"] is False


async def test_home(web_api: Api, ws: Workspace, dana: UserDriver, receiver: Receiver) -> None:
    assert dana.home is None
    opened = await dana.open_home()
    assert "view" not in opened.event
    view = home(actions(button("Start", "start", value="1")))
    body = await web_api("views.publish", user_id="U0001", view=view)
    stale = await web_api("views.publish", user_id="U0001", view=view, hash="old")
    assert stale["error"] == "hash_conflict"
    assert (await dana.open_home()).event["view"]["id"] == body["view"]["id"]
    click = await dana.click(dana.home, text="Start")
    assert click.payload["container"] == {"type": "view", "view_id": body["view"]["id"]}
    assert (await web_api("views.publish", user_id="U9", view=view))["error"] == "user_not_found"


async def test_external_options(opened: Any, dana: UserDriver, receiver: Receiver) -> None:
    element = {"type": "external_select", "action_id": "pick", "min_query_length": 0}
    await opened(modal(field("b", element=element)))
    receiver.answer = lambda body: {"options": [option("found", body["value"])]}
    offered = await dana.options("pick", "que")
    assert offered == [option("found", "que")]
    receiver.answer = lambda body: None
    done = await dana.submit({"Name": offered[0]})
    state = done.payload["view"]["state"]["values"]["b"]["pick"]
    assert state["selected_option"]["value"] == "found"


async def test_response_urls_of_a_form(
    opened: Any, dana: UserDriver, receiver: Receiver, web_api: Api
) -> None:
    element = {
        "type": "conversations_select",
        "action_id": "where",
        "response_url_enabled": True,
        "default_to_current_conversation": True,
    }
    await opened(modal(field("b", element=element)))
    done = await dana.submit()
    (entry,) = done.payload["response_urls"]
    assert entry["block_id"] == "b"
    status, _ = await web_api.respond(entry["response_url"], text="x", response_type="in_channel")
    assert status == 200
