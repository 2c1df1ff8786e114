"""The outbox: no row is lost, none is handed out twice, and caps hold."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.domain.outbox import Claimed, Decision, Drop, Kind, Postpone, Send, State, Verdict
from bot.services import outbox as service
from bot.services import sending, workspaces
from storage import outbox, tables
from storage.database import Database, Tx, open_database

NOW = datetime(2025, 3, 4, 10, 0, tzinfo=UTC)  # a Tuesday
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _nothing_of_the_subjects(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows here have made-up subjects, so that only what holds for every kind is checked."""
    monkeypatch.setattr(sending, "WANTED", {})
    monkeypatch.setattr(sending, "ARRIVED", {})


def _workspace(tx: Tx) -> int:
    return workspaces.resolve(tx, None, "T1", "A1", NOW).id


def _person(tx: Tx, slack_user_id: str = "U1", tz: str = "UTC") -> int:
    row = tables.Person(
        workspace_id=_workspace(tx), slack_user_id=slack_user_id, name="Dana Demo", tz=tz
    )
    row.seen_at = NOW
    tx.add(row)
    tx.flush()
    return row.id


def _decision(subject: int, recipient: str = "U1", **values: Any) -> Decision:
    given: dict[str, Any] = {"kind": Kind.DIGEST, "not_before": NOW, **values}
    return Decision(workspace_id=1, subject_id=subject, recipient=recipient, **given)


def _queue(tx: Tx, *decisions: Decision) -> None:
    _workspace(tx)
    outbox.queue(tx, list(decisions), NOW)


def _states(tx: Tx) -> list[str]:
    return list(tx.scalars(select(tables.Outbox.state).order_by(tables.Outbox.id)))


async def _claim(database: Database, limit: int = 10, now: datetime = NOW) -> list[Claimed]:
    return await database.write(service.claim_due, limit, now)


async def _claim_one(database: Database, now: datetime = NOW) -> Claimed:
    (claimed,) = await _claim(database, now=now)
    return claimed


async def _begin(database: Database, claimed: Claimed, now: datetime = NOW) -> Verdict | None:
    def work(tx: Tx) -> Verdict | None:
        verdict = service.decide(tx, claimed, now)
        if isinstance(verdict, Send):
            service.begin_sending(tx, claimed, now)
        return verdict

    return await database.write(work)


async def test_the_same_decision_is_queued_once(database: Database) -> None:
    await database.write(_queue, _decision(1), _decision(1), _decision(2))
    await database.write(_queue, _decision(2))
    assert await database.read(_states) == ["queued", "queued"]


async def test_the_most_urgent_goes_first_and_what_is_not_due_waits(database: Database) -> None:
    await database.write(
        _queue,
        _decision(1, "U1", kind=Kind.REMINDER),
        _decision(2, "U2", kind=Kind.ASK),
        _decision(3, "U3", kind=Kind.COMMITMENT_DUE, not_before=NOW + MINUTE),
    )
    assert [row.subject_id for row in await _claim(database)] == [2, 1]


async def test_a_recipient_has_at_most_one_row_under_way(database: Database) -> None:
    await database.write(_queue, _decision(1), _decision(2), _decision(3, "U2"))
    first = await _claim(database)
    assert [row.subject_id for row in first] == [1, 3]
    assert await _claim(database) == []
    await _begin(database, first[0])
    await database.write(service.sent, first[0], "D1", "1.1", NOW)
    assert [row.subject_id for row in await _claim(database)] == [2]


async def test_two_replicas_never_claim_the_same(database: Database, database_url: str) -> None:
    await database.write(_queue, *(_decision(n, f"U{n % 50}") for n in range(200)))
    other = open_database(database_url)
    batches = await asyncio.gather(
        *(_claim(replica, 7) for _ in range(10) for replica in (database, other))
    )
    await other.close()
    rows = [row for batch in batches for row in batch]
    assert len({row.id for row in rows}) == len(rows)
    assert len({row.recipient for row in rows}) == len(rows) == 50


async def test_a_lost_lease_may_not_send(database: Database) -> None:
    await database.write(_queue, _decision(1))
    claimed = await _claim_one(database)
    later = NOW + service.LEASE + MINUTE
    assert await database.write(service.settle_expired, later, 10) == 1
    again = await _claim_one(database, later)
    assert await _begin(database, claimed, later) is None
    assert await _begin(database, again, later) == Send()


async def test_a_row_left_in_mid_send_is_in_doubt_and_never_sent_again(database: Database) -> None:
    await database.write(_queue, _decision(1))
    claimed = await _claim_one(database)
    await _begin(database, claimed)
    later = NOW + service.LEASE + MINUTE
    await database.write(service.settle_expired, later, 10)
    assert await database.read(_states) == ["doubt"]
    assert await _claim(database, now=later + timedelta(days=30)) == []


async def test_a_late_success_settles_the_doubt(database: Database) -> None:
    await database.write(_queue, _decision(1))
    claimed = await _claim_one(database)
    await _begin(database, claimed)
    await database.write(service.settle_expired, NOW + service.LEASE + MINUTE, 10)
    await database.write(service.sent, claimed, "D1", "1.1", NOW)
    assert await database.read(_states) == ["sent"]
    assert await database.read(outbox.nudge_id, claimed.id) is not None


async def test_an_edit_in_doubt_is_done_again(database: Database) -> None:
    await database.write(_queue, _decision(1, kind=Kind.ASK_REDRAW))
    claimed = await _claim_one(database)
    await _begin(database, claimed)
    await database.write(service.in_doubt, claimed, NOW)
    assert await database.read(_states) == ["queued"]
    await _begin(database, await _claim_one(database, NOW + MINUTE), NOW + MINUTE)
    await database.write(service.settle_expired, NOW + timedelta(hours=1), 10)
    assert await database.read(_states) == ["queued"]


async def test_a_busy_slack_is_tried_again_and_given_up_after_a_day(database: Database) -> None:
    await database.write(_queue, _decision(1))
    now, tries = NOW, 0
    while (await database.read(_states)) == ["queued"]:
        due = await database.read(outbox.next_due)
        assert due is not None
        now = due
        claimed = await _claim_one(database, now)
        await _begin(database, claimed, now)
        await database.write(service.later, claimed, 30.0, now)
        tries += 1
    assert await database.read(_states) == ["failed"]
    assert timedelta(hours=24) < now - NOW < timedelta(hours=25)
    assert 90 < tries < 130


async def test_where_a_message_stands_is_remembered(database: Database) -> None:
    person = await database.write(_person)
    await database.write(_queue, _decision(1, person_id=person))
    claimed = await _claim_one(database)
    await _begin(database, claimed)
    await database.write(service.sent, claimed, "D7", "17.4", NOW)
    nudge = await database.read(
        lambda tx: tx.execute(select(tables.Nudge.channel_id, tables.Nudge.ts)).one()
    )
    assert tuple(nudge) == ("D7", "17.4")
    channel = await database.read(lambda tx: tx.scalars(select(tables.Person.dm_channel_id)).one())
    assert channel == "D7"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [({"is_deleted": True}, "left"), ({"stopped_at": NOW}, "stopped")],
)
async def test_who_left_or_stopped_gets_nothing(
    database: Database, changes: dict[str, object], reason: str
) -> None:
    person = await database.write(_person)
    await database.write(_queue, _decision(1, person_id=person))

    def change(tx: Tx) -> None:
        for name, value in changes.items():
            setattr(tx.get_one(tables.Person, person), name, value)

    await database.write(change)
    assert await _begin(database, await _claim_one(database)) == Drop(reason)
    assert await database.read(_states) == ["dropped"]


async def test_nothing_goes_out_after_the_app_was_removed(database: Database) -> None:
    await database.write(_queue, _decision(1), _decision(2, "U2"))
    claimed, _ = await _claim(database)
    await database.write(workspaces.uninstalled, 1, NOW)
    assert await database.read(_states) == ["dropped", "dropped"]
    assert await _begin(database, claimed) is None
    await database.write(_queue, _decision(3))
    assert await _claim(database) == []


async def test_a_void_token_stops_all_sending(database: Database) -> None:
    await database.write(_queue, _decision(1), _decision(2, "U2"))
    claimed = (await _claim(database, 1))[0]
    await _begin(database, claimed)
    await database.write(service.failed, claimed, "token_revoked", NOW)
    assert await database.read(_states) == ["failed", "dropped"]


async def _send(database: Database, claimed: Claimed, now: datetime) -> Verdict | None:
    verdict = await _begin(database, claimed, now)
    if isinstance(verdict, Send):
        await database.write(service.sent, claimed, "D1", str(now.timestamp()), now)
    return verdict


async def test_caps_hold_over_a_month_of_trying_every_day(database: Database) -> None:
    person = await database.write(_person)
    rows = (_decision(n, kind=Kind.INTRODUCTION, person_id=person) for n in range(12))
    await database.write(_queue, *rows)
    moments = []
    end = NOW + timedelta(days=32)
    while (now := await database.read(outbox.next_due)) and now < end:
        claimed = await _claim_one(database, now)
        if await _send(database, claimed, now) == Send():
            moments.append(now)
    assert len(moments) == 7
    for moment in moments:
        assert moment.hour * 60 + moment.minute in range(570, 990)
        assert moment.weekday() < 5
        assert sum(moment - timedelta(days=7) < other <= moment for other in moments) <= 2
        assert sum(moment - timedelta(days=28) < other <= moment for other in moments) <= 5
        assert sum(other.date() == moment.date() for other in moments) == 1


async def test_what_may_have_arrived_counts_too(database: Database) -> None:
    person = await database.write(_person)
    ask: dict[str, Any] = {"kind": Kind.ASK, "person_id": person}
    await database.write(_queue, _decision(1, **ask), _decision(2, **ask))
    claimed = await _claim_one(database)
    await _begin(database, claimed)
    await database.write(service.in_doubt, claimed, NOW)
    verdict = await _begin(database, await _claim_one(database))
    assert verdict == Postpone(datetime(2025, 3, 5, 9, 30, tzinfo=UTC), "cap")


async def test_two_replicas_cannot_both_pass_a_cap(database: Database, database_url: str) -> None:
    """The same person under two recipients, as after a race that claims did not stop."""
    person = await database.write(_person)
    ask: dict[str, Any] = {"kind": Kind.ASK, "person_id": person}
    rows = (_decision(n, f"D{n}", **ask) for n in range(8))
    await database.write(_queue, *rows)
    claimed = await _claim(database)
    other = open_database(database_url)
    verdicts = await asyncio.gather(
        *(_begin(replica, row) for replica, row in zip([database, other] * 4, claimed, strict=True))
    )
    await other.close()
    assert sum(verdict == Send() for verdict in verdicts) == 1


@pytest.mark.parametrize(
    ("now", "tz", "until"),
    [
        ((2025, 3, 4, 8, 0), "UTC", (2025, 3, 4, 9, 30)),
        ((2025, 3, 7, 16, 30), "UTC", (2025, 3, 10, 9, 30)),
        ((2025, 3, 4, 10, 0), "Asia/Tokyo", (2025, 3, 5, 0, 30)),
        ((2025, 3, 28, 20, 0), "Europe/Paris", (2025, 3, 31, 7, 30)),
    ],
)
async def test_messages_that_count_keep_the_hours(
    database: Database, now: tuple[int, ...], tz: str, until: tuple[int, ...]
) -> None:
    moment = datetime(*now, tzinfo=UTC)  # type: ignore[arg-type, misc]
    person = await database.write(_person, "U1", tz)
    ask: dict[str, Any] = {"kind": Kind.ASK, "person_id": person, "not_before": moment}
    await database.write(_queue, _decision(1, **ask))
    verdict = await _begin(database, await _claim_one(database, moment), moment)
    assert verdict == Postpone(datetime(*until, tzinfo=UTC), "hours")  # type: ignore[arg-type, misc]


async def test_the_reason_to_send_is_checked_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sending.WANTED, Kind.ASK, lambda *_: Drop("answered"))
    person = await database.write(_person)
    await database.write(_queue, _decision(1, kind=Kind.ASK, person_id=person))
    assert await _begin(database, await _claim_one(database)) == Drop("answered")
    row = await database.read(lambda tx: tx.scalars(select(tables.Outbox)).one())
    assert (row.state, row.reason, row.ended_at) == (State.DROPPED, "answered", NOW)


def _post(tx: Tx) -> None:
    author = _person(tx)
    initiative = tables.Initiative(workspace_id=1, name="Kiosk", tz="UTC", visibility="named")
    initiative.status, initiative.created_by_id, initiative.created_at = "running", author, NOW
    initiative.cycle_days, initiative.picked, initiative.skipped = 14, {}, {}
    initiative.revision = 1
    tx.add(initiative)
    tx.flush()
    post = tables.ProgressPost(workspace_id=1, initiative_id=initiative.id, author_id=author)
    post.kind, post.created_at = "post", NOW
    tx.add(post)
    tx.flush()
    outbox.queue(tx, [_decision(post.id, "C1", kind=Kind.PROGRESS_POST)], NOW)


async def test_a_post_waits_for_an_invitation_and_its_author_is_told(database: Database) -> None:
    await database.write(_post)
    claimed = await _claim_one(database)
    await _begin(database, claimed)
    await database.write(service.failed, claimed, "not_in_channel", NOW)
    (waiting,) = await _claim(database)
    assert (waiting.kind, waiting.recipient) == (Kind.POST_WAITING, "U1")
    assert await database.write(service.retry_channel, 1, "C2", NOW) == 0
    assert await database.write(service.retry_channel, 1, "C1", NOW) == 1
    assert [row.kind for row in await _claim(database)] == [Kind.PROGRESS_POST]


@pytest.mark.parametrize("code", ["is_archived", "restricted_action", "not_prepared_KeyError"])
async def test_the_author_is_told_why_a_post_is_not_in_the_channel(
    database: Database, code: str
) -> None:
    await database.write(_post)
    claimed = await _claim_one(database)
    await _begin(database, claimed)
    await database.write(service.failed, claimed, code, NOW)
    waiting = await _claim_one(database)
    assert (waiting.kind, waiting.recipient, waiting.slot) == (Kind.POST_WAITING, "U1", code)


async def test_the_author_is_told_once_that_a_post_may_not_be_written_and_that_it_never_was(
    database: Database,
) -> None:
    await database.write(_post)
    now, told = NOW, []
    for _ in range(30):
        claimed = await _claim(database, now=now)
        for row in claimed:
            await _begin(database, row, now)
            if row.kind is Kind.POST_WAITING:
                told.append(row.slot)
                await database.write(service.sent, row, "D1", str(now.timestamp()), now)
            else:
                await database.write(service.later, row, 3600.0, now, service.MISSING_ABILITY)
                (reason,) = await database.read(_reasons_of_posts)
                assert reason in (service.MISSING_ABILITY, "gave_up")
        now += timedelta(hours=1)
    assert told == [service.MISSING_ABILITY, "gave_up"]


def _reasons_of_posts(tx: Tx) -> list[str | None]:
    of_posts = tables.Outbox.kind == Kind.PROGRESS_POST.value
    return list(tx.scalars(select(tables.Outbox.reason).where(of_posts)))
