"""The outbox: what the app decided to send, and how a decision ends."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """What a message is for; says which row `subject_id` names."""

    COMMITMENT_DUE = "commitment_due"  # commitment, to the owner who made it
    TALK_CARD = "talk_card"  # conversation, to either side: agreed, moved or called off
    TALK_REMINDER = "talk_reminder"  # conversation, to either side
    TALK_OPENS = "talk_opens"  # conversation, to all who come to a group session, at its time
    TALK_OFFER = "talk_offer"  # conversation, to who asked for it
    TALK_HOST = "talk_host"  # conversation, to a sponsor: can they?
    STEP_DUE = "step_due"  # commitment, to whoever was asked and chose it
    INTRODUCTION = "introduction"  # stakeholder
    ASK = "ask"  # ask
    PAUSE_NOTE = "pause_note"  # step_back: asking has stopped for a while
    GIVE = "give"  # give: news or an offer that asks nothing
    REMINDER = "reminder"  # ask
    FAREWELL = "farewell"  # stakeholder: the initiative ended
    TALK_AFTER = "talk_after"  # conversation, to either side: how did it go?
    INPUT_REPLY = "input_reply"  # input_reply, to the giver of the input
    DRAFT_SAVED = "draft_saved"  # initiative, to the owner
    OWNER_CHANGED = "owner_changed"  # initiative_owner: leads it from now on, or no longer
    DIGEST = "digest"  # digest, to the owner
    POST_WAITING = "post_waiting"  # progress_post, to the owner: why it is not in the channel
    PROGRESS_POST = "progress_post"  # progress_post, to the channel
    ASK_REDRAW = "ask_redraw"  # ask: edits the check-in where it stands
    ROUND_RESULT = "round_result"  # ask: edits the check-in into the result of its round
    TALK_REDRAW = "talk_redraw"  # conversation: edits what tells somebody an earlier time


COUNTED = frozenset(
    {
        Kind.STEP_DUE,
        Kind.INTRODUCTION,
        Kind.ASK,
        Kind.PAUSE_NOTE,
        Kind.GIVE,
        Kind.REMINDER,
        Kind.FAREWELL,
    }
)
"""Kinds that count for a person's cap. An answer to somebody's own input is a reply."""

PACED = frozenset({Kind.INTRODUCTION, Kind.ASK, Kind.PAUSE_NOTE, Kind.GIVE, Kind.REMINDER})
"""Decided by the clock, which otherwise waits for the arrival of the one before.

They wait while the owners of the initiative want nobody asked; what somebody chose does not.
"""

EDITS = frozenset({Kind.ASK_REDRAW, Kind.ROUND_RESULT, Kind.TALK_REDRAW})
"""Kinds that change a message that is already there, so that nobody is notified."""

PRIORITY: dict[Kind, int] = {kind: place for place, kind in enumerate(Kind)}
"""What goes first when several are due; lower is sooner (order of `method.md` section 3)."""


class State(StrEnum):
    """Where a row stands: queued, claimed, sending, then one of four ends."""

    QUEUED = "queued"
    CLAIMED = "claimed"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    DROPPED = "dropped"
    DOUBT = "doubt"


@dataclass(frozen=True, slots=True)
class Decision:
    """Something to send, decided in the same transaction as the state that caused it.

    `recipient` is a Slack user or channel id; `slot` tells repeats of the same kind and subject
    apart; the five of workspace, kind, subject, recipient and slot are unique.
    """

    workspace_id: int
    kind: Kind
    subject_id: int
    recipient: str
    not_before: datetime
    slot: str = ""
    person_id: int | None = None
    initiative_id: int | None = None


@dataclass(frozen=True, slots=True)
class Claimed:
    """A row that this process may send while its lease lasts."""

    id: int
    workspace_id: int
    kind: Kind
    subject_id: int
    recipient: str
    slot: str
    person_id: int | None
    initiative_id: int | None
    lease: str
    attempts: int


@dataclass(frozen=True, slots=True)
class Send:
    """The reason to send still holds."""


@dataclass(frozen=True, slots=True)
class Drop:
    """The reason is gone; `reason` is a code such as `answered`, `stopped`, `left`."""

    reason: str


@dataclass(frozen=True, slots=True)
class Postpone:
    """Not now: a cap, the hours or something else says to wait until `until`."""

    until: datetime
    reason: str


Verdict = Send | Drop | Postpone
