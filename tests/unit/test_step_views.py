"""What people see of steps: the offer, the dates, the question on the day, and their list."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.domain.commitments import Commitment, DueStep, Ending
from bot.domain.held import HeldAboutMe, HeldPlace
from bot.domain.initiatives import Place, Stakeholder
from bot.domain.pulses import Given, Question
from bot.domain.steps import MySteps, Offered, StepAct, StepForm, StepOffer, StepPlace
from bot.views import held
from bot.views import pulses as pulse_views
from bot.views import steps as views
from bot.views.kit import Message, Modal
from bot.views.pulses import Shape
from tests.golden import assert_golden
from tests.unit.test_pulse_views import FIRST, LABELING, NOW, SAM
from tests.unit.test_views_people import MINE

STRANGE = "Ask <!channel> & *Lee*\nabout it"
ACTS = (StepAct(11, "Label one shelf"), StepAct(12, "Tell a <colleague> about *it*"))
DAYS = (date(2025, 3, 14), date(2025, 3, 18), date(2025, 3, 25))
OFFER = StepOffer(7, ACTS, DAYS)
STEP = Commitment(21, 1, 3, SAM, "Label one shelf", DAYS[1], stakeholder_id=5)
PLANNED = replace(STEP, plan="After Tuesday's stand-up, at my desk")
PLACE = Stakeholder(5, 1, 3, SAM, Place.ACTIVE, NOW, NOW, group_only=False)
HIDDEN = replace(PLACE, group_only=True)
DONE = {
    question: Given(4, None, NOW) for question in (Question.USEFUL, Question.SURE, Question.EFFORT)
}
DUE = DueStep(LABELING, PLANNED, place=PLACE)


def told(ending: Ending, **changes: object) -> DueStep:
    step = replace(PLANNED, ending=ending, told_at=NOW, **changes)  # type: ignore[arg-type]
    return DueStep(LABELING, step, place=PLACE)


def in_check_in(offer: StepOffer, shape: Shape = pulse_views.PLAIN) -> Message:
    """A finished check-in with the offer in it."""
    return pulse_views.check_in(replace(FIRST, answers=DONE, follow_up=offer), shape)


VIEWS: dict[str, Message | Modal] = {
    "step_offer": in_check_in(OFFER),
    "step_offer_no_acts": in_check_in(replace(OFFER, acts=())),
    "step_offer_group": in_check_in(replace(OFFER, group_only=True)),
    "step_dates": in_check_in(OFFER, Shape(act=12)),
    "step_taken": in_check_in(replace(OFFER, taken=STEP)),
    "step_planned": in_check_in(replace(OFFER, taken=PLANNED)),
    "step_declined": in_check_in(replace(OFFER, declined=True)),
    "step_own_form": views.own_form(StepForm(PLACE, LABELING, DAYS[2], 7), "[5]"),
    "step_plan_form": views.plan_form(replace(STEP, words=STRANGE), "[21]"),
    "step_acts_form": views.acts_form(Offered(LABELING, ACTS)),
    "step_acts_saved": views.acts_saved(Offered(LABELING, ACTS)),
    "step_chosen": views.chosen(LABELING),
    "step_due": views.due_message(DUE),
    "step_due_later": views.due_message(
        replace(DUE, is_today=False, place=HIDDEN, commitment=replace(STEP, moved=True))
    ),
    "step_done": views.told_message(told(Ending.KEPT)),
    "step_wont": views.told_message(told(Ending.NOT_KEPT)),
    "step_moved": views.told_message(told(Ending.MOVED, moved=True)),
    "steps_held": held.me(
        HeldAboutMe(
            MINE,
            places=(
                HeldPlace(
                    PLACE,
                    LABELING,
                    steps=(PLANNED, told(Ending.KEPT, plan="", words=STRANGE).commitment),
                    no_steps=(NOW,),
                ),
            ),
        )
    ),
    "steps_none": views.mine(MySteps(SAM, places=(StepPlace(PLACE, LABELING, True),))),
    "steps_mine": views.mine(
        MySteps(
            SAM,
            steps=(
                told(Ending.MISSED, due_on=DAYS[0] - timedelta(days=60)),
                told(Ending.NOT_KEPT, due_on=DAYS[0] - timedelta(days=30), words=STRANGE, plan=""),
                replace(DUE, commitment=replace(STEP, words=STRANGE)),
                DueStep(LABELING, replace(STEP, ending=Ending.KEPT, stakeholder_id=None)),
            ),
            places=(StepPlace(PLACE, LABELING, False),),
            led=(
                Offered(LABELING, ACTS, (PLANNED, told(Ending.MISSED).commitment), 2),
                Offered(replace(LABELING, name="Scanners"), ()),
            ),
        )
    ),
}


@pytest.mark.parametrize("name", VIEWS)
def test_looks(name: str) -> None:
    assert_golden(name, VIEWS[name])


def test_a_full_check_in_with_an_offer_says_who_reads_what_becomes_of_it() -> None:
    """The line below says it for named people; of a step nobody else may read, so it is said."""
    named, hidden = in_check_in(OFFER), in_check_in(replace(OFFER, group_only=True))
    assert views.ALONE in str(hidden.blocks)
    assert views.ALONE not in str(named.blocks)
    assert "see" in str(named.blocks[-1])
