"""The sender against a local Slack: what is due arrives once, whatever goes wrong."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.clock import MovedClock
from bot.delivery import rendering
from bot.delivery.pace import Pace
from bot.delivery.rendering import Recipe
from bot.delivery.sender import Sender
from bot.domain.outbox import Claimed, Decision, Kind
from bot.services import outbox as service
from bot.services import sending, workspaces
from bot.views.kit import Message
from storage import outbox, tables
from storage.database import Database, Tx
from tests.delivery.conftest import LocalSlack

NOW = datetime(2025, 3, 4, 10, 0, tzinfo=UTC)


def _load(_: Tx, claimed: Claimed, __: datetime) -> Message:
    return Message(f"Digest {claimed.subject_id}")


def _show(loaded: Message) -> Message:
    return loaded


def _break(_: Message) -> Message:
    raise LookupError("a view with a mistake in it")


@pytest.fixture(autouse=True)
def _recipes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows here have made-up subjects, so that only what holds for every kind is checked."""
    monkeypatch.setattr(sending, "WANTED", {})
    monkeypatch.setattr(sending, "ARRIVED", {})
    monkeypatch.setitem(rendering.RECIPES, Kind.DIGEST, Recipe(_load, _show))
    monkeypatch.setitem(rendering.RECIPES, Kind.DRAFT_SAVED, Recipe(_load, _break))
    monkeypatch.setitem(rendering.RECIPES, Kind.POST_WAITING, Recipe(_load, _show))
    monkeypatch.setitem(rendering.RECIPES, Kind.PROGRESS_POST, Recipe(_load, _show))


def _queue(tx: Tx, /, *rows: tuple[int, str], **values: Any) -> None:
    workspace = workspaces.resolve(tx, None, "T1", "A1", NOW).id
    outbox.queue(
        tx,
        [
            Decision(
                workspace_id=workspace,
                subject_id=subject,
                recipient=recipient,
                **{"kind": Kind.DIGEST, "not_before": NOW, **values},
            )
            for subject, recipient in rows
        ],
        NOW,
    )


def _ends(tx: Tx) -> list[tuple[str, str | None]]:
    table = tables.Outbox
    rows = tx.execute(select(table.state, table.reason).order_by(table.id))
    return [(row.state, row.reason) for row in rows]


def _sender(database: Database, slack: LocalSlack, clock: MovedClock | None = None) -> Sender:
    clock = clock or MovedClock(NOW)
    return Sender(database, slack.gateway, clock, per_second=1000)


async def _until(condition: Callable[[], bool]) -> None:
    for _ in range(500):
        if condition():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not happen within 5 seconds")


async def test_all_that_is_due_arrives_in_order_without_waiting(
    database: Database, slack: LocalSlack
) -> None:
    await database.write(_queue, (1, "U1"), (2, "U1"), (3, "U1"), (4, "U2"), (5, "C1"))
    counts = await _sender(database, slack).drain(NOW)
    assert counts == {"sent": 5}
    assert slack.texts("U1") == ["Digest 1", "Digest 2", "Digest 3"]
    assert slack.texts("U2") == ["Digest 4"]


async def test_what_is_not_due_waits(database: Database, slack: LocalSlack) -> None:
    await database.write(_queue, (1, "U1"), not_before=NOW + timedelta(hours=1))
    sender = _sender(database, slack)
    assert await sender.drain(NOW) == {}
    assert await sender.drain(NOW + timedelta(hours=1)) == {"sent": 1}


@pytest.mark.parametrize(
    ("fault", "end", "received"),
    [
        ("cut_before", ("doubt", "answer_lost"), 0),
        ("cut_after", ("doubt", "answer_lost"), 1),
        ("malformed", ("doubt", "answer_lost"), 1),
        ("server_error", ("doubt", "answer_lost"), 0),
        ("rate_limited", ("queued", "slack_busy"), 0),
    ],
)
async def test_a_lost_answer_is_shown_as_such_and_never_repeated(
    database: Database, slack: LocalSlack, fault: str, end: tuple[str, str], received: int
) -> None:
    await database.write(_queue, (1, "U1"))
    getattr(slack.server.faults, fault)("chat.postMessage")
    sender = _sender(database, slack)
    await sender.drain(NOW)
    assert await database.read(_ends) == [end]
    assert len(slack.texts()) == received
    later = NOW + timedelta(minutes=1)
    await sender.drain(later)
    assert len(slack.texts()) == (1 if end[0] == "queued" else received)


async def test_a_person_who_left_is_not_tried_again(database: Database, slack: LocalSlack) -> None:
    await database.write(_queue, (1, "U1"), (2, "U1"))
    slack.server.faults.error("chat.postMessage", "user_disabled")
    assert await _sender(database, slack).drain(NOW) == {"failed": 1, "sent": 1}
    assert await database.read(_ends) == [("failed", "user_disabled"), ("sent", None)]


async def test_a_revoked_token_stops_everything(database: Database, slack: LocalSlack) -> None:
    await database.write(_queue, (1, "U1"), (2, "U1"), (3, "U1"))
    slack.workspace.tokens_revoked(slack.app)
    assert await _sender(database, slack).drain(NOW) == {"failed": 1}
    states = [state for state, _ in await database.read(_ends)]
    assert states == ["failed", "dropped", "dropped"]


async def test_a_missing_scope_keeps_messages_for_later(
    database: Database, slack: LocalSlack
) -> None:
    await database.write(_queue, (1, "U1"))
    slack.server.faults.error("chat.postMessage", "missing_scope")
    sender = _sender(database, slack)
    assert await sender.drain(NOW) == {"later": 1}
    assert await sender.drain(NOW + timedelta(hours=1)) == {"sent": 1}


async def test_a_message_that_cannot_be_made_is_never_handed_to_slack(
    database: Database, slack: LocalSlack
) -> None:
    await database.write(_queue, (1, "U1"), kind=Kind.DRAFT_SAVED)
    await database.write(_queue, (2, "U1"))
    assert await _sender(database, slack).drain(NOW) == {"failed": 1, "sent": 1}
    assert await database.read(_ends) == [("failed", "not_prepared_LookupError"), ("sent", None)]


async def test_an_edit_replaces_every_message_that_shows_the_check_in(
    database: Database, slack: LocalSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    posted = [await slack.gateway.post("U1", text) for text in ("check-in", "reminder", "deleted")]
    last = slack.workspace.user("U1").dm[-1]
    slack.server.world.delete(last)
    places = [(post.channel, post.ts) for post in posted]
    monkeypatch.setattr(outbox, "messages_showing", lambda *_: places)
    monkeypatch.setitem(rendering.RECIPES, Kind.ASK_REDRAW, Recipe(_load, _show))
    await database.write(_queue, (8, "U1"), kind=Kind.ASK_REDRAW)
    assert await _sender(database, slack).drain(NOW) == {"sent": 1}
    assert slack.texts() == ["Digest 8", "Digest 8"]


async def test_the_running_sender_wakes_up_and_stops_cleanly(
    database: Database, slack: LocalSlack
) -> None:
    sender = _sender(database, slack)
    running = asyncio.create_task(sender.run())
    await database.write(_queue, *((n, f"U{n % 5 + 1}") for n in range(5)))
    sender.wake()
    await _until(lambda: sender.counts["sent"] == 5)
    slack.server.faults.slow("chat.postMessage", 0.2)
    await database.write(_queue, (9, "U1"))
    sender.wake()
    await _until(lambda: slack.texts("U1")[-1] == "Digest 9")
    await sender.stop(seconds=5)
    await running
    assert {state for state, _ in await database.read(_ends)} == {"sent"}


async def test_a_claim_in_flight_is_waited_for_when_it_stops(
    database: Database, slack: LocalSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    await database.write(_queue, (1, "U1"))
    sender = _sender(database, slack)
    claimed, answered, write = asyncio.Event(), asyncio.Event(), database.write

    async def slow(work: Callable[..., Any], *args: Any) -> Any:
        result = await write(work, *args)
        if work is service.claim_due:
            claimed.set()
            await answered.wait()
        return result

    monkeypatch.setattr(database, "write", slow)
    running = asyncio.create_task(sender.run())
    await claimed.wait()
    stopping = asyncio.create_task(sender.stop(seconds=5))
    await asyncio.sleep(0)
    answered.set()
    await stopping
    assert running.done()
    assert await database.read(_ends) == [("queued", None)]
    assert slack.texts("U1") == []


async def test_two_senders_on_one_database_send_everything_once(
    database: Database, slack: LocalSlack
) -> None:
    await database.write(_queue, *((n, f"U{n % 5 + 1}") for n in range(60)))
    senders = [_sender(database, slack) for _ in range(2)]
    counts = await asyncio.gather(*(sender.drain(NOW) for sender in senders))
    while any(state != "sent" for state, _ in await database.read(_ends)):
        counts.append(await senders[0].drain(NOW))
    assert sum(count["sent"] for count in counts) == 60
    texts = [text for user in range(1, 6) for text in slack.texts(f"U{user}")]
    assert sorted(texts) == sorted(f"Digest {n}" for n in range(60))


async def test_a_killed_sender_leaves_only_rows_in_doubt(
    database: Database, slack: LocalSlack
) -> None:
    await database.write(_queue, *((n, f"U{n % 5 + 1}") for n in range(10)))
    slack.server.faults.slow("chat.postMessage", 30, times=5)
    drain = asyncio.create_task(_sender(database, slack).drain(NOW))
    await _until(lambda: sum(len(slack.texts(f"U{user}")) for user in range(1, 6)) == 5)
    drain.cancel()
    await asyncio.wait([drain])
    later = NOW + service.LEASE + timedelta(seconds=1)
    await database.write(service.settle_expired, later, 100)
    await _sender(database, slack).drain(later)
    states = [state for state, _ in await database.read(_ends)]
    assert (states.count("doubt"), states.count("sent")) == (5, 5)
    texts = [text for user in range(1, 6) for text in slack.texts(f"U{user}")]
    assert len(texts) == len(set(texts)) == 10


def test_the_pace_spreads_what_is_due_at_once() -> None:
    now = [100.0]
    pace = Pace(per_second=2, burst=4, gap=1.0, time=lambda: now[0])
    turns = [pace.reserve(f"U{n}") for n in range(8)]
    assert turns == [0, 0, 0, 0, 0, 0.5, 1.0, 1.5]
    assert pace.reserve("U7") == 2.5
    now[0] = 200.0
    pace.pause(7)
    assert pace.reserve("U1") == 7.0
