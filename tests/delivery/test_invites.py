"""A message about a talk brings its calendar file: as a link, as a file, or not at all."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import MovedClock
from bot.delivery import rendering
from bot.delivery.rendering import Recipe
from bot.delivery.sender import Sender
from bot.domain.meetings import Meeting, uid
from bot.domain.outbox import Decision, Kind
from bot.gateway import Gateway
from bot.invites import Invites
from bot.playground import Playground
from bot.playground.workspace import Workspace
from bot.seal import Seal
from bot.services import sending, workspaces
from bot.views import invites
from bot.views.kit import Message, section
from storage import outbox
from storage.database import Database, Tx, open_database

NOW = datetime(2025, 3, 3, 9, 0, tzinfo=UTC)
END = NOW + timedelta(minutes=20)
TALK = Meeting(uid("T1", 7), 0, NOW, END, NOW, "Talk", "Dana Demo")
MESSAGE = Message("Agreed: today at ten.", (section("Agreed: today at ten."),), meeting=TALK)
SCOPES = ("chat:write", "users:read", "im:write")


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is sent is a message about a talk."""
    monkeypatch.setattr(sending, "WANTED", {})
    monkeypatch.setattr(sending, "ARRIVED", {})
    recipe = Recipe(lambda tx, claimed, now: None, lambda loaded: MESSAGE)
    monkeypatch.setitem(rendering.RECIPES, Kind.DIGEST, recipe)


@pytest.fixture
async def stored(sqlite_url: str) -> AsyncIterator[Database]:
    """A database; what is sent is the same on both."""
    opened = open_database(sqlite_url)
    yield opened
    await opened.close()


def _queue(tx: Tx) -> None:
    workspace = workspaces.resolve(tx, None, "T1", "A1", NOW).id
    decision = Decision(
        workspace_id=workspace, kind=Kind.DIGEST, subject_id=1, recipient="U1", not_before=NOW
    )
    outbox.queue(tx, [decision], NOW)


async def _sent(database: Database, scopes: tuple[str, ...], given: Invites) -> Workspace:
    async with Playground(rate_limits=False) as slack:
        workspace = slack.add_workspace("Demo", "T1")
        app = workspace.install_app("A1", scopes)
        workspace.add_user("U1", "dana")
        await database.write(_queue)
        gateway = Gateway(app.bot_token, slack.api_url)
        sender = Sender(database, gateway, MovedClock(NOW), per_second=1000, invites=given)
        counts = await sender.drain(NOW)
        await gateway.close()
        assert counts == {"sent": 1}
        files = slack.core.world.files.values()
        assert all(file.content == invites.ics(TALK) for file in files)
        assert len(files) == (1 if "files:write" in scopes and not given.public_url else 0)
        assert all(len(file.channels) == 1 for file in files)
        return workspace


@pytest.mark.usefixtures("shown")
async def test_the_file_comes_in_slack_where_no_link_leads_to_it(stored: Database) -> None:
    workspace = await _sent(stored, (*SCOPES, "files:write"), Invites())
    message, file = workspace.user("U1").dm
    assert len(message.blocks) == 1
    assert file.text == "Open it to put the talk in your calendar."


@pytest.mark.usefixtures("shown")
async def test_without_the_scope_the_message_comes_alone(stored: Database) -> None:
    workspace = await _sent(stored, SCOPES, Invites())
    assert len(workspace.user("U1").dm) == 1


@pytest.mark.usefixtures("shown")
async def test_a_link_spares_the_file(stored: Database) -> None:
    given = Invites(Seal("a secret"), "https://buyin.example")
    workspace = await _sent(stored, (*SCOPES, "files:write"), given)
    [message] = workspace.user("U1").dm
    assert message.blocks[1]["elements"][0]["url"].startswith("https://buyin.example/talks/")


MOVED = TALK.moved(END, END + timedelta(minutes=20), NOW)


@pytest.mark.parametrize(
    ("meeting", "words", "label"),
    [
        (TALK, "put the talk in", "Calendar file"),
        (MOVED, "move the talk in", "Move it in my calendar"),
        (MOVED.called_off(NOW), "take the talk out of", "Take it out of my calendar"),
    ],
)
def test_a_file_says_what_it_is_for(meeting: Meeting, words: str, label: str) -> None:
    assert invites.file_words(meeting) == f"Open it to {words} your calendar."
    row = invites.file_row("https://buyin.example/talks/a.ics", meeting)
    assert row["elements"][0]["text"]["text"].startswith(label)
