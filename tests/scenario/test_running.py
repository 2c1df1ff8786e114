"""Starting, being ready and stopping, in both modes; and what a wrong set-up says."""

import asyncio
import io
import json
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest

from bot import app, config, doctor
from bot.app import EVENTS_PATH, LARGEST_BODY, Application
from bot.config import Settings
from bot.domain.meetings import Meeting
from bot.errors import BuyinError, ConfigurationError, DatabaseUnavailable
from bot.gateway import Identity
from bot.playground import Playground, sign
from bot.playground.model import Installation
from bot.playground.workspace import Workspace
from storage import migrate
from tests import patience
from tests.delivery.conftest import SCOPES

ROOT = Path(__file__).parents[2]
SIGNING_SECRET = "only-for-tests"


@dataclass(slots=True)
class Stand:
    """A local Slack with Dana in it, and the environment that points the app at it."""

    slack: Playground
    workspace: Workspace
    install: Installation
    environment: dict[str, str]

    def settings(self, mode: config.Mode = "socket") -> Settings:
        """Return the settings the environment gives."""
        return config.read(self.environment, mode)


@pytest.fixture
async def stand(tmp_path: Path) -> AsyncIterator[Stand]:
    """A workspace with Dana, and the app installed but not running."""
    async with patience.slack() as slack:
        workspace = slack.add_workspace("Demo", "T1")
        install = workspace.install_app(
            "A1", SCOPES, commands=["/buyin"], signing_secret=SIGNING_SECRET
        )
        workspace.add_user("U1", "dana", tz="Europe/Berlin")
        workspace.add_channel("C1", "general", members=["U1", install.bot_user_id])
        environment = {
            "SLACK_BOT_TOKEN": install.bot_token,
            "SLACK_APP_TOKEN": install.app_token,
            "SLACK_SIGNING_SECRET": SIGNING_SECRET,
            "SLACK_API_URL": slack.api_url,
            "DATABASE_URL": f"sqlite:///{tmp_path / 'buyin.db'}",
            "PORT": "0",
        }
        yield Stand(slack, workspace, install, environment)


Starter = Callable[[Settings], Awaitable[Application]]


@pytest.fixture
async def start() -> AsyncIterator[Starter]:
    """Start an app, and stop it in the end."""
    running: list[Application] = []

    async def starter(settings: Settings) -> Application:
        application = await app.build(settings)
        running.append(application)
        await application.start()
        return application

    yield starter
    for application in running:
        await application.stop()


async def _get(application: Application, path: str) -> tuple[int, str]:
    url = f"http://127.0.0.1:{application.port}{path}"
    async with aiohttp.ClientSession() as session, session.get(url) as reply:
        return reply.status, await reply.text()


async def test_socket_mode_answers_and_is_ready(stand: Stand, start: Starter) -> None:
    application = await start(stand.settings())
    await stand.slack.connected(stand.install)
    assert await _get(application, "/healthz") == (200, "ok")
    assert (await _get(application, "/readyz"))[0] == 200
    dana = stand.workspace.user("U1")
    assert (await dana.slash("/buyin", "nonsense", channel="C1")).ok
    await stand.slack.settle()
    assert "I don't know" in dana.messages("C1")[-1].text


async def test_a_calendar_file_is_served_to_whoever_has_the_link(
    stand: Stand, start: Starter
) -> None:
    stand.environment["PUBLIC_URL"] = "https://buyin.example"
    application = await start(stand.settings())
    soon = application.clock.now() + timedelta(days=1)
    talk = Meeting("1@buyin.invalid", 0, soon, soon, soon, "Talk", "Dana Demo")
    url = application.context.invites.url(talk)
    assert url is not None
    path = url.removeprefix("https://buyin.example")
    status, text = await _get(application, path)
    assert (status, text.splitlines()[0]) == (200, "BEGIN:VCALENDAR")
    status, text = await _get(application, path.replace("/talks/", "/talks/A"))
    assert status == 410
    assert "expired" in text


async def test_slack_may_ask_for_a_new_connection(stand: Stand, start: Starter) -> None:
    await start(stand.settings())
    await stand.slack.connected(stand.install)
    await stand.slack.disconnect(stand.install, "refresh_requested")
    dana, served = stand.workspace.user("U1"), False
    for _ in range(500):  # what was on its way on the old connection may be lost
        served = (await dana.slash("/buyin", "nonsense", channel="C1")).ok
        if served and stand.slack.log.count("apps.connections.open") >= 2:
            break
        await asyncio.sleep(0.01)
    assert served


async def test_http_mode_answers_and_is_ready(stand: Stand, start: Starter) -> None:
    application = await start(stand.settings("http"))
    stand.install.app.mode = "http"
    stand.install.app.request_url = f"http://127.0.0.1:{application.port}{EVENTS_PATH}"
    assert await stand.slack.verify_request_url(stand.install)
    assert (await _get(application, "/readyz"))[0] == 200
    dana = stand.workspace.user("U1")
    assert (await dana.slash("/buyin", "nonsense", channel="C1")).ok
    await stand.slack.settle()
    assert "I don't know" in dana.messages("C1")[-1].text


async def test_a_lost_connection_to_slack_shows_in_readyz(stand: Stand, start: Starter) -> None:
    application = await start(stand.settings())
    await stand.slack.connected(stand.install)
    assert application.socket is not None
    application.socket.client.auto_reconnect_enabled = False
    await application.socket.client.disconnect()  # type: ignore[no-untyped-call]
    status, text = await _get(application, "/readyz")
    assert status == 503
    assert json.loads(text)["problems"] == ["the connection to Slack is down"]


async def test_the_directory_is_read_in_the_background(stand: Stand, start: Starter) -> None:
    application = await start(stand.settings())
    await application.context.tasks.finish(10)
    assert stand.slack.log.count("users.list") == 1


FORM = "application/x-www-form-urlencoded"
COMMAND = b"command=%2Fbuyin&text=&team_id=T1&user_id=U1&api_app_id=A1&trigger_id=1.2"


async def _post(application: Application, body: bytes, headers: dict[str, str]) -> int:
    url = f"http://127.0.0.1:{application.port}{EVENTS_PATH}"
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, data=io.BytesIO(body), headers=headers) as reply,
    ):
        return reply.status


def _signed(body: bytes, at: float, kind: str = FORM) -> dict[str, str]:
    stamp = str(int(at))
    return {
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": sign(SIGNING_SECRET, stamp, body),
        "Content-Type": kind,
    }


async def test_only_slack_is_listened_to(stand: Stand, start: Starter) -> None:
    application = await start(stand.settings("http"))
    now = stand.slack.core.timing.wall()
    good = _signed(COMMAND, now)
    assert await _post(application, COMMAND, good) == 200
    assert await _post(application, COMMAND, {"Content-Type": FORM}) == 401
    assert await _post(application, COMMAND + b"&text=x", good) == 401
    assert await _post(application, COMMAND, {**good, "X-Slack-Signature": "v0=00"}) == 401
    assert await _post(application, COMMAND, _signed(COMMAND, now - 301)) == 401


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"", "application/json", 404),
        (b"{", "application/json", 400),
        (b"[1]", "application/json", 400),
        (b"payload=%7B", FORM, 400),
        (b"payload=[]", FORM, 400),
        (b"\xff\xfe", FORM, 400),
        (b"[" * 100_000, "application/json", 400),
        (b'{"type": "block_actions", "actions": [{"action_id": "x"}]}', "application/json", 400),
        (b'{"type": "nothing_we_know"}', "application/json", 404),
        (b"x" * (LARGEST_BODY + 1), FORM, 413),
    ],
)
async def test_a_body_that_is_not_slacks_gets_a_clear_refusal(
    stand: Stand, start: Starter, body: bytes, kind: str, status: int
) -> None:
    application = await start(stand.settings("http"))
    headers = _signed(body, stand.slack.core.timing.wall(), kind)
    assert await _post(application, body, headers) == status


# --- what a wrong set-up says ---------------------------------------------------------------


async def _refusal(settings: Settings) -> BuyinError:
    application = await app.build(settings)
    try:
        with pytest.raises(BuyinError) as caught:
            await application.start()
    finally:
        await application.stop()
    return caught.value


async def test_a_wrong_bot_token_is_named(stand: Stand) -> None:
    error = await _refusal(replace(stand.settings(), bot_token="xoxb-wrong"))
    assert isinstance(error, ConfigurationError)
    assert str(error).startswith("Slack does not accept SLACK_BOT_TOKEN (invalid_auth): install")


async def test_a_wrong_app_token_is_named(stand: Stand) -> None:
    error = await _refusal(replace(stand.settings(), app_token="xapp-wrong"))
    assert isinstance(error, ConfigurationError)
    assert "SLACK_APP_TOKEN (invalid_auth)" in str(error)


async def test_a_slack_that_cannot_be_reached_is_named(stand: Stand) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/api/"
    error = await _refusal(replace(stand.settings(), api_url=url))
    assert str(error).startswith(f"Slack cannot be reached at {url}")


async def test_an_unmigrated_postgres_is_refused(
    stand: Stand, empty_database_url: str, start: Starter
) -> None:
    settings = replace(stand.settings(), database_url=empty_database_url)
    if empty_database_url.startswith("sqlite"):
        assert await (await start(settings)).ready() == []  # a new file is made on the way
        return
    error = await _refusal(settings)
    assert str(error) == "The database is not migrated: run `buyin migrate` first."
    await migrate.upgrade(empty_database_url)
    assert await (await start(settings)).ready() == []


@pytest.mark.parametrize(
    "url", ["sqlite:////nowhere/at/all/buyin.db", "postgresql://u:p@127.0.0.1:1/x"]
)
async def test_an_unreachable_database_is_named(stand: Stand, url: str) -> None:
    error = await _refusal(replace(stand.settings(), database_url=url))
    assert isinstance(error, DatabaseUnavailable)
    assert "DATABASE_URL" in str(error)
    assert "u:p" not in str(error)


async def test_a_port_that_is_taken_is_named_in_http_mode(stand: Stand, start: Starter) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        error = await _refusal(replace(stand.settings("http"), port=port))
        assert f"127.0.0.1:{port}" in str(error)
        application = await start(replace(stand.settings(), port=port))
        assert application.port is None  # Socket Mode does without health checks


# --- the doctor -------------------------------------------------------------------------------


async def _examined(stand: Stand, **changes: str) -> dict[str, list[doctor.Finding]]:
    found: dict[str, list[doctor.Finding]] = {}
    for finding in await doctor.examine({**stand.environment, **changes}):
        found.setdefault(finding.subject, []).append(finding)
    return found


async def test_the_doctor_finds_a_good_set_up_good(stand: Stand) -> None:
    await migrate.upgrade(stand.environment["DATABASE_URL"])
    found = await _examined(stand)
    assert not any(finding.is_broken for each in found.values() for finding in each)
    assert {finding.words.split()[0] for finding in found["scopes"]} == {
        "usergroups:read",
        "dnd:read",
    }
    assert found["app token"][0].state == found["clock"][0].state == "ok"
    assert [one.line().splitlines()[0] for one in found["pictures"]] == [
        "note    pictures: files:write is not granted, so the trend comes in words only, and talks "
        "come with a calendar file only where PUBLIC_URL is set"
    ]


def test_the_doctor_tells_in_one_line_whether_pictures_work(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def found(scopes: frozenset[str] | None) -> str:
        return doctor.pictures(Identity("T1", "", "U1", "B1", "Demo", scopes, None)).line()

    assert found(frozenset({"files:write"})) == "ok      pictures: the trend comes as a picture too"
    assert found(None).startswith("note    pictures: the server does not tell")
    monkeypatch.setattr(doctor, "find_spec", lambda _: None)
    assert found(frozenset({"files:write"})).startswith("note    pictures: matplotlib is not")


async def test_the_doctor_names_each_problem_and_its_mend(stand: Stand) -> None:
    found = await _examined(stand, SLACK_APP_TOKEN="xapp-wrong")
    assert found["app token"][0].is_broken
    assert "App-Level Tokens" in found["app token"][0].mend
    found = await _examined(stand, SLACK_BOT_TOKEN="xoxb-wrong")
    assert found["bot token"][0].is_broken
    found = await _examined(stand, SLACK_BOT_TOKEN="", PORT="x")
    assert len(found["settings"]) == 2
    assert found["database"][0].state == "note"


# --- the process ------------------------------------------------------------------------------


async def _command(stand: Stand, *words: str, **changes: str) -> asyncio.subprocess.Process:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **stand.environment}
    database = environment["DATABASE_URL"].removeprefix("sqlite:///")
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        *words,
        env={**environment, **changes},
        cwd=Path(database).parent,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def test_sigterm_ends_it_cleanly(stand: Stand) -> None:
    process = await _command(stand, "run")
    await stand.slack.connected(stand.install)
    dana = stand.workspace.user("U1")
    assert (await dana.slash("/buyin", "nonsense", channel="C1")).ok
    process.send_signal(signal.SIGTERM)
    _, errors = await asyncio.wait_for(process.communicate(), patience.PROGRAM)
    assert process.returncode == 0, errors.decode()
    assert "Traceback" not in errors.decode()
    assert b'"event": "stopped"' in errors


async def _ends(process: asyncio.subprocess.Process) -> tuple[int | None, str, str]:
    output, errors = await asyncio.wait_for(process.communicate(), patience.PROGRAM)
    return process.returncode, output.decode(), errors.decode()


async def test_mistakes_end_in_one_sentence_each(stand: Stand) -> None:
    code, _, errors = await _ends(await _command(stand, "run", SLACK_APP_TOKEN="", PORT="x"))
    assert code == 2
    assert [line.split()[0] for line in errors.splitlines()] == ["SLACK_APP_TOKEN", "PORT"]


async def test_migrate_and_doctor_on_the_command_line(stand: Stand) -> None:
    assert await _ends(await _command(stand, "migrate")) == (0, "The database is up to date.\n", "")
    code, output, _ = await _ends(await _command(stand, "doctor"))
    assert code == 0
    assert "ok      database: reachable and migrated" in output
    code, output, _ = await _ends(await _command(stand, "doctor", SLACK_BOT_TOKEN="xoxb-wrong"))
    assert code == 1
    assert "broken  bot token: Slack does not accept SLACK_BOT_TOKEN (invalid_auth)" in output
