"""What is read about one person: the same for owners and for that person, facts and no verdict."""

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.domain.accounts import Account, Agreed, Did, Estimating, Group, Said
from bot.domain.evidence import StepEvent
from bot.domain.explanations import Missing
from bot.domain.held import HeldAboutMe, HeldPlace, Read
from bot.domain.initiatives import Place, Stakeholder, Status
from bot.domain.people import Person
from bot.domain.pulses import Explain, Question
from bot.domain.settings import MySettings
from bot.domain.states import State
from bot.domain.talks import Talk, Wish
from bot.domain.todos import Listed
from bot.views import held, standings
from bot.views.kit import Message
from tests.golden import FOLDER, assert_golden, forbidden_words
from tests.unit.test_digest_views import (
    DANA,
    FELL_QUIET,
    KIND_WORDS,
    LABELS,
    LONG_AGO,
    NOT_CONVINCED,
    QUIET,
    SAM,
    TALKS,
    TODAY,
    WISHES,
)

NOW = datetime(2025, 3, 12, 9, 0, tzinfo=UTC)
LEE = Person(9, 1, "ULEE", "Lee Demo", "Europe/Berlin")
ACCOUNTS = (NOT_CONVINCED, LONG_AGO, KIND_WORDS, QUIET, FELL_QUIET)
WITH_YOU = replace(NOT_CONVINCED, group=Group.WITH_YOU)
TOO_EARLY = replace(NOT_CONVINCED, group=Group.TOO_EARLY)
LOW = Talk(SAM, Question.SURE, 2, date(2025, 3, 4))
WISH = Wish(3, 1, SAM, Explain.TWO_LINES, date(2025, 3, 4))


def place(*read: Read, estimating: Estimating = Estimating.YES, **more: Any) -> HeldPlace:
    """Sam's place, and what owners read of him."""
    own = Stakeholder(3, 1, 7, SAM, Place.ACTIVE, NOW, NOW, group_only=False)
    return HeldPlace(replace(own, **more), LABELS, read=read, estimating=estimating)


def me(*read: Read, estimating: Estimating = Estimating.YES, **more: Any) -> Message:
    """What Sam reads about himself."""
    return held.me(
        HeldAboutMe(MySettings(SAM, TODAY), (place(*read, estimating=estimating, **more),))
    )


def about(account: Account) -> Message:
    """What somebody reads about themselves if that is their account."""
    one = place(Read((DANA,), account), person=account.person)
    return held.me(HeldAboutMe(MySettings(account.person, TODAY), (one,)))


VIEWS = {
    "me_worth_a_talk": about(NOT_CONVINCED),
    "me_words_not_practice": about(KIND_WORDS),
    "me_not_heard": about(QUIET),
    "me_with_you": about(WITH_YOU),
    "me_too_early": about(TOO_EARLY),
    "me_low_answer": me(Read((DANA,), TOO_EARLY, LOW, WISH)),
    "me_two_owners": me(Read((DANA,), NOT_CONVINCED), Read((LEE,), TOO_EARLY)),
    "me_no_estimate": me(Read((DANA,), None, LOW), estimating=Estimating.NOT_ME, no_estimate=True),
    "me_nothing_estimated": me(Read((DANA,), None, LOW), estimating=Estimating.NOT_HERE),
    "me_not_my_topic": me(Read((DANA,), no_topic=SAM), place=Place.NOT_MY_TOPIC),
}


@pytest.mark.parametrize("name", VIEWS)
def test_golden(name: str) -> None:
    assert_golden(name, VIEWS[name])


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        (
            [Said(Question.USEFUL, 4, 2, date(2025, 3, 3))],
            "Said *Very* to “how useful is it” twice, last on Mon 3 March.",
        ),
        (
            [Said(Question.SURE, 2, 1, date(2025, 3, 3))],
            "Said *A little* to “will it work here” on Mon 3 March.",
        ),
        (
            [Said(question, 1, 3, date(2025, 3, 3)) for question in Question],
            "Said *Not at all* to “how useful is it”, *Not at all* to “will it work here” and "
            "*Nothing* to “how much do you plan to do for it”, each 3 times, last on Mon 3 March.",
        ),
        ([Did(StepEvent.MISSED, date(2025, 3, 3))], "Hadn't said by Mon 3 March how a step went."),
        (
            [Did(StepEvent.KEPT, date(2024, 12, 30))],
            "Did a step as agreed, by Mon 30 December 2024.",
        ),
        ([Agreed(date(2025, 3, 3))], "Agreed to a talk on Mon 3 March."),
    ],
)
def test_facts_are_told_with_their_dates(facts: list[Any], told: str) -> None:
    account = replace(NOT_CONVINCED, facts=tuple(facts), missing=())
    assert standings.sentences(account) == (told,)


def test_a_talk_is_told_after_what_was_said() -> None:
    met = replace(NOT_CONVINCED, talked_on=date(2025, 3, 10), missing=())
    assert standings.sentences(met)[-1] == "Had a talk about it on Mon 10 March."
    assert standings.sentences(replace(met, group=Group.WITH_YOU)) == ()


def test_every_kind_of_step_has_a_sentence() -> None:
    for event in StepEvent:
        if event is not StepEvent.OFFERED:  # no evidence, so it explains nothing
            account = replace(KIND_WORDS, facts=(Did(event, TODAY),))
            assert "Wed 12 March" in standings.sentences(account)[0]


def test_without_an_answer_for_weeks_we_are_less_sure() -> None:
    silent = replace(NOT_CONVINCED, missing=(Missing.RECENT_ANSWER,), heard_on=date(2025, 1, 12))
    assert standings.sentences(silent)[-1] == "No answer since Sun 12 January: we are less sure."
    never = replace(silent, facts=(), heard_on=None)
    assert standings.sentences(never) == ()


def test_of_the_silent_nothing_is_told_but_the_silence() -> None:
    assert standings.sentences(QUIET) == ("3 check-ins open, no answer so far.",)
    (words,) = standings.sentences(FELL_QUIET)
    assert words == "4 check-ins open, last answer on Tue 14 January."


@pytest.mark.parametrize("group", [Group.TOO_EARLY, Group.WITH_YOU])
def test_who_is_only_counted_is_spoken_of_nowhere(group: Group) -> None:
    account = replace(NOT_CONVINCED, group=group)
    assert standings.sentences(account) == ()
    assert standings.line(account) == ""


def test_what_is_missing_is_said_if_it_is_missing_for_all() -> None:
    assert "A talk or a step" in standings.surer([NOT_CONVINCED, LONG_AGO])
    assert "A talk would tell more" in standings.surer([NOT_CONVINCED, KIND_WORDS])
    assert standings.surer([replace(KIND_WORDS, missing=())]) == ""
    assert standings.surer([]) == ""


def test_more_people_than_names_are_counted() -> None:
    (block,) = standings.listed_blocks(Listed(Group.NOT_HEARD, 5, (QUIET,)))
    assert "• and 4 more" in block["text"]["text"]


@pytest.mark.parametrize("name", sorted(path.stem for path in FOLDER.glob("digest_*.json")))
def test_every_line_about_somebody_in_a_digest_stands_in_their_own_me(name: str) -> None:
    mine = "\n".join(
        [str(about(account).blocks) for account in ACCOUNTS]
        + [str(me(Read((DANA,), talk=one)).blocks) for one in TALKS.talks]
        + [str(me(Read((DANA,), wish=one)).blocks) for one in WISHES.wishes]
    )
    shown = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    lines = [line for words in _texts(shown) for line in words.split("\n")]
    for line in lines:
        if re.match(r"• <@", line) and "not their topic" not in line:
            assert line.removeprefix("• ") in mine.replace("\\'", "'")


def test_nothing_about_one_person_shows_how_it_was_concluded() -> None:
    for name, view in VIEWS.items():
        words = " ".join(_texts({"blocks": list(view.blocks), "text": view.text})).lower()
        assert not re.search(r"\d ?%|probab|position|0\.\d", words), name
        assert not [state for state in State if re.search(rf"\b{state.value}\b", words)], name


def test_no_picture_of_a_view_shows_the_inner_workings() -> None:
    for path in FOLDER.glob("*.json"):
        shown = json.loads(path.read_text(encoding="utf-8"))
        assert not (bad := list(forbidden_words(shown))), f"{path.name} shows {bad}"


def test_nothing_can_be_said_against_what_ended() -> None:
    ended = replace(LABELS, status=Status.ENDED)
    one = replace(place(Read((DANA,), NOT_CONVINCED)), initiative=ended)
    assert standings.buttons(one) == []


def _texts(shown: Any) -> list[str]:
    if isinstance(shown, dict):
        own = [shown["text"]] if isinstance(shown.get("text"), str) else []
        return own + [words for value in shown.values() for words in _texts(value)]
    return [words for value in shown for words in _texts(value)] if isinstance(shown, list) else []
