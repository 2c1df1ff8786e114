"""Calendars of people: own hours, days, holidays and absence, and Slack's do-not-disturb.

Only additions; everybody keeps the usual hours until they set their own.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)

OF_PERSON: dict[str, Any] = {
    "opens": sa.Time(),
    "closes": sa.Time(),
    "work_days": sa.String(length=255),
    "holidays": sa.String(length=255),
    "away_until": sa.Date(),
    "quiet_from": MOMENT,
    "quiet_until": MOMENT,
    "quiet_read_at": MOMENT,
}


def upgrade() -> None:
    """Add the columns."""
    op.add_column("workspace", sa.Column("holidays", sa.String(length=255), nullable=True))
    for name, kind in OF_PERSON.items():
        op.add_column("person", sa.Column(name, kind, nullable=True))


def downgrade() -> None:
    """Drop them again."""
    for name in reversed(OF_PERSON):
        op.drop_column("person", name)
    op.drop_column("workspace", "holidays")
