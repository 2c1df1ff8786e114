"""What an owner reads: what to do first, then numbers; facts with dates, never verdicts."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.domain.accounts import Account, Did, Group, Said
from bot.domain.commitments import Commitment
from bot.domain.digests import Digest
from bot.domain.evidence import StepEvent
from bot.domain.explanations import Missing
from bot.domain.figures import Figure, Measure, Part, Shown
from bot.domain.guesses import Guess, GuessForm
from bot.domain.initiatives import Initiative, Plan, Status, Visibility
from bot.domain.inputs import OpenInput
from bot.domain.intervals import interval
from bot.domain.people import Person
from bot.domain.pulses import Explain, Question
from bot.domain.talks import Talk, Wish
from bot.domain.todos import (
    Explanations,
    FaceToFace,
    Listed,
    MilestoneDue,
    PostDue,
    Replies,
    StepDue,
    Talks,
    TeamMeeting,
)
from bot.domain.trends import Bounds, Point
from bot.playground.blocks import check_message, too_long
from bot.views import digests, figures
from bot.views.kit import Message, Modal
from tests.golden import assert_golden

NOW = datetime(2025, 3, 3, 9, 0, tzinfo=UTC)
TODAY = date(2025, 3, 12)
DANA = Person(1, 1, "UDANA", "Dana Demo", "Europe/Berlin")
SAM, ROBIN, ALEX, KIM = (
    Person(n, 1, f"U{n}", name, "Europe/Berlin")
    for n, name in enumerate(("Sam", "Robin", "Alex", "Kim"), start=2)
)
MEAN = "<!channel> <@U1> *bold* & مرحبا 🙂"
LABELS = Initiative(
    id=7,
    workspace_id=1,
    name="Shelf labels",
    tz="Europe/Berlin",
    visibility=Visibility.NAMED,
    status=Status.RUNNING,
    channel_id="C0SHELVES",
    first_date=date(2025, 3, 4),
    cycle_days=14,
    plan=Plan(1, 1, "Labels fall off.", "Less searching."),
    owners=(DANA,),
    revision=1,
    created_at=NOW,
)
GROUP_LABELS = replace(LABELS, visibility=Visibility.GROUP)


def figure(measure: Measure, favourable: int, shown: Shown = Shown.COUNTS) -> Figure:
    return Figure(measure, shown, 14, favourable, round=1)


TOTALS = (
    Figure(Measure.TOOK_PART, Shown.COUNTS, 14, invited=23, round=1),
    figure(Measure.USEFUL, 9),
    figure(Measure.SURE, 6),
    figure(Measure.EFFORT, 3),
)
NO_TOTALS = tuple(Figure(measure, Shown.TOO_FEW) for measure in Measure)
EARLY = Digest(
    LABELS,
    DANA,
    today=date(2025, 3, 4),
    todos=(FaceToFace(),),
    open_round=1,
    last_day=date(2025, 3, 7),
    open_part=Part(9, 23),
    reached=19,
    people=23,
    may_guess=True,
)
NOTHING_DONE = (Missing.STEP, Missing.TALK)
NOT_CONVINCED = Account(
    SAM,
    Group.WORTH_A_TALK,
    TODAY,
    (
        Said(Question.USEFUL, 2, 2, date(2025, 3, 4)),
        Said(Question.SURE, 1, 2, date(2025, 3, 4)),
        Said(Question.EFFORT, 1, 1, date(2025, 2, 18)),
    ),
    NOTHING_DONE,
    date(2025, 3, 4),
)
LONG_AGO = Account(
    ROBIN,
    Group.WORTH_A_TALK,
    TODAY,
    (Said(Question.SURE, 2, 5, date(2024, 11, 12)),),
    (Missing.RECENT_ANSWER, *NOTHING_DONE),
    date(2024, 12, 10),
)
KIND_WORDS = Account(
    ALEX,
    Group.WORDS_NOT_PRACTICE,
    TODAY,
    (
        Did(StepEvent.MISSED, date(2025, 3, 3)),
        Did(StepEvent.NOT_KEPT, date(2025, 2, 17)),
        Said(Question.USEFUL, 4, 2, date(2025, 3, 4)),
    ),
    (Missing.TALK,),
    date(2025, 3, 4),
)
QUIET = Account(KIM, Group.NOT_HEARD, TODAY, heard_on=None, open_check_ins=3)
FELL_QUIET = replace(
    QUIET, person=ROBIN, heard_on=date(2025, 1, 14), open_check_ins=4, facts=LONG_AGO.facts
)
GROUPS = (
    (Group.WORTH_A_TALK, 2),
    (Group.WORDS_NOT_PRACTICE, 1),
    (Group.NOT_HEARD, 5),
    (Group.TOO_EARLY, 6),
    (Group.WITH_YOU, 7),
)
TALKS = Talks(
    (
        Talk(SAM, Question.SURE, 1, date(2025, 3, 4)),
        Talk(ROBIN, Question.USEFUL, 2, date(2025, 3, 5)),
        Talk(ALEX, Question.EFFORT, 1, date(2025, 3, 5)),
    )
)
WISHES = Explanations(
    (
        Wish(1, 1, SAM, Explain.TWO_LINES, date(2025, 3, 4)),
        Wish(2, 1, ROBIN, Explain.FIFTEEN_MINUTES, date(2025, 3, 5)),
        Wish(3, 1, ALEX, Explain.TWO_LINES, date(2025, 3, 5)),
        Wish(4, 1, KIM, Explain.TWO_LINES, date(2025, 3, 6)),
    ),
    some=True,
)
STEP = StepDue(Commitment(4, 1, 7, DANA, "Free two people", date(2025, 3, 11)))
AFTER = Digest(
    LABELS,
    DANA,
    TODAY,
    todos=(
        Listed(Group.WORTH_A_TALK, 2, (NOT_CONVINCED, LONG_AGO)),
        Listed(Group.WORDS_NOT_PRACTICE, 1, (KIND_WORDS,)),
        Listed(Group.NOT_HEARD, 5, (FELL_QUIET, QUIET)),
    ),
    part=Part(14, 21, apart=2),
    figures=TOTALS,
    closed_round=1,
    open_round=2,
    last_day=date(2025, 3, 25),
    open_part=Part(1, 21, apart=2),
    reached=23,
    people=23,
    groups=GROUPS,
    not_my_topic=(KIM,),
    guess=Guess(15, 23),
)
BUSY = replace(
    AFTER,
    todos=(
        STEP,
        Replies((OpenInput(1, 7, "Too few labels", SAM), OpenInput(2, 7, MEAN))),
        WISHES,
        TALKS,
        PostDue(date(2025, 2, 24)),
    ),
)
MEAN_DIGEST = replace(
    AFTER,
    initiative=replace(LABELS, name=MEAN * 5),
    todos=(
        StepDue(replace(STEP.step, words=MEAN * 8)),
        Replies(tuple(OpenInput(n, 7, "<&>*_" * 600, SAM) for n in range(9))),
        MilestoneDue(MEAN * 20, TODAY),
    ),
)
HISTORY = tuple(
    Point(
        Measure.USEFUL,
        n,
        datetime(2025, 3, 4 + 14 * (n - 1), 23, tzinfo=UTC),
        Shown.COUNTS,
        14,
        favourable,
        *interval(favourable, 14),
        Bounds(favourable, favourable + 7, 21, 7),
    )
    for n, favourable in ((1, 5), (2, 9))
)
TREND = replace(
    AFTER,
    figures=tuple(replace(one, round=2) for one in TOTALS),
    closed_round=2,
    open_round=3,
    history=HISTORY,
    guess=None,
)
QUIET_GROUP = Digest(GROUP_LABELS, DANA, TODAY, open_round=1, people=12, reached=12)

VIEWS: list[tuple[str, Message | Modal]] = [
    ("digest_early", digests.digest_message(EARLY)),
    ("digest_after_round_1", digests.digest_message(AFTER)),
    ("digest_mid_round", digests.digest_message(replace(AFTER, mid_round=True, guess=None))),
    ("digest_trend", digests.digest_message(TREND).with_picture("F0123456789")),
    ("digest_busy", digests.digest_message(BUSY)),
    ("digest_mean", digests.digest_message(MEAN_DIGEST)),
    ("digest_status", digests.status_message(AFTER)),
    ("digest_status_modal", digests.status_modal(BUSY)),
    (
        "digest_low_answers",
        digests.digest_message(
            replace(AFTER, todos=(TALKS,), groups=((Group.TOO_EARLY, 21),), closed_round=1)
        ),
    ),
    (
        "digest_nothing_estimated",
        digests.digest_message(
            replace(AFTER, todos=(TALKS,), groups=(), estimated=False, unheard=4, guess=None)
        ),
    ),
    (
        "digest_early_group",
        digests.status_message(
            replace(QUIET_GROUP, todos=(FaceToFace(),), last_day=date(2025, 3, 25))
        ),
    ),
    (
        "digest_group",
        digests.digest_message(
            replace(
                QUIET_GROUP,
                todos=(Explanations((), some=True),),
                figures=TOTALS,
                part=Part(14, 23),
                closed_round=1,
                open_round=2,
                last_day=TODAY,
                guess=Guess(15, 23),
            )
        ),
    ),
    (
        "digest_group_nobody",
        digests.digest_message(
            replace(
                QUIET_GROUP,
                todos=(TeamMeeting(),),
                figures=NO_TOTALS,
                closed_round=1,
                open_round=None,
                guess=Guess(15, 23),
            )
        ),
    ),
    (
        "digest_nobody",
        digests.digest_message(
            replace(
                AFTER,
                todos=(TeamMeeting(),),
                part=Part(0, 23),
                figures=NO_TOTALS,
                guess=None,
                not_my_topic=(),
                groups=((Group.NOT_HEARD, 21), (Group.TOO_EARLY, 0)),
                open_part=None,
            )
        ),
    ),
    (
        "digest_before",
        digests.status_message(replace(EARLY, todos=(), open_round=None, open_part=None)),
    ),
    (
        "digest_milestone",
        digests.digest_message(replace(AFTER, todos=(MilestoneDue("", date(2025, 3, 10)),))),
    ),
    (
        "digest_ended",
        digests.status_message(
            replace(
                AFTER,
                initiative=replace(LABELS, status=Status.ENDED),
                todos=(),
                groups=(),
                guess=None,
            )
        ),
    ),
    ("guess_form", digests.guess_form(GuessForm(LABELS, 23))),
    ("guess_form_mean", digests.guess_form(GuessForm(MEAN_DIGEST.initiative, 23))),
    ("guess_kept", digests.guessed(Guess(15, 23))),
]


@pytest.mark.parametrize(("name", "view"), VIEWS, ids=[name for name, _ in VIEWS])
def test_golden(name: str, view: Message | Modal) -> None:
    assert_golden(name, view)


def shown(digest: Digest) -> str:
    """Return everything in sections of the digest."""
    blocks = digests.digest_message(digest).blocks
    return "\n".join(block["text"]["text"] for block in blocks if block["type"] == "section")


def test_before_the_first_round_closes() -> None:
    assert (
        "Too early to say who's with you. 9 of 23 have answered; the round closes Friday. "
        "One thing now: tell two people face to face why this matters."
    ) in shown(EARLY)


def test_not_everyone_is_counted() -> None:
    assert "Not everyone is counted here" in shown(AFTER)


def test_the_trend_stands_in_words_whether_or_not_there_is_a_picture() -> None:
    for digest in (TREND, replace(TREND, mid_round=True)):
        for message in (digests.digest_message(digest), digests.status_message(digest)):
            assert "Find it useful: 5 of 14 → 9 of 14." in str(message.blocks)
            assert "image" not in {block["type"] for block in message.blocks}
    assert digests.digest_message(AFTER).picture is None


def test_a_full_digest_has_room_for_its_picture() -> None:
    full = replace(MEAN_DIGEST, history=HISTORY)
    with_picture = digests.digest_message(full).with_picture("F0123456789")
    assert not check_message(list(with_picture.blocks)).errors
    assert not too_long(list(with_picture.blocks))


def test_the_guess_stands_beside_the_answer() -> None:
    assert (
        "You guessed 15 of 23. Of the 14 who answered, 9 find it *very* or *extremely* useful."
    ) in shown(AFTER)
    without = replace(AFTER, figures=NO_TOTALS)
    assert "You guessed 15 of 23. Round 1 gave no total to set beside it." in shown(without)


def test_three_things_at_most_come_first_and_no_person_is_listed_twice() -> None:
    words = shown(BUSY)
    assert "Low answers" not in words
    assert words.index("You said you would") < words.index("14 of 21 answered") + 1000
    assert "2 more things wait until these are done." in str(digests.digest_message(BUSY).blocks)


def test_one_sentence_is_the_same_for_everyone() -> None:
    assert figures.one_sentence(()) == ""
    assert figures.one_sentence(TOTALS).startswith("Last round: 14 of 23 answered; 9 of 14 find")


def test_a_question_without_a_total_is_named() -> None:
    single = Figure(Measure.SURE, Shown.ANSWERED_ONLY, 14, round=1)
    shown = tuple(single if one.measure is Measure.SURE else one for one in TOTALS)
    words = str(digests.status_message(replace(AFTER, figures=shown)).blocks)
    assert "No total for “will it work here” this time" in words
    assert figures.WHEN not in words
    assert "No total for" not in str(digests.status_message(AFTER).blocks)
