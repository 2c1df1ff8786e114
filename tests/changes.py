"""Owners change what runs, in any order and at any moment, and people do what they like.

Nobody is asked twice or forgotten, whatever they do: that is looked for all the time.
"""

import random
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from math import ceil
from typing import Any

from sqlalchemy import select

from bot.domain.calendars import local_date
from bot.domain.outbox import COUNTED, Kind
from bot.domain.owner_settings import LENGTHS
from bot.domain.people import Actor, Choice, Profile
from bot.domain.pulses import Choice as Tap
from bot.domain.questions import EVERY, Question
from bot.errors import FieldErrors, Refused
from bot.services import (
    initiatives,
    on_the_list,
    owner_settings,
    owners,
    people,
    pulses,
    rounds,
    stakeholders,
)
from storage import tables
from storage.database import Database, Tx
from tests import clockwork
from tests.clockwork import Went
from tests.storage.test_sharing import another
from tests.world import STARTED, World, rows

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
SETS = (EVERY, (Question.USEFUL, Question.SURE), (Question.USEFUL, Question.EFFORT))
GRAIN = 6 * HOUR
SPARE = ("U8", "U9")
"""People whom nobody asks at first."""

ENDS = (Choice.STOP, Choice.SNOOZE, Choice.NOT_MY_TOPIC)


class Life:
    """Two initiatives that ask the same people, and owners and people who do what they like."""

    def __init__(self, database: Database, seed: int, weeks: int) -> None:
        self.database = database
        self.chance = random.Random(seed)
        self.now = STARTED
        self.end = STARTED + weeks * WEEK
        self.ends: Counter[int] = Counter()
        """How often a check-in was ended before its round, by place."""
        self.went: list[Went] = []
        self.closed: set[object] = set()
        self.done: Counter[str] = Counter()

    async def live(self) -> None:
        """Live all of it; what must never happen is looked for all the time."""
        self.w: World = await clockwork.start(self.database, asked=3)
        other = await self.database.write(another, self.w)
        self.led = (self.w.initiative_id, other)
        spare = [Profile(one, f"Person {one}", "Europe/Berlin") for one in SPARE]
        await self.database.write(people.learn, self.w.workspace_id, spare, STARTED)
        acts: list[Callable[[int], Any]] = [
            *(self.set_rounds, self.pause, self.pause, self.resume, self.lead),
            *(self.add, self.remove, self.join, self.choose, self.choose, self.ask_now),
        ]
        shared = STARTED
        while self.now < self.end:
            await clockwork.look(self.database, self.now)
            await self.check_rounds()
            sent = await clockwork.deliver(self.database, self.now)
            await self.check_sent([one for one in sent if one.kind in COUNTED])
            if self.chance.random() < 0.3:
                await self.act(self.chance.choice(acts), self.chance.choice(self.led))
            if self.now - shared > 9 * DAY:
                for one in self.led:
                    await clockwork.share(self.database, self.w, one, self.now)
                shared = self.now
            due = await self.database.read(clockwork.next_due)
            self.now = max(min(due or self.end, self.now + DAY), self.now + GRAIN)
        await self.check_at_the_end()

    async def act(self, what: Callable[[int], Any], initiative_id: int) -> None:
        """Do one thing; what is refused in plain words changes nothing."""
        try:
            await what(initiative_id)
            self.done[what.__name__] += 1
        except (FieldErrors, Refused):
            self.done["refused"] += 1

    # -- owners ------------------------------------------------------------------------------

    async def set_rounds(self, one: int) -> None:
        days, asked = self.chance.choice(LENGTHS), self.chance.choice(SETS)
        await self._write(owner_settings.set_rounds, self.w.leader, one, days, asked)

    async def pause(self, one: int) -> None:
        today = local_date(self.now, "Europe/Berlin")
        until = today + timedelta(days=self.chance.choice((0, 1, 5, 12, 30)))
        await self._write(owner_settings.pause, self.w.leader, one, until)

    async def resume(self, one: int) -> None:
        await self._write(owner_settings.resume, self.w.leader, one)

    async def lead(self, one: int) -> None:
        who = self.chance.choice(("U1", *SPARE))
        shown, chosen = self.chance.choice(
            ((["UDANA"], ["UDANA", who]), (["UDANA", who], ["UDANA"]))
        )
        before = await self.database.read(_places, one)
        await self._write(owners.change, self.w.leader, one, shown, chosen)
        self._count_off(before, await self.database.read(_places, one))

    async def add(self, one: int) -> None:
        who = self.chance.sample(("U1", "U2", "U3", *SPARE, "UDANA"), 2)
        await self._write(on_the_list.change, self.w.leader, one, who, [])

    async def remove(self, one: int) -> None:
        before = await self.database.read(_places, one)
        who = self.chance.choice(list(before))
        await self._write(on_the_list.change, self.w.leader, one, [], [who])
        self._count_off(before, await self.database.read(_places, one))

    def _count_off(self, before: dict[str, Any], after: dict[str, Any]) -> None:
        for who, place in after.items():
            if place["status"] == "off" and who in before and before[who]["status"] != "off":
                self.ends[place["id"]] += 1

    async def ask_now(self, one: int) -> None:
        await self._write(rounds.ask_now, self.w.leader, one, f"ask:{self.now}")

    # -- people ------------------------------------------------------------------------------

    async def join(self, one: int) -> None:
        who = Actor(self.w.workspace_id, self.chance.choice(("U1", "U2", "U3", *SPARE)))
        mine = await self._write(pulses.begin, who)
        if mine.check_in:
            for question in mine.check_in.questions:
                tap = Tap(question.value, self.chance.randint(1, 5))
                key = f"{self.now}:{question}"
                await self._write(pulses.tap, who, mine.check_in.ask_id, tap, key)

    async def choose(self, one: int) -> None:
        places = await self.database.read(_places, one)
        who = self.chance.choice(list(places))
        kind = self.chance.choice((*ENDS, *[Choice.RESUME] * 3))
        until = self.now + self.chance.choice((1, 7)) * DAY if kind is Choice.SNOOZE else None
        actor = Actor(self.w.workspace_id, who)
        place = places[who]["id"]
        await self.database.write(stakeholders.choose, actor, place, kind, self.now, until)
        self.ends[places[who]["id"]] += kind in ENDS

    async def _write(self, work: Any, *args: Any) -> Any:
        return await self.database.write(lambda tx: work(tx, *args, self.now))

    # -- what must never happen --------------------------------------------------------------

    async def check_sent(self, sent: list[Went]) -> None:
        """Nobody gets a word while it is paused, or who is not on the list, or said no."""
        self.went += sent
        for one in sent:
            assert one.initiative_id is not None
            about = await self.database.read(initiatives.load, one.initiative_id)
            assert about.halted_until(self.now) is None, one
            place = (await self.database.read(_places, one.initiative_id))[one.recipient]
            assert place["status"] == "active", (one, place)
            since = [row.at for row in self.went if row.recipient == one.recipient]
            assert sum(at > self.now - WEEK for at in since) <= 2, one

    async def check_rounds(self) -> None:
        """Whoever was due in a round that closed was asked, or it is noted why not."""
        found = await self.database.read(rows, tables.Cycle)
        for row in found:
            if row["closed_at"] and row["id"] not in self.closed:
                self.closed.add(row["id"])
                await self.database.read(_check_round, row)

    async def check_at_the_end(self) -> None:
        """One check-in a round and place, and one message each but for those ended early."""
        asks = await self.database.read(rows, tables.Ask)
        twice = Counter((ask["stakeholder_id"], ask["cycle_id"]) for ask in asks)
        assert set(twice.values()) <= {1}
        place: dict[Any, Any] = {ask["id"]: ask["stakeholder_id"] for ask in asks}
        for kind in (Kind.ASK, Kind.REMINDER):
            sent = Counter(one.subject_id for one in self.went if one.kind is kind)
            for ask_id, number in sent.items():
                assert number <= 1 + self.ends[place[ask_id]], (kind, ask_id)
        told = Counter(one.subject_id for one in self.went if one.kind is Kind.INTRODUCTION)
        assert set(told.values()) <= {1}


def _places(tx: Tx, initiative_id: int) -> dict[str, Any]:
    """Return the places of an initiative by Slack id."""
    table, person = tables.Stakeholder, tables.Person
    found = tx.execute(
        select(person.slack_user_id, table.id, table.status)
        .join(person, person.id == table.person_id)
        .where(table.initiative_id == initiative_id)
    )
    return {row.slack_user_id: {"id": row.id, "status": row.status} for row in found}


def _check_round(tx: Tx, cycle: dict[str, Any]) -> None:
    every: list[dict[str, Any]] = rows(tx, tables.Ask)
    asks = [one for one in every if one["initiative_id"] == cycle["initiative_id"]]
    days: dict[Any, Any] = {row["id"]: row["days"] for row in rows(tx, tables.Cycle)}
    answered = {row["ask_id"] for row in rows(tx, tables.Answer)}
    lost = {
        (row["stakeholder_id"], row["number"])
        for row in rows(tx, tables.Dropped)
        if row["kind"] == Kind.ASK.value
    }
    places: list[dict[str, Any]] = rows(tx, tables.Stakeholder)
    for place in places:
        mine = [one for one in asks if one["stakeholder_id"] == place["id"]]
        if place["initiative_id"] != cycle["initiative_id"] or place["status"] != "active":
            continue
        if place["introduced_at"] is None or place["introduced_at"] > cycle["closes_at"] - WEEK:
            continue
        if any(one["cycle_id"] == cycle["id"] for one in mine):
            continue
        if (place["id"], cycle["number"]) in lost:
            continue
        earlier = [one for one in mine if one["cycle_id"] < cycle["id"]]
        assert earlier, (place, cycle)
        last = earlier[-1]
        factor = 1 if last["id"] in answered else 2
        weeks = ceil(max(14, days[last["cycle_id"]]) * factor / 7) + 1
        assert last["opened_at"] + weeks * WEEK > cycle["closes_at"] - 2 * DAY, (place, cycle)
