"""What owners may set: length of a round, questions, a pause of the initiative."""

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what is new."""


def downgrade() -> None:
    """Drop it again."""
