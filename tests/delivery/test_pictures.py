"""Pictures join messages that already stand; whatever goes wrong, the words stand alone, once."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from bot.clock import MovedClock
from bot.delivery import pictures, rendering
from bot.delivery.pace import Pace
from bot.delivery.pictures import LOOKS, NotDrawn, Pictures, draw_apart
from bot.delivery.rendering import Recipe
from bot.delivery.sender import Sender
from bot.domain.outbox import Decision, Kind
from bot.gateway import Gateway, Posted
from bot.playground.faults import Faults
from bot.playground.model import Json
from bot.services import digests, sending, workspaces
from bot.views.drawing import Dot
from bot.views.kit import Message, Picture, section
from storage import outbox
from storage.database import Database, Tx
from tests import rounds, world
from tests.delivery.conftest import SCOPES, LocalSlack

NOW = datetime(2025, 3, 4, 10, 0, tzinfo=UTC)
PNG = b"\x89PNG made up"
DOTS = (Dot(("9 of 14", "Round 1"), 0.64), Dot(("11 of 15", "Round 2"), 0.73))
PICTURE = Picture("Find it useful", DOTS, "Chart: 9 of 14, then 11 of 15.", above=1)
DIGEST = Message("Digest", (section("What to do"), section("Small print")), PICTURE)


class Painter:
    """Draws nothing, and counts how often."""

    def __init__(self) -> None:
        self.drawn = 0
        self.error: Exception | None = None

    async def __call__(self, title: str, dots: Sequence[Dot]) -> bytes:
        self.drawn += 1
        if self.error:
            raise self.error
        return PNG


class Desk:
    """A local Slack that takes pictures, our door to it, and what puts pictures in."""

    def __init__(self, slack: LocalSlack) -> None:
        self.slack = slack
        self.app = slack.workspace.install_app("A2", (*SCOPES, "files:write"))
        self.painter = Painter()
        self.waits: list[float] = []
        self.gateway = Gateway(self.app.bot_token, slack.server.api_url)
        self.pictures = self.pictures_by(self.gateway)

    def pictures_by(self, gateway: Gateway) -> Pictures:
        pace = Pace(1000, burst=20, gap=0.0, time=asyncio.get_running_loop().time)
        return Pictures(gateway, pace, self.painter, self.wait)

    async def wait(self, seconds: float) -> None:
        self.waits.append(round(seconds, 1))
        for stored in self.slack.server.world.files.values():
            stored.ready_at -= seconds  # as if they had passed

    async def post(self, user: str = "U1", message: Message = DIGEST) -> Posted:
        return await self.gateway.post(user, message.text, message.blocks)

    async def show(self, message: Message = DIGEST, user: str = "U1") -> list[Json]:
        """Post, have the picture join, and return how it was told in the log."""
        posted = await self.post(user, message)
        with capture_logs() as told:
            self.pictures.add(7, posted, message, patient=True)
            await self.pictures.finish()
        return [dict(one) for one in told]

    def blocks(self, user: str = "U1") -> list[Json]:
        """Return the blocks of the only message that `user` got."""
        (message,) = self.slack.workspace.user(user).dm
        return message.blocks

    def kinds(self, user: str = "U1") -> list[str]:
        """Return what the only message of `user` is made of."""
        return [block["type"] for block in self.blocks(user)]


@pytest.fixture
async def desk(slack: LocalSlack) -> AsyncIterator[Desk]:
    """A desk at a local Slack."""
    found = Desk(slack)
    yield found
    await found.gateway.close()


WORDS_ALONE = ["section", "section"]
WITH_PICTURE = ["section", "image", "section"]


async def test_it_joins_the_message_with_its_words(desk: Desk) -> None:
    told = await desk.show()
    assert desk.kinds() == WITH_PICTURE
    image = desk.blocks()[1]
    assert image["alt_text"] == PICTURE.alternative
    (stored,) = desk.slack.server.world.files.values()
    assert (stored.id, stored.content) == (image["slack_file"]["id"], PNG)
    assert (stored.alt_text, stored.channels) == (PICTURE.alternative, [])
    assert told == [{"event": "picture_shown", "log_level": "info", "outbox": 7}]
    assert desk.slack.server.log.count("chat.postMessage") == 1


async def test_a_message_without_a_picture_is_left_alone(desk: Desk) -> None:
    assert await desk.show(Message("Digest", DIGEST.blocks)) == []
    assert desk.painter.drawn == 0
    assert desk.slack.server.log.count("chat.update") == 0


async def test_slack_takes_its_time_to_look_at_a_file(desk: Desk) -> None:
    desk.slack.server.core.timing.file_delay = 5
    await desk.show()
    assert desk.kinds() == WITH_PICTURE
    assert desk.waits == [*LOOKS[:3]]


async def test_a_file_that_never_gets_ready_is_left_out(desk: Desk) -> None:
    desk.slack.server.core.timing.file_delay = 500
    told = await desk.show()
    assert (told[0]["event"], told[0]["reason"]) == ("picture_left_out", "not_ready")
    assert desk.kinds() == WORDS_ALONE
    assert desk.waits == [*LOOKS]
    desk.slack.server.core.timing.file_delay = 0
    await desk.show(user="U2")
    assert desk.painter.drawn == 2  # what failed is not used again


async def test_the_same_picture_is_drawn_and_uploaded_once(desk: Desk) -> None:
    await desk.show(user="U1")
    await desk.show(user="U2")
    assert desk.kinds("U1") == desk.kinds("U2") == WITH_PICTURE
    assert desk.painter.drawn == 1
    assert len(desk.slack.server.world.files) == 1


@pytest.mark.parametrize("method", ["files.getUploadURLExternal", "files.completeUploadExternal"])
@pytest.mark.parametrize("fault", ["rate_limited", "cut_before", "cut_after", "server_error"])
async def test_what_slack_did_not_take_is_tried_again(desk: Desk, method: str, fault: str) -> None:
    getattr(desk.slack.server.faults, fault)(method)
    await desk.show()
    assert desk.kinds() == WITH_PICTURE
    assert desk.slack.server.log.count("chat.postMessage") == 1


@pytest.mark.parametrize("fault", ["rate_limited", "cut_before", "cut_after", "malformed"])
async def test_an_edit_that_may_have_arrived_is_repeated(desk: Desk, fault: str) -> None:
    getattr(desk.slack.server.faults, fault)("chat.update")
    await desk.show()
    assert desk.kinds() == WITH_PICTURE


def _busy_for_long(faults: Faults) -> None:
    faults.rate_limited("files.getUploadURLExternal", 600)


def _never(faults: Faults) -> None:
    faults.server_error("files.completeUploadExternal", times=9)


def _refused(faults: Faults) -> None:
    faults.error("files.getUploadURLExternal", "file_upload_size_restricted")


def _gone(faults: Faults) -> None:
    faults.error("chat.update", "message_not_found")


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (_busy_for_long, "SlackRetryLater"),
        (_never, "SlackInDoubt"),
        (_refused, "file_upload_size_restricted"),
        (_gone, "message_not_found"),
    ],
)
async def test_a_picture_that_cannot_be_had_leaves_the_words(
    desk: Desk, fault: object, reason: str
) -> None:
    fault(desk.slack.server.faults)  # type: ignore[operator]
    (told,) = await desk.show()
    assert told == {
        "event": "picture_left_out", "log_level": "warning", "outbox": 7, "reason": reason,
    }  # fmt: skip
    assert desk.kinds() == WORDS_ALONE


async def test_a_picture_that_nobody_can_draw_leaves_the_words(desk: Desk) -> None:
    desk.painter.error = NotDrawn("ModuleNotFoundError")
    (told,) = await desk.show()
    assert (told["event"], told["reason"]) == ("picture_left_out", "ModuleNotFoundError")
    desk.painter.error = ZeroDivisionError("ours")
    (told,) = await desk.show(user="U2")
    assert told["event"] == "picture_broke"
    assert desk.kinds("U1") == desk.kinds("U2") == WORDS_ALONE
    assert desk.slack.server.log.count("files.getUploadURLExternal") == 0


@pytest.mark.parametrize("code", ["missing_scope", "file_uploads_disabled", "unknown_method"])
async def test_without_the_ability_nothing_more_is_drawn(desk: Desk, code: str) -> None:
    desk.slack.server.faults.error("files.getUploadURLExternal", code)
    told = await desk.show(user="U1")
    assert told[-1]["reason"] == "missing_ability"
    assert desk.gateway.missing == {"pictures": code}
    assert await desk.show(user="U2") == []
    assert desk.painter.drawn == 1
    assert desk.kinds("U1") == desk.kinds("U2") == WORDS_ALONE


async def test_an_installation_without_the_scope_sends_words(slack: LocalSlack) -> None:
    desk = Desk(slack)
    waiting = desk.pictures_by(slack.gateway)
    posted = await slack.gateway.post("U1", DIGEST.text, DIGEST.blocks)
    waiting.add(7, posted, DIGEST, patient=False)
    await waiting.finish()
    assert desk.kinds() == WORDS_ALONE
    assert slack.gateway.missing == {"pictures": "missing_scope"}
    await desk.gateway.close()


async def test_an_upload_address_that_is_gone_is_no_missing_ability(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk.slack.server.world, "uploads", Forgetful())
    (told,) = await desk.show()
    assert told["reason"] == "http_404"
    assert desk.gateway.missing == {}


class Forgetful(dict[str, object]):
    """Keeps nothing."""

    def __setitem__(self, key: str, value: object) -> None:
        return None


async def test_stopping_waits_a_moment_and_leaves_out_the_rest(desk: Desk) -> None:
    async def never(title: str, dots: Sequence[Dot]) -> bytes:
        await asyncio.Event().wait()
        return b""

    desk.pictures._draw = never
    posted = await desk.post()
    for _ in range(3):
        desk.pictures.add(7, posted, DIGEST, patient=True)
    await desk.pictures.stop(0.01)
    assert not desk.pictures._tasks
    assert desk.kinds() == WORDS_ALONE


async def test_no_more_wait_than_there_is_room_for(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "WAITING_AT_MOST", 1)
    posted = await desk.post()
    with capture_logs() as told:
        for outbox_id in (1, 2):
            desk.pictures.add(outbox_id, posted, DIGEST, patient=True)
        await desk.pictures.finish()
    assert {one["outbox"]: one["event"] for one in told} == {
        1: "picture_shown",
        2: "picture_left_out",
    }


# --- together with the sender -----------------------------------------------------------------


def _queue(tx: Tx, *recipients: str) -> None:
    workspace = workspaces.resolve(tx, None, "T1", "A2", NOW).id
    outbox.queue(
        tx, [Decision(workspace, Kind.DIGEST, 1, recipient, NOW) for recipient in recipients], NOW
    )


async def test_the_sender_sends_first_and_shows_later(
    database: Database, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "WANTED", {})
    monkeypatch.setattr(sending, "ARRIVED", {})
    recipe = Recipe(lambda tx, claimed, now: DIGEST, lambda digest: digest)
    monkeypatch.setitem(rendering.RECIPES, Kind.DIGEST, recipe)
    await database.write(_queue, "U1", "U2")
    sender = Sender(database, desk.gateway, MovedClock(NOW), per_second=1000, draw=desk.painter)
    assert await sender.drain(NOW) == {"sent": 2}
    assert desk.kinds("U1") == desk.kinds("U2") == WITH_PICTURE
    calls = [call.method for call in desk.slack.server.log.calls if call.method != "auth.test"]
    assert calls.index("files.getUploadURLExternal") > calls.index("chat.postMessage")
    assert desk.slack.server.log.count("chat.postMessage") == 2
    assert await sender.drain(NOW) == {}


async def test_an_owner_gets_the_trend_in_words_and_as_a_picture(
    database: Database, desk: Desk
) -> None:
    def two_rounds(tx: Tx) -> None:
        w = world.build(tx, asked=8, team_id="T1")
        rounds.play(tx, w, 1, {n: [2 + n % 3, 3, 3] for n in range(7)})
        rounds.play(tx, w, 2, {n: [3 + n % 2, 3, 3] for n in range(7)})
        digests.decide_due(tx, morning, 10)

    morning = rounds.opens_at(3) + timedelta(hours=10)
    desk.slack.workspace.add_user("UDANA", "dana", tz="Europe/Berlin")
    await database.write(two_rounds)
    sender = Sender(database, desk.gateway, MovedClock(morning), per_second=1000)
    assert await sender.drain(morning) == {"sent": 1}
    (stored,) = desk.slack.server.world.files.values()
    assert (stored.content or b"").startswith(b"\x89PNG")
    assert stored.alt_text.startswith("Chart: how many of those who answered find")
    digest = desk.slack.workspace.user("UDANA").dm[-1]
    assert "Find it useful: 2 of 7 → 3 of 7." in str(digest.blocks)
    assert [step["what"] for step in digest.history] == ["posted", "updated"]
    assert desk.kinds("UDANA").count("image") == 1


# --- drawing apart ----------------------------------------------------------------------------


async def test_a_process_of_its_own_draws() -> None:
    png = await draw_apart(PICTURE.title, DOTS)
    assert png.startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        (("-c", "import matplotlib_is_not_here"), "ModuleNotFoundError"),
        (("-c", "raise SystemExit(3)"), "exit_3"),
    ],
)
async def test_a_program_that_fails_says_why(
    monkeypatch: pytest.MonkeyPatch, program: tuple[str, ...], reason: str
) -> None:
    monkeypatch.setattr(pictures, "PROGRAM", (pictures.PROGRAM[0], *program))
    with pytest.raises(NotDrawn, match=reason):
        await draw_apart(PICTURE.title, DOTS)


async def test_a_program_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "PROGRAM", ("/nowhere/python",))
    with pytest.raises(NotDrawn, match="FileNotFoundError"):
        await draw_apart(PICTURE.title, DOTS)


async def test_a_program_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    hang = (pictures.PROGRAM[0], "-c", "import sys; sys.stdin.read(); import time; time.sleep(60)")
    monkeypatch.setattr(pictures, "PROGRAM", hang)
    monkeypatch.setattr(pictures, "LONGEST_DRAWING", 0.3)
    with pytest.raises(NotDrawn, match="took_too_long"):
        await draw_apart(PICTURE.title, DOTS)
