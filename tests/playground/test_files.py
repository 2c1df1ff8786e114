"""Uploads in three steps, serving, and pictures in blocks."""

from __future__ import annotations

from bot.playground import Installation, Json, Playground, Workspace

from .helpers import Api, Clock

PNG = b"\x89PNG not really"


async def upload(api: Api, content: bytes = PNG, complete: bool = True) -> Json:
    begun = await api("files.getUploadURLExternal", filename="a.png", length=len(content))
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
