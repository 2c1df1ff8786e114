"""What is read when asking stops: facts about one person, a number about many, names of nobody."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.domain.asking import Asking, about_date, about_line, about_one, about_some
from bot.domain.gives import LineForm
from bot.domain.held import HeldAboutMe, Read
from bot.domain.initiatives import Plan
from bot.domain.inputs import OpenInput
from bot.domain.milestones import DateDecided, DateForm, Decided, check
from bot.domain.milestones import Reason as Because
from bot.domain.pauses import Answer, Answered, MoreTime, Quiet, Reason, Stillness
from bot.domain.progress import News, lines
from bot.domain.settings import MySettings
from bot.domain.todos import (
    ListeningDebt,
    MoreTimeNeeded,
    OneLine,
    SomeQuiet,
    StepBack,
    Todo,
)
from bot.views import digests, gives, held, milestones, pauses
from bot.views.kit import Message
from tests.golden import assert_golden
from tests.unit.test_digest_views import AFTER, LABELS, SAM, TODAY
from tests.unit.test_standing_views import place

SINCE = datetime(2025, 3, 11, 23, 0, tzinfo=UTC)
PAUSED = Quiet(4, 3, SAM, Reason.MISSED, SINCE, datetime(2025, 4, 22, 22, 0, tzinfo=UTC), 3)
SNOOZED = replace(
    PAUSED, reason=Reason.NOT_NOW, until=datetime(2025, 4, 8, 22, 0, tzinfo=UTC), misses=0
)
TOLD = (OpenInput(5, 7, "Mornings are bad.", SAM), OpenInput(6, 7, "Which shelf first?"))
ADVICE = MoreTime(9, 9, 23)
MEAN = "<!channel> <@U1> *bold* & مرحبا 🙂"
GO_LIVE = MoreTimeNeeded(ADVICE, "Scanners on the floor", date(2025, 5, 12))


def digest(*todos: Todo) -> Message:
    return digests.digest_message(replace(AFTER, todos=todos))


def me(quiet: Quiet) -> Message:
    read = Read((LABELS.owners[0],), paused=quiet)
    return held.me(HeldAboutMe(MySettings(SAM, TODAY), (place(read),)))


VIEWS = {
    "digest_step_back": digest(StepBack(PAUSED)),
    "digest_step_back_more": digest(StepBack(SNOOZED, more=2)),
    "digest_some_quiet": digest(SomeQuiet()),
    "digest_debt_inputs": digest(ListeningDebt(TOLD, 14)),
    "digest_debt_rounds": digest(ListeningDebt(())),
    "digest_more_time": digest(GO_LIVE),
    "digest_more_time_mean": digest(replace(GO_LIVE, milestone=MEAN * 5)),
    "digest_more_time_no_date": digest(MoreTimeNeeded(ADVICE)),
    "digest_one_line": digest(OneLine(3)),
    "me_paused": me(PAUSED),
    "pause_talk": pauses.answered(Answered(LABELS, PAUSED, Answer.TALK, changed=True)),
    "pause_other": pauses.answered(Answered(LABELS, PAUSED, Answer.OTHER, changed=True)),
    "pause_off": pauses.answered(Answered(LABELS, PAUSED, Answer.OFF, changed=True)),
}


@pytest.mark.parametrize("name", VIEWS)
def test_what_people_read(name: str) -> None:
    assert_golden(name, VIEWS[name])


def test_the_owner_and_the_person_read_the_same_line() -> None:
    for quiet in (PAUSED, SNOOZED):
        told = pauses.line(quiet)
        assert told in str(digest(StepBack(quiet)).blocks)
        assert told in str(me(quiet).blocks)


def test_who_chose_not_now_is_not_told_on() -> None:
    assert pauses.line(PAUSED) == (
        "I've paused check-ins to <@U2> for 6 weeks: three are open. It may be workload, leave or "
        "doubt; I can't tell."
    )
    assert pauses.line(SNOOZED) == (
        "I've paused check-ins to <@U2> for 4 weeks. It may be workload, leave or doubt; I can't "
        "tell."
    )
    until = replace(PAUSED, until=datetime(2025, 4, 13, 22, 0, tzinfo=UTC))
    assert "until Mon 14 April: three are open" in pauses.line(until)


# --- what there is to tell -----------------------------------------------------------------------


def test_one_person_at_a_time_and_only_since_the_owner_leads() -> None:
    later = replace(PAUSED, id=5, since=datetime(2025, 3, 20, tzinfo=UTC))
    asking = Asking(Stillness((later, PAUSED)))
    assert list(about_one(asking, SINCE)) == [StepBack(later, more=1)]
    assert list(about_one(asking, later.since)) == [StepBack(later, more=0)]
    assert list(about_one(asking, datetime(2025, 4, 1, tzinfo=UTC))) == []


def test_there_is_only_a_date_to_move_while_it_lies_ahead() -> None:
    asking = Asking(Stillness(more_time=ADVICE))
    plan = Plan(1, 1, "", "", milestone="Go-live", milestone_on=TODAY)
    [today] = about_date(asking, plan, TODAY)
    [before] = about_date(asking, plan, date(2025, 3, 1))
    assert (today, before) == (MoreTimeNeeded(ADVICE), MoreTimeNeeded(ADVICE, "Go-live", TODAY))
    assert list(about_date(Asking(), plan, TODAY)) == []


def test_nobody_is_told_of_the_nameless_but_when_a_round_closed() -> None:
    some = Asking(Stillness(some=True))
    assert list(about_some(some, news=True)) == [SomeQuiet()]
    assert list(about_some(some, news=False)) == []
    assert list(about_some(Asking(), news=True)) == []
    assert list(about_line(Asking())) == []


# --- the date, and a line ------------------------------------------------------------------------

ON = date(2025, 5, 12)
DATED = replace(LABELS, plan=replace(LABELS.plan, milestone=f"Go-live {MEAN}", milestone_on=ON))
FORM = DateForm(DATED, ADVICE, ON)
MODALS = {
    "date_move": milestones.move_form(FORM),
    "date_keep": milestones.keep_form(replace(FORM, initiative=LABELS)),
    "date_moved": milestones.decided(DateDecided(DATED, Decided.MOVED, ON)),
    "date_kept": milestones.decided(DateDecided(DATED, Decided.KEPT, ON)),
    "date_again": milestones.decided(DateDecided(DATED, Decided.KEPT, ON, changed=False)),
    "line_form": gives.line_form(LineForm(LABELS, 3)),
    "line_written": gives.line_written(LineForm(LABELS, 1)),
}


@pytest.mark.parametrize("name", MODALS)
def test_forms(name: str) -> None:
    assert_golden(name, MODALS[name])


@pytest.mark.parametrize(
    ("on", "why", "wrong"),
    [
        (date(2025, 5, 26), "Holidays.", []),
        (date(2025, 5, 5), "Sooner.", []),
        (None, "Holidays.", ["on"]),
        (TODAY, "Holidays.", ["on"]),
        (ON, "Holidays.", ["on"]),
        (date(2035, 5, 26), "Holidays.", ["on"]),
        (date(2025, 5, 26), "", ["why"]),
        (None, "x" * 301, ["on", "why"]),
    ],
)
def test_a_date_needs_a_day_to_come_and_a_reason(
    on: date | None, why: str, wrong: list[str]
) -> None:
    assert list(check(on, ON, why, TODAY)) == wrong


@pytest.mark.parametrize(
    ("was", "reason", "told"),
    [
        (ON, None, ()),
        (
            ON,
            Because(Decided.KEPT, "It can't wait."),
            ("Go-live stays on 12 May: “It can't wait.”",),
        ),
        (
            date(2025, 4, 28),
            Because(Decided.MOVED, "No time."),
            ("Go-live moved from 28 April to 12 May: “No time.”",),
        ),
        (date(2025, 4, 28), None, ("Go-live moved from 28 April to 12 May",)),
        (None, None, ("Go-live: now planned for 12 May",)),
    ],
)
def test_everybody_reads_why_a_date_moved_or_stays(
    was: date | None, reason: Because | None, told: tuple[str, ...]
) -> None:
    news = News(milestone="Go-live", milestone_was=was, milestone_on=ON, reason=reason)
    assert lines(news) == told
