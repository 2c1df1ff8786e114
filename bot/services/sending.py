"""Whether a message may go out right now, and what its arrival means: a table by kind.

What holds for every kind stands here; what only one kind knows stands in the service of its
subject and is entered in the tables.
"""

from collections.abc import Callable
from datetime import datetime

from bot.domain import caps
from bot.domain.calendars import Calendar, next_working_moment
from bot.domain.initiatives import Status
from bot.domain.outbox import COUNTED, EDITS, PACED, Claimed, Drop, Kind, Postpone, Send, Verdict
from bot.domain.pulses import EndReason
from bot.services import (
    calendars,
    commitments,
    conversations,
    digests,
    drafts,
    endings,
    gives,
    inputs,
    introductions,
    owners,
    pacing_settings,
    pauses,
    people,
    progress,
    pulses,
    talk_messages,
)
from storage import outbox, pacing
from storage.database import Tx
from storage.outbox import Circumstances

Wanted = Callable[[Tx, Claimed, datetime], Verdict]
Arrived = Callable[[Tx, Claimed, str, str, datetime], None]

WANTED: dict[Kind, Wanted] = {
    Kind.INTRODUCTION: introductions.still_wanted,
    Kind.ASK: pulses.ask_wanted,
    Kind.PAUSE_NOTE: pauses.note_wanted,
    Kind.GIVE: gives.wanted,
    Kind.REMINDER: pulses.ask_wanted,
    Kind.ASK_REDRAW: pulses.redraw_wanted,
    Kind.ROUND_RESULT: pulses.result_wanted,
    Kind.INPUT_REPLY: inputs.wanted,
    Kind.PROGRESS_POST: progress.wanted,
    Kind.COMMITMENT_DUE: commitments.wanted,
    Kind.TALK_CARD: talk_messages.card_wanted,
    Kind.TALK_REMINDER: talk_messages.reminder_wanted,
    Kind.TALK_OFFER: conversations.offer_wanted,
    Kind.TALK_HOST: talk_messages.host_wanted,
    Kind.TALK_OPENS: talk_messages.opens_wanted,
    Kind.TALK_AFTER: talk_messages.after_wanted,
    Kind.TALK_REDRAW: talk_messages.redraw_wanted,
    Kind.STEP_DUE: commitments.wanted,
    Kind.DIGEST: digests.wanted,
    Kind.DRAFT_SAVED: drafts.saved_still_wanted,
    Kind.OWNER_CHANGED: owners.note_wanted,
    Kind.FAREWELL: endings.farewell_still_wanted,
}
"""Per kind: is the reason to send still there?"""


def _look_again(tx: Tx, claimed: Claimed, channel: str, ts: str, now: datetime) -> None:
    pacing.decide_again(tx, claimed.kind, claimed.subject_id, now)


def _give_arrived(tx: Tx, claimed: Claimed, channel: str, ts: str, now: datetime) -> None:
    gives.arrived(tx, claimed.subject_id, now)
    _look_again(tx, claimed, channel, ts, now)


ARRIVED: dict[Kind, Arrived] = {
    Kind.INTRODUCTION: introductions.arrived,
    Kind.ASK: pulses.ask_arrived,
    Kind.PAUSE_NOTE: _look_again,
    Kind.GIVE: _give_arrived,
    Kind.TALK_OFFER: lambda tx, claimed, _channel, _ts, now: conversations.offer_arrived(
        tx, claimed.subject_id, now
    ),
    Kind.REMINDER: _look_again,
    Kind.STEP_DUE: commitments.arrived,
}
"""Per kind: what changes once the message stands at (channel id, ts)."""

ANSWERS = EDITS | {
    Kind.DRAFT_SAVED,
    Kind.POST_WAITING,
    Kind.PROGRESS_POST,
    Kind.TALK_CARD,  # they agreed to be there
}
"""What somebody just asked for, or what notifies nobody: no stop holds it back."""

IN_HOURS = COUNTED | {
    Kind.COMMITMENT_DUE,
    Kind.INPUT_REPLY,
    Kind.TALK_AFTER,
    Kind.TALK_HOST,
    Kind.TALK_OFFER,
    Kind.OWNER_CHANGED,
}
"""What waits for the person's own hours; digests know hours of their own."""

AFTER_THE_END = EDITS | {
    Kind.FAREWELL,
    Kind.INPUT_REPLY,
    Kind.PROGRESS_POST,
    Kind.TALK_CARD,
    Kind.TALK_OPENS,
    Kind.TALK_REMINDER,
}
"""What still goes out when the initiative has ended."""


def verdict(tx: Tx, claimed: Claimed, now: datetime) -> Verdict:
    """Return whether the row still is to be sent, now; the caller holds its lease."""
    about = outbox.circumstances(tx, claimed)
    reason = _gone(about, claimed.kind, now)
    if reason:
        return Drop(reason)
    wanted = WANTED.get(claimed.kind)
    own = wanted(tx, claimed, now) if wanted else Send()
    if not isinstance(own, Send) or claimed.kind not in IN_HOURS or claimed.person_id is None:
        return own
    calendar = calendars.build(about.tz, about.times, about.country, now)
    if claimed.kind not in COUNTED:
        return _in_its_time([], caps.WINDOWS, calendar, now)
    sent = outbox.counted_moments(tx, claimed.person_id, now - caps.LONGEST)
    windows = pacing_settings.of(tx, claimed.workspace_id).windows
    return _in_its_time(sent, windows, calendar, now)


def arrived(tx: Tx, claimed: Claimed, channel: str, ts: str, now: datetime) -> None:
    """Do what the arrival of the message means for its subject."""
    hook = ARRIVED.get(claimed.kind)
    if hook:
        hook(tx, claimed, channel, ts, now)


def unreachable(tx: Tx, person_id: int, code: str, now: datetime) -> None:
    """Do what it means that Slack will never deliver to this person (`code` is Slack's)."""
    people.cannot_be_reached(tx, person_id, code, now)


def _gone(about: Circumstances, kind: Kind, now: datetime) -> str | None:
    if about.uninstalled:
        return "uninstalled"
    if about.deleted:
        return "left"
    if about.stopped and kind not in ANSWERS:
        return "stopped"
    if about.initiative == Status.ENDED and kind not in AFTER_THE_END:
        return "ended"
    if kind in PACED and about.halted_until is not None and about.halted_until > now:
        return EndReason.HALTED.value
    return None


def _in_its_time(
    sent: list[datetime], windows: caps.Windows, calendar: Calendar, now: datetime
) -> Verdict:
    moment = now
    while True:
        allowed = caps.earliest(sent, moment, calendar, windows)
        allowed = next_working_moment(allowed, calendar)
        if allowed == moment:
            break
        moment = allowed
    if moment == now:
        return Send()
    capped = caps.earliest(sent, now, calendar, windows) > now
    return Postpone(moment, "cap" if capped else "hours")
