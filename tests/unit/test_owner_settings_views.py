"""What owners see where they set an initiative, and what people see of it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.cycles import Cycle, Halt
from bot.domain.digests import Digest
from bot.domain.drafts import Skip
from bot.domain.held import HeldAboutMe, HeldPlace
from bot.domain.home import HomeTab, Led
from bot.domain.initiatives import Initiative, Place, Plan, Stakeholder, Status, Visibility
from bot.domain.owner_settings import (
    LENGTHS,
    Field,
    ListChanged,
    OnTheList,
    OwnerNote,
    OwnersChanged,
    OwnerSettings,
    PauseSet,
    RoundsSet,
    check_owners,
    check_pause,
    check_people,
    check_rounds,
    check_size,
)
from bot.domain.people import Choice, Person
from bot.domain.pulses import CheckIn
from bot.domain.questions import EVERY, Question, may_be, read, written
from bot.domain.settings import MySettings
from bot.views import digests, held, home, owner_settings, pulses
from bot.views.kit import Home, Message, Modal
from tests.golden import assert_golden

NOW = datetime(2025, 3, 3, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
MEAN = "*<!channel>* _Kim_ & `Co` <@U1> " * 4
DANA = Person(1, 1, "UDANA", "Dana Demo", "Europe/Berlin")
LEE = Person(2, 1, "ULEE", "Lee Demo", "Europe/Berlin")
SAM = Person(3, 1, "USAM", "Sam Sample", "Europe/Lisbon")
BOT = replace(SAM, id=4, slack_user_id="UBOT", is_bot=True, name="Robot")
UNNAMED = replace(SAM, id=5, slack_user_id="U5", name="")
ABOUT = Initiative(
    id=7,
    workspace_id=1,
    name="Shelf labels",
    tz="Europe/Berlin",
    visibility=Visibility.NAMED,
    status=Status.RUNNING,
    channel_id="C1",
    first_date=TODAY,
    cycle_days=14,
    plan=Plan(1, 1, "Why", "Better"),
    owners=(DANA,),
    revision=1,
    created_at=NOW,
    started_at=NOW,
    owners_since=(NOW,),
)
UNTIL = datetime(2025, 3, 19, 23, 0, tzinfo=UTC)
PAUSED = replace(ABOUT, halt=Halt(NOW, UNTIL))
TWO = replace(ABOUT, owners=(DANA, LEE), owners_since=(NOW, UNTIL))
GROUP = replace(ABOUT, visibility=Visibility.GROUP)
OPEN = Cycle(1, 7, 3, NOW, NOW + timedelta(days=9, hours=14))
USUAL = OwnerSettings(ABOUT, TODAY, OPEN, None, 23)
RESTS = replace(USUAL, initiative=PAUSED, paused_until=date(2025, 3, 20))
FIRST = replace(USUAL, initiative=replace(TWO, name=MEAN), open=None, people=1)
FEWER = replace(ABOUT, cycle_days=28, questions=(Question.USEFUL, Question.SURE))
PLACE = Stakeholder(11, 1, 7, SAM, Place.ACTIVE, NOW, NOW, False)
CHECK_IN = CheckIn(
    31,
    FEWER,
    SAM,
    Visibility.NAMED,
    closes_at=OPEN.closes_at,
    as_of=NOW,
    questions=FEWER.questions,
)
MINE = MySettings(SAM, TODAY, "Portugal", "Portugal")
ME = HeldAboutMe(
    MINE,
    (
        HeldPlace(
            PLACE,
            replace(TWO, halt=Halt(NOW, UNTIL)),
            choices=((Choice.ON, NOW), (Choice.OFF, NOW)),
        ),
    ),
)
STATUS = Digest(PAUSED, DANA, TODAY, open_round=1, paused_until=date(2025, 3, 20))

VIEWS: dict[str, Message | Modal | Home] = {
    "owner_settings": owner_settings.form(USUAL),
    "owner_settings_paused": owner_settings.form(RESTS),
    "owner_settings_first": owner_settings.form(FIRST),
    "owner_rounds_set": owner_settings.rounds_set(
        RoundsSet(replace(USUAL, initiative=FEWER), changed=True)
    ),
    "owner_rounds_set_first": owner_settings.rounds_set(RoundsSet(FIRST, changed=True)),
    "owner_rounds_same": owner_settings.rounds_set(RoundsSet(USUAL, changed=False)),
    "owner_pause_form": owner_settings.pause_form(USUAL),
    "owner_pause_form_again": owner_settings.pause_form(RESTS),
    "owner_paused": owner_settings.pause_set(PauseSet(ABOUT, date(2025, 3, 20), True)),
    "owner_paused_already": owner_settings.pause_set(PauseSet(ABOUT, date(2025, 3, 20), False)),
    "owner_resumed": owner_settings.resumed(PauseSet(ABOUT, None, True)),
    "owner_not_paused": owner_settings.resumed(PauseSet(ABOUT, None, False)),
    "owner_people": owner_settings.people_form(OnTheList(ABOUT, 23, (SAM, LEE, UNNAMED))),
    "owner_people_nobody": owner_settings.people_form(OnTheList(ABOUT, 0, ())),
    "owner_list_changed": owner_settings.list_changed(
        ListChanged(
            ABOUT,
            added=(SAM,),
            back=(LEE,),
            already=2,
            removed=(replace(SAM, name=MEAN),),
            skipped=((Skip.OWNER, "Dana Demo"), (Skip.BOT, "Robot"), (Skip.LEFT, "")),
        )
    ),
    "owner_list_same": owner_settings.list_changed(ListChanged(ABOUT)),
    "owner_owners": owner_settings.owners_form(TWO),
    "owner_owners_group": owner_settings.owners_form(GROUP),
    "owner_owners_changed": owner_settings.owners_changed(
        OwnersChanged(TWO, (LEE,), (DANA,), date(2025, 3, 13))
    ),
    "owner_owners_changed_group": owner_settings.owners_changed(
        OwnersChanged(GROUP, (LEE, SAM), by_name=False)
    ),
    "owner_owners_same": owner_settings.owners_changed(OwnersChanged(ABOUT)),
    "owner_note": owner_settings.note(OwnerNote(TWO, LEE, MEAN, True, date(2025, 3, 13))),
    "owner_note_now": owner_settings.note(OwnerNote(TWO, LEE, "Dana Demo", True)),
    "owner_note_group": owner_settings.note(OwnerNote(GROUP, LEE, "", True)),
    "owner_note_removed": owner_settings.note(OwnerNote(ABOUT, LEE, "Dana Demo", False)),
    "owner_left": owner_settings.left(OwnersChanged(ABOUT, removed=(LEE,))),
    "owner_status_paused": digests.status_message(STATUS),
    "owner_home_paused": home.home(HomeTab(MINE, leads=(Led(PAUSED, STATUS),))),
    "pulse_two_questions": pulses.check_in(CHECK_IN),
    "pulse_two_questions_reminder": pulses.reminder(CHECK_IN),
    "pulse_halted": pulses.check_in(replace(CHECK_IN, initiative=PAUSED, questions=EVERY)),
    "pulse_new_owner": pulses.check_in(replace(CHECK_IN, initiative=TWO, new_owners=(LEE,))),
    "pulse_new_owners_group": pulses.check_in(
        replace(CHECK_IN, visibility=Visibility.GROUP, new_owners=(LEE, UNNAMED))
    ),
    "me_halted": held.me(ME),
}


@pytest.mark.parametrize("name", VIEWS)
def test_what_people_see(name: str) -> None:
    assert_golden(name, VIEWS[name])


@pytest.mark.parametrize("days", [*LENGTHS, 7, 13, None])
def test_a_round_lasts_two_to_six_weeks(days: int | None) -> None:
    assert (Field.LENGTH in check_rounds(days, EVERY)) is (days not in LENGTHS)


def test_how_useful_it_is_and_one_thing_more_are_always_asked() -> None:
    useful, sure, effort = Question
    allowed = {EVERY, (useful, sure), (useful, effort)}
    for chosen in (EVERY, (useful, sure), (useful, effort), (sure, effort), (useful,), (), (sure,)):
        assert may_be(chosen) is (chosen in allowed)
        assert bool(check_rounds(14, chosen)) is (chosen not in allowed)
    assert {read(written(chosen)) for chosen in allowed} == allowed
    assert written((effort, sure, useful)) is None  # all of them, in their order
    assert read("useful something_later sure") == (useful, sure)


def test_a_pause_ends_on_a_day_ahead_within_half_a_year() -> None:
    days = (None, TODAY, TODAY + timedelta(days=1), TODAY + timedelta(days=182))
    assert [bool(check_pause(day, TODAY)) for day in days] == [True, True, False, False]
    [far] = check_pause(TODAY + timedelta(days=183), TODAY).values()
    assert far.startswith("Pick a day up to 1 September 2025.")


def test_who_is_on_the_list_is_checked_before_anything_changes() -> None:
    known = {one.slack_user_id: one for one in (SAM, LEE, BOT)}
    assert check_people(["USAM"], ["ULEE"], known, {"ULEE"}) == {}
    assert Field.REMOVE in check_people([], ["USAM"], known, {"ULEE"})
    many = [f"U{n}" for n in range(101)]
    assert check_people(many, [], {}, ()) == {Field.ADD: "Pick at most 100 people at a time."}
    assert Field.ADD in check_size(1001, Visibility.NAMED, removes=False)
    assert Field.REMOVE in check_size(0, Visibility.NAMED, removes=True)
    assert Field.REMOVE in check_size(4, Visibility.GROUP, removes=True)
    assert check_size(4, Visibility.GROUP, removes=False) == {}


@pytest.mark.parametrize(
    ("who", "why"),
    [
        (BOT, "Robot is an app"),
        (replace(SAM, is_deleted=True), "Sam Sample has left"),
        (replace(SAM, is_stranger=True), "Sam Sample is in another organisation"),
        (replace(UNNAMED, is_bot=True), "Somebody you picked is an app"),
    ],
)
def test_who_cannot_lead_is_refused(who: Person, why: str) -> None:
    wrong = check_owners(
        ["UDANA", who.slack_user_id], [who.slack_user_id], {who.slack_user_id: who}
    )
    assert why in wrong[Field.OWNERS]
    assert check_owners(["UDANA", "USAM"], ["USAM"], {"USAM": SAM}) == {}
    assert "Somebody has to lead it" in check_owners([], [], {})[Field.OWNERS]
    assert "At most 10" in check_owners([f"U{n}" for n in range(11)], [], {})[Field.OWNERS]
