"""Why me, why now: in plain words below every message, and the ways to get less."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.domain.gives import GiveKind, Given
from bot.domain.initiatives import Place, Stakeholder, Status
from bot.domain.outbox import COUNTED, Kind
from bot.domain.pauses import PauseNote
from bot.domain.reasons import CheckInTimes, Reasons
from bot.views import gives, pauses
from bot.views import reasons as views
from bot.views.kit import Message
from tests.golden import assert_golden
from tests.unit.test_pulse_views import LABELING, PAIR, SAM

ADDED = datetime(2025, 3, 1, 9, 0, tzinfo=UTC)
MEAN = "<!channel> <@U1> *bold* & مرحبا 🙂\n" * 40
OWN = Stakeholder(5, 1, 3, SAM, Place.ACTIVE, ADDED, ADDED, group_only=False)
CHECK_IN = Reasons(
    kind=Kind.ASK,
    stakeholder=OWN,
    initiative=LABELING,
    added_by="Dana Demo",
    today=date(2025, 3, 18),
    messages=2,
    most=5,
    check_in=CheckInTimes(date(2025, 3, 18), date(2025, 3, 4)),
    next_on=date(2025, 4, 1),
)
GIVE = replace(CHECK_IN, kind=Kind.GIVE, check_in=None, give=GiveKind.PROGRESS_LINE)
GIVEN = Given(11, GiveKind.INPUT_CHANGE, OWN, LABELING, "The go-live is two weeks later.")


def in_place(place: Place) -> Reasons:
    return replace(CHECK_IN, stakeholder=replace(OWN, place=place), next_on=None)


VIEWS = {
    "why_introduction": views.why(
        replace(CHECK_IN, kind=Kind.INTRODUCTION, check_in=None, messages=1)
    ),
    "why_check_in": views.why(CHECK_IN),
    "why_first": views.why(replace(CHECK_IN, check_in=CheckInTimes(date(2025, 3, 18)))),
    "why_by_hand": views.why(
        replace(CHECK_IN, check_in=CheckInTimes(date(2025, 3, 18), by_hand=True))
    ),
    "why_fewer": views.why(replace(CHECK_IN, fewer=True)),
    "why_group": views.why(replace(CHECK_IN, stakeholder=replace(OWN, group_only=True))),
    "why_two_owners": views.why(replace(CHECK_IN, initiative=PAIR)),
    "why_reminder": views.why(replace(CHECK_IN, kind=Kind.REMINDER)),
    "why_give_input": views.why(
        replace(GIVE, give=GiveKind.INPUT_CHANGE, told="Labels fall off in the cold store")
    ),
    "why_give_post": views.why(GIVE),
    "why_give_answer": views.why(replace(GIVE, give=GiveKind.BARRIER_ANSWER)),
    "why_give_line": views.why(replace(GIVE, give=GiveKind.OWNER_LINE)),
    "why_give_mean": views.why(
        replace(GIVE, give=GiveKind.INPUT_CHANGE, told=MEAN, added_by=MEAN[:40])
    ),
    "why_pause": views.why(replace(CHECK_IN, kind=Kind.PAUSE_NOTE, check_in=None, left_open=3)),
    "why_farewell": views.why(
        replace(
            CHECK_IN,
            kind=Kind.FAREWELL,
            initiative=replace(LABELING, status=Status.ENDED),
            next_on=None,
        )
    ),
    "why_stopped_here": views.why(in_place(Place.STOPPED)),
    "why_stopped_all": views.why(
        replace(CHECK_IN, stakeholder=replace(OWN, person=replace(SAM, stopped=True)))
    ),
    "less_fewer": views.fewer(LABELING, 5),
    "less_usual": views.usual(LABELING),
    "less_paused": views.paused(LABELING, 5, date(2025, 4, 15)),
    "less_stopped": views.stopped(LABELING, 5),
    "less_talk": views.talk(PAIR, 5, date(2025, 4, 15)),
    "give_input_change": gives.give(GIVEN),
    "give_progress_line": gives.give(replace(GIVEN, kind=GiveKind.PROGRESS_LINE)),
    "give_owner_line": gives.give(replace(GIVEN, kind=GiveKind.OWNER_LINE)),
    "give_mean": gives.give(replace(GIVEN, initiative=PAIR, words=MEAN)),
    "pause_note": pauses.note(
        PauseNote(6, OWN, LABELING, datetime(2025, 4, 13, 22, 0, tzinfo=UTC))
    ),
}


@pytest.mark.parametrize("name", VIEWS)
def test_what_people_read(name: str) -> None:
    assert_golden(name, VIEWS[name])


def acts(message: Message) -> list[str]:
    rows = [block["elements"] for block in message.blocks if block["type"] == "actions"]
    return [one["text"]["text"] for row in rows for one in row]


def test_it_says_why_when_how_often_and_how_to_get_less() -> None:
    told = views.why(CHECK_IN).text.translate(dict.fromkeys(map(ord, "\u2068\u2069\u2060")))
    assert (
        "Dana Demo put you on the list for *Shelf labels* on 1 March. It's two weeks since your "
        "last check-in.\nMessages from me in the last 28 days: 2 of at most 5. Next check-in: not "
        "before Tue 1 April" in told
    )
    less = ["Fewer", "Pause", "Stop this", "Stop all", "Talk to me instead"]
    assert acts(views.why(CHECK_IN)) == less


@pytest.mark.parametrize("kind", sorted(COUNTED))
def test_every_kind_of_message_has_its_reason(kind: Kind) -> None:
    about = replace(CHECK_IN, kind=kind, give=GiveKind.PROGRESS_LINE, left_open=3)
    told = views.why(about).text
    assert told.splitlines()[0].rstrip(".").count(".") >= 1  # why you, and why now


@pytest.mark.parametrize(
    ("days", "words"),
    [(0, "1 day"), (1, "1 day"), (5, "5 days"), (6, "a week"), (13, "two weeks"),
     (15, "two weeks"), (42, "six weeks"), (84, "12 weeks")],
)  # fmt: skip
def test_time_since_the_last_check_in_in_words(days: int, words: str) -> None:
    before = date(2025, 3, 18).toordinal() - days
    times = CheckInTimes(date(2025, 3, 18), date.fromordinal(before))
    assert f"It's {words} since" in views.why(replace(CHECK_IN, check_in=times)).text


@pytest.mark.parametrize("place", [place for place in Place if place is not Place.ACTIVE])
def test_nothing_to_choose_from_that_means_nothing(place: Place) -> None:
    assert acts(views.why(in_place(place))) == ["Ask me after all", "Stop all"]


def test_fewer_can_be_taken_back() -> None:
    assert "As often as before" in acts(views.why(replace(CHECK_IN, fewer=True)))
