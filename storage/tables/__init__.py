"""Every table. Facts are appended and never updated; the one deletion is erasing a person.

Columns named `*_id` point at the table of that name. Texts that people typed live in `free_text`
alone, so that erasing them is one statement. Moments are UTC; dates are local to the initiative.
"""

from storage.tables.barriers import BarrierFact, BarrierReply, BarrierTotals
from storage.tables.base import Base, Identified
from storage.tables.calendars import CalendarFeed
from storage.tables.commitments import (
    ActList,
    Commitment,
    CommitmentOutcome,
    CommitmentPlan,
    FollowedUp,
    StepDeclined,
)
from storage.tables.conversations import (
    Conversation,
    ConversationEvent,
    ConversationGuest,
    ConversationNote,
)
from storage.tables.initiatives import (
    Cycle,
    Initiative,
    InitiativeOwner,
    InitiativeSetting,
    PlanVersion,
    Stakeholder,
    StakeholderChoice,
)
from storage.tables.inputs import Input, InputReply, ProgressPost
from storage.tables.messages import Digest, Dropped, Give, Nudge, NudgeAsk, Outbox, StepBack
from storage.tables.pulses import Answer, Ask
from storage.tables.standings import GroupFigure, InitiativeSnapshot, OwnerGuess, Standing
from storage.tables.workspaces import Audit, FreeText, Person, PersonSetting, ReceivedKey, Workspace

__all__ = [
    "ActList",
    "Answer",
    "Ask",
    "Audit",
    "BarrierFact",
    "BarrierReply",
    "BarrierTotals",
    "Base",
    "CalendarFeed",
    "Commitment",
    "CommitmentOutcome",
    "CommitmentPlan",
    "Conversation",
    "ConversationEvent",
    "ConversationGuest",
    "ConversationNote",
    "Cycle",
    "Digest",
    "Dropped",
    "FollowedUp",
    "FreeText",
    "Give",
    "GroupFigure",
    "Identified",
    "Initiative",
    "InitiativeOwner",
    "InitiativeSetting",
    "InitiativeSnapshot",
    "Input",
    "InputReply",
    "Nudge",
    "NudgeAsk",
    "Outbox",
    "OwnerGuess",
    "Person",
    "PersonSetting",
    "PlanVersion",
    "ProgressPost",
    "ReceivedKey",
    "Stakeholder",
    "StakeholderChoice",
    "Standing",
    "StepBack",
    "StepDeclined",
    "Workspace",
]
