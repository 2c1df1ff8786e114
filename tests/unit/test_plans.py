"""Months of many made-up lives: no cap, quiet hour, stop or pause is ever broken."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import count, pairwise
from zoneinfo import available_timezones

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain import calendars, plans
from bot.domain.calendars import Calendar
from bot.domain.gives import Give, GiveKind
from bot.domain.initiatives import Place
from bot.domain.outbox import Kind
from bot.domain.pacing import interval_weeks
from bot.domain.pacing_facts import Facts, NextSend, Nothing, Rule
from bot.domain.pacing_settings import PacingSettings
from bot.domain.plans import Assumed, Course
from tests.unit.test_calendars import zones

BERLIN = "Europe/Berlin"
USUAL = PacingSettings()
NO_JITTER = PacingSettings(jitter_days=0, jitter_minutes=0)
START = datetime(2025, 2, 20, 12, 0, tzinfo=UTC)
FIRST = date(2025, 3, 4)
MONTHS = timedelta(days=200)

calendars_of_people = st.builds(
    Calendar,
    tz=zones,
    opens=st.sampled_from([time(9, 30), time(6), time(13), time(22)]),
    closes=st.sampled_from([time(16, 30), time(15), time(18, 45), time(6)]),
    days=st.sampled_from([frozenset(range(5)), frozenset({6, 0, 1, 2, 3}), frozenset({1})]),
    holidays=st.frozensets(st.dates(date(2025, 2, 1), date(2025, 10, 1)), max_size=12),
)
paces = st.builds(
    PacingSettings,
    per_week=st.sampled_from([1, 2]),
    per_month=st.integers(1, 5),
    base_interval=st.sampled_from([14, 14, 14, 28]),
    jitter_days=st.sampled_from([0, 1]),
    no_reminder_after=st.integers(0, 2),
    pause_after_misses=st.integers(1, 3),
    gives_a_week=st.sampled_from([0, 1, 1]),
)


@dataclass(slots=True)
class Life:
    """What somebody does about one initiative; every number is a share of one hundred."""

    answers: int
    not_now: int
    hours: int
    attention: bool


lives = st.builds(
    Life,
    answers=st.sampled_from([0, 30, 70, 100]),
    not_now=st.sampled_from([0, 0, 20]),
    hours=st.integers(1, 200),
    attention=st.booleans(),
)
places = st.builds(
    lambda tz, after, days: (tz, FIRST + timedelta(days=after), days),
    zones,
    st.integers(-10, 30),
    st.sampled_from([14, 14, 14, 21, 28]),
)


class Watched(Course):
    """A course in which every message is checked, with what was known at that moment."""

    def _send(self, one: int, decided: NextSend) -> None:
        facts, at = self.places[one], self.now
        assert decided.at <= at
        assert facts.place is Place.ACTIVE
        assert facts.running
        assert facts.snoozed_until is None or at >= facts.snoozed_until
        assert calendars.is_working_moment(at, facts.whose), (at, facts.whose)
        assert decided.kind is Kind.PAUSE_NOTE or not facts.is_paused(at)
        if not decided.joins:
            self._check_caps(facts)
        check = {Kind.ASK: self._check_ask, Kind.REMINDER: self._check_reminder}
        check.get(decided.kind, self._check_give)(one, facts, decided)
        super()._send(one, decided)

    def _check_caps(self, facts: Facts) -> None:
        today = calendars.day_of(self.now, facts.whose)
        assert today not in {calendars.day_of(at, facts.whose) for at in facts.sent_at}
        for length, most in self.settings.windows:
            assert sum(at > self.now - length for at in facts.sent_at) < most

    def _check_ask(self, one: int, facts: Facts, decided: NextSend) -> None:
        assert facts.introduced_at is not None
        assert facts.round is not None
        assert facts.round.opens_at <= self.now
        assert self.now <= facts.round.closes_at - timedelta(hours=self.settings.least_left)
        assert facts.asked is None or (facts.asked.again and not facts.asked.answered)
        if facts.asked is None and facts.last_week is not None:
            apart = facts.week_at(self.now) - facts.last_week
            assert apart >= interval_weeks(facts, self.settings) >= 2
        elsewhere = [place for index, place in enumerate(self.places) if index != one]
        for place in elsewhere:
            asked = place.asked
            if asked and asked.delivered_at and not (asked.answered or asked.again):
                held = place.place is Place.ACTIVE
                assert not held or decided.joins or asked.joins, "two open at once"
        if decided.joins:
            assert not any(p.asked and p.asked.joins == decided.joins for p in elsewhere)

    def _check_reminder(self, one: int, facts: Facts, decided: NextSend) -> None:
        asked = facts.asked
        assert asked is not None
        assert asked.delivered_at is not None
        assert not asked.answered
        assert not asked.reminded
        assert facts.misses < self.settings.no_reminder_after
        assert self.now - asked.delivered_at >= timedelta(days=self.settings.reminder_after - 1)

    def _check_give(self, one: int, facts: Facts, decided: NextSend) -> None:
        if decided.kind is not Kind.GIVE:
            return
        assert facts.attention
        assert facts.give is not None
        week = facts.week_at(self.now)
        assert facts.last_week is not None
        assert week > facts.last_week
        assert week not in {facts.week_at(at) for at in facts.given_at}
        lately = [at for at in facts.given_at if at > self.now - timedelta(weeks=8)]
        assert len(lately) <= self.settings.give_weeks


@dataclass(slots=True)
class Days:
    """What one person does, a few hours apart."""

    course: Course
    dice: Iterator[int]
    lives: list[Life]

    def go(self, until: datetime) -> None:
        """Let time pass, and have the person do something now and then."""
        while self.course.now < until:
            roll = next(self.dice)
            if roll == 0:  # the app was down
                self.course.now += timedelta(days=9)
                self.course.tick()
            self.course.advance(self.course.now + timedelta(hours=1 + roll % 30))
            for index in range(len(self.course.places)):
                self.act(index, next(self.dice))

    def act(self, index: int, roll: int) -> None:
        """Answer, say not now, stop, come back, or be told something."""
        now, facts, life = self.course.now, self.course.places[index], self.lives[index]
        asked = facts.asked
        is_open = asked is not None and not asked.again and not asked.answered
        if asked and is_open and asked.delivered_at and roll < life.answers // 4:
            self.course.tell(index, plans.answered(facts, now))
        elif asked and is_open and roll >= 100 - life.not_now:
            until = now + timedelta(days=(1, 7, 30)[roll % 3])
            put_off = replace(asked, again=True)
            self.course.tell(index, replace(facts, asked=put_off, snoozed_until=until))
        elif roll == 50:
            ended = replace(asked, again=True) if asked and is_open else asked
            self.course.tell(index, replace(facts, place=Place.STOPPED, asked=ended))
        elif 50 < roll < 56:
            self.course.tell(index, replace(facts, place=Place.ACTIVE))
        elif roll == 57:
            days = 14 if facts.cycle_days > 14 else 28  # an owner changes the cadence
            self.course.tell(index, replace(facts, cycle_days=days))
        elif 60 < roll < 63:
            ended = replace(asked, again=True) if asked and is_open else asked
            self.course.tell(index, replace(facts, running=roll == 61, asked=ended))
        elif life.attention and roll % 9 == 0:
            thing = Give(GiveKind.PROGRESS_LINE, roll)
            self.course.tell(index, replace(facts, attention=True, give=thing))


def course_of(
    held: list[tuple[str, date, int]], whose: Calendar, pace: PacingSettings, **known: object
) -> Course:
    """Return the course of somebody in `held` initiatives: (zone, first date, days)."""
    facts = [
        Facts(
            seed=str(number),
            tz=whose.tz,
            first_date=first,
            person="7",
            calendar=whose,
            initiative_tz=tz,
            cycle_days=days,
        )
        for number, (tz, first, days) in enumerate(held)
    ]
    return Watched([replace(one, **known) for one in facts], pace, START)  # type: ignore[arg-type]


@settings(max_examples=25, deadline=None)
@given(
    st.lists(places, min_size=1, max_size=4),
    calendars_of_people,
    paces,
    st.lists(lives, min_size=4, max_size=4),
    st.lists(st.integers(0, 99), min_size=40, max_size=40),
)
def test_months_keep_every_promise(
    held: list[tuple[str, date, int]],
    whose: Calendar,
    pace: PacingSettings,
    behaviour: list[Life],
    dice: list[int],
) -> None:
    course = course_of(held, whose, pace)
    rolls = (dice[(n * 7 + n // 40) % 40] for n in count())
    Days(course, rolls, behaviour).go(START + MONTHS)
    for index in range(len(held)):
        check_nothing_is_missing(course, index)


def check_nothing_is_missing(course: Course, index: int) -> None:
    """One reminder a check-in, one note a silence, and whoever gets nothing has a reason."""
    facts = course.places[index]
    own = [line for line in course.lines if line.place == facts.seed]
    kinds = [line.kind for line in own if line.kind is not Kind.GIVE]
    assert kinds.count(Kind.INTRODUCTION) <= 1
    for before, after in pairwise(kinds):
        assert after is not Kind.REMINDER or before is Kind.ASK
    last = course.plan().last[facts.seed]
    assert last.rules or isinstance(last, NextSend)
    rounds = [one.what.number for one in course.unsent if one.place == facts.seed]
    assert all(number >= 0 for number in rounds)


def kinds_and_days(course: Course) -> list[tuple[str, str]]:
    """Return what went out, as (kind, local day)."""
    zone = course.places[0].whose.tz
    return [
        (line.kind.value, f"{calendars.local_date(line.at, zone):%d %b}") for line in course.lines
    ]


def test_silence_makes_check_ins_rarer_then_stops_them() -> None:
    course = course_of([(BERLIN, FIRST, 14)], Calendar(BERLIN), NO_JITTER)
    course.advance(START + timedelta(days=150))
    assert kinds_and_days(course) == [
        ("introduction", "28 Feb"),
        ("ask", "04 Mar"),
        ("reminder", "07 Mar"),
        ("ask", "25 Mar"),  # three weeks after the first: one was missed
        ("reminder", "28 Mar"),
        ("ask", "22 Apr"),  # four weeks after it, and no reminder any more
        ("pause_note", "29 Apr"),
        ("ask", "10 Jun"),  # six weeks, as the note said
    ]
    paused = [one.what.rule for one in course.unsent]
    assert set(paused) == {Rule.PAUSED}


def test_answers_keep_the_fortnight() -> None:
    course = course_of([(BERLIN, FIRST, 14)], Calendar(BERLIN), NO_JITTER)
    plan = plans.plan(course.places, NO_JITTER, (START, START + MONTHS), Assumed(answers=True))
    asks = [line.at for line in plan.lines if line.kind is Kind.ASK]
    days = [calendars.local_date(at, BERLIN) for at in asks]
    assert [(after - before).days for before, after in pairwise(days)] == [14] * (len(days) - 1)
    assert len(days) == 14


def test_settled_supporters_are_asked_every_three_weeks() -> None:
    course = course_of([(BERLIN, FIRST, 14)], Calendar(BERLIN), NO_JITTER, settled=True)
    plan = plans.plan(course.places, NO_JITTER, (START, START + MONTHS), Assumed(answers=True))
    days = [calendars.local_date(one.at, BERLIN) for one in plan.lines if one.kind is Kind.ASK]
    assert {(after - before).days for before, after in pairwise(days)} == {21}


def test_two_initiatives_share_a_message_and_take_turns_in_it() -> None:
    held = [(BERLIN, FIRST, 14)] * 2
    course = course_of(held, Calendar(BERLIN), NO_JITTER)
    plan = plans.plan(course.places, NO_JITTER, (START, START + MONTHS), Assumed(answers=True))
    asks = [line for line in plan.lines if line.kind is Kind.ASK]
    by_day = [(one.place, one.joins) for one in asks]
    assert by_day[:4] == [("0", ""), ("1", "0"), ("1", ""), ("0", "1")]
    assert len(asks) == 28


def test_asking_pauses_after_two_rounds_without_a_word_from_the_owners() -> None:
    course = course_of([(BERLIN, FIRST, 14)], Calendar(BERLIN), NO_JITTER)
    plan = plans.plan(
        course.places, NO_JITTER, (START, START + MONTHS), Assumed(answers=True, shares=False)
    )
    assert sum(line.kind is Kind.ASK for line in plan.lines) == 2
    last = plan.last["0"]
    assert isinstance(last, Nothing)
    assert Rule.LISTENING_DEBT in last.rules
    assert {one.what.rule for one in plan.unsent} == {Rule.LISTENING_DEBT}


def different_zones(start: datetime) -> list[str]:
    """Return every zone of the database, of those with the same clocks that year only one."""
    moments = [start + timedelta(days=number) for number in range(300)]
    clocks = {
        tuple(moment.astimezone(calendars.zone(tz)).utcoffset() for moment in moments): tz
        for tz in sorted(available_timezones(), reverse=True)
    }
    return sorted(clocks.values())


def test_every_zone_of_the_world_over_both_clock_changes_and_a_leap_day() -> None:
    """Each zone as the person's and as the initiative's, with weekends on Friday and Saturday."""
    first = date(2028, 2, 21)
    start = datetime(2028, 2, 10, 12, tzinfo=UTC)
    for number, tz in enumerate(different_zones(start)):
        days = frozenset({6, 0, 1, 2, 3}) if number % 3 == 0 else calendars.MONDAY_TO_FRIDAY
        whose = Calendar(tz, days=days)
        facts = replace(course_of([(tz, first, 14)], whose, USUAL).places[0], person=str(number))
        course = Watched([facts], USUAL, start, Assumed(answers=True))
        course.advance(start + timedelta(days=280))
        asks = [line.at for line in course.lines if line.kind is Kind.ASK]
        gaps = {
            (calendars.local_date(after, tz) - calendars.local_date(before, tz)).days
            for before, after in pairwise(asks)
        }
        assert len(asks) == 20, (tz, len(asks))
        assert gaps <= set(range(12, 18)), (tz, gaps)  # ± a working day, weekends in between
        assert all(time(9, 30) <= at.astimezone(calendars.zone(tz)).time() for at in asks)


def test_the_same_plan_twice_is_the_same() -> None:
    held = [(BERLIN, FIRST, 14), ("Asia/Kolkata", FIRST + timedelta(days=3), 21)]
    span = (START, START + MONTHS)
    places = course_of(held, Calendar("Asia/Tokyo"), USUAL, attention=True).places
    assert plans.plan(places, USUAL, span) == plans.plan(places, USUAL, span)


def test_looking_again_and_again_moves_nothing() -> None:
    held = [(BERLIN, FIRST, 14), ("Asia/Kolkata", FIRST + timedelta(days=3), 21)]
    calm = course_of(held, Calendar(BERLIN), USUAL)
    restless = course_of(held, Calendar(BERLIN), USUAL)
    calm.advance(START + MONTHS)
    while restless.now < START + MONTHS:
        restless.advance(restless.now + timedelta(hours=5))
        restless.wake()
    assert restless.lines == calm.lines
