"""When people can be written to: what they set is kept, and nothing comes at another time."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import update

from bot import scheduler
from bot.domain.calendars import local_date, next_working_moment
from bot.domain.inputs import Outcome
from bot.domain.outbox import Decision, Kind, Send
from bot.domain.people import Actor, Profile
from bot.domain.settings import Saved
from bot.domain.times import NO_HOLIDAYS, Given, Times
from bot.errors import FieldErrors, Refused
from bot.services import (
    calendars,
    commitments,
    digests,
    held,
    inputs,
    introductions,
    outbox,
    pacing,
    people,
    pulses,
    quiet,
    times,
)
from storage import outbox as stored
from storage import tables
from storage.database import Database, Tx
from tests import rounds, world
from tests.world import MONDAY, STARTED, World, rows

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
WEEK = ("0", "1", "2", "3", "4")
USUAL = Given("09:30", "16:30", WEEK)
NIGHTS = Given("22:00", "06:00", ("6", "0", "1"), "DE-BY", date(2025, 3, 17))
ROUND_1 = datetime(2025, 2, 26, 11, 30, tzinfo=UTC)
"""Half past twelve on the Wednesday on which round 1 opens."""


def settings(tx: Tx) -> list[tuple[object, object]]:
    """Return every choice over all initiatives, oldest first."""
    return [(row["kind"], row["value"]) for row in rows(tx, tables.PersonSetting)]


def place_of(tx: Tx, w: World, place: int = 0) -> Mapping[str, object]:
    """Return the place of one of those asked."""
    found = rows(tx, tables.Stakeholder)
    return next(row for row in found if row["id"] == w.stakeholder_ids[place])


async def deliver(database: Database, now: datetime) -> list[tuple[str, str]]:
    """Do what is due at `now`; return what went out: kind and recipient."""
    await scheduler.tick(database, now)
    out = []
    while due := await database.write(outbox.claim_due, 100, now):
        for claimed in due:
            if isinstance(await database.write(outbox.decide, claimed, now), Send):
                await database.write(outbox.begin_sending, claimed, now)
                await database.write(outbox.sent, claimed, "D1", str(claimed.id), now)
                out.append((claimed.kind.value, claimed.recipient))
        await scheduler.tick(database, now)
    return [one for one in out if one[0] not in ("ask_redraw", "round_result")]


async def over(
    database: Database, start: datetime, end: datetime, who: str
) -> list[tuple[datetime, str]]:
    """Let time pass; return what `who` got and when."""
    got, now = [], start
    while now < end:
        got += [(now, kind) for kind, recipient in await deliver(database, now) if recipient == who]
        due = await database.read(scheduler.next_due) or end
        now = min(max(due, now + HOUR / 2), now + 12 * HOUR)
    return got


# --- what they set ----------------------------------------------------------------------------


async def test_what_was_filled_in_is_kept_as_dated_choices(database: Database) -> None:
    def work(tx: Tx) -> None:
        w = world.build(tx)
        done = times.save(tx, w.actor(0), NIGHTS, MONDAY)
        assert done.changed
        assert done.mine.person.times == Times(
            time(22), time(6), frozenset({6, 0, 1}), "DE-BY", date(2025, 3, 17)
        )
        assert (done.mine.holidays, done.mine.away_until) == ("Germany (BY)", date(2025, 3, 17))
        assert settings(tx) == [
            ("hours", {"opens": "22:00", "closes": "06:00"}),
            ("days", {"days": "127"}),
            ("holidays", {"code": "DE-BY"}),
            ("away", {"until": "2025-03-17"}),
        ]
        audited = [(row["who"], row["what"]) for row in rows(tx, tables.Audit)]
        assert ("U1", "people.hours") in audited
        assert not times.save(tx, w.actor(0), NIGHTS, MONDAY + DAY).changed
        assert len(settings(tx)) == 4
        back = times.save(tx, w.actor(0), USUAL, MONDAY + DAY)
        assert back.mine.person.times == Times()
        assert settings(tx)[4:] == [
            ("hours", {"opens": None, "closes": None}),
            ("days", {"days": None}),
            ("holidays", {"code": None}),
            ("away", {"until": None}),
        ]

    await database.write(work)


async def test_only_what_differs_is_a_choice(database: Database) -> None:
    def work(tx: Tx) -> None:
        w = world.build(tx)
        assert not times.save(tx, w.actor(0), USUAL, MONDAY).changed
        assert times.save(tx, w.actor(0), Given("09:30", "16:30", WEEK, "none"), MONDAY).changed
        assert settings(tx) == [("holidays", {"code": NO_HOLIDAYS})]
        assert people.by_id(tx, w.asked[0].id).times == Times(holidays=NO_HOLIDAYS)
        assert people.by_id(tx, w.asked[1].id).times == Times()

    await database.write(work)


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        (Given("25:00", "26:00", WEEK), {"opens", "closes"}),
        (Given("09:00", "10:59", WEEK), {"closes"}),
        (Given("09:00", "16:00", ()), {"days"}),
        (Given("09:00", "16:00", WEEK, "Narnia"), {"holidays"}),
        (Given("09:00", "16:00", WEEK, "<!channel> *x*"), {"holidays"}),
        (Given("09:00", "16:00", WEEK, "DE-XX"), {"holidays"}),
        (Given("09:00", "16:00", WEEK, "", date(2025, 3, 3)), {"away"}),
        (Given("09:00", "16:00", WEEK, "", date(2026, 3, 6)), {"away"}),
        (Given("", "", (), "?", date(1, 1, 1)), {"opens", "closes", "days", "holidays", "away"}),
    ],
)
async def test_a_mistake_is_told_and_nothing_changes(
    database: Database, given: Given, fields: set[str]
) -> None:
    def work(tx: Tx) -> None:
        w = world.build(tx)
        with pytest.raises(FieldErrors) as told:
            times.save(tx, w.actor(0), given, MONDAY)
        assert set(told.value.errors) == fields
        told_place = told.value.errors.get("holidays", "")
        assert not told_place or given.holidays not in told_place.replace("DE-BY, US-CA", "")
        assert settings(tx) == []
        assert people.by_id(tx, w.asked[0].id).times == Times()

    await database.write(work)


async def test_regions_there_are_none_of_are_told(database: Database) -> None:
    def work(tx: Tx) -> None:
        w = world.build(tx)
        with pytest.raises(FieldErrors) as told:
            times.save(tx, w.actor(0), Given("09:00", "16:00", WEEK, "Germany, Narnia"), MONDAY)
        assert "BB, BE, BW, BY" in told.value.errors["holidays"]

    await database.write(work)


async def test_away_until_a_day_and_back(database: Database) -> None:
    def work(tx: Tx) -> None:
        w = world.build(tx)

        def away(words: str, now: datetime = MONDAY) -> Saved:
            return times.go_away(tx, w.actor(0), words, now)

        assert away("until 12 May").mine.away_until == date(2025, 5, 12)
        assert not away("2025-05-12").changed
        with pytest.raises(Refused):
            away("until yesterday")
        assert away("for 2 weeks").mine.away_until == date(2025, 3, 17)
        assert away("off").changed
        assert not away("off").changed
        assert [value for _, value in settings(tx)] == [
            {"until": "2025-05-12"},
            {"until": "2025-03-17"},
            {"until": None},
        ]
        assert [one for one, _ in held.about(tx, w.actor(0), MONDAY).settings] == ["away"] * 3

    await database.write(work)


async def test_days_are_their_own(database: Database) -> None:
    def work(tx: Tx) -> None:
        w = world.build(tx, tz="Pacific/Auckland")
        evening = datetime(2025, 3, 3, 12, 0, tzinfo=UTC)  # Tuesday, 1:00 there
        done = times.go_away(tx, w.actor(0), "tomorrow", evening)
        assert (done.mine.today, done.mine.away_until) == (date(2025, 3, 4), date(2025, 3, 5))

    await database.write(work)


async def test_whose_account_is_gone_sets_nothing(database: Database) -> None:
    def work(tx: Tx) -> None:
        w = world.build(tx)
        tx.execute(update(tables.Person).values(is_deleted=True))
        with pytest.raises(Refused):
            times.go_away(tx, w.actor(0), "tomorrow", MONDAY)
        with pytest.raises(Refused):
            times.save(tx, w.actor(0), USUAL, MONDAY)
        new = Actor(w.workspace_id, "UNEW")
        assert times.mine(tx, new, MONDAY).holidays == ""

    await database.write(work)


# --- what follows from it ---------------------------------------------------------------------


async def test_whoever_changes_their_times_is_decided_about_anew(database: Database) -> None:
    def work(tx: Tx) -> None:
        w = world.build(tx)
        tx.execute(update(tables.InitiativeOwner).values(next_digest_at=MONDAY + DAY))
        later = MONDAY + 30 * DAY
        tx.execute(update(tables.Stakeholder).values(next_due_at=later))
        for place, reason in enumerate(("hours", "cap", "slack_busy")):
            _queue(tx, w, Kind.FAREWELL, place, later, reason)
        for place in range(3):
            times.go_away(tx, w.actor(place), "tomorrow", MONDAY)
        times.go_away(tx, w.leader, "tomorrow", MONDAY)
        assert [place_of(tx, w, place)["next_due_at"] for place in (0, 3)] == [MONDAY, later]
        waiting = [row["not_before"] for row in rows(tx, tables.Outbox)]
        assert waiting == [MONDAY, MONDAY, later]
        (lead,) = rows(tx, tables.InitiativeOwner)
        assert lead["next_digest_at"] == MONDAY

    await database.write(work)


def _queue(
    tx: Tx, w: World, kind: Kind, place: int, at: datetime, reason: str | None = None
) -> int:
    person = w.asked[place]
    decision = Decision(
        w.workspace_id,
        kind,
        w.stakeholder_ids[place],
        person.slack_user_id,
        at,
        "",
        person.id,
        w.initiative_id,
    )
    stored.queue(tx, [decision], MONDAY)
    row = update(tables.Outbox).where(tables.Outbox.person_id == person.id)
    return tx.scalars(row.values(reason=reason).returning(tables.Outbox.id)).one()


async def test_who_travels_is_decided_about_anew(database: Database) -> None:
    def work(tx: Tx) -> None:
        w = world.build(tx)
        _queue(tx, w, Kind.FAREWELL, 0, MONDAY + DAY, "hours")
        people.learn(tx, w.workspace_id, [Profile("U1", "Person 1", "Asia/Tokyo")], MONDAY)
        assert place_of(tx, w)["next_due_at"] == MONDAY
        assert [row["not_before"] for row in rows(tx, tables.Outbox)] == [MONDAY]

    await database.write(work)


def local(moment: datetime) -> date:
    """Return the date in Berlin."""
    return local_date(moment, "Europe/Berlin")


async def _launched(database: Database, asked: int = 1) -> World:
    w = await database.write(world.build, asked=asked)
    await database.write(pacing.schedule_all, w.initiative_id, STARTED)
    return w


async def test_whoever_is_away_gets_nothing_until_they_are_back_and_then_one_message(
    database: Database,
) -> None:
    w = await _launched(database)
    await database.write(times.go_away, w.actor(0), "until 6 March", STARTED)
    ((back, kind),) = await over(database, STARTED, STARTED + 14 * DAY, "U1")
    assert (local(back), kind) == (date(2025, 3, 6), "ask")  # on their first day back


async def test_a_message_on_its_way_waits_when_they_go_away_and_comes_when_they_return(
    database: Database,
) -> None:
    w = await _launched(database)
    await scheduler.tick(database, ROUND_1)
    await database.write(times.go_away, w.actor(0), "until 10 March", ROUND_1)
    assert await deliver(database, ROUND_1) == []
    assert await deliver(database, ROUND_1 + 2 * DAY) == []
    now = ROUND_1 + 5 * DAY  # Monday
    await database.write(times.go_away, w.actor(0), "off", now)
    assert ("ask", "U1") in await deliver(database, now)


async def test_public_holidays_are_days_off(database: Database) -> None:
    w = await database.write(world.build, asked=2)
    holy = datetime(2025, 4, 18, 9, 0, tzinfo=UTC)  # Good Friday
    await database.write(times.use_holidays, w.workspace_id, "DE", MONDAY)
    await database.write(times.save, w.actor(1), Given("09:30", "16:30", WEEK, "none"), MONDAY)

    def work(tx: Tx) -> None:
        for place, expected in ((0, datetime(2025, 4, 22, 7, 30, tzinfo=UTC)), (1, holy)):
            whose = calendars.of(tx, people.by_id(tx, w.asked[place].id), holy)
            assert next_working_moment(holy, whose) == expected

    await database.read(work)
    await database.write(lambda tx: [_queue(tx, w, Kind.FAREWELL, place, holy) for place in (0, 1)])
    assert await deliver(database, holy) == [("farewell", "U2")]


async def test_the_workspaces_holidays_are_kept_once(database: Database) -> None:
    def work(tx: Tx) -> None:
        w = world.build(tx)
        for _ in range(2):
            times.use_holidays(tx, w.workspace_id, "DE-BY", MONDAY)
        assert times.mine(tx, w.actor(0), MONDAY).workspace_holidays == "Germany (BY)"
        assert [row["what"] for row in rows(tx, tables.Audit)].count("workspaces.holidays") == 1
        assert place_of(tx, w)["next_due_at"] == MONDAY
        times.use_holidays(tx, w.workspace_id, None, MONDAY)
        assert times.mine(tx, w.actor(0), MONDAY).workspace_holidays == ""

    await database.write(work)


async def test_nobodys_own_hours_are_widened(database: Database) -> None:
    w = await _launched(database)
    own = Given("20:00", "22:00", ("5",))  # Saturday evenings
    await database.write(times.save, w.actor(0), own, STARTED)
    ((saturday, _),) = await over(database, ROUND_1, ROUND_1 + 6 * DAY, "U1")
    assert (
        datetime(2025, 3, 1, 19, 0, tzinfo=UTC)
        <= saturday
        < datetime(2025, 3, 1, 21, 0, tzinfo=UTC)
    )


async def test_replies_and_follow_ups_wait_for_the_morning_too(database: Database) -> None:
    night = MONDAY + 12 * HOUR

    def told(tx: Tx) -> World:
        w = world.build(tx)
        one = inputs.tell(tx, w.actor(0), w.initiative_id, "More labels", True, "k1", MONDAY)
        inputs.reply(tx, w.leader, one.id, Outcome.USED, "", "k2", night)
        commitments.promise(tx, w.owner.id, w.initiative_id, "Ask HR", date(2025, 3, 8), MONDAY)
        return w

    await database.write(told)
    assert await deliver(database, night) == []
    assert await deliver(database, night + 12 * HOUR) == [("input_reply", "U1")]
    saturday = datetime(2025, 3, 8, 9, 0, tzinfo=UTC)
    assert await deliver(database, saturday) == []
    monday = await deliver(database, saturday + 2 * DAY)
    assert ("commitment_due", "UDANA") in monday


async def test_an_introduction_names_a_day_on_which_they_can_be_asked(database: Database) -> None:
    def work(tx: Tx) -> None:
        w = world.build(tx)
        tx.execute(update(tables.Stakeholder).values(introduced_at=None))
        thursday = datetime(2025, 4, 17, 9, 0, tzinfo=UTC)
        times.use_holidays(tx, w.workspace_id, "DE", MONDAY)
        times.go_away(tx, w.actor(1), "for 2 weeks", thursday)
        told = [introductions.introduction(tx, one, thursday) for one in w.stakeholder_ids[:2]]
        assert [one.first_on for one in told] == [date(2025, 4, 22), date(2025, 5, 2)]

    await database.write(work)


# --- digests ----------------------------------------------------------------------------------


async def test_the_digest_of_an_owner_who_is_away_waits_and_is_one(database: Database) -> None:
    def start(tx: Tx) -> World:
        w = world.build(tx)
        rounds.play(tx, w, 1, {0: [1], 1: [2, 4]})
        return w

    w = await database.write(start)
    closed = rounds.opens_at(2)  # midnight of Wednesday 12 March in Berlin
    morning = closed + 9 * HOUR
    await scheduler.tick(database, morning)  # decided, and on its way
    await database.write(times.go_away, w.leader, "until 24 March", morning)
    ((at, kind),) = await over(database, morning, morning + 13 * DAY, "UDANA")
    assert (local(at), kind) == (date(2025, 3, 24), "digest")


async def test_owners_with_hours_of_their_own_read_their_digests_then(database: Database) -> None:
    def work(tx: Tx) -> None:
        w = world.build(tx)
        rounds.play(tx, w, 1, {0: [1]})
        own = Given("13:00", "20:00", ("2", "3"), "", None)
        times.save(tx, w.leader, own, MONDAY)
        now = rounds.opens_at(2) + 9 * HOUR  # Wednesday
        owner = people.by_id(tx, w.owner.id)
        whose = calendars.for_digests(tx, owner, now)
        assert (whose.opens, whose.closes) == (time(13), time(20))
        digests.decide_due(tx, now, 100)
        (lead,) = rows(tx, tables.InitiativeOwner)
        assert lead["next_digest_at"] == datetime(2025, 3, 12, 12, 0, tzinfo=UTC)
        usual = calendars.for_digests(tx, people.by_id(tx, w.asked[0].id), now)
        assert usual.opens == time(9)

    await database.write(work)


# --- do-not-disturb ---------------------------------------------------------------------------

START, END = MONDAY - HOUR, MONDAY + 3 * HOUR


async def test_windows_are_asked_for_ahead_of_what_is_due_and_not_again_soon(
    database: Database,
) -> None:
    def work(tx: Tx) -> None:
        w = world.build(tx)
        due = update(tables.Stakeholder).where

        def set_due(place: int, at: datetime | None) -> None:
            which = tables.Stakeholder.id == w.stakeholder_ids[place]
            tx.execute(due(which).values(next_due_at=at))

        for place, at in enumerate((HOUR, 0 * HOUR, 3 * HOUR, None, HOUR, HOUR)):
            set_due(place, MONDAY + at if at is not None else None)
        _queue(tx, w, Kind.FAREWELL, 3, MONDAY + HOUR / 2)
        people.stop_all(tx, w.actor(4), MONDAY)
        gone = update(tables.Person).where(tables.Person.slack_user_id == "U6")
        tx.execute(gone.values(is_deleted=True))
        assert quiet.to_ask_about(tx, w.workspace_id, MONDAY) == ["U2", "U4", "U1"]
        told = {"U1": (START, END), "U2": None, "U4": None, "UNKNOWN": (START, END)}
        assert not quiet.learn(tx, w.workspace_id, told, MONDAY)
        assert quiet.to_ask_about(tx, w.workspace_id, MONDAY + HOUR) == ["U3"]
        assert quiet.to_ask_about(tx, w.workspace_id, MONDAY + 3 * HOUR)[:2] == ["U2", "U4"]
        assert people.by_id(tx, w.asked[0].id).times == Times(quiet=(START, END))
        tx.execute(update(tables.InitiativeOwner).values(next_digest_at=MONDAY))
        assert "UDANA" in quiet.to_ask_about(tx, w.workspace_id, MONDAY)

    await database.write(work)


async def test_nobody_is_disturbed_and_the_message_comes_when_the_window_ends(
    database: Database,
) -> None:
    w = await _launched(database)
    window = (ROUND_1 - HOUR, ROUND_1 + 2 * HOUR)
    await scheduler.tick(database, ROUND_1)  # decided before anybody asked Slack
    await database.write(quiet.learn, w.workspace_id, {"U1": window}, ROUND_1)
    assert await deliver(database, ROUND_1) == []
    assert await deliver(database, window[1] - timedelta(seconds=1)) == []
    assert await deliver(database, window[1]) == [("ask", "U1")]


async def test_a_window_that_ends_early_frees_what_waits(database: Database) -> None:
    w = await _launched(database)
    window = (ROUND_1 - HOUR, ROUND_1 + 2 * HOUR)
    await database.write(quiet.learn, w.workspace_id, {"U1": window}, ROUND_1)
    assert await deliver(database, ROUND_1) == []
    now = ROUND_1 + HOUR
    assert not await database.write(quiet.learn, w.workspace_id, {"U1": window}, now)
    assert await deliver(database, now) == []
    tonight = (ROUND_1 + 9 * HOUR, ROUND_1 + 19 * HOUR)
    assert await database.write(quiet.learn, w.workspace_id, {"U1": tonight}, now)
    assert await deliver(database, now) == [("ask", "U1")]
    assert not await database.write(quiet.learn, w.workspace_id, {"U1": None}, now + 20 * HOUR)


async def test_who_answers_a_check_in_keeps_their_times(database: Database) -> None:
    def work(tx: Tx) -> None:
        w = world.build(tx)
        cycle = rounds.open_round(tx, w)
        rounds.answer(tx, w, cycle, {0: [3]})
        times.go_away(tx, w.actor(0), "tomorrow", MONDAY)
        (ask,) = rows(tx, tables.Ask)
        assert isinstance(ask["id"], int)
        shown = pulses.check_in(tx, ask["id"], MONDAY)
        assert shown.person.times.away_until == date(2025, 3, 4)

    await database.write(work)
