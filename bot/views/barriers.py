"""What people see of the question what gets in the way."""

from bot.domain.barriers import BarrierQuestion
from bot.views.kit import Block


def question(asked: BarrierQuestion) -> list[Block]:
    """Return the question in a finished check-in, or what was chosen."""
    return []
