"""What owners may set: length of a round, questions, a pause of the initiative.

Only additions. Rounds get the length that they were opened with.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
WORD = sa.String(length=255)

COLUMNS: dict[str, dict[str, Any]] = {
    "initiative": {"questions": WORD, "halted_at": MOMENT, "halted_until": MOMENT},
    "cycle": {"questions": WORD, "days": sa.Integer(), "days_before": sa.Integer()},
}


def upgrade() -> None:
    """Add what is new."""
    for table, columns in COLUMNS.items():
        for name, kind in columns.items():
            op.add_column(table, sa.Column(name, kind, nullable=True))
    op.execute(
        "UPDATE cycle SET days = (SELECT cycle_days FROM initiative"
        " WHERE initiative.id = cycle.initiative_id)"
    )
    # SQLite adds a column with its reference in one statement only, which Alembic does not write
    number = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    reference = "CONSTRAINT fk_stakeholder_added_by_id REFERENCES person (id)"
    op.execute(f"ALTER TABLE stakeholder ADD COLUMN added_by_id {number} {reference}")
    _create_setting()


def _create_setting() -> None:
    op.create_table(
        "initiative_setting",
        sa.Column("initiative_id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("value", WORD, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("workspace_id", BIG, nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_initiative_setting"),
        *(
            sa.ForeignKeyConstraint(
                [f"{to}_id"], [f"{to}.id"], name=f"fk_initiative_setting_{to}_id"
            )
            for to in ("initiative", "person", "workspace")
        ),
    )
    op.create_index(
        "ix_initiative_setting_initiative_id_made_at",
        "initiative_setting",
        ["initiative_id", "made_at"],
    )


def downgrade() -> None:
    """Drop it again."""
    op.drop_table("initiative_setting")
    with op.batch_alter_table("stakeholder") as stakeholder:
        stakeholder.drop_column("added_by_id")
    for table, columns in COLUMNS.items():
        for name in columns:
            op.drop_column(table, name)
