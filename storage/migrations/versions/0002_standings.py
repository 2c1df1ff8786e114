"""Standings: estimates kept week by week, who wants none, and "that's wrong".

Only additions. Initiatives that run already are estimated from all their facts at the next tick.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
"""SQLite numbers rows by itself only in columns of type INTEGER."""

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the tables and columns."""
    op.add_column("workspace", sa.Column("estimates_off_at", MOMENT, nullable=True))
    op.add_column("stakeholder", sa.Column("no_estimate_at", MOMENT, nullable=True))
    op.add_column(
        "input",
        sa.Column("about", sa.String(length=255), server_default="initiative", nullable=False),
    )
    op.add_column("initiative", sa.Column("next_snapshot_at", MOMENT, nullable=True))
    op.create_index("ix_initiative_next_snapshot_at", "initiative", ["next_snapshot_at"])
    op.execute(
        "UPDATE initiative SET next_snapshot_at = started_at"
        " WHERE status = 'running' AND visibility = 'named'"
    )
    _create_standing()
    _create_initiative_snapshot()


def _create_standing() -> None:
    op.create_table(
        "standing",
        sa.Column("initiative_id", BIG, nullable=False),
        sa.Column("stakeholder_id", BIG, nullable=False),
        sa.Column("density", sa.LargeBinary(), nullable=False),
        sa.Column("week", sa.Integer(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("facts", sa.Integer(), nullable=False),
        sa.Column("pulses", sa.Integer(), nullable=False),
        sa.Column("tail", sa.LargeBinary(), nullable=False),
        sa.Column("first_week", sa.Integer(), nullable=False),
        sa.Column("history", sa.LargeBinary(), nullable=False),
        sa.Column("workspace_id", BIG, nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["initiative_id"], ["initiative.id"], name="fk_standing_initiative_id"
        ),
        sa.ForeignKeyConstraint(
            ["stakeholder_id"], ["stakeholder.id"], name="fk_standing_stakeholder_id"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name="fk_standing_workspace_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_standing"),
        sa.UniqueConstraint("stakeholder_id", name="uq_standing_stakeholder_id"),
    )
    op.create_index("ix_standing_initiative_id", "standing", ["initiative_id"])


def _create_initiative_snapshot() -> None:
    op.create_table(
        "initiative_snapshot",
        sa.Column("initiative_id", BIG, nullable=False),
        sa.Column("week", sa.Integer(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("silent", sa.Integer(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.Column("favourable", sa.Integer(), nullable=False),
        sa.Column("workspace_id", BIG, nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["initiative_id"], ["initiative.id"], name="fk_initiative_snapshot_initiative_id"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name="fk_initiative_snapshot_workspace_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_initiative_snapshot"),
        sa.UniqueConstraint(
            "initiative_id", "week", name="uq_initiative_snapshot_initiative_id_week"
        ),
    )


def downgrade() -> None:
    """Drop them again."""
    op.drop_table("initiative_snapshot")
    op.drop_index("ix_standing_initiative_id", table_name="standing")
    op.drop_table("standing")
    op.drop_index("ix_initiative_next_snapshot_at", table_name="initiative")
    op.drop_column("initiative", "next_snapshot_at")
    op.drop_column("input", "about")
    op.drop_column("stakeholder", "no_estimate_at")
    op.drop_column("workspace", "estimates_off_at")
