"""Steps that people choose, what owners offer them to do, and what was asked after check-ins."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
"""SQLite numbers rows by itself only in columns of type INTEGER."""

MOMENT = sa.DateTime(timezone=True)
WORD = sa.String(length=255)


def upgrade() -> None:
    """Add what is new."""
    # SQLite adds a column with its reference in one statement only, which Alembic does not write
    kind = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    reference = "CONSTRAINT fk_commitment_ask_id REFERENCES ask (id)"
    op.execute(f"ALTER TABLE commitment ADD COLUMN ask_id {kind} {reference}")
    op.add_column("commitment", sa.Column("silent_at", MOMENT, nullable=True))
    _index("commitment", "ask_id", "person_id")
    held = sa.text("silent_at IS NOT NULL")
    silent = ("ix_commitment_silent_at", "commitment", ["silent_at"])
    op.create_index(*silent, sqlite_where=held, postgresql_where=held)
    _create_plan()
    _create_acts()
    _create_followed_up()


def _create_plan() -> None:
    op.create_table(
        "commitment_plan",
        sa.Column("commitment_id", BIG, nullable=False),
        sa.Column("words_id", BIG, nullable=False),
        sa.Column("told_at", MOMENT, nullable=False),
        *_usual("commitment_plan", {"commitment_id": "commitment", "words_id": "free_text"}),
    )
    _index("commitment_plan", "commitment_id", "words_id")


def _create_acts() -> None:
    words = ("first_id", "second_id", "third_id")
    op.create_table(
        "act_list",
        sa.Column("initiative_id", BIG, nullable=False),
        *(sa.Column(name, BIG, nullable=True) for name in words),
        sa.Column("created_at", MOMENT, nullable=False),
        *_usual("act_list", {"initiative_id": "initiative"} | dict.fromkeys(words, "free_text")),
    )
    _index("act_list", "initiative_id", *words)


def _create_followed_up() -> None:
    places = {"initiative_id": "initiative", "stakeholder_id": "stakeholder", "ask_id": "ask"}
    op.create_table(
        "followed_up",
        *(sa.Column(name, BIG, nullable=False) for name in places),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        *_usual("followed_up", places),
        sa.UniqueConstraint("ask_id", name="uq_followed_up_ask_id"),
    )
    _index("followed_up", "initiative_id", "stakeholder_id")
    op.create_table(
        "step_declined",
        sa.Column("followed_up_id", BIG, nullable=False),
        sa.Column("told_at", MOMENT, nullable=False),
        *_usual("step_declined", {"followed_up_id": "followed_up"}),
        sa.UniqueConstraint("followed_up_id", name="uq_step_declined_followed_up_id"),
    )


def _index(table: str, *names: str) -> None:
    for name in names:
        op.create_index(f"ix_{table}_{name}", table, [name])


def _usual(table: str, targets: dict[str, str]) -> list[sa.schema.SchemaItem]:
    """What every row has, and what it points at."""
    keys = [
        sa.ForeignKeyConstraint([name], [f"{to}.id"], name=f"fk_{table}_{name}")
        for name, to in (targets | {"workspace_id": "workspace"}).items()
    ]
    return [
        sa.Column("workspace_id", BIG, nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        *keys,
    ]


def downgrade() -> None:
    """Drop it again."""
    for table in ("step_declined", "followed_up", "act_list", "commitment_plan"):
        op.drop_table(table)
    for name in ("silent_at", "person_id", "ask_id"):
        op.drop_index(f"ix_commitment_{name}", table_name="commitment")
    op.drop_column("commitment", "silent_at")
    with op.batch_alter_table("commitment") as commitment:
        commitment.drop_column("ask_id")
