"""Whom alone a note of a group session is about.

Only an addition.
"""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    # SQLite adds a column with its reference in one statement only, which Alembic does not write
    number = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    reference = "CONSTRAINT fk_conversation_note_about_id REFERENCES person (id)"
    op.execute(f"ALTER TABLE conversation_note ADD COLUMN about_id {number} {reference}")
    op.create_index("ix_conversation_note_about_id", "conversation_note", ["about_id"])
