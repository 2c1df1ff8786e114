"""Pacing: one budget per person, gives, pauses after silence, and what was let go.

Only additions. Silence is counted from now on; nobody starts with a debt of it.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
"""SQLite numbers rows by itself only in columns of type INTEGER."""

MOMENT = sa.DateTime(timezone=True)
WORD = sa.String(length=255)


OF_PLACE = {
    "due_rules": (WORD, None),
    "misses": (sa.Integer(), "0"),
    "asked_at": (MOMENT, None),
    "paused_until": (MOMENT, None),
    "attention_at": (MOMENT, None),
    "settled": (sa.Boolean(), sa.false()),
    "fewer_at": (MOMENT, None),
}
"""Columns of `stakeholder`: type, and what is there from the start; None is null."""


def upgrade() -> None:
    """Add the tables and columns."""
    op.add_column("workspace", sa.Column("pacing", sa.JSON(), nullable=True))
    _add("initiative", "doubted", sa.Integer(), "0")
    _add("initiative", "doubted_round", sa.Integer(), "0")
    _add("cycle", "by_hand", sa.Boolean(), sa.false())
    for name, (kind, default) in OF_PLACE.items():
        _add("stakeholder", name, kind, default)
    op.execute(
        "UPDATE stakeholder SET asked_at = (SELECT max(delivered_at) FROM ask"
        " WHERE ask.stakeholder_id = stakeholder.id)"
    )
    _index_due("next_due_at", "id")
    _add_host()
    _create_give()
    _create_step_back()
    _create_dropped()


def _add(table: str, name: str, kind: Any, default: Any) -> None:
    nullable = default is None
    op.add_column(table, sa.Column(name, kind, server_default=default, nullable=nullable))


def _index_due(*columns: str) -> None:
    op.drop_index("ix_stakeholder_due", table_name="stakeholder")
    held = sa.text("next_due_at IS NOT NULL")
    op.create_index("ix_stakeholder_due", "stakeholder", list(columns), sqlite_where=held)


def _add_host() -> None:
    # SQLite adds a column with its reference in one statement only, which Alembic does not write
    kind = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    reference = "CONSTRAINT fk_ask_host_id REFERENCES ask (id)"
    op.execute(f"ALTER TABLE ask ADD COLUMN host_id {kind} {reference}")
    held = sa.text("host_id IS NOT NULL")
    op.create_index("ix_ask_host_id", "ask", ["host_id"], sqlite_where=held, postgresql_where=held)


def _create_give() -> None:
    op.create_table(
        "give",
        sa.Column("initiative_id", BIG, nullable=False),
        sa.Column("stakeholder_id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("subject_id", BIG, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        *_usual("give", "initiative", "stakeholder", "person"),
        sa.UniqueConstraint(
            "stakeholder_id", "kind", "subject_id", name="uq_give_stakeholder_id_kind_subject_id"
        ),
    )
    for name in ("initiative_id", "person_id"):
        op.create_index(f"ix_give_{name}", "give", [name])


def _create_step_back() -> None:
    op.create_table(
        "step_back",
        sa.Column("initiative_id", BIG, nullable=False),
        sa.Column("stakeholder_id", BIG, nullable=True),
        sa.Column("reason", WORD, nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=True),
        sa.Column("note", sa.Boolean(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("outcome", WORD, nullable=True),
        sa.Column("words_id", BIG, nullable=True),
        *_usual("step_back", "initiative", "stakeholder"),
        sa.ForeignKeyConstraint(["words_id"], ["free_text.id"], name="fk_step_back_words_id"),
    )
    for name in ("initiative_id", "stakeholder_id", "words_id"):
        op.create_index(f"ix_step_back_{name}", "step_back", [name])


def _create_dropped() -> None:
    op.create_table(
        "dropped",
        sa.Column("initiative_id", BIG, nullable=False),
        sa.Column("stakeholder_id", BIG, nullable=False),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("rule", WORD, nullable=False),
        sa.Column("dropped_at", MOMENT, nullable=False),
        *_usual("dropped", "initiative", "stakeholder"),
        sa.UniqueConstraint(
            "stakeholder_id", "kind", "number", name="uq_dropped_stakeholder_id_kind_number"
        ),
    )
    op.create_index(
        "ix_dropped_initiative_id_dropped_at", "dropped", ["initiative_id", "dropped_at"]
    )


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
    for table in ("dropped", "step_back", "give"):
        op.drop_table(table)
    op.drop_index("ix_ask_host_id", table_name="ask")
    with op.batch_alter_table("ask") as ask:
        ask.drop_column("host_id")
    _index_due("next_due_at")
    for name in reversed(OF_PLACE):
        op.drop_column("stakeholder", name)
    op.drop_column("cycle", "by_hand")
    op.drop_column("initiative", "doubted_round")
    op.drop_column("initiative", "doubted")
    op.drop_column("workspace", "pacing")
