"""Why a calendar could not be read."""

from bot.domain.busy import Problem
from bot.errors import BuyinError


class Unread(BuyinError):
    """A calendar could not be read. Never says where it is: its address is a secret."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(f"a calendar could not be read: {problem.value}")
