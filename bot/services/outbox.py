"""What happens to a decision on its way out; the sender calls these one after the other."""

import secrets
from datetime import datetime, timedelta

from bot.domain.outbox import (
    EDITS,
    PACED,
    Claimed,
    Decision,
    Drop,
    Kind,
    Postpone,
    Send,
    State,
    Verdict,
)
from bot.services import sending, workspaces
from storage import gives, outbox, pacing
from storage.database import Tx

LEASE = timedelta(minutes=2)
"""How long a process may hold a row; longer than any call to Slack takes."""

GIVE_UP_AFTER = timedelta(hours=24)
SOON = timedelta(seconds=1)
"""Nothing waits for less, so that nobody spins."""

LONGEST_PAUSE = 900.0
"""Seconds between two tries at most, unless Slack asks for more."""

SENT_AGAIN = 2
"""How often a message that failed or was dropped is decided anew before its next round."""

NO_CHANNEL = frozenset({"channel_not_found", "not_in_channel"})
"""Mended by inviting the app; then `retry_channel` sends the post."""

MISSING_ABILITY = "missing_ability"
"""The installation may not do this, until somebody changes its scopes or the channel."""

NO_PERSON = frozenset(
    {
        "cannot_dm_bot",
        "channel_not_found",
        "user_disabled",
        "user_not_found",
        "user_not_visible",
        "users_not_found",
    }
)


def claim_due(tx: Tx, limit: int, now: datetime) -> list[Claimed]:
    """Take at most `limit` due rows, most urgent first; nobody else gets them for two minutes."""
    return outbox.claim(tx, secrets.token_hex(8), now + LEASE, limit, now)


def decide(tx: Tx, claimed: Claimed, now: datetime) -> Verdict | None:
    """Check again whether to send, and settle the row if not; None if the lease is lost."""
    row = outbox.lock(tx, claimed)
    if row is None or row.state is not State.CLAIMED:
        return None
    verdict = sending.verdict(tx, claimed, now)
    match verdict:
        case Drop(reason):
            _end(tx, claimed, State.DROPPED, reason, now)
        case Postpone(until, reason):
            _wait(tx, claimed, max(until, now + SOON), reason)
        case Send():
            pass
    return verdict


def begin_sending(tx: Tx, claimed: Claimed, now: datetime) -> bool:
    """Note that the call to Slack starts; from now on the row counts as possibly arrived."""
    return outbox.change(
        tx,
        claimed,
        State.SENDING,
        came_from=[State.CLAIMED],
        sending_at=now,
        lease_until=now + LEASE,
        first_tried_at=now,
    )


def release(tx: Tx, claimed: Claimed) -> None:
    """Give a claimed row back unsent, as when the process stops."""
    outbox.change(tx, claimed, State.QUEUED, came_from=[State.CLAIMED], lease=None)


def sent(tx: Tx, claimed: Claimed, channel: str, ts: str, now: datetime) -> None:
    """Note that the message stands at `channel`, `ts`; a late success settles a doubt."""
    arrived = outbox.change(
        tx,
        claimed,
        State.SENT,
        came_from=[State.SENDING, State.DOUBT],
        reason=None,
        ended_at=now,
    )
    if not arrived:
        return
    if claimed.kind not in EDITS:
        outbox.add_nudge(tx, claimed, channel, ts, now)
    sending.arrived(tx, claimed, channel, ts, now)


def in_doubt(tx: Tx, claimed: Claimed, now: datetime) -> None:
    """Note that nobody knows whether it arrived; only an edit is tried again."""
    if claimed.kind in EDITS:
        later(tx, claimed, 0.0, now)
    else:
        _end(tx, claimed, State.DOUBT, "answer_lost", now)


def later(
    tx: Tx, claimed: Claimed, seconds: float, now: datetime, reason: str = "slack_busy"
) -> None:
    """Queue it again, because Slack surely did nothing; give up after a day of trying.

    `reason` is `slack_busy` or `missing_ability`; the author of a post hears of the latter.
    """
    row = outbox.lock(tx, claimed)
    if row is None or row.state is not State.SENDING:
        return
    if row.first_tried_at and now - row.first_tried_at > GIVE_UP_AFTER:
        failed(tx, claimed, "gave_up", now)
        return
    if reason == MISSING_ABILITY and claimed.kind is Kind.PROGRESS_POST:
        _tell_author(tx, claimed, reason, now)
    pause = max(seconds, min(2.0**row.attempts, LONGEST_PAUSE))
    _wait(tx, claimed, now + timedelta(seconds=pause), reason, attempts=row.attempts + 1)


def failed(tx: Tx, claimed: Claimed, code: str, now: datetime) -> None:
    """Note that Slack refused for good with `code`, and do what follows from it."""
    if not _end(tx, claimed, State.FAILED, code, now):
        return
    if code in workspaces.NO_TOKEN:
        workspaces.uninstalled(tx, claimed.workspace_id, now)
    elif claimed.kind is Kind.PROGRESS_POST:
        _tell_author(tx, claimed, "" if code in NO_CHANNEL else code, now)
    elif code in NO_PERSON and claimed.person_id is not None:
        sending.unreachable(tx, claimed.person_id, code, now)


def retry_channel(tx: Tx, workspace_id: int, channel: str, now: datetime) -> int:
    """Queue the posts again that could not go to `channel`; return how many."""
    return outbox.requeue_failed(tx, workspace_id, Kind.PROGRESS_POST, channel, NO_CHANNEL, now)


def settle_expired(tx: Tx, now: datetime, limit: int) -> int:
    """Settle rows that a process left behind; return how many, at most `limit`."""
    expired = outbox.expire(tx, limit, now)
    for doubtful in expired.in_doubt:
        _decide_again(tx, *doubtful, now)
    return expired.count


def _end(tx: Tx, claimed: Claimed, state: State, reason: str, now: datetime) -> bool:
    under_way = [State.CLAIMED, State.SENDING]
    if not outbox.change(tx, claimed, state, came_from=under_way, reason=reason, ended_at=now):
        return False
    _decide_again(tx, claimed.workspace_id, claimed.kind, claimed.subject_id, now)
    return True


def _decide_again(tx: Tx, workspace_id: int, kind: Kind, subject_id: int, now: datetime) -> None:
    """Have the clock look again at somebody whose message did not arrive, but not for ever."""
    if kind not in PACED:
        return
    if outbox.count_lost(tx, workspace_id, kind, subject_id) <= SENT_AGAIN:
        if kind is Kind.GIVE:
            gives.mark_decided(tx, [subject_id], None)
        pacing.decide_again(tx, kind, subject_id, now)


def _wait(tx: Tx, claimed: Claimed, until: datetime, reason: str, **values: int) -> None:
    outbox.change(
        tx,
        claimed,
        State.QUEUED,
        came_from=[State.CLAIMED, State.SENDING],
        not_before=until,
        reason=reason,
        lease=None,
        **values,
    )


def _tell_author(tx: Tx, claimed: Claimed, reason: str, now: datetime) -> None:
    """Have a post's author read why it is not in the channel; no reason: we are not inside."""
    author = outbox.author_of_post(tx, claimed.subject_id)
    if author is None:
        return
    decision = Decision(
        workspace_id=claimed.workspace_id,
        kind=Kind.POST_WAITING,
        subject_id=claimed.subject_id,
        recipient=author.slack_user_id,
        not_before=now,
        slot=reason,
        person_id=author.id,
        initiative_id=claimed.initiative_id,
    )
    outbox.queue(tx, [decision], now)
