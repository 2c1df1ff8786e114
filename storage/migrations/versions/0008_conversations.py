"""Talks: offers, meetings, what came of them. Only additions."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
"""SQLite numbers rows by itself only in columns of type INTEGER."""

MOMENT = sa.DateTime(timezone=True)
WORD = sa.String(length=255)
OPEN = sa.text("state IN ('host_asked', 'offered', 'agreed')")


def upgrade() -> None:
    """Add the tables."""
    _create_conversation()
    _create_event()
    _create_guest()
    _create_note()


def _create_conversation() -> None:
    op.create_table(
        "conversation",
        sa.Column("initiative_id", BIG, nullable=False),
        sa.Column("stakeholder_id", BIG, nullable=True),
        sa.Column("person_id", BIG, nullable=True),
        sa.Column("host_id", BIG, nullable=True),
        sa.Column("offered_by_id", BIG, nullable=True),
        sa.Column("form", WORD, nullable=False),
        sa.Column("origin", WORD, nullable=False),
        sa.Column("state", WORD, nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("offered_at", MOMENT, nullable=True),
        sa.Column("starts_at", MOMENT, nullable=True),
        sa.Column("ends_at", MOMENT, nullable=True),
        sa.Column("proposed", sa.JSON(), nullable=False),
        sa.Column("next_due_at", MOMENT, nullable=True),
        *_usual("conversation", "initiative", "stakeholder", "person"),
        sa.ForeignKeyConstraint(["host_id"], ["person.id"], name="fk_conversation_host_id"),
        sa.ForeignKeyConstraint(
            ["offered_by_id"], ["person.id"], name="fk_conversation_offered_by_id"
        ),
        sa.UniqueConstraint("host_id", "starts_at", name="uq_conversation_host_id_starts_at"),
    )
    for name in ("initiative_id", "stakeholder_id", "person_id", "next_due_at"):
        op.create_index(f"ix_conversation_{name}", "conversation", [name])
    op.create_index(
        "uq_conversation_open",
        "conversation",
        ["person_id"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )


def _create_event() -> None:
    op.create_table(
        "conversation_event",
        sa.Column("conversation_id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=True),
        sa.Column("event", WORD, nullable=False),
        sa.Column("starts_at", MOMENT, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        *_usual("conversation_event", "conversation", "person"),
    )
    op.create_index(
        "ix_conversation_event_conversation_id", "conversation_event", ["conversation_id"]
    )


def _create_guest() -> None:
    op.create_table(
        "conversation_guest",
        sa.Column("conversation_id", BIG, nullable=False),
        sa.Column("stakeholder_id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("answer", WORD, nullable=True),
        sa.Column("times", sa.JSON(), nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        *_usual("conversation_guest", "conversation", "stakeholder", "person"),
        sa.UniqueConstraint(
            "conversation_id",
            "stakeholder_id",
            name="uq_conversation_guest_conversation_id_stakeholder_id",
        ),
    )
    op.create_index(
        "ix_conversation_guest_stakeholder_id", "conversation_guest", ["stakeholder_id"]
    )


def _create_note() -> None:
    op.create_table(
        "conversation_note",
        sa.Column("conversation_id", BIG, nullable=False),
        sa.Column("author_id", BIG, nullable=False),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("barrier", WORD, nullable=True),
        sa.Column("words_id", BIG, nullable=True),
        sa.Column("commitment_id", BIG, nullable=True),
        sa.Column("noted_at", MOMENT, nullable=False),
        *_usual("conversation_note", "conversation", "commitment"),
        sa.ForeignKeyConstraint(
            ["author_id"], ["person.id"], name="fk_conversation_note_author_id"
        ),
        sa.ForeignKeyConstraint(
            ["words_id"], ["free_text.id"], name="fk_conversation_note_words_id"
        ),
    )
    for name in ("conversation_id", "words_id", "commitment_id"):
        op.create_index(f"ix_conversation_note_{name}", "conversation_note", [name])


def _usual(table: str, *targets: str) -> list[sa.schema.SchemaItem]:
    """What every row has, and what it points at."""
    keys = [
        sa.ForeignKeyConstraint([f"{to}_id"], [f"{to}.id"], name=f"fk_{table}_{to}_id")
        for to in (*targets, "workspace")
    ]
    return [
        sa.Column("workspace_id", BIG, nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        *keys,
    ]


def downgrade() -> None:
    """Drop them again."""
    for name in ("note", "guest", "event"):
        op.drop_table(f"conversation_{name}")
    op.drop_table("conversation")
