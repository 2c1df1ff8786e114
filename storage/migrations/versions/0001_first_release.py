"""The first release: every table.

Large ids and moments are written out here, so that this file stays true when the code's types
change.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
"""SQLite numbers rows by itself only in columns of type INTEGER."""

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create every table and index."""
    op.create_table(
        "workspace",
        sa.Column("enterprise_id", sa.String(length=255), nullable=False),
        sa.Column("team_id", sa.String(length=255), nullable=False),
        sa.Column("app_id", sa.String(length=255), nullable=False),
        sa.Column("bot_user_id", sa.String(length=255), nullable=True),
        sa.Column("name", sa.String(length=255), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("uninstalled_at", MOMENT, nullable=True),
        sa.Column("directory_synced_at", MOMENT, nullable=True),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_workspace"),
        sa.UniqueConstraint(
            "enterprise_id", "team_id", "app_id", name="uq_workspace_enterprise_id_team_id_app_id"
        ),
    )

    op.create_table(
        "audit",
        sa.Column("who", sa.String(length=255), nullable=False),
        sa.Column("what", sa.String(length=255), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("subject_id", BIG, nullable=True),
        sa.Column("done_at", MOMENT, nullable=False),
        sa.Column("workspace_id", BIG, nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name="fk_audit_workspace_id"),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    op.create_index(
        "ix_audit_workspace_id_done_at", "audit", ["workspace_id", "done_at"], unique=False
    )

    op.create_table(
        "person",
        sa.Column("slack_user_id", sa.String(length=255), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("tz", sa.String(length=255), nullable=False),
        sa.Column("locale", sa.String(length=255), nullable=True),
        sa.Column("is_bot", sa.Boolean(), nullable=False),
        sa.Column("is_deleted", sa.Boolean(), nullable=False),
        sa.Column("is_guest", sa.Boolean(), nullable=False),
        sa.Column("is_stranger", sa.Boolean(), nullable=False),
        sa.Column("dm_channel_id", sa.String(length=255), nullable=True),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("stopped_at", MOMENT, nullable=True),
        sa.Column("group_only_at", MOMENT, nullable=True),
        sa.Column("workspace_id", BIG, nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name="fk_person_workspace_id"),
        sa.PrimaryKeyConstraint("id", name="pk_person"),
        sa.UniqueConstraint(
            "workspace_id", "slack_user_id", name="uq_person_workspace_id_slack_user_id"
        ),
    )

    op.create_table(
        "received_key",
        sa.Column("workspace_id", BIG, nullable=False),
        sa.Column("key", sa.String(length=512), nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name="fk_received_key_workspace_id"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "key", name="pk_received_key"),
    )
    op.create_index("ix_received_key_received_at", "received_key", ["received_at"], unique=False)

    op.create_table(
        "free_text",
        sa.Column("author_id", BIG, nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("workspace_id", BIG, nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name="fk_free_text_author_id"),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name="fk_free_text_workspace_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_free_text"),
    )
    op.create_index("ix_free_text_author_id", "free_text", ["author_id"], unique=False)

    op.create_table(
        "person_setting",
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("kind", sa.String(length=255), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("set_at", MOMENT, nullable=False),
        sa.Column("workspace_id", BIG, nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_person_setting_person_id"),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name="fk_person_setting_workspace_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_person_setting"),
    )
    op.create_index(
        "ix_person_setting_person_id_kind_set_at",
        "person_setting",
        ["person_id", "kind", "set_at"],
        unique=False,
    )

    op.create_table(
        "initiative",
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("tz", sa.String(length=255), nullable=False),
        sa.Column("visibility", sa.String(length=255), nullable=False),
        sa.Column("status", sa.String(length=255), nullable=False),
        sa.Column("channel_id", sa.String(length=255), nullable=True),
        sa.Column("first_date", sa.Date(), nullable=True),
        sa.Column("cycle_days", sa.Integer(), nullable=False),
        sa.Column("picked", sa.JSON(), nullable=False),
        sa.Column("skipped", sa.JSON(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_by_id", BIG, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("started_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("achieved_id", BIG, nullable=True),
        sa.Column("changed_id", BIG, nullable=True),
        sa.Column("next_due_at", MOMENT, nullable=True),
        sa.Column("workspace_id", BIG, nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["achieved_id"], ["free_text.id"], name="fk_initiative_achieved_id"
        ),
        sa.ForeignKeyConstraint(["changed_id"], ["free_text.id"], name="fk_initiative_changed_id"),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["person.id"], name="fk_initiative_created_by_id"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name="fk_initiative_workspace_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_initiative"),
    )
    op.create_index(
        "ix_initiative_status_next_due_at", "initiative", ["status", "next_due_at"], unique=False
    )
    op.create_index("ix_initiative_achieved_id", "initiative", ["achieved_id"], unique=False)
    op.create_index("ix_initiative_changed_id", "initiative", ["changed_id"], unique=False)

    op.create_table(
        "cycle",
        sa.Column("initiative_id", BIG, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("opens_at", MOMENT, nullable=False),
        sa.Column("closes_at", MOMENT, nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("workspace_id", BIG, nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["initiative_id"], ["initiative.id"], name="fk_cycle_initiative_id"
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name="fk_cycle_workspace_id"),
        sa.PrimaryKeyConstraint("id", name="pk_cycle"),
        sa.UniqueConstraint("initiative_id", "number", name="uq_cycle_initiative_id_number"),
    )

    op.create_table(
        "initiative_owner",
        sa.Column("initiative_id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=True),
        sa.Column("next_digest_at", MOMENT, nullable=True),
        sa.Column("workspace_id", BIG, nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["initiative_id"], ["initiative.id"], name="fk_initiative_owner_initiative_id"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_initiative_owner_person_id"),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name="fk_initiative_owner_workspace_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_initiative_owner"),
        sa.UniqueConstraint(
            "initiative_id",
            "person_id",
            "since",
            name="uq_initiative_owner_initiative_id_person_id_since",
        ),
    )
    op.create_index(
        "ix_initiative_owner_next_digest_at", "initiative_owner", ["next_digest_at"], unique=False
    )
    op.create_index(
        "ix_initiative_owner_person_id", "initiative_owner", ["person_id"], unique=False
    )

    op.create_table(
        "outbox",
        sa.Column("kind", sa.String(length=255), nullable=False),
        sa.Column("subject_id", BIG, nullable=False),
        sa.Column("recipient", sa.String(length=255), nullable=False),
        sa.Column("slot", sa.String(length=255), nullable=False),
        sa.Column("person_id", BIG, nullable=True),
        sa.Column("initiative_id", BIG, nullable=True),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=255), nullable=False),
        sa.Column("reason", sa.String(length=255), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("not_before", MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("first_tried_at", MOMENT, nullable=True),
        sa.Column("lease", sa.String(length=255), nullable=True),
        sa.Column("lease_until", MOMENT, nullable=True),
        sa.Column("sending_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("workspace_id", BIG, nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["initiative_id"], ["initiative.id"], name="fk_outbox_initiative_id"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_outbox_person_id"),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name="fk_outbox_workspace_id"),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint(
            "workspace_id",
            "kind",
            "subject_id",
            "recipient",
            "slot",
            name="uq_outbox_workspace_id_kind_subject_id_recipient_slot",
        ),
    )
    op.create_index("ix_outbox_due", "outbox", ["state", "not_before"], unique=False)
    op.create_index("ix_outbox_person", "outbox", ["person_id", "sending_at"], unique=False)
    op.create_index("ix_outbox_initiative_id", "outbox", ["initiative_id"], unique=False)

    op.create_table(
        "owner_guess",
        sa.Column("initiative_id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("useful_count", sa.Integer(), nullable=False),
        sa.Column("guessed_at", MOMENT, nullable=False),
        sa.Column("workspace_id", BIG, nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["initiative_id"], ["initiative.id"], name="fk_owner_guess_initiative_id"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_owner_guess_person_id"),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name="fk_owner_guess_workspace_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_owner_guess"),
        sa.UniqueConstraint(
            "initiative_id", "person_id", name="uq_owner_guess_initiative_id_person_id"
        ),
    )

    op.create_table(
        "plan_version",
        sa.Column("initiative_id", BIG, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("why_id", BIG, nullable=False),
        sa.Column("benefit_id", BIG, nullable=False),
        sa.Column("needed_id", BIG, nullable=True),
        sa.Column("milestone_id", BIG, nullable=True),
        sa.Column("milestone_on", sa.Date(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("workspace_id", BIG, nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["benefit_id"], ["free_text.id"], name="fk_plan_version_benefit_id"
        ),
        sa.ForeignKeyConstraint(
            ["initiative_id"], ["initiative.id"], name="fk_plan_version_initiative_id"
        ),
        sa.ForeignKeyConstraint(
            ["milestone_id"], ["free_text.id"], name="fk_plan_version_milestone_id"
        ),
        sa.ForeignKeyConstraint(["needed_id"], ["free_text.id"], name="fk_plan_version_needed_id"),
        sa.ForeignKeyConstraint(["why_id"], ["free_text.id"], name="fk_plan_version_why_id"),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name="fk_plan_version_workspace_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_plan_version"),
        sa.UniqueConstraint("initiative_id", "number", name="uq_plan_version_initiative_id_number"),
    )
    op.create_index("ix_plan_version_why_id", "plan_version", ["why_id"], unique=False)
    op.create_index("ix_plan_version_benefit_id", "plan_version", ["benefit_id"], unique=False)
    op.create_index("ix_plan_version_needed_id", "plan_version", ["needed_id"], unique=False)
    op.create_index("ix_plan_version_milestone_id", "plan_version", ["milestone_id"], unique=False)

    op.create_table(
        "progress_post",
        sa.Column("initiative_id", BIG, nullable=False),
        sa.Column("author_id", BIG, nullable=False),
        sa.Column("kind", sa.String(length=255), nullable=False),
        sa.Column("moved_id", BIG, nullable=True),
        sa.Column("changed_id", BIG, nullable=True),
        sa.Column("next_id", BIG, nullable=True),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("posted_at", MOMENT, nullable=True),
        sa.Column("workspace_id", BIG, nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name="fk_progress_post_author_id"),
        sa.ForeignKeyConstraint(
            ["changed_id"], ["free_text.id"], name="fk_progress_post_changed_id"
        ),
        sa.ForeignKeyConstraint(
            ["initiative_id"], ["initiative.id"], name="fk_progress_post_initiative_id"
        ),
        sa.ForeignKeyConstraint(["moved_id"], ["free_text.id"], name="fk_progress_post_moved_id"),
        sa.ForeignKeyConstraint(["next_id"], ["free_text.id"], name="fk_progress_post_next_id"),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name="fk_progress_post_workspace_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_progress_post"),
    )
    op.create_index(
        "ix_progress_post_initiative_id_posted_at",
        "progress_post",
        ["initiative_id", "posted_at"],
        unique=False,
    )
    op.create_index("ix_progress_post_moved_id", "progress_post", ["moved_id"], unique=False)
    op.create_index("ix_progress_post_changed_id", "progress_post", ["changed_id"], unique=False)
    op.create_index("ix_progress_post_next_id", "progress_post", ["next_id"], unique=False)

    op.create_table(
        "stakeholder",
        sa.Column("initiative_id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("status", sa.String(length=255), nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("introduced_at", MOMENT, nullable=True),
        sa.Column("group_only_at", MOMENT, nullable=True),
        sa.Column("snoozed_until", MOMENT, nullable=True),
        sa.Column("next_due_at", MOMENT, nullable=True),
        sa.Column("workspace_id", BIG, nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["initiative_id"], ["initiative.id"], name="fk_stakeholder_initiative_id"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_stakeholder_person_id"),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name="fk_stakeholder_workspace_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_stakeholder"),
        sa.UniqueConstraint(
            "initiative_id", "person_id", name="uq_stakeholder_initiative_id_person_id"
        ),
    )
    op.create_index(
        "ix_stakeholder_due",
        "stakeholder",
        ["next_due_at"],
        unique=False,
        sqlite_where=sa.text("next_due_at IS NOT NULL"),
    )
    op.create_index("ix_stakeholder_person_id", "stakeholder", ["person_id"], unique=False)

    op.create_table(
        "ask",
        sa.Column("initiative_id", BIG, nullable=False),
        sa.Column("stakeholder_id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("cycle_id", BIG, nullable=False),
        sa.Column("plan_version_id", BIG, nullable=False),
        sa.Column("origin", sa.String(length=255), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=True),
        sa.Column("visibility", sa.String(length=255), nullable=False),
        sa.Column("question_version", sa.Integer(), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("delivered_at", MOMENT, nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("end_reason", sa.String(length=255), nullable=True),
        sa.Column("ended_by_id", BIG, nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("workspace_id", BIG, nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name="fk_ask_cycle_id"),
        sa.ForeignKeyConstraint(["ended_by_id"], ["person.id"], name="fk_ask_ended_by_id"),
        sa.ForeignKeyConstraint(["initiative_id"], ["initiative.id"], name="fk_ask_initiative_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_ask_person_id"),
        sa.ForeignKeyConstraint(
            ["plan_version_id"], ["plan_version.id"], name="fk_ask_plan_version_id"
        ),
        sa.ForeignKeyConstraint(
            ["stakeholder_id"], ["stakeholder.id"], name="fk_ask_stakeholder_id"
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name="fk_ask_workspace_id"),
        sa.PrimaryKeyConstraint("id", name="pk_ask"),
        sa.UniqueConstraint("stakeholder_id", "slot", name="uq_ask_stakeholder_id_slot"),
    )
    op.create_index("ix_ask_cycle_id", "ask", ["cycle_id"], unique=False)
    op.create_index(
        "ix_ask_stakeholder_id_opened_at", "ask", ["stakeholder_id", "opened_at"], unique=False
    )
    op.create_index("ix_ask_initiative_id", "ask", ["initiative_id"], unique=False)

    op.create_table(
        "commitment",
        sa.Column("initiative_id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("stakeholder_id", BIG, nullable=True),
        sa.Column("words_id", BIG, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("workspace_id", BIG, nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["initiative_id"], ["initiative.id"], name="fk_commitment_initiative_id"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_commitment_person_id"),
        sa.ForeignKeyConstraint(
            ["stakeholder_id"], ["stakeholder.id"], name="fk_commitment_stakeholder_id"
        ),
        sa.ForeignKeyConstraint(["words_id"], ["free_text.id"], name="fk_commitment_words_id"),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name="fk_commitment_workspace_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_commitment"),
    )
    op.create_index(
        "ix_commitment_initiative_id_due_on",
        "commitment",
        ["initiative_id", "due_on"],
        unique=False,
    )
    op.create_index("ix_commitment_stakeholder_id", "commitment", ["stakeholder_id"], unique=False)
    op.create_index("ix_commitment_words_id", "commitment", ["words_id"], unique=False)

    op.create_table(
        "digest",
        sa.Column("initiative_id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("cycle_id", BIG, nullable=True),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("decided_at", MOMENT, nullable=False),
        sa.Column("workspace_id", BIG, nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name="fk_digest_cycle_id"),
        sa.ForeignKeyConstraint(
            ["initiative_id"], ["initiative.id"], name="fk_digest_initiative_id"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_digest_person_id"),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name="fk_digest_workspace_id"),
        sa.PrimaryKeyConstraint("id", name="pk_digest"),
    )
    op.create_index(
        "ix_digest_initiative_id_person_id_decided_at",
        "digest",
        ["initiative_id", "person_id", "decided_at"],
        unique=False,
    )

    op.create_table(
        "group_figure",
        sa.Column("initiative_id", BIG, nullable=False),
        sa.Column("cycle_id", BIG, nullable=False),
        sa.Column("question", sa.String(length=255), nullable=False),
        sa.Column("shown", sa.String(length=255), nullable=False),
        sa.Column("figure", sa.JSON(), nullable=False),
        sa.Column("basis", sa.JSON(), nullable=False),
        sa.Column("published_at", MOMENT, nullable=False),
        sa.Column("workspace_id", BIG, nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name="fk_group_figure_cycle_id"),
        sa.ForeignKeyConstraint(
            ["initiative_id"], ["initiative.id"], name="fk_group_figure_initiative_id"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name="fk_group_figure_workspace_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_group_figure"),
        sa.UniqueConstraint("cycle_id", "question", name="uq_group_figure_cycle_id_question"),
    )
    op.create_index(
        "ix_group_figure_initiative_id", "group_figure", ["initiative_id"], unique=False
    )

    op.create_table(
        "input",
        sa.Column("initiative_id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.Column("words_id", BIG, nullable=False),
        sa.Column("plan_version_id", BIG, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("workspace_id", BIG, nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["initiative_id"], ["initiative.id"], name="fk_input_initiative_id"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_input_person_id"),
        sa.ForeignKeyConstraint(
            ["plan_version_id"], ["plan_version.id"], name="fk_input_plan_version_id"
        ),
        sa.ForeignKeyConstraint(["words_id"], ["free_text.id"], name="fk_input_words_id"),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name="fk_input_workspace_id"),
        sa.PrimaryKeyConstraint("id", name="pk_input"),
    )
    op.create_index(
        "ix_input_initiative_id_created_at", "input", ["initiative_id", "created_at"], unique=False
    )
    op.create_index("ix_input_person_id", "input", ["person_id"], unique=False)
    op.create_index("ix_input_words_id", "input", ["words_id"], unique=False)

    op.create_table(
        "nudge",
        sa.Column("outbox_id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=True),
        sa.Column("initiative_id", BIG, nullable=True),
        sa.Column("kind", sa.String(length=255), nullable=False),
        sa.Column("channel_id", sa.String(length=255), nullable=False),
        sa.Column("ts", sa.String(length=255), nullable=False),
        sa.Column("sent_at", MOMENT, nullable=False),
        sa.Column("workspace_id", BIG, nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["initiative_id"], ["initiative.id"], name="fk_nudge_initiative_id"
        ),
        sa.ForeignKeyConstraint(["outbox_id"], ["outbox.id"], name="fk_nudge_outbox_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_nudge_person_id"),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name="fk_nudge_workspace_id"),
        sa.PrimaryKeyConstraint("id", name="pk_nudge"),
        sa.UniqueConstraint("outbox_id", name="uq_nudge_outbox_id"),
    )
    op.create_index("ix_nudge_person_id_sent_at", "nudge", ["person_id", "sent_at"], unique=False)

    op.create_table(
        "stakeholder_choice",
        sa.Column("stakeholder_id", BIG, nullable=False),
        sa.Column("kind", sa.String(length=255), nullable=False),
        sa.Column("until", MOMENT, nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("workspace_id", BIG, nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["stakeholder_id"], ["stakeholder.id"], name="fk_stakeholder_choice_stakeholder_id"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name="fk_stakeholder_choice_workspace_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_stakeholder_choice"),
    )
    op.create_index(
        "ix_stakeholder_choice_stakeholder_id_made_at",
        "stakeholder_choice",
        ["stakeholder_id", "made_at"],
        unique=False,
    )

    op.create_table(
        "answer",
        sa.Column("ask_id", BIG, nullable=False),
        sa.Column("question", sa.String(length=255), nullable=False),
        sa.Column("value", sa.Integer(), nullable=True),
        sa.Column("choice", sa.String(length=255), nullable=True),
        sa.Column("answered_at", MOMENT, nullable=False),
        sa.Column("workspace_id", BIG, nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["ask_id"], ["ask.id"], name="fk_answer_ask_id"),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name="fk_answer_workspace_id"),
        sa.PrimaryKeyConstraint("id", name="pk_answer"),
    )
    op.create_index(
        "ix_answer_ask_id_question_id", "answer", ["ask_id", "question", "id"], unique=False
    )

    op.create_table(
        "commitment_outcome",
        sa.Column("commitment_id", BIG, nullable=False),
        sa.Column("outcome", sa.String(length=255), nullable=False),
        sa.Column("new_due_on", sa.Date(), nullable=True),
        sa.Column("told_at", MOMENT, nullable=False),
        sa.Column("workspace_id", BIG, nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["commitment_id"], ["commitment.id"], name="fk_commitment_outcome_commitment_id"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name="fk_commitment_outcome_workspace_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_commitment_outcome"),
    )
    op.create_index(
        "ix_commitment_outcome_commitment_id_told_at",
        "commitment_outcome",
        ["commitment_id", "told_at"],
        unique=False,
    )

    op.create_table(
        "input_reply",
        sa.Column("input_id", BIG, nullable=False),
        sa.Column("outcome", sa.String(length=255), nullable=False),
        sa.Column("words_id", BIG, nullable=True),
        sa.Column("replied_by_id", BIG, nullable=False),
        sa.Column("replied_at", MOMENT, nullable=False),
        sa.Column("workspace_id", BIG, nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["input_id"], ["input.id"], name="fk_input_reply_input_id"),
        sa.ForeignKeyConstraint(
            ["replied_by_id"], ["person.id"], name="fk_input_reply_replied_by_id"
        ),
        sa.ForeignKeyConstraint(["words_id"], ["free_text.id"], name="fk_input_reply_words_id"),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name="fk_input_reply_workspace_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_input_reply"),
    )
    op.create_index(
        "ix_input_reply_input_id_replied_at",
        "input_reply",
        ["input_id", "replied_at"],
        unique=False,
    )
    op.create_index("ix_input_reply_words_id", "input_reply", ["words_id"], unique=False)

    op.create_table(
        "nudge_ask",
        sa.Column("nudge_id", BIG, nullable=False),
        sa.Column("ask_id", BIG, nullable=False),
        sa.Column("workspace_id", BIG, nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["ask_id"], ["ask.id"], name="fk_nudge_ask_ask_id"),
        sa.ForeignKeyConstraint(["nudge_id"], ["nudge.id"], name="fk_nudge_ask_nudge_id"),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name="fk_nudge_ask_workspace_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_nudge_ask"),
        sa.UniqueConstraint("nudge_id", "ask_id", name="uq_nudge_ask_nudge_id_ask_id"),
    )
    op.create_index("ix_nudge_ask_ask_id", "nudge_ask", ["ask_id"], unique=False)


def downgrade() -> None:
    """Drop every table."""
    op.drop_index("ix_nudge_ask_ask_id", table_name="nudge_ask")
    op.drop_table("nudge_ask")
    op.drop_index("ix_input_reply_input_id_replied_at", table_name="input_reply")
    op.drop_table("input_reply")
    op.drop_index("ix_commitment_outcome_commitment_id_told_at", table_name="commitment_outcome")
    op.drop_table("commitment_outcome")
    op.drop_index("ix_answer_ask_id_question_id", table_name="answer")
    op.drop_table("answer")
    op.drop_index("ix_stakeholder_choice_stakeholder_id_made_at", table_name="stakeholder_choice")
    op.drop_table("stakeholder_choice")
    op.drop_index("ix_nudge_person_id_sent_at", table_name="nudge")
    op.drop_table("nudge")
    op.drop_index("ix_input_person_id", table_name="input")
    op.drop_index("ix_input_initiative_id_created_at", table_name="input")
    op.drop_table("input")
    op.drop_index("ix_group_figure_initiative_id", table_name="group_figure")
    op.drop_table("group_figure")
    op.drop_index("ix_digest_initiative_id_person_id_decided_at", table_name="digest")
    op.drop_table("digest")
    op.drop_index("ix_commitment_initiative_id_due_on", table_name="commitment")
    op.drop_table("commitment")
    op.drop_index("ix_ask_stakeholder_id_opened_at", table_name="ask")
    op.drop_index("ix_ask_cycle_id", table_name="ask")
    op.drop_table("ask")
    op.drop_index("ix_stakeholder_person_id", table_name="stakeholder")
    op.drop_index(
        "ix_stakeholder_due",
        table_name="stakeholder",
        sqlite_where=sa.text("next_due_at IS NOT NULL"),
    )
    op.drop_table("stakeholder")
    op.drop_index("ix_progress_post_initiative_id_posted_at", table_name="progress_post")
    op.drop_table("progress_post")
    op.drop_table("plan_version")
    op.drop_table("owner_guess")
    op.drop_index("ix_outbox_person", table_name="outbox")
    op.drop_index("ix_outbox_due", table_name="outbox")
    op.drop_table("outbox")
    op.drop_index("ix_initiative_owner_person_id", table_name="initiative_owner")
    op.drop_index("ix_initiative_owner_next_digest_at", table_name="initiative_owner")
    op.drop_table("initiative_owner")
    op.drop_table("cycle")
    op.drop_index("ix_initiative_status_next_due_at", table_name="initiative")
    op.drop_table("initiative")
    op.drop_index("ix_person_setting_person_id_kind_set_at", table_name="person_setting")
    op.drop_table("person_setting")
    op.drop_index("ix_free_text_author_id", table_name="free_text")
    op.drop_table("free_text")
    op.drop_index("ix_received_key_received_at", table_name="received_key")
    op.drop_table("received_key")
    op.drop_table("person")
    op.drop_index("ix_audit_workspace_id_done_at", table_name="audit")
    op.drop_table("audit")
    op.drop_table("workspace")
