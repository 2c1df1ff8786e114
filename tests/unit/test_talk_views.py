"""What both sides of a talk and its owner read: nothing but what people said themselves."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.barriers import Barrier
from bot.domain.conversations import (
    Call,
    Card,
    Conversation,
    Correction,
    Event,
    Form,
    HeldTalk,
    HostAsked,
    Invited,
    Learned,
    Note,
    Offer,
    Origin,
    Said,
    State,
)
from bot.domain.held import HeldAboutMe
from bot.domain.people import Appointment, Settled
from bot.domain.settings import MySettings
from bot.domain.slots import Slot
from bot.domain.talk_plans import MyTalks, Pick, SessionForm, TalkPlan
from bot.domain.talk_rules import Candidate
from bot.domain.todos import Listed, TalksAsked
from bot.views import (
    conversations,
    digests,
    held,
    people,
    reasons,
    talk_lines,
    talk_lists,
    talk_notes,
    talk_plans,
)
from bot.views.ids import Form as FormId
from bot.views.kit import Message, Modal
from tests.golden import assert_golden
from tests.unit.test_digest_views import AFTER, DANA, LABELS, MEAN, NOT_CONVINCED, SAM, TODAY
from tests.unit.test_standing_views import LEE, LOW, WISH, place

NOW = datetime(2025, 3, 12, 9, 0, tzinfo=UTC)
TEN = datetime(2025, 3, 18, 9, 0, tzinfo=UTC)
TWENTY = timedelta(minutes=20)
TIMES = tuple(Slot(at, at + TWENTY) for at in (TEN, TEN + timedelta(days=1, hours=4)))
TALK = Conversation(
    id=5,
    workspace_id=1,
    initiative_id=7,
    form=Form.ONE_ON_ONE,
    origin=Origin.SUGGESTED,
    state=State.OFFERED,
    sequence=0,
    made_at=NOW,
    stakeholder_id=3,
    guest=SAM,
    host=DANA,
    offered_by=DANA,
    offered_at=NOW,
)
AGREED = replace(TALK, state=State.AGREED, starts_at=TEN, ends_at=TEN + TWENTY)
OFFER = Offer(TALK, place().stakeholder, LABELS, TIMES, give_id=9, unsure=True)
CARD = Card(AGREED, LABELS, SAM, TODAY, "T0DEMO", NOW)
HOSTS = replace(CARD, reader=DANA)
OFF = replace(AGREED, state=State.CANCELLED, sequence=1, starts_at=None)
NOTE = Note(Barrier.NO_TIME.value, "Mornings are too busy.", DANA, date(2025, 3, 18))
RIGHT = replace(NOTE, words=MEAN, corrections=(Correction(SAM, "Only Mondays are."),))
ABOUT_LEE = replace(NOTE, about=LEE, words="Wants to show it to others.", barrier=None)
HELD = HeldTalk(replace(AGREED, state=State.HELD), date(2025, 3, 18), notes=(RIGHT,))
CANDIDATE = Candidate(3, SAM.id, NOW)
PLAN = TalkPlan(
    LABELS,
    DANA,
    (
        Pick(replace(CANDIDATE, stakeholder_id=3), SAM, asked_on=date(2025, 3, 10)),
        Pick(replace(CANDIDATE, stakeholder_id=4), SAM, account=NOT_CONVINCED),
        Pick(replace(CANDIDATE, stakeholder_id=5), SAM, talk=LOW),
        Pick(replace(CANDIDATE, stakeholder_id=6), SAM, wish=WISH),
    ),
    more=2,
    room=4,
    under_way=(
        HeldTalk(TALK, date(2025, 3, 12)),
        HeldTalk(replace(AGREED, id=6), date(2025, 3, 18)),
    ),
    over=(HELD,),
)
NOBODY_YET = tuple(Invited(n, who) for n, who in enumerate((SAM, LEE), start=3))
YES, NO = (tuple(replace(one, comes=comes) for one in NOBODY_YET) for comes in (True, False))
SESSION = replace(AGREED, form=Form.GROUP, guest=None, stakeholder_id=None, group=NOBODY_YET)
CAME = replace(SESSION, group=YES)
TOLD = HeldTalk(replace(CAME, state=State.HELD), date(2025, 3, 18), notes=(RIGHT, ABOUT_LEE))
NOT_COMING = HeldTalk(
    replace(SESSION, group=NO), date(2025, 3, 18), (Said(Event.COULD_NOT, SAM.id, NOW),)
)
FORM = SessionForm(LABELS, DANA, (SAM, LEE), TIMES[0])
AT_TEN = (Appointment(DANA, TEN), Appointment(LEE, TEN, True), Appointment(None, TEN))
HOST_ASKED = HostAsked(5, State.HOST_ASKED, LABELS, DANA)
ASKED = replace(TALK, origin=Origin.ASKED, state=State.ASKED, host=None, offered_by=None)
OFFER_ASKED = replace(OFFER, give_id=None)
MEAN_OFFER = replace(OFFER_ASKED, initiative=replace(LABELS, name=MEAN))
INVITED = replace(CARD, talk=replace(SESSION, id=6))
WISHED = replace(CARD, talk=replace(ASKED, id=7))


def answered(state: State) -> Offer:
    return replace(OFFER, talk=replace(TALK, state=state), slots=())


VIEWS: dict[str, Message | Modal] = {
    "talk_offer": conversations.offer(OFFER),
    "talk_offer_open": conversations.offer(replace(OFFER, unsure=False, taken=True)),
    "talk_offer_asked": conversations.offer(
        replace(OFFER, talk=replace(TALK, origin=Origin.ASKED), give_id=None)
    ),
    "talk_offer_sponsor": conversations.offer(replace(OFFER, talk=replace(TALK, host=LEE))),
    "talk_offer_no_time": conversations.offer(replace(OFFER, slots=())),
    "talk_offer_mean": conversations.offer(
        replace(OFFER, initiative=replace(LABELS, name=MEAN), talk=replace(TALK, host=LEE))
    ),
    "talk_declined": conversations.offer(answered(State.DECLINED)),
    "talk_not_now": conversations.offer(answered(State.NOT_NOW)),
    "talk_by_message": conversations.offer(answered(State.BY_MESSAGE)),
    "talk_lapsed": conversations.offer(answered(State.LAPSED)),
    "talk_times": conversations.times_form(OFFER, FormId.TALK_TIMES, "{}"),
    "talk_times_none": conversations.times_form(replace(OFFER, slots=()), FormId.TALK_TIMES, "{}"),
    "talk_call": conversations.call(Call(place().stakeholder, LABELS, 9)),
    "talk_plan_call": talk_plans.plan(replace(PLAN, may_call=True, picks=(), over=())),
    "session_invited": conversations.session(replace(CARD, talk=SESSION, give_id=9)),
    "session_no": conversations.session(replace(CARD, talk=replace(SESSION, group=NO))),
    "session_yes": conversations.session(replace(CARD, talk=replace(SESSION, group=YES))),
    "session_host": conversations.card(replace(HOSTS, talk=replace(SESSION, group=YES))),
    "session_off": conversations.card(replace(HOSTS, talk=replace(SESSION, state=State.CANCELLED))),
    "session_opens": conversations.opens(replace(HOSTS, talk=replace(SESSION, group=YES))),
    "session_after": talk_notes.after(replace(CARD, talk=replace(SESSION, group=YES))),
    "session_met": talk_notes.told_how(replace(CARD, talk=CAME, said=Event.MET)),
    "session_met_host": talk_notes.told_how(replace(HOSTS, talk=CAME, said=Event.MET)),
    "session_learned_form": talk_notes.learned_form(
        Learned(replace(HOSTS, talk=CAME), people=(SAM, LEE))
    ),
    "session_learned": talk_notes.learned(Learned(replace(HOSTS, talk=CAME))),
    "session_correct_form": talk_notes.correct_form(
        replace(CARD, talk=CAME, reader=LEE), ABOUT_LEE
    ),
    "session_plan": talk_plans.plan(replace(PLAN, picks=(), under_way=(), over=(TOLD,))),
    "session_me": held.me(
        HeldAboutMe(
            MySettings(SAM, TODAY),
            (replace(place(), talks=(replace(TOLD, notes=(RIGHT,)), NOT_COMING)),),
        )
    ),
    "session_form": talk_plans.session_form(FORM),
    "session_asked": talk_plans.session_invited(FORM),
    "talk_plan_session": talk_plans.plan(replace(PLAN, may_invite=True, picks=(), over=())),
    "talk_host_asked": conversations.host_asked(HOST_ASKED),
    "talk_host_yes": conversations.host_asked(replace(HOST_ASKED, state=State.OFFERED)),
    "talk_host_no": conversations.host_asked(replace(HOST_ASKED, state=State.WITHDRAWN)),
    "talk_sponsor_form": talk_plans.sponsor_form(3),
    "talk_sponsor_asked": talk_plans.sponsor_asked(MEAN),
    "talk_card": conversations.card(CARD),
    "talk_card_host": conversations.card(replace(HOSTS, moved=True)),
    "talk_off": conversations.card(replace(HOSTS, talk=OFF, cancelled_by=SAM)),
    "talk_off_by_me": conversations.card(replace(HOSTS, talk=OFF, cancelled_by=DANA)),
    "session_off_by_host": conversations.card(
        replace(CARD, talk=replace(SESSION, state=State.CANCELLED), cancelled_by=DANA)
    ),
    "talk_outdated": conversations.outdated(replace(CARD, moved=True)),
    "talk_outdated_off": conversations.outdated(replace(CARD, talk=OFF, cancelled_by=DANA)),
    "session_outdated_off": conversations.outdated(
        replace(CARD, talk=replace(SESSION, state=State.CANCELLED))
    ),
    "talk_stopped": people.stopped(Settled(SAM, True), AT_TEN),
    "talk_stopped_here": reasons.stopped(LABELS, 3, talk_lines.off_too(AT_TEN, SAM.tz)),
    "talk_paused": reasons.paused(LABELS, 3, TODAY, talk_lines.kept(AT_TEN, SAM.tz)),
    "talk_move": conversations.move_form(HOSTS, OFFER, "{}"),
    "talk_moved": conversations.moved(replace(CARD, moved=True)),
    "talk_reminder": conversations.reminder(CARD),
    "session_reminder": conversations.reminder(replace(CARD, talk=CAME)),
    "talk_card_sponsor": conversations.card(
        replace(CARD, talk=replace(AGREED, host=LEE, offered_by=DANA))
    ),
    "talk_learned_sponsor": talk_notes.learned_form(
        Learned(replace(HOSTS, talk=replace(AGREED, host=LEE, offered_by=DANA), reader=LEE))
    ),
    "talk_off_guest": conversations.card(replace(CARD, talk=OFF, cancelled_by=DANA)),
    "talk_booked": talk_notes.told_how(replace(CARD, said=Event.BOOKED)),
    "talk_could_not": talk_notes.told_how(replace(CARD, said=Event.COULD_NOT)),
    "talk_after": talk_notes.after(CARD),
    "talk_met": talk_notes.told_how(replace(CARD, said=Event.MET)),
    "talk_met_host": talk_notes.told_how(replace(HOSTS, said=Event.MET)),
    "talk_dont_want": talk_notes.told_how(replace(CARD, said=Event.DONT_WANT)),
    "talk_learned_form": talk_notes.learned_form(Learned(HOSTS, NOTE)),
    "talk_correct_form": talk_notes.correct_form(CARD, RIGHT),
    "talk_plan": talk_plans.plan(PLAN),
    "talk_plan_full": talk_plans.plan(replace(PLAN, picks=(), room=0, under_way=(), over=())),
    "talk_plan_offered": talk_plans.plan(replace(PLAN, picks=(), more=0), SAM),
    "talks_mine": talk_lists.mine(
        MyTalks(SAM, (OFFER_ASKED, CARD, INVITED, WISHED), (), 2, ((3, LABELS),), (LABELS,)),
        "A talk about *Shelf labels*: OK, not now.",
    ),
    "talks_host": talk_lists.mine(
        MyTalks(
            DANA,
            (
                HOSTS,
                replace(HOSTS, talk=replace(CAME, id=7)),
                HeldTalk(replace(TALK, id=8), TODAY),
                replace(HOSTS, talk=replace(AGREED, id=9), over=True),
                replace(HOSTS, talk=replace(AGREED, id=10), over=True, said=Event.MET),
            ),
            (HOST_ASKED,),
        )
    ),
    "talks_most": talk_lists.mine(
        MyTalks(SAM, tuple(replace(MEAN_OFFER, talk=replace(TALK, id=n)) for n in range(8)))
    ),
    "talks_none": talk_lists.mine(MyTalks(SAM)),
    "me_talks": held.me(
        HeldAboutMe(
            MySettings(SAM, TODAY), (replace(place(), talks=(HeldTalk(TALK, TODAY), HELD)),)
        )
    ),
    "talks_digest": digests.digest_message(
        replace(
            AFTER,
            todos=(TalksAsked((ASKED,)), Listed(NOT_CONVINCED.group, 1, (NOT_CONVINCED,))),
            talks=2,
        )
    ),
}


@pytest.mark.parametrize("name", VIEWS)
def test_what_people_read(name: str) -> None:
    assert_golden(name, VIEWS[name])


@pytest.mark.parametrize("state", State)
def test_the_owner_and_the_person_read_the_same_line(state: State) -> None:
    one = HeldTalk(replace(TALK, state=state), TODAY)
    told = talk_notes.line(one)
    mine = held.me(HeldAboutMe(MySettings(SAM, TODAY), (replace(place(), talks=(one,)),)))
    assert told in str(mine.blocks)
    if state is not State.ASKED:
        assert told in str(talk_plans.plan(replace(PLAN, over=(one,))).blocks)


@pytest.mark.parametrize(
    ("origin", "told"),
    [
        (Origin.SUGGESTED, "goes out to <@U2> in a week without a check-in."),
        (Origin.ASKED, "goes out to <@U2> in their working hours."),
    ],
)
def test_nobody_reads_that_an_offer_waits_for_an_answer_before_it_went_out(
    origin: Origin, told: str
) -> None:
    waits = HeldTalk(replace(TALK, origin=origin, offered_at=None), TODAY)
    assert told in talk_notes.line(waits)
    assert "no answer yet" in talk_notes.line(HeldTalk(TALK, TODAY))


@pytest.mark.parametrize("state", State)
def test_of_a_session_too(state: State) -> None:
    one = HeldTalk(replace(CAME, state=state), TODAY, notes=(RIGHT,))
    told = [talk_notes.line(one), talk_notes.note_lines(RIGHT)]
    mine = held.me(HeldAboutMe(MySettings(SAM, TODAY), (replace(place(), talks=(one,)),)))
    plan = talk_plans.plan(replace(PLAN, over=(one,)))
    assert all(words in _texts(shown) for shown in (mine, plan) for words in told)


def _texts(shown: Message | Modal) -> str:
    return "\n".join(str(block.get("text", {}).get("text", "")) for block in shown.blocks)


def test_a_sponsor_hears_no_name_before_it_is_agreed() -> None:
    words = conversations.offer(replace(OFFER, talk=replace(TALK, host=LEE))).text
    assert "learns that it's you only if you say yes" in words


def test_no_button_squeezes_what_is_read_about_talks_into_a_column() -> None:
    plan = talk_plans.plan(replace(PLAN, may_call=True, may_invite=True))
    mine = talk_lists.mine(MyTalks(DANA, (HeldTalk(TALK, TODAY),)))
    blocks = [*plan.blocks, *mine.blocks, *talk_plans.prompt_blocks(2, LABELS.id)]
    blocks += talk_notes.held_blocks((HELD, TOLD), SAM)
    assert not [block for block in blocks if "accessory" in block]
    shown = str(blocks)
    assert all(f"'{label}'" in shown for label in ("Put it right", "Take it back", "Plan talks"))
