"""What people see of check-ins."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.initiatives import Initiative, Plan, Status, Visibility
from bot.domain.people import Person
from bot.domain.pulses import (
    LABELS,
    AskedNow,
    CheckIn,
    Coming,
    EndReason,
    Explain,
    Given,
    Mine,
    OneMore,
    Question,
    TapStatus,
)
from bot.views import pulses as views
from bot.views import rounds
from bot.views.kit import Message
from bot.views.pulses import Shape
from tests.golden import assert_golden

NOW = datetime(2025, 3, 11, 9, 0, tzinfo=UTC)
DANA = Person(1, 1, "UDANA", "Dana Demo", "Europe/Berlin")
SAM = Person(2, 1, "USAM", "Sam Sample", "Europe/Berlin")
LABELING = Initiative(
    id=3,
    workspace_id=1,
    name="Shelf labels",
    tz="Europe/Berlin",
    visibility=Visibility.NAMED,
    status=Status.RUNNING,
    channel_id=None,
    first_date=date(2025, 3, 4),
    cycle_days=14,
    plan=Plan(4, 1, "Labels fall off", "Less searching", "label 20 shelves"),
    owners=(DANA,),
    revision=1,
    created_at=NOW,
)
FIRST = CheckIn(
    ask_id=7,
    initiative=LABELING,
    person=SAM,
    visibility=Visibility.NAMED,
    closes_at=datetime(2025, 3, 14, 23, 0, tzinfo=UTC),
    is_first=True,
    as_of=NOW,
    stakeholder_id=5,
)
LATER = replace(
    FIRST,
    is_first=False,
    since=("The go-live moved to 12 May because several of you had no time.",),
    overall="Last round: 14 of 23 answered; 9 of 14 find it *very* or *extremely* useful.",
)


def given(value: int | None, choice: str | None = None) -> Given:
    return Given(value, choice, NOW)


ONE = {Question.USEFUL: given(4)}
ALL = {**ONE, Question.SURE: given(2), Question.EFFORT: given(None, "nothing_needed")}
OTHER = OneMore(9, "Night <shifts> & *rest*")
PAUSED = replace(
    FIRST,
    closed=True,
    end_reason=EndReason.NOT_NOW,
    snoozed_until=NOW + timedelta(days=7),
)
CLOSED = replace(LATER, closed=True, end_reason=EndReason.ROUND_CLOSED)
GROUP = replace(FIRST, visibility=Visibility.GROUP)
UNSURE = replace(FIRST, dont_know=True)
PAIR = replace(LABELING, owners=(DANA, replace(DANA, id=5, name="Robin Røye")))


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("first", views.check_in(FIRST)),
        ("later", views.check_in(LATER)),
        ("one_answered", views.check_in(replace(LATER, answers=ONE, revision=1))),
        ("changing", views.check_in(replace(LATER, answers=ALL), Shape(changing=Question.SURE))),
        ("complete", views.check_in(replace(LATER, answers=ALL, revision=3))),
        ("one_more", views.check_in(replace(LATER, answers=ALL, one_more=OTHER))),
        ("more", views.check_in(FIRST, Shape(more=True))),
        ("group", views.check_in(GROUP)),
        ("two_owners", views.check_in(replace(FIRST, initiative=PAIR))),
        ("unsure", views.check_in(UNSURE)),
        ("unsure_explain", views.check_in(replace(UNSURE, explain=Explain.FIFTEEN_MINUTES))),
        ("paused", views.check_in(PAUSED)),
        ("not_my_topic", views.check_in(replace(PAUSED, end_reason=EndReason.NOT_MY_TOPIC))),
        ("stopped", views.check_in(replace(PAUSED, end_reason=EndReason.STOPPED))),
        ("closed", views.check_in(replace(CLOSED, answers=ALL))),
        ("closed_unanswered", views.check_in(CLOSED)),
        ("ended", views.check_in(replace(CLOSED, end_reason=EndReason.INITIATIVE_ENDED))),
        ("reminder", views.reminder(LATER)),
        ("off", views.check_in(replace(CLOSED, end_reason=EndReason.OFF))),
        (
            "nothing_open",
            rounds.nothing_open(
                Mine(None, (Coming("Shelf labels", date(2025, 3, 18)), Coming("Rota", None)))
            ),
        ),
        ("nothing_at_all", rounds.nothing_open(Mine(None))),
        ("asked_now", rounds.asked_now(AskedNow(LABELING, 2, 23, 4))),
        ("refused", views.refused(TapStatus.CLOSED)),
    ],
)
def test_check_ins_look_as_agreed(name: str, message: Message) -> None:
    assert_golden(f"pulse_{name}", message)


def test_group_only_people_are_promised_nothing_by_name() -> None:
    unsure = replace(UNSURE, visibility=Visibility.GROUP, explain=Explain.TWO_LINES)
    assert "I'll tell" not in str(views.check_in(unsure).blocks)
    ended = replace(GROUP, closed=True, end_reason=EndReason.NOT_MY_TOPIC)
    assert "tell" not in views.check_in(ended).text
    assert "with your name" not in str(views.check_in(GROUP).blocks)


def test_every_answer_says_where_it_stands() -> None:
    rows = [block for block in views.check_in(FIRST).blocks if block["type"] == "actions"]
    five = rows[0]["elements"]
    assert [each["text"]["text"] for each in five] == list(LABELS[Question.USEFUL])
    assert five[3]["accessibility_label"] == "Useful, 4 of 5: Very"
    assert all(len(label) <= 12 for labels in LABELS.values() for label in labels)


def test_ids_are_new_with_every_revision() -> None:
    ids = [
        {block.get("block_id") for block in views.check_in(replace(FIRST, revision=n)).blocks}
        for n in (1, 2)
    ]
    assert ids[0] & ids[1] == {None}


def test_typed_text_stays_text() -> None:
    nasty = "<!channel> <@U1> *bold* \u202eevil\u202c " + "x" * 3000
    one = replace(
        LATER,
        initiative=replace(LABELING, name=nasty[:200], plan=replace(LABELING.plan, needed=nasty)),
        since=(nasty, nasty),
    )
    message = views.check_in(one)
    shown = str(message.blocks) + message.text
    assert "<!channel>" not in shown
    assert "<@U1>" not in shown
    assert_golden("pulse_nasty", message)
