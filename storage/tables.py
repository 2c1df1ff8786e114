"""Every table. Facts are appended and never updated; the one deletion is erasing a person.

Columns named `*_id` point at the table of that name. Texts that people typed live in `free_text`
alone, so that erasing them is one statement. Moments are UTC; dates are local to the initiative.
"""

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from storage.types import UtcDateTime

BigId = BigInteger().with_variant(Integer, "sqlite")  # SQLite auto-numbers only INTEGER keys


class Base(DeclarativeBase):
    """The declarative base; constraint names are fixed so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads this class attribute
        int: BigId,
        datetime: UtcDateTime(),
        dict[str, Any]: JSON(),
        list[Any]: JSON(),
        str: String(255),
    }


class Identified:
    """What every row has."""

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)


class InWorkspace(Identified):
    """A row that belongs to one workspace."""

    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspace.id"))


class Workspace(Identified, Base):
    """One installation of the app."""

    __tablename__ = "workspace"
    __table_args__ = (UniqueConstraint("enterprise_id", "team_id", "app_id"),)

    enterprise_id: Mapped[str] = mapped_column(default="")  # "" = none: NULLs are never equal
    team_id: Mapped[str] = mapped_column(default="")
    app_id: Mapped[str] = mapped_column(default="")
    bot_user_id: Mapped[str | None]
    name: Mapped[str | None]
    created_at: Mapped[datetime]
    uninstalled_at: Mapped[datetime | None]
    directory_synced_at: Mapped[datetime | None]
    estimates_off_at: Mapped[datetime | None]
    """When estimates of people were switched off here; null while they are made."""
    holidays: Mapped[str | None]
    """The country whose public holidays hold for whoever chose none: DE, or DE-BY."""
    pacing: Mapped[dict[str, Any] | None]
    """Numbers of the pacing policy that differ here: {name: value}; null = none."""


class FreeText(InWorkspace, Base):
    """Words somebody typed; `author_id` is who can have them erased."""

    __tablename__ = "free_text"
    __table_args__ = (Index(None, "author_id"),)

    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    words: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]


class Person(InWorkspace, Base):
    """A Slack user over all initiatives, as Slack's directory has them."""

    __tablename__ = "person"
    __table_args__ = (UniqueConstraint("workspace_id", "slack_user_id"),)

    slack_user_id: Mapped[str]
    name: Mapped[str] = mapped_column(default="")
    tz: Mapped[str] = mapped_column(default="UTC")
    locale: Mapped[str | None]
    is_bot: Mapped[bool] = mapped_column(default=False)
    is_deleted: Mapped[bool] = mapped_column(default=False)
    is_guest: Mapped[bool] = mapped_column(default=False)
    is_stranger: Mapped[bool] = mapped_column(default=False)
    dm_channel_id: Mapped[str | None]
    seen_at: Mapped[datetime]
    """When Slack last told us about this person."""
    stopped_at: Mapped[datetime | None]
    """Projection of the last `stop_all`/`resume_all` setting."""
    group_only_at: Mapped[datetime | None]
    """Projection of the first `group_only` setting: it only gets stricter."""
    opens: Mapped[time | None]
    """Projection of the last `hours` setting, like `closes`; null = as everybody."""
    closes: Mapped[time | None]
    work_days: Mapped[str | None]
    """Projection of the last `days` setting: ISO days of the week, 1 = Monday; 12345."""
    holidays: Mapped[str | None]
    """Projection of the last `holidays` setting: "" = none; null = as the workspace."""
    away_until: Mapped[date | None]
    """Projection of the last `away` setting: the first day back, local."""
    quiet_from: Mapped[datetime | None]
    """Slack's next do-not-disturb window, until `quiet_until`; read at `quiet_read_at`."""
    quiet_until: Mapped[datetime | None]
    quiet_read_at: Mapped[datetime | None]


class PersonSetting(InWorkspace, Base):
    """A choice of a person over all initiatives, dated; the newest of a kind holds."""

    __tablename__ = "person_setting"
    __table_args__ = (Index(None, "person_id", "kind", "set_at"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str]
    value: Mapped[dict[str, Any]] = mapped_column(default=dict)
    set_at: Mapped[datetime]


class Initiative(InWorkspace, Base):
    """A change somebody leads."""

    __tablename__ = "initiative"
    __table_args__ = (Index(None, "status", "next_due_at"),)

    name: Mapped[str]
    tz: Mapped[str]
    visibility: Mapped[str]  # named | group
    status: Mapped[str]  # draft | running | ended
    channel_id: Mapped[str | None]
    first_date: Mapped[date | None]
    cycle_days: Mapped[int] = mapped_column(Integer, default=14)
    picked: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What the owner picked: {people, channels, groups} as Slack ids, before it is expanded."""
    skipped: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Who was left out when the picks were expanded: {reason: [slack user id]}."""
    revision: Mapped[int] = mapped_column(Integer, default=1)
    created_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    achieved_id: Mapped[int | None] = mapped_column(ForeignKey("free_text.id"), index=True)
    """What the owner says at the end was achieved; `changed_id`: what changed because of people."""
    changed_id: Mapped[int | None] = mapped_column(ForeignKey("free_text.id"), index=True)
    next_due_at: Mapped[datetime | None]
    """When the clock has to look at this initiative again (open or close a round)."""
    next_snapshot_at: Mapped[datetime | None] = mapped_column(index=True)
    """When the clock has to bring its standings up to date; null = there are none to keep."""
    doubted: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    """For how many rounds in a row most people asked were probably not bought in …"""
    doubted_round: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    """… up to this one."""


class InitiativeOwner(InWorkspace, Base):
    """Who leads an initiative, from when until when."""

    __tablename__ = "initiative_owner"
    __table_args__ = (UniqueConstraint("initiative_id", "person_id", "since"),)

    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    next_digest_at: Mapped[datetime | None] = mapped_column(index=True)


class PlanVersion(InWorkspace, Base):
    """What the initiative said about itself at one time; numbered from 1."""

    __tablename__ = "plan_version"
    __table_args__ = (UniqueConstraint("initiative_id", "number"),)

    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id"))
    number: Mapped[int] = mapped_column(Integer)
    why_id: Mapped[int] = mapped_column(ForeignKey("free_text.id"), index=True)
    benefit_id: Mapped[int] = mapped_column(ForeignKey("free_text.id"), index=True)
    needed_id: Mapped[int | None] = mapped_column(ForeignKey("free_text.id"), index=True)
    milestone_id: Mapped[int | None] = mapped_column(ForeignKey("free_text.id"), index=True)
    milestone_on: Mapped[date | None]
    created_at: Mapped[datetime]


class Stakeholder(InWorkspace, Base):
    """One person's place in one initiative."""

    __tablename__ = "stakeholder"
    __table_args__ = (
        UniqueConstraint("initiative_id", "person_id"),
        Index(None, "person_id"),
        Index(
            "ix_stakeholder_due",
            "next_due_at",
            "id",  # thousands may be due at one moment, and are taken in this order
            sqlite_where=text("next_due_at IS NOT NULL"),
        ),
    )

    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    status: Mapped[str]  # active | stopped | not_my_topic | left | off
    added_at: Mapped[datetime]
    introduced_at: Mapped[datetime | None]
    group_only_at: Mapped[datetime | None]
    no_estimate_at: Mapped[datetime | None]
    snoozed_until: Mapped[datetime | None]
    next_due_at: Mapped[datetime | None]
    """When the clock has to decide about this stakeholder again; null = nothing to decide."""
    due_rules: Mapped[str | None]
    """What decided the last time: rules of the pacing policy, separated by spaces."""
    misses: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    """Projection: check-ins unanswered in a row, up to the last closed round."""
    asked_at: Mapped[datetime | None]
    """Projection: when the last check-in arrived."""
    paused_until: Mapped[datetime | None]
    """Projection of the last `step_back`: nobody is asked before."""
    attention_at: Mapped[datetime | None]
    """Projection of the standing: since when attention is due; null = it is not."""
    settled: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    """Projection of the standing: a supporter of whom little can change."""
    fewer_at: Mapped[datetime | None]
    """Projection of the last `fewer` or `usual` choice: since when they want fewer messages."""


class StakeholderChoice(InWorkspace, Base):
    """What a stakeholder chose for one initiative, dated; the projection is on `stakeholder`."""

    __tablename__ = "stakeholder_choice"
    __table_args__ = (Index(None, "stakeholder_id", "made_at"),)

    stakeholder_id: Mapped[int] = mapped_column(ForeignKey("stakeholder.id"))
    kind: Mapped[str]  # group_only | not_my_topic | stop | resume | snooze | left | no_estimate | …
    until: Mapped[datetime | None]
    made_at: Mapped[datetime]


class Cycle(InWorkspace, Base):
    """A numbered window of one initiative, whole local days in the initiative's zone."""

    __tablename__ = "cycle"
    __table_args__ = (UniqueConstraint("initiative_id", "number"),)

    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id"))
    number: Mapped[int] = mapped_column(Integer)
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    by_hand: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    """An owner started it before its day."""


class Ask(InWorkspace, Base):
    """One pulse to one stakeholder."""

    __tablename__ = "ask"
    __table_args__ = (
        UniqueConstraint("stakeholder_id", "slot"),
        Index(None, "stakeholder_id", "opened_at"),
        Index(None, "cycle_id"),
        Index(
            "ix_ask_host_id",
            "host_id",
            sqlite_where=text("host_id IS NOT NULL"),
            postgresql_where=text("host_id IS NOT NULL"),
        ),
    )

    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id"), index=True)
    stakeholder_id: Mapped[int] = mapped_column(ForeignKey("stakeholder.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"))
    plan_version_id: Mapped[int] = mapped_column(ForeignKey("plan_version.id"))
    origin: Mapped[str]  # app | self
    slot: Mapped[int | None] = mapped_column(Integer)
    """Weeks since the initiative's first Monday; null for an ask the person started."""
    visibility: Mapped[str]
    question_version: Mapped[int] = mapped_column(Integer, default=1)
    opened_at: Mapped[datetime]
    delivered_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    end_reason: Mapped[str | None]  # next_ask | round_closed | not_now | not_my_topic | stopped | …
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    revision: Mapped[int] = mapped_column(Integer, default=0)
    host_id: Mapped[int | None] = mapped_column(ForeignKey("ask.id"))
    """The check-in of another initiative that offers this one: it has no message of its own."""


class Answer(InWorkspace, Base):
    """One tapped value; the newest per ask and question holds, older ones stay."""

    __tablename__ = "answer"
    __table_args__ = (Index(None, "ask_id", "question", "id"),)

    ask_id: Mapped[int] = mapped_column(ForeignKey("ask.id"))
    question: Mapped[str]  # useful | sure | effort | know | explain
    value: Mapped[int | None] = mapped_column(Integer)  # 1…5; null when recorded, not scored
    choice: Mapped[str | None]  # nothing_needed | dont_know | two_lines | fifteen_minutes | …
    answered_at: Mapped[datetime]


class Outbox(InWorkspace, Base):
    """A message the app decided to send: kind and ids only, rendered when it is sent."""

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("workspace_id", "kind", "subject_id", "recipient", "slot"),
        Index("ix_outbox_due", "state", "not_before"),
        Index("ix_outbox_person", "person_id", "sending_at"),
    )

    kind: Mapped[str]
    subject_id: Mapped[int]
    recipient: Mapped[str]  # Slack user or channel id
    slot: Mapped[str] = mapped_column(default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    initiative_id: Mapped[int | None] = mapped_column(ForeignKey("initiative.id"), index=True)
    counted: Mapped[bool] = mapped_column(default=False)
    """Whether it counts for the person's cap."""
    priority: Mapped[int] = mapped_column(Integer, default=50)
    state: Mapped[str]  # queued | claimed | sending | sent | failed | dropped | doubt
    reason: Mapped[str | None]
    created_at: Mapped[datetime]
    not_before: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    first_tried_at: Mapped[datetime | None]
    lease: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    sending_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class Nudge(InWorkspace, Base):
    """A message that arrived: where it stands in Slack."""

    __tablename__ = "nudge"
    __table_args__ = (UniqueConstraint("outbox_id"), Index(None, "person_id", "sent_at"))

    outbox_id: Mapped[int] = mapped_column(ForeignKey("outbox.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    initiative_id: Mapped[int | None] = mapped_column(ForeignKey("initiative.id"))
    kind: Mapped[str]
    channel_id: Mapped[str]
    ts: Mapped[str]
    sent_at: Mapped[datetime]


class NudgeAsk(InWorkspace, Base):
    """Which asks a message shows; one message may show two."""

    __tablename__ = "nudge_ask"
    __table_args__ = (UniqueConstraint("nudge_id", "ask_id"), Index(None, "ask_id"))

    nudge_id: Mapped[int] = mapped_column(ForeignKey("nudge.id"))
    ask_id: Mapped[int] = mapped_column(ForeignKey("ask.id"))


class Give(InWorkspace, Base):
    """A message that asks nothing, for one stakeholder; never twice the same."""

    __tablename__ = "give"
    __table_args__ = (
        UniqueConstraint("stakeholder_id", "kind", "subject_id"),
        Index(None, "person_id"),
    )

    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id"), index=True)
    stakeholder_id: Mapped[int] = mapped_column(ForeignKey("stakeholder.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str]  # barrier_answer | talk_offer | owner_line | input_change | progress_line
    subject_id: Mapped[int]  # of the table that the kind says
    created_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    """When it was queued; null while it waits for its week."""


class StepBack(InWorkspace, Base):
    """Asking stopped for a while, for one person; or an owner is advised to give more time."""

    __tablename__ = "step_back"

    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id"), index=True)
    stakeholder_id: Mapped[int | None] = mapped_column(ForeignKey("stakeholder.id"), index=True)
    """Null for the initiative as a whole."""
    reason: Mapped[str]  # missed | not_now | declined | not_done | more_time
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    note: Mapped[bool] = mapped_column(default=False)
    """Whether the person is to be told."""
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Numbers behind it; {quiet, asked} for the initiative as a whole."""
    ended_at: Mapped[datetime | None]
    """When an owner dealt with it, or the person wanted messages again."""
    outcome: Mapped[str | None]
    words_id: Mapped[int | None] = mapped_column(ForeignKey("free_text.id"), index=True)
    """Why an owner keeps the date."""


class Dropped(InWorkspace, Base):
    """Something that was due and was let go, and why."""

    __tablename__ = "dropped"
    __table_args__ = (
        UniqueConstraint("stakeholder_id", "kind", "number"),
        Index(None, "initiative_id", "dropped_at"),
    )

    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id"))
    stakeholder_id: Mapped[int] = mapped_column(ForeignKey("stakeholder.id"))
    kind: Mapped[str]  # ask | reminder | give | pause_note
    number: Mapped[int] = mapped_column(Integer)
    """The week of a give, counted as asks' slots are; the round of anything else."""
    rule: Mapped[str]
    dropped_at: Mapped[datetime]


class Input(InWorkspace, Base):
    """Something a stakeholder told the owner."""

    __tablename__ = "input"
    __table_args__ = (Index(None, "initiative_id", "created_at"), Index(None, "person_id"))

    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    named: Mapped[bool]
    about: Mapped[str] = mapped_column(default="initiative", server_default="initiative")
    """initiative | standing: standing = "that's wrong", about what owners read of the person."""
    words_id: Mapped[int] = mapped_column(ForeignKey("free_text.id"), index=True)
    plan_version_id: Mapped[int] = mapped_column(ForeignKey("plan_version.id"))
    created_at: Mapped[datetime]


class InputReply(InWorkspace, Base):
    """What became of an input; the newest holds."""

    __tablename__ = "input_reply"
    __table_args__ = (Index(None, "input_id", "replied_at"),)

    input_id: Mapped[int] = mapped_column(ForeignKey("input.id"))
    outcome: Mapped[str]  # used | partly | not_used
    words_id: Mapped[int | None] = mapped_column(ForeignKey("free_text.id"), index=True)
    replied_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    replied_at: Mapped[datetime]


class ProgressPost(InWorkspace, Base):
    """What an owner told the team, or that there was nothing new."""

    __tablename__ = "progress_post"
    __table_args__ = (Index(None, "initiative_id", "posted_at"),)

    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str]  # post | nothing_new
    moved_id: Mapped[int | None] = mapped_column(ForeignKey("free_text.id"), index=True)
    changed_id: Mapped[int | None] = mapped_column(ForeignKey("free_text.id"), index=True)
    next_id: Mapped[int | None] = mapped_column(ForeignKey("free_text.id"), index=True)
    next_on: Mapped[date | None]
    created_at: Mapped[datetime]
    posted_at: Mapped[datetime | None]
    """When the owner pressed Post; null while it is only previewed."""


class Commitment(InWorkspace, Base):
    """A concrete act plus a date; in this release only owners make them."""

    __tablename__ = "commitment"
    __table_args__ = (Index(None, "initiative_id", "due_on"),)

    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    stakeholder_id: Mapped[int | None] = mapped_column(ForeignKey("stakeholder.id"), index=True)
    words_id: Mapped[int] = mapped_column(ForeignKey("free_text.id"), index=True)
    due_on: Mapped[date]
    created_at: Mapped[datetime]


class CommitmentOutcome(InWorkspace, Base):
    """How a commitment ended, or the new date it got; the newest holds."""

    __tablename__ = "commitment_outcome"
    __table_args__ = (Index(None, "commitment_id", "told_at"),)

    commitment_id: Mapped[int] = mapped_column(ForeignKey("commitment.id"))
    outcome: Mapped[str]  # kept | partly | moved | not_kept
    new_due_on: Mapped[date | None]
    told_at: Mapped[datetime]


class Standing(InWorkspace, Base):
    """The estimate for one stakeholder as of the last closed round, and week by week before.

    Inner workings: a projection of the facts that `buyin rebuild` makes anew, never shown.
    """

    __tablename__ = "standing"
    __table_args__ = (UniqueConstraint("stakeholder_id"),)

    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id"), index=True)
    stakeholder_id: Mapped[int] = mapped_column(ForeignKey("stakeholder.id"))
    density: Mapped[bytes]  # 93 float64, little-endian
    week: Mapped[int] = mapped_column(Integer)
    """The week of the last evidence in `density`; -1 if there is none."""
    cycle: Mapped[int] = mapped_column(Integer)
    """The number of the last round whose facts are all in it; 0 if there is none."""
    until: Mapped[datetime]
    """Every fact up to this moment is in it."""
    facts: Mapped[int] = mapped_column(Integer)
    """How many rows those were: another number means that one came late."""
    pulses: Mapped[int] = mapped_column(Integer)
    """Answered asks that are not in `tail`."""
    tail: Mapped[bytes]  # the facts up to `until` that states still count, packed
    first_week: Mapped[int] = mapped_column(Integer)
    history: Mapped[bytes]  # one packed record per week from `first_week` on


class InitiativeSnapshot(InWorkspace, Base):
    """One initiative at the end of one week: how many stand where, and what named people said."""

    __tablename__ = "initiative_snapshot"
    __table_args__ = (UniqueConstraint("initiative_id", "week"),)

    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id"))
    week: Mapped[int] = mapped_column(Integer)
    """Weeks since Monday, 5 January 1970, UTC."""
    counts: Mapped[dict[str, Any]]  # {state: how many}
    silent: Mapped[int] = mapped_column(Integer)
    asked: Mapped[int] = mapped_column(Integer)
    """Named people whom a check-in reached in the four weeks before."""
    answered: Mapped[int] = mapped_column(Integer)
    """Those of them who answered in it how useful it is."""
    favourable: Mapped[int] = mapped_column(Integer)
    """Those of them who find it useful."""


class OwnerGuess(InWorkspace, Base):
    """How many an owner thought would find it useful, before round 1 closed."""

    __tablename__ = "owner_guess"
    __table_args__ = (UniqueConstraint("initiative_id", "person_id"),)

    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    useful_count: Mapped[int] = mapped_column(Integer)
    guessed_at: Mapped[datetime]


class GroupFigure(InWorkspace, Base):
    """What everyone may see about a closed cycle, frozen when it closed."""

    __tablename__ = "group_figure"
    __table_args__ = (UniqueConstraint("cycle_id", "question"),)

    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id"), index=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"))
    question: Mapped[str]  # useful | sure | effort | took_part
    shown: Mapped[str]  # counts | answered_only | kept_from_before | too_few
    figure: Mapped[dict[str, Any]]
    """What is published; see `bot.domain.figures`."""
    basis: Mapped[dict[str, Any]]
    """{values: {stakeholder id: value}, unseen: [stakeholder id], of: asked}; never shown."""
    published_at: Mapped[datetime]


class Digest(InWorkspace, Base):
    """A digest decided for one owner, with a fingerprint of what it said."""

    __tablename__ = "digest"
    __table_args__ = (Index(None, "initiative_id", "person_id", "decided_at"),)

    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    cycle_id: Mapped[int | None] = mapped_column(ForeignKey("cycle.id"))
    fingerprint: Mapped[str] = mapped_column(Text)
    decided_at: Mapped[datetime]


class Audit(InWorkspace, Base):
    """Who did what, when, to which row; never what was said."""

    __tablename__ = "audit"
    __table_args__ = (Index(None, "workspace_id", "done_at"),)

    who: Mapped[str]  # Slack user id, or "app"
    what: Mapped[str]
    subject: Mapped[str]
    subject_id: Mapped[int | None]
    done_at: Mapped[datetime]


class ReceivedKey(Base):
    """What Slack already gave us, so that its retries and double clicks change nothing."""

    __tablename__ = "received_key"
    __table_args__ = (Index(None, "received_at"),)

    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspace.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(512), primary_key=True)
    received_at: Mapped[datetime]
