"""Whom to invite: rules that need no database."""

from dataclasses import replace

import pytest

from bot.domain.commitments import Ending
from bot.domain.talk_rules import who_did
from tests.unit.test_step_views import STEP

OPEN = None


@pytest.mark.parametrize(
    ("endings", "did"),
    [
        ((Ending.KEPT,), 0),
        ((Ending.PARTLY,), 0),
        ((Ending.KEPT, Ending.PARTLY), 1),
        ((Ending.NOT_KEPT, Ending.KEPT), 1),
        ((Ending.KEPT, OPEN), 0),
        ((Ending.KEPT, Ending.MOVED), 0),
        ((Ending.KEPT, Ending.NOT_KEPT), None),
        ((Ending.KEPT, Ending.MISSED), None),
        ((Ending.MISSED, OPEN), None),
        ((OPEN,), None),
        ((Ending.MOVED,), None),
    ],
)
def test_who_did_their_last_step_that_is_over(
    endings: tuple[Ending | None, ...], did: int | None
) -> None:
    steps = [replace(STEP, id=place, ending=ending) for place, ending in enumerate(endings)]
    found = who_did(steps)
    assert found == ({} if did is None else {STEP.person.id: steps[did]})
