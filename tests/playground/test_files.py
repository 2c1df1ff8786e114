"""Uploads in three steps, serving, and pictures in blocks."""

from __future__ import annotations

from bot.playground import Installation, Json, Playground, UserDriver, Workspace

from .helpers import Api, Clock

PNG = b"\x89PNG not really"


async def upload(
    api: Api, content: bytes = PNG, complete: bool = True, name: str = "a.png"
) -> Json:
    begun = await api("files.getUploadURLExternal", filename=name, length=len(content))
    async with api.session.post(begun["upload_url"], data=content) as response:
        assert response.status == 200
    if complete:
        await api("files.completeUploadExternal", files=[{"id": begun["file_id"], "title": "A"}])
    return begun


def picture(**reference: str) -> list[Json]:
    return [{"type": "image", "alt_text": "a", "slack_file": reference}]


async def test_upload_and_serve(api: Api) -> None:
    begun = await upload(api)
    info = (await api("files.info", file=begun["file_id"]))["file"]
    assert (info["mimetype"], info["size"], info["title"]) == ("image/png", len(PNG), "A")
    async with api.session.get(info["url_private"]) as response:
        assert response.content_type == "image/png"
        assert await response.read() == PNG
    async with api.session.get(info["url_private"] + "x") as response:
        assert response.status == 404


async def test_upload_errors(api: Api) -> None:
    zero = await api("files.getUploadURLExternal", filename="a.png", length=0)
    assert zero["error"] == "invalid_arguments"
    begun = await api("files.getUploadURLExternal", filename="a.png", length=3)
    async with api.session.post(begun["upload_url"], data=b"four") as response:
        assert response.status == 400
    early = await api("files.completeUploadExternal", files=[{"id": begun["file_id"]}])
    assert early["error"] == "file_not_found"
    assert (await api("files.info", file="F9"))["error"] == "file_not_found"


async def test_pictures_must_exist_and_be_complete(api: Api) -> None:
    async def post(**reference: str) -> str | None:
        body = await api("chat.postMessage", channel="U0001", text="x", blocks=picture(**reference))
        return body.get("error")

    begun = await upload(api, complete=False)
    assert await post(id=begun["file_id"]) == "invalid_blocks"
    done = await upload(api)
    info = (await api("files.info", file=done["file_id"]))["file"]
    assert await post(id=done["file_id"]) is None
    assert await post(url=info["url_private"]) is None
    assert await post(id="F9") == "invalid_blocks"
    assert await post() == "invalid_blocks"


async def test_only_pictures_show(api: Api) -> None:
    table = await upload(api, name="a.csv")
    body = await api(
        "chat.postMessage", channel="U0001", text="x", blocks=picture(id=table["file_id"])
    )
    assert body["error"] == "invalid_blocks"
    assert body["errors"] == ["invalid slack file [json-pointer:/blocks/0/slack_file]"]


async def test_no_picture_in_what_one_person_alone_sees(api: Api, dana: UserDriver) -> None:
    blocks = picture(id=(await upload(api))["file_id"])
    posted = await api("chat.postMessage", channel="U0001", text="x", blocks=blocks)
    alone = await api(
        "chat.postEphemeral", channel=posted["channel"], user="U0001", text="x", blocks=blocks
    )
    assert alone["error"] == "invalid_blocks"
    assert dana.read(dana.dm[-1]) == "(a)"


async def test_an_edit_may_bring_a_picture(api: Api, dana: UserDriver) -> None:
    posted = await api("chat.postMessage", channel="U0001", text="x")
    blocks = picture(id=(await upload(api))["file_id"])
    assert (await api("chat.update", **where(posted), text="x", blocks=blocks))["ok"]
    assert dana.dm[-1].blocks[0]["type"] == "image"


def where(posted: Json) -> Json:
    return {"channel": posted["channel"], "ts": posted["ts"]}


async def test_alternative_text_has_a_limit(api: Api) -> None:
    long = await api("files.getUploadURLExternal", filename="a.png", length=3, alt_txt="x" * 1001)
    assert long["error"] == "alt_txt_too_large"


async def test_pictures_take_time_to_be_processed(
    slack: Playground, api: Api, clock: Clock
) -> None:
    slack.core.timing.file_delay = 2
    done = await upload(api)
    blocks = picture(id=done["file_id"])
    early = await api("chat.postMessage", channel="U0001", text="x", blocks=blocks)
    assert early["error"] == "invalid_blocks"
    assert (await api("files.info", file=done["file_id"]))["file"]["mimetype"] == ""
    clock.move(seconds=2)
    assert (await api("chat.postMessage", channel="U0001", text="x", blocks=blocks))["ok"]


async def test_pictures_of_other_workspaces_stay_there(slack: Playground, api: Api) -> None:
    done = await upload(api)
    other_ws = slack.add_workspace("Other", "T0OTHER")
    other_ws.add_user("U0008", "hal")
    install = other_ws.install_app("A0DEMO", ["chat:write"])
    other = Api(slack, install)
    blocks = picture(id=done["file_id"])
    body = await other("chat.postMessage", channel="U0008", text="x", blocks=blocks)
    assert body["error"] == "invalid_blocks"
    await other.session.close()


async def test_sharing_needs_membership(api: Api, ws: Workspace, app: Installation) -> None:
    begun = await upload(api, complete=False)
    files = [{"id": begun["file_id"]}]
    outside = await api("files.completeUploadExternal", files=files, channel_id="C0001")
    assert outside["error"] == "not_in_channel"
    ws.invite("C0001", app.bot_user_id)
    inside = await api("files.completeUploadExternal", files=files, channel_id="C0001")
    assert inside["files"][0]["channels"] == ["C0001"]


async def test_a_shared_file_is_a_message(api: Api, dana: UserDriver) -> None:
    posted = await api("chat.postMessage", channel="U0001", text="x")
    begun = await upload(api, complete=False, name="talk.ics")
    files = [{"id": begun["file_id"]}]
    await api("files.completeUploadExternal", files=files, channel_id=posted["channel"])
    assert dana.read(dana.dm[-1]) == "(File: talk.ics)"
    assert dana.dm[-1].files[0]["mimetype"] == "text/calendar"
