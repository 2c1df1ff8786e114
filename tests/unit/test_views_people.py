"""What people see of introductions, their settings, what is held about them, and their Home."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.accounts import Account, Group, Said
from bot.domain.digests import Digest
from bot.domain.explanations import Missing
from bot.domain.figures import Part
from bot.domain.held import (
    HeldAboutMe,
    HeldCheckIn,
    HeldLead,
    HeldMessage,
    HeldPlace,
    HeldStep,
    Read,
)
from bot.domain.home import HomeTab, Led, OpenCheckIn
from bot.domain.initiatives import Initiative, Place, Plan, Stakeholder, Status, Visibility
from bot.domain.inputs import Input, Outcome, Reply
from bot.domain.introductions import Introduction
from bot.domain.outbox import Kind
from bot.domain.people import Choice, Person, Setting, Settled
from bot.domain.pulses import Explain, Given, Question
from bot.domain.settings import MySettings
from bot.domain.talks import Wish
from bot.playground.blocks import too_long
from bot.views import held, home, introductions, people
from bot.views.kit import Home, Message, Modal
from tests.golden import assert_golden

NOW = datetime(2025, 3, 3, 9, 0, tzinfo=UTC)
DANA = Person(1, 1, "UDANA", "Dana Demo", "Europe/Berlin")
SAM = Person(2, 1, "USAM", "Sam Sample", "Europe/Lisbon")


def settings_of(person: Person) -> MySettings:
    """What somebody set who set nothing."""
    return MySettings(person, NOW.date())


MINE = settings_of(SAM)
MEAN = "<!channel> <@U1> *bold* & `x`\nمرحبا 🙂"
LABELS = Initiative(
    id=7,
    workspace_id=1,
    name="Shelf labels",
    tz="Europe/Berlin",
    visibility=Visibility.NAMED,
    status=Status.RUNNING,
    channel_id="C0SHELVES",
    first_date=date(2025, 3, 6),
    cycle_days=14,
    plan=Plan(
        version_id=1,
        number=1,
        why="Labels fall off, and the new store wants them by May.",
        benefit="You search less.",
        needed="Label 20 shelves.",
        milestone="Go-live",
        milestone_on=date(2025, 5, 12),
    ),
    owners=(DANA,),
    revision=1,
    created_at=NOW,
)
PLACE = Stakeholder(3, 1, 7, SAM, Place.ACTIVE, NOW, NOW, group_only=False)
GROUP_PLACE = replace(PLACE, group_only=True)
INTRO = Introduction(
    PLACE, LABELS, date(2025, 3, 6), "Free two people for labelling", date(2025, 3, 7)
)
GROUP_LABELS = replace(LABELS, visibility=Visibility.GROUP)
BARE = replace(LABELS, plan=Plan(1, 1, "It falls off.", "Less searching."))
MEAN_LABELS = replace(
    LABELS,
    name=MEAN * 5,
    owners=(replace(DANA, name=MEAN * 3),),
    plan=Plan(1, 1, "<&>*_" * 600, "<&>*_" * 600, "<&>*_" * 600, "<&>*_" * 600),
)
STOPPED = replace(PLACE, person=replace(SAM, stopped=True))

FULL = HeldCheckIn(
    NOW,
    {
        Question.USEFUL: Given(4, None, NOW),
        Question.SURE: Given(2, None, NOW),
        Question.EFFORT: Given(None, "nothing_needed", NOW),
    },
)
WISH = Wish(3, 1, SAM, Explain.TWO_LINES, date(2025, 3, 3))
READ = Read(
    (DANA,),
    Account(
        SAM,
        Group.WORTH_A_TALK,
        NOW.date(),
        (
            Said(Question.SURE, 2, 3, date(2025, 3, 3)),
            Said(Question.USEFUL, 1, 1, date(2025, 2, 17)),
        ),
        (Missing.STEP, Missing.TALK),
        date(2025, 3, 3),
    ),
    None,
    WISH,
)
TOLD = Input(5, 1, 7, SAM, False, "Too few labels", NOW, Reply(1, Outcome.USED, "Soon", NOW))
HELD_PLACE = HeldPlace(
    PLACE,
    LABELS,
    (FULL, HeldCheckIn(NOW, dont_know=True, explain=Explain.TWO_LINES), HeldCheckIn(NOW)),
    (TOLD,),
    ((Choice.SNOOZE, NOW),),
    (READ,),
)
ABOUT = HeldAboutMe(
    MINE,
    (HELD_PLACE,),
    (HeldLead(replace(LABELS, name="Night shifts"), 2, (HeldStep("Ask HR", NOW.date()),), 8),),
    ((Setting.RESUME_ALL, NOW), (Setting.STOP_ALL, NOW)),
    (HeldMessage(Kind.INTRODUCTION, NOW), HeldMessage(Kind.ASK, NOW + timedelta(days=3))),
)
MEAN_PLACE = HeldPlace(
    replace(PLACE, place=Place.NOT_MY_TOPIC),
    MEAN_LABELS,
    (FULL,) * 60,
    (replace(TOLD, words="<&>*_\n" * 500, reply=Reply(1, Outcome.USED, "<&>*_" * 600, NOW)),) * 9,
    ((Choice.STOP, NOW),) * 40,
    (READ,) * 3,
)
MEAN_ABOUT = HeldAboutMe(
    settings_of(replace(SAM, name=MEAN * 5, stopped=True, group_only=True, is_guest=True)),
    (MEAN_PLACE,) * 25,
    (HeldLead(MEAN_LABELS, 900, (HeldStep("<&>*_" * 60, NOW.date()),) * 5, 1000),) * 30,
    ((Setting.STOP_ALL, NOW),) * 40,
    (HeldMessage(Kind.ASK, NOW),) * 5,
)

RUNNING = Led(
    LABELS,
    Digest(
        initiative=LABELS,
        owner=DANA,
        today=NOW.date(),
        people=23,
        open_round=2,
        last_day=date(2025, 3, 14),
        open_part=Part(9, 23),
    ),
)
TAB = HomeTab(
    MINE, (OpenCheckIn(7, "Shelf labels", 1), OpenCheckIn(8, "Night shifts", 0)), (), (), 2
)
MEAN_TAB = HomeTab(
    MINE,
    tuple(OpenCheckIn(n, MEAN * 5, 1) for n in range(30)),
    (MEAN,) * 30,
    tuple(replace(RUNNING, initiative=replace(MEAN_LABELS, id=n)) for n in range(30)),
    5,
)

VIEWS: dict[str, Message | Modal | Home] = {
    "introduction": introductions.introduction(INTRO),
    "introduction_group": introductions.introduction(
        replace(INTRO, initiative=GROUP_LABELS, stakeholder=GROUP_PLACE)
    ),
    "introduction_bare": introductions.introduction(Introduction(PLACE, BARE)),
    "introduction_group_chosen": introductions.introduction(
        replace(INTRO, stakeholder=GROUP_PLACE)
    ),
    "introduction_not_my_topic": introductions.introduction(
        replace(INTRO, stakeholder=replace(PLACE, place=Place.NOT_MY_TOPIC))
    ),
    "introduction_stopped": introductions.introduction(replace(INTRO, stakeholder=STOPPED)),
    "introduction_mean": introductions.introduction(
        replace(INTRO, initiative=MEAN_LABELS, step="<&>*_\n" * 50)
    ),
    "people_stopped": people.stopped(Settled(SAM, True)),
    "people_stopped_before": people.stopped(Settled(SAM, False)),
    "people_resumed": people.resumed(Settled(SAM, True)),
    "people_never_stopped": people.resumed(Settled(SAM, False)),
    "people_grouped": people.grouped(Settled(SAM, True)),
    "people_grouped_before": people.grouped(Settled(SAM, False)),
    "me": held.me(ABOUT),
    "me_empty": held.me(HeldAboutMe(MINE)),
    "me_group_only": held.me(
        HeldAboutMe(
            settings_of(replace(SAM, group_only=True)),
            (HeldPlace(replace(GROUP_PLACE, place=Place.STOPPED), LABELS),),
        )
    ),
    "me_modal": held.me_modal(ABOUT),
    "home": home.home(TAB),
    "home_first_time": home.home(HomeTab(MINE)),
    "home_nothing_open": home.home(HomeTab(MINE, asked_about=("Shelf labels", "Night shifts"))),
    "home_leads": home.home(
        HomeTab(
            settings_of(replace(DANA, stopped=True)),
            leads=(Led(replace(LABELS, id=8, name="Draft", status=Status.DRAFT)), RUNNING),
        )
    ),
    "home_mean": home.home(MEAN_TAB),
}


@pytest.mark.parametrize("name", VIEWS)
def test_what_people_see(name: str) -> None:
    assert_golden(name, VIEWS[name])


def shown(view: Message | Modal | Home) -> str:
    """Everything in a view, as one string."""
    return str(view.blocks)


def test_the_group_variant_is_honest_and_names_nobody() -> None:
    words = shown(VIEWS["introduction_group"])
    assert "totals of at least 5" in words
    assert "whoever runs the server" in words
    assert "with your name. Everyone" not in words
    assert "Only in group figures" not in words


@pytest.mark.parametrize("page", range(30))
def test_everything_held_fits_into_slacks_limits(page: int) -> None:
    message = held.me(MEAN_ABOUT, page)
    assert len(message.blocks) <= 50
    assert not too_long(list(message.blocks))


def test_every_place_is_on_exactly_one_page() -> None:
    many = replace(
        ABOUT,
        places=tuple(
            replace(HELD_PLACE, initiative=replace(LABELS, name=f"Change {n}.")) for n in range(40)
        ),
    )
    pages = [shown(held.me(many, page)) for page in range(40)]
    distinct = list(dict.fromkeys(pages))
    assert 1 < len(distinct) < 40
    together = "".join(distinct)
    assert all(together.count(f"Change {n}.") == 1 for n in range(40))


def test_what_is_left_out_is_counted() -> None:
    mean = replace(ABOUT, places=(MEAN_PLACE,))
    words = "".join(shown(held.me(mean, page)) for page in range(3))
    assert "50 earlier check-ins" in words
    assert "And 6 that you told them earlier." in words


def test_a_page_that_does_not_exist_shows_the_last() -> None:
    assert held.me(ABOUT, 99) == held.me(ABOUT, 0)
