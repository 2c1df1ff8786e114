"""What gets in the way: what the person sees of it, and what an owner reads and does about it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.domain.accounts import Group
from bot.domain.barriers import (
    FEW_WORDS,
    LABELS,
    Barrier,
    BarrierFact,
    BarrierForm,
    BarrierQuestion,
    BarrierReply,
    Event,
    HeldBarrier,
    InTheWay,
    Named,
    Obstacle,
    ReplyKind,
    SayForm,
    Verdict,
)
from bot.domain.gives import GiveKind, Given
from bot.domain.held import HeldAboutMe, Read
from bot.domain.initiatives import Visibility
from bot.domain.inputs import OpenInput
from bot.domain.settings import MySettings
from bot.domain.todos import Listed, ListeningDebt
from bot.playground.blocks import check_message, too_long
from bot.views import barriers as views
from bot.views import digests, gives, held
from bot.views.kit import Message, Modal
from bot.views.pulses import check_in
from tests.golden import assert_golden
from tests.unit import test_digest_views as read
from tests.unit import test_pulse_views as asked
from tests.unit.test_standing_views import place

NOW = asked.NOW
QUESTION = BarrierQuestion(7, 5, asked.LABELING)
NO_TIME = replace(QUESTION, chosen=Barrier.NO_TIME, named=True)
LEADERS = replace(QUESTION, chosen=Barrier.LEADERS_NOT_BEHIND)
AFTER_ALL = replace(LEADERS, named=True)
SAY = SayForm(read.LABELS, 3, group_only=False, chosen=Barrier.NOT_HEARD)
DONE = replace(asked.LATER, answers=asked.ALL)
SAM = Named(read.SAM, Barrier.NO_TIME, date(2025, 3, 4), "Two mornings are *full* <!here>")
ROBIN = Named(read.ROBIN, Barrier.NO_TIME, date(2025, 3, 3), again=True)
WAY = InTheWay(
    (
        Obstacle(Barrier.NO_TIME, (SAM, ROBIN), number=4, at_least=5),
        Obstacle(Barrier.NOT_HEARD, at_least=10),
        Obstacle(
            Barrier.TRIED_BEFORE,
            (replace(SAM, code=Barrier.TRIED_BEFORE, words=""),),
            number=1,
            answered_on=date(2025, 3, 6),
        ),
    ),
    more=2,
)
DIGEST = replace(read.AFTER, todos=(WAY,))
OWED = replace(DIGEST, todos=(ListeningDebt((), 14, WAY),))
FORM = BarrierForm(read.LABELS, Barrier.NO_TIME)
OWN = place().stakeholder
ANSWER = Given(8, GiveKind.BARRIER_ANSWER, OWN, read.LABELS, "You are freed on Tuesdays.")
ANSWER = replace(ANSWER, barrier=Barrier.NO_TIME)
SOLVED = replace(ANSWER, kind=GiveKind.BARRIER_SOLVED, words="Shifts moved.")
FACT = BarrierFact(1, 3, Event.NAMED, Barrier.NO_TIME, True, NOW)
REPLY = BarrierReply(2, 7, Barrier.NO_TIME, ReplyKind.ANSWER, NOW)
BEFORE = tuple(
    replace(FACT, code=code, at=NOW - timedelta(days=28 * number))
    for number, code in enumerate((Barrier.NO_TIME, Barrier.LEADERS_NOT_BEHIND))
)
HELD = HeldBarrier(FACT, "Two mornings are full", REPLY, "You are freed on Tuesdays.", BEFORE)


def mine(one: HeldBarrier, *what: Read) -> Message:
    about = replace(place(*what), barrier=one)
    return held.me(HeldAboutMe(MySettings(read.SAM, read.TODAY), (about,)))


VIEWS: tuple[tuple[str, Message | Modal], ...] = (
    ("barrier_asked", check_in(replace(DONE, follow_up=QUESTION))),
    ("barrier_named", check_in(replace(DONE, follow_up=NO_TIME))),
    ("barrier_without_name", check_in(replace(DONE, follow_up=LEADERS))),
    ("barrier_with_name_after_all", check_in(replace(DONE, follow_up=AFTER_ALL))),
    (
        "barrier_asked_group",
        check_in(
            replace(
                DONE,
                visibility=Visibility.GROUP,
                follow_up=replace(QUESTION, group_only=True),
            )
        ),
    ),
    ("barrier_say_form", views.say_form(SAY)),
    ("barrier_say_form_group", views.say_form(replace(SAY, group_only=True))),
    ("barrier_said", views.say_kept(replace(SAY, named=True))),
    ("barrier_said_without_name", views.say_kept(SAY)),
    ("barrier_words_form", views.words_form(NO_TIME)),
    ("barrier_words_kept", views.words_kept(NO_TIME)),
    ("barrier_digest", digests.status_message(DIGEST)),
    ("barrier_digest_debt", digests.digest_message(OWED)),
    ("barrier_answer_form", views.answer_form(FORM)),
    ("barrier_answered", views.answered(FORM)),
    ("barrier_close_form", views.close_form(FORM)),
    ("barrier_closed", views.closed(FORM)),
    ("barrier_give_answer", gives.give(ANSWER)),
    ("barrier_give_solved", gives.give(SOLVED)),
    ("barrier_give_solved_no_words", gives.give(replace(SOLVED, words=LABELS[Barrier.NO_TIME]))),
    ("barrier_solved", views.said_whether(Verdict(read.LABELS, 3, Barrier.NO_TIME, True, True))),
    ("barrier_not_yet", views.said_whether(Verdict(read.LABELS, 3, Barrier.NO_TIME, False, False))),
    (
        "me_in_the_way",
        mine(HELD, Read((read.DANA,), replace(read.NOT_CONVINCED, barrier=SAM), barrier=SAM)),
    ),
    (
        "me_in_the_way_hidden",
        mine(HeldBarrier(replace(FACT, code=Barrier.WORRIED_ABOUT_HARM, by_name=False))),
    ),
)


@pytest.mark.parametrize(("name", "view"), VIEWS, ids=[name for name, _ in VIEWS])
def test_what_people_see(name: str, view: Message | Modal) -> None:
    assert_golden(name, view)


def test_the_longest_digest_still_is_one_that_slack_takes() -> None:
    """Three people with all their words about each of three things, replies that wait, a group."""
    mean = replace(SAM, words=("<!here> *&* 🙂 " * 40)[:FEW_WORDS])
    things = tuple(
        replace(WAY.obstacles[0], code=code, people=(mean,) * 3) for code in list(Barrier)[5:8]
    )
    told = tuple(OpenInput(n, 7, "<!here> *&* " * 200, read.SAM) for n in range(9))
    account = replace(read.NOT_CONVINCED, barrier=mean)
    todos = (
        ListeningDebt(told, 14, replace(WAY, obstacles=things)),
        Listed(Group.WORTH_A_TALK, 5, (account,) * 3),
        Listed(Group.WORDS_NOT_PRACTICE, 5, (account,) * 3),
    )
    blocks = list(digests.digest_message(replace(DIGEST, todos=todos)).blocks)
    assert not check_message(blocks).errors
    assert not too_long(blocks)


def test_every_message_stays_as_it_was_drawn_once_it_changes() -> None:
    """Slack keeps what was picked in a block of the same id; a new revision has a new one."""
    before, after = (views.question(replace(QUESTION, revision=number)) for number in (3, 4))
    assert before[1]["block_id"] != after[1]["block_id"]


def test_the_owner_and_the_person_read_the_same() -> None:
    account = replace(read.NOT_CONVINCED, barrier=SAM)
    digest = replace(DIGEST, todos=(WAY, Listed(Group.WORTH_A_TALK, 1, (account,))))
    shown = str(digests.status_message(digest).blocks)
    assert "Named what gets in the way: *No time*, on Tue 4 March." in shown
    told = str(mine(HELD, Read((read.DANA,), account, barrier=SAM)).blocks)
    for line in (views.line(SAM), views.sentence(SAM)):
        assert repr(line)[1:-1] in shown
        assert repr(line)[1:-1] in told


def test_what_is_picked_without_a_name_says_so_before_it_is_picked() -> None:
    [select] = [one for one in views.question(QUESTION)[1]["elements"] if "options" in one]
    said = {one["value"]: one.get("description", {}).get("text") for one in select["options"]}
    without = {code for code, words in said.items() if words == "Without your name"}
    assert without == {
        "leaders_not_behind",
        "colleagues_not_doing_it",
        "not_heard",
        "distrust_of_answers",
        "worried_about_harm",
    }
    assert len(said) == len(Barrier)
