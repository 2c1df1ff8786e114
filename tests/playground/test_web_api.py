"""The Web API: answers, error codes, paging, and slack_sdk as a client."""

from __future__ import annotations

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground import Installation, Playground, UserDriver, Workspace

from .helpers import Api, actions, button, section


async def test_listens_on_loopback_only() -> None:
    for host in ("0.0.0.0", "192.0.2.1", "example.com", "::"):
        with pytest.raises(ValueError, match="loopback"):
            await Playground().start(host)


async def test_refuses_requests_for_another_host(slack: Playground, api: Api) -> None:
    headers = {"Host": "evil.example"}
    async with api.session.get(f"{slack.url}/_control/state", headers=headers) as response:
        assert response.status == 403


async def test_auth_test_tells_who_and_lists_scopes(api: Api, app: Installation) -> None:
    response = await api.raw("auth.test")
    body = await response.json()
    assert body["ok"]
    assert body["team_id"] == "T0DEMO1"
    assert body["user_id"] == app.bot_user_id
    assert body["bot_id"] == app.bot_id
    assert response.headers["x-oauth-scopes"] == app.provided


@pytest.mark.parametrize(("token", "code"), [("", "not_authed"), ("xoxb-nonsense", "invalid_auth")])
async def test_bad_tokens(api: Api, token: str, code: str) -> None:
    assert await api("auth.test", token=token) == {"ok": False, "error": code}


async def test_tokens_die(api: Api, ws: Workspace, app: Installation) -> None:
    ws.tokens_revoked(app)
    assert (await api("auth.test"))["error"] == "token_revoked"
    ws.app_uninstalled(app)
    assert (await api("auth.test"))["error"] == "account_inactive"


async def test_kinds_of_tokens(api: Api, app: Installation) -> None:
    wrong = await api("auth.test", token=app.app_token)
    assert wrong["error"] == "not_allowed_token_type"
    assert (await api("apps.connections.open"))["error"] == "not_allowed_token_type"
    assert (await api("apps.connections.open", token=app.app_token))["url"].startswith("ws://")


async def test_missing_scope_says_which(slack: Playground, ws: Workspace) -> None:
    small = ws.install_app("A0SMALL", ["commands"])
    api = Api(slack, small)
    body = await api("chat.postMessage", channel="U0001", text="hi")
    await api.session.close()
    assert body == {
        "ok": False,
        "error": "missing_scope",
        "needed": "chat:write",
        "provided": "commands",
    }


async def test_unknown_method(api: Api) -> None:
    body = await api("chat.shout")
    assert body == {"ok": False, "error": "unknown_method", "req_method": "chat.shout"}


async def test_form_json_and_get_all_work(slack: Playground, api: Api) -> None:
    form = {"token": api.token, "channel": "U0001", "text": "a form"}
    async with api.session.post(f"{slack.api_url}chat.postMessage", data=form) as response:
        assert (await response.json())["message"]["text"] == "a form"
    query = {"token": api.token, "user": "U0001"}
    async with api.session.get(f"{slack.api_url}users.info", params=query) as response:
        assert (await response.json())["user"]["name"] == "dana"
    assert "token" not in slack.log.of("users.info")[0].args


async def test_message_to_a_person_opens_the_dm(api: Api, dana: UserDriver) -> None:
    first = await api("chat.postMessage", channel="U0001", text="hello")
    again = await api("chat.postMessage", channel=first["channel"], text="again")
    assert first["channel"].startswith("D")
    assert again["channel"] == first["channel"]
    assert [message.text for message in dana.dm] == ["hello", "again"]
    assert float(again["ts"]) > float(first["ts"])


async def test_who_can_be_written_to(api: Api, ws: Workspace, app: Installation) -> None:
    ws.update_user("U0002", deleted=True)
    assert (await api("chat.postMessage", channel="U0002", text="x"))["error"] == "user_disabled"
    ws.update_user("U0003", is_visible=False)
    assert (await api("chat.postMessage", channel="U0003", text="x"))["error"] == "user_not_visible"
    bot = await api("chat.postMessage", channel=app.bot_user_id, text="x")
    assert bot["error"] == "cannot_dm_bot"
    assert (await api("chat.postMessage", channel="U9", text="x"))["error"] == "channel_not_found"
    app.app.messages_tab = False
    closed = await api("chat.postMessage", channel="U0001", text="x")
    assert closed["error"] == "messages_tab_disabled"


async def test_channels_need_membership(api: Api, ws: Workspace, app: Installation) -> None:
    async def post(channel: str) -> str | None:
        return (await api("chat.postMessage", channel=channel, text="x")).get("error")

    assert await post("C0001") == "not_in_channel"
    assert await post("C0002") == "channel_not_found"
    assert await post("C9999") == "channel_not_found"
    ws.invite("C0001", app.bot_user_id)
    ws.invite("C0002", app.bot_user_id)
    assert await post("C0001") is None
    assert await post("C0002") is None
    assert await post("#general") is None
    ws.archive("C0001")
    assert await post("C0001") == "is_archived"


async def test_public_channels_with_the_public_scope(slack: Playground, ws: Workspace) -> None:
    install = ws.install_app("A0PUB", ["chat:write", "chat:write.public"])
    api = Api(slack, install)
    assert (await api("chat.postMessage", channel="C0001", text="x"))["ok"]
    assert (await api("chat.postMessage", channel="C0002", text="x"))["ok"] is False
    await api.session.close()


async def test_content_errors(api: Api) -> None:
    async def post(**content: object) -> str | None:
        return (await api("chat.postMessage", channel="U0001", **content)).get("error")

    assert await post() == "no_text"
    assert await post(text="") == "no_text"
    assert await post(text="x" * 40_001) == "msg_too_long"
    assert await post(text="x", blocks="nonsense") == "invalid_blocks_format"
    assert await post(text="x", blocks={"type": "divider"}) == "invalid_blocks_format"
    assert await post(text="x", blocks=["divider"]) == "invalid_blocks_format"
    assert await post(text="x", blocks=[section("y" * 2900)] * 5) == "msg_blocks_too_long"
    assert await post(text="x", attachments=[{}] * 101) == "too_many_attachments"
    assert await post(text="x", thread_ts="1.1") == "thread_not_found"
    assert await post(text="x", metadata={"event_type": "a"}) == "invalid_metadata_schema"
    metadata = {"event_type": "ask", "event_payload": {"id": "1"}}
    assert await post(text="x", metadata=metadata) is None


async def test_invalid_blocks_point_at_the_place(api: Api) -> None:
    blocks = [section("fine"), actions(button("a"), button("b"))]
    body = await api("chat.postMessage", channel="U0001", text="x", blocks=blocks)
    message = '`action_id` "go" already exists [json-pointer:/blocks/1/elements/1/action_id]'
    assert body["error"] == "invalid_blocks"
    assert body["errors"] == [message]
    assert body["response_metadata"]["messages"] == [f"[ERROR] {message}"]


async def test_ids_are_filled_in(api: Api) -> None:
    blocks = [{"type": "actions", "elements": [{"type": "button", "text": button("a")["text"]}]}]
    body = await api("chat.postMessage", channel="U0001", text="x", blocks=blocks)
    block = body["message"]["blocks"][0]
    assert block["block_id"]
    assert block["elements"][0]["action_id"]


async def test_update_keeps_history_and_blocks(api: Api, slack: Playground) -> None:
    posted = await api("chat.postMessage", channel="U0001", text="a", blocks=[section("one")])
    where = {"channel": posted["channel"], "ts": posted["ts"]}
    body = await api("chat.update", **where, text="b")
    assert body["message"]["blocks"][0]["text"]["text"] == "one"
    assert body["message"]["edited"]
    await api("chat.update", **where, text="c", blocks=[])
    message = slack.world.teams["T0DEMO1"].channels[posted["channel"]].messages[posted["ts"]]
    assert message.blocks == []
    assert [step["text"] for step in message.history] == ["a", "b", "c"]


async def test_update_and_delete_errors(api: Api, web_api: Api, ws: Workspace) -> None:
    posted = await api("chat.postMessage", channel="U0001", text="a")
    where = {"channel": posted["channel"], "ts": posted["ts"]}
    assert (await api("chat.update", **where))["error"] == "no_text"
    assert (await api("chat.update", **where, text="x" * 4001))["error"] == "msg_too_long"
    missing = await api("chat.update", channel=posted["channel"], ts="1.000000", text="b")
    assert missing["error"] == "message_not_found"
    by_user = await api("chat.update", channel="U0001", ts=posted["ts"], text="b")
    assert by_user["error"] == "channel_not_found"
    assert (await web_api("chat.update", **where, text="b"))["error"] == "channel_not_found"
    assert (await api("chat.delete", **where))["ok"]
    assert (await api("chat.delete", **where))["error"] == "message_not_found"


async def test_others_messages_cannot_be_changed(
    api: Api, web_api: Api, ws: Workspace, app: Installation, web_app: Installation
) -> None:
    for install in (app, web_app):
        ws.invite("C0001", install.bot_user_id)
    posted = await web_api("chat.postMessage", channel="C0001", text="mine")
    where = {"channel": "C0001", "ts": posted["ts"]}
    assert (await api("chat.update", **where, text="b"))["error"] == "cant_update_message"
    assert (await api("chat.delete", **where))["error"] == "cant_delete_message"


async def test_ephemeral_is_for_one_person(
    api: Api, ws: Workspace, app: Installation, dana: UserDriver
) -> None:
    ws.invite("C0001", app.bot_user_id)
    body = await api("chat.postEphemeral", channel="C0001", user="U0001", text="psst")
    assert body["message_ts"]
    assert dana.messages("C0001")[-1].text == "psst"
    assert ws.user("U0002").messages("C0001") == []
    update = await api("chat.update", channel="C0001", ts=body["message_ts"], text="b")
    assert update["error"] == "message_not_found"
    outside = await api("chat.postEphemeral", channel="C0001", user="U0003", text="psst")
    assert outside["error"] == "user_not_in_channel"


async def test_permalink(api: Api) -> None:
    posted = await api("chat.postMessage", channel="U0001", text="a")
    body = await api("chat.getPermalink", channel=posted["channel"], message_ts=posted["ts"])
    assert body["permalink"].endswith("p" + posted["ts"].replace(".", ""))


async def test_opening_conversations(api: Api, ws: Workspace) -> None:
    first = await api("conversations.open", users="U0001")
    assert (await api("conversations.open", users="U0001"))["already_open"]
    posted = await api("chat.postMessage", channel="U0001", text="x")
    assert posted["channel"] == first["channel"]["id"]
    group = await api("conversations.open", users="U0001,U0002")
    same = await api("conversations.open", users="U0002,U0001")
    assert group["channel"]["id"] == same["channel"]["id"]
    assert (await api("conversations.open", users="U9"))["error"] == "user_not_found"
    assert (await api("conversations.open"))["error"] == "users_list_not_supplied"
    ws.update_user("U0003", deleted=True)
    assert (await api("conversations.open", users="U0003"))["error"] == "user_disabled"


async def test_reading_conversations(api: Api, ws: Workspace, app: Installation) -> None:
    info = await api("conversations.info", channel="C0001")
    assert info["channel"]["name"] == "general"
    assert info["channel"]["is_member"] is False
    assert (await api("conversations.info", channel="C0002"))["error"] == "channel_not_found"
    joined = await api("conversations.join", channel="C0001")
    assert joined["channel"]["is_member"]
    assert (await api("conversations.join", channel="C0001"))["warning"] == "already_in_channel"
    listed = await api("conversations.list", types="public_channel,private_channel")
    assert [channel["id"] for channel in listed["channels"]] == ["C0001"]
    assert (await api("conversations.list", types="im"))["error"] == "missing_scope"
    assert (await api("conversations.list", types="nonsense"))["error"] == "invalid_types"


async def test_paging(api: Api, ws: Workspace) -> None:
    for number in range(25):
        ws.add_user(f"U1{number:03d}")
    found: list[str] = []
    cursor = ""
    for _ in range(10):
        page = await api("users.list", limit=10, cursor=cursor)
        found += [member["id"] for member in page["members"]]
        cursor = page["response_metadata"]["next_cursor"]
        if not cursor:
            break
    assert len(found) == len(set(found)) == len(ws.team.users)
    assert (await api("users.list", cursor="nonsense"))["error"] == "invalid_cursor"
    assert len((await api("users.list"))["members"]) == len(found)
    members = await api("conversations.members", channel="C0001", limit=1)
    assert members["members"] == ["U0001"]
    assert members["response_metadata"]["next_cursor"]


async def test_people(api: Api, ws: Workspace) -> None:
    dana = (await api("users.info", user="U0001", include_locale=True))["user"]
    assert dana["tz"] == "Europe/Berlin"
    assert dana["tz_offset"] == 3600
    assert dana["locale"] == "en-US"
    assert dana["deleted"] is False
    eli = (await api("users.info", user="U0002"))["user"]
    assert "email" not in eli["profile"]
    assert "locale" not in eli
    assert (await api("users.info", user="U9"))["error"] == "user_not_found"
    ws.add_usergroup("S0001", "designers", ["U0001"])
    groups = await api("usergroups.list", include_users=True)
    assert groups["usergroups"][0]["users"] == ["U0001"]
    assert (await api("usergroups.users.list", usergroup="S0001"))["users"] == ["U0001"]
    assert (await api("usergroups.users.list", usergroup="S9"))["error"] == "no_such_subteam"


async def test_do_not_disturb(api: Api, ws: Workspace) -> None:
    ws.set_dnd("U0001", ws.playground.world.now(), ws.playground.world.now())
    one = await api("dnd.info", user="U0001")
    assert one["dnd_enabled"]
    assert one["next_dnd_start_ts"] > 1
    assert "snooze_enabled" not in one
    many = await api("dnd.teamInfo", users="U0001,U0002")
    assert many["users"]["U0002"]["dnd_enabled"] is False
    ids = ",".join(f"U{number}" for number in range(51))
    assert (await api("dnd.teamInfo", users=ids))["error"] == "too_many_users"


async def test_small_methods(api: Api, app: Installation) -> None:
    assert (await api("team.info"))["team"]["id"] == "T0DEMO1"
    assert (await api("bots.info", bot=app.bot_id))["bot"]["app_id"] == "A0DEMO"
    assert (await api("api.test", token=""))["ok"]


async def test_oauth(api: Api, ws: Workspace, app: Installation) -> None:
    code = ws.oauth_code(app, by="U0001")
    keys = {"client_id": app.app.client_id, "client_secret": app.app.client_secret}
    assert (await api("oauth.v2.access", **keys, code="x"))["error"] == "invalid_code"
    wrong = await api("oauth.v2.access", **{**keys, "client_secret": "x"}, code=code)
    assert wrong["error"] == "bad_client_secret"
    body = await api("oauth.v2.access", token="", **keys, code=code)
    assert body["access_token"] == app.bot_token
    assert body["authed_user"] == {"id": "U0001"}
    assert (await api("oauth.v2.access", **keys, code=code))["error"] == "code_already_used"


async def test_slackbot_looks_like_a_person(api: Api) -> None:
    members = (await api("users.list"))["members"]
    (bot,) = [member for member in members if member["id"] == "USLACKBOT"]
    assert bot["is_bot"] is False
    body = await api("chat.postMessage", channel="USLACKBOT", text="x")
    assert body["error"] == "cannot_dm_bot"


async def test_slack_sdk_is_content(slack: Playground, app: Installation, ws: Workspace) -> None:
    client = AsyncWebClient(app.bot_token, base_url=slack.api_url)
    assert (await client.auth_test())["ok"]
    posted = await client.chat_postMessage(
        channel="U0001", text="hi", blocks=[section("hi"), actions(button("Yes"))]
    )
    await client.chat_update(channel=posted["channel"], ts=posted["ts"], text="ho", blocks=[])
    members = [m async for page in await client.users_list(limit=2) for m in page["members"]]
    assert {member["id"] for member in members} >= {"U0001", "U0002", "U0003"}
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel="C0001", text="hi")
    assert caught.value.response["error"] == "not_in_channel"
    await client.views_publish(user_id="U0001", view={"type": "home", "blocks": [section("H")]})
    uploaded = await client.files_upload_v2(content="a,b", filename="a.csv", title="Table")
    assert uploaded["file"]["id"].startswith("F")
