"""What gets in the way: who named what, what owners answered, and numbers of people."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
"""SQLite numbers rows by itself only in columns of type INTEGER."""

MOMENT = sa.DateTime(timezone=True)
WORD = sa.String(length=255)


def upgrade() -> None:
    """Add the tables, and since when somebody's own is open."""
    op.add_column("stakeholder", sa.Column("barrier_at", MOMENT, nullable=True))
    _create_fact()
    _create_reply()
    _create_totals()


def _create_fact() -> None:
    op.create_table(
        "barrier_fact",
        sa.Column("initiative_id", BIG, nullable=False),
        sa.Column("stakeholder_id", BIG, nullable=False),
        sa.Column("ask_id", BIG, nullable=True),
        sa.Column("event", WORD, nullable=False),
        sa.Column("code", WORD, nullable=False),
        sa.Column("by_name", sa.Boolean(), nullable=False),
        sa.Column("words_id", BIG, nullable=True),
        sa.Column("told_at", MOMENT, nullable=False),
        *_usual(
            "barrier_fact",
            initiative_id="initiative",
            stakeholder_id="stakeholder",
            ask_id="ask",
            words_id="free_text",
        ),
    )
    for columns in (("initiative_id", "id"), ("stakeholder_id", "id"), ("ask_id",), ("words_id",)):
        _index("barrier_fact", *columns)


def _create_reply() -> None:
    op.create_table(
        "barrier_reply",
        sa.Column("initiative_id", BIG, nullable=False),
        sa.Column("code", WORD, nullable=False),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("words_id", BIG, nullable=True),
        sa.Column("replied_by_id", BIG, nullable=False),
        sa.Column("replied_at", MOMENT, nullable=False),
        *_usual(
            "barrier_reply",
            initiative_id="initiative",
            words_id="free_text",
            replied_by_id="person",
        ),
    )
    for columns in (("initiative_id", "id"), ("words_id",)):
        _index("barrier_reply", *columns)


def _create_totals() -> None:
    op.create_table(
        "barrier_totals",
        sa.Column("initiative_id", BIG, nullable=False),
        sa.Column("cycle_id", BIG, nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.Column("basis", sa.JSON(), nullable=False),
        sa.Column("published_at", MOMENT, nullable=False),
        *_usual("barrier_totals", initiative_id="initiative", cycle_id="cycle"),
        sa.UniqueConstraint("cycle_id", name="uq_barrier_totals_cycle_id"),
    )
    _index("barrier_totals", "initiative_id", "id")


def _index(table: str, *columns: str) -> None:
    op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns))


def _usual(table: str, **targets: str) -> list[sa.schema.SchemaItem]:
    """What every row has, and what it points at: {column: table}."""
    keys = [
        sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_{table}_{column}")
        for column, to in {**targets, "workspace_id": "workspace"}.items()
    ]
    return [
        sa.Column("workspace_id", BIG, nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        *keys,
    ]


def downgrade() -> None:
    """Drop them again."""
    for table in ("barrier_totals", "barrier_reply", "barrier_fact"):
        op.drop_table(table)
    op.drop_column("stakeholder", "barrier_at")
