"""What people see of steps: the offer in a finished check-in, and what they chose."""

from bot.domain.steps import StepOffer
from bot.views.kit import Block


def offer(one: StepOffer, picked: int | None = None) -> list[Block]:
    """Return the offer in a finished check-in; `picked` is the act that a date is chosen for."""
    return []
